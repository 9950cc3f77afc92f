"""How late news is: the publisher's part and ours, by nearest rank."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from archive.sources.latency import Latency, latencies
from tests.archive.making import NOW, make_archive, make_source, save

DAY = timedelta(days=1)


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    conn = make_archive(tmp_path, make_source("stcn"), make_source("cnbc"))
    for number in range(
        1, 21
    ):  # announced number minutes after publication, stored as many s later
        save(conn, str(number), f"标题{number}", text=f"{number}" * 300)
        conn.execute(
            "UPDATE entries SET published = strftime('%Y-%m-%dT%H:%M:%SZ', announced, ?)"
            " WHERE id = ?",
            (f"-{number} minutes", number),
        )
        conn.execute(
            "UPDATE articles SET first_seen = strftime('%Y-%m-%dT%H:%M:%SZ', fetched, ?)"
            " WHERE id = ?",
            (f"+{number} seconds", number),
        )
    return conn


def test_median_and_95_per_cent_of_both_parts(conn: sqlite3.Connection) -> None:
    assert latencies(conn, DAY, now=NOW + timedelta(hours=1)) == {
        "stcn": Latency(
            source_id="stcn",
            days=1,
            articles=20,
            publisher_p50_s=600,
            publisher_p95_s=1140,
            ours_p50_s=10,
            ours_p95_s=19,
        )
    }


def test_what_nobody_dated_has_our_part_alone(conn: sqlite3.Connection) -> None:
    conn.execute("UPDATE entries SET published = NULL WHERE id > 1")
    found = latencies(conn, DAY, now=NOW + timedelta(hours=1))["stcn"]
    assert (found.publisher_p50_s, found.publisher_p95_s, found.ours_p50_s) == (60, 60, 10)
    conn.execute("UPDATE entries SET published = NULL")
    assert latencies(conn, DAY, now=NOW + timedelta(hours=1))["stcn"].publisher_p50_s is None


def test_an_earlier_period_and_what_was_known_before_are_left_out(conn: sqlite3.Connection) -> None:
    assert latencies(conn, DAY, now=NOW + timedelta(days=2)) == {}
    conn.execute("UPDATE articles SET first_seen = '2026-11-01T00:00:00Z' WHERE id <> 7")
    found = latencies(conn, timedelta(days=30), now=NOW)["stcn"]
    assert (found.days, found.articles, found.ours_p50_s) == (30, 1, 7)
