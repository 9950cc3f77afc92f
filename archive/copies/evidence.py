"""What the archive knows of who published a story first, and who took it from whom."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.articles.origins import is_same_outlet
from archive.copies.leads import Contender
from archive.database.times import from_text, to_text
from archive.text.hosts import host_of, same_outlet_host

NAMED_WITHIN = timedelta(days=90)
MOST_NAMED = 1000  # more make no outlet better known
MOST_MEMBERS = 50  # of a story, that are read; of more the first

_MEMBERS = """
SELECT a.id, a.url, a.source_id, a.source_name, a.origin, a.markdown, a.published,
  a.published_from, a.published_claimed, a.fetched, s.trust, s.url AS source_url
FROM articles AS a JOIN sources AS s ON s.id = a.source_id
WHERE a.id = :story OR a.copy_of = :story ORDER BY a.id <> :story, a.id LIMIT :most
"""
_NAMED = """
SELECT count(*) FROM (SELECT 1 FROM articles WHERE origin = ? AND origin <> '' AND fetched >= ?
                      LIMIT ?)
"""
# While an article is saved its entry doesn't know it yet.
_ANNOUNCED = """
SELECT source_id, announced FROM (
  SELECT source_id, announced FROM entries WHERE article_id = :id
  UNION SELECT source_id, announced FROM entries WHERE url = :url)
ORDER BY announced LIMIT 1
"""
# The look before the one that announced it. One that left out what it listed, and any at an index
# of sitemaps, which is read in parts, can't tell what was not there.
_NOT_LISTED = """
SELECT at FROM visits WHERE source_id = :source AND at <= :announced
  AND error IS NULL AND status < 400 AND deferred = 0
  AND NOT EXISTS (SELECT 1 FROM documents WHERE source_id = :source)
ORDER BY at DESC LIMIT 1 OFFSET 1
"""
_LINK = re.compile(r"https?://[^\s()<>\[\]\"']+")
_CLOCK = re.compile(r"\d{1,2}[:：时点]\d{2}|\d{1,2}(?:[:.]\d{2})?\s*[ap]\.?m|T\d{2}|\d{9,}")
_NO_CLAIM = ("announced", "url", "")


@dataclass(frozen=True, slots=True)
class _Outlet:
    """One outlet of a story: its name, and the hosts that are its own."""

    name: str
    hosts: frozenset[str]

    def is_at(self, host: str) -> bool:
        return any(same_outlet_host(host, own) for own in self.hosts)

    def is_named(self, host: str, by: str) -> bool:
        """Tell whether a link to `host` names it; where both share a domain, only its very host."""
        return host in self.hosts if self.is_at(by) else self.is_at(host)


def contenders(conn: sqlite3.Connection, story: int, *, now: datetime) -> list[Contender]:
    """Gather what is known of a story and its copies; the story first."""
    rows = conn.execute(_MEMBERS, {"story": story, "most": MOST_MEMBERS}).fetchall()
    outlets = _outlets(rows)
    named = [(row["source_name"], _named_in(row, outlets)) for row in rows]
    since = to_text(now - NAMED_WITHIN)
    lately = {o.name: _named_lately(conn, o.name, rows, since) for o in outlets}
    entries = [_entry_of(conn, row) for row in rows]
    return [
        Contender(
            id=row["id"],
            outlet=row["source_name"],
            trust=row["trust"],
            named_by=frozenset(by for by, names in named if row["source_name"] in names),
            named_lately=lately[row["source_name"]],
            public=_public(conn, row, entry),
            archived=from_text(str(row["fetched"])),
            announced=from_text(_seen(row, entry)),
        )
        for row, entry in zip(rows, entries, strict=True)
    ]


def _outlets(rows: Sequence[sqlite3.Row]) -> list[_Outlet]:
    hosts: dict[str, set[str]] = {}
    for row in rows:
        found = {host_of(row["url"]), host_of(row["source_url"])} - {""}
        hosts.setdefault(row["source_name"], set()).update(found)
    return [_Outlet(name, frozenset(found)) for name, found in hosts.items()]


def _named_in(row: sqlite3.Row, outlets: Sequence[_Outlet]) -> set[str]:
    """Give the other outlets of the story that an article names as its origin, or links to."""
    others = [outlet for outlet in outlets if outlet.name != row["source_name"]]
    own = host_of(row["url"])
    links = {host_of(link) for link in _LINK.findall(f"{row['origin']}\n{row['markdown']}")}
    linked = {o.name for o in others if any(o.is_named(host, own) for host in links - {"", own})}
    return linked.union(_named_as(row["origin"], (outlet.name for outlet in others)))


def _named_as(origin: str, names: Iterable[str]) -> list[str]:
    """Give the names that are meant; one that is so word for word is no other one's part."""
    if not origin:
        return []
    meant = [name for name in names if is_same_outlet(origin, name)]
    return [name for name in meant if name.casefold() == origin.casefold()] or meant


def _named_lately(
    conn: sqlite3.Connection, outlet: str, rows: Sequence[sqlite3.Row], since: str
) -> int:
    spelled = {outlet, *(row["origin"] for row in rows if _named_as(row["origin"], [outlet]))}
    counts = (conn.execute(_NAMED, (name, since, MOST_NAMED)).fetchone()[0] for name in spelled)
    return min(MOST_NAMED, sum(map(int, counts)))


def _entry_of(conn: sqlite3.Connection, row: sqlite3.Row) -> sqlite3.Row | None:
    values = {"id": row["id"], "url": row["url"]}
    entry: sqlite3.Row | None = conn.execute(_ANNOUNCED, values).fetchone()
    return entry


def _seen(row: sqlite3.Row, entry: sqlite3.Row | None) -> str:
    return str(row["fetched"] if entry is None else min(entry["announced"], row["fetched"]))


def _public(conn: sqlite3.Connection, row: sqlite3.Row, entry: sqlite3.Row | None) -> datetime:
    """Give when it was published as far as that can be believed.

    A claim counts with a time of day, and as no earlier than the last look at its source that did
    not list it; without one it was there when it was announced.
    """
    seen = _seen(row, entry)
    if not _has_clock(row):
        return from_text(seen)
    floor = next(iter(_not_listed(conn, entry)), "")
    return from_text(min(seen, max(str(row["published"]), floor)))


def _has_clock(row: sqlite3.Row) -> bool:
    if row["published_from"] in _NO_CLAIM:
        return False
    claimed = row["published_claimed"]
    return bool(_CLOCK.search(claimed)) if claimed else not row["published"].endswith("T00:00:00Z")


def _not_listed(conn: sqlite3.Connection, entry: sqlite3.Row | None) -> Iterator[str]:
    if entry is not None:
        values = {"source": entry["source_id"], "announced": entry["announced"]}
        yield from (str(row[0]) for row in conn.execute(_NOT_LISTED, values))
