"""What a guess keeps back, and the ways back: by itself, by `held release`, by `retry`.

A page whose text is a wall makes no article; one that was made before is held with all its
versions. A version that shows nothing of its article is held beside it. A second row of one
article is held for the first. Nothing of it is deleted. All run in the caller's transaction.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict
from datetime import datetime, timedelta

from archive.articles.revisions import Version
from archive.asof.changes import at_now
from archive.copies import clusters
from archive.database.times import from_text, to_text
from archive.files.orders import want_file
from archive.held.walls import TextKind, remember
from archive.model import BY_HAND, Article, Reason, SourceStatus
from archive.sources.health import change_status

PROBE_AFTER = timedelta(days=1)  # one page of a source each
AGAIN_AFTER = timedelta(hours=20)  # a wall stands for hours
ERROR_AFTER = timedelta(minutes=30)  # two looks: one answer in between two moments isn't both
ERROR_PAGE = "an error page"
JOINED = "#joined="  # behind the address of a second row
UNSURE = "not sure enough"  # what the reason begins with: see `unsure`
TIMES = ("published", "updated")

_ADD = """
INSERT INTO holds(at, reason, outlet, text_hash, entry_id, article_id, version, moved)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_HOLD_ENTRY = """
UPDATE entries SET state = 'held', reason = :reason, closed = :now, not_before = :probe
WHERE id = :id
"""
_OWE = """
UPDATE entries SET state = 'owed', reason = :reason, attempts = 0, closed = NULL, not_before = :now
WHERE id = :id
"""
_TO_PROBE = """
SELECT id, host FROM entries INDEXED BY entries_held
WHERE source_id = :source AND state = 'held' AND not_before <= :now
  AND reason NOT LIKE 'not sure enough%' ORDER BY not_before, id LIMIT 1
"""
_PUT_OFF = """
UPDATE entries SET not_before = :later
WHERE source_id = :source AND state = 'held' AND not_before <= :now
"""
_HELD_WITH = """
SELECT DISTINCT e.id, e.source_id, e.host FROM holds AS h
JOIN entries AS e ON e.id = h.entry_id OR (h.article_id IS NOT NULL AND e.article_id = h.article_id)
WHERE h.outlet = :outlet AND h.text_hash = :hash AND h.version IS NULL
  AND e.state IN ('held', 'rejected') AND h.reason NOT LIKE :refused
"""

_ENTRIES_OF = """
SELECT id, source_id, url, state FROM entries WHERE article_id = ? AND state <> 'owed'
"""
_SAME_VERSION = """
SELECT id, at, reason FROM holds WHERE article_id = ?1 AND version IS NOT NULL
  AND (text_hash = ?2 OR (text_hash <> '' AND ?3 <> '' AND json_extract(version, '$.title') = ?3))
"""
_FORGET_VERSIONS = """
DELETE FROM holds WHERE article_id = ? AND version IS NOT NULL AND reason NOT LIKE ?
  AND NOT EXISTS (SELECT 1 FROM placeholders AS p WHERE p.outlet = holds.outlet
                    AND p.text_hash = holds.text_hash AND p.kind = 'stub')
"""
_COUNT_LOOK = """
UPDATE holds SET looks = looks + 1 WHERE text_hash = :hash AND version IS NULL
  AND (entry_id = :entry OR article_id = :article
    OR article_id = (SELECT article_id FROM entries WHERE id = :entry))
"""

Owed = tuple[tuple[str, str], ...]  # (source id, host) of entries that are owed again


@at_now
def hold_wall(
    conn: sqlite3.Connection,
    wall: Version,
    *,
    outlet: str,
    source_id: str,
    entry_id: int | None,
    articles: list[int],
    now: datetime,
) -> str:
    """Hold a page whose text is a wall, and the articles that were made of it; give the reason.

    `entry_id`: of the page; None for a look at an article, which stays as it is.
    """
    reason = f"{Reason.PLACEHOLDER}: different pages give one and the same text: {wall.text[:80]!r}"
    remember(conn, outlet, wall, TextKind.WALL, now=now)
    sources = {source_id}
    for article_id in articles:
        sources |= hold_article(conn, article_id, wall, outlet=outlet, reason=reason, now=now)
    if entry_id is not None:
        hold_entry(conn, entry_id, reason, now)
        if not is_counted(conn, entry_id, wall.text_hash):
            add_hold(conn, reason, outlet, wall.text_hash, now, entry_id=entry_id)
    for flagged in sorted(sources):
        change_status(conn, flagged, SourceStatus.BLOCKED, reason, now=now)
    return reason


