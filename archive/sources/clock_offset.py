"""By how much a source's dates run ahead, and what was dated by that: its entries and articles.

What the offset is, and whether it still holds, others decide (crawler/timing/offsets.py). All of
it runs in the caller's transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from archive.asof.changes import at_now
from archive.copies import clusters
from archive.database.times import to_text
from archive.entries.row import entry_from_row
from archive.files.orders import want_file
from archive.model import Entry

_KNOWN = """
SELECT * FROM entries WHERE source_id = :source AND (
  url IN (SELECT value FROM json_each(:urls)) OR guid IN (SELECT value FROM json_each(:guids)))
"""
_LATEST_FIRST = """
SELECT * FROM entries WHERE source_id = ? AND published IS NOT NULL ORDER BY announced DESC, id DESC
"""
# The article whose date is this entry's claim: it was settled by it, or refused for being too late.
_DATED_BY = """
SELECT a.id FROM entries AS e JOIN articles AS a ON a.id = e.article_id
WHERE e.id = :entry AND a.published_claimed = :claim AND a.published <> :published
"""
_REDATE = """
UPDATE articles SET published = :published,
  evidence = iif(published_from = 'announced', json_set(evidence, '$.published', :origin),
    evidence),
  published_from = iif(published_from = 'announced', :origin, published_from)
WHERE id = :article
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redating:
    """An entry whose time of publication was read by a wrong clock, and the right one."""

    entry: Entry  # as it is stored
    published: datetime
    updated: datetime | None


def keep_offset(conn: sqlite3.Connection, source_id: str, offset_s: int | None) -> None:
    """Remember by how many seconds a source's dates run ahead; None: by none."""
    conn.execute("UPDATE sources SET offset_s = ? WHERE id = ?", (offset_s, source_id))


def known_entries(
    conn: sqlite3.Connection, source_id: str, entries: Sequence[Entry]
) -> dict[str, Entry]:
    """Give the stored entries that these are, by the address that they come with now."""
    values = {
        "source": source_id,
        "urls": json.dumps([entry.url for entry in entries]),
        "guids": json.dumps([entry.guid for entry in entries if entry.guid]),
    }
    stored = [entry_from_row(row) for row in conn.execute(_KNOWN, values)]
    by_url = {entry.url: entry for entry in stored}
    by_guid = {entry.guid: entry for entry in stored if entry.guid}
    found = {e.url: by_url.get(e.url) or by_guid.get(e.guid) for e in entries}
    return {url: entry for url, entry in found.items() if entry is not None}


def announced_together(conn: sqlite3.Connection, source_id: str) -> Iterator[list[Entry]]:
    """Yield the entries of a source that have a date, in groups announced at once, latest first."""
    rows = map(entry_from_row, conn.execute(_LATEST_FIRST, (source_id,)))
    for _, group in groupby(rows, key=lambda entry: entry.announced):
        yield list(group)


@at_now
def redate(
    conn: sqlite3.Connection,
    redatings: Sequence[Redating],
    *,
    origin: str,
    now: datetime,  # noqa: ARG001 (at_now's)
) -> int:
    """Correct entries, and the articles that were dated by them; give how many articles.

    `origin` says what gave the date of one that was too late to be believed: feed or sitemap.
    """
    return sum([_redate(conn, redating, origin) for redating in redatings])


def _redate(conn: sqlite3.Connection, redating: Redating, origin: str) -> bool:
    entry, published = redating.entry, to_text(redating.published)
    conn.execute(
        "UPDATE entries SET published = ?, updated = ? WHERE id = ?",
        (published, to_text(redating.updated), entry.id),
    )
    values = {"entry": entry.id, "claim": entry.published_raw, "published": published}
    row = conn.execute(_DATED_BY, values).fetchone()
    if row is None:
        return False
    article_id = int(row["id"])
    clusters.drop_bands(conn, article_id)
    conn.execute(_REDATE, {"published": published, "origin": origin, "article": article_id})
    clusters.rebuild_bands(conn, article_id)
    want_file(conn, article_id)
    return True
