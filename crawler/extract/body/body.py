"""The article's body: one extraction, rendered as Markdown and as plain text."""

from __future__ import annotations

import copy
import re
from configparser import ConfigParser
from dataclasses import dataclass
from itertools import islice

import trafilatura
from lxml import etree
from lxml.etree import _Element as Element
from lxml.html import HtmlElement
from trafilatura.settings import DEFAULT_CONFIG, Extractor
from trafilatura.xml import xmltotxt

from config.model import BodyRules
from crawler.extract.body.bare_text import BOXES, wrap_loose_text
from crawler.extract.body.cleaning import clean_body, drop
from crawler.extract.body.container import find_container
from crawler.extract.body.media import place_media
from crawler.extract.body.site_lines import NOTHING, Learned, learned_blocks, learned_images
from crawler.extract.body.text_box import alone, text_boxes
from crawler.extract.tree import (
    has_more,
    lines,
    parse_html,
    select,
    unwrapped,
    visible_text,
    whole_text,
)
from crawler.text.addresses import absolute

# research/extraction.md, "Gate the fallbacks": F1 as with the fallbacks always, on 10 % of pages
_SHORT_CHARS, _SHORT_RATIO, _LONG_RATIO = 1500, 0.5, 9
_MIN_HELD = 0.5  # trafilatura dropping half of a Chinese container is its mistake
_NO_LINK = "no-link"
_MIN_NAMED = 250  # trafilatura's MIN_EXTRACTED_SIZE: below it, it tries something else
_BOXES_TRIED = 2
_HUGE = 10_000  # elements; the corpus' largest page, a table, has 9,700
_QUOTE = "\u2e3f"  # stands for Markdown's > until it can't be escaped any more; printable
_BLOCKS = frozenset({"p", "head", "quote", "list", "item", "table", "row", "code", "div", "lb"})
_ALL_LINKED, _MANY_LINKS = 0.8, 14  # a single block of nothing but links


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What an article says, twice, and the images in it in order."""

    text: str  # paragraphs separated by a blank line
    markdown: str
    images: tuple[str, ...]
    origin: str  # what found it: rules, container, trafilatura, fragment, jsonld
    linked: float = 0.0  # the share of its lines that are links: an index has many
    boilerplate: tuple[str, ...] = ()  # learned lines and images that were taken out
    unlearned: str = ""  # the text with these lines still in it: a byline may be among them


def find_body(
    tree: Element,
    *,
    base: str,
    title: str,
    chinese: bool,
    rules: BodyRules,
    learned: Learned = NOTHING,
) -> Body | None:
    """Extract the body; None when there is none. Removes what the user's rules say, in place.

    The user's rules win; a Chinese page is cut down to its container first; any other goes to
    trafilatura, the box alone that is named after its text, or whole.
    """
    _remove(tree, rules)
    origin, scope = _scope(tree, chinese, rules)
    if has_more(scope, _HUGE):
        origin, extracted = _linear(scope, origin)
    else:
        extracted = _extract(scope, whole=origin == "trafilatura")
        if origin != "trafilatura" and _too_little(extracted, scope):
            extracted = _as_it_stands(scope)
    if extracted is None:
        return None
    head = _Head(base=base, title=title, chinese=chinese, learned=learned)
    return _rendered(extracted, scope, head, origin)


def body_of_fragment(
    html: str, *, base: str, title: str, chinese: bool, learned: Learned = NOTHING
) -> Body | None:
    """Turn the HTML of a feed's full text into a body: everything in it is the article."""
    tree = parse_html(f"<html><body><article>{html}</article></body></html>")
    if tree is None:
        return None
    wrap_loose_text(tree)
    extracted = _extract(tree, whole=False)
    if _too_little(extracted, tree):
        extracted = _as_it_stands(tree)
    head = _Head(base=base, title=title, chinese=chinese, learned=learned)
    return _rendered(extracted, tree, head, "fragment")


def body_of_claim(
    text: str, *, title: str, chinese: bool, learned: Learned = NOTHING
) -> Body | None:
    """Turn the articleBody of JSON-LD into a body: for pages whose text only a script shows."""
    body = etree.Element("body")
    for line in text.splitlines():
        if line.strip():
            etree.SubElement(body, "p").text = " ".join(line.split())
    head = _Head(base="", title=title, chinese=chinese, learned=learned)
    return _rendered(body, None, head, "jsonld")


