from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Literal

import pytest

from archive.database.connect import connect, transaction, unsynced
from archive.errors import ArchiveDamaged, ArchiveError


def test_a_writer_gets_wal_full_sync_and_foreign_keys(tmp_path: Path) -> None:
    conn = connect(tmp_path / "a.db")
    names = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
    assert [conn.execute(f"PRAGMA {name}").fetchone()[0] for name in names] == ["wal", 2, 1, 1]
    conn.close()


def test_normal_sync_can_be_chosen(tmp_path: Path) -> None:
    conn = connect(tmp_path / "a.db", synchronous="normal")
    assert conn.execute("PRAGMA synchronous").fetchone()[0] == 1
    conn.close()


@pytest.mark.parametrize(("chosen", "level"), [("full", 2), ("normal", 1)])
def test_what_need_not_wait_for_the_disk_does_so_for_itself_alone(
    tmp_path: Path, chosen: Literal["full", "normal"], level: int
) -> None:
    conn = connect(tmp_path / "a.db", synchronous=chosen)
    with unsynced(conn), transaction(conn):
        conn.execute("CREATE TABLE t (x)")
        assert conn.execute("PRAGMA synchronous").fetchone()[0] == 1
    with pytest.raises(ZeroDivisionError), unsynced(conn), transaction(conn):
        conn.execute(f"INSERT INTO t VALUES ({1 // 0})")
    assert conn.execute("PRAGMA synchronous").fetchone()[0] == level
    conn.close()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    connect(tmp_path / "a.db").close()
    conn = connect(tmp_path / "a.db", readonly=True)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        conn.execute("CREATE TABLE t (x)")
    conn.close()


def test_a_reader_of_a_missing_file_is_told_its_path(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"no archive at .*/a\.db"):
        connect(tmp_path / "a.db", readonly=True)
    assert not (tmp_path / "a.db").exists()


@pytest.mark.parametrize("readonly", [True, False])
def test_a_file_that_is_no_database_is_named(tmp_path: Path, readonly: bool) -> None:
    (tmp_path / "a.db").write_text("this is a letter, not a database" * 40)
    with pytest.raises(ArchiveError, match=r"can't open .*/a\.db"):
        connect(tmp_path / "a.db", readonly=readonly)


def test_a_folder_in_its_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.db").mkdir()
    with pytest.raises(ArchiveError, match=r"can't open .*/a\.db: it is a folder"):
        connect(tmp_path / "a.db")


def test_a_file_whose_schema_is_damaged_is_called_so(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    conn = connect(path)
    conn.execute("CREATE TABLE t (x)")
    conn.close()
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 400)  # the first page, behind the file's header
    with pytest.raises(ArchiveDamaged, match=r"/a\.db is damaged: "):
        connect(path, readonly=True)


def test_a_path_with_special_characters_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "50% 新闻?#.db"
    connect(path).close()
    assert path.exists()


def test_a_transaction_that_raises_leaves_nothing(tmp_path: Path) -> None:
    conn = connect(tmp_path / "a.db")
    conn.execute("CREATE TABLE t (x UNIQUE)")
    with pytest.raises(sqlite3.IntegrityError), transaction(conn):
        conn.executemany("INSERT INTO t VALUES (?)", [(1,), (1,)])
    assert conn.execute("SELECT count(*) FROM t").fetchone()[0] == 0
    conn.close()


def test_a_transaction_that_ends_well_is_seen_by_others(tmp_path: Path) -> None:
    conn, other = connect(tmp_path / "a.db"), connect(tmp_path / "a.db")
    with transaction(conn):
        conn.execute("CREATE TABLE t (x)")
        conn.execute("INSERT INTO t VALUES (1)")
    assert other.execute("SELECT count(*) FROM t").fetchone()[0] == 1
    conn.close()
    other.close()
