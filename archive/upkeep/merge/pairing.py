"""Which articles of two archives are one: by their addresses, else by the very same text.

Decided for all of them before the first is merged, and alike from both sides, so that it doesn't
matter which archive is brought into which, nor in what order its articles come.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from archive.articles.evidence import MIN_CHARS, WITHIN
from archive.articles.revisions import likeness_form
from archive.database.connect import transaction
from archive.database.times import from_text
from archive.files.orders import want_file
from archive.upkeep.merge.records import Record, has_all, read_record
from archive.upkeep.merge.takedown import is_taken_down

BATCH = 100  # articles looked at in one transaction

_LIST = """
CREATE TEMP TABLE to_merge (theirs INTEGER NOT NULL, ours INTEGER, UNIQUE (theirs, ours))
"""
_LIST_BY_OURS = "CREATE INDEX temp.to_merge_ours ON to_merge(ours)"
_ADD = "INSERT OR IGNORE INTO to_merge(theirs, ours) VALUES (?, ?)"
# a second row of an article is no article of its own
_IDS = "SELECT id FROM articles WHERE id > ? AND url NOT LIKE '%#joined=%' ORDER BY id LIMIT ?"
_AT = """
SELECT DISTINCT article_id FROM article_urls WHERE url IN (SELECT value FROM json_each(?))
"""
_SAME_TEXT = """
SELECT id FROM articles WHERE text_hash = ? AND held IS NULL
  AND source_id IN (SELECT id FROM sources WHERE name = ?)
