"""Take an article down: nothing of it stays but the addresses under which it may not return."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from archive.asof.changes import at_moment
from archive.copies import clusters
from archive.database.connect import transaction
from archive.database.times import to_text
from archive.errors import ArchiveError
from archive.files.orders import want_file
from archive.folder import DataFolder
from archive.images.rows import drop_unled, images_of
from archive.images.store import ImageStore

REASON = "forgotten"  # of its entries, which stay closed

_ADDRESSES = """
SELECT url FROM articles WHERE id = :id
UNION SELECT page_url FROM articles WHERE id = :id AND page_url <> ''
UNION SELECT url FROM article_urls WHERE article_id = :id
UNION SELECT url FROM entries WHERE article_id = :id
UNION SELECT raw_url FROM entries WHERE article_id = :id
UNION SELECT a.value FROM entries AS e, json_each(e.aliases) AS a WHERE e.article_id = :id
"""
_BLANK = """
UPDATE entries SET state = 'gone', reason = :reason, closed = :now, title = '', payload = '{}',
  published = NULL, updated = NULL, article_id = NULL
WHERE url IN (SELECT value FROM json_each(:urls)) OR (:id IS NOT NULL AND article_id = :id)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was taken down: the article, if there was one, and every address that led to it."""

    article_id: int | None
    title: str
    addresses: tuple[str, ...]


def find_target(conn: sqlite3.Connection, target: str, spellings: Collection[str]) -> Forgotten:
    """Say what `forget` would take down; ArchiveError when nothing is known of it.

    `target` is an article's number or an address, `spellings` the address as typed and canonical.
    """
    article_id = _article_id(conn, target, spellings)
    if article_id is None:
        urls = json.dumps(list(spellings))
        found = conn.execute(
            "SELECT url FROM entries WHERE url IN (SELECT value FROM json_each(:urls))"
            " OR (raw_url IN (SELECT value FROM json_each(:urls)) AND raw_url <> url)",
            {"urls": urls},
        ).fetchall()
        if not found:
            raise ArchiveError(f"no article and no announced address {target}: nothing to forget")
        addresses = dict.fromkeys((*(row["url"] for row in found), *spellings))
        return Forgotten(article_id=None, title="", addresses=tuple(addresses))
    title = conn.execute("SELECT title FROM articles WHERE id = ?", (article_id,)).fetchone()
    led = [row[0] for row in conn.execute(_ADDRESSES, {"id": article_id})]
    return Forgotten(article_id=article_id, title=title["title"], addresses=tuple(sorted(led)))


def forget(conn: sqlite3.Connection, found: Forgotten, *, reason: str, now: datetime) -> None:
    """Delete the article with all its versions, and leave tombstones; in one transaction.

    Outside of a transaction of the caller's: the bytes that become free are zeroed, the index is
    merged so that its words are gone, and the write-ahead log is emptied. Its file is ordered to
    be deleted, its raw pages are `PageStore.forget`'s. Pictures that no other article leads to go.
    """
    conn.execute("PRAGMA secure_delete = ON").fetchall()
    with transaction(conn), at_moment(conn, now):
        conn.executemany(
            "INSERT OR IGNORE INTO tombstones(url, reason, at) VALUES (?, ?, ?)",
            [(url, reason, to_text(now)) for url in found.addresses],
        )
        unnamed = []
        if found.article_id is not None:
            images = images_of(conn, found.article_id)
            _delete(conn, found.article_id, now=now)
            unnamed = drop_unled(conn, images)
        values = {"urls": json.dumps(found.addresses), "id": found.article_id}
        conn.execute(_BLANK, values | {"reason": REASON, "now": to_text(now)})
        conn.execute("INSERT INTO articles_fts(articles_fts) VALUES ('optimize')")
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    ImageStore(DataFolder.of(conn).images).remove(unnamed)


def _article_id(conn: sqlite3.Connection, target: str, spellings: Collection[str]) -> int | None:
    if target.isascii() and target.isdigit():
        row = conn.execute("SELECT id FROM articles WHERE id = ?", (int(target),)).fetchone()
    else:
        row = conn.execute(
            "SELECT article_id FROM article_urls WHERE url IN (SELECT value FROM json_each(?))",
            (json.dumps(list(spellings)),),
        ).fetchone()
    return None if row is None else int(row[0])


def _delete(conn: sqlite3.Connection, article_id: int, *, now: datetime) -> None:
    row = conn.execute("SELECT copy_of FROM articles WHERE id = ?", (article_id,)).fetchone()
    clusters.dissolve(conn, article_id, now=now, reason=REASON)
    conn.execute("DELETE FROM articles WHERE id = ?", (article_id,))
    want_file(conn, article_id)
    if row["copy_of"] is not None:
        want_file(conn, row["copy_of"])