@at_now
def hold_article(
    conn: sqlite3.Connection,
    article_id: int,
    wall: Version,
    *,
    outlet: str,
    reason: str,
    now: datetime,
) -> set[str]:
    """Hold an article that was made of a wall; give the sources whose entries are held with it."""
    keep_back(conn, article_id, reason, now)
    rows = conn.execute(_ENTRIES_OF, (article_id,)).fetchall()
    for row in rows:
        hold_entry(conn, row["id"], reason, now)
        if row["state"] == "copy":  # another story's page: only the wall was the same
            conn.execute(
                "DELETE FROM article_urls WHERE url = ? AND article_id = ?",
                (row["url"], article_id),
            )
            conn.execute("UPDATE entries SET article_id = NULL WHERE id = ?", (row["id"],))
            add_hold(conn, reason, outlet, wall.text_hash, now, entry_id=row["id"])
    if not is_counted(conn, None, wall.text_hash, article_id):
        add_hold(conn, reason, outlet, wall.text_hash, now, article_id=article_id)
    return {row["source_id"] for row in rows}


@at_now
def hold_second_row(
    conn: sqlite3.Connection, second: int, first: int, *, outlet: str, reason: str, now: datetime
) -> None:
    """Hold a row that turned out to be another one's article: its addresses and entries go over to
    that, and come back with it (`holds_by_hand`)."""
    words = f"the same article as {first}: {reason}"
    moved = _moved(conn, second, first)
    conn.execute(
        "UPDATE article_urls SET article_id = ?, reason = ? WHERE article_id = ?",
        (first, reason, second),
    )
    conn.execute("UPDATE entries SET article_id = ? WHERE article_id = ?", (first, second))
    conn.execute(  # its address is the other's, and may become the one that it bears
        "UPDATE articles SET url = url || ? WHERE id = ?", (f"{JOINED}{second}", second)
    )
    keep_back(conn, second, words, now)
    add_hold(conn, words, outlet, "", now, article_id=second, moved=moved)


def _moved(conn: sqlite3.Connection, second: int, first: int) -> str:
    """What a second row gives to the first one: `bore` is the address that the first one had."""
    bore = conn.execute("SELECT url FROM articles WHERE id = ?", (first,)).fetchone()["url"]
    addresses = conn.execute(
        "SELECT url, reason FROM article_urls WHERE article_id = ?", (second,)
    ).fetchall()
    entries = conn.execute("SELECT id FROM entries WHERE article_id = ?", (second,)).fetchall()
    moved = {
        "first": first,
        "bore": bore,
        "addresses": {row["url"]: row["reason"] for row in addresses},
        "entries": [row["id"] for row in entries],
    }
    return json.dumps(moved, ensure_ascii=False)


def hold_version(
    conn: sqlite3.Connection,
    article_id: int,
    article: Article,
    version: Version,
    *,
    outlet: str,
    reason: str,
    now: datetime,
) -> bool:
    """Hold a version that shows nothing of its article; True when it was there before, too."""
    return _note(conn, article_id, version.text_hash, _packed(article), outlet, reason, now)


def hold_error_page(
    conn: sqlite3.Connection, article_id: int, *, outlet: str, now: datetime
) -> bool:
    """Note that an article's page is an error page; True when it was one before, too."""
    return _note(conn, article_id, "", "{}", outlet, ERROR_PAGE, now)


def forget_versions(conn: sqlite3.Connection, article_id: int) -> None:
    """Its page shows the article: what was doubted is over. What a person refused stays, and what
    was cut out of it (`stubs`)."""
    conn.execute(_FORGET_VERSIONS, (article_id, f"{BY_HAND}%"))


def probe(conn: sqlite3.Connection, source_id: str, *, now: datetime) -> tuple[str, ...]:
    """Owe one held page of a source, once a day; give its host. Part of a visit's announcing."""
    values = {"source": source_id, "now": to_text(now)}
    row = conn.execute(_TO_PROBE, values).fetchone()
    if row is None:
        return ()
    conn.execute(_PUT_OFF, values | {"later": to_text(now + PROBE_AFTER)})
    conn.execute(_OWE, {"id": row["id"], "reason": "held: probed", "now": values["now"]})
    return (row["host"],)


