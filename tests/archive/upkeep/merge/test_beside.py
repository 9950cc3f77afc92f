"""What comes along with the articles: sources, entries, days, lines, runs, decisions."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from archive.copies import clusters
from archive.database import runs
from archive.database.connect import transaction
from archive.entries.announcing import announce
from archive.entries.owed import close_entry
from archive.held.rows import held_rows
from archive.model import EntryState
from archive.sources.declarations import declare
from tests.archive.making import HOUR, LONG, NOW, cell, make_source, make_visit, rows, save
from tests.archive.upkeep.merge.two import bring, fetch, owe

WALL = "请启用脚本以继续浏览本站内容。" * 20


def test_a_source_of_theirs_is_polled_by_nobody(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    declare(theirs, [make_source("stcn"), make_source("wire")], now=NOW)
    theirs.execute("UPDATE sources SET etag = 'W/1', last_success = '2026-11-23T07:00:00Z'")
    bring(ours, tmp_path / "theirs")
    columns = "id, enabled, status, etag, last_success"
    assert rows(ours, f"SELECT {columns} FROM sources") == [
        ("stcn", 1, "ok", None, "2026-11-23T07:00:00Z"),
        ("wire", 0, "removed", None, "2026-11-23T07:00:00Z"),
    ]


def test_a_column_that_their_sources_have_beyond_ours_is_left(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    theirs.execute('ALTER TABLE sources ADD COLUMN "x) SELECT * FROM articles --" TEXT')
    declare(theirs, [make_source("stcn"), make_source("wire")], now=NOW)
    assert bring(ours, tmp_path / "theirs").sources == 1


def test_an_id_that_is_another_source_here_gets_a_suffix(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    theirs.execute("UPDATE sources SET url = 'https://other.example/rss' WHERE id = 'stcn'")
    fetch(theirs, "a", "降准", LONG)
    merged = bring(ours, tmp_path / "theirs")
    again = bring(ours, tmp_path / "theirs")
    assert merged.renamed == again.renamed == (("stcn", "stcn-2"),)
    assert (merged.sources, again.sources) == (1, 0)
    assert rows(ours, "SELECT source_id FROM articles UNION SELECT source_id FROM entries") == [
        ("stcn-2",)
    ]


def test_a_day_of_both_counts_as_the_larger(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    for conn, polls in ((ours, 2), (theirs, 5)):
        with transaction(conn):
            for _ in range(polls):
                announce(conn, make_visit(bytes=100), [], now=NOW)
    bring(ours, tmp_path / "theirs")
    bring(ours, tmp_path / "theirs")
    assert rows(ours, "SELECT source_id, day, polls, bytes FROM visit_days") == [
        ("stcn", "2026-11-23", 3, 300)
    ]
    assert cell(ours, "SELECT count(*) FROM visits") == 2


def test_an_entry_of_theirs_stays_owed(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    owe(theirs, "a", "b")
    fetch(ours, "b", "降准", LONG)
    ours.execute("DELETE FROM entries")
    bring(ours, tmp_path / "theirs")
    assert rows(ours, "SELECT url, state, reason FROM entries ORDER BY url") == [
        ("https://stcn.example.com/a", "owed", None),
        ("https://stcn.example.com/b", "archived", "already archived"),
    ]


def test_the_entry_that_got_further_wins(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    for conn, closed in ((ours, 1), (theirs, 2)):
        owe(conn, "a", "b")
        with transaction(conn):
            close_entry(conn, closed, EntryState.REJECTED, "too short", now=NOW + HOUR)
    bring(ours, tmp_path / "theirs")
    assert rows(ours, "SELECT id, state, reason FROM entries") == [
        (1, "rejected", "too short"),
        (2, "rejected", "too short"),
    ]


def test_what_theirs_knows_as_a_wall_is_held(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(ours, "a", "降准", WALL)
    meet_wall(theirs)
    assert bring(ours, tmp_path / "theirs").held == 2
    assert cell(ours, "SELECT count(*) FROM stories") == 0
    assert rows(ours, "SELECT state, count(*) FROM entries GROUP BY 1") == [("held", 4)]
    assert len(held_rows(ours)) == 4


def test_what_ours_knows_as_a_wall_is_held_when_it_comes(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    meet_wall(ours)
    fetch(theirs, "a", "降准", WALL)
    merged = bring(ours, tmp_path / "theirs")
    assert cell(ours, "SELECT count(*) FROM stories") == 0
    assert merged.held == 1


def meet_wall(conn: sqlite3.Connection) -> None:
    """Three pages with one text, announced under three headlines that it doesn't show."""
    for name in ("b", "c", "d"):
        save(conn, name, "标题", WALL, announced=f"{name}: shares rise")


