"""Extracted blocks, as trafilatura's tree has them, become Markdown and plain text."""

from __future__ import annotations

import re

from lxml import etree
from lxml.etree import _Element as Element
from trafilatura.xml import xmltotxt

from crawler.extract.tree import unwrapped
from crawler.text.addresses import absolute

_NO_LINK = "no-link"
_QUOTE = "\u2e3f"  # stands for Markdown's > until it can't be escaped any more; printable
_AMPERSAND = "\u2e3e"  # stands for &: trafilatura unescapes what it has written, once too often
_ENTITY = re.compile(rf"{_AMPERSAND}(?=(?:#\d{{1,7}}|#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z]\w{{1,31}});)")
# what trafilatura drops after it has escaped the marks that begin a line
_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_QUOTED_MARK = re.compile(rf"^{_QUOTE}(?:(?=[-+#>])|(\d{{1,9}})(?=[.)](?:\s|$)))", re.M)
_BACKSLASH = "\u2e3d"
_RULE = re.compile(r"\s*([-=])(?:\s*\1)*\s*")  # as a line, or as what underlines a heading
_LINES = ("p", "head", "item", "cell", "quote")
_BLOCKS = frozenset({"p", "head", "quote", "list", "item", "table", "row", "code", "div", "lb"})


def mark_quotes(body: Element) -> None:
    """Mark every paragraph of a quote for `markdown`; trafilatura writes no mark."""
    for quote in body.iter("quote"):
        for block in [quote, *quote.iter("p")]:
            if (block.text or "").strip():
                block.text = f"{_QUOTE}{(block.text or '').lstrip().lstrip(_UNSEEN)}"


def markdown(body: Element) -> str:
    """The body in Markdown, blocks separated by a blank line."""
    for node in body.iter(etree.Element):
        text = node.text and node.text.lstrip(_UNSEEN)
        if text and node.tag == "p" and not len(node) and _RULE.fullmatch(text):
            text = f"{_BACKSLASH}{text.strip()}"
        if text != node.text or (text and "&" in text):
            node.text = _without_ampersands(text)
        if (tail := node.tail) and "&" in tail:
            node.tail = _without_ampersands(tail)
        for name, value in node.attrib.items():
            if "&" in value:
                node.set(str(name), str(value).replace("&", _AMPERSAND))
    text = _QUOTED_MARK.sub(rf"{_QUOTE}\g<1>{_BACKSLASH}", xmltotxt(body, True))
    text = re.sub(rf"^{_QUOTE}", "> ", text, flags=re.M).replace(_BACKSLASH, "\\")
    text = _ENTITY.sub(r"\\&", text.replace(_QUOTE, "")).replace(_AMPERSAND, "&")
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _without_ampersands(text: str | None) -> str | None:
    return text and text.replace("&", _AMPERSAND)


def settle_links(body: Element, base: str) -> None:
    """Make every link absolute, in place; the words of one that leads nowhere stay."""
    for link in list(body.iter("ref")):
        if address := absolute(base, link.get("target") or ""):
            link.set("target", address)
        else:  # javascript:, mailto:, tel: and what is no address; the words stay in their line
            link.tag = _NO_LINK
    etree.strip_tags(body, _NO_LINK)


def _is_inline(node: Element) -> bool:
    """Whether it is code within a line."""
    return node.tag == "code" and next(node.iterancestors(*_LINES), None) is not None


def text_blocks(body: Element) -> list[str]:
    """The body's text by block; a table's row is one paragraph with its cells apart."""
    pieces: list[str] = []
    for event, node in etree.iterwalk(body, events=("start", "end")):
        if node.tag in _BLOCKS and not _is_inline(node):
            pieces.append("\n")
        elif node.tag == "cell" and event == "end":
            pieces.append(" ")
        if event == "start":
            pieces.append(node.text or "")
        elif node is not body:
            pieces.append(node.tail or "")
    return unwrapped(pieces)
