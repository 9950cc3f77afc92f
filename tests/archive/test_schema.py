from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from archive.database.connect import connect
from archive.errors import ArchiveError
from archive.migrate import check_schema, migrate
from archive.schema import SCHEMA_VERSION
from tests.archive.making import LONG, NOW, cell, make_archive, rows, save

# design.md §5.3: the columns that acceptance checks ask for.
CONTRACT = {
    "sources": "id name kind url category section language enabled etag last_modified next_due"
    " interval_s failures last_success last_new status status_reason moved_to",
    "visits": "id source_id at status error found new bytes seconds",
    "visit_days": "source_id day polls not_modified failed new bytes",
    "entries": "id source_id guid url raw_url title published updated payload announced state"
    " reason attempts not_before closed article_id",
    "articles": "id url source_id title author published published_from published_claimed updated"
    " fetched checked withdrawn language category section tags summary text markdown image"
    " word_count content_hash fingerprint copy_of origin revision paywalled markdown_path evidence"
    " first_seen confidence lead_reason held",
    "article_urls": "url article_id",
    "revisions": "article_id number seen kind title text markdown content_hash author summary image"
    " tags section updated paywalled published url language source_id confidence",
    "changes": "seq at kind article_id number detail",
    "mentions": "article_id code surface evidence count",
    "instruments": "code exchange symbol name learned_from first_seen last_seen",
    "files": "path article_id wanted_hash written_hash",
    "runs": "id command started ended reason counters",
    "article_diffs": "article_id number previous seen kind old_title new_title old_text new_text",
    "articles_fts": "title text",
    "search": "q id rank title snippet url source published",
    "gaps": "id source_id started ended why missing healed",
    "coverage": "source_id day announced archived rejected forbidden failed gone owed late gaps",
    "stories": "id url title copies copy_of markdown_path",
}

NAMED = """
SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT GLOB '_*'
  AND name NOT GLOB '*_fts_*' AND name NOT GLOB 'sqlite_*'
"""


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    return make_archive(tmp_path)


@pytest.mark.parametrize("table", CONTRACT)
def test_every_column_of_the_contract_is_there(conn: sqlite3.Connection, table: str) -> None:
    columns = {row["name"] for row in conn.execute(f"PRAGMA table_info({table})")}
    assert set(CONTRACT[table].split()) - columns == set()


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    conn = connect(tmp_path / "a.db")
    migrate(conn, NOW)
    before = rows(conn, "SELECT * FROM sqlite_master")
    migrate(conn, NOW)
    assert rows(conn, "SELECT * FROM sqlite_master") == before
    assert rows(conn, "SELECT * FROM migrations") == [
        (version, "2026-11-23T08:00:00Z") for version in range(1, SCHEMA_VERSION + 1)
    ]


def test_a_newer_archive_is_refused_in_words(conn: sqlite3.Connection) -> None:
    conn.execute("PRAGMA user_version = 99")
    with pytest.raises(ArchiveError, match=r"archive\.db has schema 99, .*upgrade"):
        migrate(conn, NOW)


def test_a_foreign_database_is_left_alone(tmp_path: Path) -> None:
    conn = connect(tmp_path / "a.db")
    conn.execute("CREATE TABLE mine (x)")
    with pytest.raises(ArchiveError, match="no Broadsheet archive"):
        migrate(conn, NOW)
    assert rows(conn, "SELECT name FROM sqlite_master") == [("mine",)]


def test_a_reader_learns_the_version_without_writing(tmp_path: Path) -> None:
    make_archive(tmp_path).close()
    reader = connect(tmp_path / "archive.db", readonly=True)
    assert check_schema(reader) == SCHEMA_VERSION
    reader.close()


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ('"央行"', 1),
        ('"央行 降准"', 1),
        ('"存款准备金率"', 1),
        ('"金准"', 0),
        ('"cpi"', 1),
        ('"3.5%"', 1),
        ('["央行 CPI"]', 1),
        ('""', 0),
        ('"NEAR( \\"x"', 0),
        ('"\\u0001 \\\\ *"', 0),
    ],
)
def test_any_client_can_search_through_the_view(
    conn: sqlite3.Connection, query: str, hits: int
) -> None:
    save(conn, "1", text=LONG + "ＣＰＩ同比上涨3.5%")
    assert len(rows(conn, "SELECT id FROM search WHERE q = ?", query)) == hits


def test_a_snippet_shows_the_original_text(conn: sqlite3.Connection) -> None:
    save(conn, "1", "逆回购", text="央行开展逆回购操作。")
    found = rows(conn, "SELECT title, snippet, source FROM search WHERE q = '\"逆回购\"'")
    assert found == [("[逆回购]", "央行开展[逆回购]操作。", "stcn")]


def test_the_index_follows_a_revision(conn: sqlite3.Connection) -> None:
    save(conn, "1", text=LONG)
    save(conn, "1", text="证监会发布新规。" * 40)
    count = "SELECT count(*) FROM search WHERE q = ?"
    assert (cell(conn, count, '"释放"'), cell(conn, count, '"新规"')) == (0, 1)


def test_the_index_agrees_with_the_articles(conn: sqlite3.Connection) -> None:
    save(conn, "1", text=LONG)
    save(conn, "2", "Fed holds", text="The Fed held rates. " * 30)
    save(conn, "1", text="证监会发布新规。" * 40)
    conn.execute("DELETE FROM articles WHERE id = 2")
    conn.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")


def test_an_edit_shows_in_the_diffs_with_what_it_replaced(conn: sqlite3.Connection) -> None:
    save(conn, "1", "央行降准", text="旧文")
    save(conn, "1", "央行降息", text="新文")
    columns = "number, previous, kind, old_title, new_title, old_text, new_text"
    assert rows(conn, f"SELECT {columns} FROM article_diffs") == [
        (2, 1, "edit", "央行降准", "央行降息", "旧文", "新文")
    ]


def test_a_story_counts_the_other_outlets_that_carried_it(conn: sqlite3.Connection) -> None:
    for path in "1234":
        save(conn, path, f"标题{path}", text=path)
    conn.execute("UPDATE articles SET copy_of = 1, source_name = 'B' WHERE id IN (2, 3)")
    conn.execute("UPDATE articles SET copy_of = 1 WHERE id = 4")
    assert rows(conn, "SELECT id, copies FROM stories") == [(1, 1)]


def test_the_reference_names_every_table_and_column(conn: sqlite3.Connection) -> None:
    page = (Path(__file__).parents[2] / "docs/reference/database.md").read_text("utf-8")
    names = [str(row[0]) for row in rows(conn, NAMED)]
    sections = dict(re.findall(r"^### `(\w+)`.*?\n(.*?)(?=^##|\Z)", page, flags=re.M | re.S))
    missing = [
        f"{name}.{row['name']}"
        for name in names
        for row in conn.execute(f"PRAGMA table_info({name})")
        if f"`{row['name']}`" not in sections.get(name, "")
    ]
    assert missing == []
