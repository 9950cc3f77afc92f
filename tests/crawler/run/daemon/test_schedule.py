from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from archive.errors import ConfigError
from archive.model import SourceState
from config.model import Config, ScheduleSettings, Source
from crawler.run.daemon.schedule import (
    cron_trigger,
    first_run,
    load_markets,
    make_scheduler,
    reschedule,
    sync_sources,
    trigger_for,
)
from tests.extras import needs_markets

# exchange_calendars 4.13 uses what pandas 3.1 deprecates
pytestmark = pytest.mark.filterwarnings("ignore:Series.values:DeprecationWarning")

SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY = datetime(2021, 12, 10, 14, 56, tzinfo=SHANGHAI)


def _next(crontab: str, after: datetime = FRIDAY, zone: ZoneInfo = SHANGHAI) -> str:
    fire = cron_trigger(crontab, zone).get_next_fire_time(None, after)
    return fire.strftime("%a %Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("crontab", "expected"),
    [
        ("*/5 9-14 * * 1-5", "Mon 2021-12-13 09:00"),
        ("0 8 * * 0", "Sun 2021-12-12 08:00"),
        ("0 8 * * 7", "Sun 2021-12-12 08:00"),
        ("0 8 * * sat", "Sat 2021-12-11 08:00"),
        ("0 8 * * 6,1", "Sat 2021-12-11 08:00"),
        ("30 7 1 * *", "Sat 2022-01-01 07:30"),
        ("0 8 13 * 0", "Sun 2021-12-12 08:00"),  # crontab(5): either day will do
        ("0 8 11 * 0", "Sat 2021-12-11 08:00"),
        ("*/20 * * * *", "Fri 2021-12-10 15:00"),
    ],
)
def test_a_crontab_line_means_what_crontab_says(crontab: str, expected: str) -> None:
    assert _next(crontab) == expected


