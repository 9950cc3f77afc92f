"""The entries that sources announced: handed out while owed, closed with a state and a reason.

All run inside the caller's transaction. There is no lease: what is in flight is known to the
process that fetches it, and a killed process leaves its entries owed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from archive.asof.changes import at_now
from archive.database.storable import storable_record
from archive.database.times import from_text, to_text
from archive.entries.attempts import raise_entries
from archive.entries.rechecks import withdraw
from archive.entries.row import entry_columns, entry_from_row
from archive.errors import ArchiveError
from archive.model import Entry, EntryState

# Every question about what is owed is pinned to the partial index: with 100,000 rows each is a
# few seeks, and statistics from ANALYZE can't talk the planner into anything else.
_OWED = "entries INDEXED BY entries_owed WHERE state = 'owed' AND source_id = :source"
_HOSTS = f"""
WITH RECURSIVE hosts(host) AS (
  SELECT min(host) FROM {_OWED}
  UNION ALL
  SELECT (SELECT min(host) FROM {_OWED} AND host > hosts.host) FROM hosts
  WHERE hosts.host IS NOT NULL)
SELECT host FROM hosts WHERE host IS NOT NULL
"""  # noqa: S608
_HAND_OUT = f"""
SELECT * FROM {_OWED} AND host = :host AND not_before <= :now ORDER BY not_before DESC, id
"""  # noqa: S608
_EARLIEST = f"SELECT min(not_before) FROM {_OWED} AND host = :host"  # noqa: S608
_END_OF_TIME = "9999-12-31T23:59:59Z"

_REOPEN = "state = 'owed', reason = NULL, attempts = 0, closed = NULL, not_before = :now"
_CLOSE = "UPDATE entries SET state = ?, reason = ?, closed = ? WHERE id = ? AND state = 'owed'"
_NAMED = """
SELECT id, page_id FROM articles WHERE page_id IS NOT NULL AND id IN (
  SELECT article_id FROM entries WHERE id IN (SELECT value FROM json_each(?)))
"""
_FILE = """
INSERT INTO entries(source_id, guid, url, raw_url, host, title, published, updated, payload,
                    announced, not_before)
