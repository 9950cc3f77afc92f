"""When each source is due: APScheduler jobs that only mark it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from archive.model import SourceState
from config.model import Config, Source

JITTER = 0.1  # of the interval; the next run counts from the jittered one, so more would drift
FIRST_VISITS = timedelta(seconds=30)  # sources never visited are spread over this time
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def make_scheduler() -> AsyncIOScheduler:
    """A scheduler whose late jobs still run: a stalled loop must not cost a source its turn."""
    return AsyncIOScheduler(
        timezone=UTC,
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )


def add_sources(
    scheduler: AsyncIOScheduler,
    config: Config,
    states: Mapping[str, SourceState],
    due: Callable[[Source], None],
    now: datetime,
) -> None:
    """One job a source. `due` is called in the loop; the first time when the archive says so."""

    async def mark(source: Source) -> None:
        due(source)

    for source in config.enabled():
        trigger = trigger_for(source, config)
        options = {}
        if isinstance(trigger, IntervalTrigger):
            options["next_run_time"] = first_run(source, states.get(source.id), now)
        scheduler.add_job(mark, trigger, args=[source], id=source.id, **options)


def first_run(source: Source, state: SourceState | None, now: datetime) -> datetime:
    """When the archive says the source is due; staggered for one that was never visited."""
    if state is not None and state.next_due is not None:
        return max(now, state.next_due)
    return now + FIRST_VISITS * (zlib.crc32(source.id.encode()) / 2**32)


def trigger_for(source: Source, config: Config) -> BaseTrigger:
    zone = ZoneInfo(source.timezone or config.schedule.timezone)
    if source.cron:
        return cron_trigger(source.cron, zone)
    seconds = (source.interval or config.schedule.interval).total_seconds()
    return IntervalTrigger(seconds=seconds, jitter=seconds * JITTER, timezone=UTC)


def cron_trigger(crontab: str, zone: ZoneInfo) -> BaseTrigger:
    """A five-field crontab line as crontab(5) means it: 0 and 7 are Sunday, and a day matches
    when either the day of the month or the day of the week does, if both are restricted.
    (APScheduler's own from_crontab counts Monday as 0.)"""
    minute, hour, day, month, weekday = crontab.split()
    common = {"minute": minute, "hour": hour, "month": month, "timezone": zone}
    if weekday == "*":
        return CronTrigger(day=day, **common)
    by_week = CronTrigger(day_of_week=_weekdays(weekday), **common)
    if day == "*":
        return by_week
    return OrTrigger([CronTrigger(day=day, **common), by_week])


def _weekdays(field: str) -> str:
    """Spell out a crontab's day-of-week field by names: "1-5" is mon,tue,wed,thu,fri."""
    numbered = re.sub("|".join(_DAYS), lambda m: str(_DAYS.index(m[0])), field.lower())
    chosen: set[int] = set()
    for part in numbered.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        if first == "*":
            first, last = "0", "6"
        elif not last:
            last = "6" if step else first
        chosen.update(n % 7 for n in range(int(first), int(last) + 1, int(step or 1)))
    return ",".join(_DAYS[n] for n in sorted(chosen))
