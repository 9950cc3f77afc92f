"""What may be the article's text: each finder gives blocks of the page, none knows of the others.

Cheap ones come first; the judge asks for the next only while it doubts.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree
from lxml.etree import _Element as Element

from config.model import BodyRules
from crawler.extract.body.bare_text import (
    has_layout_table,
    unwrap_layout_tables,
    wrap_loose_text,
)
from crawler.extract.body.scope import (
    SCOPED,
    as_it_stands,
    ask_trafilatura,
    blocks_of_text,
    keep_posts,
    length,
    page_of,
    read_scope,
)
from crawler.extract.body.search.container import find_container
from crawler.extract.body.search.readable import clean_readable, find_readable, find_wide
from crawler.extract.body.search.text_box import alone, text_boxes
from crawler.extract.tree import has_more, lines, select

_SHORT_CHARS, _SHORT_RATIO, _LONG_RATIO = 1500, 0.5, 9
_BOXES_TRIED, _MIN_NAMED = 2, 80
_GLUED = 1.2  # of the page's longest line: a paragraph has no more than a line of it
_LIVE_SHARE = 0.8  # of a page's paragraphs, in the element of a live blog
_HUGE = 10_000  # elements; the corpus' largest page, a table, has 9,700


@dataclass(frozen=True, slots=True)
class TextCandidate:
    """Blocks that may be the article's text."""

    name: str  # rules container box page readable live article script jsonld fragment
    blocks: Element  # a tree of trafilatura's kind; cleaned in place when it is described
    scope: Element | None  # where its pictures are


Finder = Callable[[], TextCandidate | None]


def finders(
    tree: Element, *, chinese: bool, rules: BodyRules, live: bool = False
) -> Iterator[Finder]:
    """Yield the searches for a page's text, cheap ones first; of a `live` blog a wide one, too."""
    chosen = selected(tree, rules.css or rules.xpath)
    if chosen:  # the user's word: nothing else is looked for
        yield lambda: _of_boxes("rules", chosen)
        return
    if has_more(tree, _HUGE):
        yield lambda: _linear(tree)
        return
    if chinese:
        yield lambda: _of_container(tree)
    elif (named := _of_names(tree)) is not None:
        yield lambda: named
    else:
        yield lambda: _of_readable(tree)
        yield lambda: _of_page(tree)
        yield lambda: _of_wide(tree)
        return
    yield lambda: _of_readable(tree)
    if live:
        yield lambda: _of_live_blog(tree)


def _of_boxes(name: str, boxes: list[Element]) -> TextCandidate:
    scope = page_of(boxes)
    if has_more(scope, _HUGE):
        return TextCandidate(name, as_it_stands(scope), scope)
    return TextCandidate(name, read_scope(scope), scope)


def _linear(tree: Element) -> TextCandidate | None:
    """Read a page of very many elements as its container stands; None where no text is prose.

    trafilatura's time grows with the square of a box's children (14,000 unclosed <p>: 6 s).
    """
    container = find_container(tree)
    return (
        TextCandidate("container", as_it_stands(container), tree) if container is not None else None
    )


def _of_container(tree: Element) -> TextCandidate | None:
    container = find_container(tree)
    return None if container is None else _of_boxes("container", [container])


def _of_live_blog(tree: Element) -> TextCandidate | None:
    """The element that holds nearly all of a page's paragraphs, as it stands: no search for prose
    looks for many small texts with a time above each."""
    paragraphs = sum(length(p) for p in tree.iter("p"))
    holding = [
        box
        for box in tree.iter("main", "article", "section", "div")
        if sum(length(p) for p in box.iter("p")) >= _LIVE_SHARE * paragraphs
    ]
    return TextCandidate("live", as_it_stands(holding[-1]), tree) if holding else None


def _of_readable(tree: Element) -> TextCandidate | None:
    boxes = find_readable(tree)
    if not boxes:
        return None
    scope = page_of(boxes)
    clean_readable(scope)
    return TextCandidate("readable", read_scope(scope), tree)


def _of_wide(tree: Element) -> TextCandidate | None:
    box = find_wide(tree)
    if box is None:
        return None
    scope = page_of([box])
    clean_readable(scope)
    return TextCandidate("wide", read_scope(scope), tree)


def _of_names(tree: Element) -> TextCandidate | None:
    """The text of a box that is named after it, where it holds enough of the page."""
    for box in islice(text_boxes(tree), _BOXES_TRIED):
        blocks = _named(box)
        if (size := length(blocks)) and blocks is not None and not _is_doubtful(size, tree):
            return TextCandidate("box", blocks, tree)
    return None


def _named(box: Element) -> Element | None:
    """The text of a box that is named after it, without a look at the rest of the page."""
    if length(box) < _MIN_NAMED:
        return None
    document = alone(box)
    unwrap_layout_tables(document)
    wrap_loose_text(document)
    keep_posts(document)
    return blocks_of_text(document)


def _is_doubtful(size: int, tree: Element) -> bool:
    """Whether a text is a small part of the page's paragraphs, or has hardly any of them."""
    if size >= _SHORT_CHARS:
        return False
    ratio = size / (sum(length(p) for p in tree.iter("p")) or 1)
    return ratio < _SHORT_RATIO or ratio > _LONG_RATIO


def _of_page(tree: Element) -> TextCandidate | None:
    page = tree
    if has_layout_table(tree):
        page = copy.deepcopy(tree)
        unwrap_layout_tables(page)
    blocks = ask_trafilatura(page, SCOPED)
    if blocks is None or _is_bare(blocks, tree):
        return None
    return TextCandidate("page", blocks, tree)


def _is_bare(blocks: Element, tree: Element) -> bool:
    """Whether it is trafilatura's last resort: all of a page's words in one line."""
    if len(blocks) > 1 or next(blocks.iter("lb"), None) is not None:
        return False
    return length(blocks) > _GLUED * max(map(len, lines(tree)), default=0)


def of_claim(text: str) -> TextCandidate:
    """The articleBody of JSON-LD: for pages whose text only a script shows."""
    body = etree.Element("body")
    for line in text.splitlines():
        if line.strip():
            etree.SubElement(body, "p").text = " ".join(line.split())
    return TextCandidate("jsonld", body, None)


def selected(tree: Element, selector: str) -> list[Element]:
    """The elements of a user's selector: XPath when it looks like one, else CSS."""
    if not selector:
        return []
    try:
        if selector.startswith(("/", "./", "(")):
            return select(tree, selector)
        return list(tree.cssselect(selector))
    except (etree.XPathError, ValueError, SyntaxError):
        return []  # a broken selector is the config's to report; the page is still extracted
