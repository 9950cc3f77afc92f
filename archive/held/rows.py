"""What is held, read: a person's list of it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from archive.database.times import from_text

_LIST = """
SELECT h.id, h.at, h.reason, h.entry_id, h.article_id, h.outlet, h.version IS NOT NULL AS version,
  coalesce(e.url, a.url, '') AS url, coalesce(nullif(e.title, ''), a.title, '') AS title,
  coalesce(e.source_id, a.source_id, '') AS source
FROM holds AS h LEFT JOIN entries AS e ON e.id = h.entry_id
LEFT JOIN articles AS a ON a.id = h.article_id ORDER BY h.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One row of `holds`, with what it is about."""

    id: int
    at: datetime
    reason: str
    entry_id: int | None
    article_id: int | None
    outlet: str
    version: bool  # a version of the article alone is held
    url: str
    title: str
    source: str


def held_rows(conn: sqlite3.Connection) -> list[Hold]:
    """All that is held, in the order in which it was."""
    rows = (dict(row) for row in conn.execute(_LIST))
    return [
        Hold(**{**row, "at": from_text(row["at"]), "version": bool(row["version"])}) for row in rows
    ]