def came_back(conn: sqlite3.Connection, entry_id: int | None, *, now: datetime) -> Owed:
    """A page that was held is an article: all that were held with it are owed again."""
    if entry_id is None:
        return ()
    rows = conn.execute(
        "SELECT h.* FROM holds AS h WHERE h.version IS NULL AND (h.entry_id = :id OR h.article_id ="
        " (SELECT article_id FROM entries WHERE id = :id))",
        {"id": entry_id},
    ).fetchall()
    found: dict[tuple[str, str], None] = {}
    for row in rows:
        if not row["text_hash"] or row["reason"].startswith(BY_HAND):
            continue
        found |= dict.fromkeys(owe_all(conn, row["outlet"], row["text_hash"], now))
        conn.execute("DELETE FROM holds WHERE id = ?", (row["id"],))
    return tuple(found)


def release_article(conn: sqlite3.Connection, article_id: int) -> None:
    """An article that was held has its own page again; its cluster is the caller's, and
    `came_back` ends the hold."""
    conn.execute("UPDATE articles SET held = NULL WHERE id = ?", (article_id,))


def owe_all(
    conn: sqlite3.Connection, outlet: str, text_hash: str, now: datetime, *, refused: bool = False
) -> Owed:
    """Owe all pages again that are held for a text; also those that a person `refused`."""
    values = {"outlet": outlet, "hash": text_hash, "refused": "" if refused else f"{BY_HAND}%"}
    rows = conn.execute(_HELD_WITH, values).fetchall()
    reason = "held: its site gives pages again"
    for row in rows:
        conn.execute(_OWE, {"id": row["id"], "reason": reason, "now": to_text(now)})
    return tuple((row["source_id"], row["host"]) for row in rows)


def _packed(article: Article) -> str:
    values = asdict(article)
    for name in TIMES:
        values[name] = to_text(values[name])
    return json.dumps({k: v for k, v in values.items() if v}, ensure_ascii=False)


def keep_back(conn: sqlite3.Connection, article_id: int, reason: str, now: datetime) -> None:
    """Out of stories, clusters and files; nobody looks at it again."""
    conn.execute(
        "UPDATE articles SET held = ?, next_check = NULL WHERE id = ?", (reason, article_id)
    )
    clusters.dissolve(conn, article_id, now=now, reason=f"it is held: {reason}"[:200])
    want_file(conn, article_id)


def hold_entry(conn: sqlite3.Connection, entry_id: int, reason: str, now: datetime) -> None:
    """Hold an entry: it is probed (`probe`) a day later at the earliest."""
    values = {"id": entry_id, "reason": reason, "now": to_text(now)}
    conn.execute(_HOLD_ENTRY, values | {"probe": to_text(now + PROBE_AFTER)})


def is_counted(
    conn: sqlite3.Connection, entry_id: int | None, text_hash: str, article_id: int | None = None
) -> bool:
    """Whether an entry, itself or its article, is held for this text already; looks are counted."""
    values = {"entry": entry_id, "hash": text_hash, "article": article_id}
    return conn.execute(_COUNT_LOOK, values).rowcount > 0


def add_hold(
    conn: sqlite3.Connection,
    reason: str,
    outlet: str,
    text_hash: str,
    now: datetime,
    *,
    entry_id: int | None = None,
    article_id: int | None = None,
    version: str | None = None,
    moved: str | None = None,
) -> None:
    values = (to_text(now), reason, outlet, text_hash, entry_id, article_id, version, moved)
    conn.execute(_ADD, values)


def _note(
    conn: sqlite3.Connection,
    article_id: int,
    text_hash: str,
    packed: str,
    outlet: str,
    reason: str,
    now: datetime,
) -> bool:
    title = json.loads(packed).get("title", "")
    row = conn.execute(_SAME_VERSION, (article_id, text_hash, title)).fetchone()
    if row is None:
        add_hold(conn, reason, outlet, text_hash, now, article_id=article_id, version=packed)
        return False
    conn.execute("UPDATE holds SET looks = looks + 1 WHERE id = ?", (row["id"],))
    refused = row["reason"].startswith(BY_HAND)
    after = AGAIN_AFTER if text_hash else ERROR_AFTER
    return not refused and now - from_text(row["at"]) >= after
