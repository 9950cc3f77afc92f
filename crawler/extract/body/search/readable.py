"""A second, independent search for the article: Readability's method, on the tree that is parsed.

After the published description of arc90's Readability and Mozilla's: paragraphs give points to the
boxes around them, names raise and lower them, links lower them, siblings of the best box are taken
with it, and boxes of links, forms and short pieces are taken out of what was found. What is ours:
a box's name is believed only where the rest of the page has more prose.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from lxml.etree import _Element as Element

from crawler.extract.body.search.container import TextRun, nested, text_runs
from crawler.extract.tree import marks, visible_text, whole_text

_UNLIKELY = re.compile(
    r"-ad-|ai2html|banner|breadcrumb|combx|comment|community|consent|cookie|cover-wrap|disqus|extra"
    r"|footer|gdpr|(?<!has-)header|legends|menu|modal|newsletter|pager|pagination|pinglun|popup|promo"
    r"|related|remark|replies|rss|shoutbox|sidebar|skyscraper|social|sponsor|subscri|supplemental"
    r"|teaser|tuijian|widget|ad-break|agegate|yom-remote",
    re.I,
)
_MAYBE = re.compile(r"and|article|body|column|content|main|shadow|story|text", re.I)
_GOOD = re.compile(
    r"article|body|content|entry|hentry|h-entry|main|page|post|text|blog|story|artikel|noticia",
    re.I,
)
_BAD = re.compile(
    r"-ad-|hidden|^hid$| hid$| hid |^hid |banner|combx|comment|com-|contact|footer|gdpr|masthead"
    r"|media|meta|outbrain|promo|related|scroll|share|shoutbox|sidebar|skyscraper|sponsor|shopping|tags"
    r"|widget|kommentar|newsletter|subscri|author",
    re.I,
)
_TAG_POINTS = (
    {"div": 5.0, "pre": 3.0, "td": 3.0, "blockquote": 3.0, "article": 5.0, "section": 3.0}
    | dict.fromkeys(("address", "ol", "ul", "dl", "dd", "dt", "li", "form", "nav", "aside"), -3.0)
    | dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "th", "footer"), -5.0)
)
_COMMA = re.compile(r"[,，、。；،;]|[.!?](?=\s)")
_NAME_POINTS = 25.0
_MIN_CHARS = 25  # a shorter line is no paragraph
_MIN_FOUND = 500  # characters: below, names are believed no more
_NEARLY_ALL = 0.8  # of the points of a page
_LEVELS = 5  # boxes around a paragraph that it gives points to
_TRUSTED = 0.5  # of the page's points: a name takes out no more
_SIBLING, _SIBLING_POINTS = 0.2, 10.0
_LONG_CHARS, _FEW_LINKS = 80, 0.25
_NEAR_TOP, _MANY_NEAR = 0.75, 3
_NO_BOXES = frozenset(
    {"p", "span", "a", "b", "strong", "em", "i", "u", "font", "small", "tr", "li"}
)
_TAKEN_OUT = ("form", "fieldset", "footer", "aside", "nav", "button", "input", "select", "h1")
_WEIGHED = ("table", "ul", "ol", "dl", "div", "section")
_CLOSED = re.compile(r"[.。!?！？](?:\s|$)")


@dataclass(slots=True)
class _Tally:
    """What lies in a box: characters, and how many of them are links."""

    chars: int = 0
    linked: int = 0
    points: float = 0.0

    @property
    def density(self) -> float:
        return self.linked / self.chars if self.chars else 0.0


class _Weighed(NamedTuple):
    """A run of text, measured once for all searches."""

    block: Element
    opens: bool
    chars: int
    linked: int
    points: float

    @classmethod
    def of(cls, run: TextRun) -> _Weighed:
        line = run.line
        return cls(run.block, run.opens, len(line), run.linked, _points(run, line))


def find_readable(tree: Element) -> list[Element]:
    """Return the boxes that hold the article, in the page's order; none where no text is prose."""
    body = tree.find(".//body")
    if body is None:
        return []
    runs = [_Weighed.of(run) for run in text_runs(body)]
    found: list[Element] = []
    for with_names in (True, False):
        boxes = _search(runs, with_names=with_names)
        if _chars(boxes) > _chars(found):
            found = boxes
        if _chars(found) >= _MIN_FOUND:
            break
    return found