"""
# What was seen later says whether the article is still on the site.
_TOUCH = """
UPDATE articles SET checked = :checked, withdrawn = :withdrawn
WHERE id = :id AND checked < :checked
RETURNING withdrawn
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """Articles of both archives that are one."""

    theirs: tuple[int, ...]
    ours: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The two archives: connections to ours, which is written, and to theirs."""

    ours: sqlite3.Connection
    theirs: sqlite3.Connection


def list_work(pair: Pair, taken_down: frozenset[str]) -> int:
    """List, in a temporary table, what has something to add to ours; give its number.

    Articles with an address in `taken_down` are left out.
    """
    pair.ours.execute("DROP TABLE IF EXISTS temp.to_merge")
    pair.ours.execute(_LIST)
    pair.ours.execute(_LIST_BY_OURS)
    last = -1
    while ids := [row[0] for row in pair.theirs.execute(_IDS, (last, BATCH))]:
        with transaction(pair.ours):
            for article_id in ids:
                _list_one(pair, article_id, taken_down)
        last = ids[-1]
    found = pair.ours.execute("SELECT count(DISTINCT theirs) FROM to_merge").fetchone()
    return int(found[0])


def components(pair: Pair) -> Iterator[Component]:
    """Take what is to be merged from the list, all that is one article together."""
    ours = pair.ours
    while (first := ours.execute("SELECT min(theirs) FROM to_merge").fetchone()[0]) is not None:
        theirs, known = {int(first)}, set[int]()
        size = 0
        while size != len(theirs) + len(known):
            size = len(theirs) + len(known)
            known |= _column(ours, "ours", "theirs", theirs)
            theirs |= _column(ours, "theirs", "ours", known)
        ours.execute(
            "DELETE FROM to_merge WHERE theirs IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(theirs)),),
        )
        yield Component(theirs=tuple(sorted(theirs)), ours=tuple(sorted(known)))


def _column(conn: sqlite3.Connection, wanted: str, by: str, ids: Collection[int]) -> set[int]:
    rows = conn.execute(
        f"SELECT {wanted} FROM to_merge WHERE {wanted} IS NOT NULL"  # noqa: S608
        f" AND {by} IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(ids)),),
    )
    return {int(row[0]) for row in rows}


def _list_one(pair: Pair, article_id: int, taken_down: frozenset[str]) -> None:
    if is_taken_down(pair.theirs, article_id, taken_down):
        return
    record = read_record(pair.theirs, article_id, ours=False)
    known = _by_address(pair.ours, record, beside=pair.theirs)
    if _adds_nothing(pair.ours, record, known):
        return
    found: list[int | None] = [*(known or _by_text(pair, record))] or [None]
    pair.ours.executemany(_ADD, [(article_id, number) for number in found])


def _adds_nothing(ours: sqlite3.Connection, record: Record, known: Collection[int]) -> bool:
    """Tell whether one of ours has all of it already; note a later look at it."""
    if len(known) != 1 or not knows_addresses(ours, record):
        return False
    (article_id,) = known
    if not has_all(read_record(ours, article_id, ours=True), record):
        return False
    row = record.row
    values = {"checked": row["checked"], "withdrawn": row["withdrawn"], "id": article_id}
    if ours.execute(_TOUCH, values).fetchone() is not None:
        want_file(ours, article_id)  # it says when it was withdrawn
    return True


def knows_addresses(ours: sqlite3.Connection, record: Record) -> bool:
    """Tell whether every address of an article leads somewhere in ours."""
    found = ours.execute(
        "SELECT count(*) FROM article_urls WHERE url IN (SELECT value FROM json_each(?))",
        (json.dumps(record.addresses),),
    ).fetchone()
    return int(found[0]) == len(record.addresses)


def _by_address(
    conn: sqlite3.Connection, record: Record, *, beside: sqlite3.Connection
) -> list[int]:
    """Give the articles of `conn` that share an address with one of the archive `beside`.

    The same address of its own is enough, and so is a version that came from the other archive.
    An address that only led there isn't: `/today` led to one article there and to another one
    here; so a title or a text must agree. What an earlier merge brought whole was compared then:
    what it led to may have got its title or text since, from one that was kept apart from it.
    """
    rows = conn.execute(_AT, (json.dumps(record.addresses),)).fetchall()
    # `ours` matters to no comparison
    found = [read_record(conn, row["article_id"], ours=True) for row in rows]
    brought = [other.id for other in found if other.url == record.url and has_all(other, record)]
    return brought or [other.id for other in found if _is_same(record, other, beside)]


def _is_same(record: Record, other: Record, beside: sqlite3.Connection) -> bool:
    if other.url == record.url or record.shares_version(other):
        return True
    return record.agrees(_without_versions_of(beside, other))


def _without_versions_of(conn: sqlite3.Connection, record: Record) -> Record:
    """Leave what an earlier merge brought from `conn`: two that were held apart then, still are."""
    rows = conn.execute(_AT, (json.dumps(record.addresses),)).fetchall()
    brought = {
        version.content
        for row in rows
        for version in read_record(conn, row["article_id"], ours=False).versions
    }
    own = tuple(version for version in record.versions if version.content not in brought)
    return replace(record, versions=own)


def _by_text(pair: Pair, record: Record) -> list[int]:
    """Give ours with the same title and text from the same days at the same outlet.

    None that has a counterpart by address: theirs keep the two apart, and so must ours.
    """
    row = record.row
    if len(row["text"]) < MIN_CHARS:
        return []
    found = []
    for (article_id,) in pair.ours.execute(_SAME_TEXT, (row["text_hash"], record.outlet)):
        known = read_record(pair.ours, article_id, ours=True)
        same_title = likeness_form(known.row["title"]) == likeness_form(row["title"])
        if same_title and _is_near(known.row, row) and not _has_counterpart(pair, known):
            found.append(known.id)
    return found


def _has_counterpart(pair: Pair, known: Record) -> bool:
    return bool(_by_address(pair.theirs, known, beside=pair.ours))


def _is_near(one: sqlite3.Row, other: sqlite3.Row) -> bool:
    return any(
        abs(from_text(str(one[name])) - from_text(str(other[name]))) <= WITHIN
        for name in ("published", "fetched")
    )
