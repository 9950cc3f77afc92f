"""Where a page's linked headlines lead, beside its own address and what it claims of that.

A list's headlines lead below its own address, or to addresses of a form that its own has not; an
article's neighbours have addresses like its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import SplitResult, urlsplit

from lxml.etree import _Element as Element

from crawler.extract.body.judge.features import Features
from crawler.extract.body.judge.page_lines import HEADLINE
from crawler.extract.head.metadata import Metadata
from crawler.extract.tree import whole_text

_WORD = re.compile(r"[^\W\d_]{2,}")
_FIGURES = re.compile(r"\d+")
_LONG_NUMBER, _SLUG_WORDS = 3, 3
_LEAST_LINKS = 3  # fewer tell nothing of a site's addresses
_INDEX = re.compile(r"(?:index|default|home)\.\w+\Z")
_LIST_TYPES = ("CollectionPage", "ItemList", "SearchResultsPage", "ProfilePage", "ImageGallery")
_ARTICLE_TYPES = frozenset({"Article", "NewsArticle", "BlogPosting", "ReportageNewsArticle"})
_UNKNOWN = math.nan


def link_features(tree: Element, address: str, scale: float) -> Features:
    """`alike`: the share of the linked headlines' addresses that have the form of the page's;
    `below`: that lie below it. NaN where there are too few.

    `scale`: what a character says, as `PageLines` has it.
    """
    own = urlsplit(address)
    path = _INDEX.sub("", own.path)
    folder = path if path.endswith("/") else f"{path.rpartition('.')[0] or path}/"
    paths = set(_headlines(tree, own, HEADLINE / scale))
    if len(paths) < _LEAST_LINKS:
        return {"alike": _UNKNOWN, "below": _UNKNOWN}
    form = address_form(own.path, own.query)
    alike = sum(address_form(*_cut(there)) == form for there in paths)
    below = sum(there.startswith(folder) for there in paths)
    return {
        "alike": alike / len(paths),
        "below": below / len(paths) if len(folder) > 1 else _UNKNOWN,
    }


def _headlines(tree: Element, own: SplitResult, least: float) -> Iterator[str]:
    """Path and query of each link to another page of the host whose text is a headline's."""
    for link in tree.iter("a"):
        if not (href := link.get("href")):
            continue
        long = len(whole_text(link)) > least
        there = _path(href, own.netloc, own.path) if long else ""
        if there and not _is_at(there, own.path):
            yield there


def _is_at(there: str, path: str) -> bool:
    """Whether an address is the page's own but for its query: a reply to it, a share of it."""
    return there.partition("?")[0].rstrip("/") == path.rstrip("/")


def _cut(path: str) -> tuple[str, str]:
    place, _, query = path.partition("?")
    return place, query


def _path(href: str, host: str, own: str) -> str:
    """Path and query of an address on the page's host; '' of any other."""
    if href.startswith("/") and not href.startswith("//"):
        return href.partition("#")[0]
    if href.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
        return ""
    if "//" in href[:8]:
        where, _, path = href.partition("//")[2].partition("/")
        same = where.removeprefix("www.") == host.removeprefix("www.")
        return f"/{path.partition('#')[0]}" if same else ""
    return f"{own.rpartition('/')[0]}/{href.partition('#')[0]}"


def address_form(path: str, query: str) -> tuple[str, ...]:
    """What an address is made of, segment by segment: `n` a number, `s` a slug of three words, `w`
    anything else; then its file's ending, and whether its query has a number."""
    segments = [segment for segment in path.split("/") if segment]
    ending = segments[-1].rpartition(".")[2] if segments and "." in segments[-1] else ""
    numbered = "?" if _FIGURES.search(query) else ""
    return (*(_kind(segment) for segment in segments), ending, numbered)


def _kind(segment: str) -> str:
    words = len(_WORD.findall(segment.partition(".")[0]))
    if words >= _SLUG_WORDS:
        return "s"
    figures = sum(map(len, _FIGURES.findall(segment)))
    return "n" if figures and (not words or figures >= _LONG_NUMBER) else "w"


def claim_features(metadata: Metadata) -> Features:
    """What the page's JSON-LD, all of it, says of its being one article."""
    types = [name for item in metadata.objects for name in _types(item)]
    headlines = {
        str(item.get("headline"))
        for item in metadata.objects
        if item.get("headline") and not _ARTICLE_TYPES.isdisjoint(_types(item))
    }
    return {
        "list_claim": float(any(name in _LIST_TYPES for name in types)) if types else _UNKNOWN,
        "claimed_headlines": math.log1p(len(headlines)),
    }


def _types(item: dict[str, Any]) -> list[str]:
    claim = item.get("@type")
    return [str(name) for name in (claim if isinstance(claim, list) else [claim]) if name]
