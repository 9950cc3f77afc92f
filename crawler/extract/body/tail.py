"""Where a text ends and its page goes on: with other articles, or with what readers say of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import islice

from lxml.etree import _Element as Element

from crawler.extract.body.judge.page_lines import HEADLINE, Line, PageLines, line_start
from crawler.extract.tree import whole_text

_BLOCKS = ("p", "head", "quote", "item", "row", "code")
_TEASER = 500  # letters: a longer paragraph is no other article's excerpt
_BETWEEN = 3  # lines between a headline and its excerpt: a date, a section, a name
_LEAST_HEADLINES = 2
# "34 responses to “…”", as WordPress has it in every language
_RESPONSES = re.compile(
    r"\d+\s(?:responses?|comments?|thoughts?|replies|kommentare?|commentaires?|comentarios?|comentários?"
    r"|reacties|risposte|réponses?|antworten|respuestas?)\s(?:to|on|zu|auf|sur|à|en|em|a|op|su)\s.{3,200}",
    re.I,
)
_COMMENTS = re.compile(
    r"\W*(?:(?:\d+\s+|(?:reader|all|show|view|latest|read)\s+)?(?:comments?|replies|responses|kommentare?r?"
    r"|commentaires?|comentarios?|comentários?|reacties|komentarze|комментари[ия]|yorumlar)"
    r"(?:\s*[(\[:]\s*\d+\s*[)\]]?)?|\d+条评论|(?:网友|读者|最新|全部|热门)评论(?:\s*[(（]\d+[)）])?)\W*",
    re.I,
)


def cut_tail(body: Element, page: PageLines) -> list[Element]:
    """The blocks at the end of an extracted body that are no longer the article's.

    Other articles are known by their linked headlines, each with an excerpt under it; comments by
    the line over them. What stands before must have a paragraph of prose.
    """
    blocks = [block for block in body.iter(*_BLOCKS) if _is_outermost(block)]
    places = _places(blocks, page)
    end = _before_comments(blocks, places, page)
    start, headlines = end, set[int]()
    while start:
        place = places[start - 1]
        if place is None:
            break
        line = page.lines[place]
        over = place if _is_headline(line, page) else _headline_over(place, page)
        if over is not None and len(line.text) * page.scale <= _TEASER:
            headlines.add(over)
        elif line.is_prose or not headlines:
            break
        start -= 1
    if len(headlines) < _LEAST_HEADLINES or not _has_prose(places[:start], page):
        start = end
    return blocks[start:]


def _is_outermost(block: Element) -> bool:
    inside = next(block.iterancestors(*_BLOCKS), None) is not None
    return not inside and bool(whole_text(block).strip())


def _places(blocks: list[Element], page: PageLines) -> list[int | None]:
    """Where in the page each block begins, in order; None where that is not known."""
    places: list[int | None] = []
    last = -1
    for block in blocks:
        found = page.places.get(line_start(" ".join(whole_text(block).split())), [])
        later = bisect_right(found, last)
        place = found[later] if later < len(found) else None
        places.append(place)
        last = last if place is None else place
    return places


def _is_headline(line: Line, page: PageLines) -> bool:
    return line.is_link and len(line.text) * page.scale > HEADLINE


def _headline_over(place: int, page: PageLines) -> int | None:
    """The linked headline right over a line, but for short lines between them."""
    for above in range(place - 1, max(-1, place - 2 - _BETWEEN), -1):
        line = page.lines[above]
        if _is_headline(line, page):
            return above
        if len(line.text) * page.scale > HEADLINE:
            break
    return None


def _before_comments(blocks: list[Element], places: list[int | None], page: PageLines) -> int:
    """How many blocks stand before the comments, where the page has a line that says so."""
    first = next((place for place in places if place is not None), len(page.lines))
    after = enumerate(islice(page.lines, first, None), first)
    for start in [n for n, line in after if _opens_comments(line.text)]:
        before = [n for n, place in enumerate(places) if place is not None and place < start]
        if before and _has_prose(places[: before[-1] + 1], page):
            rest = before[-1] + 1
            if _RESPONSES.fullmatch(page.lines[start].text) or not _is_mostly_after(blocks, rest):
                return rest
    return len(blocks)


def _opens_comments(line: str) -> bool:
    if len(line) < HEADLINE:
        return _may_say_comments(line) and _COMMENTS.fullmatch(line) is not None
    return line[0].isdigit() and _RESPONSES.fullmatch(line) is not None


def _may_say_comments(line: str) -> bool:
    """Whether a line has a piece that each of the words has: most have none."""
    if not line.isascii():
        return True
    small = line.lower()
    return "ment" in small or "re" in small or "yorum" in small


def _is_mostly_after(blocks: list[Element], rest: int) -> bool:
    """Whether what stands above the comments is only an introduction: a link to them led there."""
    sizes = [len(whole_text(block)) for block in blocks]
    return sum(sizes[rest:]) > 4 * sum(sizes[:rest])


def _has_prose(places: list[int | None], page: PageLines) -> bool:
    return any(place is not None and page.lines[place].is_prose for place in places)
