"""The speed benchmark: whose figures count, and what it serves."""

from __future__ import annotations

from benchmarks.speed.pages import page
from benchmarks.speed.report import Figure, above, medians

CEILINGS = {"page: ours": 1.5, "304: ours": 1.2}


def figure(what: str, ratio: float, value: float = 10.0) -> Figure:
    return Figure(what, "ours", "ms", value, ratio, None)


def test_only_a_ratio_above_its_ceiling_fails_a_run() -> None:
    found = [figure("page", 1.51), figure("304", 1.2), figure("written", 9.9)]
    assert above(found, CEILINGS) == ["page: ours: 1.51 times its peer, at most 1.5"]


def test_of_several_rounds_the_median_counts() -> None:
    rounds = [[figure("page", 1.4, 20)], [figure("page", 9.0, 90)], [figure("page", 1.6, 22)]]
    assert [(f.ratio, f.value) for f in medians(rounds)] == [(1.6, 22)]


def test_a_page_is_the_same_each_time_unlike_the_next_and_as_large_as_real_ones() -> None:
    assert page(3, 7) == page(3, 7) != page(3, 8)
    assert 50_000 < len(page(3, 7)) < 80_000
