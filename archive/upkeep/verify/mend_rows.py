"""Repairs of rows: each makes one thing right, in the caller's transaction, and may be repeated."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any

from archive.articles.columns import COMPUTED, version_values
from archive.articles.revisions import Version
from archive.copies.clusters import rebuild_bands
from archive.database.times import to_text
from archive.files.orders import want_file
from archive.model import EntryState
from archive.sources.outlets import list_hosts_of
from archive.upkeep.verify.damage import Damage, DamageKind

_COMPUTED = f"UPDATE articles SET {', '.join(f'{c} = :{c}' for c in COMPUTED)} WHERE id = :id"  # noqa: S608
_INSTRUMENT = """
INSERT OR IGNORE INTO instruments(code, exchange, symbol, first_seen, last_seen)
SELECT :code, :exchange, :symbol, min(a.fetched), max(a.fetched)
FROM mentions AS m JOIN articles AS a ON a.id = m.article_id WHERE m.code = :code
HAVING count(*) > 0
"""
_CHANGE = """
INSERT INTO cluster_changes(at, article_id, was, story, reason)
SELECT ?, id, copy_of, ?, 'its cluster was repaired' FROM articles WHERE id = ?
"""
_REOPEN = """
UPDATE entries SET state = 'owed', reason = NULL, attempts = 0, closed = NULL, article_id = NULL,
  not_before = :now WHERE id = :id
"""

_STATES = frozenset(state.value for state in EntryState)

Mend = Callable[[sqlite3.Connection, Any], None]
TimedMend = Callable[[sqlite3.Connection, int, datetime], None]


def mend_row(conn: sqlite3.Connection, damage: Damage, now: datetime) -> None:
    """Make right what `damage` names; KeyError for a kind that is not of rows."""
    if damage.kind in _TIMED:
        _TIMED[damage.kind](conn, int(damage.key), now)
    elif damage.kind is not DamageKind.FILE_NOT_WRITTEN:  # write_owed does it
        _MENDS[damage.kind](conn, damage.key)


def _deleting(statement: str) -> Mend:
    def mend(conn: sqlite3.Connection, key: int | str) -> None:
        conn.execute(statement, (key,))

    return mend


def _alias(conn: sqlite3.Connection, article_id: int) -> None:
    conn.execute(
        "INSERT OR REPLACE INTO article_urls(url, article_id)"
        " SELECT url, id FROM articles WHERE id = ?",
        (article_id,),
    )


def _cluster(conn: sqlite3.Connection, article_id: int, now: datetime) -> None:
    """Lead a copy to the story at the end of its chain; where that is gone the oldest copy becomes
    the story of the others."""
    end, is_gone = _end_of_chain(conn, article_id)
    moving, lead = [article_id], end
    if is_gone:
        moving = [
            row[0]
            for row in conn.execute("SELECT id FROM articles WHERE copy_of = ? ORDER BY id", (end,))
        ]
        lead = moving[0]
    for copy in dict.fromkeys((*moving, article_id)):
        _attach(conn, copy, None if copy == lead else lead, now)


def _attach(conn: sqlite3.Connection, copy: int, story: int | None, now: datetime) -> None:
    was = conn.execute("SELECT copy_of FROM articles WHERE id = ?", (copy,)).fetchone()[0]
    if was == story:
        return
    conn.execute(_CHANGE, (to_text(now), story, copy))
    conn.execute("UPDATE articles SET copy_of = ? WHERE id = ?", (story, copy))
    for article_id in {copy, story, was} - {None}:
        want_file(conn, article_id)


def _end_of_chain(conn: sqlite3.Connection, article_id: int) -> tuple[int, bool]:
    """Return the story that a copy leads to, and whether it is gone; of a ring the oldest."""
    chain, here = [article_id], article_id
    while True:
        row = conn.execute("SELECT copy_of FROM articles WHERE id = ?", (here,)).fetchone()
        if row is None or row["copy_of"] is None:
            return here, row is None
        here = int(row["copy_of"])
        if here in chain:
            return min(chain[chain.index(here) :]), False
        chain.append(here)


def _relink(conn: sqlite3.Connection, entry_id: int, now: datetime) -> None:
    """Find an entry's article by its addresses; without one it is fetched again."""
    entry = conn.execute("SELECT * FROM entries WHERE id = ?", (entry_id,)).fetchone()
    found = conn.execute(
        "SELECT u.article_id FROM article_urls AS u JOIN articles AS a ON a.id = u.article_id"
        " WHERE u.url IN (?, ?)",
        (entry["url"], entry["raw_url"]),
    ).fetchone()
    if found is not None:
        conn.execute("UPDATE entries SET article_id = ? WHERE id = ?", (found[0], entry["id"]))
    elif entry["state"] in ("archived", "copy"):
        conn.execute(_REOPEN, {"now": to_text(now), "id": entry["id"]})
    else:
        conn.execute("UPDATE entries SET article_id = NULL WHERE id = ?", (entry["id"],))


def _state(conn: sqlite3.Connection, entry_id: int, now: datetime) -> None:
    entry = conn.execute("SELECT * FROM entries WHERE id = ?", (entry_id,)).fetchone()
    if entry["state"] == "owed":
        conn.execute("UPDATE entries SET closed = NULL WHERE id = ?", (entry["id"],))
    elif entry["state"] not in _STATES and entry["article_id"] is None:
        conn.execute(_REOPEN, {"now": to_text(now), "id": entry["id"]})
    else:
        state = entry["state"] if entry["state"] in _STATES else EntryState.ARCHIVED.value
        conn.execute(
            "UPDATE entries SET state = ?, closed = coalesce(closed, ?) WHERE id = ?",
            (state, to_text(now), entry["id"]),
        )


