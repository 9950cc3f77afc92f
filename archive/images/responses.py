"""Kept pictures as the responses that brought them, for WARC."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime

from archive.database.times import from_text, to_text
from archive.errors import ArchiveError
from archive.images.store import ImageStore, file_of
from archive.model import RawPage

_NEXT = """
SELECT i.* FROM images AS i WHERE i.state = 'kept' AND i.id > :last AND i.fetched >= :since
  AND (:source IS NULL OR EXISTS (
    SELECT 1 FROM article_images AS x JOIN articles AS a ON a.id = x.article_id
    WHERE x.image_id = i.id AND a.source_id = :source))
ORDER BY i.id LIMIT 1
"""


def image_responses(
    conn: sqlite3.Connection,
    store: ImageStore,
    *,
    source_id: str | None = None,
    since: datetime | None = None,
) -> Iterator[RawPage]:
    """Yield the pictures in the order they were met, one in memory at a time: of articles of a
    source, fetched since then. Raises ArchiveError at one whose file can't be read."""
    last = 0
    while True:
        values = {"last": last, "since": to_text(since) or "", "source": source_id}
        row = conn.execute(_NEXT, values).fetchone()
        if row is None:
            return
        yield _response(row, store)
        last = row["id"]


def _response(row: sqlite3.Row, store: ImageStore) -> RawPage:
    file = file_of(row["sha256"], row["type"])
    if file is None:
        raise ArchiveError(f"images {row['id']} names no file of ours; see `broadsheet verify`")
    try:
        body = store.read(file.name)
    except OSError as error:
        raise ArchiveError(
            f"{store.folder / file.name} can't be read: {error.strerror}; see `broadsheet verify`"
        ) from error
    return RawPage(
        url=row["url"],
        source_id="",
        fetched=from_text(str(row["fetched"])),
        status=200,
        headers=(("Content-Type", row["type"]),),
        body=body,
    )
