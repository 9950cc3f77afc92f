"""What a hub pushed is announced, and leaves alone what only a visit may change."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from archive.entries.announcing import announce, announce_push
from archive.model import Entry, SourceState, SourceStatus, Visit
from archive.sources.declarations import source_state
from archive.upkeep.overview import failing_streaks, last_visits
from tests.archive.making import (
    DAY,
    HOUR,
    NOW,
    all_owed,
    make_archive,
    make_entry,
    make_plan,
    make_visit,
    rows,
)

LATER = NOW + HOUR


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    """An archive whose source was visited at NOW."""
    conn = make_archive(tmp_path)
    visit = make_visit(etag='"1"', last_modified="yesterday", validators_url="https://x.example/")
    announce(conn, visit, [make_entry("a/1")], now=NOW, plan=make_plan())
    return conn


def push(conn: sqlite3.Connection, *entries: Entry, after: timedelta = HOUR) -> None:
    at = NOW + after
    visit = make_visit(at=at, found=len(entries))
    announce_push(conn, visit, entries, now=at, max_owed=5, learn=lambda _, new: f"learned {new}")


def state(conn: sqlite3.Connection) -> SourceState:
    found = source_state(conn, "stcn")
    assert found is not None
    return found


def test_new_entries_are_owed_and_known_ones_are_not_doubled(conn: sqlite3.Connection) -> None:
    push(conn, make_entry("a/1"), make_entry("a/2"))
    assert {entry.url[-3:] for entry in all_owed(conn)} == {"a/1", "a/2"}
    assert rows(conn, "SELECT pushed, at, status, found, new FROM visits ORDER BY id") == [
        (0, "2026-11-23T08:00:00Z", 200, 0, 1),
        (1, "2026-11-23T09:00:00Z", 200, 2, 1),
    ]


def test_validators_and_the_next_visit_stay(conn: sqlite3.Connection) -> None:
    push(conn, make_entry("a/2"))
    after = state(conn)
    assert after.validators is not None
    assert (after.validators.etag, after.validators.last_modified) == ('"1"', "yesterday")
    assert (after.next_due, after.last_success) == (NOW + HOUR, NOW)
    assert (after.last_new, after.rhythm) == (LATER, "learned 1")


def test_a_push_without_news_teaches_nothing(conn: sqlite3.Connection) -> None:
    push(conn, make_entry("a/1"))
    assert (state(conn).last_new, state(conn).rhythm) == (NOW, "{}")


def test_a_source_that_fails_goes_on_failing(conn: sqlite3.Connection) -> None:
    lost = Visit(source_id="stcn", at=NOW + HOUR / 2, error="timeout", weight=0.5)
    announce(conn, lost, [], now=lost.at)
    push(conn, make_entry("a/2"))
    assert (state(conn).status, state(conn).failures) == (SourceStatus.FAILING, 0.5)
    assert failing_streaks(conn)["stcn"].visits == 1


def test_news_ends_a_silence(conn: sqlite3.Connection) -> None:
    gap = make_plan(usual_gap_s=3600.0)
    announce(conn, make_visit(at=NOW + 3 * DAY), [], now=NOW + 3 * DAY, plan=gap)
    assert state(conn).status is SourceStatus.SILENT
    push(conn, make_entry("a/2"), after=4 * DAY)
    assert state(conn).status is SourceStatus.OK


def test_more_than_may_be_owed_is_left_for_the_next_visit(conn: sqlite3.Connection) -> None:
    push(conn, *(make_entry(f"b/{n}") for n in range(9)))
    assert rows(conn, "SELECT new, deferred FROM visits WHERE pushed") == [(4, 5)]
    after = state(conn)
    assert after.validators is not None
    assert after.validators.etag == '"1"'


def test_a_push_is_no_poll_in_the_sums(conn: sqlite3.Connection) -> None:
    push(conn, make_entry("a/1"))
    for minutes in range(60):
        at = LATER + timedelta(minutes=minutes)
        announce(conn, make_visit(at=at, status=304), [], now=at)
    polls, kept = rows(conn, "SELECT sum(polls), (SELECT count(*) FROM visits) FROM visit_days")[0]
    assert (polls, kept) == (10, 51)  # the first brought something, and stays


def test_people_see_that_it_was_pushed(conn: sqlite3.Connection) -> None:
    push(conn)
    assert [visit.pushed for visit in last_visits(conn, "stcn", limit=5)] == [True, False]