VALUES (:source, :guid, :url, :raw_url, :host, :title, :published, :updated, :payload, :now, :now)
ON CONFLICT(source_id, url) DO UPDATE SET raw_url = excluded.raw_url, host = excluded.host,
"""


def owed_hosts(conn: sqlite3.Connection, source_ids: Sequence[str]) -> list[tuple[str, str]]:
    """Return the (source_id, host) pairs that owe something, due or not."""
    return [
        (source_id, row["host"])
        for source_id in source_ids
        for row in conn.execute(_HOSTS, {"source": source_id})
    ]


def owed(
    conn: sqlite3.Connection,
    source_id: str,
    host: str,
    *,
    now: datetime | None,
    limit: int,
    exclude: Collection[int] = (),
) -> list[Entry]:
    """Return entries whose not_before has passed (`now=None`: any), newest not_before first.

    Among equals the first announced comes first: a feed lists its newest item first. `exclude`:
    ids that are in flight.
    """
    due = (e for e in _due(conn, source_id, host, now) if e.id not in exclude)
    return list(islice(due, limit))


def _due(
    conn: sqlite3.Connection, source_id: str, host: str, now: datetime | None
) -> Iterator[Entry]:
    values = {"source": source_id, "host": host, "now": to_text(now) or _END_OF_TIME}
    return map(entry_from_row, conn.execute(_HAND_OUT, values))


def hand_out(
    conn: sqlite3.Connection,
    rooms: Sequence[tuple[str, str, int]],
    *,
    now: datetime,
    exclude: Collection[int] = (),
    urls_out: Collection[str] = (),
) -> tuple[list[Entry], list[Entry]]:
    """Give what is due of several (source_id, host, how many at most), as `owed` does of one, each
    under the attempt that it is handed out under; apart from them those before it whose address is
    in `urls_out`, which are not handed out now, and fill no room."""
    taken: list[Entry] = []
    behind: list[Entry] = []
    for source_id, host, limit in rooms:
        room = limit
        for entry in _due(conn, source_id, host, now):
            if room <= 0:
                break
            if entry.url in urls_out:
                behind.append(entry)
            elif entry.id not in exclude:
                taken.append(entry)
                room -= 1
    raised = raise_entries(conn, [entry.id for entry in taken if entry.id is not None])
    return [replace(e, attempt=raised[e.id]) for e in taken if e.id in raised], behind


def next_not_before(conn: sqlite3.Connection, source_ids: Sequence[str]) -> datetime | None:
    """Return the earliest not_before of all that is owed; None when nothing is."""
    times = [
        conn.execute(_EARLIEST, {"source": source_id, "host": host}).fetchone()[0]
        for source_id, host in owed_hosts(conn, source_ids)
    ]
    return from_text(min(times)) if times else None


def owed_count(conn: sqlite3.Connection, source_ids: Iterable[str] | None = None) -> int:
    """Count what is owed, by these sources or (None) by all, removed ones included."""
    if source_ids is None:
        return int(conn.execute("SELECT count(*) FROM entries WHERE state = 'owed'").fetchone()[0])
    return sum(
        conn.execute(f"SELECT count(*) FROM {_OWED}", {"source": source_id}).fetchone()[0]  # noqa: S608
        for source_id in source_ids
    )


def left_of(conn: sqlite3.Connection, source_ids: Sequence[str]) -> tuple[int, datetime | None]:
    """Return how much these sources owe, and from when on any of it is due."""
    return owed_count(conn, source_ids), next_not_before(conn, source_ids)


def close_entry(
    conn: sqlite3.Connection, entry_id: int, state: EntryState, reason: str, *, now: datetime
) -> None:
    """Close an owed entry; one that is closed already stays as it is.

    An entry whose article is in the archive was only looked at again: it is archived whatever the
    second look brought, except that a page which is gone marks its article withdrawn.
    """
    article_id = known_article(conn, entry_id)
    if article_id is not None and state is EntryState.GONE:
        withdraw(conn, article_id, now=now)
    elif article_id is not None and state in (
        EntryState.REJECTED,
        EntryState.FORBIDDEN,
        EntryState.FAILED,
    ):
        state, reason = EntryState.ARCHIVED, f"second look: {state}: {reason}"
    conn.execute(_CLOSE, (state.value, reason, to_text(now), entry_id))


@at_now
def ask_copies_again(conn: sqlite3.Connection, article_id: int, *, now: datetime) -> None:
    """Owe the pages that were taken for an article by a text of which it has nothing any more."""
    conn.execute(
        "DELETE FROM article_urls WHERE article_id = :id AND url IN"
        " (SELECT url FROM entries WHERE article_id = :id AND state = 'copy')",
        {"id": article_id},
    )
    conn.execute(
        f"UPDATE entries SET {_REOPEN}, article_id = NULL"  # noqa: S608
        " WHERE article_id = :id AND state = 'copy'",
        {"id": article_id, "now": to_text(now)},
    )


def postpone(
    conn: sqlite3.Connection,
    entry_id: int,
    reason: str,
    *,
    now: datetime,
    retry: Sequence[timedelta],
    last: EntryState = EntryState.FAILED,
    wait: timedelta | None = None,
    counts: bool = True,
) -> EntryState:
    """Count a failed try and return what the entry is now: OWED, or closed as `last`. One that was
    not made (`counts` False) is put off, however often.

    `retry` has the wait after each failure; when it is used up the entry is closed. `wait` (a
    Retry-After) takes the place of the schedule's wait, but is cut to the longest of `retry`.
    """
    row = conn.execute(
        "SELECT attempts FROM entries WHERE id = ? AND state = 'owed'", (entry_id,)
    ).fetchone()
    if row is None:
        return _state_of(conn, entry_id)
    if counts and row["attempts"] >= len(retry):
        close_entry(conn, entry_id, last, reason, now=now)
        return _state_of(conn, entry_id)
    usual = retry[min(row["attempts"], len(retry) - 1)] if retry else timedelta(0)
    delay = usual if wait is None else min(wait, max(retry, default=wait))
    conn.execute(
        "UPDATE entries SET attempts = attempts + ?, reason = ?, not_before = ? WHERE id = ?",
        (counts, reason, to_text(now + delay), entry_id),
    )
    return EntryState.OWED


@at_now
def retry_entries(
    conn: sqlite3.Connection,
    *,
    now: datetime,
    entry: str | None = None,
    state: str | None = None,
    source_id: str | None = None,
) -> int:
    """Make entries owed and due at once, with all their tries before them; return how many.

    `entry`: an id or a URL, whatever its state. `state`: all of that state. With neither: all that
    have no article (rejected, forbidden, gone, failed) and those that wait for another try. What
    was forgotten stays so.
    """
    conditions = ["url NOT IN (SELECT url FROM tombstones)"]
    values: dict[str, str | None] = {"now": to_text(now)}
    if entry is not None:
        conditions.append("(id = :id OR url = :entry OR (raw_url = :entry AND raw_url <> url))")
        values |= {"entry": entry, "id": entry if entry.isdecimal() else None}
    if state is not None:
        conditions.append("state = :state")
        values["state"] = EntryState(state).value
    elif entry is None:
        conditions.append("state NOT IN ('archived', 'copy')")
    if source_id is not None:
        conditions.append("source_id = :source")
        values["source"] = source_id
    where = " AND ".join(conditions)
    return conn.execute(f"UPDATE entries SET {_REOPEN} WHERE {where}", values).rowcount  # noqa: S608


def articles_of(conn: sqlite3.Connection, pages: Mapping[int, int]) -> dict[int, int]:
    """The articles that name these raw pages as theirs, by page; `pages`: page id to entry id."""
    rows = conn.execute(_NAMED, (json.dumps(list(pages.values())),)).fetchall()
    return {row["page_id"]: row["id"] for row in rows if row["page_id"] in pages}


def make_due(conn: sqlite3.Connection, source_id: str, *, now: datetime) -> None:
    """Let a source's owed entries be fetched now; the tries they had still count."""
    conn.execute(
        "UPDATE entries SET not_before = :now"
        " WHERE source_id = :source AND state = 'owed' AND not_before > :now",
        {"now": to_text(now), "source": source_id},
    )


