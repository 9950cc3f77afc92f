"""What can be seen of a candidate for the article's text, without knowing the article or its site.

Every feature is a share, a ratio or a logarithm, so that a flash of sixty words and a report of ten
pages, Chinese and English, are judged on one scale.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Sequence

from crawler.extract.body.judge.page_lines import (
    HEADLINE,
    Line,
    PageLines,
    is_prose,
    line_start,
)

Features = dict[str, float]  # NaN: the page says nothing of it

_CLOSED = re.compile(r"[。！？.!?…։।;][\"'”’」』)）\]]*\s*$")
_UNKNOWN = math.nan


def features_of(page: PageLines, paragraphs: Sequence[str]) -> Features:
    """The features of one candidate, a list of paragraphs, on its page."""
    kept = places_of(page, paragraphs)
    mine = [page.lines[place] for place in sorted(kept)]
    size = sum(map(len, paragraphs))
    prose = _prose_of(page, paragraphs)
    first, last = (min(kept), max(kept)) if kept else (0, -1)
    return {
        **_of_text(page, paragraphs, size, prose),
        **_of_claims(page, paragraphs, size),
        **_of_place(page, mine, first, last, prose),
        **_of_lists(page, mine, kept, prose),
    }


def _of_text(page: PageLines, paragraphs: Sequence[str], size: int, prose: int) -> Features:
    long = [p for p in paragraphs if len(p) * page.scale > HEADLINE]
    repeated = sum(map(len, long)) - sum(map(len, set(long)))
    return {
        "log_size": math.log1p(size * page.scale),
        "log_count": math.log1p(len(paragraphs)),
        "longest": math.log1p(max(map(len, paragraphs), default=0) * page.scale),
        "prose_share": _share(prose, size),
        "closed": _share(sum(bool(_CLOSED.search(p)) for p in paragraphs), len(paragraphs)),
        "repeated": _share(repeated, size),
    }


def _of_claims(page: PageLines, paragraphs: Sequence[str], size: int) -> Features:
    """What agrees with the headline, the summary and the length that the page claims."""
    lower = "\n".join(paragraphs).lower()
    agreed = min(size, page.claimed_size) / max(size, page.claimed_size, 1)
    return {
        "title": _found(page.title, lower),
        "summary": _found(page.summary, lower),
        "claimed": page.claimed,
        "dated": float(page.dated),
        "claimed_size": agreed if page.claimed_size else _UNKNOWN,
    }


def _of_place(page: PageLines, mine: list[Line], first: int, last: int, prose: int) -> Features:
    """Where the text stands in the page, and what prose it leaves out."""
    headed = page.headline >= 0
    before = page.lines[page.headline + 1 : first] if headed else []
    mapped = sum(len(line.text) for line in mine)
    distance = math.log1p(max(0, first - page.headline)) if headed else _UNKNOWN
    return {
        "covered": min(_share(prose, page.prose), 1.0),
        "before": min(_share(_prose(before), prose), 3.0),
        "after": min(_share(_prose(page.lines[last + 1 :]), prose), 5.0),
        "distance": distance,
        "in_paragraphs": _share(sum(len(x.text) for x in mine if x.in_paragraph), mapped),
        "in_margin": _share(sum(len(x.text) for x in mine if x.in_margin), mapped),
    }


def _of_lists(page: PageLines, mine: list[Line], kept: set[int], prose: int) -> Features:
    """How much of the text, and of the page, is links to other articles."""
    mapped = sum(len(line.text) for line in mine)
    # a text that only a script shows is none of the page's lines
    teased, stretch = _stretches(page, kept) if kept else (0, prose)
    return {
        "linked": _share(sum(line.linked for line in mine), mapped),
        "linked_lines": _share(sum(line.is_link for line in mine), len(mine)),
        "teased": min(_share(teased, prose), 1.0),
        "stretch": min(_share(stretch, prose), 1.0),
        "log_stretch": math.log1p(stretch * page.scale),
        "page_prose": math.log1p(max(page.prose, prose) * page.scale),
        "page_headlines": math.log1p(page.headlines),
        "page_linked": page.linked,
        "per_headline": min(_share(prose * page.scale, 100 * page.headlines), 30.0),
    }


def places_of(page: PageLines, paragraphs: Sequence[str]) -> set[int]:
    """The page's lines that the candidate consists of, in order where a line returns."""
    kept, last = set[int](), -1
    for paragraph in paragraphs:
        if places := page.places.get(line_start(paragraph)):
            later = bisect_right(places, last)
            last = places[later] if later < len(places) else places[0]
            kept.add(last)
    return kept


def _prose_of(page: PageLines, paragraphs: Sequence[str]) -> int:
    """Characters in paragraphs that have a sentence, each paragraph once."""
    once = set(paragraphs)
    return sum(len(p) for p in once if is_prose(p, page.scale))


def _stretches(page: PageLines, kept: set[int]) -> tuple[int, int]:
    """The prose right under linked headlines, and the longest stretch of prose between two."""
    teased = stretch = longest = 0
    under = False
    for place in range(min(kept, default=0), max(kept, default=-1) + 1):
        line = page.lines[place]
        if line.is_link and len(line.text) * page.scale > HEADLINE:
            under, longest, stretch = True, max(longest, stretch), 0
        elif line.is_prose and place in kept and not line.again:
            teased += len(line.text) if under else 0
            stretch += len(line.text)
            under = False
    return teased, max(longest, stretch)


def _prose(lines: list[Line]) -> int:
    return sum(len(x.text) for x in lines if x.is_prose and not x.in_margin and not x.again)


def _found(wanted: frozenset[str], text: str) -> float:
    return sum(term in text for term in wanted) / len(wanted) if wanted else _UNKNOWN


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
