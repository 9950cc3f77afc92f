from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.errors import ArchiveError
from archive.images.rows import ImageTotals
from archive.model import EntryState
from archive.reader import Archive, StoredRevision, open_archive
from archive.upkeep.overview import Overview
from tests.archive.stored import SAMPLE, put_article, put_source


@pytest.fixture
def archive(conn: sqlite3.Connection, tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path) as archive:
        yield archive


def test_article_is_found_by_its_id(conn: sqlite3.Connection, archive: Archive) -> None:
    put_article(conn, tags='["人工智能", "郑州"]', paywalled=1, author="王小明")
    article = archive.get(896)
    assert article is not None
    assert article.title == "人工智能_国家队_再扩容：郑州入围，东北城市首次入列"
    assert article.published == datetime(2021, 12, 9, 14, 42, tzinfo=UTC)
    assert article.source == "stcn"
    assert article.author == "王小明"
    assert article.tags == ("人工智能", "郑州")
    assert article.paywalled is True
    assert article.updated is None


def test_article_is_found_by_its_address_and_by_every_alias(
    conn: sqlite3.Connection, archive: Archive
) -> None:
    put_article(conn)
    conn.execute(
        "INSERT INTO article_urls(url, article_id) VALUES ('https://m.example.cn/4567', 896)"
    )
    for address in (str(SAMPLE["url"]), "https://m.example.cn/4567", "896"):
        article = archive.get(address)
        assert article is not None
        assert article.id == 896


@pytest.mark.parametrize("unknown", [1, 2**70, "9" * 30, "https://a.example/no", "", "x"])
def test_unknown_article_is_none(archive: Archive, unknown: int | str) -> None:
    assert archive.get(unknown) is None
    assert archive.revisions(unknown) == []


def test_stories_come_newest_first_without_copies(
    conn: sqlite3.Connection, archive: Archive
) -> None:
    put_article(conn, id=1, url="https://a.example/1", published="2021-12-01T00:00:00Z")
    put_article(conn, id=2, url="https://a.example/2", published="2021-12-03T00:00:00Z")
    put_article(conn, id=3, url="https://a.example/3", published="2021-12-02T00:00:00Z")
    put_article(conn, id=4, url="https://a.example/4", copy_of=1)
    assert [story.id for story in archive.stories()] == [2, 3, 1]
    assert [story.id for story in archive.stories(limit=2)] == [2, 3]


def test_stories_of_one_source_since_a_moment(conn: sqlite3.Connection, archive: Archive) -> None:
    put_source(conn, "sina", "新浪财经")
    put_article(conn, id=1, url="https://a.example/1", published="2021-12-01T00:00:00Z")
    put_article(conn, id=2, url="https://a.example/2", published="2021-12-02T00:00:00Z")
    put_article(
        conn,
        id=3,
        url="https://a.example/3",
        published="2021-12-02T00:00:00Z",
        source_id="sina",
    )
    since = datetime(2021, 12, 2, tzinfo=UTC)
    assert [story.id for story in archive.stories(since=since)] == [3, 2]
    assert [story.id for story in archive.stories(source="stcn")] == [2, 1]
    assert [story.id for story in archive.stories(source="stcn", since=since)] == [2]


def test_revisions_come_in_order(conn: sqlite3.Connection, archive: Archive) -> None:
    put_article(
        conn, title="b", revision=2, version_seen="2021-12-10T00:00:00Z", version_kind="edit"
    )
    conn.execute(
        "INSERT INTO superseded(article_id, number, seen, kind, title, text, markdown,"
        " content_hash, tags, paywalled)"
        " VALUES (896, 1, '2021-12-09T14:50:00Z', 'first', 'a', 'text', 'markdown', 'hash',"
        " '[\"央行\"]', 1)"
    )
    first, second = archive.revisions(str(SAMPLE["url"]))
    assert first == StoredRevision(
        article_id=896,
        number=1,
        seen=datetime(2021, 12, 9, 14, 50, tzinfo=UTC),
        kind="first",
        title="a",
        text="text",
        markdown="markdown",
        content_hash="hash",
        author=None,
        published=None,
        updated=None,
        language=None,
        section=None,
        tags=("央行",),
        summary=None,
        image=None,
        paywalled=True,
        confidence=None,
        url=None,
        source_id=None,
    )
    assert (second.number, second.kind, second.title) == (2, "edit", "b")


