"""Counts and single rows for people: what the commands `sources`, `stats` and `show` print."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from statistics import median

from archive.database.runs import CLOCK, CLOCK_WAY
from archive.database.times import from_text, to_text
from archive.images.rows import ImageTotals, image_totals
from archive.model import BY_HAND, EntryState

DOUBTFUL = 0.5  # a confidence below it


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCounts:
    """How much a source has: rows of `articles`, and entries still owed."""

    articles: int
    owed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """One row of `visits`."""

    at: datetime
    status: int | None
    error: str
    found: int
    new: int
    bytes: int
    seconds: float
    pushed: bool
    remark: str  # '' where nothing is odd


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfidenceRow:
    """How sure the texts of a source's articles are that were archived since a time."""

    articles: int
    median: float  # 0-1
    doubtful: int  # of these, surer that they are none than that they are the article's


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """The failed visits of a source since its last good one."""

    visits: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One row of `runs`, without its counters. `ended` is None while it runs, or was killed.

    `clock_s`: by how much the machine's clock was behind (negative: ahead), 0 where it was right,
    or where `clock` alone is known: 'behind' or 'ahead'.
    """

    command: str
    started: datetime
    ended: datetime | None
    reason: str
    clock_s: int = 0
    clock: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """An announced URL and how it stands, or stood as of a moment, without what the feed carried.

    As of a moment `attempts` is 0 and `not_before` None: they are known of today alone.
    """

    id: int
    source_id: str
    url: str
    raw_url: str
    title: str
    announced: datetime
    state: EntryState
    reason: str
    attempts: int
    not_before: datetime | None
    closed: datetime | None
    article_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRow:
    """A story that has copies. `outlets`: who carried it, the story's own first."""

    id: int
    title: str
    published: datetime
    origin: str
    lead_reason: str  # why this one leads
    copies: int  # rows of `articles`; an outlet may have several
    outlets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The archive in numbers. Each list holds (what, count), the largest or newest first."""

    articles: int
    stories: int
    copies: int  # near copies of stories, rows of their own
    revisions: int
    by_source: tuple[tuple[str, int], ...]
    by_language: tuple[tuple[str, int], ...]
    by_day: tuple[tuple[str, int], ...]  # UTC days of publication, newest first
    by_state: tuple[tuple[EntryState, str, int], ...]  # state, reason without its detail, count
    images: ImageTotals


def confidence_since(
    conn: sqlite3.Connection, source_id: str, since: datetime
) -> ConfidenceRow | None:
    """How sure the source's articles are that were archived since then; None without any."""
    values = conn.execute(
        "SELECT confidence FROM articles WHERE source_id = ? AND fetched >= ?",
        (source_id, to_text(since)),
    )
    found = [float(row[0]) for row in values]
    if not found:
        return None
    doubtful = sum(value < DOUBTFUL for value in found)
    return ConfidenceRow(articles=len(found), median=round(median(found), 3), doubtful=doubtful)


def source_counts(conn: sqlite3.Connection) -> dict[str, SourceCounts]:
    """Count articles and owed entries of every source that has a row."""
    articles = dict(_pairs(conn, "SELECT source_id, count(*) FROM articles GROUP BY source_id"))
    owed = dict(
        _pairs(
            conn,
            "SELECT source_id, count(*) FROM entries WHERE state = 'owed' GROUP BY source_id",
        )
    )
    ids = [row[0] for row in conn.execute("SELECT id FROM sources")]
    return {i: SourceCounts(articles=articles.get(i, 0), owed=owed.get(i, 0)) for i in ids}


def articles_since(conn: sqlite3.Connection, moment: datetime) -> dict[str, int]:
    """Count the articles of each source that were first fetched at `moment` or later."""
    rows = conn.execute(
        # else SQLite walks the whole table in the order of the groups
        "SELECT source_id, count(*) FROM articles INDEXED BY articles_fetched"
        " WHERE fetched >= ? GROUP BY source_id",
        (to_text(moment),),
    )
    return dict(map(tuple, rows))


def failing_streaks(conn: sqlite3.Connection) -> dict[str, Streak]:
    """Give what failed since the last good visit, for each source that fails or is gone."""
    rows = conn.execute(
        "SELECT s.id, count(*), min(v.at) FROM sources AS s JOIN visits AS v"
        " ON v.source_id = s.id AND v.at > coalesce(s.last_success, '') AND NOT v.pushed"
        " WHERE s.failures > 0 GROUP BY s.id"
    )
    return {i: Streak(visits=count, since=from_text(at)) for i, count, at in rows}


def entry_states(conn: sqlite3.Connection) -> dict[EntryState, int]:
    """Count the entries in each state; a state without any is 0."""
    counts = dict(_pairs(conn, "SELECT state, count(*) FROM entries GROUP BY state"))
    return {state: counts.get(state, 0) for state in EntryState}


def held_count(conn: sqlite3.Connection) -> int:
    """How much a guess keeps back; without what a person refused."""
    refused = f"{BY_HAND}%"
    return int(
        conn.execute("SELECT count(*) FROM holds WHERE reason NOT LIKE ?", (refused,)).fetchone()[0]
    )


