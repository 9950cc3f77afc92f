"""Archived articles that are looked at again, so that edits and withdrawals are seen.

`articles.next_check` says when, and moves on in the transaction that stores what a look found; a
process that is killed in between looks once more. Ages count from the first fetch.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, zip_longest

from archive.asof.changes import at_now
from archive.database.times import from_text, to_text
from archive.entries.row import entry_from_row
from archive.files.orders import want_file
from archive.held.holds import AGAIN_AFTER
from archive.model import Entry, Validators

PER_SOURCE = 4  # of the looks that are handed out together
_FILED = ("page", "warc")  # kinds of sources that nobody announces anything of

_SOURCES = """
SELECT s.value AS id FROM json_each(:sources) AS s WHERE EXISTS (
  SELECT 1 FROM articles INDEXED BY articles_next_check
  WHERE source_id = s.value AND next_check <= :now) ORDER BY s.key
"""
_DUE = """
SELECT id, source_id, url, page_url, page_etag, page_last_modified
FROM articles INDEXED BY articles_next_check
WHERE source_id = ? AND next_check <= ? ORDER BY next_check LIMIT ?
"""
_ENTRY = """
SELECT * FROM entries WHERE article_id = :id AND state <> 'copy'
ORDER BY source_id = :source DESC, id LIMIT 1
"""
_PLAN = """
UPDATE articles SET page_url = :url, page_etag = :etag, page_last_modified = :last_modified,
  next_check = :next WHERE id = :id
