"""What tells an article's page from a list of others, a table, a form or a notice.

Of the whole page, with the text that was chosen on it: what stands between its paragraphs, what
its headline, its elements and its address are like. Shares, logarithms and flags, as in `features`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml.etree import _Element as Element

from crawler.extract.body.judge.features import Features, places_of
from crawler.extract.body.judge.line_gaps import gap_features
from crawler.extract.body.judge.page_lines import (
    HEADLINE,
    PROSE,
    Line,
    PageLines,
    line_start,
)
from crawler.extract.body.judge.page_links import claim_features
from crawler.extract.head.metadata import Metadata

_HEADINGS = ("h1", "h2", "h3", "h4")
_CUT_OFF = re.compile(r"(?:\.\.\.|…)[\])\s»›>]*\Z")
_MONTHS = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|janv|févr|avr|juin|juil"
    r"|août)"
)
_DAY = re.compile(
    r"\b(?:19|20)\d\d[-/.年]\s?\d{1,2}|\b\d{1,2}[./-]\d{1,2}(?:[./-]\d{2,4})?\b|\b\d{1,2}:\d\d\b"
    rf"|\b{_MONTHS}[a-zé]*\.?\s+\d{{1,2}}\b|\b\d{{1,2}}\.?\s+{_MONTHS}|\d{{1,2}}月\d{{1,2}}日"
    r"|\bago\b|前\Z",
    re.I,
)
# What a line with a day has at least: most end here, in a tenth of the time. In small letters and
# without `re.I` the search goes by first letters.
_MAY_BE_DAY = re.compile(r"\d|ago|前", re.I)
_NAMED = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|okt|dez|avr|jui)"
_MAY_BE_ASCII_DAY = re.compile(rf"[0-9](?:[-./:]|\.?\s+{_NAMED})|ago|{_NAMED}[a-z]*\.?\s+[0-9]")
_FIGURES = re.compile(r"\d+")
_WORD = re.compile(r"[a-z]{2,}")
_DATED_PATH = re.compile(r"(?:19|20)\d\d[/-]?\d\d")
_LONG_NUMBER, _SLUG_WORDS, _MOST_DEPTH = 5, 3, 5
_MOST_PER_PROSE = 5.0
OF_TEXT = (
    *("claimed", "claimed_size", "closed", "dated", "in_margin", "in_paragraphs", "linked"),
    *("linked_lines", "longest", "page_headlines", "page_linked", "prose_share", "summary"),
    *("teased", "title"),
)  # of `features`: the others tell texts apart, not pages


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMakeup:
    """What a page is made of, whatever text is chosen on it."""

    address: str
    title: str
    articles: int = 0  # <article>
    headings: tuple[int, int, int] = (0, 0, 0)  # h2, h3, and all of h1 to h3
    linked_headings: int = 0  # of h1 to h4, that are links or hold one
    claims: Features = field(default_factory=dict)
    claim: str = ""  # the headline that the page claims


def read_makeup(tree: Element, metadata: Metadata, address: str, title: str) -> PageMakeup:
    """Count a page's elements, in one pass."""
    counted: Counter[str] = Counter()
    linked = 0
    for element in tree.iter("article", *_HEADINGS):
        tag = str(element.tag)
        counted[tag] += 1
        if tag in _HEADINGS:
            above = element.getparent()
            inside = above is not None and above.tag == "a"
            linked += inside or next(element.iter("a"), None) is not None
    first, second, third = (counted[tag] for tag in _HEADINGS[:3])
    return PageMakeup(
        address=address,
        title=title,
        articles=counted["article"],
        headings=(second, third, first + second + third),
        linked_headings=linked,
        claims=claim_features(metadata),
        claim=metadata.claim("headline") or metadata.first("og:title"),
    )


def page_features(
    page: PageLines, makeup: PageMakeup, paragraphs: Sequence[str], features: Features
) -> Features:
    """The features of a page with its text: those of `features` that tell, and the page's."""
    kept = places_of(page, paragraphs)
    first, last = (min(kept), max(kept)) if kept else (0, -1)
    return {
        **{name: features[name] for name in OF_TEXT},
        **_of_span(page, page.lines[first : last + 1], paragraphs),
        **gap_features(page.lines[first : last + 1], page.scale, has_day),
        **_of_pieces(page, kept, first, last),
        **_of_makeup(page, makeup),
        **makeup.claims,
        **_of_address(makeup.address),
        "claim_linked": _claim_linked(page, makeup),
    }


