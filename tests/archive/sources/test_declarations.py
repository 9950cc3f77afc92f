from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from archive.entries.announcing import announce
from archive.entries.owed import owed_count
from archive.errors import ArchiveError
from archive.model import SourceState, SourceStatus
from archive.sources.declarations import (
    declare,
    ensure_filing_source,
    rename_source,
    renamed_by_hand,
    source_state,
    source_states,
)
from tests.archive.making import (
    DAY,
    NOW,
    announce_one,
    make_entry,
    make_plan,
    make_source,
    make_visit,
    rows,
    save,
)


def state(conn: sqlite3.Connection, source_id: str = "stcn") -> SourceState:
    found = source_state(conn, source_id)
    assert found is not None
    return found


def polled(conn: sqlite3.Connection) -> None:
    visit = make_visit(etag='"a"', last_modified="Mon", validators_url="u")
    announce(conn, visit, [make_entry("1")], now=NOW, plan=make_plan())


def test_a_declared_source_is_stored_as_declared_and_due_at_once(conn: sqlite3.Connection) -> None:
    assert state(conn) == SourceState(
        id="stcn",
        name="Outlet stcn",
        kind="feed",
        url="https://stcn.example.com/rss",
        category="金融",
        section="",
        language="",
        enabled=True,
        next_due=NOW,
        hosts=("stcn.example.com",),
    )


def test_changed_settings_lose_no_state(conn: sqlite3.Connection) -> None:
    polled(conn)
    before = state(conn)
    changed = make_source("stcn", name="证券时报网", section="要闻", category="财经", language="zh")
    declare(conn, [changed], now=NOW + DAY)
    assert state(conn) == replace(
        before, name="证券时报网", section="要闻", category="财经", language="zh"
    )


def test_a_changed_address_loses_its_validators_and_is_due(conn: sqlite3.Connection) -> None:
    polled(conn)
    declare(conn, [make_source("stcn", url="https://stcn.example.com/new")], now=NOW + DAY)
    after = state(conn)
    assert after.validators is None
    assert (after.next_due, after.last_new) == (NOW + DAY, NOW)


def test_a_kind_set_by_the_config_wins_and_forgets_the_validators(
    conn: sqlite3.Connection,
) -> None:
    polled(conn)
    declare(conn, [make_source("stcn", kind="sitemap")], now=NOW)
    assert (state(conn).kind, state(conn).validators) == ("sitemap", None)


def test_a_detected_kind_survives_a_config_without_one(conn: sqlite3.Connection) -> None:
    declare(conn, [make_source("x", kind="")], now=NOW)
    announce(conn, make_visit("x", kind="listing", etag="e"), [], now=NOW)
    declare(conn, [make_source("x", kind="")], now=NOW)
    after = state(conn, "x")
    assert (after.kind, after.validators and after.validators.etag) == ("listing", "e")


def test_what_a_visit_detects_does_not_overrule_the_config(conn: sqlite3.Connection) -> None:
    announce(conn, make_visit(kind="listing"), [], now=NOW)
    assert state(conn).kind == "feed"


def test_an_undeclared_source_is_kept_as_removed(conn: sqlite3.Connection) -> None:
    announce_one(conn, make_entry("1"))
    declare(conn, [make_source("other")], now=NOW)
    assert (state(conn).enabled, state(conn).status) == (False, SourceStatus.REMOVED)
    assert owed_count(conn) == 1


def test_a_source_declared_again_is_ok_again(conn: sqlite3.Connection) -> None:
    declare(conn, [], now=NOW)
    declare(conn, [make_source("stcn")], now=NOW)
    assert (state(conn).enabled, state(conn).status) == (True, SourceStatus.OK)
    assert state(conn).status_reason is None


def test_a_disabled_source_says_so_and_enabled_again_is_ok(conn: sqlite3.Connection) -> None:
    declare(conn, [make_source("stcn", enabled=False)], now=NOW)
    disabled = state(conn).status
    declare(conn, [make_source("stcn")], now=NOW)
    assert (disabled, state(conn).status) == (SourceStatus.DISABLED, SourceStatus.OK)


def test_declaring_does_not_hide_that_a_source_fails(conn: sqlite3.Connection) -> None:
    announce(conn, make_visit(status=503), [], now=NOW)
    declare(conn, [make_source("stcn")], now=NOW)
    assert (state(conn).status, state(conn).failures) == (SourceStatus.FAILING, 1.0)


def test_a_filing_source_is_made_once_and_outlives_the_config(conn: sqlite3.Connection) -> None:
    for url in ("https://a.example.org/1", "https://a.example.org/2"):
        ensure_filing_source(conn, id="example.org", kind="page", url=url, now=NOW)
    declare(conn, [make_source("stcn")], now=NOW)
    filing = state(conn, "example.org")
    assert (filing.url, filing.kind, filing.enabled) == ("https://a.example.org/1", "page", False)
    assert filing.status is SourceStatus.OK


def test_a_rename_takes_everything_along(conn: sqlite3.Connection) -> None:
    save(conn, "1")
    polled(conn)
    rename_source(conn, "stcn", "zqsb")
    for table in ("articles", "entries", "visits"):
        assert {row[0] for row in rows(conn, f"SELECT source_id FROM {table}")} == {"zqsb"}
    assert [s.id for s in source_states(conn)] == ["zqsb"]


def test_a_rename_cut_off_by_a_crash_can_be_repeated(conn: sqlite3.Connection) -> None:
    save(conn, "1")
    declare(conn, [make_source("zqsb")], now=NOW)  # config renamed, archive not yet
    rename_source(conn, "stcn", "zqsb")
    assert [s.id for s in source_states(conn)] == ["zqsb"]
    assert rows(conn, "SELECT source_id FROM articles") == [("zqsb",)]


def test_a_rename_never_mixes_two_histories(conn: sqlite3.Connection) -> None:
    declare(conn, [make_source("stcn"), make_source("b")], now=NOW)
    for source_id in ("stcn", "b"):
        announce_one(conn, make_entry("1"), source_id)
    with pytest.raises(ArchiveError, match="'b' has a history"):
        rename_source(conn, "stcn", "b")


def test_renaming_an_unknown_source_is_an_error(conn: sqlite3.Connection) -> None:
    with pytest.raises(ArchiveError, match="no source 'nope'"):
        rename_source(conn, "nope", "b")


def test_an_id_that_was_changed_by_hand_is_noticed_until_the_new_one_has_a_history(
    conn: sqlite3.Connection,
) -> None:
    polled(conn)
    renamed = [replace(make_source("stcn"), id="securities-times"), make_source("wire")]
    assert renamed_by_hand(conn, [make_source("stcn")]) == []
    declare(conn, renamed, now=NOW)
    assert renamed_by_hand(conn, renamed) == [("stcn", "securities-times")]
    announce(conn, make_visit("securities-times"), [make_entry("2")], now=NOW + DAY)
    assert renamed_by_hand(conn, renamed) == []
