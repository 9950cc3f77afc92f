"""The record of what ran: one row a crawl."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime

from archive.times import to_text

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
)


def begin(conn: sqlite3.Connection, *, command: str, now: datetime) -> int:
    """Note that a crawl began, and give its id. A run without an end was killed."""
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
        "UPDATE runs SET ended = ?, reason = ?, counters = ? WHERE id = ?",
        (to_text(now), reason, json.dumps(dict(counters)), run_id),
    )
