"""trafilatura, given a part of a page: how it is asked, and what stands in for it."""

from __future__ import annotations

import copy
import re
from configparser import ConfigParser
from itertools import islice

import trafilatura
from lxml import etree
from lxml.etree import _Element as Element
from lxml.html import HtmlElement
from trafilatura.settings import DEFAULT_CONFIG, Extractor

from crawler.extract.body.bare_text import BOXES, unwrap_layout_tables, wrap_loose_text
from crawler.extract.body.name_rules import ask_by_name
from crawler.extract.tree import lines, parse_html, visible_text, whole_text

# the names for which trafilatura takes an element out (its OVERALL_DISCARD_XPATH, 2.3)
_DOUBTED = re.compile(
    r"shar|social|viral|newsletter|cookie|tag|sidebar|banner|bread-?crumb|button|author|byline"
    r"|footer|nav|menu|bar|related|next-|-stories|more-on|message|premium|ad-|paid-?content|widget"
    r"|embed|consent|permission|meta|rating|attachment|timestamp|user-|-icon|-infos|slide|viewport"
    r"|overlay|options|expand|blurred|modal|comment",
    re.I,
)
ask_by_name()

_NAMES = ("class", "id", "role")
_TRUSTED_NAME = "article-body"  # by which trafilatura knows a text: else it would take a part
_MOST_POSTS, _BOXES_OF_POST = 60, 5
_MOST_OF_QUOTE = 0.7
_MIN_HELD = 0.5  # trafilatura dropping half of a scope that is all article is its mistake


def _small() -> ConfigParser:
    """Settings for a scope that is all article: however short, it needs no rescue.

    Below MIN_EXTRACTED_SIZE (250 characters, a long news item in Chinese) trafilatura would
    throw its own result away for the bare text of the page, without links or emphasis.
    """
    config = copy.deepcopy(DEFAULT_CONFIG)
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "1")
    return config


def _options() -> Extractor:
    return Extractor(
        config=_small(),
        output_format="markdown",
        fast=True,
        comments=False,
        formatting=True,
        links=True,
        images=False,
        tables=True,
    )


SCOPED = _options()
# As SCOPED, without the retry that trafilatura begins where it has found less than a fifth of a
# document: to know that, it cleans a copy of the whole and takes a third of its time.
_ONCE = _options()
_ONCE.focus = "once"  # as "balanced", of which trafilatura says so by name, in all but the retry
_NO_RETRY_CHARS, _NO_RETRY_SHARE = 3_000, 0.2


def page_of(elements: list[Element]) -> HtmlElement:
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
    unwrap_layout_tables(document)
    wrap_loose_text(document)
    return document


def read_scope(document: Element) -> Element:
    """The blocks of a page that is all article: trafilatura's, or all where it drops half."""
    keep_posts(document)
    least = _MIN_HELD * len(visible_text(document))
    blocks = blocks_of_text(document)
    if length(blocks) < least:
        _trust_text(document)
        blocks = blocks_of_text(document)
    return as_it_stands(document) if blocks is None or length(blocks) < least else blocks


def keep_posts(document: Element) -> None:
    """Take the names that trafilatura would mistrust from embedded posts, in place.

    And from what holds little else: their words belong to the text.
    """
    for quote in islice(document.iter("blockquote"), _MOST_POSTS):
        size = len(whole_text(quote).strip())
        _without_doubt(quote)
        for around in islice(quote.iterancestors(), _BOXES_OF_POST):
            if size < _MOST_OF_QUOTE * len(whole_text(around).strip()):
                break
            _without_doubt(around)


def _trust_text(document: Element) -> None:
    """Give what holds most of a scope's text a name that trafilatura trusts, in place."""
    box: Element | None = document
    half = _MIN_HELD * len(whole_text(document))
    while box is not None:
        box = next((child for child in box if _holds(child, half)), None)
        if box is not None and _without_doubt(box):
            box.set("class", _TRUSTED_NAME)


def _holds(element: Element, least: float) -> bool:
    return isinstance(element.tag, str) and len(whole_text(element)) >= least


def _without_doubt(element: Element) -> bool:
    doubted = [name for name in _NAMES if _DOUBTED.search(element.get(name) or "")]
    for name in doubted:
        element.attrib.pop(name)
    return bool(doubted)


def blocks_of_text(document: Element) -> Element | None:
    """trafilatura's blocks of a document that is mostly text; None where it finds none."""
    blocks = ask_trafilatura(document, _ONCE)
    found = length(blocks)
    if found >= _NO_RETRY_CHARS or (found and found >= _NO_RETRY_SHARE * _most_text(document)):
        return blocks
    return ask_trafilatura(document, SCOPED)


def _most_text(document: Element) -> int:
    """The characters that trafilatura may count in a document: it puts blanks around elements."""
    scripts = sum(length(script) for script in document.iter("script", "style"))
    return length(document) - scripts + 2 * sum(1 for _ in document.iter())


def ask_trafilatura(tree: Element, options: Extractor) -> Element | None:
    """trafilatura's own tree of blocks; None where it finds no text."""
    document = trafilatura.bare_extraction(tree, options=options)
    return getattr(document, "body", None)


def as_it_stands(scope: Element) -> Element:
    """The scope's blocks as paragraphs, without any opinion which of them matter."""
    body = etree.Element("body")
    for line in lines(scope):
        etree.SubElement(body, "p").text = line
    return body


def length(element: Element | None) -> int:
    """The characters of an element's text, white space as one each."""
    return 0 if element is None else len(" ".join(whole_text(element).split()))
