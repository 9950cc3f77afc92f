"""What visits say of a source's health, and what of it is told."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest

from archive.entries.announcing import announce, announce_document
from archive.entries.owed import close_entry
from archive.model import Document, EntryState, HealthRules, SourceState, SourceStatus
from archive.sources.declarations import declare, source_state
from archive.sources.health import take_back, told, untold
from tests.archive.making import (
    DAY,
    HOUR,
    NOW,
    announce_one,
    make_entry,
    make_plan,
    make_source,
    make_visit,
    rows,
    save,
)

STATUS = SourceStatus
USUAL = HealthRules()
OLD, NEW = "https://stcn.example.com/rss", "https://stcn.example.com/feed.xml"


def state(conn: sqlite3.Connection) -> SourceState:
    found = source_state(conn, "stcn")
    assert found is not None
    return found


def visit(
    conn: sqlite3.Connection,
    *paths: str,
    after: timedelta = timedelta(0),
    gap: timedelta | None = None,
    rules: HealthRules = USUAL,
    **changes: object,
) -> SourceStatus:
    """Visit the source so long after NOW; `paths` are what it announces."""
    made = make_visit(at=NOW + after, **changes)
    plan = make_plan(usual_gap_s=gap.total_seconds() if gap else None)
    entries = [make_entry(path) for path in paths]
    announce(conn, made, entries, now=made.at, plan=plan, rules=rules)
    return state(conn).status


def changes(conn: sqlite3.Connection) -> list[tuple[object, ...]]:
    return rows(conn, "SELECT was, status, told IS NOT NULL FROM health_changes ORDER BY id")


def alerts(conn: sqlite3.Connection, failing_after: float = 3.0) -> list[str]:
    return [f"{c.was} > {c.status}" for c in untold(conn, failing_after=failing_after)]


# Failures


def test_failures_add_up_by_their_weight(conn: sqlite3.Connection) -> None:
    for weight in (1.0, 0.5, 0.25):
        visit(conn, status=None, error="no answer", weight=weight)
    assert state(conn).failures == 1.75


def test_the_plan_sees_the_failure_counted(conn: sqlite3.Connection) -> None:
    visit(conn, status=503, weight=0.5)
    seen = []

    def plan(state: SourceState, new: int, cap_s: float | None):  # type: ignore[no-untyped-def]
        seen.append((state.failures, new))
        return make_plan()(state, new, cap_s)

    announce(conn, make_visit(status=503, weight=0.5), [], now=NOW, plan=plan)
    announce(conn, make_visit(), [make_entry("1")], now=NOW, plan=plan)
    assert seen == [(1.0, 0), (0.0, 1)]


def test_a_visit_that_was_not_made_blames_nobody(conn: sqlite3.Connection) -> None:
    assert visit(conn, status=None, error="asked to be left alone", weight=0.0) is STATUS.OK
    assert (state(conn).failures, changes(conn)) == (0.0, [])


def test_a_source_that_is_gone_stays_so_until_it_answers(conn: sqlite3.Connection) -> None:
    gone = visit(conn, status=410)
    still = visit(conn, status=None, error="timeout")
    assert (gone, still, visit(conn)) == (STATUS.GONE, STATUS.GONE, STATUS.OK)


def test_a_failing_source_is_told_once_it_failed_often_enough(conn: sqlite3.Connection) -> None:
    visit(conn, status=503, weight=0.5)
    early = alerts(conn, failing_after=1.0)
    visit(conn, status=503, weight=0.5)
    assert (early, alerts(conn, failing_after=1.0)) == ([], ["ok > failing"])


def test_a_failing_that_ends_early_is_never_told(conn: sqlite3.Connection) -> None:
    visit(conn, status=503)
    visit(conn)
    assert changes(conn) == [("ok", "failing", 1), ("failing", "ok", 1)]


def test_a_long_failing_and_its_end_are_both_told(conn: sqlite3.Connection) -> None:
    for _ in range(3):
        visit(conn, status=503)
    visit(conn)
    assert alerts(conn) == ["ok > failing", "failing > ok"]


def test_what_was_told_is_not_told_again(conn: sqlite3.Connection) -> None:
    visit(conn, status=410)
    (change,) = untold(conn, failing_after=3.0)
    told(conn, [change.id], now=NOW + HOUR)
    assert (change.name, change.at, alerts(conn)) == ("Outlet stcn", NOW, [])
    assert rows(conn, "SELECT told FROM health_changes") == [("2026-11-23T09:00:00Z",)]


def test_an_early_failing_that_turns_to_gone_tells_only_of_the_end(
    conn: sqlite3.Connection,
) -> None:
    visit(conn, status=503)
    visit(conn, status=410)
    assert alerts(conn) == ["failing > gone"]


def test_nobody_is_told_what_he_did_himself(conn: sqlite3.Connection) -> None:
    for _ in range(3):
        visit(conn, status=503)
    declare(conn, [make_source("stcn", enabled=False)], now=NOW)
    declare(conn, [make_source("stcn")], now=NOW)
    declare(conn, [], now=NOW)
    assert alerts(conn) == []
    assert [(was, status) for was, status, _ in changes(conn)] == [
        ("ok", "failing"),
        ("failing", "disabled"),
        ("disabled", "ok"),
        ("ok", "removed"),
    ]


def test_changes_that_were_told_are_kept_for_ninety_days(conn: sqlite3.Connection) -> None:
    visit(conn, status=503)
    visit(conn)
    visit(conn, status=503, after=91 * DAY)
    assert changes(conn) == [("ok", "failing", 0)]


# Moves


def test_a_move_is_believed_at_the_third_equal_visit(conn: sqlite3.Connection) -> None:
    seen = []
    for _ in range(3):
        status = visit(conn, led_to=NEW, validators_url=NEW)
        seen.append((status, state(conn).moved_to, state(conn).moved_polls))
    assert seen == [(STATUS.OK, None, 1), (STATUS.OK, None, 2), (STATUS.MOVED, NEW, 3)]
    assert state(conn).status_reason == f"moved to {NEW} for good: change url in the config"
    assert alerts(conn) == ["ok > moved"]


def test_not_modified_counts_as_being_led_there(conn: sqlite3.Connection) -> None:
    visit(conn, led_to=NEW, validators_url=NEW, etag="a")
    visit(conn, led_to=NEW, status=304)
    assert visit(conn, led_to=NEW, status=304) is STATUS.MOVED


@pytest.mark.parametrize(
    "between",
    [
        {"validators_url": OLD},
        {"status": 503, "validators_url": OLD},
        {"led_to": "https://parked.example.net/", "validators_url": "https://parked.example.net/"},
    ],
    ids=["itself", "failure", "elsewhere"],
)
def test_any_other_outcome_begins_the_count_anew(
    conn: sqlite3.Connection, between: dict[str, object]
) -> None:
    for _ in range(2):
        visit(conn, led_to=NEW, validators_url=NEW)
    visit(conn, **between)
    visit(conn, led_to=NEW, validators_url=NEW)
    assert (state(conn).status is STATUS.MOVED, state(conn).moved_polls) == (False, 1)


def test_a_believed_move_outlives_a_failure(conn: sqlite3.Connection) -> None:
    for _ in range(3):
        visit(conn, led_to=NEW, validators_url=NEW)
    visit(conn, status=503)
    assert visit(conn, led_to=NEW, validators_url=NEW) is STATUS.MOVED
    assert alerts(conn) == ["ok > moved"]


def test_a_source_that_answers_at_its_old_address_has_not_moved(conn: sqlite3.Connection) -> None:
    for _ in range(3):
        visit(conn, led_to=NEW, validators_url=NEW)
    assert visit(conn, validators_url=OLD) is STATUS.OK
    assert (state(conn).moved_to, state(conn).moved_polls) == (None, 0)


# Silence


def test_nothing_new_for_far_longer_than_usual_is_silence(conn: sqlite3.Connection) -> None:
    visit(conn, "1", gap=6 * HOUR)
    seen = [visit(conn, after=hours * HOUR, gap=6 * HOUR, status=304) for hours in (18, 19, 48, 49)]
    assert seen == [STATUS.OK, STATUS.QUIET, STATUS.QUIET, STATUS.SILENT]
    assert state(conn).status_reason == "nothing new since 2026-11-23 08:00 UTC, usually within 6 h"
    assert alerts(conn) == ["quiet > silent"]


def test_a_wire_may_be_quiet_for_a_night_and_silent_after_a_day(conn: sqlite3.Connection) -> None:
    minute = timedelta(minutes=1)
    visit(conn, "1", gap=minute)
    seen = [visit(conn, after=hours * HOUR, gap=minute) for hours in (12, 13, 24, 25)]
    assert seen == [STATUS.OK, STATUS.QUIET, STATUS.QUIET, STATUS.SILENT]


def test_silent_after_is_the_users_to_set(conn: sqlite3.Connection) -> None:
    visit(conn, "1", gap=DAY)
    rules = HealthRules(silent_after=2.0)
    assert visit(conn, after=49 * HOUR, gap=DAY, rules=rules) is STATUS.SILENT


def test_an_unknown_rhythm_is_never_silent(conn: sqlite3.Connection) -> None:
    visit(conn, "1")
    assert visit(conn, after=365 * DAY) is STATUS.OK


def test_only_something_new_ends_a_silence(conn: sqlite3.Connection) -> None:
    visit(conn, "1", gap=HOUR)
    visit(conn, after=2 * DAY, gap=HOUR)
    still = visit(conn, after=2 * DAY, gap=9 * DAY)
    assert (still, visit(conn, "2", after=3 * DAY)) == (STATUS.SILENT, STATUS.OK)
    assert alerts(conn) == ["ok > silent", "silent > ok"]


def test_a_child_of_a_sitemap_index_ends_a_silence(conn: sqlite3.Connection) -> None:
    visit(conn, "1", gap=HOUR)
    now = NOW + 2 * DAY
    made = make_visit(at=now)
    plan = make_plan(usual_gap_s=3600.0)
    announced = announce(conn, made, [], now=now, plan=plan)
    assert state(conn).status is STATUS.SILENT
    child, later = Document(url="https://stcn.example.com/a.xml"), make_plan(interval_s=60)
    entries = [make_entry("2")]
    announce_document(conn, announced.visit_id, "stcn", child, entries, now=now, plan=later)
    after = state(conn)
    assert (after.status, after.last_new, after.interval_s) == (STATUS.OK, now, 60)


def test_a_source_that_serves_only_old_items_is_silent(conn: sqlite3.Connection) -> None:
    newest = NOW - 10 * DAY
    assert visit(conn, newest=newest, gap=DAY) is STATUS.SILENT
    assert state(conn).status_reason == "serves only old items: the newest is of 2026-11-13"
    assert visit(conn, status=304, gap=DAY) is STATUS.SILENT


def test_silence_outweighs_a_move(conn: sqlite3.Connection) -> None:
    visit(conn, "1", gap=HOUR)
    for _ in range(3):
        last = visit(conn, after=2 * DAY, gap=HOUR, led_to=NEW, validators_url=NEW)
    assert (last, state(conn).moved_to) == (STATUS.SILENT, NEW)


# Pages without an article


def close(conn: sqlite3.Connection, path: str, state: EntryState, reason: str) -> None:
    entry = announce_one(conn, make_entry(path))
    assert entry.id is not None
    close_entry(conn, entry.id, state, reason, now=NOW)


def refuse(conn: sqlite3.Connection, *numbers: int) -> None:
    for n in numbers:
        if n % 2:
            close(conn, f"r{n}", EntryState.FORBIDDEN, "HTTP 403")
        else:
            close(conn, f"r{n}", EntryState.REJECTED, f"too short: {n} characters")


def test_five_pages_in_a_row_without_an_article_mean_blocked(conn: sqlite3.Connection) -> None:
    refuse(conn, 0, 1, 2, 3)
    four = visit(conn)
    refuse(conn, 4)
    assert (four, visit(conn)) == (STATUS.OK, STATUS.BLOCKED)
    words = "its last 5 pages gave no article: 3 too short, 2 HTTP 403"
    assert (state(conn).status_reason, alerts(conn)) == (words, ["ok > blocked"])


def test_pages_that_failed_or_are_gone_say_nothing_of_the_others(conn: sqlite3.Connection) -> None:
    refuse(conn, 0, 1, 2, 3)
    for n, closed in enumerate((EntryState.FAILED, EntryState.GONE)):
        close(conn, f"f{n}", closed, "HTTP 404")
    assert visit(conn) is STATUS.OK


def test_refusals_count_only_since_the_last_article(conn: sqlite3.Connection) -> None:
    refuse(conn, 0, 1, 2)
    save(conn, "a")
    for n in range(4):
        close(conn, f"z{n}", EntryState.REJECTED, "index page")
    assert visit(conn) is STATUS.OK


def test_an_article_ends_a_block(conn: sqlite3.Connection) -> None:
    refuse(conn, 0, 1, 2, 3, 4)
    visit(conn)
    save(conn, "a", now=NOW + HOUR)
    ended = state(conn).status
    assert (ended, visit(conn, after=HOUR), alerts(conn)) == (
        STATUS.OK,
        STATUS.OK,
        ["ok > blocked", "blocked > ok"],
    )


# Our own network


def test_failures_of_our_own_network_are_taken_back(conn: sqlite3.Connection) -> None:
    visit(conn, status=503, weight=0.5)
    before = state(conn)
    visit(conn, after=HOUR, status=None, error="DNS", weight=0.25)
    take_back(conn, [before], [], since=NOW + HOUR, now=NOW + 2 * HOUR)
    after = state(conn)
    assert (after.failures, after.status_reason) == (0.5, "HTTP 503")
    assert (after.next_due, changes(conn)) == (NOW + 2 * HOUR, [("ok", "failing", 0)])


def test_a_change_that_our_own_network_made_is_forgotten(conn: sqlite3.Connection) -> None:
    before = state(conn)
    visit(conn, status=None, error="DNS", weight=0.25)
    take_back(conn, [before], [], since=NOW, now=NOW)
    assert (state(conn).status, state(conn).status_reason, changes(conn)) == (STATUS.OK, None, [])


def test_pages_that_our_own_network_lost_are_owed_as_before(conn: sqlite3.Connection) -> None:
    close(conn, "1", EntryState.FAILED, "no answer")
    save(conn, "2")
    ids = [row[0] for row in rows(conn, "SELECT id FROM entries ORDER BY id")]
    take_back(conn, [], [(ids[0], 2), (ids[1], 0)], since=NOW, now=NOW + HOUR)
    assert rows(conn, "SELECT state, attempts, not_before, closed FROM entries ORDER BY id") == [
        ("owed", 2, "2026-11-23T09:00:00Z", None),
        ("archived", 0, "2026-11-23T08:00:00Z", "2026-11-23T08:00:00Z"),
    ]
