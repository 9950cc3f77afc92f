"""Their entries: what is owed stays owed, unless ours has the article."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from archive.asof.changes import at_moment
from archive.database.connect import transaction
from archive.database.times import to_text
from archive.entries.announcing import MAX_ALIASES
from archive.model import EntryState, Reason
from archive.upkeep.merge.pairing import Pair

BATCH = 500  # entries in one transaction

_IDS = """
SELECT e.*, a.url AS article_url FROM entries AS e LEFT JOIN articles AS a ON a.id = e.article_id
WHERE e.id > ? ORDER BY e.id LIMIT ?
"""
_ADD = """
INSERT INTO entries(source_id, guid, url, raw_url, aliases, host, title, published, updated,
  payload, announced, state, reason, attempts, not_before, closed, article_id)
VALUES (:source_id, :guid, :url, :raw_url, :aliases, :host, :title, :published, :updated,
  :payload, :announced, :state, :reason, :attempts, :not_before, :closed, :article_id)
"""
_KEEP = """
UPDATE entries SET guid = iif(guid = '', :guid, guid), aliases = :aliases,
  announced = min(announced, :announced) WHERE id = :id
"""
_ADVANCE = """
UPDATE entries SET state = :state, reason = :reason, attempts = :attempts, closed = :closed,
  article_id = :article_id WHERE id = :id
"""
_RANKS = {EntryState.OWED: 0, EntryState.ARCHIVED: 2, EntryState.COPY: 2}
_CLOSED_WITHOUT = 1  # rejected, forbidden, gone, failed


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """Where an entry stands."""

    state: EntryState
    reason: str | None
    closed: str | None
    article_id: int | None
    attempts: int = 0

    @property
    def rank(self) -> int:
        return _RANKS.get(self.state, _CLOSED_WITHOUT)


def merge_entries(
    pair: Pair, sources: Mapping[str, str], taken_down: frozenset[str], *, now: datetime
) -> int:
    """Add what ours doesn't know, and close what theirs got further with; give the new ones.

    After the articles, which the entries refer to. What was taken down is left out.
    """
    last = new = 0
    while rows := pair.theirs.execute(_IDS, (last, BATCH)).fetchall():
        with transaction(pair.ours), at_moment(pair.ours, now):
            for row in rows:
                if taken_down.isdisjoint((row["url"], row["raw_url"])):
                    new += _merge_one(pair.ours, row, sources[row["source_id"]], now)
        last = rows[-1]["id"]
    return new


def _merge_one(conn: sqlite3.Connection, row: sqlite3.Row, source: str, now: datetime) -> bool:
    known = conn.execute(
        "SELECT * FROM entries WHERE source_id = ? AND url = ?", (source, row["url"])
    ).fetchone()
    end = _end(conn, row, now)
    values = {**dict(row), "source_id": source, "state": end.state.value, "reason": end.reason}
    values |= {"closed": end.closed, "article_id": end.article_id, "attempts": end.attempts}
    if known is None:
        conn.execute(_ADD, values)
        return True
    aliases = json.dumps(_aliases(known, row))
    conn.execute(_KEEP, values | {"id": known["id"], "aliases": aliases})
    # a second look that is due stays due
    if known["article_id"] is None and end.rank > _rank(known["state"]):
        conn.execute(_ADVANCE, values | {"id": known["id"]})
    return False


def _end(conn: sqlite3.Connection, row: sqlite3.Row, now: datetime) -> _End:
    """Say where their entry stands in ours."""
    state = EntryState(row["state"])
    if state is EntryState.OWED:
        found = _article_at(conn, row["url"])
        if found is not None:
            return _archived(found, now)
    elif row["article_id"] is not None:
        found = _article_at(conn, row["article_url"])
        if found is None:  # it was a placeholder, as ours knows
            reason = Reason.PLACEHOLDER.value
            return _End(
                state=EntryState.REJECTED, reason=reason, closed=row["closed"], article_id=None
            )
        return _End(state=state, reason=row["reason"], closed=row["closed"], article_id=found)
    return _End(
        state=state,
        reason=row["reason"],
        closed=row["closed"],
        article_id=None,
        attempts=row["attempts"],
    )


def _archived(article_id: int, now: datetime) -> _End:
    return _End(
        state=EntryState.ARCHIVED,
        reason="already archived",
        closed=to_text(now),
        article_id=article_id,
    )


def _article_at(conn: sqlite3.Connection, url: str | None) -> int | None:
    row = conn.execute("SELECT article_id FROM article_urls WHERE url = ?", (url,)).fetchone()
    return None if row is None else int(row["article_id"])


def _aliases(known: sqlite3.Row, row: sqlite3.Row) -> list[str]:
    both = [*json.loads(known["aliases"]), *json.loads(row["aliases"])]
    return list(dict.fromkeys(both))[:MAX_ALIASES]


def _rank(state: str) -> int:
    return _RANKS.get(EntryState(state), _CLOSED_WITHOUT)
