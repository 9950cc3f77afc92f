"""When a source is to be visited again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from archive.entries.announcing import Planner
from archive.model import SourceState, SourceStatus
from config.model import ScheduleSettings, Source
from crawler.discover.model import Hints
from crawler.fetch.house.planning import plan_after_failure, plan_after_success
from crawler.fetch.http.outcomes import Failed
from crawler.timing.rhythm import Rhythm, learn_rhythm

NOW = datetime(2021, 12, 9, 14, 42, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SCHEDULE = ScheduleSettings(
    interval=15 * MINUTE, min_interval=2 * MINUTE, max_interval=360 * MINUTE
)
LOST = Failed(reason="timeout")


def source(**clock: object) -> Source:
    return Source(id="a", name="a", url="https://a.example.com/feed", **clock)


def after_success(
    *,
    fresh: timedelta | None = None,
    published: tuple[datetime, ...] = (),
    pushed: bool = False,
    **clock: object,
) -> Planner:
    return plan_after_success(
        source(**clock),
        SCHEDULE,
        at=NOW,
        published=published,
        hints=Hints(),
        fresh=fresh,
        now=NOW,
        pushed=pushed,
    )


def after_failure(failed: Failed = LOST, *, gone: bool = False, **clock: object) -> Planner:
    return plan_after_failure(source(**clock), SCHEDULE, failed, gone=gone, now=NOW)


def state(**changes: object) -> SourceState:
    fields = {"id": "a", "name": "a", "kind": "feed", "url": "https://a.example.com/feed"}
    empty = {"category": "", "section": "", "language": "", "enabled": True}
    return SourceState(**fields, **empty, **changes)


def pause_after_failure(failed: Failed = LOST, **changes: object) -> timedelta | None:
    due = after_failure(failed)(state(**changes), 0, None).next_due
    return due and due - NOW


def test_each_failure_adds_an_interval_up_to_the_longest() -> None:
    assert [pause_after_failure(interval_s=1800, failures=n) for n in (0.5, 1.0, 3.0, 99.0)] == [
        45 * MINUTE,
        60 * MINUTE,
        120 * MINUTE,
        360 * MINUTE,
    ]


def test_a_source_that_never_answered_backs_off_from_the_usual_interval() -> None:
    assert pause_after_failure(failures=1.0) == 30 * MINUTE


def test_the_hosts_own_wish_is_longer() -> None:
    busy = Failed(reason="HTTP 429", wait_s=7200.0)
    assert pause_after_failure(busy, failures=0.5) == 120 * MINUTE


def test_what_is_gone_has_no_turn() -> None:
    assert after_failure(gone=True)(state(), 0, None).next_due is None
    assert pause_after_failure(status=SourceStatus.GONE) is None


def test_a_fixed_interval_is_kept_whatever_was_learned() -> None:
    plan = after_success(fresh=90 * MINUTE, interval=timedelta(minutes=7))(state(), 3, None)
    assert (plan.next_due, plan.interval_s) == (NOW + 7 * MINUTE, 420)


@pytest.mark.parametrize("clock", [{"cron": "*/5 9-15 * * 1-5"}, {"market_hours": "XSHG"}])
def test_a_clock_of_its_own_is_the_schedulers(clock: dict[str, object]) -> None:
    plan = after_success(**clock)(state(), 1, None)
    failed = after_failure(**clock)(state(failures=1.0), 0, None)
    assert (plan.next_due, plan.interval_s, failed.next_due) == (None, None, None)


def test_what_a_visit_brings_is_learned() -> None:
    plan = after_success(fresh=40 * MINUTE, published=(NOW - MINUTE,))(state(), 1, None)
    assert plan.rhythm != "{}"
    assert plan.next_due is not None
    assert plan.next_due >= NOW + 40 * MINUTE  # Cache-Control says that nothing will change


def interval_of_a_wire(new: int = 0, *, pushed: bool, **clock: object) -> timedelta:
    """Of a source whose news came every three hours, visited an hour after the last."""
    rhythm = Rhythm()
    for hours in range(120, 0, -3):
        at = NOW - hours * 60 * MINUTE
        rhythm = learn_rhythm(rhythm, at=at, new=1, published=[at])
    plan = after_success(pushed=pushed, **clock)(state(rhythm=rhythm.text()), new, None)
    return timedelta(seconds=plan.interval_s or 0)


def test_a_source_that_is_pushed_is_visited_after_its_usual_gap() -> None:
    assert interval_of_a_wire(pushed=False) < 60 * MINUTE
    assert interval_of_a_wire(pushed=True) == 180 * MINUTE


def test_news_that_the_hub_kept_to_itself_brings_the_visits_back() -> None:
    assert interval_of_a_wire(1, pushed=True) < 60 * MINUTE


def test_the_users_own_interval_holds_for_what_is_pushed_too() -> None:
    assert interval_of_a_wire(pushed=True, interval=7 * MINUTE) == 7 * MINUTE


@pytest.mark.parametrize(("cap_s", "minutes"), [(300.0, 5), (30.0, 2), (7200.0, 15), (None, 15)])
def test_a_source_that_overflowed_is_visited_sooner(cap_s: float | None, minutes: int) -> None:
    steady = learn_rhythm(Rhythm(), at=NOW, new=0, published=()).text()
    due = after_success()(state(rhythm=steady), 0, cap_s).next_due
    assert due is not None
    assert round((due - NOW) / MINUTE) == minutes


def test_an_interval_of_the_user_is_not_shortened() -> None:
    plan = after_success(interval=30 * MINUTE)(state(), 0, 60.0)
    assert plan.next_due == NOW + 30 * MINUTE


def test_what_should_have_come_is_known_once_a_week_was_watched() -> None:
    day = timedelta(days=1)
    young = learn_rhythm(Rhythm(), at=NOW - day, new=0, published=())
    hourly = [NOW - day - n * timedelta(hours=1) for n in range(1, 250)]
    old = learn_rhythm(Rhythm(), at=NOW - day, new=249, published=hourly)
    assert after_success()(state(rhythm=young.text()), 0, None).expected is None
    expected = after_success()(state(rhythm=old.text()), 0, None).expected
    assert expected is not None
    assert 22 < expected < 26
