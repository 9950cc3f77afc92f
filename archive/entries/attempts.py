"""Under which attempt a task is out: a number of its row, raised when it is handed out and when
what came of it is booked, never reset. What comes back under an older one is refused, so that
nothing counts twice.

`entries.attempts` is another thing: how often an entry's page has failed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

# By their ids alone, whatever SQLite thinks of an index of all that is owed (hence the plus signs).
_RAISE_ENTRIES = """
UPDATE entries SET attempt = attempt + 1
WHERE id IN (SELECT value FROM json_each(?)) AND +state = 'owed' RETURNING id, attempt
"""
_ATTEMPTS = """
SELECT id, attempt FROM entries WHERE id IN (SELECT value FROM json_each(?)) AND +state = 'owed'
"""

_BOOK_ENTRY = """
UPDATE entries SET attempt = attempt + 1 WHERE id = ? AND attempt = ? AND +state = 'owed'
"""
_BOOK_ARTICLE = """
UPDATE articles SET attempt = attempt + 1
WHERE id = ? AND attempt = ? AND +next_check IS NOT NULL
"""
_BOOK_SOURCE = "UPDATE sources SET attempt = attempt + 1 WHERE id = ? AND attempt = ?"
_DOCUMENT = "SELECT attempt FROM documents WHERE read_at IS NULL AND source_id = ? AND url = ?"


def raise_entries(conn: sqlite3.Connection, ids: Collection[int]) -> dict[int, int]:
    """A batch of owed entries is about to be handed out; give the attempt of each."""
    rows = conn.execute(_RAISE_ENTRIES, (json.dumps(list(ids)),))
    return {row["id"]: row["attempt"] for row in rows}


def attempts_of(conn: sqlite3.Connection, ids: Collection[int]) -> dict[int, int]:
    """The attempt under which each of these entries was handed out last, of those that are owed."""
    rows = conn.execute(_ATTEMPTS, (json.dumps(list(ids)),))
    return {row["id"]: row["attempt"] for row in rows}


def raise_article(conn: sqlite3.Connection, article_id: int) -> int | None:
    """An article is about to be handed out, to be looked at again; None where it is gone."""
    what = "UPDATE articles SET attempt = attempt + 1 WHERE id = ? RETURNING attempt"
    row = conn.execute(what, (article_id,)).fetchone()
    return None if row is None else int(row["attempt"])


def raise_sources(conn: sqlite3.Connection) -> None:
    """The house opens: what an earlier one handed out is not booked any more."""
    conn.execute("UPDATE sources SET attempt = attempt + 1")


def raise_document(conn: sqlite3.Connection, source_id: str, url: str) -> int:
    """A file of a sitemap index is about to be handed out; give its attempt."""
    row = conn.execute(
        "UPDATE documents SET attempt = attempt + 1 WHERE source_id = ? AND url = ?"
        " RETURNING attempt",
        (source_id, url),
    ).fetchone()
    return int(row["attempt"])


def book_entry(conn: sqlite3.Connection, entry_id: int, attempt: int) -> bool:
    """What came of an entry is booked; False where it is owed no more, or was handed out since."""
    return conn.execute(_BOOK_ENTRY, (entry_id, attempt)).rowcount > 0


def book_article(conn: sqlite3.Connection, article_id: int, attempt: int) -> bool:
    """What came of a second look is booked; False where none is due, or there was another one."""
    return conn.execute(_BOOK_ARTICLE, (article_id, attempt)).rowcount > 0


def book_source(conn: sqlite3.Connection, source_id: str, attempt: int) -> bool:
    """A visit is booked; False where another one has begun since."""
    return conn.execute(_BOOK_SOURCE, (source_id, attempt)).rowcount > 0


def document_is_out(conn: sqlite3.Connection, source_id: str, url: str, attempt: int) -> bool:
    """Whether a file of a sitemap index is to be read, and was handed out under this attempt."""
    row = conn.execute(_DOCUMENT, (source_id, url)).fetchone()
    return row is not None and row["attempt"] == attempt
