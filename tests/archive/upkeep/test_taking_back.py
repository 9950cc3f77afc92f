"""Failures of our own network leave no trace, whatever the source was before."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.entries.announcing import announce
from archive.model import SourceState, Visit
from archive.sources.declarations import declare, source_state
from archive.sources.health import take_back
from tests.archive.making import (
    HOUR,
    NOW,
    make_entry,
    make_plan,
    make_source,
    make_visit,
    rows,
)

NEW = "https://stcn.example.com/feed.xml"
DNS = make_visit(status=None, error="DNS lookup failed", weight=0.25)
_past = st.lists(
    st.sampled_from(
        [
            make_visit(),
            make_visit(led_to=NEW, validators_url=NEW),
            make_visit(status=410),
            make_visit(status=503, weight=0.5),
            make_visit(newest=NOW - 999 * HOUR),
        ]
    ),
    max_size=6,
)


def make(conn: sqlite3.Connection, visit: Visit) -> None:
    entries = [make_entry("1")] if visit.status == 200 else []
    plan = make_plan(next_due=visit.at + HOUR, interval_s=None, usual_gap_s=3600.0)
    announce(conn, visit, entries, now=visit.at, plan=plan)


def remembered(conn: sqlite3.Connection) -> tuple[SourceState, list[tuple[object, ...]]]:
    state = source_state(conn, "stcn")
    assert state is not None
    return state, rows(conn, "SELECT was, status, reason, told FROM health_changes ORDER BY id")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(past=_past, lost=st.integers(1, 20))
def test_what_our_own_network_did_leaves_no_trace(
    conn: sqlite3.Connection, past: list[Visit], lost: int
) -> None:
    conn.execute("DELETE FROM sources")
    declare(conn, [make_source("stcn")], now=NOW)
    for visit in past:
        make(conn, visit)
    before, changes = remembered(conn)
    for n in range(lost):
        make(conn, replace(DNS, at=NOW + (n + 1) * HOUR))
    take_back(conn, [before], [], since=NOW + HOUR, now=NOW + 24 * HOUR)
    assert remembered(conn) == (replace(before, next_due=NOW + 24 * HOUR), changes)
