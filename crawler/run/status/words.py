"""The status in words: each cell and line that the terminal, the status page and alerts share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from archive.database.times import from_text
from archive.model import SourceStatus
from archive.sources.subscriptions import State
from crawler.run.status.report import (
    DAEMON,
    LastRun,
    RunningProcess,
    SourceReport,
    StatusReport,
    Summary,
)
from crawler.run.terminal.durations import ago, span
from crawler.run.terminal.plurals import counted
from crawler.timing.offset_words import clock_words

COLUMNS = ("source", "health", "last success", "last new", "rhythm", "next poll")
NUMBERS = ("today", "owed")


def health(source: SourceReport, now: datetime) -> str:
    """Say how a source fares: "failing: HTTP 503 (4 visits in a row, since 12:31 UTC)".

    One that is well says what was odd about its last visit: "ok: 20 listed, none announced: …".
    A gap of the last days follows: its news may be missing, however well it fares by now.
    """
    since = from_text(source.failing_since)
    words = with_reason(source.status, source.reason or source.remark)
    if source.status in (SourceStatus.FAILING, SourceStatus.GONE) and since is not None:
        words = f"{words} ({streak(source.failed_visits, since, now)})"
    return f"{words}; {source.last_gap}" if source.last_gap else words


def with_reason(status: str, reason: str) -> str:
    """Join both, unless the reason says it all: "moved to …"."""
    if reason.startswith(status):
        return reason
    return f"{status}: {reason}" if reason else status


def streak(visits: int, since: datetime, now: datetime) -> str:
    """Say how long visits have failed: "4 visits in a row, since 12:31 UTC"."""
    day = "" if since.date() == now.date() else f"{since:%Y-%m-%d} "
    times = "in a row, since" if visits > 1 else "at"
    return f"{counted(visits, 'visit')}{' ' if visits > 1 else ', '}{times} {day}{since:%H:%M} UTC"


def cells(source: SourceReport, report: StatusReport) -> tuple[str, ...]:
    """Give a row of the table: the texts of COLUMNS, then those of NUMBERS."""
    now = from_text(report.at)
    return (
        source.name if source.name == source.id else f"{source.name} ({source.id})",
        health(source, now),
        ago(from_text(source.last_success), now),
        ago(from_text(source.last_new), now),
        _rhythm(source),
        next_poll(source, now, running=report.process is not None),
        f"{source.articles_today:,}",
        f"{source.owed:,}",
    )


def _rhythm(source: SourceReport) -> str:
    pushed = "pushed" if source.hub == State.SUBSCRIBED else ""
    return ", ".join(filter(None, (source.rhythm, pushed))) or "-"


def next_poll(source: SourceReport, now: datetime, *, running: bool) -> str:
    """Say when a source is visited next; "due" where nothing runs that would visit it."""
    due = from_text(source.next_due)
    if due is None:
        return "-"
    if due > now:
        return f"in {span(due - now)}"
    return f"overdue by {span(now - due)}" if source.overdue and running else "due"


def footer(report: StatusReport) -> Iterator[str]:
    """Give the lines below the table: the sums, then what runs or ran."""
    sums = report.summary
    if not sums.sources:
        yield "No source is configured."
    else:
        yield _sums(sums)
    if sums.owed_unvisited:
        yield (
            f"Disabled and removed sources owe {sums.owed_unvisited:,}: "
            "these wait, nobody fetches them."
        )
    if sums.held:
        yield f"{sums.held:,} held by a guess: `broadsheet held` lists, releases and refuses."
    if report.short_of_room and report.free_bytes is not None:
        yield (
            f"Fetching is paused: the archive's disk has {report.free_bytes / 1e9:,.2f} GB free, "
            "less than [archive] min_free."
        )
    now = from_text(report.at)
    if report.process is None or report.process.command != DAEMON:
        yield "No daemon runs."
    if report.process is not None:
        yield _process(report.process, now)
        if report.desk is not None:
            yield from report.desk.lines()
    elif report.last_run is not None:
        yield _last_run(report.last_run, now)
    elif sums.sources:
        yield "Nothing was crawled yet; `broadsheet crawl` begins."

    if (last := report.last_run) is not None and (last.clock_s or last.clock):
        words = clock_words(last.clock_s, last.clock)
        yield f"{words[0].upper()}{words[1:]} in that run: set it, and let it be kept by NTP."


def _sums(sums: Summary) -> str:
    failing = f"{sums.failing:,} failing so far, " if sums.failing else ""
    return (
        f"{counted(sums.sources, 'source')}: {sums.ok:,} ok, {failing}{sums.troubled:,} troubled; "
        f"{counted(sums.articles_today, 'article')} today (UTC), {sums.owed:,} owed."
    )


def _process(process: RunningProcess, now: datetime) -> str:
    since = f", started {ago(from_text(process.started), now)}" if process.started else ""
    trouble = f" {process.trouble}." if process.trouble else ""
    return f"Running: {process.command}, pid {process.pid}{since}.{trouble}"


def _last_run(run: LastRun, now: datetime) -> str:
    if run.ended is None:
        began = ago(from_text(run.started), now)
        why = "it was killed, or could not write"
        return f"The last run, {run.command}, began {began} and did not note its end: {why}."
    return f"The last run, {run.command}, ended {ago(from_text(run.ended), now)} ({run.reason})."
