"""Where a Chinese page keeps its article: the block with the most punctuated text.

trafilatura's rules are those of Western templates: given the whole of a Chinese page its F1 is
88, given the right block 99 (research/extraction.md). Sentences have punctuation; menus, lists
of headlines and tables of links have none, whatever the site calls them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from lxml.etree import _Element as Element

from archive.text.lines import letters
from crawler.extract.tree import BLOCKS, SILENT

_PUNCTUATION = re.compile(r"[，。！？；：、“”（）《》…]|[,.;!?:](?=\s|$)")
_UNREAD = SILENT | {"button", "input", "object", "head"}
_LEAVES = frozenset({"p", "span", "font", "strong", "b", "em", "h1", "h2", "h3", "li", "a", "br"})
_ASIDE = re.compile(
    r"comment|pinglun|footer|foot\b|copyright|sidebar|related|recommend|hot-?list|rank|nav\b|navbar"
    r"|share|login|disclaim|statement|shenming|breadcrumb|crumb|tuijian|advert|popup|dialog|cmt",
    re.I,
)
_MAIN = re.compile(r"article|content|main", re.I)
_MIN_RUN_CHARS = 12
_CHARS_PER_MARK = 80  # prose has a mark every 15-30 characters; a list of headlines hardly any
_MIN_POINTED = 25  # readability's: shorter lines are no paragraphs
_ADDED = 0.1  # less than this is a disclaimer or a summary
_CLIMB = 4  # how many ancestors a paragraph speaks for
_HELD = 0.93  # an only child that holds this share of the text is the tighter container


@dataclass(slots=True)
class TextRun:
    """Text between two block boundaries, inside one block; `linked` counts characters."""

    block: Element
    text: list[str]
    opens: bool = False  # nothing of the block stands before it
    linked: int = 0
    free: list[str] = field(default_factory=list)  # what of the text is no link

    @property
    def line(self) -> str:
        return " ".join("".join(self.text).split())

    @property
    def is_linked(self) -> bool:
        """Whether it is links more than text; what joins keywords, 、 or |, is no text."""
        if not self.linked:
            return False
        return self.linked > len(letters("".join(self.free)))


class _Measured(NamedTuple):
    """A run of text, measured once for both searches."""

    block: Element
    size: int  # characters
    value: float  # what it adds to the weight of the boxes around it
    points: float  # above 0: it is prose

    @classmethod
    def of(cls, run: TextRun) -> _Measured:
        text = "".join(run.text).strip()
        size = len(text)
        if size < _MIN_RUN_CHARS:
            return cls(run.block, size, 0.0, 0.0)
        if run.is_linked:
            return cls(run.block, size, -0.5 * size, 0.0)
        signs = len(_PUNCTUATION.findall(text))
        is_list = signs * _CHARS_PER_MARK < size
        value = min(size, 200) * 0.05 if is_list else size + 8.0 * signs
        is_prose = size >= _MIN_POINTED and signs
        return cls(run.block, size, value, 1 + signs + min(size / 100, 3) if is_prose else 0.0)


def find_container(tree: Element) -> Element | None:
    """Return the element that holds the article's paragraphs; None when no text is prose."""
    body = tree.find(".//body")
    if body is None:
        return None
    runs = _measured(body)
    weighed, climbed = _by_weight(runs), _by_climbing(runs)
    if weighed is None or climbed is None or weighed is climbed:
        return weighed if weighed is not None else climbed
    return _settle(weighed, climbed, runs)


def _measured(body: Element) -> list[_Measured]:
    return [_Measured.of(run) for run in text_runs(body, _is_aside)]


def _by_weight(runs: list[_Measured]) -> Element | None:
    """The block with the most punctuated text, its lists and menus counted against it."""
    scores: dict[Element, float] = {}
    for run in runs:
        if run.value:
            _credit(scores, run)
    candidates = {e: s for e, s in scores.items() if e.tag not in _LEAVES and s > 0}
    if not candidates:
        return None
    return _tightest(max(candidates, key=lambda element: candidates[element]), scores, runs)


def _by_climbing(runs: list[_Measured]) -> Element | None:
    """The box that most paragraphs point at, as Mozilla's readability climbs from them.

    Every sentence counts a point and its length up to three, whole for the box it stands in
    and half for the one around; lists don't count at all. So a long list of headlines can't
    outvote the text, as it may in a sum of weights.
    """
    scores: dict[Element, float] = {}
    for run in runs:
        if not run.points:
            continue
        box = _box(run.block)
        for share in (1.0, 0.5):
            if box is not None and box.tag not in ("body", "html"):
                scores[box] = scores.get(box, 0.0) + run.points * share
                box = _box(box.getparent())
    return max(scores, key=lambda element: scores[element]) if scores else None


def _box(node: Element | None) -> Element | None:
    while node is not None and (node.tag in _LEAVES or node.tag in ("blockquote", "tr", "tbody")):
        node = node.getparent()
    return node


