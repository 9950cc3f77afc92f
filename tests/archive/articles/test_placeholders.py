from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from archive.files.orders import set_settings
from archive.model import Reason, SourceStatus, Verdict
from archive.sources.declarations import source_state
from tests.archive.making import LONG, NOW, cell, make_archive, make_source, rows, save

WALL = "Before you continue, please accept our cookies and those of our 812 partners."


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    conn = make_archive(tmp_path, make_source("stcn"), make_source("other"))
    set_settings(conn, markdown=True, body="markdown")
    return conn


def meet_wall(conn: sqlite3.Connection, paths: str, *, source_id: str = "stcn") -> None:
    for path in paths:
        save(conn, path, "Cookies", WALL, announced=f"Headline {path}", source_id=source_id)


def test_two_equal_texts_are_not_yet_a_placeholder(conn: sqlite3.Connection) -> None:
    meet_wall(conn, "12")
    assert cell(conn, "SELECT count(*) FROM articles") == 2


def test_the_third_equal_text_undoes_the_others(conn: sqlite3.Connection) -> None:
    meet_wall(conn, "123")
    for table in ("articles", "revisions", "article_urls"):
        assert cell(conn, f"SELECT count(*) FROM {table}") == 0
    closed = rows(conn, "SELECT state, reason, article_id FROM entries")
    assert closed == [("rejected", "placeholder", None)] * 3


def test_titles_of_the_pages_count_where_nothing_was_announced(conn: sqlite3.Connection) -> None:
    for path in "123":
        saved = save(conn, path, f"Headline {path}", WALL)
    assert saved.rejected is not None
    assert (saved.rejected.reason, saved.article_id) == (Reason.PLACEHOLDER, None)


def test_a_long_wall_that_first_looked_like_copies_is_undone_too(conn: sqlite3.Connection) -> None:
    for path in "123":
        save(conn, path, "Cookies", WALL * 9, announced=f"Headline {path}")
    assert rows(conn, "SELECT DISTINCT state FROM entries") == [("rejected",)]
    assert cell(conn, "SELECT count(*) FROM article_urls") == 0


def test_later_pages_are_refused_at_once(conn: sqlite3.Connection) -> None:
    meet_wall(conn, "1234")
    assert rows(conn, "SELECT count(*) FROM entries WHERE state = 'rejected'") == [(4,)]


def test_the_sources_are_flagged_with_the_text(conn: sqlite3.Connection) -> None:
    meet_wall(conn, "123")
    state = source_state(conn, "stcn")
    assert state is not None
    assert state.status is SourceStatus.BLOCKED
    assert "Before you continue" in str(state.status_reason)


def test_a_flagged_source_that_gives_an_article_again_is_ok(conn: sqlite3.Connection) -> None:
    meet_wall(conn, "123")
    save(conn, "4")
    state = source_state(conn, "stcn")
    assert state is not None
    assert (state.status, state.status_reason) == (SourceStatus.OK, None)


def test_files_of_what_is_undone_are_to_be_deleted(conn: sqlite3.Connection) -> None:
    meet_wall(conn, "12")
    conn.execute("UPDATE files SET written_hash = wanted_hash")
    meet_wall(conn, "3")
    assert rows(conn, "SELECT wanted_hash FROM files") == [(None,), (None,)]


def test_an_article_that_became_the_wall_gets_its_text_back(conn: sqlite3.Connection) -> None:
    save(conn, "1", "央行降准", LONG, announced="Headline 1")
    meet_wall(conn, "123")
    columns = "title, text, revision, (SELECT count(*) FROM revisions)"
    assert rows(conn, f"SELECT {columns} FROM articles") == [("央行降准", LONG, 1, 1)]
    assert rows(conn, "SELECT state FROM entries WHERE id = 1") == [("archived",)]
    assert cell(conn, "SELECT count(*) FROM search WHERE q = '\"cookies\"'") == 0


def test_an_article_is_not_overwritten_by_a_known_wall(conn: sqlite3.Connection) -> None:
    save(conn, "real", "央行降准", LONG)
    meet_wall(conn, "123")
    save(conn, "real", "Cookies", WALL)
    assert rows(conn, "SELECT text FROM articles") == [(LONG,)]
    last = "SELECT state, reason FROM entries WHERE article_id IS NOT NULL"
    assert rows(conn, last) == [("archived", "second look: rejected: placeholder")]


def test_one_article_checked_again_and_again_is_no_placeholder(conn: sqlite3.Connection) -> None:
    verdicts = [save(conn, "1", announced=f"Title {n}").verdict for n in range(8)]
    assert verdicts == [Verdict.NEW] + [Verdict.UNCHANGED] * 7


def test_five_copies_under_one_title_are_copies_and_the_sixth_url_a_placeholder(
    conn: sqlite3.Connection,
) -> None:
    verdicts = [save(conn, path).verdict for path in "123456"]
    assert verdicts == [Verdict.NEW, *[Verdict.COPY] * 4, None]
    assert cell(conn, "SELECT count(*) FROM articles") == 0


def test_other_outlets_are_not_concerned(conn: sqlite3.Connection) -> None:
    meet_wall(conn, "12")
    meet_wall(conn, "34", source_id="other")
    assert cell(conn, "SELECT count(*) FROM articles") == 4


def test_flashes_that_are_all_title_are_kept(conn: sqlite3.Connection) -> None:
    verdicts = [save(conn, path, f"快讯{path}", "", now=NOW).verdict for path in "1234"]
    assert verdicts == [Verdict.NEW] * 4
