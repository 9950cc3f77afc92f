from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest

from archive.entries.announcing import announce
from archive.model import SourceState, SourceStatus, Validators
from archive.sources.declarations import declare, source_state
from archive.sources.health import change_status
from tests.archive.making import (
    DAY,
    HOUR,
    NOW,
    make_entry,
    make_plan,
    make_source,
    make_visit,
    rows,
)

STATUS = SourceStatus


def state(conn: sqlite3.Connection) -> SourceState:
    found = source_state(conn, "stcn")
    assert found is not None
    return found


def test_a_visit_is_recorded_with_its_counts(conn: sqlite3.Connection) -> None:
    visit = make_visit(found=9, dropped=3, bytes=4096, seconds=0.25)
    announce(conn, visit, [make_entry("1")], now=NOW)
    columns = "at, status, error, found, dropped, deferred, new, bytes, seconds"
    assert rows(conn, f"SELECT {columns} FROM visits") == [
        ("2026-11-23T08:00:00Z", 200, None, 9, 3, 0, 1, 4096, 0.25)
    ]


def test_a_good_visit_sets_validators_and_times(conn: sqlite3.Connection) -> None:
    visit = make_visit(etag='"a"', last_modified="Mon", validators_url="u")
    announce(conn, visit, [make_entry("1")], now=NOW, plan=make_plan(rhythm='{"n":1}'))
    after = state(conn)
    assert after.validators == Validators(url="u", etag='"a"', last_modified="Mon")
    assert (after.next_due, after.interval_s, after.rhythm) == (NOW + HOUR, 3600, '{"n":1}')
    assert (after.last_success, after.last_new, after.failures) == (NOW, NOW, 0.0)


def test_not_modified_keeps_the_validators(conn: sqlite3.Connection) -> None:
    announce(conn, make_visit(etag="a", last_modified="Mon"), [], now=NOW)
    announce(conn, make_visit(status=304, at=NOW + HOUR), [], now=NOW + HOUR)
    after = state(conn)
    assert after.validators is not None
    assert (after.validators.etag, after.validators.last_modified) == ("a", "Mon")
    assert after.last_success == NOW + HOUR


def test_an_answer_without_validators_drops_the_old_ones(conn: sqlite3.Connection) -> None:
    announce(conn, make_visit(etag="a"), [], now=NOW)
    announce(conn, make_visit(), [], now=NOW)
    assert state(conn).validators is None


def test_an_unreadable_document_leaves_no_validators(conn: sqlite3.Connection) -> None:
    announce(conn, make_visit(etag="a", error="HTML where a feed was expected"), [], now=NOW)
    after = state(conn)
    assert (after.validators, after.status) == (None, STATUS.FAILING)
    assert after.status_reason == "HTML where a feed was expected"


@pytest.mark.parametrize(
    ("status", "error", "expected", "reason"),
    [
        (503, None, STATUS.FAILING, "HTTP 503"),
        (404, None, STATUS.FAILING, "HTTP 404"),
        (410, None, STATUS.GONE, "HTTP 410: its publisher took it down for good"),
        (None, "DNS lookup failed", STATUS.FAILING, "DNS lookup failed"),
        (None, None, STATUS.FAILING, "no answer"),
    ],
)
def test_a_failed_visit_says_why(
    conn: sqlite3.Connection,
    status: int | None,
    error: str | None,
    expected: SourceStatus,
    reason: str,
) -> None:
    announce(conn, make_visit(etag="a"), [], now=NOW)
    announce(conn, make_visit(status=status, error=error), [], now=NOW)
    after = state(conn)
    assert (after.status, after.status_reason, after.failures) == (expected, reason, 1.0)
    assert after.validators is not None
    assert after.validators.etag == "a"


def test_a_good_visit_ends_a_series_of_failures(conn: sqlite3.Connection) -> None:
    for status in (503, 503, 304):
        announce(conn, make_visit(status=status), [], now=NOW)
    after = state(conn)
    assert (after.status, after.status_reason, after.failures) == (STATUS.OK, None, 0.0)


def test_a_quiet_source_is_ok_once_it_brings_something(conn: sqlite3.Connection) -> None:
    change_status(conn, "stcn", STATUS.QUIET, "nothing for 9 days", now=NOW)
    announce(conn, make_visit(), [make_entry("1")], now=NOW)
    assert (state(conn).status, state(conn).status_reason) == (STATUS.OK, None)


def test_a_visit_does_not_enable_a_disabled_source(conn: sqlite3.Connection) -> None:
    declare(conn, [make_source("stcn", enabled=False)], now=NOW)
    announce(conn, make_visit(status=503), [], now=NOW)
    announce(conn, make_visit(), [], now=NOW)
    assert state(conn).status is STATUS.DISABLED


def visit_often(conn: sqlite3.Connection, count: int, **changes: object) -> None:
    for n in range(count):
        at = NOW + n * timedelta(minutes=10)
        announce(conn, make_visit(at=at, bytes=10, **changes), [], now=at)


def test_the_last_fifty_dull_visits_are_kept_and_older_ones_summed(
    conn: sqlite3.Connection,
) -> None:
    visit_often(conn, 60, status=304)
    assert rows(conn, "SELECT count(*), min(at) FROM visits") == [(50, "2026-11-23T09:40:00Z")]
    assert rows(conn, "SELECT * FROM visit_days") == [("stcn", "2026-11-23", 10, 10, 0, 0, 100)]


def test_visits_that_failed_are_kept_for_ninety_days(conn: sqlite3.Connection) -> None:
    visit_often(conn, 60, status=503)
    kept = rows(conn, "SELECT count(*) FROM visits")
    late = NOW + 91 * DAY
    announce(conn, make_visit(at=late, status=304), [], now=late)
    assert (kept, rows(conn, "SELECT count(*) FROM visits")) == ([(60,)], [(50,)])
    assert rows(conn, "SELECT * FROM visit_days") == [("stcn", "2026-11-23", 11, 0, 11, 0, 110)]


def test_nothing_is_lost_between_visits_and_their_sums(conn: sqlite3.Connection) -> None:
    for n in range(120):
        at = NOW + n * DAY
        status = (200, 304, 503)[n % 3]
        entries = [make_entry(str(n))] if status == 200 and n % 2 else []
        announce(conn, make_visit(at=at, status=status), entries, now=at)
    total = "SELECT sum(n), sum(polls) FROM (SELECT new AS n, 1 AS polls FROM visits"
    assert rows(conn, total + " UNION ALL SELECT new, polls FROM visit_days)") == [(20, 120)]


def test_an_error_with_half_a_surrogate_does_not_stop_a_visit(conn: sqlite3.Connection) -> None:
    announce(conn, make_visit(error="the top-level keys \ud800x"), [], now=NOW)
    assert rows(conn, "SELECT error FROM visits") == [("the top-level keys x",)]
