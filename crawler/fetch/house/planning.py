"""When a source is to be visited again: its rhythm, its own wishes, and how often it has failed."""

from __future__ import annotations

from datetime import datetime, timedelta

from archive.entries.announcing import Planner
from archive.model import Plan, SourceState, SourceStatus
from config.model import ScheduleSettings, Source
from crawler.discover.model import Hints
from crawler.fetch.http.outcomes import Failed
from crawler.timing.revisit import Limits, after_failures, next_interval, within_window
from crawler.timing.rhythm import Rhythm, expected_items, learn_rhythm, usual_gap


def plan_after_success(
    source: Source,
    schedule: ScheduleSettings,
    *,
    at: datetime,
    published: tuple[datetime, ...],
    hints: Hints,
    fresh: timedelta | None,
    now: datetime,
    pushed: bool = False,
) -> Planner:
    """The plan of a visit of `at` that was read. A source with a clock of its own keeps to that;
    any other is visited sooner after its document has overflowed.

    `pushed`: a hub tells of its news. As long as visits find none that the hub kept to itself,
    they only make sure that it lives: after its usual gap.
    """

    def plan(state: SourceState, new: int, cap_s: float | None) -> Plan:
        before = Rhythm.parse(state.rhythm)
        rhythm = learn_rhythm(before, at=at, new=new, published=published)
        limits = Limits(
            shortest=schedule.min_interval, longest=schedule.max_interval, start=schedule.interval
        )
        interval = source.interval or next_interval(
            rhythm, now=now, limits=limits, hints=hints, fresh=fresh
        )
        if pushed and not new and not source.interval:
            interval = max(interval, min(usual_gap(rhythm) or interval, schedule.max_interval))
        if cap_s is not None and not source.interval:
            interval = within_window(interval, cap_s, limits)
        return _plan(
            *(source, rhythm, interval, now + interval),
            expected=expected_items(before, at),
            hints=hints.text(),
        )

    return plan


def plan_after_failure(
    source: Source, schedule: ScheduleSettings, failed: Failed, *, gone: bool, now: datetime
) -> Planner:
    """The plan of a failed visit: later with each, and not before the host wants to be asked.

    A source that is `gone` for good (410) is not visited by schedule.
    """

    def plan(state: SourceState, _new: int, _cap_s: float | None) -> Plan:
        rhythm = Rhythm.parse(state.rhythm)
        usual = source.interval or _last_interval(state) or schedule.interval
        longest = max(schedule.max_interval, usual)
        pause = after_failures(usual, state.failures, longest=longest)
        pause = max(pause, timedelta(seconds=failed.wait_s or 0))
        due = None if gone or state.status is SourceStatus.GONE else now + pause
        return _plan(source, rhythm, None, due)

    return plan


def has_own_clock(source: Source) -> bool:
    """Cron and market hours say when, not the archive."""
    return bool(source.cron or source.market_hours)


def _plan(
    source: Source,
    rhythm: Rhythm,
    interval: timedelta | None,
    due: datetime | None,
    *,
    expected: float | None = None,
    hints: str | None = None,
) -> Plan:
    gap = usual_gap(rhythm)
    own_clock = has_own_clock(source)
    return Plan(
        next_due=None if own_clock else due,
        interval_s=None if own_clock or interval is None else round(interval.total_seconds()),
        rhythm=rhythm.text(),
        usual_gap_s=None if gap is None else gap.total_seconds(),
        expected=expected,
        hints=hints,
    )


def _last_interval(state: SourceState) -> timedelta | None:
    return None if state.interval_s is None else timedelta(seconds=state.interval_s)
