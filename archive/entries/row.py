"""An Entry as a row of `entries` and back, without loss."""

from __future__ import annotations

import json
import sqlite3

from archive.database.times import from_text, to_text
from archive.model import Entry
from archive.text.hosts import host_of

_CARRIED = (
    *("other_url", "published_raw", "summary", "content", "language", "authors", "categories"),
    "images",
)


def entry_columns(entry: Entry) -> dict[str, str | None]:
    """Return what the feed said of the entry, by column; expects storable strings."""
    carried = {name: getattr(entry, name) for name in _CARRIED}
    said = {name: value for name, value in carried.items() if value}
    return {
        "guid": entry.guid,
        "url": entry.url,
        "raw_url": entry.raw_url,
        "host": host_of(entry.raw_url),
        "title": entry.title,
        "published": to_text(entry.published) if entry.published else None,
        "updated": to_text(entry.updated) if entry.updated else None,
        "payload": json.dumps(said, ensure_ascii=False),
    }


def entry_from_row(row: sqlite3.Row) -> Entry:
    payload = json.loads(row["payload"])
    return Entry(
        url=row["url"],
        raw_url=row["raw_url"],
        guid=row["guid"],
        title=row["title"],
        published=from_text(row["published"]),
        updated=from_text(row["updated"]),
        id=row["id"],
        source_id=row["source_id"],
        announced=from_text(row["announced"]),
        attempts=row["attempts"],
        attempt=row["attempt"],
        other_url=payload.get("other_url", ""),
        published_raw=payload.get("published_raw", ""),
        summary=payload.get("summary", ""),
        content=payload.get("content", ""),
        language=payload.get("language", ""),
        authors=tuple(payload.get("authors", ())),
        categories=tuple(payload.get("categories", ())),
        images=tuple(payload.get("images", ())),
    )


def announced_as(conn: sqlite3.Connection, entry: Entry) -> tuple[tuple[str, ...], int | None]:
    """Give all addresses under which an entry was announced, its own first, and the article that it
    became; None before it did."""
    row = conn.execute(
        "SELECT aliases, article_id FROM entries WHERE id = ?", (entry.id,)
    ).fetchone()
    aliases, article_id = (json.loads(row[0]), row[1]) if row is not None else ((), None)
    return tuple(dict.fromkeys((entry.url, entry.raw_url, *aliases))), article_id
