"""Gaps: times of which a source's news may be missing, because it let them go before we looked.

`archive.sources.window` judges what a visit listed; here it becomes a row, with a reason, and is
told. All run inside the caller's transaction.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from archive.database.times import from_text, to_text
from archive.model import GapSearch, SourceState, Visit
from archive.sources import health
from archive.sources.absences import AbsenceCause, time_away
from archive.sources.window import Judgement, LostTime, Window, judge, with_more

HALF = 0.5  # of the time between two visits: what took more of it is the reason
ENOUGH = 0.5  # of the estimate: a witness that lists less is of something else

_INSERT = """
INSERT INTO gaps(source_id, started, ended, why, missing, found, healed, windowless, detail)
VALUES (:source_id, :started, :ended, :why, :missing, :found, :healed, :windowless, :detail)
"""
# A doubtful time goes on while nothing but doubts follow: one row, however often it is visited.
_GO_ON = """
UPDATE gaps SET ended = :ended, missing = NULL WHERE windowless AND detail = :detail
  AND id = (SELECT max(id) FROM gaps WHERE source_id = :source_id)
"""
_SEARCHED = """
UPDATE gaps SET found = max(found, :found),
  healed = iif(:spanned AND :found >= :enough * coalesce(missing, 0), :at, healed),
  detail = iif(:where = '', detail, :found || ' found by ' || :where)
WHERE source_id = :id AND started = :started AND ended = :ended RETURNING healed
"""
_OPEN = """
SELECT source_id, count(*) AS number, sum(max(coalesce(missing, 0) - found, 0)) AS missing,
  max(id) AS latest FROM gaps INDEXED BY gaps_open
