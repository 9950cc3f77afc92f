"""Index a new article in Python: what the trigger does in SQL, at an eighth of its cost.

The triggers of `index_schema` keep the index right for any SQLite client. Ours, which writes an
article every few milliseconds, gives the trigger a sign to stay out and hands FTS5 the same words
itself. Both forms must be equal to the character (tests/archive/search/test_indexing.py), but
for U+FFFE and U+FFFF, which SQLite reads as U+FFFD: no word has any of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from archive.search.folding import ASCII, CJK_CHARACTER, Forms, fold
from archive.search.index_schema import MOST_INDEXED

_SEPARATOR = "\u200b"


def insert(
    conn: sqlite3.Connection, statement: str, row: Mapping[str, str | float | None]
) -> sqlite3.Cursor:
    """Insert an article by `statement`, and its words into the index; in a transaction.

    `row`: the statement's parameters, with `url`, `title` and `text`. Returns the INSERT's cursor.
    """
    conn.execute("INSERT INTO _indexing(url) VALUES (?)", (row["url"],))
    try:
        cursor = conn.execute(statement, row)
    finally:  # the transaction may go on without the row
        if conn.in_transaction:
            conn.execute("DELETE FROM _indexing")
    conn.execute(
        "INSERT INTO articles_fts(rowid, title, text) VALUES (?, ?, ?)",
        (cursor.lastrowid, segmented(str(row["title"])), segmented(str(row["text"]))),
    )
    return cursor


def segmented(text: str) -> str:
    """Give a text as the view `articles_seg` does: folded, U+200B on both sides of each CJK
    character, cut where the view ends. The text has no NUL, at which SQLite would stop."""
    return text[:MOST_INDEXED].translate(_SEGMENTS)


class _Segments(Forms):
    def form_of(self, code: int) -> int | str:
        if CJK_CHARACTER.match(chr(code)):
            return f"{_SEPARATOR}{fold(chr(code))}{_SEPARATOR}"
        return super().form_of(code)


_SEGMENTS = _Segments(zip(ASCII, ASCII, strict=True))
