from __future__ import annotations

import sqlite3
from datetime import timedelta

from archive.database.times import to_text
from archive.entries.announcing import announce
from archive.entries.owed import owed
from archive.entries.plans import bring_plans_back
from tests.archive.making import NOW, make_entry, make_visit

LATER = timedelta(days=3500)
LONGEST = timedelta(days=31)


def _announced(conn: sqlite3.Connection, not_before: timedelta) -> None:
    announce(conn, make_visit(), [make_entry("1")], now=NOW)
    conn.execute("UPDATE entries SET not_before = ?", (to_text(NOW + not_before),))
    conn.execute("UPDATE sources SET next_due = ?", (to_text(NOW + not_before),))


def _due(conn: sqlite3.Connection) -> int:
    return len(owed(conn, "stcn", "stcn.example.com", now=NOW, limit=9))


def test_what_a_clock_that_was_ahead_put_off_is_due_now(conn: sqlite3.Connection) -> None:
    _announced(conn, LATER)
    assert _due(conn) == 0
    assert bring_plans_back(conn, now=NOW, longest=LONGEST) == 2
    assert _due(conn) == 1
    assert conn.execute("SELECT next_due FROM sources").fetchone()[0] == to_text(NOW)


def test_what_waits_no_longer_than_anything_may_goes_on_waiting(conn: sqlite3.Connection) -> None:
    _announced(conn, LONGEST)
    assert bring_plans_back(conn, now=NOW, longest=LONGEST) == 0
    assert _due(conn) == 0