def _settle(weighed: Element, climbed: Element, runs: list[_Measured]) -> Element:
    """Which of two containers the article is in.

    Of two that are apart, the one with more prose. Where one is within the other, the outer one
    when it adds prose, and more prose than lists; else the inner one.
    """
    if climbed not in weighed.iterancestors() and weighed not in climbed.iterancestors():
        return max((weighed, climbed), key=lambda e: _measure(e, runs)[0])
    pair = (weighed, climbed) if climbed in weighed.iterancestors() else (climbed, weighed)
    inner, outer = pair
    (prose, rest), (all_prose, all_rest) = _measure(inner, runs), _measure(outer, runs)
    added, ballast = all_prose - prose, all_rest - rest
    return outer if added > _ADDED * prose and added > ballast else inner


def _measure(element: Element, runs: list[_Measured]) -> tuple[int, int]:
    """The characters of an element's prose, and of its other lines."""
    inside = set(element.iter())
    prose = rest = 0
    for run in runs:
        if run.block in inside:
            prose += run.size if run.points else 0
            rest += 0 if run.points else run.size
    return prose, rest


def text_runs(body: Element, is_left_out: Callable[[Element], bool] | None = None) -> list[TextRun]:
    """Cut the page's text at block boundaries, remembering how much of it is linked.

    The first run is the body's, and there is one after each <br>: these may be without text.
    """
    reader = _RunReader([TextRun(body, [])], is_left_out)
    reader.read(body, body, False)
    return reader.runs


@dataclass(slots=True)
class _RunReader:
    """Walks a page, which is nested no deeper than the parser reads (256). No function within a
    function: one that calls itself keeps the whole page alive until the next collection of garbage.
    """

    runs: list[TextRun]
    is_left_out: Callable[[Element], bool] | None
    opened: Element | None = None  # the block that began last, while it has no text

    def read(self, node: Element, block: Element, in_link: bool) -> None:
        tag = node.tag
        if tag in _UNREAD or not isinstance(tag, str):
            return
        if self.is_left_out is not None and self.is_left_out(node):
            return
        if tag in BLOCKS:
            if tag == "br":
                self.runs.append(TextRun(block, []))
                self.opened = None
            else:
                block = self.opened = node
        elif tag == "a":
            in_link = True
        if (text := node.text) and not text.isspace():
            self._add(text, block, in_link)
        for child in node:
            self.read(child, block, in_link)
            if (tail := child.tail) and not tail.isspace():
                self._add(tail, block, in_link)

    def _add(self, text: str, block: Element, in_link: bool) -> None:
        run = self.runs[-1]
        if run.block is not block or self.opened is not None:
            run = TextRun(block, [], opens=self.opened is block)
            self.runs.append(run)
            self.opened = None
        run.text.append(text)
        if in_link:
            run.linked += len(text.strip())
        else:
            run.free.append(text)


def nested(blocks: Iterable[Element]) -> dict[Element, Element | None]:
    """The blocks and all boxes around them, each with the one right around it; outer ones first."""
    found: dict[Element, Element | None] = {}
    for block in blocks:
        chain: list[Element] = []
        box: Element | None = block
        while box is not None and box not in found:
            chain.append(box)
            box = box.getparent()
        for inner in reversed(chain):
            found[inner] = box
            box = inner
    return found


def _is_aside(node: Element) -> bool:
    if node.tag in ("body", "p", "h1", "h2", "article"):
        return False
    name, key = node.get("class"), node.get("id")
    return (name is not None or key is not None) and _names_aside(f"{name or ''} {key or ''}")


@lru_cache(4096)  # a site's pages have the same few hundred names
def _names_aside(named: str) -> bool:
    return _ASIDE.search(named) is not None and _MAIN.search(named) is None


def _credit(scores: dict[Element, float], run: _Measured) -> None:
    """Credit a run to its block and, fading, to the blocks around it."""
    share = 1.0
    node: Element | None = run.block
    for _ in range(_CLIMB):
        if node is None or node.tag in ("body", "html"):
            return
        scores[node] = scores.get(node, 0.0) + run.value * share
        share *= 0.72 if node.tag in _LEAVES or node.tag == "blockquote" else 0.55
        node = node.getparent()


def _tightest(container: Element, scores: dict[Element, float], runs: list[_Measured]) -> Element:
    """Descend while one child holds nearly all: what stands beside it is lists and menus."""
    held = _prose(runs)
    whole = held[container]
    while whole:
        for inner in container:
            if inner not in scores or inner.tag in _LEAVES:
                continue
            if held[inner] >= _HELD * whole:
                container, whole = inner, held[inner]
                break
        else:
            break
    return container


def _prose(runs: list[_Measured]) -> dict[Element, float]:
    """What the prose in every box is worth: what a box has goes on to the one around, once."""
    around = nested(run.block for run in runs)
    held = dict.fromkeys(around, 0.0)
    for run in runs:
        held[run.block] += max(run.value, 0.0)
    for box in reversed(around):
        if (outer := around[box]) is not None:
            held[outer] += held[box]
    return held
