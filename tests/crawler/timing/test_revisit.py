from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discover.model import Hints
from crawler.timing.revisit import Limits, after_failures, fresh_for, next_interval
from crawler.timing.rhythm import Rhythm, learn_rhythm
from tests.crawler.timing.test_rhythm import lived, visits

MONDAY = datetime(2021, 12, 6, 9, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LIMITS = Limits(shortest=2 * MINUTE, longest=6 * HOUR, start=15 * MINUTE)
anything = st.builds(
    Hints,
    ttl=st.none() | st.timedeltas(timedelta(0), timedelta(days=10**6)),
    skip_hours=st.frozensets(st.integers(0, 23)),
    skip_days=st.frozensets(st.integers(0, 6)),
)


def interval(rhythm: Rhythm, now: datetime, **how: object) -> timedelta:
    return next_interval(rhythm, now=now, limits=LIMITS, **how)


def watched(days: float, *, gap: timedelta, quiet: timedelta = timedelta(0)) -> Rhythm:
    """An item every `gap`, seen a minute later, for some days up to Monday at 9, less `quiet`."""
    at = MONDAY - days * DAY
    rhythm = learn_rhythm(Rhythm(), at=at, new=0, published=[])
    while (at := at + gap) <= MONDAY:
        news = at <= MONDAY - quiet
        rhythm = learn_rhythm(rhythm, at=at, new=int(news), published=[at - MINUTE] if news else [])
    return rhythm


def test_a_source_of_which_nothing_is_known_waits_the_configured_interval() -> None:
    assert interval(Rhythm(), MONDAY) == 15 * MINUTE


@pytest.mark.parametrize(
    ("gap", "minutes"), [(67 * MINUTE, 15.9), (241 * MINUTE, 30.1), (17 * MINUTE, 8)]
)
def test_the_interval_goes_with_the_root_of_the_rate(gap: timedelta, minutes: float) -> None:
    found = interval(watched(28, gap=gap), MONDAY) / MINUTE
    assert found == pytest.approx(minutes, rel=0.15)


def test_a_pause_is_felt_within_hours() -> None:
    busy = interval(watched(7, gap=10 * MINUTE), MONDAY)
    paused = interval(watched(7, gap=10 * MINUTE, quiet=2 * HOUR), MONDAY)
    assert paused > 1.5 * busy


def test_a_dead_source_comes_to_the_longest_interval() -> None:
    assert interval(watched(90, gap=6 * HOUR, quiet=75 * DAY), MONDAY) == 6 * HOUR


def test_a_visit_falls_into_the_half_hour_that_always_brings_news() -> None:
    """Five items at 9:10 every weekday: an hour and a half before, the night's interval ends."""
    rhythm, at = Rhythm(), datetime(2021, 11, 1, 0, 0, tzinfo=UTC)
    while at < MONDAY - 90 * MINUTE:
        news = at.weekday() < 5 and (at.hour, at.minute) == (9, 30)
        dates = [at - 20 * MINUTE] * 5 if news else []
        rhythm = learn_rhythm(rhythm, at=at, new=len(dates), published=dates)
        at += 30 * MINUTE
    night = interval(rhythm, MONDAY - 12 * HOUR)
    before = interval(rhythm, MONDAY - 90 * MINUTE)
    during = interval(rhythm, MONDAY + 5 * MINUTE)
    assert (night > 2 * HOUR, 90 * MINUTE < before < 110 * MINUTE) == (True, True)
    assert during < 15 * MINUTE


@settings(max_examples=40)
@given(
    visits,
    anything,
    st.none() | st.timedeltas(timedelta(0), timedelta(days=10**6)),
    st.integers(1, 10**5),
    st.integers(0, 10**6),
)
def test_an_interval_lies_within_its_limits(
    steps: list[tuple[int, int, list[int]]],
    hints: Hints,
    fresh: timedelta | None,
    shortest: int,
    more: int,
) -> None:
    low, high = timedelta(seconds=shortest), timedelta(seconds=shortest + more)
    limits = Limits(shortest=low, longest=high, start=15 * MINUTE)
    found = next_interval(lived(steps), now=MONDAY, limits=limits, hints=hints, fresh=fresh)
    assert low <= found <= high


@settings(max_examples=40)
@given(
    visits,
    st.integers(1, 10**6),
    st.lists(st.integers(-(10**6), 10**5), max_size=30),
    st.integers(0, 30),
    st.integers(0, 30),
)
def test_more_news_never_lengthens_the_interval(
    steps: list[tuple[int, int, list[int]]], later: int, dates: list[int], fewer: int, extra: int
) -> None:
    before = lived([*steps, (1, 0, [])])
    at = datetime.fromtimestamp((before.visited or 0) + later, UTC)
    published = [at + timedelta(seconds=date) for date in dates]
    less, more = (
        interval(learn_rhythm(before, at=at, new=new, published=published), at)
        for new in (fewer, fewer + extra)
    )
    assert more <= less + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("asked", "minutes"),
    [
        ({"hints": Hints(ttl=40 * MINUTE)}, 40),
        ({"hints": Hints(ttl=5 * MINUTE)}, 15),
        ({"hints": Hints(ttl=30 * DAY)}, 60),
        ({"fresh": 20 * MINUTE}, 20),
        ({"fresh": 365 * DAY, "hints": Hints(ttl=20 * MINUTE)}, 60),
        ({"hints": Hints(skip_hours=frozenset({9}))}, 60),
        ({"hints": Hints(skip_hours=frozenset({8}))}, 15),
        ({"hints": Hints(skip_days=frozenset({0}))}, 60),
        ({"hints": Hints(skip_days=frozenset(range(7)))}, 15),
    ],
    ids=range(9),
)
def test_a_hint_holds_a_source_back_an_hour_at_most(asked: dict, minutes: int) -> None:
    assert interval(Rhythm(), MONDAY, **asked) == minutes * MINUTE


