from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from archive.database.connect import connect
from archive.database.writer import Writer
from archive.errors import ArchiveError
from archive.migrate import migrate
from tests.archive.making import NOW, rows

ROOT = Path(__file__).parents[3]

# Announces and saves article after article, and prints each one's number once it is saved.
CHILD = """
import sys
from tests.archive.making import NOW, make_article, make_entry, make_source, make_visit
from archive.articles.save import save_article
from archive.entries.announcing import announce
from archive.entries.owed import file_entry
from archive.migrate import migrate
from archive.sources.declarations import declare
from archive.database.writer import Writer

writer = Writer(sys.argv[1])
writer.call(migrate, NOW)
writer.call(declare, [make_source("stcn")], now=NOW)
for n in range(int(sys.argv[2]), 100_000):
    entry = make_entry(str(n))
    writer.call(announce, make_visit(etag=str(n)), [entry], now=NOW)
    entry = writer.call(file_entry, entry, "stcn", now=NOW)
    article = make_article(str(n), f"Title {n}", f"Text {n}")
    print(writer.call(save_article, article, entry=entry, now=NOW).article_id, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


def count(conn: sqlite3.Connection) -> int:
    return int(conn.execute("SELECT count(*) FROM settings").fetchone()[0])


def put(conn: sqlite3.Connection, key: str, *, fail: bool = False) -> str:
    conn.execute("INSERT INTO settings(key, value) VALUES (?, '')", (key,))
    if fail:
        raise KeyError(key)
    return key


def thread_of(_: sqlite3.Connection) -> str:
    return threading.current_thread().name


@pytest.fixture
def writer(path: Path) -> Writer:
    writer = Writer(path)
    writer.call(migrate, NOW)
    return writer


def test_a_call_returns_what_the_function_returns(writer: Writer) -> None:
    with writer:
        assert (writer.call(put, "a"), writer.call(count)) == ("a", 1)


def test_a_call_can_be_awaited(writer: Writer) -> None:
    async def both() -> list[str]:
        return await asyncio.gather(writer.run(put, "a"), writer.run(put, "b"))

    with writer:
        assert asyncio.run(both()) == ["a", "b"]
        assert writer.call(count) == 2


def test_an_error_reaches_the_awaiting_caller_and_leaves_nothing(writer: Writer) -> None:
    with writer:
        with pytest.raises(KeyError):
            asyncio.run(writer.run(put, "a", fail=True))
        assert writer.call(count) == 0


def test_all_calls_run_on_one_thread_of_their_own(writer: Writer) -> None:
    with writer:
        names = {writer.call(thread_of) for _ in range(5)}
    assert len(names) == 1
    assert names != {threading.current_thread().name}


def test_what_was_submitted_before_close_is_saved(path: Path, writer: Writer) -> None:
    async def leave_early() -> None:
        waiting = [asyncio.ensure_future(writer.run(put, str(n))) for n in range(50)]
        await asyncio.sleep(0)
        await asyncio.to_thread(writer.close)
        await asyncio.gather(*waiting)

    asyncio.run(leave_early())
    reader = connect(path, readonly=True)
    assert count(reader) == 50
    reader.close()


def test_closing_empties_the_wal_and_may_be_repeated(path: Path, writer: Writer) -> None:
    writer.close()
    writer.close()
    assert [p.name for p in path.parent.iterdir()] == ["archive.db"]


def test_closing_leaves_no_statistics_that_would_change_plans(path: Path, writer: Writer) -> None:
    writer.call(put, "1")
    writer.call(count)
    writer.close()
    with closing(connect(path, readonly=True)) as reader:
        tables = reader.execute("SELECT name FROM sqlite_master WHERE name GLOB 'sqlite_stat*'")
        assert tables.fetchall() == []


def test_a_call_after_close_is_a_clear_error(writer: Writer) -> None:
    writer.close()
    with pytest.raises(ArchiveError, match=r"the writer of .*archive\.db is closed"):
        writer.call(count)


def test_an_archive_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="can't open"):
        Writer(tmp_path / "no folder" / "archive.db")


def run_and_kill(path: Path, start: int, saves: int) -> list[int]:
    """Start the child, let it report `saves` articles, kill it, and return all it reported."""
    command = [sys.executable, "-c", CHILD, str(path), str(start)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True)
    assert child.stdout is not None
    reported = [int(child.stdout.readline()) for _ in range(saves)]
    child.kill()
    reported += [int(line) for line in child.stdout if line.endswith("\n")]
    child.stdout.close()
    child.wait()
    return reported


def test_a_killed_writer_loses_nothing_it_reported(path: Path) -> None:
    reported: list[int] = []
    for saves in (1, 7, 20):
        reported += run_and_kill(path, len(reported), saves)
    conn = connect(path)
    saved = {row[0] for row in rows(conn, "SELECT id FROM articles")}
    assert set(reported) <= saved
    assert rows(conn, "PRAGMA integrity_check") == [("ok",)]
    assert rows(conn, "PRAGMA foreign_key_check") == []
    conn.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")
    halves = """
    SELECT id FROM articles AS a
    WHERE NOT EXISTS (SELECT 1 FROM revisions AS r WHERE r.article_id = a.id)
       OR NOT EXISTS (SELECT 1 FROM article_urls AS u WHERE u.article_id = a.id)
       OR NOT EXISTS (SELECT 1 FROM entries AS e WHERE e.article_id = a.id AND e.state = 'archived')
    """
    assert rows(conn, halves) == []
    vouched = "SELECT etag FROM sources WHERE etag NOT IN (SELECT replace(url, ?, '') FROM entries)"
    assert rows(conn, vouched, "https://stcn.example.com/") == []
    conn.close()
