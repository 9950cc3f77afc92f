"""How the sources fare, read from the archive alone: what `status` prints and the daemon serves."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from archive.database.lock import Holder
from archive.database.times import from_text, to_text
from archive.folder import DataFolder
from archive.model import SourceState, SourceStatus
from archive.sources.declarations import source_states
from archive.sources.gaps import OpenGaps, open_gaps
from archive.sources.health import WELL, needs_somebody
from archive.sources.latency import PERIODS, Latency, latencies
from archive.sources.subscriptions import State, live_states
from archive.upkeep.overview import (
    RunRow,
    SourceCounts,
    Streak,
    articles_since,
    failing_streaks,
    held_count,
    last_run,
    remarks,
    source_counts,
)
from config.essentials import Essentials, SourceEssentials
from crawler.run.redis.desk_state import DeskState
from crawler.run.status.source_lines import SourceLine, source_lines
from crawler.run.terminal.durations import span
from crawler.timing.rhythm import Rhythm, usual_gap

DAEMON = "broadsheet daemon"  # as the archive's lock names it
NEW = "new"  # of a source that was not visited yet
GAP_SHOWN = timedelta(days=7)  # in words; `coverage` has all of them
LATE = timedelta(minutes=2)  # a poll that waits longer than this for its turn is overdue
_ORDER = ("gone", "blocked", "failing", "silent", "moved", "slow", "quiet", NEW, "ok", "disabled")
_UNVISITED = frozenset({"disabled", "removed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """One source. Times are the archive's text form; None: never, or not planned."""

    id: str
    name: str
    kind: str  # '' until the first visit detects it
    enabled: bool
    status: str  # a SourceStatus, or NEW
    reason: str
    remark: str  # what was odd about the visit that was read last; '' for nothing
    offset_s: int | None  # by which its dates run ahead; null: by none
    troubled: bool  # somebody should look: [health] failing_after is reached, or it is silent, …
    failures: float  # in a row; a timeout counts half
    failed_visits: int  # the same, each counted as one
    failing_since: str | None
    moved_to: str | None
    last_success: str | None
    last_new: str | None
    next_due: str | None
    overdue: bool
    rhythm: str  # in words; '' while unknown
    interval_s: int | None
    usual_gap_s: int | None  # usual time between two new entries
    hub: str  # state of its subscription (WebSub); '' where its feed names no hub
    articles: int
    articles_today: int  # first fetched since 00:00 UTC
    owed: int
    gaps: int  # open ones: its news may be missing
    missing: int  # items in these, as far as they can be estimated
    latency: tuple[Latency, ...]  # of the last day and the last 30, where it brought something
    last_gap: str  # the latest of them in words; '' without one, and when it is older than a week


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningProcess:
    """What fetches or writes now. `started` is None where it records no run."""

    pid: int
    command: str
    started: str | None
    trouble: str = ""  # such as that nothing moves any more; '' for nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """The run that began last. `ended` is None while it runs, or was killed."""

    command: str
    started: str
    ended: str | None
    reason: str
    clock_s: int  # by which this machine's clock was behind; negative: ahead; 0: right, or unknown
    clock: str  # behind, ahead; '' where it was right


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """All sources in numbers."""

    sources: int  # in the config
    ok: int  # of these, visited and neither troubled nor moved
    troubled: int
    failing: int  # at their last visit, and not troubled yet
    articles_today: int  # first fetched since 00:00 UTC
    owed: int  # by sources that are visited
    owed_unvisited: int  # by disabled and removed ones: nobody fetches it
    held: int  # rows that `broadsheet held` lists


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport:
    """The archive at one moment; the sources that need somebody stand first."""

    at: str
    summary: Summary
    process: RunningProcess | None
    last_run: LastRun | None
    sources: tuple[SourceReport, ...]
    free_bytes: int | None  # on the archive's disk; None: there is no archive yet
    short_of_room: bool  # less than [archive] min_free: nothing is fetched
    desk: DeskState | None = None  # of a daemon whose workers are elsewhere

    def fields(self) -> dict[str, object]:
        """Give what `--json` prints; docs/reference/commands.md names the keys."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the archive has of the sources, by id."""

    states: Mapping[str, SourceState]
    counts: Mapping[str, SourceCounts]
    today: Mapping[str, int]
    streaks: Mapping[str, Streak]
    hubs: Mapping[str, State]
    remarks: Mapping[str, str]
    gaps: Mapping[str, OpenGaps]
    latency: Sequence[Mapping[str, Latency]] = ()  # by PERIODS
    held: int = 0
    free_bytes: int | None = None


def read_report(
    conn: sqlite3.Connection, config: Essentials, *, holder: Holder | None, now: datetime
) -> StatusReport:
    """Report on the sources of the config and on those that left it and still owe something.

    `holder` is who holds the archive's lock.
    """
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    known = _Known(
        states={state.id: state for state in source_states(conn)},
        counts=source_counts(conn),
        today=articles_since(conn, midnight),
        streaks=failing_streaks(conn),
        hubs=live_states(conn),
        remarks=remarks(conn),
        gaps=open_gaps(conn),
        latency=[latencies(conn, period, now=now) for period in PERIODS],
        held=held_count(conn),
        free_bytes=_free_bytes(conn),
    )
    return _report(config, known, holder=holder, run=last_run(conn), now=now)


