"""The record of what ran: one row a crawl, or a pass over the stored pages."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime

from archive.database.times import to_text

COUNTERS = (
    "visited",
    "found",
    "new",
    "pages",
    "archived",
    "revised",
    "unchanged",
    "copies",
    "rejected",
    "forbidden",
    "failed",
    "postponed",
    "checked",
    "withdrawn",
)
CLOCK, CLOCK_WAY = "clock_s", "clock"  # among the counters of a run whose clock was wrong


def begin(conn: sqlite3.Connection, *, command: str, now: datetime) -> int:
    """Note that something began, and give its id. A run without an end was killed."""
    cursor = conn.execute(
        "INSERT INTO runs (command, started, counters) VALUES (?, ?, '{}')",
        (command, to_text(now)),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def end(
    conn: sqlite3.Connection,
    run_id: int,
    *,
    reason: str,
    counters: Mapping[str, int],
    now: datetime,
) -> None:
    conn.execute(
        "UPDATE runs SET ended = ?, reason = ?, counters = json_patch(?, json_object(?,"
        " json_extract(counters, '$.clock_s'), ?, json_extract(counters, '$.clock'))) WHERE id = ?",
        (to_text(now), reason, json.dumps(dict(counters)), CLOCK, CLOCK_WAY, run_id),
    )


def note_clock(conn: sqlite3.Connection, run_id: int, seconds: int, way: str) -> None:
    """Store that the machine's clock was `behind` or `ahead` during a run, and by how much: 0
    where nobody knows; negative: ahead."""
    conn.execute(
        "UPDATE runs SET counters = json_set(counters, '$.clock_s', ?, '$.clock', ?) WHERE id = ?",
        (seconds, way, run_id),
    )


def note(conn: sqlite3.Connection, run_id: int, counters: Mapping[str, int]) -> None:
    """Store how far a run is."""
    conn.execute("UPDATE runs SET counters = ? WHERE id = ?", (json.dumps(dict(counters)), run_id))


def unfinished(conn: sqlite3.Connection, command: str) -> dict[str, int] | None:
    """Return how far the last run of a command was when it ended early; None where it didn't."""
    row = conn.execute(
        "SELECT reason, counters FROM runs WHERE command = ? ORDER BY id DESC LIMIT 1", (command,)
    ).fetchone()
    if row is None or row["reason"] == "finished":
        return None
    return {str(name): int(count) for name, count in json.loads(row["counters"]).items()}
