"""Which lines have a day, or a time of day."""

from __future__ import annotations

import pytest

from crawler.extract.body.judge.page_features import has_day

DATED = (
    *("2026-11-23", "2026. 3", "23.11.2026", "1/6", "Updated 7:05", "Nov 23", "Sept. 4, 2026"),
    *("23 novembre", "5. Mai 2026", "12. März", "MAY 4", "le 3 janv. 2026", "2026年3月", "1月6日"),
    *("3 hours ago", "5分钟前", "août 12", "an hour AGO"),
)
UNDATED = (
    *(
        "Topic 482910",
        "12 comments",
        "Market decides",
        "May I?",
        "Chicago",
        "May 10th-graders vote",
    ),
    *("前天", "20261123", "2,026 tonnes", "in 1999", "Ver. 2"),
)


@pytest.mark.parametrize("line", DATED)
def test_a_day_is_seen_in_every_form(line: str) -> None:
    assert has_day(line)


@pytest.mark.parametrize("line", UNDATED)
def test_figures_and_words_alone_are_no_day(line: str) -> None:
    assert not has_day(line)
