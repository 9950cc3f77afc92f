"""A page read once into its lines, with what it says of its article: what candidates are held to.

Nothing here knows a site: lines, links, margins, and the claims of the page's metadata.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from archive.text.han import CJK
from crawler.extract.head.metadata import Metadata
from crawler.extract.tree import BLOCKS, LINE_END, MARK, SILENT, cut_lines, text_sheet

_LINK, _UNLINK, _PARAGRAPH, _HEADING, _MARGIN, _UNMARGIN = "azphmw"  # each after a MARK
_SHEET = text_sheet(
    ends_line=BLOCKS - {"p", "h1"},
    silent=SILENT | {"button", "head"},
    more=f"""
  <xsl:template match="a">{MARK}{_LINK}<xsl:apply-templates/>{MARK}{_UNLINK}</xsl:template>
  <xsl:template match="p">
    <xsl:text>{LINE_END}{MARK}{_PARAGRAPH}</xsl:text><xsl:apply-templates/>
    <xsl:text>{LINE_END}</xsl:text>
  </xsl:template>
  <xsl:template match="h1">
    <xsl:text>{LINE_END}{MARK}{_HEADING}</xsl:text><xsl:apply-templates/>
    <xsl:text>{LINE_END}</xsl:text>
  </xsl:template>
  <xsl:template match="nav|footer|aside" priority="2">
    <xsl:text>{LINE_END}{MARK}{_MARGIN}</xsl:text><xsl:apply-templates/>
    <xsl:text>{LINE_END}{MARK}{_UNMARGIN}</xsl:text>
  </xsl:template>""",
)
_CJK = re.compile(f"[{CJK}]")
_WORD = re.compile(r"\w+")
SENTENCE_END = re.compile(r"[。！？…।։؟۔។။]|[.!?](?=[\s\"'”’)]|$)")
CJK_SCALE = 2.5  # what a Chinese, Japanese or Korean character says beside a Latin letter
PROSE, HEADLINE = 60, 40  # letters
LONG = 250  # letters: so long a line is prose without a known end of a sentence, too (Thai)
LINKED = 0.8
_KEY_CHARS = 36
_SAMPLE = 3_000


@dataclass(slots=True)
class Line:
    """A line as a reader sees it; `linked` counts characters."""

    text: str
    linked: int
    in_paragraph: bool
    in_margin: bool  # in <nav>, <footer> or <aside>
    is_prose: bool = False
    again: bool = False  # the same line stood further up

    @property
    def is_link(self) -> bool:
        return self.linked > LINKED * len(self.text)


@dataclass(slots=True)
class PageLines:
    """A page's lines, where each begins, and what the page claims."""

    lines: list[Line] = field(default_factory=list)
    places: dict[str, list[int]] = field(default_factory=dict)  # by `line_start`
    headline: int = -1  # the line of the headline; -1: nowhere
    prose: int = 0  # characters of prose outside of margins, each line once
    scale: float = 1.0
    headlines: int = 0  # links as long as a headline
    linked: float = 0.0  # the share of all text
    title: frozenset[str] = frozenset()  # terms
    summary: frozenset[str] = frozenset()
    claimed: float = 0.0  # -1 to 3: how plainly the page says that it is an article, or a list
    dated: bool = False
    claimed_size: int = 0  # characters of the JSON-LD's articleBody, or about as many as its words


def read_page(tree: Element, metadata: Metadata, title: str) -> PageLines:
    """Read a page into lines and claims, in one pass over its tree."""
    page, headings = PageLines(), list[int]()
    for line, is_heading in _lines(tree):
        if is_heading:
            headings.append(len(page.lines))
        page.lines.append(line)
    long = (line.text for line in page.lines if len(line.text) > 20)
    page.scale = CJK_SCALE if is_cjk(" ".join(long)[:_SAMPLE]) else 1.0
    _measure(page)
    titled = page.places.get(line_start(title), [])
    agreed = next((place for place in headings if place in titled), -1)
    found = [*([agreed] if agreed >= 0 else []), *headings[:1], *titled[-1:]]
    page.headline = found[0] if found else -1
    _read_claims(page, metadata, title)
    return page