def test_a_visit_waits_for_the_end_of_the_hour_to_skip() -> None:
    now = MONDAY + 40 * MINUTE
    hints = Hints(skip_hours=frozenset({9}))
    assert interval(Rhythm(), now, hints=hints) == 20 * MINUTE


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "public, max-age=300"}, 300),
        ({"cache-control": 'Max-Age="300"'}, 300),
        ({"Cache-Control": "max-age=60, s-maxage=900", "Age": "100"}, 800),
        ({"Cache-Control": "max-age=60", "Age": "100"}, 0),
        ({"Cache-Control": "max-age=60", "Age": "-100"}, 60),
        ({"Cache-Control": "no-cache"}, None),
        ({"Cache-Control": "xmax-age=5"}, None),
        ({"Cache-Control": "max-age=-1"}, None),
        ({"Cache-Control": "max-age=" + "9" * 50}, 999999999),
        (
            {
                "Date": "Mon, 06 Dec 2021 01:00:00 GMT",
                "Expires": "Mon, 06 Dec 2021 01:10:00 GMT",
            },
            600,
        ),
        ({"Expires": "Mon, 06 Dec 2021 09:10:00 GMT"}, 600),
        ({"Expires": "Mon, 06 Dec 2021 08:00:00 GMT"}, 0),
        ({"Expires": "0"}, None),
        ({"Expires": "Mon, 99 Dec 2021 99:00:00 GMT"}, None),
        (
            {"Cache-Control": "max-age=60", "Expires": "Mon, 06 Dec 2021 19:00:00 GMT"},
            60,
        ),
    ],
    ids=range(16),
)
def test_an_answer_says_how_long_it_stays_fresh(
    headers: dict[str, str], seconds: int | None
) -> None:
    found = fresh_for(headers, now=MONDAY)
    assert found == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, 15), (0.25, 18.75), (1, 30), (3, 60), (50, 360), (1e300, 360)]
)
def test_failures_lengthen_the_interval_one_by_one(failures: float, minutes: float) -> None:
    assert after_failures(15 * MINUTE, failures, longest=6 * HOUR) == minutes * MINUTE


def test_an_interval_longer_than_the_longest_stays() -> None:
    assert after_failures(DAY, 3, longest=6 * HOUR) == DAY


def test_dates_that_are_always_now_teach_the_same_rate() -> None:
    honest, dishonest, at = Rhythm(), Rhythm(), MONDAY - 7 * DAY
    while at < MONDAY:
        at += 17 * MINUTE
        listed = [at - 9 * MINUTE - n * 17 * MINUTE for n in range(20)]
        honest = learn_rhythm(honest, at=at, new=1, published=listed)
        dishonest = learn_rhythm(dishonest, at=at, new=1, published=[at] * 20)
    ratio = interval(dishonest, MONDAY) / interval(honest, MONDAY)
    assert ratio == pytest.approx(1, abs=0.1)