def _remove(tree: Element, rules: BodyRules) -> None:
    for selector in rules.remove:
        for element in _selected(tree, selector):
            if element.getparent() is not None:
                element.drop_tree()  # type: ignore[attr-defined]


def _scope(tree: Element, chinese: bool, rules: BodyRules) -> tuple[str, Element]:
    chosen = _selected(tree, rules.css or rules.xpath)
    if chosen:
        return "rules", _document(chosen)
    container = find_container(tree) if chinese else None
    if container is not None:
        return "container", _document([container])
    return "trafilatura", tree


def _selected(tree: Element, selector: str) -> list[Element]:
    """The elements of a user's selector: XPath when it looks like one, else CSS."""
    if not selector:
        return []
    try:
        if selector.startswith(("/", "./", "(")):
            return select(tree, selector)
        return list(tree.cssselect(selector))
    except (etree.XPathError, ValueError, SyntaxError):
        return []  # a broken selector is the config's to report; the page is still extracted


def _document(elements: list[Element]) -> HtmlElement:
    """A page that holds copies of the elements and nothing else."""
    document = parse_html("<html><body><article></article></body></html>")
    assert document is not None
    holder = document[0][0]
    for element in elements:
        twin = copy.deepcopy(element)
        twin.tail = None
        for name in ("class", "id", "style"):  # WeChat hides its body by a style until loaded
            twin.attrib.pop(name, "")
        if twin.tag in BOXES and not len(holder):
            holder.text = twin.text
            holder.extend(list(twin))  # a short <div> with two links would be taken for a menu
        else:
            holder.append(twin)
    wrap_loose_text(document)
    return document


def _extract(tree: Element, *, whole: bool) -> Element | None:
    if not whole:
        return _trafilatura(tree, _SCOPED)
    doubted = False
    for box in islice(text_boxes(tree), _BOXES_TRIED):
        length = _length(body := _named(box))
        if length >= _SHORT_CHARS:
            return body
        if length > _MIN_NAMED:
            if not _doubtful(length, _in_paragraphs(tree)):
                return body
            doubted = True
    return _whole(tree, doubted)


def _named(box: Element) -> Element | None:
    """The text of a box that is named after it, without a look at the rest of the page."""
    if _length(box) <= _MIN_NAMED:
        return None
    return _trafilatura(alone(box), _FAST)


def _whole(tree: Element, doubted: bool) -> Element | None:
    """The text of a page whose named boxes, if any, hold too little of it."""
    text_blocks = _in_paragraphs(tree)
    if not doubted and text_blocks > _MIN_NAMED:
        body = _trafilatura(tree, _FAST)
        if not _doubtful(_length(body), text_blocks):
            return body
    return _trafilatura(tree, _THOROUGH)


def _in_paragraphs(tree: Element) -> int:
    return sum(_length(p) for p in tree.iter("p"))


def _small() -> ConfigParser:
    """Settings for a scope that is all article: however short, it needs no rescue.

    Below MIN_EXTRACTED_SIZE (250 characters, a long news item in Chinese) trafilatura would
    throw its own result away for the bare text of the page, without links or emphasis.
    """
    config = copy.deepcopy(DEFAULT_CONFIG)
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "1")
    return config


def _options(config: ConfigParser, *, fast: bool) -> Extractor:
    return Extractor(
        config=config,
        output_format="markdown",
        fast=fast,
        comments=False,
        formatting=True,
        links=True,
        images=False,
        tables=True,
    )


_SCOPED = _options(_small(), fast=True)
_FAST, _THOROUGH = (_options(DEFAULT_CONFIG, fast=fast) for fast in (True, False))


def _linear(scope: Element, origin: str) -> tuple[str, Element | None]:
    """Read a page of very many elements as its container stands; None where no text is prose.

    trafilatura's time grows with the square of a box's children (14,000 unclosed <p>: 6 s).
    """
    container = scope if origin != "trafilatura" else find_container(scope)
    return "container", _as_it_stands(container) if container is not None else None


