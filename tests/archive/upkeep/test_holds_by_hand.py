"""What a person decides of held versions and second rows; walls: tests/archive/articles."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from archive.articles.save import save_article
from archive.database.connect import transaction
from archive.entries.owed import file_entry
from archive.errors import ArchiveError
from archive.held.holds import hold_error_page, hold_second_row
from archive.held.rows import held_rows
from archive.model import Saved, Verdict
from archive.upkeep.holds_by_hand import refuse_hold, release_hold
from archive.upkeep.overview import held_count
from tests.archive.making import (
    DAY,
    HOUR,
    LONG,
    NOW,
    cell,
    make_archive,
    make_article,
    make_entry,
    make_source,
    rows,
    save,
)

MORE = "https://stcn.example.com/more"
STUB = "Keep reading with a digital plan that suits you."
WALL = "请先同意我们以及八百一十二家伙伴的隐私条款。" * 5


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    return make_archive(tmp_path, make_source("stcn"))


def hold_version(conn: sqlite3.Connection) -> Saved:
    save(conn, "1", "央行降准", LONG)
    return save(conn, "1", "继续之前", WALL, now=NOW + HOUR, tags=("隐私",), updated=NOW)


def second_row(conn: sqlite3.Connection) -> None:
    """Two rows of one story, joined when the older address leads to the newer one."""
    old = make_article("old", "央行降准", LONG)
    entry = file_entry(conn, make_entry("old"), "stcn", now=NOW)
    save_article(conn, old, entry=entry, now=NOW)
    edited = "钢铁行业协会周二公布上半年产量数据。" * 20
    later = replace(make_article("new", "钢铁产量", edited), published=NOW + DAY)
    save_article(conn, later, entry=file_entry(conn, make_entry("new"), "stcn", now=NOW), now=NOW)
    conn.execute("INSERT INTO article_urls(url, article_id) VALUES (?, 2)", (MORE,))
    lead_there(conn)


def lead_there(conn: sqlite3.Connection) -> None:
    """The older address leads to the newer one, which has the older headline by now."""
    edited = "钢铁行业协会周二公布上半年产量数据。" * 20
    led = replace(make_article("new", "央行降准", edited), published=NOW + DAY)
    entry = file_entry(conn, make_entry("old"), "stcn", now=NOW)
    save_article(conn, led, entry=entry, now=NOW, led=True)


def test_a_version_that_is_released_is_the_newest(conn: sqlite3.Connection) -> None:
    assert hold_version(conn).held.startswith("its page shows neither")
    (hold,) = held_rows(conn)
    assert (hold.version, hold.article_id, held_count(conn)) == (True, 1, 1)
    assert release_hold(conn, hold.id, now=NOW + DAY).versions == 1
    assert rows(conn, "SELECT title, revision, tags FROM articles") == [("继续之前", 2, '["隐私"]')]
    assert held_rows(conn) == []


def test_a_version_that_is_shown_a_day_later_is_taken_over(conn: sqlite3.Connection) -> None:
    hold_version(conn)
    assert save(conn, "1", "继续之前", WALL, now=NOW + 2 * HOUR).held
    assert not save(conn, "1", "继续之前", WALL, now=NOW + DAY).held
    assert cell(conn, "SELECT title FROM articles") == "继续之前"


def test_a_version_that_a_person_refused_is_never_taken_over(conn: sqlite3.Connection) -> None:
    hold_version(conn)
    refuse_hold(conn, held_rows(conn)[0].id, now=NOW)
    assert held_count(conn) == 0
    assert save(conn, "1", "继续之前", WALL, now=NOW + 3 * DAY).held
    assert cell(conn, "SELECT title FROM articles") == "央行降准"


def test_what_is_held_is_over_when_the_page_shows_the_article(conn: sqlite3.Connection) -> None:
    hold_version(conn)
    save(conn, "1", "央行降准", LONG, now=NOW + DAY)
    assert held_rows(conn) == []


def test_an_error_page_counts_at_the_second_look(conn: sqlite3.Connection) -> None:
    save(conn, "1")
    assert not hold_error_page(conn, 1, outlet="Outlet stcn", now=NOW)
    assert not hold_error_page(conn, 1, outlet="Outlet stcn", now=NOW)
    assert hold_error_page(conn, 1, outlet="Outlet stcn", now=NOW + HOUR)
    assert release_hold(conn, held_rows(conn)[0].id, now=NOW).versions == 0


def test_a_second_row_is_held_for_the_first(conn: sqlite3.Connection) -> None:
    second_row(conn)
    assert rows(conn, "SELECT id, url, held IS NULL FROM articles") == [
        (1, "https://stcn.example.com/new", 1),
        (2, "https://stcn.example.com/new#joined=2", 0),
    ]
    assert rows(conn, "SELECT DISTINCT article_id FROM article_urls") == [(1,)]
    assert cell(conn, "SELECT count(*) FROM stories") == 1


def test_a_second_row_that_is_released_is_a_story_again(conn: sqlite3.Connection) -> None:
    second_row(conn)
    assert release_hold(conn, held_rows(conn)[0].id, now=NOW).articles == 1
    assert cell(conn, "SELECT count(*) FROM stories") == 2
    assert rows(conn, "SELECT id, url FROM articles ORDER BY id") == [
        (1, "https://stcn.example.com/old"),
        (2, "https://stcn.example.com/new"),
    ]
    assert rows(conn, "SELECT url, article_id FROM article_urls ORDER BY url") == [
        ("https://stcn.example.com/more", 2),
        ("https://stcn.example.com/new", 2),
        ("https://stcn.example.com/old", 1),
    ]
    assert rows(conn, "SELECT url, article_id FROM entries ORDER BY url") == [
        ("https://stcn.example.com/new", 2),
        ("https://stcn.example.com/old", 1),
    ]
    lead_there(conn)  # what a person said stands
    assert cell(conn, "SELECT count(*) FROM stories") == 2


def test_a_second_row_of_a_second_row_comes_back_whole(conn: sqlite3.Connection) -> None:
    second_row(conn)
    entry = file_entry(conn, make_entry("first"), "stcn", now=NOW)
    save_article(conn, make_article("first", "锌价", "锌。" * 99), entry=entry, now=NOW)
    with transaction(conn):
        hold_second_row(conn, 1, 3, outlet="Outlet stcn", reason="told so", now=NOW)
    inner = next(hold for hold in held_rows(conn) if hold.article_id == 2)
    release_hold(conn, inner.id, now=NOW)
    assert rows(conn, "SELECT url, article_id FROM article_urls ORDER BY url") == [
        ("https://stcn.example.com/first", 3),
        ("https://stcn.example.com/more", 2),
        ("https://stcn.example.com/new", 2),
        ("https://stcn.example.com/old", 3),
    ]


def test_a_stub_comes_back_to_all_its_articles(conn: sqlite3.Connection) -> None:
    for at, title in enumerate(("Copper falls", "Zinc climbs", "Tin stands", "Lead sinks")):
        save(conn, str(at), title, STUB, announced=title, summary=f"Deck {at}")
    save(conn, "1", "Zinc climbs", STUB, announced="Zinc climbs", now=NOW + HOUR)  # it stays
    kept = held_rows(conn)
    assert sorted((hold.article_id, hold.version, hold.title) for hold in kept) == [
        (1, True, "Copper falls"),
        (2, True, "Zinc climbs"),
        (3, True, "Tin stands"),
        (4, True, "Lead sinks"),
    ]
    assert {hold.reason for hold in kept} == {
        f"stub: its text stands below other headlines, too: {STUB!r}"
    }
    assert release_hold(conn, kept[0].id, now=NOW).versions == 4
    assert rows(conn, "SELECT DISTINCT text, paywalled FROM articles") == [(STUB, 0)]
    assert held_rows(conn) == []
    assert save(conn, "9", "Iron up", STUB, announced="Iron up").verdict is Verdict.NEW
    assert cell(conn, "SELECT text FROM articles WHERE title = 'Iron up'") == STUB


def test_a_number_under_which_nothing_is_held(conn: sqlite3.Connection) -> None:
    with pytest.raises(ArchiveError, match="nothing is held under 7"):
        release_hold(conn, 7, now=NOW)
    with pytest.raises(ArchiveError, match="broadsheet held list"):
        refuse_hold(conn, 7, now=NOW)
