"""What was taken down in one archive may not come back by way of the other."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from archive.database.connect import transaction
from archive.upkeep.forgetting import Forgotten, find_target, forget

_ARTICLE_AT = "SELECT article_id FROM article_urls WHERE url = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Takedown:
    """All addresses that are taken down in either, and our articles that are so by theirs."""

    urls: frozenset[str]
    ours: tuple[Forgotten, ...]


def plan_takedown(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> Takedown:
    """Follow the tombstones of both: an article goes with all its addresses, in both archives."""
    urls = {row[0] for conn in (ours, theirs) for row in conn.execute("SELECT url FROM tombstones")}
    waiting, doomed = list(urls), dict[int, Forgotten]()
    while waiting:
        url = waiting.pop()
        for conn in (ours, theirs):
            found = _article_at(conn, url)
            if found is None or found.article_id is None:
                continue
            if conn is ours:
                doomed[found.article_id] = found
            waiting += set(found.addresses) - urls
            urls.update(found.addresses)
    return Takedown(urls=frozenset(urls), ours=tuple(doomed.values()))


def take_down_too(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, plan: Takedown, *, now: datetime
) -> None:
    """Copy their tombstones, and forget what they forbid; nothing where nothing is new."""
    known = {row[0] for row in ours.execute("SELECT url FROM tombstones")}
    reasons = theirs.execute("SELECT url, reason, at FROM tombstones").fetchall()
    new = plan.urls - known
    if not new and not plan.ours:
        return
    rest = Forgotten(article_id=None, title="", addresses=tuple(sorted(new)))
    for found in (*plan.ours, rest):
        forget(ours, found, reason=_reason(found.addresses, reasons), now=now)
    with transaction(ours):
        ours.executemany(
            "UPDATE tombstones SET reason = ?, at = ? WHERE url = ?",
            [(row["reason"], row["at"], row["url"]) for row in reasons if row["url"] in new],
        )


def is_taken_down(conn: sqlite3.Connection, article_id: int, urls: frozenset[str]) -> bool:
    """Tell whether any address of an article, of its page or of its entries is among `urls`."""
    return bool(urls) and not urls.isdisjoint(find_target(conn, str(article_id), ()).addresses)


def _article_at(conn: sqlite3.Connection, url: str) -> Forgotten | None:
    row = conn.execute(_ARTICLE_AT, (url,)).fetchone()
    return None if row is None else find_target(conn, str(row["article_id"]), ())


def _reason(addresses: Iterable[str], rows: Iterable[sqlite3.Row]) -> str:
    told = {row["url"]: str(row["reason"]) for row in rows}
    return next((told[url] for url in addresses if url in told), "")