def last_run(conn: sqlite3.Connection) -> RunRow | None:
    """Give the run that began last; None before the first."""
    row = conn.execute("SELECT * FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    if row is None:
        return None
    counters = json.loads(row["counters"])
    return RunRow(
        command=row["command"],
        started=from_text(row["started"]),
        ended=from_text(row["ended"]),
        reason=row["reason"] or "",
        clock_s=int(counters.get(CLOCK) or 0),
        clock=counters.get(CLOCK_WAY) or "",
    )


def last_visits(conn: sqlite3.Connection, source_id: str, *, limit: int) -> list[VisitRow]:
    """Give the newest visits of a source, newest first."""
    rows = conn.execute(
        "SELECT at, status, error, found, new, bytes, seconds, pushed, remark FROM visits"
        " WHERE source_id = ? ORDER BY id DESC LIMIT ?",
        (source_id, limit),
    )
    return [
        VisitRow(
            at=from_text(row["at"]),
            status=row["status"],
            error=row["error"] or "",
            found=row["found"],
            new=row["new"],
            bytes=row["bytes"],
            seconds=row["seconds"],
            pushed=bool(row["pushed"]),
            remark=row["remark"] or "",
        )
        for row in rows
    ]


def remarks(conn: sqlite3.Connection) -> dict[str, str]:
    """Give what was odd about the visit of each source that last read anything: a 304 after it
    says that nothing has changed. A source of which nothing was odd is not in it."""
    rows = conn.execute(
        "SELECT s.id, v.remark FROM sources AS s JOIN visits AS v ON v.id ="
        " (SELECT id FROM visits WHERE source_id = s.id AND NOT pushed AND status IS NOT 304"
        "  ORDER BY at DESC, id DESC LIMIT 1) WHERE v.remark IS NOT NULL"
    )
    return dict(map(tuple, rows))


def find_entries(conn: sqlite3.Connection, addresses: tuple[str, ...]) -> list[EntryRow]:
    """Give the entries of which one of `addresses` is the canonical or the announced URL."""
    marks = ", ".join("?" * len(addresses))
    rows = conn.execute(
        f"SELECT * FROM entries WHERE url IN ({marks})"  # noqa: S608 (question marks only)
        f" OR (raw_url IN ({marks}) AND raw_url <> url) ORDER BY id",
        (*addresses, *addresses),
    )
    return [_entry_row(row) for row in rows]


def stories_with_copies(conn: sqlite3.Connection, *, limit: int) -> list[ClusterRow]:
    """Give the newest stories that other articles are copies of."""
    stories = conn.execute(
        "SELECT id, title, published, origin, lead_reason, source_name FROM articles"
        " WHERE id IN (SELECT copy_of FROM articles WHERE copy_of IS NOT NULL)"
        " ORDER BY published DESC, id DESC LIMIT ?",
        (limit,),
    ).fetchall()
    return [_cluster(conn, story) for story in stories]


def overview(conn: sqlite3.Connection, *, days: int = 14) -> Overview:
    """Count the archive; `days` is how many days of publication are listed."""
    articles = _count(conn, "SELECT count(*) FROM articles")
    copies = _count(conn, "SELECT count(*) FROM articles WHERE copy_of IS NOT NULL")
    held = _count(conn, "SELECT count(*) FROM articles WHERE held IS NOT NULL AND copy_of IS NULL")
    return Overview(
        articles=articles,
        stories=articles - copies - held,  # to count the view's rows each of them would be read
        copies=copies,
        revisions=articles + _count(conn, "SELECT count(*) FROM superseded"),
        by_source=_pairs(
            conn, "SELECT source_id, count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC, 1"
        ),
        by_language=_pairs(
            conn, "SELECT language, count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC, 1"
        ),
        by_day=tuple(islice(_by_day(conn), days)),
        by_state=_states(conn),
        images=image_totals(conn),
    )


def _by_day(conn: sqlite3.Connection) -> Iterator[tuple[str, int]]:
    """Count one day after the other from the newest: nothing is read of the days before."""
    before = chr(0x10FFFF)  # of all characters the last: behind all times
    while row := conn.execute(
        "SELECT published FROM articles WHERE published < ? ORDER BY published DESC LIMIT 1",
        (before,),
    ).fetchone():
        day = row["published"][:10]
        number = conn.execute(
            "SELECT count(*) FROM articles WHERE published >= ? AND published < ?", (day, before)
        ).fetchone()[0]
        yield day, number
        before = day


def _cluster(conn: sqlite3.Connection, story: sqlite3.Row) -> ClusterRow:
    copies = conn.execute(
        "SELECT source_name FROM articles WHERE copy_of = ? ORDER BY id", (story["id"],)
    ).fetchall()
    names = (story["source_name"], *(row[0] for row in copies))
    return ClusterRow(
        id=story["id"],
        title=story["title"],
        published=from_text(story["published"]),
        origin=story["origin"],
        lead_reason=story["lead_reason"],
        copies=len(copies),
        outlets=tuple(dict.fromkeys(names)),
    )


def _states(conn: sqlite3.Connection) -> tuple[tuple[EntryState, str, int], ...]:
    """Count entries per state and reason; a reason's detail stands after its first colon."""
    rows = conn.execute(
        "SELECT state, substr(coalesce(reason, ''), 1,"
        "   instr(coalesce(reason, '') || ':', ':') - 1) AS cause, sum(number)"
        " FROM (SELECT state, reason, count(*) AS number FROM entries GROUP BY state, reason)"
        " GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"
    )
    return tuple((EntryState(state), cause, count) for state, cause, count in rows)


def _pairs(conn: sqlite3.Connection, query: str) -> tuple[tuple[str, int], ...]:
    return tuple((what or "", count) for what, count in conn.execute(query))


def _count(conn: sqlite3.Connection, query: str) -> int:
    return int(conn.execute(query).fetchone()[0])


def _entry_row(row: sqlite3.Row) -> EntryRow:
    return EntryRow(
        id=row["id"],
        source_id=row["source_id"],
        url=row["url"],
        raw_url=row["raw_url"],
        title=row["title"],
        announced=from_text(row["announced"]),
        state=EntryState(row["state"]),
        reason=row["reason"] or "",
        attempts=row["attempts"] or 0,
        not_before=from_text(row["not_before"]),
        closed=from_text(row["closed"]),
        article_id=row["article_id"],
    )
