"""What Python puts into the index is what the view gives, to the character."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.database.connect import transaction
from archive.search.indexing import insert, segmented
from tests.archive.empty import empty_archive

Z = "\u200b"
_INSERT = """
INSERT INTO articles(url, source_id, source_name, title, published, published_from, fetched,
  checked, language, text, markdown, word_count, content_hash, text_hash)
VALUES (:url, 's', 'S', :title, '', 'meta', '', '', 'zh', :text, '', 0, '', '')
"""
_CHECK = "INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)"
# Characters of every range that is folded or wrapped, their neighbours, and others.
_TEXTS = st.text(
    st.sampled_from("鄭郑Ａ９ｚ々〇ア한豈𠀀\u3004\u3005\u3100\uffef a.7é\u200b\n\U0010ffff")
)


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(_archive(tmp_path)) as conn:
        yield conn


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    with closing(_archive(tmp_path_factory.mktemp("view"))) as conn:
        conn.execute(_INSERT, {"url": "u", "title": "t", "text": ""})
        yield conn


def _archive(folder: Path) -> sqlite3.Connection:
    conn = empty_archive(folder / "archive.db", datetime(2026, 11, 23, tzinfo=UTC))
    conn.execute("INSERT INTO sources(id, name, url) VALUES ('s', 'S', '')")
    return conn


@pytest.mark.parametrize(
    ("text", "indexed"),
    [
        ("鄭州Ａ股", f"{Z}郑{Z}{Z}州{Z}A{Z}股{Z}"),
        ("Fed raises ２ rates", "Fed raises 2 rates"),
        ("𠀀々", f"{Z}𠀀{Z}{Z}々{Z}"),
        ("", ""),
    ],
)
def test_chinese_characters_are_folded_and_stand_alone(text: str, indexed: str) -> None:
    assert segmented(text) == indexed


def test_a_text_is_indexed_up_to_its_first_million_characters() -> None:
    assert len(segmented("a" * 1_048_577)) == 1_048_576


@given(text=_TEXTS)
def test_the_view_gives_the_same(view: sqlite3.Connection, text: str) -> None:
    with transaction(view):
        view.execute("UPDATE articles SET text = ?", (text,))
    (given_by_view,) = view.execute("SELECT text FROM articles_seg").fetchone()
    assert (given_by_view or "") == segmented(text)


def test_an_article_is_indexed_once_and_leaves_no_sign(conn: sqlite3.Connection) -> None:
    with transaction(conn):
        insert(conn, _INSERT, {"url": "https://a.example/1", "title": "鄭州", "text": "Ａ股 rally"})
    conn.execute(_CHECK)
    found = conn.execute("SELECT rowid FROM articles_fts WHERE articles_fts MATCH '\"郑 州\"'")
    assert [tuple(row) for row in found] == [(1,)]
    assert conn.execute("SELECT count(*) FROM _indexing").fetchone()[0] == 0


def test_another_client_may_still_write_and_delete(conn: sqlite3.Connection) -> None:
    with transaction(conn):
        insert(conn, _INSERT, {"url": "https://a.example/1", "title": "鄭州", "text": "股"})
    conn.execute(_INSERT, {"url": "https://a.example/2", "title": "鄭州", "text": "金"})
    conn.execute("UPDATE articles SET text = '油' WHERE id = 1")
    conn.execute(_CHECK)
    conn.execute("DELETE FROM articles WHERE id = 1")
    conn.execute(_CHECK)
    found = conn.execute("SELECT rowid FROM articles_fts WHERE articles_fts MATCH '\"郑 州\"'")
    assert [tuple(row) for row in found] == [(2,)]


def test_an_article_that_is_refused_leaves_no_sign(conn: sqlite3.Connection) -> None:
    row = {"url": "https://a.example/1", "title": "鄭州", "text": "股"}
    with transaction(conn):
        insert(conn, _INSERT, row)
        with pytest.raises(sqlite3.IntegrityError):
            insert(conn, _INSERT, row)
    assert conn.execute("SELECT count(*) FROM _indexing").fetchone()[0] == 0


@pytest.mark.parametrize("long", [4095, 4096, 4097, 64 * 4096 + 1])
def test_a_text_is_whole_where_its_parts_meet(view: sqlite3.Connection, long: int) -> None:
    text = ("鄭a" * long)[:long]
    view.execute("UPDATE articles SET text = ?", (text,))
    (seen,) = view.execute("SELECT text FROM articles_seg").fetchone()
    assert seen == segmented(text)


def test_a_text_of_a_megabyte_costs_no_more_a_character_than_a_short_one(
    view: sqlite3.Connection,
) -> None:
    """The thread that writes does it for each version: by the square it would take seconds."""

    def cost(characters: int) -> float:
        view.execute("UPDATE articles SET text = ?", ("word " * (characters // 5),))
        begun = time.process_time()
        view.execute("SELECT length(text) FROM articles_seg").fetchone()
        return time.process_time() - begun

    assert cost(800_000) < 4 * 8 * max(cost(100_000), 0.002)  # 64 times that by the square
