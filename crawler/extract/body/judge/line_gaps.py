"""What stands between a text's paragraphs: nothing in an article, in a list the same each time.

A list shows each story in one form, whatever that is: between two of its texts stand a headline, a
day, a name, a link, in the same order. So nothing need be known of the form itself.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

from crawler.extract.body.judge.features import Features
from crawler.extract.body.judge.page_lines import HEADLINE, Line

_LINK, _SHORT_LINK, _DAY, _SHORT, _LONG = "LldsS"  # what a line between paragraphs is


def gap_features(span: Sequence[Line], scale: float, has_day: Callable[[str], bool]) -> Features:
    """The features of the lines from a text's first to its last.

    `same_gap`: of the gaps between paragraphs, how many are the commonest that isn't empty, and
    `linked_gap` that has a link; shares. `run`: how many paragraphs follow each other, on average,
    and `longest_run` at most; logarithms.
    """
    gaps, runs, gap = list[str](), [0], ""
    for line in span:
        if line.is_prose and not line.again:
            if runs[0] or len(runs) > 1:
                gaps.append(gap)
            if gap and runs[-1]:
                runs.append(0)
            runs[-1] += 1
            gap = ""
        else:
            gap += _kind(line, scale, has_day)
    prose = sum(runs)
    filled = Counter(gap for gap in gaps if gap)
    linked = Counter(gap for gap in filled.elements() if _LINK in gap or _SHORT_LINK in gap)
    count = len(gaps) or 1
    return {
        "same_gap": _most(filled) / count,
        "linked_gap": _most(linked) / count,
        "run": math.log1p(prose / len(runs)),
        "longest_run": math.log1p(max(runs)),
    }


def _most(counted: Counter[str]) -> int:
    """How often the commonest is there; what is there once repeats nothing."""
    most = max(counted.values(), default=0)
    return most if most > 1 else 0


def _kind(line: Line, scale: float, has_day: Callable[[str], bool]) -> str:
    long = len(line.text) * scale > HEADLINE
    if line.is_link:
        return _LINK if long else _SHORT_LINK
    if long:
        return _LONG
    return _DAY if has_day(line.text) else _SHORT
