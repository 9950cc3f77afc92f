"""The search index against the articles."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence

from archive.database.connect import snapshot
from archive.upkeep.verify.damage import Damage, DamageKind
from archive.upkeep.verify.objects import INDEXES

WINDOW = 40  # words or CJK characters that are looked up as one phrase; 900 would take 80 ms
_MISSING = """
SELECT id FROM articles WHERE NOT EXISTS (SELECT 1 FROM articles_fts_docsize AS d WHERE d.id =
articles.id)
"""
_EXTRA = """
SELECT id FROM articles_fts_docsize AS d WHERE NOT EXISTS (SELECT 1 FROM articles WHERE id = d.id)
"""
_TOKENS = """
CREATE VIRTUAL TABLE temp.tokens USING fts5(title, text, content='',
  tokenize='unicode61 remove_diacritics 2')
"""
_VOCABULARY = """
CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main', 'articles_fts', 'col')
"""
_COLUMNS = ("title", "text")
_GAP = re.compile(r"[\s\u200b]+")  # what parts words in the index's view


def check_index_rows(conn: sqlite3.Connection) -> Iterator[Damage]:
    """Yield articles without a row in the index, and rows without an article."""
    for (article_id,) in conn.execute(_MISSING):
        yield _damage(DamageKind.INDEX_ROW_MISSING, article_id, "is not in the search index")
    for (article_id,) in conn.execute(_EXTRA):
        yield _damage(DamageKind.INDEX_ROW_EXTRA, article_id, "is in the search index and is gone")


def check_index_totals(conn: sqlite3.Connection) -> Iterator[Damage]:
    """Compare the words in the index with those that its rows should have; reads all of it.

    Words of an earlier version that were never taken out make it more. Read-only, which FTS5's
    own integrity check is not.
    """
    conn.execute(_VOCABULARY)
    try:
        with snapshot(conn):
            rows = conn.execute("SELECT col, sum(cnt) FROM temp.vocabulary GROUP BY col")
            found = {column: int(total) for column, total in rows}
            sizes = _sizes(conn)
    except sqlite3.DatabaseError as error:
        yield _corrupt(str(error))
        return
    finally:
        conn.execute("DROP TABLE temp.vocabulary")
    for column, wanted in zip(_COLUMNS, sizes, strict=True):
        if found.get(column, 0) != wanted:
            detail = f"words of {column}: {found.get(column, 0):,}, in its articles {wanted:,}"
            yield Damage(kind=DamageKind.INDEX_STALE, where="the search index", detail=detail)


def check_index_sample(conn: sqlite3.Connection, ids: Sequence[int]) -> Iterator[Damage]:
    """Look some articles up by their own words: as many as indexed, and some phrases of them."""
    conn.execute(_TOKENS)
    try:
        for article_id in ids:
            with snapshot(conn):
                agrees = _agrees(conn, article_id)
            if not agrees:
                yield _damage(
                    DamageKind.INDEX_STALE, article_id, "has other words in the search index"
                )
    except sqlite3.DatabaseError as error:
        yield _corrupt(str(error))
    finally:
        conn.execute("DROP TABLE temp.tokens")


def check_index_fully(conn: sqlite3.Connection) -> Iterator[Damage]:
    """Let FTS5 compare every word of every version; needs a connection that may write."""
    for index in INDEXES:
        check = f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', ?)"  # noqa: S608
        try:
            conn.execute(check, (0,))
        except sqlite3.DatabaseError as error:
            yield _corrupt(str(error))
            return
        try:
            conn.execute(check, (1,))
        except sqlite3.DatabaseError:
            detail = (
                f"{index} has other words than its rows: FTS5's integrity check of rank 1 fails"
            )
            yield Damage(kind=DamageKind.INDEX_STALE, where="the search index", detail=detail)


def _agrees(conn: sqlite3.Connection, article_id: int) -> bool:
    row = conn.execute(
        "SELECT id, title, text FROM articles_seg WHERE id = ?", (article_id,)
    ).fetchone()
    if row is None:
        return True
    conn.execute("INSERT INTO temp.tokens(rowid, title, text) VALUES (?, ?, ?)", tuple(row))
    sizes = conn.execute(
        "SELECT (SELECT sz FROM temp.tokens_docsize WHERE id = :id) ="
        " (SELECT sz FROM main.articles_fts_docsize WHERE id = :id)",
        {"id": row["id"]},
    ).fetchone()[0]
    if sizes is None:
        return True  # index-row-missing says so
    phrases = [("title", part) for part in _windows(row["title"])]
    phrases += [("text", part) for part in _windows(row["text"])]
    return bool(sizes) and all(_has(conn, row["id"], *phrase) for phrase in phrases)


def _windows(text: str | None) -> list[str]:
    """Cut out the beginning, the middle and the end; the index's view gives NULL for ''."""
    words = [word for word in _GAP.split(text or "") if word]
    starts = {0, max(0, len(words) // 2 - WINDOW // 2), max(0, len(words) - WINDOW)}
    return [" ".join(words[start : start + WINDOW]) for start in sorted(starts)]


def _has(conn: sqlite3.Connection, article_id: int, column: str, phrase: str) -> bool:
    if not any(char.isalnum() for char in phrase):
        return True  # nothing of it is indexed
    quoted = phrase.replace('"', " ").replace("\0", " ")
    found = conn.execute(
        "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? AND rowid = ?",
        (f'{column} : "{quoted}"', article_id),
    ).fetchone()
    return found is not None


def _sizes(conn: sqlite3.Connection) -> tuple[int, int]:
    """Add up the words of title and text that the index's rows are said to have."""
    title = text = 0
    for (sizes,) in conn.execute("SELECT sz FROM articles_fts_docsize"):
        first, rest = _varint(sizes, 0)
        title += first
        text += _varint(sizes, rest)[0]
    return title, text


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """Read SQLite's variable-length integer: its value, and where the next begins."""
    value = 0
    while True:
        byte = data[place]
        value, place = value << 7 | byte & 0x7F, place + 1
        if byte < 0x80:
            return value, place


def _damage(kind: DamageKind, article_id: int, detail: str) -> Damage:
    return Damage(kind=kind, where=f"article {article_id}", detail=detail, key=article_id)


def _corrupt(detail: str) -> Damage:
    return Damage(kind=DamageKind.INDEX_CORRUPT, where="the search index", detail=detail)
