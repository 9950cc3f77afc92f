"""The view `coverage`: each row by itself, so that a page of it costs the same in any archive."""

from __future__ import annotations

import sqlite3
from dataclasses import astuple
from datetime import timedelta
from pathlib import Path

import pytest

from archive.entries.announcing import announce
from archive.sources.coverage import read_coverage
from tests.archive.making import HOUR, NOW, make_archive, make_entry, make_source, make_visit, rows


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    """Two sources, of which one announced 20 entries on each of 50 days."""
    conn = make_archive(tmp_path, make_source("stcn"), make_source("cnbc"))
    for day in range(50):
        entries = [make_entry(f"{day}-{n}") for n in range(20)]
        announce(conn, make_visit(), entries, now=NOW + timedelta(days=day))
    return conn


def steps(conn: sqlite3.Connection, statement: str) -> int:
    """How many hundreds of SQLite's instructions it takes."""
    taken = 0

    def count() -> None:
        nonlocal taken
        taken += 1

    conn.set_progress_handler(count, 100)
    rows(conn, statement)
    conn.set_progress_handler(None, 0)
    return taken


def test_the_first_rows_cost_their_own_days_alone(conn: sqlite3.Connection) -> None:
    assert rows(conn, "SELECT count(*), sum(announced) FROM coverage") == [(50, 1000)]
    assert steps(conn, "SELECT * FROM coverage LIMIT 2") * 10 < steps(
        conn, "SELECT * FROM coverage"
    )


def test_a_time_that_is_none_hides_no_day(conn: sqlite3.Connection) -> None:
    conn.execute("UPDATE entries SET announced = substr(announced, 1, 10) || 'é' WHERE id = 1")
    conn.execute("UPDATE entries SET announced = 'soon' WHERE id = 21")
    assert rows(conn, "SELECT count(*), sum(announced) FROM coverage") == [(51, 1000)]


def test_all_days_are_those_of_the_view(conn: sqlite3.Connection) -> None:
    entries = [
        make_entry(f"o{n}", published=NOW - n * n * HOUR if n % 3 else None) for n in range(40)
    ]
    announce(conn, make_visit("cnbc"), entries, now=NOW)
    states = ("archived", "copy", "rejected", "forbidden", "failed", "gone", "owed", "held")
    for n, state in enumerate(states):
        conn.execute("UPDATE entries SET state = ? WHERE id % 8 = ?", (state, n))
    conn.executemany(
        "INSERT INTO gaps(source_id, started, ended, why, healed, windowless)"
        " VALUES (?, '2026-10-01T00:00:00Z', ?, 'asleep', ?, ?)",
        [
            *(("cnbc", None, None, 0), ("cnbc", "2026-11-23T08:00:00Z", None, 0)),
            *(("stcn", "2026-11-24T08:00:00Z", None, 0), ("stcn", "2026-11-24T09:00:00Z", None, 0)),
            *(("stcn", None, "2026-11-24T08:00:00Z", 0), ("stcn", None, None, 1)),
        ],
    )
    listed = rows(conn, "SELECT * FROM coverage ORDER BY day DESC, source_id")
    assert len(listed) == 52
    assert listed[-1] == ("cnbc", "2026-10-01", 0, 0, 0, 0, 0, 0, 0, None, 1)
    found = [astuple(day)[:-1] for day in read_coverage(conn).days]
    assert found == listed
