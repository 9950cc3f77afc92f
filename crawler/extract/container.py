"""Where a Chinese page keeps its article: the block with the most punctuated text.

trafilatura's rules are those of Western templates: given the whole of a Chinese page its F1 is
88, given the right block 99 (research/extraction.md). Sentences have punctuation; menus, lists
of headlines and tables of links have none, whatever the site calls them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.etree import _Element as Element

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
_CLIMB = 4  # how many ancestors a paragraph speaks for
_HELD = 0.93  # an only child that holds this share of the text is the tighter container


@dataclass(slots=True)
class _Run:
    """Text between two block boundaries, inside one block."""

    block: Element
    text: list[str]
    linked: int = 0


def find_container(tree: Element) -> Element | None:
    """Return the element that holds the article's paragraphs; None when no text is prose."""
    body = tree.find(".//body")
    if body is None:
        return None
    scores: dict[Element, float] = {}
    for run in _runs(body):
        _credit(scores, run)
    candidates = {e: s for e, s in scores.items() if e.tag not in _LEAVES and s > 0}
    if not candidates:
        return None
    return _tightest(max(candidates, key=lambda element: candidates[element]), scores)


def _runs(body: Element) -> list[_Run]:
    """Cut the page's text at block boundaries, remembering how much of it is linked."""
    runs = [_Run(body, [])]
    pending: list[tuple[Element, bool, bool, Element]] = [(body, False, False, body)]
    while pending:
        node, is_tail, in_link, block = pending.pop()
        if is_tail:
            _append(runs, block, node.tail, in_link)
            continue
        if not isinstance(node.tag, str) or node.tag in _UNREAD or _is_aside(node):
            continue
        in_link = in_link or node.tag == "a"
        inner = node if node.tag in BLOCKS and node.tag != "br" else block
        if node.tag in BLOCKS:
            runs.append(_Run(inner, []))
        _append(runs, inner, node.text, in_link)
        for child in reversed(node):
            pending += [(child, True, in_link, inner), (child, False, in_link, inner)]
    return runs


def _append(runs: list[_Run], block: Element, text: str | None, in_link: bool) -> None:
    if not text or not text.strip():
        return
    if runs[-1].block is not block:
        runs.append(_Run(block, []))
    runs[-1].text.append(text)
    runs[-1].linked += len(text.strip()) if in_link else 0


def _is_aside(node: Element) -> bool:
    if node.tag in ("body", "p", "h1", "h2", "article"):
        return False
    named = marks(node)
    return bool(_ASIDE.search(named)) and not _MAIN.search(named)


def _value(run: _Run) -> float:
    text = "".join(run.text).strip()
    if len(text) < _MIN_RUN_CHARS:
        return 0.0
    if run.linked > 0.5 * len(text):
        return -0.5 * len(text)
    points = len(_PUNCTUATION.findall(text))
    if points * _CHARS_PER_MARK < len(text):
        return min(len(text), 200) * 0.05
    return len(text) + 8.0 * points


def _credit(scores: dict[Element, float], run: _Run) -> None:
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
    while True:
        whole = _prose(container)
        inner = next(
            (
                c
                for c in container
                if c in scores and c.tag not in _LEAVES and _prose(c) >= _HELD * whole
            ),
            None,
        )
        if inner is None or whole == 0:
            return container
        container = inner


def _prose(element: Element) -> float:
    return sum(max(_value(run), 0.0) for run in _runs(element))
