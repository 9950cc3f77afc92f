"""Each event of an article is numbered, in the transaction of what it tells of."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from archive.asof.changes import at_moment, changes_since
from archive.copies import clusters
from archive.database.connect import transaction
from archive.database.times import from_text
from archive.entries.rechecks import note_seen, withdraw
from archive.model import ChangeKind
from archive.upkeep.forgetting import find_target, forget
from tests.archive.making import LONG, NOW, cell, make_archive, make_source, rows, save

HOUR = timedelta(hours=1)
EVENTS = "SELECT seq, at, kind, article_id, number FROM changes"


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    return make_archive(tmp_path, make_source("stcn"), make_source("cnbc"))


def kinds(conn: sqlite3.Connection) -> list[str]:
    return [change.kind.value for change in changes_since(conn)]


def test_an_article_comes_and_is_edited(conn: sqlite3.Connection) -> None:
    save(conn, "1", "央行降准", LONG)
    save(conn, "1", "央行降准0.5个百分点", LONG + "其中大型银行降至10%。", now=NOW + HOUR)
    assert rows(conn, EVENTS) == [
        (1, "2026-11-23T08:00:00Z", "new", 1, 1),
        (2, "2026-11-23T09:00:00Z", "reopened", 1, None),  # its page was asked for again
        (3, "2026-11-23T09:00:00Z", "edit", 1, 2),
    ]
    (edit,) = changes_since(conn, 2)
    was = edit.detail["was"]
    assert (was["title"], was["revision"], was["text"]) == ("央行降准", 1, None)
    assert "summary" not in was


def test_a_version_is_stored_once(conn: sqlite3.Connection) -> None:
    save(conn, "1", "央行降准", LONG)
    assert cell(conn, "SELECT count(*) FROM superseded") == 0
    save(conn, "1", "央行降准0.5个百分点", LONG + "其中大型银行降至10%。", now=NOW + HOUR)
    assert rows(conn, "SELECT number, kind, title, author FROM superseded") == [
        (1, "first", "央行降准", "")
    ]
    assert rows(conn, "SELECT number, kind, seen, title FROM revisions ORDER BY number") == [
        (1, "first", "2026-11-23T08:00:00Z", "央行降准"),
        (2, "edit", "2026-11-23T09:00:00Z", "央行降准0.5个百分点"),
    ]


def test_a_site_takes_it_down_and_has_it_again(conn: sqlite3.Connection) -> None:
    save(conn, "1")
    withdraw(conn, 1, now=NOW + HOUR)
    note_seen(conn, 1, now=NOW + 2 * HOUR)
    assert kinds(conn) == ["new", "withdrawn", "returned"]
    assert [change.detail["was"] for change in changes_since(conn, 1)] == [
        {"withdrawn": None},
        {"withdrawn": "2026-11-23T09:00:00Z"},
    ]


def test_a_copy_comes_leaves_and_leads(conn: sqlite3.Connection) -> None:
    save(conn, "1", "央行降准", LONG)
    save(conn, "https://cnbc.example.com/2", "央行降准", "本报讯。" + LONG, source_id="cnbc")
    clusters.lead(conn, 2, now=NOW + HOUR)
    assert kinds(conn)[:3] == ["new", "new", "copied"]
    assert {"copied", "left", "led"} <= set(kinds(conn)[3:])
    seq = cell(conn, "SELECT max(seq) FROM changes")
    clusters.part(conn, 1, now=NOW + 2 * HOUR, reason="two stories")
    assert "left" in [change.kind for change in changes_since(conn, seq)]


def test_what_was_taken_down_leaves_its_numbers_and_nothing_else(conn: sqlite3.Connection) -> None:
    save(conn, "1", "央行降准", LONG)
    save(conn, "1", "央行降准0.5个百分点", LONG + "其中大型银行降至10%。")
    forget(conn, find_target(conn, "1", ["1"]), reason="asked", now=NOW + HOUR)
    assert rows(conn, "SELECT seq, kind, detail FROM changes") == [
        (1, "new", "{}"),
        (2, "reopened", "{}"),
        (3, "edit", "{}"),
        (4, "forgotten", "{}"),
    ]
    assert cell(conn, "SELECT count(*) FROM superseded") == 0
    save(conn, "2", "证监会发布新规", LONG)
    assert rows(conn, EVENTS)[-1][0] == 5


def test_any_other_client_s_change_is_an_event(conn: sqlite3.Connection) -> None:
    save(conn, "1", "央行降准", LONG)
    conn.execute("UPDATE articles SET title = 'X' WHERE id = 1")
    last = list(changes_since(conn))[-1]
    assert (last.kind, last.detail["was"]["title"]) == (ChangeKind.EXTRACTION, "央行降准")
    assert last.at > NOW  # SQLite's clock


def test_time_never_goes_back(conn: sqlite3.Connection) -> None:
    save(conn, "1", now=NOW + HOUR)
    save(conn, "2", "证监会发布新规", LONG, now=NOW)
    assert {change.at for change in changes_since(conn)} == {NOW + HOUR}


def test_an_event_is_gone_with_its_transaction(conn: sqlite3.Connection) -> None:
    save(conn, "1")
    with pytest.raises(sqlite3.OperationalError), transaction(conn), at_moment(conn, NOW):
        conn.execute("UPDATE articles SET withdrawn = '2026-11-23T09:00:00Z', id = nothing")
    assert kinds(conn) == ["new"]
    assert cell(conn, "SELECT count(*) FROM _moment") == 0


def test_who_goes_on_with_the_last_number_gets_every_event_once(conn: sqlite3.Connection) -> None:
    for path in "123456789":
        save(conn, path, f"标题{path}", text=path * 300)
    seen, seq = [], 0
    while batch := list(changes_since(conn, seq, limit=4)):
        seen += [change.seq for change in batch]
        seq = batch[-1].seq
    assert seen == list(range(1, 10))
    assert list(changes_since(conn, 0, kinds=[ChangeKind.EDIT])) == []


def test_a_reopened_entry_is_an_event(conn: sqlite3.Connection) -> None:
    save(conn, "1")
    conn.execute("UPDATE entries SET state = 'owed', closed = NULL, reason = NULL")
    (change,) = changes_since(conn, 1)
    assert (change.kind, change.article_id, change.detail["entry"]) == ("reopened", 1, 1)
    assert from_text(change.detail["was"]["closed"]) == NOW


def test_outside_of_a_transaction_it_makes_its_own(conn: sqlite3.Connection) -> None:
    """So that a kill leaves no sign behind."""
    save(conn, "1")
    with pytest.raises(sqlite3.OperationalError), at_moment(conn, NOW + HOUR):
        _rename_and_fail(conn)
    assert kinds(conn) == ["new"]
    assert cell(conn, "SELECT count(*) FROM _moment") == 0


def _rename_and_fail(conn: sqlite3.Connection) -> None:
    assert conn.in_transaction
    conn.execute("UPDATE articles SET title = 'Y'")
    conn.execute("UPDATE articles SET id = nothing")
