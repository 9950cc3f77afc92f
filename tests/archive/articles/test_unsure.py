"""Articles whose text nobody is sure of are held, and come back: by hand, or by their page."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from archive.articles.save import save_article
from archive.entries.owed import file_entry
from archive.files.orders import set_settings, write_owed
from archive.held.holds import probe
from archive.held.rows import held_rows
from archive.model import FOREIGN_FEED, Saved, Verdict
from archive.upkeep.holds_by_hand import refuse_hold, release_hold
from archive.upkeep.overview import ConfidenceRow, confidence_since, held_count
from archive.upkeep.verify.check import Scope, check
from tests.archive.making import (
    DAY,
    LONG,
    NOW,
    cell,
    make_archive,
    make_article,
    make_entry,
    make_source,
    rows,
)

EVIDENCE = (
    ("title", "h1"),
    ("text", "container"),
    ("confidence", "links 0.71, headline's words 0.00"),
)
REASON = (
    "not sure enough: 0.32, below 0.5: links 0.71, headline's words 0.00; text from container;"
    " title from h1"
)
STATES = "SELECT state, reason FROM entries ORDER BY id"


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    conn = make_archive(tmp_path, make_source("stcn"), make_source("other"))
    set_settings(conn, markdown=True, body="markdown")
    return conn


def fetch(
    conn: sqlite3.Connection,
    confidence: float,
    text: str = LONG,
    *,
    path: str = "1",
    below: float = 0.5,
    source_id: str = "stcn",
    **changes: object,
) -> Saved:
    entry = file_entry(conn, make_entry(path), source_id, now=NOW)
    more = {"evidence": EVIDENCE} | changes
    article = make_article(path, "央行降准", text, confidence=confidence, **more)
    return save_article(conn, article, entry=entry, now=NOW, hold_below=below)


def shown(conn: sqlite3.Connection) -> list[tuple[object, ...]]:
    return rows(conn, "SELECT id, confidence FROM stories")


def files(conn: sqlite3.Connection) -> object:
    return cell(conn, "SELECT count(*) FROM files WHERE wanted_hash IS NOT NULL")


def test_an_article_that_is_less_sure_is_held_with_the_evidence(conn: sqlite3.Connection) -> None:
    saved = fetch(conn, 0.32)
    assert (saved.article_id, saved.verdict, saved.held) == (1, Verdict.NEW, REASON)
    assert rows(conn, "SELECT held, confidence, next_check FROM articles") == [(REASON, 0.32, None)]
    assert rows(conn, STATES) == [("held", REASON)]
    (hold,) = held_rows(conn)
    assert (hold.reason, hold.article_id, hold.title, hold.source) == (
        REASON,
        1,
        "央行降准",
        "stcn",
    )
    assert (shown(conn), held_count(conn)) == ([], 1)
    assert cell(conn, "SELECT count(*) FROM search WHERE q = '\"降准\"'") == 0


@pytest.mark.parametrize(("confidence", "below"), [(0.5, 0.5), (0.0, 0.0), (1.0, 1.0)])
def test_what_is_sure_enough_is_not_held(
    conn: sqlite3.Connection, confidence: float, below: float
) -> None:
    assert fetch(conn, confidence, below=below).held == ""
    assert shown(conn) == [(1, confidence)]


@pytest.mark.parametrize("origin", ["feed", FOREIGN_FEED])
def test_what_a_feed_carried_is_its_own_word(conn: sqlite3.Connection, origin: str) -> None:
    assert fetch(conn, 0.1, evidence=(("text", origin),)).held == ""


def test_released_it_is_a_story_and_stays_one(conn: sqlite3.Connection) -> None:
    fetch(conn, 0.32)
    assert release_hold(conn, held_rows(conn)[0].id, now=NOW).articles == 1
    assert shown(conn) == [(1, 0.32)]
    assert rows(conn, STATES) == [("archived", "released by hand")]
    assert (held_rows(conn), files(conn)) == ([], 1)
    assert fetch(conn, 0.3, f"{LONG}更正。").verdict is Verdict.REVISED
    assert (shown(conn), held_rows(conn)) == ([(1, 0.3)], [])


def test_released_it_is_found_to_be_a_copy(conn: sqlite3.Connection) -> None:
    fetch(conn, 0.9, path="https://other.example.com/1", source_id="other")
    fetch(conn, 0.32)
    assert rows(conn, "SELECT copy_of FROM articles") == [(None,), (None,)]
    release_hold(conn, held_rows(conn)[0].id, now=NOW)
    assert rows(conn, "SELECT copy_of FROM articles") == [(None,), (1,)]


def test_refused_it_stays_away_whatever_its_page_says(conn: sqlite3.Connection) -> None:
    fetch(conn, 0.32)
    refuse_hold(conn, held_rows(conn)[0].id, now=NOW)
    assert rows(conn, STATES) == [("rejected", f"refused by hand: {REASON}")]
    fetch(conn, 0.32)
    fetch(conn, 0.2, f"{LONG}更正。")
    fetch(conn, 0.9, f"{LONG}又更正。")
    assert shown(conn) == []
    assert rows(conn, STATES) == [("rejected", f"refused by hand: {REASON}")]
    release_hold(conn, held_rows(conn)[0].id, now=NOW)
    assert shown(conn) == [(1, 0.9)]


def test_its_page_read_again_holds_it_anew_or_shows_it(conn: sqlite3.Connection) -> None:
    fetch(conn, 0.32)
    assert fetch(conn, 0.32).held == REASON
    assert fetch(conn, 0.4, f"{LONG}更正。").held.startswith("not sure enough: 0.4,")
    assert [state for state, _ in rows(conn, STATES)] == ["held"]
    assert (len(held_rows(conn)), shown(conn)) == (1, [])
    assert fetch(conn, 0.8, f"{LONG}又更正。").held == ""
    assert (held_rows(conn), shown(conn), files(conn)) == ([], [(1, 0.8)], 1)
    assert cell(conn, "SELECT count(*) FROM revisions") == 3


def test_a_later_version_that_is_less_sure_is_held_beside_its_article(
    conn: sqlite3.Connection,
) -> None:
    fetch(conn, 0.9)
    saved = fetch(conn, 0.32, f"{LONG}更正。")
    assert (saved.verdict, saved.held) == (Verdict.UNCHANGED, REASON)
    assert shown(conn) == [(1, 0.9)]
    (hold,) = held_rows(conn)
    assert (hold.version, hold.reason) == (True, REASON)
    assert release_hold(conn, hold.id, now=NOW).versions == 1
    assert rows(conn, "SELECT text, confidence FROM stories") == [(f"{LONG}更正。", 0.32)]


def test_nothing_of_it_is_probed_and_it_teaches_nothing(conn: sqlite3.Connection) -> None:
    fetch(conn, 0.32)
    assert probe(conn, "stcn", now=NOW + 2 * DAY) == ()
    assert cell(conn, "SELECT count(*) FROM boilerplate") == 0


def test_an_archive_with_held_articles_is_whole(conn: sqlite3.Connection, tmp_path: Path) -> None:
    fetch(conn, 0.9)
    fetch(conn, 0.32, LONG + "其他。" * 40, path="2")
    write_owed(conn, tmp_path / "articles")
    conn.close()
    what = Scope(data=tmp_path, directory=tmp_path / "articles", full=True)
    assert list(check(what, now=NOW)) == []


def test_how_sure_a_sources_texts_are_is_told_by_their_median(conn: sqlite3.Connection) -> None:
    for number, confidence in enumerate((0.9, 0.2, 0.499, 0.8)):
        fetch(conn, confidence, f"{number} {LONG}" * 2, path=str(number), below=0.0)
    assert confidence_since(conn, "stcn", NOW) == ConfidenceRow(
        articles=4, median=0.649, doubtful=2
    )
    assert confidence_since(conn, "stcn", NOW + DAY) is None
