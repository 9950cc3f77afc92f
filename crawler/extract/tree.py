"""One parse of the page, and the reading of text from its tree."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from typing import Any, cast

from lxml import etree
from lxml.etree import _Element as Element
from lxml.html import HtmlComment, HtmlElement, HtmlEntity, HTMLParser, HtmlProcessingInstruction

from archive.text.han import KANA_HANGUL, count_han
from archive.text.strings import without_sequences
from archive.text.words import count_words

SILENT = frozenset(
    {"script", "style", "noscript", "template", "textarea", "select", "svg", "iframe"}
)

BLOCKS = frozenset(
    {"p", "div", "section", "article", "li", "ul", "ol", "table", "tr", "td", "th", "blockquote"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "pre", "figure", "figcaption", "dl", "dt", "dd"}
    | {"header", "footer", "aside", "main", "form", "center", "tbody", "thead", "hr", "br"}
)

_KANA_HANGUL = re.compile(f"[{KANA_HANGUL}]")
_STRING = etree.XPath("string()", smart_strings=False)
_COUNT = etree.XPath("count(descendant-or-self::*)")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Characters that XML, and so lxml, refuses: as they are, and as the reference of a hostile page.
_CONTROLS = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20)])
MAX_DEPTH = 256  # elements within each other, libxml2's limit
# noncharacters (Unicode 23.7), which no page may contain
LINE_END, MEDIUM, MARK = "\ufdd1", "\ufdd0", "\ufdd2"
_NONCHARACTERS = ("\ufffe", "\uffff", LINE_END, MEDIUM, MARK)
_SHORT_STYLE = re.compile(r"<style\b[^<>]*/>(?=[^<]*</style)", re.I)
_CONTROL_REFERENCE = re.compile(
    rb"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01]|6497[678])"
    rb"|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]|[fF][dD][dD][012]))(?![0-9a-fA-F]);?"
)


def parse_html(text: str) -> HtmlElement | None:
    """Parse a page or fragment; None when it holds no element.

    libxml2 stops at MAX_DEPTH levels of nesting, so every walk of the tree is shallow.
    """
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    # element classes without a lookup in Python: 4 % of trafilatura's time
    parser.set_element_class_lookup(
        etree.ElementDefaultClassLookup(
            element=HtmlElement,
            comment=HtmlComment,
            pi=HtmlProcessingInstruction,
            entity=HtmlEntity,
        )
    )
    try:
        root = etree.fromstring(_readable(text), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return cast("HtmlElement | None", root)


def is_cut_short(tree: Element) -> bool:
    """Whether libxml2 stopped at its levels of nesting: then the last element is as deep."""
    depth, node = 1, tree
    while len(node):
        depth, node = depth + 1, node[-1]
    return depth >= MAX_DEPTH


def _closed_style(text: str) -> str:
    """`<style/>` as browsers read it, on to `</style>`: libxml2 takes the rules for text."""
    return _SHORT_STYLE.sub("<style>", text) if "</style" in text else text


def has_more(tree: Element, elements: int) -> bool:
    """Whether the tree has more than so many elements."""
    return cast("float", _COUNT(tree)) > elements


def _readable(text: str) -> bytes:
    """The text as UTF-8 that lxml takes. On bytes, for a regular expression costs a page 4 ms."""
    text = without_sequences(_closed_style(text))
    try:
        data = text.encode()
    except UnicodeEncodeError:
        data = _SURROGATE.sub("\ufffd", text).encode()
    data = data.translate(None, _CONTROLS)
    for character in _NONCHARACTERS:
        if character in text:  # of one character a tenth of the time that the search in bytes takes
            data = data.replace(character.encode(), b"")
    return _CONTROL_REFERENCE.sub(b"", data)


def texts(element: Element) -> Iterator[str]:
    """Yield the pieces of text that a reader sees, in order."""
    pending: list[Element | str] = [element]
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            yield node
            continue
        tag = node.tag
        if not isinstance(tag, str) or tag in SILENT:
            continue
        if text := node.text:
            yield text
        for child in node.iterchildren(reversed=True):
            if tail := child.tail:
                pending.append(tail)
            pending.append(child)


def visible_text(element: Element) -> str:
    """Return the element's text with runs of white space as one space."""
    if not len(element):
        return "" if element.tag in SILENT else " ".join((element.text or "").split())
    if next(element.iter(*SILENT), None) is None:
        return " ".join(whole_text(element).split())
    return " ".join("".join(texts(element)).split())


