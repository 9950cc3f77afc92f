"""Pictures kept as a crawl keeps them."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

from archive.database.connect import transaction
from archive.images.formats import Picture, picture_of
from archive.images.rows import note_kept, want_images
from archive.images.store import ImageStore
from tests.archive.making import NOW


def keep_picture(
    data: Path,
    conn: sqlite3.Connection,
    article_id: int,
    url: str,
    body: bytes,
    now: datetime = NOW,
) -> Path:
    """Keep a picture that an article leads to; its file."""
    picture = picture_of(body)
    assert isinstance(picture, Picture)
    file = ImageStore(data / "images").save(body, picture.type)
    with transaction(conn):
        want_images(conn, article_id, [url], most=9, now=now)
        row = conn.execute("SELECT id FROM images WHERE url = ?", (url,)).fetchone()
        note_kept(conn, row["id"], file, picture, size=len(body), now=now)
    return data / "images" / file.name