def find_wide(tree: Element) -> Element | None:
    """Return the lowest box that holds nearly all of the page's prose outside of margins.

    For a text that its page cuts into many boxes, of which no one stands out.
    """
    body = tree.find(".//body")
    if body is None:
        return None
    tallies = _tallies([_Weighed.of(run) for run in text_runs(body, _is_margin)])
    if body not in tallies:
        return None
    least = _NEARLY_ALL * tallies[body].points
    holding = [box for box, tally in tallies.items() if tally.points >= least]
    return holding[-1] if least else None  # outer boxes come first


def _is_margin(box: Element) -> bool:
    return box.tag in ("nav", "aside", "footer", "form")


def _chars(boxes: Iterable[Element]) -> int:
    return sum(len(visible_text(box)) for box in boxes)


def _search(runs: list[_Weighed], *, with_names: bool) -> list[Element]:
    tallies = _tallies(runs)
    trusted = None
    if with_names:
        trusted = _TRUSTED * max((tally.points for tally in tallies.values()), default=0.0)
    scores = _score(runs, tallies, trusted)
    for box in scores:
        scores[box] *= 1 - tallies[box].density
    if not scores:
        return []
    return _with_siblings(_top(scores), scores, tallies, trusted)


def _tallies(runs: list[_Weighed]) -> dict[Element, _Tally]:
    """The characters, links and points in every box of the page; outer boxes come first."""
    around = nested(run.block for run in runs)
    tallies = {box: _Tally() for box in around}
    for run in runs:
        tally = tallies[run.block]
        tally.chars += run.chars
        tally.linked += run.linked
        tally.points += run.points
    for box in reversed(around):  # what a box has goes on to the one around, once
        outside = around[box]
        if outside is not None:
            tally, outer = tallies[box], tallies[outside]
            outer.chars += tally.chars
            outer.linked += tally.linked
            outer.points += tally.points
    return tallies


def _points(run: TextRun, line: str) -> float:
    """A paragraph's points: one, one for each comma, and up to three for its length."""
    if len(line) < _MIN_CHARS or run.is_linked:
        return 0.0
    return 1.0 + len(_COMMA.findall(line)) + min(len(line) / 100, 3.0)


def _is_unlikely(box: Element, tally: _Tally | None, trusted: float | None) -> bool:
    """Whether a box's name says that it is not the article, and it holds little of the page.

    `trusted`: from how many points on no name is believed; None: none is.
    """
    if tally is None or trusted is None or tally.points >= trusted:
        return False
    return box.tag not in ("body", "html", "a") and _is_out(box)


def _is_out(box: Element) -> bool:
    if box.tag in ("nav", "aside", "footer"):
        return True
    return _names_out(marks(box))


@lru_cache(4096)  # a site's pages have the same few hundred names
def _names_out(named: str) -> bool:
    return _UNLIKELY.search(named) is not None and _MAYBE.search(named) is None


def _score(
    runs: list[_Weighed], tallies: dict[Element, _Tally], trusted: float | None
) -> dict[Element, float]:
    """The points of the boxes around each paragraph: whole, half, a sixth, and so on.

    A name costs points where a box has less than the `trusted`, and gains some everywhere; None:
    names are dumb.
    """
    unlikely = {
        box
        for box, tally in tallies.items()
        if tally.points and _is_unlikely(box, tally, trusted)  # the rest adds nothing anyway
    }
    scores: dict[Element, float] = {}
    lonely = _lonely(runs)
    for run in runs:
        if not (points := run.points):
            continue
        around = [run.block, *run.block.iterancestors()]
        if not unlikely.isdisjoint(around):
            continue
        if run.block in lonely:
            around = around[1:]
        boxes = [box for box in around if box.tag not in _NO_BOXES and box.tag != "html"]
        for level, box in enumerate(boxes[:_LEVELS]):
            if box not in scores:
                scores[box] = _first_points(box, tallies[box], trusted)
            scores[box] += points / (1 if level == 0 else 2 if level == 1 else 3 * level)
    return scores


def _lonely(runs: list[_Weighed]) -> set[Element]:
    """Boxes that are one paragraph: their points go to the box around."""
    seen = Counter(run.block for run in runs)
    return {run.block for run in runs if run.opens and seen[run.block] == 1}


def _first_points(box: Element, tally: _Tally, trusted: float | None) -> float:
    points = _TAG_POINTS.get(str(box.tag), 0.0)
    if trusted is None:
        return points
    named = _name_points(box)
    return points + (named if tally.points < trusted else max(named, 0.0))


def _name_points(box: Element) -> float:
    names = (box.get("class"), box.get("id"))
    return sum(_points_of_name(name) for name in names if name)