def _lines(tree: Element) -> Iterator[tuple[Line, bool]]:
    """Yield the page's lines, each with whether it is a heading of the first order."""
    in_link, depth = False, 0
    for raw in cut_lines(_SHEET, tree):
        if MARK not in raw:  # most are empty, between two blocks
            if raw and (text := " ".join(raw.split())):
                yield Line(text, len(text) if in_link else 0, False, depth > 0), False
            continue
        first, *pieces = raw.split(MARK)
        linked = len(first.strip()) if in_link else 0
        in_paragraph = is_heading = False
        words = [first]
        for piece in pieces:
            code, text = piece[:1], piece[1:]
            words.append(text)
            if code == _LINK:
                in_link = True
            elif code == _UNLINK:
                in_link = False
            elif code == _PARAGRAPH:
                in_paragraph = True
            elif code == _HEADING:
                is_heading = True
            else:
                depth = max(0, depth + (1 if code == _MARGIN else -1))
            if in_link:
                linked += len(text.strip())
        if text := " ".join("".join(words).split()):
            yield Line(text, min(linked, len(text)), in_paragraph, depth > 0), is_heading


def _measure(page: PageLines) -> None:
    """Find out which lines are prose, which return, and how much of each kind there is."""
    seen = set[str]()
    places, scale = page.places, page.scale
    whole = linked = 0
    for place, line in enumerate(page.lines):
        text = line.text
        length = len(text)
        places.setdefault(line_start(text), []).append(place)
        is_long = length * scale > HEADLINE  # most are not
        if is_long and line.linked < 0.5 * length and is_prose(text, scale):
            line.is_prose = True
            line.again = text in seen
            seen.add(text)
            if not line.in_margin and not line.again:
                page.prose += length
        elif is_long and line.is_link:
            page.headlines += 1
        whole += length
        linked += line.linked
    page.linked = linked / whole if whole else 0.0


def _read_claims(page: PageLines, metadata: Metadata, title: str) -> None:
    article, kind = metadata.article, metadata.first("og:type").lower()
    summary = metadata.first("og:description", "description", "twitter:description")
    page.title, page.summary = terms(title), terms(summary or metadata.claim("description"))
    named = bool(article.get("headline") or article.get("articleBody"))
    page.claimed = 2.0 * named + (kind == "article") - (kind == "website")
    dates = ("article:published_time", "datepublished", "pubdate", "publishdate", "date")
    page.dated = bool(article.get("datePublished") or metadata.first(*dates, "dc.date.issued"))
    body = article.get("articleBody")
    page.claimed_size = len(body) if isinstance(body, str) else 0


def is_prose(text: str, scale: float) -> bool:
    """Whether a line is long enough for prose, and has a sentence."""
    size = len(text) * scale
    return size >= PROSE and (size >= LONG or SENTENCE_END.search(text) is not None)


def is_cjk(text: str) -> bool:
    """Whether a fifth of a text's first 3,000 characters are Chinese, Japanese or Korean."""
    sample = text[:_SAMPLE].strip()
    return not sample.isascii() and len(_CJK.findall(sample)) > 0.2 * len(sample)


def terms(text: str) -> frozenset[str]:
    """What a text is about: words of three letters or more; of Chinese every pair of characters."""
    text = text.lower()
    if is_cjk(text):
        signs = "".join(_CJK.findall(text))
        return frozenset(signs[n : n + 2] for n in range(len(signs) - 1))
    return frozenset(word for word in _WORD.findall(text) if len(word) > 2)


def line_start(text: str) -> str:
    """By what a line is found again: its first characters, without spaces."""
    return text[: 2 * _KEY_CHARS].replace(" ", "")[:_KEY_CHARS]
