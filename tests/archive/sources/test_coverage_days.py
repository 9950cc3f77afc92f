"""The view `coverage`: each row by itself, so that a page of it costs the same in any archive."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from archive.entries.announcing import announce
from tests.archive.making import NOW, make_archive, make_entry, make_source, make_visit, rows


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
