"""Where a Chinese page keeps its article: the block with the most punctuated text.

trafilatura's rules are those of Western templates: given the whole of a Chinese page its F1 is
88, given the right block 99 (research/extraction.md). Sentences have punctuation; menus, lists
of headlines and tables of links have none, whatever the site calls them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from lxml.etree import _Element as Element

from archive.text.lines import letters
from crawler.extract.tree import BLOCKS, SILENT, marks

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


def find_container(tree: Element) -> Element | None:
    """Return the element that holds the article's paragraphs; None when no text is prose."""
    body = tree.find(".//body")
    if body is None:
        return None
    runs = list(_runs(body))
    weighed, climbed = _by_weight(runs), _by_climbing(runs)
    if weighed is None or climbed is None or weighed is climbed:
        return weighed if weighed is not None else climbed
    return _settle(weighed, climbed)


def _by_weight(runs: list[TextRun]) -> Element | None:
    """The block with the most punctuated text, its lists and menus counted against it."""
    scores: dict[Element, float] = {}
    for run in runs:
        _credit(scores, run)
    candidates = {e: s for e, s in scores.items() if e.tag not in _LEAVES and s > 0}
    if not candidates:
        return None
    return _tightest(max(candidates, key=lambda element: candidates[element]), scores)


def _by_climbing(runs: list[TextRun]) -> Element | None:
    """The box that most paragraphs point at, as Mozilla's readability climbs from them.

    Every sentence counts a point and its length up to three, whole for the box it stands in
    and half for the one around; lists don't count at all. So a long list of headlines can't
    outvote the text, as it may in a sum of weights.
    """
    scores: dict[Element, float] = {}
    for run in runs:
        points = _points(run)
        box: Element | None = _box(run.block)
        for share in (1.0, 0.5):
            if points and box is not None and box.tag not in ("body", "html"):
                scores[box] = scores.get(box, 0.0) + points * share
                box = _box(box.getparent())
    return max(scores, key=lambda element: scores[element]) if scores else None


def _points(run: TextRun) -> float:
    text = "".join(run.text).strip()
    marks_in_text = len(_PUNCTUATION.findall(text))
    is_prose = len(text) >= _MIN_POINTED and marks_in_text and not run.is_linked
    return 1 + marks_in_text + min(len(text) / 100, 3) if is_prose else 0.0


def _box(node: Element | None) -> Element | None:
    while node is not None and (node.tag in _LEAVES or node.tag in ("blockquote", "tr", "tbody")):
        node = node.getparent()
    return node


def _settle(weighed: Element, climbed: Element) -> Element:
    """Which of two containers the article is in.

    Of two that are apart, the one with more prose. Where one is within the other, the outer one
    when it adds prose, and more prose than lists; else the inner one.
    """
    if climbed not in weighed.iterancestors() and weighed not in climbed.iterancestors():
        return max((weighed, climbed), key=lambda e: _measure(e)[0])
    pair = (weighed, climbed) if climbed in weighed.iterancestors() else (climbed, weighed)
    inner, outer = pair
    (prose, rest), (all_prose, all_rest) = _measure(inner), _measure(outer)
    added, ballast = all_prose - prose, all_rest - rest
    return outer if added > _ADDED * prose and added > ballast else inner


def _measure(element: Element) -> tuple[int, int]:
    """The characters of an element's prose, and of its other lines."""
    prose = rest = 0
    for run in _runs(element):
        length = len("".join(run.text).strip())
        if _points(run):
            prose += length
        else:
            rest += length
    return prose, rest


def _runs(body: Element) -> list[TextRun]:
    return text_runs(body, _is_aside)


def text_runs(body: Element, is_left_out: Callable[[Element], bool]) -> list[TextRun]:
    """Cut the page's text at block boundaries, remembering how much of it is linked."""
    runs = [TextRun(body, [])]
    pending: list[tuple[Element | str, bool, Element]] = [(body, False, body)]
    while pending:
        node, in_link, block = pending.pop()
        if isinstance(node, str):
            _append(runs, block, node, in_link)
            continue
        tag = node.tag
        if not isinstance(tag, str) or tag in _UNREAD or is_left_out(node):
            continue
        in_link = in_link or tag == "a"
        inner = block
        if tag in BLOCKS:
            inner = node if tag != "br" else block
            runs.append(TextRun(inner, []))
        if (text := node.text) and not text.isspace():
            _append(runs, inner, text, in_link)
        for child in node.iterchildren(reversed=True):
            if (tail := child.tail) and not tail.isspace():
                pending.append((tail, in_link, inner))
            pending.append((child, in_link, inner))
    return runs


def _append(runs: list[TextRun], block: Element, text: str, in_link: bool) -> None:
    if runs[-1].block is not block:
        runs.append(TextRun(block, []))
    runs[-1].text.append(text)
    if in_link:
        runs[-1].linked += len(text.strip())
    else:
        runs[-1].free.append(text)


def _is_aside(node: Element) -> bool:
    if node.tag in ("body", "p", "h1", "h2", "article"):
        return False
    return _names_aside(marks(node))


@lru_cache(4096)  # a site's pages have the same few hundred names
def _names_aside(named: str) -> bool:
    return _ASIDE.search(named) is not None and _MAIN.search(named) is None


def _value(run: TextRun) -> float:
    text = "".join(run.text).strip()
    if len(text) < _MIN_RUN_CHARS:
        return 0.0
    if run.is_linked:
        return -0.5 * len(text)
    points = len(_PUNCTUATION.findall(text))
    if points * _CHARS_PER_MARK < len(text):
        return min(len(text), 200) * 0.05
    return len(text) + 8.0 * points


def _credit(scores: dict[Element, float], run: TextRun) -> None:
    """Credit a run to its block and, fading, to the blocks around it."""
    value, share = _value(run), 1.0
    node: Element | None = run.block
    for _ in range(_CLIMB):
        if node is None or not value or node.tag in ("body", "html"):
            return
        scores[node] = scores.get(node, 0.0) + value * share
        share *= 0.72 if node.tag in _LEAVES or node.tag == "blockquote" else 0.55
        node = node.getparent()


def _tightest(container: Element, scores: dict[Element, float]) -> Element:
    """Descend while one child holds nearly all: what stands beside it is lists and menus."""
    whole = _prose(container)
    while whole:
        for inner in container:
            if inner not in scores or inner.tag in _LEAVES:
                continue
            held = _prose(inner)
            if held >= _HELD * whole:
                container, whole = inner, held
                break
        else:
            break
    return container


def _prose(element: Element) -> float:
    return sum(max(_value(run), 0.0) for run in _runs(element))
