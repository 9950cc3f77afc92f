"""The children of a sitemap index: listed by the index, read by and by, newest first."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from archive.database.times import from_text, to_text
from archive.model import Document

ENDS = 3  # children at either end of an index that are read at every visit if it dates none

MAX_DOCUMENTS = 100_000  # of one source: twice what sitemaps.org lets an index list

_ADD = """
INSERT INTO documents(source_id, url, lastmod, position) VALUES (?, ?, ?, ?)
ON CONFLICT(source_id, url) DO UPDATE SET"""
_NEWER = """
  lastmod = coalesce(excluded.lastmod, lastmod),
  read_at = iif(excluded.lastmod > coalesce(read_lastmod, read_at), NULL, read_at)
WHERE lastmod IS NOT excluded.lastmod"""
_LIST = f"{_ADD} position = excluded.position, {_NEWER} OR position <> excluded.position"
# A known one keeps its place: an index that lists itself under ever new addresses, and its children
# with it, would put them behind the next of those each time.
_LIST_MORE = f"{_ADD} {_NEWER}"
_READ_ENDS_AGAIN = """
UPDATE documents SET read_at = NULL
WHERE source_id = :source AND lastmod IS NULL AND read_at IS NOT NULL AND (position < :ends
  OR position > (SELECT max(position) FROM documents WHERE source_id = :source) - :ends)
"""


_FORGET_UNLISTED = """
DELETE FROM documents
WHERE source_id = :source AND url NOT IN (SELECT value FROM json_each(:listed))
"""


def list_documents(conn: sqlite3.Connection, source_id: str, documents: Sequence[Document]) -> int:
    """Note what an index lists; a child with a newer lastmod is to be read again. Give how many
    there is no room for.

    Children without lastmod: an archive grows at one end of its index, nobody says which, so the
    outer ones are read again at every visit and those between once. Beyond MAX_DOCUMENTS only what
    the index lists now is remembered: one with new addresses at every visit would grow for ever.
    """
    left_out = max(0, len(documents) - MAX_DOCUMENTS)
    documents = documents[:MAX_DOCUMENTS]
    conn.executemany(
        _LIST, ((source_id, d.url, to_text(d.lastmod), at) for at, d in enumerate(documents))
    )
    if _count(conn, source_id) > MAX_DOCUMENTS:
        listed = json.dumps([d.url for d in documents])
        conn.execute(_FORGET_UNLISTED, {"source": source_id, "listed": listed})
    conn.execute(_READ_ENDS_AGAIN, {"source": source_id, "ends": ENDS})
    return left_out


def unread_documents(conn: sqlite3.Connection, source_id: str, *, limit: int) -> list[Document]:
    """Return children still to be read: newest lastmod first, the undated last in their order;
    those that could not be read go behind all others, so that dead ones don't block an index."""
    rows = conn.execute(
        "SELECT url, lastmod FROM documents WHERE source_id = ? AND read_at IS NULL"
        " ORDER BY failures, lastmod DESC, position LIMIT ?",
        (source_id, limit),
    )
    return [Document(url=row["url"], lastmod=from_text(row["lastmod"])) for row in rows]


def document_failed(conn: sqlite3.Connection, source_id: str, document: Document) -> None:
    """Count a vain try at a child; it stays to be read."""
    conn.execute(
        "UPDATE documents SET failures = failures + 1 WHERE source_id = ? AND url = ?",
        (source_id, document.url),
    )


def list_more(conn: sqlite3.Connection, source_id: str, documents: Sequence[Document]) -> int:
    """Note what a nested index lists, behind what its parent lists, as far as there is room; give
    how many there is none for."""
    room = max(0, MAX_DOCUMENTS - _count(conn, source_id)) if documents else 0
    left_out = max(0, len(documents) - room)
    documents = documents[:room]
    taken = conn.execute(
        "SELECT coalesce(max(position) + 1, 0) FROM documents WHERE source_id = ?", (source_id,)
    ).fetchone()[0]
    conn.executemany(
        _LIST_MORE,
        ((source_id, d.url, to_text(d.lastmod), at) for at, d in enumerate(documents, taken)),
    )
    return left_out


def no_room_words(left_out: int) -> str:
    """Say that an index lists more than is remembered."""
    return f"{left_out:,} files of its sitemap index are left out: {MAX_DOCUMENTS:,} is the most"


def mark_read(conn: sqlite3.Connection, source_id: str, document: Document, now: datetime) -> None:
    """Note that a child was read at the lastmod it was handed out with."""
    conn.execute(
        "UPDATE documents SET failures = 0, read_lastmod = :lastmod,"
        " read_at = iif(lastmod > :lastmod, NULL, :now) WHERE source_id = :source AND url = :url",
        {
            "lastmod": to_text(document.lastmod),
            "now": to_text(now),
            "source": source_id,
            "url": document.url,
        },
    )


def read_all_again(conn: sqlite3.Connection, source_id: str) -> None:
    conn.execute("UPDATE documents SET read_at = NULL WHERE source_id = ?", (source_id,))


def _count(conn: sqlite3.Connection, source_id: str) -> int:
    row = conn.execute("SELECT count(*) FROM documents WHERE source_id = ?", (source_id,))
    return int(row.fetchone()[0])


def is_listed(conn: sqlite3.Connection, source_id: str, url: str) -> bool:
    row = conn.execute(
        "SELECT 1 FROM documents WHERE source_id = ? AND url = ?", (source_id, url)
    ).fetchone()
    return row is not None