def _claim_linked(page: PageLines, makeup: PageMakeup) -> float:
    """Whether the headline that the page claims is a link wherever it stands."""
    places = page.places.get(line_start(makeup.claim), ()) if makeup.claim else ()
    return float(all(page.lines[place].is_link for place in places)) if places else math.nan


def _of_span(page: PageLines, span: Sequence[Line], paragraphs: Sequence[str]) -> Features:
    """What the lines between the text's first and last are."""
    scale = page.scale
    links = [line for line in span if line.is_link]
    headlines = sum(len(line.text) * scale > HEADLINE for line in links)
    prose = sum(line.is_prose for line in span)
    long = [text for text in paragraphs if len(text) * scale > PROSE]
    calls = Counter(line.text for line in links if len(line.text) * scale < HEADLINE)
    return {
        "headlines_per_prose": min(headlines / (prose + 1), _MOST_PER_PROSE),
        "span_links": len(links) / (len(span) or 1),
        "span_dates": math.log1p(_dated(page, span)),
        "cut_off": sum(_CUT_OFF.search(text) is not None for text in long) / (len(long) or 1),
        "same_call": math.log1p(max(calls.values(), default=0)),  # "Read more" under each
    }


def _dated(page: PageLines, lines: Sequence[Line]) -> int:
    """How many short lines have a day or a time of day."""
    short = (line.text for line in lines if len(line.text) * page.scale < PROSE)
    return sum(has_day(text) for text in short)


def has_day(line: str) -> bool:
    sign, spelled = (_MAY_BE_DAY, line)
    if line.isascii():
        sign, spelled = (_MAY_BE_ASCII_DAY, line.lower())
    return sign.search(spelled) is not None and _DAY.search(line) is not None


def _of_pieces(page: PageLines, kept: set[int], first: int, last: int) -> Features:
    """The text's prose, cut at the linked headlines: how many pieces, and the longest."""
    pieces = [0.0]
    for place in range(first, last + 1):
        line = page.lines[place]
        if line.is_link and len(line.text) * page.scale > HEADLINE:
            pieces += [0.0] if pieces[-1] else []
        elif line.is_prose and place in kept and not line.again:
            pieces[-1] += len(line.text) * page.scale
    return {
        "pieces": math.log1p(sum(piece > 0 for piece in pieces)),
        "longest_piece": math.log1p(max(pieces)),
    }


def _opening(page: PageLines) -> float:
    """How many letters of prose stand between the headline and the first linked one."""
    size = 0.0
    for line in page.lines[page.headline + 1 :]:
        if line.is_link and len(line.text) * page.scale > HEADLINE:
            break
        size += len(line.text) * page.scale if line.is_prose else 0.0
    return size


def _of_makeup(page: PageLines, makeup: PageMakeup) -> Features:
    second, third, every = makeup.headings
    return {
        "title_size": math.log1p(len(makeup.title) * page.scale),
        "opening": math.log1p(_opening(page)),
        "page_dates": math.log1p(_dated(page, page.lines)),
        "articles": math.log1p(makeup.articles),
        "h2": math.log1p(second),
        "h3": math.log1p(third),
        "linked_headings": math.log1p(makeup.linked_headings),
        "plain_headings": math.log1p(max(0, every - makeup.linked_headings)),
    }


def _of_address(address: str) -> Features:
    """A number or a slug names one page; a front page has no path."""
    parts = urlsplit(address)
    segments = [segment for segment in parts.path.split("/") if segment]
    name = segments[-1].lower().partition(".")[0] if segments else ""
    figures = _FIGURES.findall(f"{parts.path}?{parts.query}")
    numbered = any(len(number) >= _LONG_NUMBER for number in figures)
    return {
        "at_root": float(not segments and not parts.query),
        "depth": float(min(len(segments), _MOST_DEPTH)),
        "slug": float(len(_WORD.findall(name)) >= _SLUG_WORDS),
        "number": float(numbered or _DATED_PATH.search(parts.path) is not None),
        "query": float(bool(parts.query)),
    }
