"""Counts and single rows for people: what the commands `sources`, `stats` and `show` print."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from archive.model import EntryState
from archive.times import from_text


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


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """An announced URL and how it stands, without what the feed carried."""

    id: int
    source_id: str
    url: str
    raw_url: str
    title: str
    announced: datetime
    state: EntryState
    reason: str
    attempts: int
    not_before: datetime
    closed: datetime | None
    article_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The archive in numbers. Each list holds (what, count), the largest or newest first."""

    articles: int
    stories: int
    revisions: int
    by_source: tuple[tuple[str, int], ...]
    by_language: tuple[tuple[str, int], ...]
    by_day: tuple[tuple[str, int], ...]  # UTC days of publication, newest first
    by_state: tuple[tuple[EntryState, str, int], ...]  # state, reason without its detail, count


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


def last_visits(conn: sqlite3.Connection, source_id: str, *, limit: int) -> list[VisitRow]:
    """Give the newest visits of a source, newest first."""
    rows = conn.execute(
        "SELECT at, status, error, found, new, bytes, seconds FROM visits"
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
        )
        for row in rows
    ]


def find_entries(conn: sqlite3.Connection, addresses: tuple[str, ...]) -> list[EntryRow]:
    """Give the entries of which one of `addresses` is the canonical or the announced URL."""
    marks = ", ".join("?" * len(addresses))
    rows = conn.execute(
        f"SELECT * FROM entries WHERE url IN ({marks}) OR raw_url IN ({marks}) ORDER BY id",  # noqa: S608 (question marks only)
        (*addresses, *addresses),
    )
    return [_entry_row(row) for row in rows]


def overview(conn: sqlite3.Connection, *, days: int = 14) -> Overview:
    """Count the archive; `days` is how many days of publication are listed."""
    return Overview(
        articles=_count(conn, "SELECT count(*) FROM articles"),
        stories=_count(conn, "SELECT count(*) FROM articles WHERE copy_of IS NULL"),
        revisions=_count(conn, "SELECT count(*) FROM revisions"),
        by_source=_pairs(
            conn, "SELECT source_id, count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC, 1"
        ),
        by_language=_pairs(
            conn, "SELECT language, count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC, 1"
        ),
        by_day=_pairs(
            conn,
            "SELECT substr(published, 1, 10), count(*) FROM articles"
            " GROUP BY 1 ORDER BY 1 DESC LIMIT ?",
            days,
        ),
        by_state=_states(conn),
    )


def _states(conn: sqlite3.Connection) -> tuple[tuple[EntryState, str, int], ...]:
    """Count entries per state and reason; a reason's detail stands after its first colon."""
    rows = conn.execute(
        "SELECT state, substr(coalesce(reason, ''), 1,"
        "   instr(coalesce(reason, '') || ':', ':') - 1) AS cause, count(*)"
        " FROM entries GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"
    )
    return tuple((EntryState(state), cause, count) for state, cause, count in rows)


def _pairs(conn: sqlite3.Connection, query: str, *parameters: int) -> tuple[tuple[str, int], ...]:
    return tuple((what or "", count) for what, count in conn.execute(query, parameters))


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
        attempts=row["attempts"],
        not_before=from_text(row["not_before"]),
        closed=from_text(row["closed"]),
        article_id=row["article_id"],
    )