def test_iteration_yields_every_row_by_id(conn: sqlite3.Connection, archive: Archive) -> None:
    for n in range(1, 206):
        put_article(conn, id=n, url=f"https://a.example/{n}", copy_of=1 if n == 205 else None)
    assert [article.id for article in archive.iterate()] == list(range(1, 206))


def test_iteration_leaves_no_transaction_open(conn: sqlite3.Connection, archive: Archive) -> None:
    put_article(conn, id=1, url="https://a.example/1")
    articles = archive.iterate()
    assert next(articles).id == 1
    put_article(conn, id=2, url="https://a.example/2")
    assert conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    assert [article.id for article in articles] == [2]


def test_search_answers_from_the_archive(conn: sqlite3.Connection, archive: Archive) -> None:
    put_article(conn)
    assert [hit.id for hit in archive.search("郑州 -上海", limit=5)] == [896]
    assert archive.search('"(') == []


def test_an_archive_stands_at_a_time_or_behind_a_change(conn: sqlite3.Connection) -> None:
    put_article(conn)
    conn.execute("UPDATE articles SET withdrawn = '2021-12-11T00:00:00Z'")
    path = conn.execute("PRAGMA database_list").fetchone()["file"]
    with open_archive(path, as_of=1) as then, open_archive(path) as now:
        assert [story.withdrawn for story in then.stories()] == [None]
        assert [change.kind.value for change in now.changes()] == ["new", "withdrawn"]
        assert [change.seq for change in then.changes(limit=1)] == [1]
        assert now.latencies(timedelta(days=30), now=datetime(2021, 12, 9, tzinfo=UTC)) == []
        assert now.dated_since() is None
    with open_archive(path, as_of=datetime(2020, 1, 1, tzinfo=UTC)) as before:
        assert before.stories() == []


def test_stats_count_by_source_state_and_reason_without_its_detail(
    conn: sqlite3.Connection, archive: Archive
) -> None:
    put_source(conn, "sina", "新浪财经")
    put_article(conn)
    put_article(conn, id=897, url="https://a.example/2", source_id="sina", copy_of=896)
    conn.executemany(
        "INSERT INTO entries (source_id, url, raw_url, host, announced, not_before, state, reason)"
        " VALUES (?, ?, '', '', '', '', ?, ?)",
        [
            ("sina", "u1", "rejected", "too short: 57 words"),
            ("sina", "u2", "rejected", "too short: 3 words"),
            ("sina", "u3", "owed", None),
            ("stcn", "u4", "archived", None),
        ],
    )
    assert archive.stats() == Overview(
        articles=2,
        stories=1,
        copies=1,
        revisions=2,
        by_source=(("sina", 1), ("stcn", 1)),
        by_language=(("zh", 2),),
        by_day=(("2021-12-09", 2),),
        images=ImageTotals(files=0, bytes=0, owed=0, refused=0),
        by_state=(
            (EntryState.REJECTED, "too short", 2),
            (EntryState.ARCHIVED, "", 1),
            (EntryState.OWED, "", 1),
        ),
    )


def test_archive_opens_by_its_file_too(conn: sqlite3.Connection, tmp_path: Path) -> None:
    put_article(conn)
    with open_archive(str(tmp_path / "archive.db")) as archive:
        assert archive.get(896) is not None


def test_reader_can_not_write(conn: sqlite3.Connection, archive: Archive) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        archive._conn.execute("DELETE FROM articles")


def test_missing_archive_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=f"{tmp_path}/archive.db"):
        open_archive(tmp_path)
    assert not (tmp_path / "archive.db").exists()


def test_archive_of_a_newer_program_is_refused(conn: sqlite3.Connection, tmp_path: Path) -> None:
    conn.execute("PRAGMA user_version = 99")
    with pytest.raises(ArchiveError, match="schema 99"):
        open_archive(tmp_path)


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "archive.db").write_bytes(b"not a database, whatever its name says " * 30)
    with pytest.raises(ArchiveError, match=r"archive\.db"):
        open_archive(tmp_path)


def test_database_of_someone_else_is_refused(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "archive.db")
    other.execute("CREATE TABLE notes (text)")
    other.close()
    with pytest.raises(ArchiveError, match="no Broadsheet archive"):
        open_archive(tmp_path)


def test_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "archive.db").touch()
    with pytest.raises(ArchiveError, match="is empty"):
        open_archive(tmp_path)


def test_importing_the_package_imports_no_database_code() -> None:
    code = "import sys, archive; print('archive.reader' in sys.modules, archive.open_archive)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("False <function open_archive")
