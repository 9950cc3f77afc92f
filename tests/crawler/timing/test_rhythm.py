from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.timing.rhythm import Rhythm, learn_rhythm, usual_gap

MONDAY = datetime(2021, 12, 6, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
visits = st.lists(
    st.tuples(
        st.integers(0, 10**6),
        st.integers(0, 200),
        st.lists(st.integers(-(10**7), 10**6), max_size=12),
    ),
    max_size=4,
)


def visited(*, hours: int, every: timedelta = HOUR, new: int = 1) -> Rhythm:
    """Visits from Monday at 9, each with `new` entries dated ten minutes before."""
    rhythm, at = Rhythm(), MONDAY
    while at <= MONDAY + hours * HOUR:
        rhythm = learn_rhythm(rhythm, at=at, new=new, published=[at - timedelta(minutes=10)] * new)
        at += every
    return rhythm


def lived(steps: list[tuple[int, int, list[int]]]) -> Rhythm:
    rhythm, at = Rhythm(), MONDAY
    for seconds, new, dates in steps:
        at += timedelta(seconds=seconds)
        published = [at + timedelta(seconds=date) for date in dates]
        rhythm = learn_rhythm(rhythm, at=at, new=new, published=published)
    return rhythm


@settings(max_examples=40)
@given(visits)
def test_a_rhythm_is_read_back_as_it_was_written(steps: list[tuple[int, int, list[int]]]) -> None:
    rhythm = lived(steps)
    assert Rhythm.parse(rhythm.text()) == rhythm


def test_the_text_of_the_busiest_source_stays_near_a_kilobyte() -> None:
    full = Rhythm(
        visited=1638781200,
        faded=1638781200,
        news=1638781200,
        missed=0.1234,
        bins=(40320.0,) * 96,  # 100 items a visit, one every two minutes, for 20 days
        days=(276480.25,) * 7,
        watched=(2.88539,) * 7,
        lately=(3000.1234, 2999.1234, 108000.1234, 107999.1234),
        gaps=(62313.123, 2077.123, 69.123),
    )
    assert len(full.text()) < 1100


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "null",
        "[1]",
        "nonsense",
        "[" * 100_000,
        '{"visited": 1}',
        visited(hours=2).text().replace("0.0", "NaN", 1),
        visited(hours=2).text().replace("0.0", "-1", 1),
        visited(hours=2).text().replace("0.0", '"a"', 1),
        visited(hours=2).text().replace("0.0", "1e999", 1),
        json.dumps(json.loads(visited(hours=2).text()) | {"visited": 10**30}),
        json.dumps(json.loads(visited(hours=2).text()) | {"visited": None}),
        json.dumps(json.loads(visited(hours=2).text()) | {"days": [1.0]}),
    ],
    ids=range(14),
)
def test_what_is_no_rhythm_is_read_as_an_empty_one(text: str) -> None:
    assert Rhythm.parse(text) == Rhythm()


def test_an_item_counts_in_the_half_hour_and_weekday_of_its_date() -> None:
    rhythm = learn_rhythm(Rhythm(), at=MONDAY, new=0, published=[])
    tuesday = MONDAY + 24 * HOUR
    rhythm = learn_rhythm(
        rhythm, at=tuesday, new=1, published=[datetime(2021, 12, 7, 1, 31, tzinfo=UTC)]
    )
    assert [place for place, items in enumerate(rhythm.bins) if items] == [3]
    assert rhythm.days == (0, 1, 0, 0, 0, 0, 0)
    assert rhythm.watched == (0.625, 0.375, 0, 0, 0, 0, 0)


def test_a_weekend_has_half_hours_of_its_own() -> None:
    saturday = datetime(2021, 12, 11, 1, 0, tzinfo=UTC)
    rhythm = learn_rhythm(Rhythm(), at=saturday, new=0, published=[])
    rhythm = learn_rhythm(rhythm, at=saturday + HOUR, new=1, published=[saturday + HOUR / 4])
    assert [place for place, items in enumerate(rhythm.bins) if items] == [50]


