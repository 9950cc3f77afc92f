"""When each source is due: APScheduler jobs that only mark it."""

from __future__ import annotations

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
from config.rules import cron_fields

JITTER = 0.1  # of the interval; the next run counts from the jittered one, so more would drift
FIRST_VISITS = timedelta(seconds=30)  # sources never visited are spread over this time


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
    """A five-field crontab line as crontab(5) means it (see `config.rules.cron_fields`)."""
    triggers = [CronTrigger(**fields, timezone=zone) for fields in cron_fields(crontab)]
    return triggers[0] if len(triggers) == 1 else OrTrigger(triggers)
