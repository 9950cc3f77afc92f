"""trafilatura, given a part of a page: how it is asked, and what stands in for it."""

from __future__ import annotations

import copy
from configparser import ConfigParser

import trafilatura
from lxml import etree
from lxml.etree import _Element as Element
from lxml.html import HtmlElement
from trafilatura.settings import DEFAULT_CONFIG, Extractor

from crawler.extract.body.bare_text import BOXES, unwrap_layout_tables, wrap_loose_text
from crawler.extract.tree import lines, parse_html, visible_text, whole_text

_MIN_HELD = 0.5  # trafilatura dropping half of a scope that is all article is its mistake


def _small() -> ConfigParser:
    """Settings for a scope that is all article: however short, it needs no rescue.

    Below MIN_EXTRACTED_SIZE (250 characters, a long news item in Chinese) trafilatura would
    throw its own result away for the bare text of the page, without links or emphasis.
    """
    config = copy.deepcopy(DEFAULT_CONFIG)
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "1")
    return config


def _options(config: ConfigParser) -> Extractor:
    return Extractor(
        config=config,
        output_format="markdown",
        fast=True,
        comments=False,
        formatting=True,
        links=True,
        images=False,
        tables=True,
    )


SCOPED = _options(_small())


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
    blocks = ask_trafilatura(document, SCOPED)
    if blocks is None or length(blocks) < _MIN_HELD * len(visible_text(document)):
        return as_it_stands(document)
    return blocks


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
