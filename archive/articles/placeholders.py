"""Texts that stand in for articles: consent walls, "enable JavaScript", empty shells.

One such text under many URLs would else swallow every further article as a copy of the first.
It shows itself by coming back: the third equal text under different titles, or the sixth URL
with equal text and title, is a placeholder; what was made of it is undone.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from archive.articles.columns import KEPT, version_values
from archive.articles.revisions import Version, likeness_form
from archive.copies import clusters
from archive.database.times import to_text
from archive.files.orders import want_file
from archive.model import Entry, Reason, SourceStatus
from archive.sources.health import change_status

TITLES = 3  # different titles over one text
URLS = 6  # with equal title and text
KEPT_CHARS = 500

_ROWS = """
SELECT a.id, a.url, a.title,
  (SELECT e.title FROM entries AS e WHERE e.article_id = a.id AND e.state <> 'copy'
     AND e.title <> '' ORDER BY e.id LIMIT 1) AS announced
FROM articles AS a WHERE a.text_hash = :hash
  AND a.source_id IN (SELECT id FROM sources WHERE name = :outlet)
"""
_COPIES = "SELECT id, url, title FROM entries WHERE article_id = ? AND state = 'copy' ORDER BY id"
_REJECT = """
UPDATE entries SET state = 'rejected', reason = ?, closed = ?, article_id = NULL
WHERE article_id = ? AND state <> 'owed'
"""


def is_placeholder(
    conn: sqlite3.Connection, outlet: str, version: Version, *, url: str, entry: Entry
) -> bool:
    """Tell whether this text is one already, or becomes one by being found at `url` as well."""
    if not version.text.strip():
        return False  # a flash may be all title
    seen = conn.execute(
        "SELECT 1 FROM placeholders WHERE outlet = ? AND text_hash = ?",
        (outlet, version.text_hash),
    ).fetchone()
    if seen is not None:
        return True
    titles = _titles(conn, outlet, version.text_hash)
    titles.setdefault(url, likeness_form(entry.title or version.title))
    return len(set(titles.values())) >= TITLES or len(titles) >= URLS


def undo_placeholder(
    conn: sqlite3.Connection, outlet: str, version: Version, *, source_id: str, now: datetime
) -> None:
    """Take back what was archived of it, remember the text, and flag the sources that gave it."""
    conn.execute(
        "INSERT INTO placeholders(outlet, text_hash, seen, text) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        (outlet, version.text_hash, to_text(now), version.text[:KEPT_CHARS]),
    )
    sources = {source_id}
    for row in _rows(conn, outlet, version.text_hash):
        sources |= _sources_of(conn, row["id"])
        _undo(conn, row["id"], version.text_hash, now)
    reason = f"different pages give one and the same text: {version.text[:80]!r}"
    for flagged in sorted(sources):
        change_status(conn, flagged, SourceStatus.BLOCKED, reason, now=now)


def _titles(conn: sqlite3.Connection, outlet: str, text_hash: str) -> dict[str, str]:
    """Return, by URL, the titles under which the text was archived; one for each URL."""
    titles: dict[str, str] = {}
    for row in _rows(conn, outlet, text_hash):
        titles[row["url"]] = likeness_form(row["announced"] or row["title"])
        for copy in conn.execute(_COPIES, (row["id"],)):
            titles.setdefault(copy["url"], likeness_form(copy["title"] or row["title"]))
    return titles


def _rows(conn: sqlite3.Connection, outlet: str, text_hash: str) -> list[sqlite3.Row]:
    return conn.execute(_ROWS, {"hash": text_hash, "outlet": outlet}).fetchall()


def _sources_of(conn: sqlite3.Connection, article_id: int) -> set[str]:
    rows = conn.execute(
        "SELECT DISTINCT source_id FROM entries WHERE article_id = ?", (article_id,)
    )
    return {row["source_id"] for row in rows}


def _undo(conn: sqlite3.Connection, article_id: int, text_hash: str, now: datetime) -> None:
    honest = _last_honest_version(conn, article_id, text_hash)
    if honest is None:
        conn.execute(_REJECT, (Reason.PLACEHOLDER.value, to_text(now), article_id))
        clusters.dissolve(conn, article_id, now=now, reason="its story was a placeholder")
        conn.execute("DELETE FROM articles WHERE id = ?", (article_id,))
    else:
        _reject_copies(conn, article_id, now)
        _restore(conn, honest)
        clusters.after_revision(conn, article_id, now=now)
    want_file(conn, article_id)


def _last_honest_version(
    conn: sqlite3.Connection, article_id: int, text_hash: str
) -> sqlite3.Row | None:
    """Return the last stored version with another text: what the page was before the wall."""
    rows = conn.execute(
        "SELECT * FROM revisions WHERE article_id = ? ORDER BY number DESC", (article_id,)
    )
    return next((r for r in rows if Version.of("", r["text"]).text_hash != text_hash), None)


def _reject_copies(conn: sqlite3.Connection, article_id: int, now: datetime) -> None:
    for copy in conn.execute(_COPIES, (article_id,)).fetchall():
        conn.execute(
            "DELETE FROM article_urls WHERE url = ? AND article_id = ?", (copy["url"], article_id)
        )
        conn.execute(
            "UPDATE entries SET state = 'rejected', reason = ?, closed = ?, article_id = NULL"
            " WHERE id = ?",
            (Reason.PLACEHOLDER.value, to_text(now), copy["id"]),
        )


def _restore(conn: sqlite3.Connection, version: sqlite3.Row) -> None:
    conn.execute(
        "DELETE FROM revisions WHERE article_id = ? AND number > ?",
        (version["article_id"], version["number"]),
    )
    known = Version.of(version["title"], version["text"], version["markdown"])
    values = version_values(known) | {name: version[name] for name in KEPT}
    settings = ", ".join(f"{name} = :{name}" for name in values)
    conn.execute(
        f"UPDATE articles SET {settings}, revision = :number WHERE id = :id",  # noqa: S608
        values | {"number": version["number"], "id": version["article_id"]},
    )