@lru_cache(4096)  # a site's pages have the same few hundred names
def _points_of_name(name: str) -> float:
    good, bad = _GOOD.search(name) is not None, _BAD.search(name) is not None
    return _NAME_POINTS * (good - bad)


def _top(scores: dict[Element, float]) -> Element:
    """The best box, or the one around several that are nearly as good."""
    ranked = sorted(scores, key=lambda box: scores[box], reverse=True)[:5]
    top = ranked[0]
    near = [box for box in ranked[1:] if scores[box] >= _NEAR_TOP * scores[top]]
    if len(near) >= _MANY_NEAR:
        for ancestor in top.iterancestors():
            if ancestor.tag in ("body", "html"):
                break
            if sum(ancestor in box.iterancestors() for box in near) >= _MANY_NEAR:
                top = ancestor
                break
    return _climbed(top, scores)


def _climbed(top: Element, scores: dict[Element, float]) -> Element:
    """Go up while the box around scores more: what lies around half a text scores its rest."""
    last, least = scores.get(top, 0.0), scores.get(top, 0.0) / 3
    for parent in top.iterancestors():
        if parent.tag in ("body", "html"):
            break
        if parent not in scores:
            continue
        if scores[parent] < least:
            break
        if scores[parent] > last:
            return parent
        last = scores[parent]
    return top


def _with_siblings(
    top: Element,
    scores: dict[Element, float],
    tallies: dict[Element, _Tally],
    trusted: float | None,
) -> list[Element]:
    parent = top.getparent()
    if parent is None or top.tag == "body":
        return [top]
    best = scores.get(top, 0.0)
    least = max(_SIBLING_POINTS, _SIBLING * best)
    chosen = []
    for sibling in parent:
        if sibling is top:
            chosen.append(sibling)
        elif isinstance(sibling.tag, str) and not _is_unlikely(
            sibling, tallies.get(sibling), trusted
        ):
            same = bool(top.get("class")) and sibling.get("class") == top.get("class")
            points = scores.get(sibling, 0.0) + _SIBLING * best * same
            if (sibling in scores and points >= least) or _is_paragraph(sibling, tallies):
                chosen.append(sibling)
    return chosen


def _is_paragraph(element: Element, tallies: dict[Element, _Tally]) -> bool:
    tally = tallies.get(element)
    if element.tag != "p" or tally is None:
        return False
    if tally.chars > _LONG_CHARS:
        return tally.density < _FEW_LINKS
    return not tally.linked and bool(_CLOSED.search(visible_text(element)))


def clean_readable(document: Element) -> None:
    """Take out of what was found, in place: forms, menus, boxes of links and of short pieces."""
    whole = len(whole_text(document))
    for element in list(document.iter(*_TAKEN_OUT)):
        if len(whole_text(element)) < 0.5 * whole:
            _drop(element)
    named = _doubted_names(document, whole)
    for element in reversed(list(document.iter(*_WEIGHED))):
        is_small = len(whole_text(element)) < 0.5 * whole
        if element.getparent() is not None and is_small and _is_furniture(element, named):
            _drop(element)


def _doubted_names(document: Element, whole: int) -> bool:
    """Whether boxes with a doubtful name hold less than half of the text: else names are dumb."""
    held, pending = 0, list(document)
    while pending:
        box = pending.pop()
        if box.tag in _WEIGHED and _name_points(box) < 0:
            held += len(whole_text(box))
        else:
            pending.extend(box)
    return held < _TRUSTED * whole


def _is_furniture(box: Element, named: bool) -> bool:
    """Readability's conditional cleaning: by names, by links, by what a box consists of."""
    text = whole_text(box).strip()
    points = _name_points(box) if named else max(0.0, _name_points(box))
    if points < 0:
        return True
    if len(_COMMA.findall(text)) >= 10:
        return False
    linked = sum(len(whole_text(link)) for link in box.iter("a"))
    density = linked / len(text) if text else 0.0
    paragraphs = sum(1 for _ in box.iter("p"))
    items = sum(1 for _ in box.iter("li")) - 100
    inputs = sum(1 for _ in box.iter("input"))
    is_list = box.tag in ("ul", "ol")
    return (
        (not is_list and items > paragraphs)
        or inputs > paragraphs / 3
        or (not is_list and not text)
        or (points < _NAME_POINTS and density > 0.2)
        or (points >= _NAME_POINTS and density > 0.5)
    )


def _drop(element: Element) -> None:
    if element.getparent() is not None:
        element.drop_tree()  # type: ignore[attr-defined]
