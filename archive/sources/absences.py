"""When nobody could visit: this machine slept, or its network was down."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from archive.database.times import from_text, to_text

KEPT_FOR = timedelta(days=400)
LATEST = 100  # rows that are listed

_OVERLAPPING = """
SELECT why, started, ended FROM absences
WHERE (ended IS NULL OR ended > :since) AND started < :until
"""


class AbsenceCause(StrEnum):
    ASLEEP = "asleep"
    OUTAGE = "outage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """One row of `absences`; `ended` is None while it goes on."""

    why: AbsenceCause
    started: datetime
    ended: datetime | None


def note_sleep(conn: sqlite3.Connection, started: datetime, ended: datetime) -> None:
    """The machine slept, or its clock was put forward: nothing ran in between."""
    _add(conn, AbsenceCause.ASLEEP, started, ended)
    conn.execute("DELETE FROM absences WHERE ended < ?", (to_text(ended - KEPT_FOR),))


def begin_outage(conn: sqlite3.Connection, started: datetime) -> None:
    """Our own network is down; one that is noted already goes on."""
    if not conn.execute("SELECT 1 FROM absences WHERE ended IS NULL").fetchone():
        _add(conn, AbsenceCause.OUTAGE, started, None)


def end_outage(conn: sqlite3.Connection, ended: datetime) -> None:
    """Something answers again, or the process that noted an outage is gone."""
    conn.execute(
        "UPDATE absences SET ended = max(started, ?) WHERE ended IS NULL", (to_text(ended),)
    )


def absences_since(conn: sqlite3.Connection, since: datetime | None) -> list[Absence]:
    """The latest absences that had not ended at `since`, oldest first; None: since ever."""
    rows = conn.execute(
        "SELECT why, started, ended FROM absences WHERE ended IS NULL OR ended >= ?"
        " ORDER BY id DESC LIMIT ?",
        (to_text(since) or "", LATEST),
    ).fetchall()
    return [_absence(row) for row in reversed(rows)]


def time_away(
    conn: sqlite3.Connection, since: datetime, until: datetime
) -> dict[AbsenceCause, timedelta]:
    """How long nobody could visit between two moments, by why."""
    away: dict[AbsenceCause, timedelta] = {}
    moments = {"since": to_text(since), "until": to_text(until)}
    for row in conn.execute(_OVERLAPPING, moments):
        absence = _absence(row)
        length = min(absence.ended or until, until) - max(absence.started, since)
        away[absence.why] = away.get(absence.why, timedelta(0)) + length
    return away


def _add(
    conn: sqlite3.Connection, why: AbsenceCause, started: datetime, ended: datetime | None
) -> None:
    conn.execute(
        "INSERT INTO absences(why, started, ended) VALUES (?, ?, ?)",
        (why, to_text(started), to_text(ended)),
    )


def _absence(row: sqlite3.Row) -> Absence:
    return Absence(
        why=AbsenceCause(row["why"]),
        started=from_text(row["started"]),
        ended=from_text(row["ended"]),
    )
