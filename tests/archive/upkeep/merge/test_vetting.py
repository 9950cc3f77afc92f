"""An archive that is damaged, or made to do harm, is refused before anything of it comes in."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import zstandard

from archive.errors import ArchiveError
from archive.model import RawPage
from archive.pages.store import PageStore
from archive.upkeep.merge.column_values import is_address, is_path, is_time
from tests.archive.making import LONG, NOW
from tests.archive.upkeep.merge.two import bring, dump, fetch

URL = "https://stcn.example.com/a"
HARMFUL = {
    "a table is gone": ("DROP TABLE runs", "its table runs is missing"),
    "a column is gone": ("ALTER TABLE runs DROP COLUMN reason", "runs has no column reason"),
    "a view stands for a table": (
        (
            "DROP TABLE runs; CREATE VIEW runs AS SELECT 1 AS id, 'x' AS command, 'x' AS started,"
            " 'x' AS ended, 'x' AS reason, '{}' AS counters"
        ),
        "runs is no plain table",
    ),
    "a virtual table stands for a table": (
        "DROP TABLE tombstones; CREATE VIRTUAL TABLE tombstones USING fts5(url, reason, at)",
        "tombstones is no plain table",
    ),
    "a column is computed": (
        (
            "DROP TABLE tombstones;"
            "CREATE TABLE tombstones(url TEXT, reason TEXT, at TEXT AS (hex(zeroblob(90))))"
        ),
        "tombstones computes its column at",
    ),
    "text where a number belongs": (
        "UPDATE articles SET word_count = 'many'",
        "never writes in word_count: 'many'",
    ),
    "a blob where text belongs": ("UPDATE articles SET text = x'00ff'", "in text: b'"),
    "a number where text belongs": (
        (
            "DROP TABLE tombstones; CREATE TABLE tombstones(url, reason, at);"
            "INSERT INTO tombstones VALUES (7, '', '2026-11-23T08:00:00Z')"
        ),
        "in url: 7;",
    ),
    "NULL where something belongs": (
        (
            "DROP TABLE tombstones; CREATE TABLE tombstones(url, reason, at);"
            "INSERT INTO tombstones VALUES (NULL, '', '2026-11-23T08:00:00Z')"
        ),
        "in url: None;",
    ),
    "bytes that are no UTF-8": (
        "UPDATE articles SET title = CAST(x'e4b8' AS TEXT)",
        "Could not decode to UTF-8",
    ),
    "an end of text within": ("UPDATE articles SET title = 'a' || char(0)", r"in title: 'a\\x00'"),
    "an impossible day": (
        "UPDATE articles SET published = '2026-02-30T00:00:00Z'",
        "in published: '2026-02-30T00:00:00Z'",
    ),
    "a number beyond all sums": ("UPDATE entries SET attempts = 1 << 62", "in attempts: 46116860"),
    "an infinite number": ("UPDATE sources SET failures = 9e999", "in failures: inf"),
    "a sum of four hundred digits": (
        (
            "INSERT INTO runs(started, command, counters) VALUES ('2026-11-23T00:00:00Z',"
            " 'crawl', '{\"archived\": 1' || hex(zeroblob(200)) || '}')"
        ),
        "in counters: ",
    ),
    "a list that is none": ("UPDATE articles SET tags = '{}'", "in tags: '{}'"),
    "brackets without end": (
        "UPDATE entries SET aliases = replace(hex(zeroblob(100000)), '00', '[')",
        r"in aliases: '\[\[\[",
    ),
    "a state that is none": ("UPDATE entries SET state = 'lost'", "in state: 'lost'"),
    "an address that is a script": (
        "UPDATE articles SET url = 'javascript:alert(1)'",
        r"in url: 'javascript:alert\(1\)'",
    ),
    "a path that leads outside": (
        "UPDATE articles SET markdown_path = '../../.bashrc.md'",
        "in markdown_path: '../../.bashrc.md'",
    ),
    "an article of no source": (
        "PRAGMA foreign_keys = OFF; DELETE FROM sources",
        "refers to sources 'stcn', which is not there",
    ),
    "a version of no article": (
        (
            "UPDATE articles SET revision = 2; PRAGMA foreign_keys = OFF;"
            " UPDATE superseded SET article_id = 77"
        ),
        "refers to articles 77",
    ),
    "an article that its own address doesn't lead to": (
        "DELETE FROM article_urls",
        "https://stcn.example.com/a is the address of article 1 and not among",
    ),
    "an entry that is neither open nor closed": (
        "UPDATE entries SET closed = NULL",
        "entry 1 is archived, closed never;",
    ),
    "an article without its first version": (
        "UPDATE articles SET revision = 2; DELETE FROM superseded",
        "article 1 ",
    ),
    "an address twice": (
        (
            "CREATE TABLE other AS SELECT * FROM article_urls; DROP TABLE article_urls;"
            "ALTER TABLE other RENAME TO article_urls;"
            "INSERT INTO article_urls SELECT * FROM article_urls"
        ),
        "article_urls has two rows with the same url",
    ),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_it_is_refused_and_nothing_of_ours_changes(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path, name: str
) -> None:
    statements, words = HARMFUL[name]
    fetch(ours, "b", "钢铁", LONG)
    fetch(theirs, "a", "降准", LONG)
    theirs.executescript(statements)
    before = dump(ours)
    with pytest.raises(ArchiveError, match=words) as refused:
        bring(ours, tmp_path / "theirs")
    assert re.match(rf"{tmp_path}/theirs/archive\.db(:| can't be read:) ", str(refused.value))
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400
    assert dump(ours) == before


def test_a_trigger_of_theirs_is_refused(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(theirs, "a", "降准", LONG)
    theirs.execute("CREATE TRIGGER mine AFTER INSERT ON articles BEGIN DELETE FROM runs; END")
    with pytest.raises(ArchiveError, match="its trigger mine is none of Broadsheet's"):
        bring(ours, tmp_path / "theirs")


def test_copies_that_lead_to_each_other_come_in_as_stories_or_copies_of_ours(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(theirs, "a", "降准", LONG)
    fetch(theirs, "b", "钢铁", "钢铁行业协会周二公布上半年产量数据，粗钢产量同比回落。" * 10)
    theirs.execute("UPDATE articles SET copy_of = 3 - id")
    bring(ours, tmp_path / "theirs")
    assert [row[0] for row in ours.execute("SELECT copy_of FROM articles")] == [None, None]


@pytest.mark.parametrize(
    "damage", [b"", b"no database at all", b"SQLite format 3\0" + b"\xff" * 99]
)
def test_what_is_no_archive_is_named(
    ours: sqlite3.Connection, tmp_path: Path, damage: bytes
) -> None:
    (tmp_path / "other.db").write_bytes(damage)
    with pytest.raises(ArchiveError, match=r"other\.db"):
        bring(ours, tmp_path / "other.db")


def test_a_damaged_page_of_the_file_is_found_before_anything_comes_in(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(theirs, "a", "降准", LONG)
    theirs.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    size = theirs.execute("PRAGMA page_size").fetchone()[0]
    root = theirs.execute("SELECT rootpage FROM sqlite_master WHERE name = 'revisions'").fetchone()
    theirs.close()
    file = tmp_path / "theirs" / "archive.db"
    content = bytearray(file.read_bytes())
    content[(root[0] - 1) * size : root[0] * size] = b"\xff" * size
    file.write_bytes(content)
    with pytest.raises(ArchiveError, match=r"archive\.db"):
        bring(ours, tmp_path / "theirs")
    assert ours.execute("SELECT count(*) FROM articles").fetchone()[0] == 0


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        ("PRAGMA user_version = 7", "has version 7"),
        ("UPDATE pages SET headers = '[1]'", r"in headers: '\[1\]'"),
        ("UPDATE pages SET fetched = 'then'", "in fetched: 'then'"),
        ("DROP TABLE dicts", "its table dicts is missing"),
        ("INSERT INTO dicts VALUES (9, 'a.cn', :bomb, '', 0, 1, 1)", "dictionary 9 is a bomb"),
    ],
)
def test_a_pages_file_is_looked_over_too(
    ours: sqlite3.Connection,
    theirs: sqlite3.Connection,
    tmp_path: Path,
    statements: str,
    words: str,
) -> None:
    fetch(theirs, "a", "降准", LONG)
    with closing(PageStore(tmp_path / "theirs" / "pages.db")) as store:
        store.save(
            RawPage(url=URL, source_id="stcn", fetched=NOW, status=200, headers=(), body=b"")
        )
    bomb = zstandard.ZstdCompressor().compress(bytes(3 << 20))
    with closing(sqlite3.connect(tmp_path / "theirs" / "pages.db")) as conn, conn:
        conn.execute(statements, {"bomb": bomb})
    with pytest.raises(ArchiveError, match=words):
        bring(ours, tmp_path / "theirs")
    assert ours.execute("SELECT count(*) FROM articles").fetchone()[0] == 0


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("2026-11-23T08:00:00Z", True),
        ("2026-11-23T08:00:00+08:00", False),
        ("2026-11-23", False),
        ("٢٠٢٦-11-23T08:00:00Z", False),
        (20261123, False),
    ],
)
def test_a_time_is_one_that_we_write(value: object, right: bool) -> None:
    assert is_time(value) is right


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("https://a.cn/新闻?x=1", True),
        ("post:Outlet/2021/a.md", True),
        ("file:///etc/passwd", False),
        ("https://a.cn/\n", False),
        ("", False),
    ],
)
def test_an_address_is_one_that_may_be_linked(value: object, right: bool) -> None:
    assert is_address(value) is right


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("2021/12/a.md", True),
        ("/etc/a.md", False),
        ("a/../b.md", False),
        (".hidden.md", False),
        ("a.html", False),
    ],
)
def test_a_path_is_of_a_markdown_file_below(value: object, right: bool) -> None:
    assert is_path(value) is right