@at_now
def file_entry(conn: sqlite3.Connection, entry: Entry, source_id: str, *, now: datetime) -> Entry:
    """Announce one URL without a visit and return it with its id, owed whatever it was before.

    For the page and warc spiders. Raises ArchiveError for a source that was never declared.
    """
    if not conn.execute("SELECT 1 FROM sources WHERE id = ?", (source_id,)).fetchone():
        raise ArchiveError(f"source {source_id!r} is not declared in the archive")
    columns = entry_columns(storable_record(entry))
    conn.execute(_FILE + _REOPEN, columns | {"source": source_id, "now": to_text(now)})
    row = conn.execute(
        "SELECT * FROM entries WHERE source_id = ? AND url = ?", (source_id, columns["url"])
    ).fetchone()
    return entry_from_row(row)


def known_article(conn: sqlite3.Connection, entry_id: int) -> int | None:
    """The article of an owed entry, whose page is only looked at again; None for a new one."""
    row = conn.execute(
        "SELECT article_id FROM entries WHERE id = ? AND state = 'owed'", (entry_id,)
    ).fetchone()
    return None if row is None else row["article_id"]


def _state_of(conn: sqlite3.Connection, entry_id: int) -> EntryState:
    row = conn.execute("SELECT state FROM entries WHERE id = ?", (entry_id,)).fetchone()
    if row is None:
        raise ArchiveError(f"no entry {entry_id} in the archive")
    return EntryState(row["state"])
