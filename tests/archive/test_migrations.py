"""An archive of every released schema opens today, and gets the schema of a new one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.database.connect import connect, transaction
from archive.errors import ArchiveError
from archive.migrate import migrate
from archive.schema import MIGRATIONS, SCHEMA_VERSION
from archive.upkeep.verify.objects import normal
from tests.archive.making import NOW, cell, make_archive, rows, save
from tests.archive.schemas import RELEASED, load

NEXT = (*MIGRATIONS, "ALTER TABLE articles ADD COLUMN extra TEXT;\n")
BROKEN = (*NEXT, "CREATE TABLE more (x);\nINSERT INTO nowhere VALUES (1);\n")


def schema(conn: sqlite3.Connection) -> dict[str, str]:
    found = conn.execute("SELECT name, sql FROM sqlite_master WHERE name NOT GLOB 'sqlite_*'")
    return {row["name"]: normal(row["sql"]) for row in found}


@pytest.mark.parametrize("version", RELEASED)
def test_an_archive_of_an_older_release_gets_the_schema_of_a_new_one(
    tmp_path: Path, version: int
) -> None:
    (tmp_path / "new").mkdir()
    with closing(load(version, tmp_path)) as old, closing(make_archive(tmp_path / "new")) as new:
        migrate(old, NOW)
        assert schema(old) == schema(new), "before a release: python -P -m tests.archive.schemas"
        assert cell(old, "PRAGMA user_version") == SCHEMA_VERSION


@pytest.mark.parametrize("version", RELEASED)
def test_what_an_older_release_archived_is_found(tmp_path: Path, version: int) -> None:
    with closing(load(version, tmp_path)) as old:
        migrate(old, NOW)
        assert rows(old, "SELECT id FROM search WHERE q = '\"降准\"'") == [(1,), (2,)]
        assert rows(old, "SELECT number, kind FROM revisions WHERE article_id = 1") == [
            (1, "first"),
            (2, "edit"),
        ]
        old.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")


def test_no_two_objects_have_one_name(tmp_path: Path) -> None:
    """An index and a trigger may; then merge and verify take one for the other."""
    conn = make_archive(tmp_path)
    assert rows(conn, "SELECT name FROM sqlite_master GROUP BY 1 HAVING count(*) > 1") == []


def test_an_upgrade_drops_the_statistics_that_crawls_left(tmp_path: Path) -> None:
    with closing(load(7, tmp_path)) as old:
        old.execute("ANALYZE")
        migrate(old, NOW)
        assert rows(old, "SELECT name FROM sqlite_master WHERE name GLOB 'sqlite_stat*'") == []


def test_an_upgrade_lists_the_hosts_of_the_sources_that_are_there(tmp_path: Path) -> None:
    with closing(load(7, tmp_path)) as old:
        old.execute("INSERT INTO sources(id, name, url, hosts) VALUES ('x', 'X', '', '[null]')")
        migrate(old, NOW)
        assert rows(old, "SELECT host, source_id FROM source_hosts ORDER BY host") == [
            ("cnbc.example.com", "cnbc"),
            ("stcn.example.com", "stcn"),
        ]


def test_an_upgrade_keeps_a_copy_of_what_was_there(tmp_path: Path) -> None:
    with closing(make_archive(tmp_path)) as conn:
        save(conn, "1", "央行降准")
        migrate(conn, NOW, migrations=NEXT)
        assert cell(conn, "SELECT extra FROM articles") is None
    with closing(connect(tmp_path / f"archive.db.before-{len(NEXT)}", readonly=True)) as copy:
        assert cell(copy, "PRAGMA user_version") == SCHEMA_VERSION
        assert rows(copy, "SELECT title FROM articles") == [("央行降准",)]


def test_an_upgrade_inside_a_transaction_keeps_a_copy_too(tmp_path: Path) -> None:
    with closing(make_archive(tmp_path)) as conn:
        save(conn, "1")
        with transaction(conn):
            migrate(conn, NOW, migrations=NEXT)
    assert (tmp_path / f"archive.db.before-{len(NEXT)}").exists()


def test_an_archive_without_articles_is_upgraded_without_a_copy(tmp_path: Path) -> None:
    with closing(make_archive(tmp_path)) as conn:
        migrate(conn, NOW, migrations=NEXT)
    assert list(tmp_path.glob("archive.db.*")) == []


def test_an_upgrade_that_fails_changes_nothing(tmp_path: Path) -> None:
    with closing(make_archive(tmp_path)) as conn:
        save(conn, "1")
        before = schema(conn)
        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            migrate(conn, NOW, migrations=BROKEN)
        assert schema(conn) == before
        assert cell(conn, "PRAGMA user_version") == SCHEMA_VERSION


def test_an_upgrade_without_room_for_the_copy_does_not_begin(tmp_path: Path) -> None:
    with closing(make_archive(tmp_path)) as conn:
        save(conn, "1")
        (tmp_path / f"archive.db.before-{len(NEXT)}").mkdir()
        with pytest.raises(ArchiveError, match=r"archive\.db is not upgraded: its copy"):
            migrate(conn, NOW, migrations=NEXT)
        assert cell(conn, "PRAGMA user_version") == SCHEMA_VERSION
