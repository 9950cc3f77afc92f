"""When each source is due: APScheduler jobs that only mark it.

A source with `cron` or `market_hours` is due when its trigger says so. Every other source is due
when its last visit said so: `reschedule` moves its job after each visit, and the job's own
interval (the source's, or [schedule] max_interval) is the safety net.
"""

from __future__ import annotations

import logging
import random
import zlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from archive.errors import ConfigError, MarketError
from archive.model import SourceState
from config.model import Config, Source
from config.rules import cron_fields
from crawler.run.daemon.markets import Market, market

JITTER = 0.1  # of the interval; the next run counts from the jittered one, so more would drift
FIRST_VISITS = timedelta(seconds=30)  # sources never visited are spread over this time


class MarketTrigger(BaseTrigger):  # type: ignore[misc]  # apscheduler has no types
    """Every `fast` while the exchange trades, at its opening, and every `slow` otherwise."""

    def __init__(self, exchange: Market, *, fast: timedelta, slow: timedelta) -> None:
        self.exchange, self.fast, self.slow = exchange, fast, max(fast, slow)

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """The jitter comes off a slow interval, never off an opening."""
        base = max(previous or now, now - self.slow)
        interval = self.fast if self.exchange.trades(base) else self.slow
        turn = base + interval * (1 - JITTER * random.random())  # noqa: S311
        opening = self.exchange.next_opening(base)
        return turn if opening is None else min(turn, opening)


class LoopScheduler(AsyncIOScheduler):  # type: ignore[misc]  # apscheduler has no types
    """Is told everything in the loop's own thread, and does what is due at once. Its parent comes
    back over the loop's socket pair, as if from another thread: a turn of the loop for each job."""

    def wakeup(self) -> None:
        self._stop_timer()
        self._start_timer(self._process_jobs())


def make_scheduler() -> LoopScheduler:
    """A scheduler whose late jobs still run: a stalled loop must not cost a source its turn."""
    # three lines a turn that nobody reads, and that cost a tenth of a visit's time
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    return LoopScheduler(
        timezone=UTC,
        executors={"default": DebugExecutor()},  # calls what only marks a source, without a task
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )


def load_markets(config: Config) -> None:
    """Load the calendars that `market_hours` names; the first costs a second: call in a thread.

    Raises ConfigError naming each source whose exchange is unknown, or the extra that is missing.
    """
    problems = []
    for source in config.enabled():
        try:
            if source.market_hours:
                market(source.market_hours)
        except MarketError as error:
            problems.append(f'source "{source.id}", market_hours: {error}')
    if problems:
        raise ConfigError(problems)


def sync_sources(
    scheduler: AsyncIOScheduler,
    config: Config,
    states: Mapping[str, SourceState],
    due: Callable[[Source], None],
    now: datetime,
) -> None:
    """Make the jobs equal the config: one for each enabled source, called in the loop.

    A source whose clock did not change keeps its turn. `load_markets` comes before.
    """
    wanted = {source.id: source for source in config.enabled()}
    jobs = {job.id: job for job in scheduler.get_jobs()}
    for gone in jobs.keys() - wanted.keys():
        scheduler.remove_job(gone)
    for source in wanted.values():
        clock = _clock(source, config)
        job = jobs.get(source.id)
        if job is not None and job.name == clock:
            scheduler.modify_job(source.id, args=[source])
            continue
        scheduler.add_job(
            due,
            trigger_for(source, config),
            args=[source],
            id=source.id,
            name=clock,
            replace_existing=True,
            **_first_turn(source, config, states.get(source.id), now),
        )


def reschedule(scheduler: AsyncIOScheduler, source_id: str, next_due: datetime | None) -> None:
    """Move a source's next turn to where its visit put it; None leaves it to the trigger."""
    job = scheduler.get_job(source_id)  # gone when a reload removed the source meanwhile
    if next_due is None or job is None or not isinstance(job.trigger, IntervalTrigger):
        return
    source: Source = job.args[0]  # of a fixed interval the trigger knows the next turn, too
    near = JITTER * source.interval if source.interval else timedelta(0)
    if abs(job.next_run_time - next_due) > near:
        scheduler.modify_job(source_id, next_run_time=next_due)


def first_run(
    source: Source, state: SourceState | None, now: datetime, *, longest: timedelta
) -> datetime:
    """When the archive says the source is due, at most `longest` from now.

    A source that was never visited gets its place in the first half minute; one whose interval
    was shortened meanwhile, its place in that interval.
    """
    place = zlib.crc32(source.id.encode()) / 2**32
    if state is None or state.next_due is None:
        return now + FIRST_VISITS * place
    return max(now, state.next_due) if state.next_due <= now + longest else now + longest * place


def trigger_for(source: Source, config: Config) -> BaseTrigger:
    plan = config.schedule
    if source.cron:
        return cron_trigger(source.cron, ZoneInfo(source.timezone or plan.timezone))
    if source.market_hours:
        exchange = market(source.market_hours)
        return MarketTrigger(exchange, fast=plan.min_interval, slow=plan.interval)
    seconds = (source.interval or plan.max_interval).total_seconds()
    return IntervalTrigger(seconds=seconds, jitter=seconds * JITTER, timezone=UTC)


def cron_trigger(crontab: str, zone: ZoneInfo) -> BaseTrigger:
    """A five-field crontab line as crontab(5) means it (see `config.rules.cron_fields`)."""
    triggers = [CronTrigger(**fields, timezone=zone) for fields in cron_fields(crontab)]
    return triggers[0] if len(triggers) == 1 else OrTrigger(triggers)


def _first_turn(
    source: Source, config: Config, state: SourceState | None, now: datetime
) -> dict[str, datetime]:
    """Cron keeps to its line; the others are visited soon after the start."""
    if source.cron:
        return {}
    plan = config.schedule
    longest = source.interval or (plan.interval if source.market_hours else plan.max_interval)
    return {"next_run_time": first_run(source, state, now, longest=longest)}


def _clock(source: Source, config: Config) -> str:
    """What a source's turns hang on, in words: a job of another name is made anew."""
    plan = config.schedule
    if source.cron:
        return f"cron {source.cron} {source.timezone or plan.timezone}"
    if source.market_hours:
        return f"market {source.market_hours} {plan.min_interval} {plan.interval}"
    if source.interval:
        return f"every {source.interval} of {source.url}"
    return f"adaptive, {plan.interval} in {plan.min_interval} to {plan.max_interval}: {source.url}"