@pytest.mark.parametrize(
    "date", [timedelta(hours=-9), timedelta(hours=8)], ids=["too early", "in the future"]
)
def test_an_item_dated_outside_the_visits_counts_evenly_between_them(date: timedelta) -> None:
    rhythm = learn_rhythm(Rhythm(), at=MONDAY, new=0, published=[])
    rhythm = learn_rhythm(rhythm, at=MONDAY + HOUR, new=1, published=[MONDAY + date])
    assert rhythm.bins[18:20] == (0.5, 0.5)


def test_items_without_dates_count_evenly_between_the_visits() -> None:
    rhythm = learn_rhythm(Rhythm(), at=MONDAY, new=0, published=[])
    rhythm = learn_rhythm(rhythm, at=MONDAY + HOUR, new=3, published=[])
    assert rhythm.bins[18:20] == (1.5, 1.5)


def test_old_items_listed_anew_are_no_news() -> None:
    rhythm = learn_rhythm(Rhythm(), at=MONDAY, new=0, published=[])
    old = [MONDAY - timedelta(days=day) for day in range(3, 33)]
    rhythm = learn_rhythm(rhythm, at=MONDAY + HOUR, new=30, published=old)
    assert sum(rhythm.bins) == 0


def test_a_source_that_renames_its_items_does_not_pass_for_a_wire() -> None:
    rhythm = learn_rhythm(Rhythm(), at=MONDAY, new=0, published=[])
    rhythm = learn_rhythm(rhythm, at=MONDAY + HOUR, new=40, published=[MONDAY - 2 * HOUR] * 40)
    assert sum(rhythm.bins) == 5


def test_the_first_document_tells_of_the_past() -> None:
    dates = [MONDAY - HOUR * n for n in range(20)]  # the oldest fifth is left out
    rhythm = learn_rhythm(Rhythm(), at=MONDAY, new=20, published=dates)
    assert sum(rhythm.days) == 16
    assert round(sum(rhythm.watched) * 24, 1) == 16


def test_a_pinned_item_does_not_make_the_past_look_slow() -> None:
    dates = [MONDAY - HOUR * n for n in range(19)]
    rhythm = learn_rhythm(
        Rhythm(), at=MONDAY, new=20, published=[*dates, MONDAY - timedelta(days=27)]
    )
    assert round(sum(rhythm.watched) * 24, 1) == 16


def test_a_first_document_stamped_with_the_time_of_the_visit_tells_nothing() -> None:
    rhythm = learn_rhythm(Rhythm(), at=MONDAY, new=20, published=[MONDAY] * 20)
    assert (sum(rhythm.bins), sum(rhythm.watched)) == (0, 0)


def test_dates_without_hours_do_not_make_midnight_a_busy_time() -> None:
    midnight = MONDAY.replace(hour=0)
    dates = [midnight - timedelta(days=day) for day in range(10) for _ in "ab"]
    rhythm = learn_rhythm(Rhythm(), at=MONDAY, new=20, published=dates)
    assert rhythm.bins[0] < 1 < sum(rhythm.bins)


def test_a_clock_set_back_does_no_harm() -> None:
    rhythm = visited(hours=5)
    assert learn_rhythm(rhythm, at=MONDAY, new=1, published=[]).visited == MONDAY.timestamp()


def test_counts_fade_by_half_in_a_fortnight() -> None:
    before = visited(hours=10)
    later = MONDAY + timedelta(days=14)
    after = learn_rhythm(before, at=later, new=0, published=[])
    assert sum(after.days) == pytest.approx(sum(before.days) / 2, abs=0.05)


def test_the_usual_gap_of_an_hourly_source_is_an_hour() -> None:
    assert usual_gap(visited(hours=48)) == HOUR


def test_the_usual_gap_knows_nights() -> None:
    """Twelve gaps of an hour by day, one of eleven by night: (12 · 1² + 11²) / 23 hours."""
    rhythm = learn_rhythm(Rhythm(), at=MONDAY, new=1, published=[])
    for hour in (*range(1, 13), 23):
        at = MONDAY + hour * HOUR
        rhythm = learn_rhythm(rhythm, at=at, new=1, published=[at])
    gap = usual_gap(rhythm)
    assert gap is not None
    assert round(gap / HOUR, 2) == 5.78


def test_the_usual_gap_is_unknown_before_there_are_five() -> None:
    assert usual_gap(visited(hours=4)) is None