def empty_report(config: Essentials, *, holder: Holder | None, now: datetime) -> StatusReport:
    """Report on the sources of a config that no crawl has met yet."""
    known = _Known(states={}, counts={}, today={}, streaks={}, hubs={}, remarks={}, gaps={})
    return _report(config, known, holder=holder, run=None, now=now)


def _report(
    config: Essentials, known: _Known, *, holder: Holder | None, run: RunRow | None, now: datetime
) -> StatusReport:
    declared = {source.id: source for source in config.source}
    lines = source_lines(config.source, known.states, known.counts)
    reports = [
        _source_report(line, declared.get(line.id), known, config=config, now=now)
        for line in lines
        if line.id in declared or line.owed
    ]
    today = sum(known.today.values())
    return StatusReport(
        at=to_text(now),
        summary=_summary(reports, configured=len(declared), today=today, held=known.held),
        process=_process(holder, run),
        last_run=_last_run(run),
        sources=tuple(sorted(reports, key=_urgency)),
        free_bytes=known.free_bytes,
        short_of_room=known.free_bytes is not None and known.free_bytes < config.min_free,
    )


def _free_bytes(conn: sqlite3.Connection) -> int:
    file = Path(conn.execute("PRAGMA database_list").fetchone()["file"])
    return DataFolder(file.parent).free_bytes


def _source_report(
    line: SourceLine,
    source: SourceEssentials | None,
    known: _Known,
    *,
    config: Essentials,
    now: datetime,
) -> SourceReport:
    state, streak = known.states.get(line.id), known.streaks.get(line.id)
    failures, gaps = state.failures if state else 0.0, known.gaps.get(line.id)
    gap = usual_gap(Rhythm.parse(state.rhythm)) if state else None
    interval_s = state.interval_s if state else None
    return SourceReport(
        id=line.id,
        name=line.name,
        kind=line.kind,
        enabled=line.enabled,
        status=line.status,
        reason=line.status_reason,
        remark=known.remarks.get(line.id, ""),
        offset_s=line.offset_s,
        troubled=needs_somebody(line.status, failures, failing_after=config.failing_after),
        failures=failures,
        failed_visits=streak.visits if streak else 0,
        failing_since=to_text(streak.since) if streak else None,
        moved_to=state.moved_to if state else None,
        last_success=line.last_success,
        last_new=line.last_new,
        next_due=line.next_due,
        overdue=line.next_due is not None and now - from_text(line.next_due) > LATE,
        rhythm=_rhythm(source, interval_s) if source else "",
        interval_s=interval_s,
        usual_gap_s=round(gap.total_seconds()) if gap else None,
        hub=str(known.hubs.get(line.id, "")),
        articles=line.articles,
        articles_today=known.today.get(line.id, 0),
        owed=line.owed,
        gaps=gaps.number if gaps else 0,
        missing=gaps.missing if gaps else 0,
        latency=tuple(found[line.id] for found in known.latency if line.id in found),
        last_gap=_last_gap(gaps, now),
    )


def _last_gap(gaps: OpenGaps | None, now: datetime) -> str:
    if gaps is None or now - (gaps.latest.ended or now) > GAP_SHOWN:
        return ""
    return gaps.latest.words()


def _rhythm(source: SourceEssentials, interval_s: int | None) -> str:
    if source.cron:
        return f"cron {source.cron}"
    if source.interval:
        return f"every {span(source.interval)}"
    learned = f"every ~{span(timedelta(seconds=interval_s))}" if interval_s else ""
    if source.market_hours:
        return f"{learned} ({source.market_hours})".strip()
    return learned


def _urgency(report: SourceReport) -> tuple[bool, int, str]:
    place = _ORDER.index(report.status) if report.status in _ORDER else len(_ORDER)
    return (not report.troubled, place, report.id)


def _summary(reports: Sequence[SourceReport], *, configured: int, today: int, held: int) -> Summary:
    visited = [report for report in reports if report.status not in _UNVISITED]
    return Summary(
        sources=configured,
        ok=sum(report.status in WELL for report in visited),
        troubled=sum(report.troubled for report in visited),
        failing=sum(r.status == SourceStatus.FAILING and not r.troubled for r in visited),
        articles_today=today,
        owed=sum(report.owed for report in visited),
        owed_unvisited=sum(report.owed for report in reports if report.status in _UNVISITED),
        held=held,
    )


def _process(holder: Holder | None, run: RunRow | None) -> RunningProcess | None:
    if holder is None:
        return None
    is_its_own = run is not None and run.ended is None and run.command == holder.command
    started = to_text(run.started) if run is not None and is_its_own else None
    return RunningProcess(
        pid=holder.pid, command=holder.command, started=started, trouble=holder.trouble
    )


def _last_run(run: RunRow | None) -> LastRun | None:
    if run is None:
        return None
    return LastRun(
        command=run.command,
        started=to_text(run.started),
        ended=to_text(run.ended),
        reason=run.reason,
        clock_s=run.clock_s,
        clock=run.clock,
    )
