"""What was dated by a source's offset is dated anew: its entries, and the articles made of them."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from archive.articles.save import save_article
from archive.model import Entry
from archive.sources.clock_offset import (
    Redating,
    announced_together,
    keep_offset,
    known_entries,
    redate,
)
from archive.sources.declarations import source_state
from tests.archive.making import (
    HOUR,
    NOW,
    announce_one,
    cell,
    make_archive,
    make_article,
    make_entry,
    rows,
)

RAW = "Mon, 23 Nov 2026 15:00:00 GMT"


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    return make_archive(tmp_path)


def archived(conn: sqlite3.Connection, **changes: object) -> Entry:
    """An article that was dated by its entry, an hour ago."""
    found = make_entry("1", guid="g1", published=NOW - HOUR, published_raw=RAW)
    entry = announce_one(conn, found)
    dates = {"published_from": "feed", "published_claimed": RAW} | changes
    article = replace(make_article("1"), published=NOW - HOUR, **dates)
    save_article(conn, article, entry=entry, now=NOW)
    return entry


def moved(entry: Entry) -> list[Redating]:
    return [Redating(entry=entry, published=NOW - 9 * HOUR, updated=None)]


def test_an_offset_is_remembered_and_forgotten(conn: sqlite3.Connection) -> None:
    keep_offset(conn, "stcn", 28800)
    assert (state := source_state(conn, "stcn")) is not None
    assert state.offset_s == 28800
    keep_offset(conn, "stcn", None)
    assert cell(conn, "SELECT offset_s FROM sources") is None


def test_entry_and_article_are_dated_anew(conn: sqlite3.Connection) -> None:
    entry = archived(conn)
    before = cell(conn, "SELECT wanted_hash FROM files")
    assert redate(conn, moved(entry), origin="feed", now=NOW) == 1
    right = "2026-11-22T23:00:00Z"
    assert rows(conn, "SELECT published FROM entries UNION ALL SELECT published FROM articles") == [
        (right,),
        (right,),
    ]
    assert cell(conn, "SELECT published_claimed FROM articles") == RAW
    assert cell(conn, "SELECT wanted_hash FROM files") != before
    assert rows(conn, "SELECT DISTINCT day FROM near_bands") == [(20779,)]  # 2026-11-22


def test_an_article_with_a_date_of_its_own_keeps_it(conn: sqlite3.Connection) -> None:
    entry = archived(conn, published_from="jsonld", published_claimed="2026-11-23T15:00+08:00")
    assert redate(conn, moved(entry), origin="feed", now=NOW) == 0
    assert cell(conn, "SELECT published FROM articles") == "2026-11-23T07:00:00Z"


def test_one_that_was_too_late_to_be_believed_gets_the_feeds_date(conn: sqlite3.Connection) -> None:
    entry = archived(conn, published_from="announced")
    redate(conn, moved(entry), origin="feed", now=NOW)
    assert rows(conn, "SELECT published_from, evidence ->> 'published' FROM articles") == [
        ("feed", "feed")
    ]


def test_a_known_entry_is_found_by_address_or_guid(conn: sqlite3.Connection) -> None:
    entry = archived(conn)
    elsewhere = make_entry("other", guid="g1")
    found = known_entries(conn, "stcn", [elsewhere, make_entry("1"), make_entry("new", guid="g2")])
    assert {url: known.id for url, known in found.items()} == {
        elsewhere.url: entry.id,
        entry.url: entry.id,
    }


def test_what_was_announced_at_once_comes_together_the_latest_first(
    conn: sqlite3.Connection,
) -> None:
    for path in ("1", "2", "undated"):
        announce_one(conn, make_entry(path, published=None if path == "undated" else NOW))
    conn.execute("UPDATE entries SET announced = '2026-11-24T00:00:00Z' WHERE url LIKE '%/2'")
    groups = [[e.url[-1] for e in group] for group in announced_together(conn, "stcn")]
    assert groups == [["2"], ["1"]]
