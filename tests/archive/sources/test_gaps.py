"""Gaps as rows: their reasons, what heals them, who is told; and the coverage of a source."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest

from archive.entries.announcing import Planner, announce, announce_push
from archive.entries.owed import close_entry
from archive.model import (
    EntryState,
    GapSearch,
    ListedItem,
    Plan,
    SourceState,
    SourceStatus,
    Visit,
)
from archive.sources import absences, gaps, health
from archive.sources.coverage import CoverageDay, read_coverage
from archive.sources.declarations import declare, source_state
from archive.sources.health import change_status
from archive.sources.window import Window
from tests.archive.making import HOUR, NOW, make_entry, make_source, make_visit, rows

MINUTE = timedelta(minutes=1)
DOUBT = "it listed fewer than 5 items before, and has never shown news above a known item"
COLUMNS = "SELECT started, ended, why, missing, found, healed, detail FROM gaps"


def news(first: int, last: int) -> tuple[ListedItem, ...]:
    """Items of these minutes before NOW, the newest first."""
    return tuple(
        ListedItem(keys=(f"k{n}",), date=NOW - 2 * HOUR + n * MINUTE)
        for n in range(first, last - 1, -1)
    )


def planner(interval: timedelta, expected: float | None = None) -> Callable[..., Planner]:
    def at(moment: Visit) -> Planner:
        due = moment.at + interval
        plan = Plan(next_due=due, interval_s=900, rhythm="{}", expected=expected)
        return lambda _state, _new, _cap_s: plan

    return at


SELDOM = planner(8 * HOUR)


def look(
    conn: sqlite3.Connection,
    items: tuple[ListedItem, ...],
    hours: float = 0,
    *,
    plan: Callable[..., Planner] = SELDOM,
    **changes: object,
) -> str:
    visit = make_visit(items=items, at=NOW + hours * HOUR, **changes)
    return announce(conn, visit, [], now=visit.at, plan=plan(visit)).note


def whys(conn: sqlite3.Connection) -> list[object]:
    return [row[0] for row in rows(conn, "SELECT why FROM gaps ORDER BY id")]


def test_a_feed_that_moved_on_is_a_gap_that_is_noted_and_told(conn: sqlite3.Connection) -> None:
    look(conn, news(20, 1))
    said = look(conn, news(80, 61), 1)
    words = (
        "gap: about 40 items missing between 2026-11-23 08:00 and 2026-11-23 09:00 UTC,"
        " as it published more than its document shows"
    )
    assert said == words
    assert rows(conn, COLUMNS) == [
        ("2026-11-23T08:00:00Z", "2026-11-23T09:00:00Z", "overflow", 40, 0, None, "")
    ]
    (change,) = health.untold(conn, failing_after=3.0)
    assert (change.is_gap, change.status, change.reason) == (True, SourceStatus.OK, words)
    open_gaps = gaps.open_gaps(conn)["stcn"]
    assert (open_gaps.number, open_gaps.missing) == (1, 40)


def test_who_plans_knows_the_interval_at_which_nothing_is_lost(conn: sqlite3.Connection) -> None:
    told: list[float | None] = []

    def at(visit: Visit) -> Planner:
        def plan(_state: SourceState, _new: int, cap_s: float | None) -> Plan:
            told.append(cap_s)
            return Plan(next_due=visit.at + HOUR, interval_s=3600, rhythm="{}")

        return plan

    look(conn, news(20, 1), plan=at)
    look(conn, news(80, 61), 1, plan=at)
    look(conn, (), 2, plan=at, status=304)
    assert told == [None, 600.0, 600.0]


def test_a_visit_in_between_is_where_a_gap_begins(conn: sqlite3.Connection) -> None:
    look(conn, news(20, 1))
    look(conn, (), 1, status=304)
    look(conn, news(80, 61), 2)
    assert rows(conn, "SELECT started FROM gaps") == [("2026-11-23T09:00:00Z",)]


def test_a_rhythm_that_knows_of_nights_lowers_the_estimate(conn: sqlite3.Connection) -> None:
    look(conn, news(20, 1))
    look(conn, news(80, 61), 1, plan=planner(8 * HOUR, expected=32.0))
    assert rows(conn, "SELECT missing FROM gaps") == [(12,)]


@pytest.mark.parametrize(
    ("search", "healed"),
    [
        (GapSearch(places=("u",), found=3, reached=True), True),  # as the feed itself says so
        (GapSearch(places=("u",), found=20, spanned=True), True),
        (GapSearch(places=("u",), found=19, spanned=True), False),  # of something else
        (GapSearch(places=("u",), found=40), False),
    ],
)
def test_a_gap_is_healed_where_all_of_it_was_found(
    conn: sqlite3.Connection, search: GapSearch, healed: bool
) -> None:
    look(conn, news(20, 1))
    said = look(conn, news(80, 61), 1, search=search)
    assert rows(conn, "SELECT healed IS NOT NULL, detail FROM gaps") == [
        (healed, f"{search.found} found by u")
    ]
    assert (said == "", health.untold(conn, failing_after=3.0) == []) == (healed, healed)


def test_a_source_that_failed_for_longer_than_its_window_is_why(conn: sqlite3.Connection) -> None:
    look(conn, news(20, 1))
    look(conn, (), 1, status=503, error="HTTP 503")
    look(conn, news(80, 61), 2)
    assert whys(conn) == ["failing"]


def test_a_source_that_failed_and_joins_on_has_no_gap(conn: sqlite3.Connection) -> None:
    look(conn, news(20, 1))
    look(conn, (), 1, status=503, error="HTTP 503")
    look(conn, news(25, 6), 2)
    assert whys(conn) == []


def test_a_visit_that_was_due_long_ago_was_slept_over(conn: sqlite3.Connection) -> None:
    look(conn, news(20, 1), plan=planner(HOUR / 4))
    look(conn, news(80, 61), 8)
    assert whys(conn) == ["asleep"]


def test_a_sleep_of_the_machine_is_why_whatever_was_due(conn: sqlite3.Connection) -> None:
    look(conn, news(20, 1))
    absences.note_sleep(conn, NOW + HOUR, NOW + 7 * HOUR)
    look(conn, news(80, 61), 8)
    assert whys(conn) == ["asleep"]


def test_an_outage_of_our_network_is_why(conn: sqlite3.Connection) -> None:
    look(conn, news(20, 1), plan=planner(HOUR / 4))
    absences.begin_outage(conn, NOW + HOUR)
    absences.begin_outage(conn, NOW + 2 * HOUR)
    absences.end_outage(conn, NOW + 8 * HOUR)
    look(conn, news(80, 61), 8)
    assert whys(conn) == ["outage"]
    assert rows(conn, "SELECT why, started, ended FROM absences") == [
        ("outage", "2026-11-23T09:00:00Z", "2026-11-23T16:00:00Z")
    ]


def test_a_short_outage_is_not_why(conn: sqlite3.Connection) -> None:
    look(conn, news(20, 1))
    absences.begin_outage(conn, NOW + HOUR)
    absences.end_outage(conn, NOW + 2 * HOUR)
    look(conn, news(80, 61), 8)
    assert whys(conn) == ["overflow"]


def test_a_source_that_turns_out_to_have_no_window_has_no_gaps(conn: sqlite3.Connection) -> None:
    notes = [look(conn, news(100 * n + 10, 100 * n + 1), n) for n in range(7)]
    assert [bool(note) for note in notes] == [False, True, True, True, True, True, False]
    assert notes[5] == "no window: 5 visits with news shared no item: gaps in it can't be seen"
    assert rows(conn, "SELECT count(*), sum(windowless) FROM gaps") == [(5, 5)]
    assert gaps.open_gaps(conn) == {}
    assert read_coverage(conn).windowless == (("stcn", "5 visits with news shared no item"),)


def searches(conn: sqlite3.Connection, *later: GapSearch | None) -> list[object]:
    """Visits that join on, after a gap; the tries that are remembered after each."""
    look(conn, news(20, 1))
    look(conn, news(80, 61), 1, search=GapSearch())
    tries: list[object] = []
    for n, search in enumerate(later):
        look(conn, news(81 + n, 62 + n), 2 + n, search=search)
        listing = str(rows(conn, "SELECT listing FROM sources")[0][0])
        lost = Window.parse(listing).lost
        tries.append(lost and lost.tries)
    return tries


def test_a_gap_that_is_found_by_a_later_visit_is_healed(conn: sqlite3.Connection) -> None:
    found = GapSearch(places=("u",), found=38, spanned=True)
    assert searches(conn, None, GapSearch(), found, None) == [0, 1, None, None]
    assert rows(conn, "SELECT missing, found, healed, detail FROM gaps") == [
        (40, 38, "2026-11-23T12:00:00Z", "38 found by u")
    ]
    assert gaps.open_gaps(conn) == {}


def test_what_a_later_visit_found_in_part_is_counted(conn: sqlite3.Connection) -> None:
    part = GapSearch(places=("u",), found=15, spanned=True)
    assert searches(conn, part) == [1]
    assert rows(conn, "SELECT missing, found, healed FROM gaps") == [(40, 15, None)]


def test_a_doubtful_time_is_named_once_and_told_to_nobody(conn: sqlite3.Connection) -> None:
    look(conn, news(4, 1))
    said = [look(conn, news(first, first - 4), n) for n, first in ((1, 20), (2, 22))]
    assert (said, health.untold(conn, failing_after=3.0)) == (["", ""], [])
    assert gaps.open_gaps(conn) == {}
    assert rows(conn, "SELECT started, ended, missing, windowless, detail FROM gaps") == [
        ("2026-11-23T08:00:00Z", "2026-11-23T09:00:00Z", None, 1, DOUBT)
    ]


def test_a_doubtful_time_goes_on_in_one_row(conn: sqlite3.Connection) -> None:
    for n in range(9):
        look(conn, news(100 * n + 10, 100 * n + 1), n)
    last = rows(conn, "SELECT started, ended, missing FROM gaps ORDER BY id DESC LIMIT 1")
    assert last == [("2026-11-23T12:00:00Z", "2026-11-23T16:00:00Z", None)]


def test_what_was_put_off_may_be_let_go_too(conn: sqlite3.Connection) -> None:
    look(conn, news(20, 1))
    entries = [make_entry("1"), make_entry("2")]
    visit = make_visit(items=news(38, 19), at=NOW + HOUR)
    announce(conn, visit, entries, now=visit.at, max_owed=1)
    look(conn, news(55, 36), 2)  # joins on to what was put off, not to what was announced
    assert whys(conn) == ["overflow"]


def test_what_a_hub_pushed_is_known(conn: sqlite3.Connection) -> None:
    look(conn, news(20, 1))
    push = make_visit(items=news(65, 40), at=NOW + HOUR)
    announce_push(conn, push, [], now=push.at, max_owed=9, learn=lambda state, new: "{}")
    look(conn, news(80, 61), 2)
    assert whys(conn) == []


def test_another_address_has_another_list(conn: sqlite3.Connection) -> None:
    look(conn, news(20, 1))
    declare(conn, [make_source("stcn", url="https://stcn.example.com/other")], now=NOW)
    look(conn, news(80, 61), 1)
    assert whys(conn) == []


def test_a_silence_is_a_gap_until_the_next_news(conn: sqlite3.Connection) -> None:
    announce(conn, make_visit(), [make_entry("1")], now=NOW)
    old = {"found": 1, "newest": NOW - timedelta(days=400)}
    for hours in (1, 2):
        look(conn, (), hours, plan=planner_with_gap, **old)
    assert rows(conn, COLUMNS) == [("2026-11-23T08:00:00Z", None, "silent", None, 0, None, "")]
    visit = make_visit(at=NOW + 3 * HOUR)
    announce(conn, visit, [make_entry("2")], now=visit.at)
    assert rows(conn, "SELECT ended, healed FROM gaps") == [("2026-11-23T11:00:00Z",) * 2]


def planner_with_gap(visit: Visit) -> Planner:
    return lambda _state, _new, _cap_s: Plan(
        next_due=visit.at + HOUR, interval_s=3600, rhythm="{}", usual_gap_s=60.0
    )


def test_a_gap_is_told_whatever_the_status_is(conn: sqlite3.Connection) -> None:
    look(conn, news(20, 1))
    change_status(conn, "stcn", SourceStatus.MOVED, "moved to x", now=NOW)
    assert source_state(conn, "stcn") is not None
    look(conn, news(80, 61), 1)
    told = health.untold(conn, failing_after=3.0)
    assert [change.is_gap for change in told] == [False, False, True]


def test_coverage_counts_what_became_of_a_day(conn: sqlite3.Connection) -> None:
    published = [NOW - 10 * MINUTE, NOW - 30 * MINUTE, NOW - 2 * HOUR, NOW + HOUR, None]
    entries = [make_entry(str(n), published=moment) for n, moment in enumerate(published)]
    announce(conn, make_visit(), entries, now=NOW)
    for number, state, reason in (
        (1, EntryState.ARCHIVED, "new"),
        (2, EntryState.REJECTED, "too short: 57 characters"),
        (3, EntryState.FORBIDDEN, "HTTP 403"),
        (4, EntryState.COPY, "same text"),
    ):
        close_entry(conn, number, state, reason, now=NOW)
    look(conn, news(20, 1))
    look(conn, news(80, 61), 1)
    found = read_coverage(conn, ["stcn"])
    assert found.days == (
        CoverageDay(
            source_id="stcn",
            day="2026-11-23",
            announced=5,
            archived=2,
            rejected=1,
            forbidden=1,
            failed=0,
            gone=0,
            owed=1,
            late=1200,  # of 0, 600, 1800 and 7200 seconds
            gaps=1,
            refused=(("forbidden: HTTP 403", 1), ("rejected: too short", 1)),
        ),
    )
    assert [gap.missing for gap in found.gaps] == [40]


def test_coverage_is_of_the_sources_and_the_time_that_are_asked_for(
    conn: sqlite3.Connection,
) -> None:
    announce(conn, make_visit(), [make_entry("1")], now=NOW)
    look(conn, news(20, 1))
    look(conn, news(80, 61), 1)
    assert read_coverage(conn, ["other"]).days == read_coverage(conn, ["other"]).gaps == ()
    late = read_coverage(conn, since=NOW + timedelta(days=1))
    assert (late.days, late.gaps) == ((), ())


def test_a_day_of_which_all_is_missing_is_there(conn: sqlite3.Connection) -> None:
    look(conn, news(20, 1))
    look(conn, news(80, 61), 1)
    assert rows(conn, "SELECT source_id, day, announced, late, gaps FROM coverage") == [
        ("stcn", "2026-11-23", 0, None, 1)
    ]


def test_absences_are_listed_with_those_that_go_on(conn: sqlite3.Connection) -> None:
    absences.note_sleep(conn, NOW - 9 * HOUR, NOW - 8 * HOUR)
    absences.note_sleep(conn, NOW - 2 * HOUR, NOW - HOUR)
    absences.begin_outage(conn, NOW)
    listed = absences.absences_since(conn, NOW - 3 * HOUR)
    assert [(a.why.value, a.started, a.ended) for a in listed] == [
        ("asleep", NOW - 2 * HOUR, NOW - HOUR),
        ("outage", NOW, None),
    ]