def _trafilatura(tree: Element, options: Extractor) -> Element | None:
    document = trafilatura.bare_extraction(tree, options=options)
    return getattr(document, "body", None)


def _doubtful(length: int, text_blocks: int) -> bool:
    """Whether a text is a small part of the page's paragraphs, or has hardly any of them."""
    ratio = length / (text_blocks or 1)
    return (length < _SHORT_CHARS and ratio < _SHORT_RATIO) or ratio > _LONG_RATIO


def _length(element: Element | None) -> int:
    return 0 if element is None else len(" ".join(whole_text(element).split()))


def _too_little(body: Element | None, scope: Element) -> bool:
    return _length(body) < _MIN_HELD * len(visible_text(scope))


def _as_it_stands(scope: Element) -> Element:
    """The scope's blocks as paragraphs, without any judgement which of them matter."""
    body = etree.Element("body")
    for line in lines(scope):
        etree.SubElement(body, "p").text = line
    return body


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """What is known of the article when its body is rendered."""

    base: str
    title: str
    chinese: bool
    learned: Learned


def _rendered(
    body: Element | None, source: Element | None, head: _Head, origin: str
) -> Body | None:
    if body is None:
        return None
    clean_body(body, title=head.title, chinese=head.chinese)
    unlearned = "\n\n".join(text_blocks(body))
    lines = _take_out(learned_blocks(body, head.learned))
    _settle_links(body, head.base)
    text = "\n\n".join(text_blocks(body)) if lines else unlearned
    if not text:
        return None
    linked = _linked_share(body)
    _mark_quotes(body)
    images = place_media(body, source, head.base, head.title) if source is not None else ()
    site_images = _take_out(learned_images(body, head.learned))
    return Body(
        text=text,
        markdown=_markdown(body),
        images=tuple(image for image in images if not head.learned.image(image)),
        origin=origin,
        linked=linked,
        boilerplate=(*lines, *site_images),
        unlearned=unlearned,
    )


def _take_out(found: list[tuple[Element, str]]) -> tuple[str, ...]:
    for block, _ in found:
        drop(block)
    return tuple(dict.fromkeys(known for _, known in found))


def _mark_quotes(body: Element) -> None:
    """Mark every paragraph of a quote for `_markdown`; trafilatura writes no mark."""
    for quote in body.iter("quote"):
        for block in [quote, *quote.iter("p")]:
            if (block.text or "").strip():
                block.text = f"{_QUOTE}{(block.text or '').lstrip()}"


def _markdown(body: Element) -> str:
    text = re.sub(rf"^{_QUOTE}", "> ", xmltotxt(body, True), flags=re.M)
    return re.sub(r"\n{3,}", "\n\n", text.replace(_QUOTE, "")).strip()


def _linked_share(body: Element) -> float:
    """The share of lines whose text is nearly all link."""
    blocks = list(body.iter("p", "head", "item"))
    linked = [b for b in blocks if _is_linked(b)]
    if len(linked) > 4:
        return len(linked) / len(blocks)
    links = list(body.iter("ref"))
    whole = sum(map(_length, links)) > _ALL_LINKED * _length(body)
    return 1.0 if whole and len(links) > _MANY_LINKS else 0.0


def _is_linked(block: Element) -> bool:
    links = sum(_length(link) for link in block.iter("ref"))
    return links > 0 and _length(block) < 1.3 * links


def _settle_links(body: Element, base: str) -> None:
    for link in list(body.iter("ref")):
        if address := absolute(base, link.get("target") or ""):
            link.set("target", address)
        else:  # javascript:, mailto:, tel: and what is no address; the words stay in their line
            link.tag = _NO_LINK
    etree.strip_tags(body, _NO_LINK)


def text_blocks(body: Element) -> list[str]:
    """The body's text by block; a table's row is one paragraph with its cells apart."""
    pieces: list[str] = []
    for event, node in etree.iterwalk(body, events=("start", "end")):
        if node.tag in _BLOCKS:
            pieces.append("\n")
        elif node.tag == "cell" and event == "end":
            pieces.append(" ")
        if event == "start":
            pieces.append(node.text or "")
        elif node is not body:
            pieces.append(node.tail or "")
    return unwrapped(pieces)
