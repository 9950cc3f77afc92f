from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from archive.model import SourceState
from config.model import Config, Source
from crawler.run.schedule import cron_trigger, first_run, trigger_for

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


def _source(**more: object) -> Source:
    return Source(id="s", name="S", url="https://example.com/feed", **more)


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


def test_a_source_keeps_its_turn_over_a_restart() -> None:
    now = datetime(2021, 12, 9, 12, 0, tzinfo=UTC)
    due = now + timedelta(minutes=7)
    assert first_run(_source(), _state(due), now) == due


def test_an_overdue_source_is_due_now() -> None:
    now = datetime(2021, 12, 9, 12, 0, tzinfo=UTC)
    assert first_run(_source(), _state(now - timedelta(days=3)), now) == now


def test_the_sources_interval_wins_over_the_general_one() -> None:
    trigger = trigger_for(_source(interval="90s"), Config())
    assert trigger.interval == timedelta(seconds=90)
    assert trigger.jitter == 9.0