def _instrument(conn: sqlite3.Connection, code: str) -> None:
    symbol, _, exchange = code.rpartition(".")
    conn.execute(_INSTRUMENT, {"code": code, "exchange": exchange, "symbol": symbol})


def _renumber(conn: sqlite3.Connection, article: int) -> None:
    """Number the versions that are there 1, 2, …; the row of the article is the last of them."""
    numbers = [
        row[0]
        for row in conn.execute(
            "SELECT number FROM superseded WHERE article_id = ? ORDER BY number", (article,)
        )
    ]
    renumber = "UPDATE superseded SET number = ? WHERE article_id = ? AND number = ?"
    above = max(numbers, default=0) + len(numbers)  # no two have one number meanwhile
    for place, number in enumerate(numbers, 1):
        conn.execute(renumber, (above + place, article, number))
    for place in range(1, len(numbers) + 1):
        conn.execute(renumber, (place, article, above + place))
    conn.execute("UPDATE articles SET revision = ? WHERE id = ?", (len(numbers) + 1, article))
    want_file(conn, article)


def _hashes(conn: sqlite3.Connection, article_id: int) -> None:
    for row in conn.execute(
        "SELECT number, title, text FROM superseded WHERE article_id = ?", (article_id,)
    ).fetchall():
        conn.execute(
            "UPDATE superseded SET content_hash = ? WHERE article_id = ? AND number = ?",
            (Version.of(row["title"], row["text"]).content_hash, article_id, row["number"]),
        )
    article = conn.execute(
        "SELECT title, text FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    values = version_values(Version.of(article["title"], article["text"]))
    conn.execute(_COMPUTED, values | {"id": article_id})
    want_file(conn, article_id)


def _bands(conn: sqlite3.Connection, article_id: int) -> None:
    conn.execute("DELETE FROM near_bands WHERE article_id = ?", (article_id,))
    conn.execute("UPDATE articles SET fingerprint = '' WHERE id = ?", (article_id,))
    rebuild_bands(conn, article_id)


def _order(conn: sqlite3.Connection, article_id: int) -> None:
    want_file(conn, article_id)


def _references(conn: sqlite3.Connection, table: str) -> None:
    """Make a source again that articles or entries need; what else referred to it goes."""
    if table in ("articles", "entries"):
        conn.execute(
            "INSERT OR IGNORE INTO sources(id, name, url, enabled, status, status_reason)"  # noqa: S608
            " SELECT source_id, coalesce((SELECT source_name FROM articles AS a"
            "   WHERE a.source_id = lost.source_id LIMIT 1), source_id), '', 0, 'removed',"
            "   'its row was lost'"
            f" FROM {table} AS lost WHERE source_id NOT IN (SELECT id FROM sources)"
        )
    else:
        conn.execute(
            f"DELETE FROM {table} WHERE source_id NOT IN (SELECT id FROM sources)"  # noqa: S608
        )


def _no_page(conn: sqlite3.Connection, article_id: int) -> None:
    conn.execute("UPDATE articles SET page_id = NULL WHERE id = ?", (article_id,))


def _unwritten(conn: sqlite3.Connection, path: str) -> None:
    conn.execute("UPDATE files SET written_hash = NULL WHERE path = ?", (path,))


_MENDS: dict[DamageKind, Mend] = {
    DamageKind.ALIAS_MISSING: _alias,
    DamageKind.ALIAS_DANGLING: _deleting("DELETE FROM article_urls WHERE url = ?"),
    DamageKind.BAND_MISSING: _bands,
    DamageKind.BAND_STALE: _deleting("DELETE FROM near_bands WHERE article_id = ?"),
    DamageKind.FINGERPRINT_WRONG: _bands,
    DamageKind.HOSTS_WRONG: list_hosts_of,
    DamageKind.MENTION_WITHOUT_ARTICLE: _deleting("DELETE FROM mentions WHERE article_id = ?"),
    DamageKind.MENTION_WITHOUT_INSTRUMENT: _instrument,
    DamageKind.REVISION_WITHOUT_ARTICLE: _deleting("DELETE FROM superseded WHERE article_id = ?"),
    DamageKind.REVISION_GAP: _renumber,
    DamageKind.HASH_WRONG: _hashes,
    DamageKind.REFERENCE_DANGLING: _references,
    DamageKind.FILE_NOT_ORDERED: _order,
    DamageKind.FILE_OF_NO_STORY: _order,
    DamageKind.FILE_ORDER_STALE: _order,
    DamageKind.FILE_MISSING: _unwritten,
    DamageKind.FILE_DIFFERS: _unwritten,
    DamageKind.PAGE_MISSING: _no_page,
}
_TIMED: dict[DamageKind, TimedMend] = {
    DamageKind.COPY_OF_MISSING: _cluster,
    DamageKind.COPY_OF_A_COPY: _cluster,
    DamageKind.ENTRY_WITHOUT_ARTICLE: _relink,
    DamageKind.ENTRY_ARCHIVED_WITHOUT_ID: _relink,
    DamageKind.ENTRY_STATE_WRONG: _state,
}