NOON = datetime(2021, 12, 9, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def _source(id: str = "s", **more: object) -> Source:
    return Source(id=id, name="S", url="https://example.com/feed", **more)


def _config(*sources: Source, **schedule: str) -> Config:
    return Config(source=sources, schedule=ScheduleSettings(**schedule))


def _state(next_due: datetime | None) -> SourceState:
    return SourceState(
        id="s",
        name="S",
        kind="feed",
        url="https://example.com/feed",
        category="",
        section="",
        language="",
        enabled=True,
        next_due=next_due,
    )


class Desk:
    """A scheduler that stands still, as it is before the daemon starts it."""

    def __init__(self) -> None:
        self.scheduler = make_scheduler()

    async def open(self) -> None:
        self.scheduler.start(paused=True)

    async def close(self) -> None:
        self.scheduler.shutdown(wait=False)

    def sync(self, *sources: Source, due: datetime | None = None, **schedule: str) -> None:
        states = {} if due is None else {"s": _state(due)}
        config = _config(*sources, **schedule)
        sync_sources(self.scheduler, config, states, lambda _: None, NOON)

    def turns(self) -> dict[str, datetime]:
        return {job.id: job.next_run_time for job in self.scheduler.get_jobs()}


@pytest.fixture
def desk() -> Iterator[Desk]:
    with asyncio.Runner() as runner:
        desk = Desk()
        runner.run(desk.open())
        yield desk
        runner.run(desk.close())


def test_a_source_keeps_its_turn_over_a_restart() -> None:
    due = NOON + timedelta(minutes=7)
    assert first_run(_source(), _state(due), NOON, longest=HOUR) == due


def test_an_overdue_source_is_due_now() -> None:
    state = _state(NOON - timedelta(days=3))
    assert first_run(_source(), state, NOON, longest=HOUR) == NOON


def test_a_source_whose_interval_was_shortened_is_due_within_it() -> None:
    first = first_run(_source(), _state(NOON + 5 * HOUR), NOON, longest=HOUR)
    assert NOON <= first <= NOON + HOUR


def test_new_sources_are_spread_over_half_a_minute() -> None:
    turns = [first_run(_source(f"s{n}"), None, NOON, longest=HOUR) for n in range(20)]
    assert len(set(turns)) == 20
    assert NOON <= min(turns) <= max(turns) <= NOON + timedelta(seconds=30)


def test_the_sources_interval_wins_over_the_general_one() -> None:
    trigger = trigger_for(_source(interval="90s"), Config())
    assert trigger.interval == timedelta(seconds=90)
    assert trigger.jitter == 9.0


def test_an_adaptive_source_is_visited_after_the_longest_interval_whatever_happens() -> None:
    trigger = trigger_for(_source(), _config(max_interval="3h"))
    assert trigger.interval == 3 * HOUR


def test_the_jobs_equal_the_config(desk: Desk) -> None:
    desk.sync(_source("a"), _source("b"), _source("c", enabled=False))
    desk.sync(_source("b"), _source("d"))
    assert sorted(desk.turns()) == ["b", "d"]


def test_a_source_whose_clock_did_not_change_keeps_its_turn(desk: Desk) -> None:
    desk.sync(_source(), due=NOON + HOUR)
    desk.sync(_source(section="Markets"), due=NOON + 2 * HOUR)
    assert desk.turns() == {"s": NOON + HOUR}
    assert desk.scheduler.get_job("s").args[0].section == "Markets"


def test_a_source_whose_clock_changed_gets_a_new_turn(desk: Desk) -> None:
    desk.sync(_source(), due=NOON + HOUR)
    desk.sync(_source(interval="2h"), due=NOON + 2 * HOUR)
    assert desk.turns() == {"s": NOON + 2 * HOUR}


def test_a_changed_limit_is_a_changed_clock(desk: Desk) -> None:
    desk.sync(_source(), due=NOON + HOUR)
    desk.sync(_source(), due=NOON + 2 * HOUR, max_interval="5h")
    assert desk.turns() == {"s": NOON + 2 * HOUR}


def test_a_visit_moves_the_next_turn(desk: Desk) -> None:
    desk.sync(_source(), due=NOON + HOUR)
    reschedule(desk.scheduler, "s", NOON + 3 * HOUR)
    assert desk.turns() == {"s": NOON + 3 * HOUR}


def test_a_fixed_interval_s_turn_is_left_where_its_trigger_put_it_about_as_well(desk: Desk) -> None:
    """What moves a turn looks at all of them: half of what a visit takes of the scheduler."""
    desk.sync(_source(interval="1h"), due=NOON + HOUR)
    reschedule(desk.scheduler, "s", NOON + HOUR + 5 * MINUTE)
    assert desk.turns() == {"s": NOON + HOUR}
    reschedule(desk.scheduler, "s", NOON + HOUR + 7 * MINUTE)
    assert desk.turns() == {"s": NOON + HOUR + 7 * MINUTE}


def test_a_visit_leaves_the_turns_of_a_cron_line_alone(desk: Desk) -> None:
    desk.sync(_source(cron="0 8 * * *"))
    before = desk.turns()
    reschedule(desk.scheduler, "s", NOON)
    assert desk.turns() == before


@pytest.mark.parametrize(("id", "due"), [("s", None), ("gone", NOON)])
def test_a_visit_without_a_turn_moves_nothing(desk: Desk, id: str, due: datetime | None) -> None:
    desk.sync(_source(), due=NOON + HOUR)
    reschedule(desk.scheduler, id, due)
    assert desk.turns() == {"s": NOON + HOUR}


@needs_markets
@pytest.mark.parametrize(
    ("at", "earliest", "latest"),
    [
        ("2021-12-10 10:00", "10:01:48", "10:02:00"),  # it trades
        ("2021-12-10 11:20", "11:21:48", "11:22:00"),
        ("2021-12-10 12:00", "12:13:30", "12:15:00"),  # its lunch break
        ("2021-12-10 12:58", "13:00:00", "13:00:00"),  # it is about to open again
        ("2021-12-10 18:00", "18:13:30", "18:15:00"),
        ("2021-12-11 10:00", "10:13:30", "10:15:00"),  # a Saturday
        ("2021-10-01 10:00", "10:13:30", "10:15:00"),  # National Day
    ],
)
def test_market_hours_are_visited_often(at: str, earliest: str, latest: str) -> None:
    trigger = trigger_for(_source(market_hours="XSHG"), Config())
    now = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)
    turn = trigger.get_next_fire_time(None, now).astimezone(SHANGHAI)
    assert earliest <= f"{turn:%H:%M:%S}" <= latest


@needs_markets
def test_a_visit_missed_while_the_loop_stood_still_is_made_up_once() -> None:
    trigger = trigger_for(_source(market_hours="XSHG"), Config())
    now = datetime(2021, 12, 10, 18, 0, tzinfo=SHANGHAI)
    turn = trigger.get_next_fire_time(now - timedelta(hours=9), now)
    assert timedelta(minutes=-2) < turn - now <= timedelta(0)


@needs_markets
def test_every_unknown_exchange_is_named_with_its_source() -> None:
    config = _config(
        # codes that the config knows, and an older package doesn't
        _source("a").model_copy(update={"market_hours": "SHANGHAI"}),
        _source("b", market_hours="XSHG"),
        _source("c").model_copy(update={"market_hours": "XXXX"}),
        _source("d", enabled=False).model_copy(update={"market_hours": "YYYY"}),
    )
    with pytest.raises(ConfigError) as refused:
        load_markets(config)
    assert [problem.partition(":")[0] for problem in refused.value.problems] == [
        'source "a", market_hours',
        'source "c", market_hours',
    ]
