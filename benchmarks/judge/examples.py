"""What the judge is trained on: candidates of real pages, with the F1 that each has."""

from __future__ import annotations

import logging
import math
import random
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from lxml import etree
from lxml.html import HtmlElement

from benchmarks.judge.layouts import (
    BARE,
    LISTS,
    bare,
    dressed,
    list_address,
    listed,
    reparsed,
)
from benchmarks.quality.pages import Page
from benchmarks.quality.scores import body_f1, load_scorer
from config.model import BodyRules
from crawler.extract.body.body import Head
from crawler.extract.body.candidates import finders
from crawler.extract.body.cleaning import clean_body, drop
from crawler.extract.body.judge.features import Features, features_of
from crawler.extract.body.judge.page_features import (
    PageMakeup,
    page_features,
    read_makeup,
)
from crawler.extract.body.judge.page_lines import PageLines, read_page
from crawler.extract.body.judge.page_links import link_features
from crawler.extract.body.markdown import text_blocks
from crawler.extract.body.streams import place_streams
from crawler.extract.body.tail import cut_tail
from crawler.extract.head.metadata import Metadata, read_metadata
from crawler.extract.head.title import find_title
from crawler.extract.tree import first_text, is_chinese, lines, parse_html
from crawler.text.charset import decode

_NO_RULES = BodyRules()
_FIRST_WEIGHT = 3.0  # what a search finds counts more than the mistakes made for training
_LEAST = 300
# What features say of a page at an address of another site.
MISPLACED = {"alike": 0.0, "below": 0.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One candidate of one page. `f1` is None where the page is no article, or its text unknown.

    `of_page` are the features of the page with this text; empty for a mistake made for training.
    """

    page: str
    site: str
    group: str
    layout: str
    finder: str
    weight: float
    features: Features
    of_page: Features
    is_list: bool
    f1: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A page to make examples of, in a layout; with `teasers` it is a list of them."""

    page: Page
    layout: str
    teasers: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def is_list(self) -> bool:
        """Whether it is to be refused."""
        return self.layout in LISTS or self.page.refusal is not None

    @property
    def address(self) -> str:
        """The page's, or one that a list has."""
        if self.layout == BARE and self.seed % 2:
            return (
                f"https://www.example.test/{'news/' * (self.seed % 4 // 2)}a{self.seed % 90}.html"
            )
        if self.layout in LISTS:
            return list_address(self.page.url, self.seed)
        return self.page.url

    @property
    def seed(self) -> int:
        return len(self.page.id) + sum(map(ord, self.page.id))


def examples(wanted: Wanted) -> list[Example]:
    """Every candidate of the page; none where it can't be read."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    page = wanted.page
    tree = parse_html(decode(page.read(), page.content_type))
    if tree is None or not len(tree):
        return []
    tree = _reread(_changed(tree, wanted))
    metadata = read_metadata(tree, wanted.address)
    title, _ = find_title(tree, metadata)
    chinese = is_chinese(first_text(tree, 20_000))
    head = Head(base=metadata.base, title=title, chinese=chinese, url=wanted.address)
    return list(_described(tree, metadata, head, wanted))


def dressed_page(wanted: Wanted) -> bytes:
    """The page in its layout, as bytes: what a crawl would fetch."""
    tree = parse_html(decode(wanted.page.read(), wanted.page.content_type))
    if tree is None:
        return b""
    whole = etree.tostring(_changed(tree, wanted), encoding="unicode", method="html")
    return whole.encode("utf-8", "replace")


def _changed(tree: HtmlElement, wanted: Wanted) -> HtmlElement:
    body = (wanted.page.record.get("body") or "").split("\n")
    if wanted.layout == BARE:
        lines_of_text = [line for line in body if line.strip()]
        title = wanted.page.record.get("title") or ""
        return bare(tree, lines_of_text, title, random.Random(wanted.seed))
    if wanted.layout in LISTS:
        return listed(tree, body, wanted.teasers, wanted.seed)
    return dressed(tree, wanted.layout)


def _reread(tree: HtmlElement) -> HtmlElement:
    place_streams(tree)
    return reparsed(tree)


def _described(
    tree: HtmlElement, metadata: Metadata, head: Head, wanted: Wanted
) -> Iterator[Example]:
    lines_of_page = read_page(tree, metadata, head.title)
    makeup = read_makeup(tree, metadata, head.url, head.title)
    no_score = wanted.is_list or wanted.layout == BARE
    for name, weight, paragraphs in _candidates(tree, lines_of_page, head, mistakes=not no_score):
        if paragraphs:
            features = features_of(lines_of_page, paragraphs)
            found = weight == _FIRST_WEIGHT
            yield Example(
                page=wanted.page.id,
                site=wanted.page.site,
                group=wanted.page.group,
                layout=wanted.layout,
                finder=name,
                weight=weight,
                features=features,
                of_page=_of_page(tree, lines_of_page, makeup, paragraphs, features, wanted)
                if found
                else {},
                is_list=wanted.is_list,
                f1=None if no_score else score(wanted.page, paragraphs),
            )


def _of_page(
    tree: HtmlElement,
    page: PageLines,
    makeup: PageMakeup,
    paragraphs: list[str],
    features: Features,
    wanted: Wanted,
) -> Features:
    """All features of a page; those of an address that only stands in are not known."""
    links = link_features(tree, wanted.address, page.scale)
    if not wanted.page.has_address:
        links = dict.fromkeys(links, math.nan)
    return {**page_features(page, makeup, paragraphs, features), **links}


def _candidates(
    tree: HtmlElement, page: PageLines, head: Head, *, mistakes: bool
) -> Iterator[tuple[str, float, list[str]]]:
    """(finder, weight, paragraphs): what the searches find, and mistakes to learn from."""
    first: list[str] = []
    for place, find in enumerate(finders(tree, chinese=head.chinese, rules=_NO_RULES)):
        candidate = find()
        if candidate is None:
            continue
        clean_body(candidate.blocks, title=head.title, chinese=head.chinese)
        for block in cut_tail(candidate.blocks, page):
            drop(block)
        found = text_blocks(candidate.blocks)
        first = first or found
        yield ("first" if place == 0 else candidate.name), _FIRST_WEIGHT, found
    if mistakes:
        yield from _mistakes(tree, first)


def _mistakes(tree: HtmlElement, first: list[str]) -> Iterator[tuple[str, float, list[str]]]:
    yield "everything", 1.0, lines(tree)
    yield "half", 1.0, first[: max(1, len(first) // 2)]
    links = (" ".join("".join(map(str, link.itertext())).split()) for link in tree.iter("a"))
    yield "links", 1.0, [link for link in links if len(link) > 12][:60]
    known = set(first)
    long = [
        box
        for box in tree.iter("div", "section", "ul", "td")
        if len("".join(map(str, box.itertext()))) > _LEAST and known.isdisjoint(lines(box))
    ]
    if long:
        yield "elsewhere", 1.0, max(map(lines, long), key=lambda found: sum(map(len, found)))


def score(page: Page, paragraphs: Sequence[str]) -> float | None:
    """F1, or the share of with/without; None where only the page's other fields are known."""
    text = "\n".join(paragraphs)
    if bodies := page.record.get("bodies"):
        return max(body_f1(body, text) for body in bodies)
    scorer = _scorer(page)
    if page.record.get("body"):
        return float(scorer.body_score(page.record, text)[2])
    if not page.record.get("with"):
        return None
    right, false, missed, _ = scorer.wtwo(page.record, text)
    return 2 * right / (2 * right + false + missed) if right + false + missed else 1.0


@lru_cache(1)
def _corpus_scorer(corpus: Path) -> ModuleType:
    return load_scorer(corpus / "score.py")


def _scorer(page: Page) -> ModuleType:
    assert page.path is not None, page.id
    return _corpus_scorer(page.path.parents[1])
