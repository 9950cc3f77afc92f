"""What is forgotten leaves no byte but its addresses, and stays away."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from archive.entries.owed import retry_entries
from archive.errors import ArchiveError
from archive.files.orders import write_owed
from archive.model import Reason
from archive.upkeep.forgetting import find_target, forget
from tests.archive.making import (
    HOUR,
    LONG,
    NOW,
    announce_one,
    cell,
    make_archive,
    make_entry,
    make_source,
    rows,
    save,
)

SECRET = "白鲸计划" + LONG
URL = "https://stcn.example.com/a"


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    return make_archive(tmp_path, make_source("stcn"), make_source("wire"))


def take_down(conn: sqlite3.Connection, target: str = URL) -> None:
    forget(conn, find_target(conn, target, (target,)), reason="a court's order", now=NOW)


def test_every_table_forgets_the_article(conn: sqlite3.Connection, tmp_path: Path) -> None:
    save(conn, "a", "白鲸", SECRET)
    save(conn, "a", "白鲸", SECRET + "更正。", now=NOW + HOUR)
    write_owed(conn, tmp_path / "md")
    take_down(conn)
    write_owed(conn, tmp_path / "md")
    for table in ("articles", "revisions", "article_urls", "files", "near_bands"):
        assert cell(conn, f"SELECT count(*) FROM {table}") == 0, table
    assert list((tmp_path / "md").rglob("*.md")) == []
    assert rows(conn, "SELECT url, state, reason, title, payload FROM entries") == [
        (URL, "gone", "forgotten", "", "{}")
    ]


def test_no_byte_of_it_stays_in_the_file(conn: sqlite3.Connection, tmp_path: Path) -> None:
    for number in range(20):
        save(conn, f"other{number}", f"标题{number}", f"{number}{LONG}{number * 7919}")
    save(conn, "a", "白鲸", SECRET)
    take_down(conn)
    conn.close()
    content = b"".join(path.read_bytes() for path in tmp_path.glob("archive.db*"))
    assert "白鲸".encode() not in content
    assert "央行宣布".encode() in content


def test_the_index_finds_it_no_more(conn: sqlite3.Connection) -> None:
    save(conn, "a", "白鲸", SECRET)
    take_down(conn)
    query = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH '\"白 鲸\"'"
    assert cell(conn, query) == 0
    conn.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")


def test_it_does_not_come_back_by_a_feed(conn: sqlite3.Connection) -> None:
    save(conn, "a", "白鲸", SECRET)
    take_down(conn)
    with pytest.raises(StopIteration):
        announce_one(conn, make_entry("a", updated=NOW + timedelta(days=1)))


def test_nor_by_a_page_that_leads_there(conn: sqlite3.Connection) -> None:
    save(conn, "a", "白鲸", SECRET)
    take_down(conn)
    saved = save(conn, "a", "白鲸", SECRET)
    assert saved.rejected is not None
    assert saved.rejected.reason is Reason.FORGOTTEN
    assert rows(conn, "SELECT state, reason FROM entries") == [("rejected", "forgotten")]


def test_nor_is_it_owed_again(conn: sqlite3.Connection) -> None:
    save(conn, "a", "白鲸", SECRET)
    take_down(conn)
    assert retry_entries(conn, now=NOW, entry=URL) == 0
    assert retry_entries(conn, now=NOW) == 0


def test_its_oldest_copy_becomes_the_story(conn: sqlite3.Connection) -> None:
    save(conn, "a", "白鲸", SECRET)
    save(conn, "https://wire.example.com/b", "白鲸", SECRET, source_id="wire")
    take_down(conn)
    assert rows(conn, "SELECT id, copy_of FROM articles") == [(2, None)]


def test_an_address_that_became_no_article_can_be_forgotten(conn: sqlite3.Connection) -> None:
    announce_one(conn, make_entry("never"))
    take_down(conn, "https://stcn.example.com/never")
    assert rows(conn, "SELECT url, reason FROM tombstones") == [
        ("https://stcn.example.com/never", "a court's order")
    ]


def test_what_is_unknown_is_said(conn: sqlite3.Connection) -> None:
    with pytest.raises(ArchiveError, match="no article and no announced address 7"):
        find_target(conn, "7", ("7",))