def first_text(element: Element, chars: int) -> str:
    """Return the first so many characters of the element's visible text."""
    pieces: list[str] = []
    length = 0
    for piece in texts(element):
        pieces.append(piece)
        length += len(piece.strip())
        if length > chars:
            break
    return " ".join("".join(pieces).split())[:chars]


def seen_text(tree: Element) -> str:
    """Return the text of a whole tree that a reader sees, as `visible_text` of a part."""
    return " ".join(raw_seen_text(tree).split())


def raw_seen_text(tree: Element) -> str:
    """Return the text of a whole tree that a reader sees, white space as it stands."""
    return str(_SEEN(tree))


def whole_text(element: Element) -> str:
    """Return all text within the element, seen or not."""
    return cast("str", _STRING(element)) if len(element) else element.text or ""


def text_sheet(
    *, silent: Iterable[str], ends_line: Iterable[str] = (), more: str = ""
) -> etree.XSLT:
    """A stylesheet that gives an element's text with `LINE_END` around some elements.

    libxslt takes a third of the time that Python takes to look at every node.
    """
    lines = f"""
  <xsl:template match="{"|".join(sorted(ends_line))}">
    <xsl:text>{LINE_END}</xsl:text><xsl:apply-templates/><xsl:text>{LINE_END}</xsl:text>
  </xsl:template>"""
    return etree.XSLT(
        etree.XML(f'''
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="text" encoding="utf-8"/>
  <xsl:template match="{"|".join(sorted(silent))}|comment()|processing-instruction()"/>
  {lines if ends_line else ""}{more}
</xsl:stylesheet>''')
    )


# A line end that stands alone between two elements is taken for a reader's. Not by a template for
# such text alone: libxslt would count the siblings of each (8,000 links: 2 s).
LONE_LINE_ENDS = f"""
  <xsl:template match="text()">
    <xsl:copy/><xsl:if test=".='&#10;'">{LINE_END}</xsl:if>
  </xsl:template>"""
_SEEN = text_sheet(silent=SILENT)
_LINES = text_sheet(ends_line=BLOCKS, silent=SILENT, more=LONE_LINE_ENDS)


def cut_lines(sheet: etree.XSLT, element: Element) -> list[str]:
    """The element's text by a `text_sheet`, cut at the line ends; white space as it stands."""
    if element.getparent() is not None:
        # libxslt numbers the nodes that it is given, as if they were all: XPath would later take
        # a part's numbers for their order in the page
        element = copy.deepcopy(element)
        element.tail = None
    return str(sheet(element)).split(LINE_END)


def lines(element: Element) -> list[str]:
    """The element's text as a reader sees its lines: one for each block."""
    return [line for raw in cut_lines(_LINES, element) if (line := " ".join(raw.split()))]


def in_one_line(element: Element) -> str:
    """The element's lines in one, as `lines` has them: quicker for a small one, such as a link."""
    if not len(element):
        return "" if element.tag in SILENT else " ".join((element.text or "").split())
    return " ".join("".join(_spaced(element)).split())


def _spaced(element: Element) -> Iterator[str]:
    """Yield the pieces of text that a reader sees, with a space where a block begins or ends."""
    if not isinstance(element.tag, str) or element.tag in SILENT:
        return
    is_block = element.tag in BLOCKS
    if is_block:
        yield " "
    yield element.text or ""
    for child in element:
        yield from _spaced(child)
        yield child.tail or ""
    if is_block:
        yield " "


def unwrapped(pieces: list[str]) -> list[str]:
    """Cut at the pieces that are a line end; line ends inside a piece are the source's spaces."""
    text = "".join(piece if piece == "\n" else piece.replace("\n", " ") for piece in pieces)
    return [line for raw in text.split("\n") if (line := " ".join(raw.split()))]


def select(element: Element, xpath: str, **values: str) -> list[Element]:
    """The elements that an XPath expression of ours selects, in document order."""
    evaluate: Any = element.xpath  # its stub knows no variables
    found = evaluate(xpath, **values)
    return (
        [item for item in found if isinstance(item, etree._Element)]
        if isinstance(found, list)
        else []
    )


def is_chinese(text: str) -> bool:
    """Whether the text is Chinese: Han characters, hardly any kana or hangul, few Latin words."""
    han = count_han(text)
    if han < 5 or len(_KANA_HANGUL.findall(text)) >= 0.1 * han:
        return False
    return han > 0.4 * (count_words(text) - han)


def marks(element: Element) -> str:
    """The class and id by which a site names an element."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"