def test_learned_lines_come_along(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    theirs.execute(
        "INSERT INTO boilerplate VALUES ('Outlet stcn', 7, 'line', '扫码关注', 4,"
        " '2026-11-01T00:00:00Z', '2026-11-20T00:00:00Z', 9)"
    )
    bring(ours, tmp_path / "theirs")
    assert rows(ours, "SELECT line, articles FROM boilerplate") == [("扫码关注", 4)]


def test_runs_stand_in_the_order_of_time(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    for conn, command, now in (
        (ours, "second", NOW + HOUR),
        (theirs, "first", NOW),
        (theirs, "third", NOW + 2 * HOUR),
    ):
        runs.begin(conn, command=command, now=now)
    bring(ours, tmp_path / "theirs")
    bring(ours, tmp_path / "theirs")
    assert rows(ours, "SELECT id, command FROM runs ORDER BY id") == [
        (1, "first"),
        (2, "second"),
        (3, "third"),
    ]


def test_a_copy_that_a_person_took_out_there_is_taken_out_here(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    for conn in (ours, theirs):
        fetch(conn, "a", "降准", LONG)
        fetch(conn, "b", "降准了", LONG + "本报记者。", 1)
    assert cell(ours, "SELECT copy_of FROM articles WHERE id = 2") == 1
    with transaction(theirs):
        clusters.part(theirs, 2, now=NOW, reason="another story")
    bring(ours, tmp_path / "theirs")
    assert cell(ours, "SELECT copy_of FROM articles WHERE id = 2") is None


def test_a_gap_of_theirs_is_ours_where_we_did_not_look_in_between(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    day = "'2026-11-2{0}T08:00:00Z', '2026-11-2{1}T08:00:00Z'"
    for begin, end in ((2, 4), (4, 5)):
        theirs.execute(
            "INSERT INTO gaps(source_id, started, ended, why, missing)"
            f" VALUES ('stcn', {day.format(begin, end)}, 'overflow', 40)"
        )
    theirs.execute(
        "INSERT INTO gaps(source_id, started, why)"
        " VALUES ('stcn', '2026-11-25T08:00:00Z', 'silent')"
    )
    with transaction(ours):
        announce(ours, make_visit(), [], now=NOW)  # on the 23rd
    bring(ours, tmp_path / "theirs")
    bring(ours, tmp_path / "theirs")
    assert rows(ours, "SELECT started, why, missing FROM gaps") == [
        ("2026-11-24T08:00:00Z", "overflow", 40)
    ]
    assert rows(ours, "SELECT * FROM health_changes WHERE told IS NULL") == []


def test_an_article_that_a_person_let_lead_there_leads_here(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    for conn in (ours, theirs):
        fetch(conn, "a", "降准", LONG)
        fetch(conn, "b", "降准了", LONG + "本报记者。", 1)
    with transaction(theirs):
        clusters.lead(theirs, 2, now=NOW)
    bring(ours, tmp_path / "theirs")
    assert rows(ours, "SELECT copy_of, lead_reason FROM articles ORDER BY id") == [
        (2, ""),
        (None, "by hand"),
    ]