WHERE healed IS NULL AND NOT windowless AND why <> 'silent' GROUP BY source_id
"""


class GapCause(StrEnum):
    """Why something may be missing."""

    OVERFLOW = "overflow"  # the document moved on by more than it shows
    ASLEEP = "asleep"  # nobody asked although it was due: no process, or the machine slept
    OUTAGE = "outage"  # our own network was down
    FAILING = "failing"  # the source did not answer, or could not be read
    SILENT = "silent"  # it answers, and has had nothing new for far longer than usual


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One row of `gaps`."""

    source_id: str
    started: datetime
    ended: datetime | None
    why: GapCause
    missing: int | None
    found: int
    healed: datetime | None
    windowless: bool  # what was listed then proves little: it may be none
    detail: str

    def words(self) -> str:
        """Say it in one line: "gap: about 40 items missing, 09:12 to 11:40 UTC on …, …"."""
        lost = None if self.missing is None else max(self.missing - self.found, 0)
        number = f"about {lost} items" if lost else "an unknown number of items"
        until = "now" if self.ended is None else f"{self.ended:%Y-%m-%d %H:%M}"
        where = f"; {self.detail}" if self.detail else ""
        return (
            f"gap: {number} missing between {self.started:%Y-%m-%d %H:%M} and {until} UTC,"
            f" {_BECAUSE[self.why]}{where}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenGaps:
    """The gaps of a source that nothing has closed; silences apart, its status tells those."""

    number: int
    missing: int  # items, as far as they can be estimated
    latest: Gap


_BECAUSE = {
    GapCause.OVERFLOW: "as it published more than its document shows",
    GapCause.ASLEEP: "when it was due and nobody visited it",
    GapCause.OUTAGE: "when our network was down",
    GapCause.FAILING: "when it could not be read",
    GapCause.SILENT: "when it had nothing new for far longer than usual",
}


def judge_visit(visit: Visit, before: SourceState) -> Judgement:
    """Judge what a good visit listed."""
    return judge(Window.parse(before.listing), visit.items, at=visit.at)


def note_listing(
    conn: sqlite3.Connection,
    visit: Visit,
    before: SourceState,
    judged: Judgement,
    *,
    deferred: int,
    expected: float | None,
) -> str:
    """Remember what a good visit listed, and note the gap before it, if there is one.

    Gives what a person is to know of it, in words: an open gap, or that there is no window.

    `expected`: items since the visit before, as the source's rhythm has it. While something is
    deferred the list before stays in force: what is not announced yet may be let go, too.
    """
    gap = None
    if (judged.doubt or judged.apart) and before.last_success is not None:
        gap = _gap(conn, visit, before, judged, expected)
    if judged.apart or not deferred:
        window = judged.window
        if judged.apart or window.lost is not None:
            window = _with_lost(conn, visit, judged, gap)
        _remember(conn, before.id, window)
    if judged.says:
        conn.execute(
            "UPDATE gaps SET windowless = 1 WHERE source_id = ? AND why <> ?",
            (before.id, GapCause.SILENT),
        )
    if gap and judged.apart:
        return _note_gap(conn, gap)
    if gap:
        _note_doubt(conn, gap)
    return f"no window: {judged.says}: gaps in it can't be seen" if judged.says else ""


def remember_push(conn: sqlite3.Connection, push: Visit, before: SourceState) -> None:
    """Remember what a hub pushed (WebSub): the next visit's list may join on to that."""
    window = Window.parse(before.listing)
    more = with_more(window, push.items)
    if more is not window:
        _remember(conn, before.id, more)


def open_silence(conn: sqlite3.Connection, source_id: str, started: datetime) -> None:
    """A source went silent: what it published since `started` may be missing."""
    if conn.execute(
        "SELECT 1 FROM gaps WHERE source_id = ? AND why = 'silent' AND ended IS NULL", (source_id,)
    ).fetchone():
        return  # it failed in between
    silence = Gap(
        source_id=source_id,
        started=started,
        ended=None,
        why=GapCause.SILENT,
        missing=None,
        found=0,
        healed=None,
        windowless=False,
        detail="",
    )
    _insert(conn, silence)


def close_silence(conn: sqlite3.Connection, source_id: str, *, now: datetime) -> None:
    """It speaks again. Its window says whether anything is missing: not its silence any more."""
    conn.execute(
        "UPDATE gaps SET ended = :now, healed = :now WHERE source_id = :id AND why = 'silent'"
        " AND ended IS NULL",
        {"now": to_text(now), "id": source_id},
    )


def open_gaps(conn: sqlite3.Connection) -> dict[str, OpenGaps]:
    """The open gaps of every source that has any."""
    found: dict[str, OpenGaps] = {}
    for row in conn.execute(_OPEN).fetchall():
        latest = conn.execute("SELECT * FROM gaps WHERE id = ?", (row["latest"],)).fetchone()
        found[row["source_id"]] = OpenGaps(
            number=row["number"], missing=row["missing"], latest=gap_of(latest)
        )
    return found


def gap_of(row: sqlite3.Row) -> Gap:
    return Gap(
        source_id=row["source_id"],
        started=from_text(row["started"]),
        ended=from_text(row["ended"]),
        # a damaged word: there is a gap all the same, and most are of this cause
        why=GapCause(row["why"]) if row["why"] in list(GapCause) else GapCause.OVERFLOW,
        missing=row["missing"],
        found=row["found"],
        healed=from_text(row["healed"]),
        windowless=bool(row["windowless"]),
        detail=row["detail"],
    )


def cause_of(before: SourceState, *, at: datetime, away: dict[AbsenceCause, timedelta]) -> GapCause:
    """Why a visit at `at` came too late. `before`: the source as the visit found it.

    A reason that took half of the time since the last good visit goes before an overflow.
    """
    assert before.last_success is not None
    half = HALF * (at - before.last_success)
    if before.failures > 0:
        return GapCause.FAILING
    for cause, length in sorted(away.items(), key=lambda item: item[1], reverse=True):
        if length >= half > timedelta(0):
            return GapCause(cause.value)
    due = before.next_due
    overdue = timedelta(0) if due is None else at - max(due, before.last_success)
    return GapCause.ASLEEP if overdue >= half > timedelta(0) else GapCause.OVERFLOW


def _gap(
    conn: sqlite3.Connection,
    visit: Visit,
    before: SourceState,
    judged: Judgement,
    expected: float | None,
) -> Gap:
    started, search = before.last_success, visit.search or GapSearch()
    assert started is not None
    missing = _estimate(judged.missing, expected, len(visit.items))
    is_enough = search.spanned and search.found >= ENOUGH * (missing or 0)
    is_healed = search.reached or is_enough
    found, where = search.found, ", ".join(search.places)
    return Gap(
        source_id=before.id,
        started=started,
        ended=visit.at,
        why=cause_of(before, at=visit.at, away=time_away(conn, started, visit.at)),
        missing=missing,
        found=found,
        healed=visit.at if is_healed else None,
        windowless=judged.doubt != "",
        detail=judged.doubt or (f"{found} found by {where}" if where else ""),
    )


def _with_lost(
    conn: sqlite3.Connection, visit: Visit, judged: Judgement, gap: Gap | None
) -> Window:
    """The window as it is remembered: with the gap that is still to be searched for, if any."""
    window, lost = judged.window, judged.window.lost
    if judged.apart:
        is_open = gap is not None and gap.healed is None
        found = LostTime(started=gap.started, ended=visit.at) if gap and is_open else None
        return replace(window, lost=found)
    if lost is None or visit.search is None:
        return window
    is_over = _search_again(conn, visit, lost)
    return replace(window, lost=None if is_over else replace(lost, tries=lost.tries + 1))


def _search_again(conn: sqlite3.Connection, visit: Visit, lost: LostTime) -> bool:
    """Note what a later visit found of a gap; give whether it is closed."""
    search = visit.search or GapSearch()
    values: dict[str, str | int | float | None] = {
        "id": visit.source_id,
        "started": to_text(lost.started),
        "ended": to_text(lost.ended),
        "at": to_text(visit.at),
        "found": search.found,
        "spanned": search.spanned,
        "enough": ENOUGH,
        "where": ", ".join(search.places),
    }
    row = conn.execute(_SEARCHED, values).fetchone()
    return row is None or row["healed"] is not None


def _estimate(by_dates: int | None, expected: float | None, listed: int) -> int | None:
    """The smaller of two: dates know nothing of nights, the rhythm nothing of this day."""
    by_rhythm = None if expected is None else max(1, round(expected) - listed)
    known = [number for number in (by_dates, by_rhythm) if number is not None]
    return min(known, default=None)


def _note_gap(conn: sqlite3.Connection, gap: Gap) -> str:
    _insert(conn, gap)
    if gap.healed is not None or gap.ended is None:
        return ""
    health.tell_gap(conn, gap.source_id, gap.words(), now=gap.ended)
    return gap.words()


def _note_doubt(conn: sqlite3.Connection, gap: Gap) -> None:
    """A time in which something may be missing, though nothing proves it: named, told to nobody."""
    values = {
        "ended": to_text(gap.ended),
        "detail": gap.detail,
        "source_id": gap.source_id,
    }
    if conn.execute(_GO_ON, values).rowcount == 0:
        _insert(conn, gap)


def _insert(conn: sqlite3.Connection, gap: Gap) -> None:
    conn.execute(
        _INSERT,
        {
            "source_id": gap.source_id,
            "started": to_text(gap.started),
            "ended": to_text(gap.ended),
            "why": gap.why.value,
            "missing": gap.missing,
            "found": gap.found,
            "healed": to_text(gap.healed),
            "windowless": gap.windowless,
            "detail": gap.detail,
        },
    )


def _remember(conn: sqlite3.Connection, source_id: str, window: Window) -> None:
    conn.execute("UPDATE sources SET listing = ? WHERE id = ?", (window.text(), source_id))