"""
_PLANNED = """
SELECT s.kind, a.fetched, a.published FROM articles AS a JOIN sources AS s ON s.id = a.source_id
WHERE a.id = ?
"""
_DOUBTED = """
SELECT count(*) AS versions, sum(looks) AS looks FROM holds
WHERE article_id = ? AND version IS NOT NULL AND text_hash <> ''
"""
_CHECKED = "UPDATE articles SET checked = max(checked, ?) WHERE id = ?"
_RETURNED = "UPDATE articles SET withdrawn = NULL WHERE id = ? AND withdrawn IS NOT NULL"
_WITHDRAW = "UPDATE articles SET withdrawn = ? WHERE id = ? AND withdrawn IS NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRecheck:
    """An article to look at again. `entry` is what it was made of: the same page, read beside
    the same entry, must give the same article."""

    article_id: int
    source_id: str
    entry: Entry
    page: Validators


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckPlan:
    """What saving an article must know of looks: those to come, and whether this is one."""

    page: Validators | None = None  # what was fetched; None: nothing was that could be asked again
    ages: tuple[timedelta, ...] = ()
    article_id: int | None = None  # this is a look at that article: nothing else may come of it


def next_look(
    fetched: datetime, published: datetime, *, now: datetime, ages: Sequence[timedelta]
) -> datetime | None:
    """Return when the next age after `now` is reached; None after the last.

    Ages that were missed are not made up for. What was older than the last age when it was first
    fetched (a backfill) is looked at once, at the first age: most edits come soon after
    publication, and an archive of 100,000 would else be fetched five times over.
    """
    if not ages:
        return None
    is_old = fetched - published > max(ages)
    coming = (fetched + age for age in sorted(ages)[: 1 if is_old else None])
    return next((moment for moment in coming if moment > now), None)


def plan_look(
    conn: sqlite3.Connection, article_id: int, look: RecheckPlan, *, now: datetime
) -> None:
    """Note the page that an article was just read from, and when to look at it again.

    Without a page (a feed's full text, a WARC record) and for a source that only files single
    pages, nothing is planned and nothing forgotten.
    """
    if look.page is None:
        return
    row = conn.execute(_PLANNED, (article_id,)).fetchone()
    if row["kind"] in _FILED:
        return
    fetched, published = from_text(str(row["fetched"])), from_text(str(row["published"]))
    following = next_look(fetched, published, now=now, ages=look.ages)
    conn.execute(
        _PLAN,
        {
            "url": look.page.url,
            "etag": look.page.etag,
            "last_modified": look.page.last_modified,
            "next": to_text(following),
            "id": article_id,
        },
    )


def due_looks(
    conn: sqlite3.Connection,
    source_ids: Sequence[str],
    *,
    now: datetime,
    limit: int,
    exclude: Collection[int] = (),
) -> list[DueRecheck]:
    """Return articles whose time has come, in rounds over the sources, in the order given.

    `exclude`: ids of articles that are being looked at, or about to be. They count among the
    PER_SOURCE that one source gets, so that a slow one can't hold the places of all others.
    """
    at = to_text(now)
    waiting = conn.execute(_SOURCES, {"sources": json.dumps(list(source_ids)), "now": at})
    shares: list[list[DueRecheck]] = []
    for source in waiting:
        rows = conn.execute(_DUE, (source["id"], at, PER_SOURCE)).fetchall()
        share = [_due_look(conn, row) for row in rows if row["id"] not in exclude]
        shares += [share] if share else []
        if len(shares) >= limit:
            break
    return list(_in_rounds(shares))[:limit]


@at_now
def looked(
    conn: sqlite3.Connection,
    article_id: int,
    *,
    now: datetime,
    ages: Sequence[timedelta],
    still_there: bool | None,
) -> None:
    """Store what a look found where no article was saved, and move on to the next age.

    `still_there`: True for a page that is what it was, False for one that was taken down, None
    where nothing can be said (an error, a page that is no article).
    """
    if still_there:
        note_seen(conn, article_id, now=now)
    elif still_there is False:
        withdraw(conn, article_id, now=now)
    next_age = _next_of(conn, article_id, ages, now)
    following = to_text(next_age or _settling_look(conn, article_id, now))
    conn.execute("UPDATE articles SET next_check = ? WHERE id = ?", (following, article_id))


@at_now
def note_seen(conn: sqlite3.Connection, article_id: int, *, now: datetime) -> None:
    """Store that an article is on its site, as it is here."""
    conn.execute(_CHECKED, (to_text(now), article_id))
    if conn.execute(_RETURNED, (article_id,)).rowcount:
        want_file(conn, article_id)  # it says so


def put_off(
    conn: sqlite3.Connection,
    article_id: int,
    *,
    now: datetime,
    wait: timedelta,
    ages: Sequence[timedelta],
) -> None:
    """Look later, as the host wishes; not any more at twice the last age: some never answer."""
    row = conn.execute("SELECT fetched FROM articles WHERE id = ?", (article_id,)).fetchone()
    if row is None:
        return
    last = from_text(str(row["fetched"])) + 2 * max(ages, default=timedelta())
    later = to_text(now + wait) if now + wait <= last else None
    conn.execute("UPDATE articles SET next_check = ? WHERE id = ?", (later, article_id))


@at_now
def withdraw(conn: sqlite3.Connection, article_id: int, *, now: datetime) -> None:
    """Mark an article that its site has taken down. Row, revisions and file stay."""
    conn.execute(_CHECKED, (to_text(now), article_id))
    if conn.execute(_WITHDRAW, (to_text(now), article_id)).rowcount:
        want_file(conn, article_id)  # it says so


def _next_of(
    conn: sqlite3.Connection, article_id: int, ages: Sequence[timedelta], now: datetime
) -> datetime | None:
    row = conn.execute(
        "SELECT fetched, published FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    if row is None:  # it was undone in the meantime (a placeholder)
        return None
    fetched, published = from_text(str(row["fetched"])), from_text(str(row["published"]))
    return next_look(fetched, published, now=now, ages=ages)


def _settling_look(conn: sqlite3.Connection, article_id: int, now: datetime) -> datetime | None:
    """One look more, where the last one met a version that is held: shown again, it is believed."""
    row = conn.execute(_DOUBTED, (article_id,)).fetchone()
    return now + AGAIN_AFTER if (row["versions"], row["looks"]) == (1, 1) else None


def _due_look(conn: sqlite3.Connection, row: sqlite3.Row) -> DueRecheck:
    page = Validators(
        url=row["page_url"], etag=row["page_etag"], last_modified=row["page_last_modified"]
    )
    values = {"id": row["id"], "source": row["source_id"]}
    found = conn.execute(_ENTRY, values).fetchone()
    bare = Entry(url=row["url"], raw_url=page.url, source_id=row["source_id"])
    entry = bare if found is None else entry_from_row(found)
    return DueRecheck(article_id=row["id"], source_id=row["source_id"], entry=entry, page=page)


def _in_rounds(shares: Sequence[Sequence[DueRecheck]]) -> Iterator[DueRecheck]:
    return (look for look in chain(*zip_longest(*shares)) if look is not None)
