"""What was announced and what became of it, by source and day; and what may be missing."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from archive.database.times import to_text
from archive.sources.absences import Absence, absences_since
from archive.sources.coverage_days import SUMMED
from archive.sources.gaps import Gap, gap_of
from archive.sources.window import Window

_SOME_ENTRIES = """
(SELECT source_id, announced, published, state FROM entries WHERE announced >= :since {only})
"""
_SOME_GAPS = """
(SELECT * FROM gaps WHERE (ended IS NULL OR ended >= :since) {only})
"""
_DAYS = SUMMED.format(entries=_SOME_ENTRIES, gaps=_SOME_GAPS) + "ORDER BY day DESC, source_id"
_REFUSED = """
SELECT source_id, substr(announced, 1, 10) AS day, state,
  substr(coalesce(reason, ''), 1, instr(coalesce(reason, '') || ':', ':') - 1) AS cause,
  count(*) AS number
FROM entries WHERE announced >= :since AND state IN ('rejected', 'forbidden', 'failed', 'gone')
  {only} GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 3, 4
"""
_GAPS = """
SELECT * FROM gaps WHERE (ended IS NULL OR ended >= :since) {only}
ORDER BY started DESC, id DESC
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageDay:
    """One source on one UTC day, by the day on which its entries were announced."""

    source_id: str
    day: str
    announced: int
    archived: int  # copies of what is archived included
    rejected: int
    forbidden: int
    failed: int
    gone: int
    owed: int  # still to be fetched, or held back
    late: int | None  # median seconds from the claimed date to the announcement
    gaps: int  # that ended on that day and are open
    refused: tuple[tuple[str, int], ...] = ()  # "rejected: too short" and how many


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Newest first. `windowless`: sources whose gaps nobody can see, and why."""

    days: tuple[CoverageDay, ...]
    gaps: tuple[Gap, ...]
    absences: tuple[Absence, ...]  # times in which nobody could visit any source
    windowless: tuple[tuple[str, str], ...]


def read_coverage(
    conn: sqlite3.Connection, sources: Collection[str] = (), *, since: datetime | None = None
) -> Coverage:
    """Read the coverage of sources (none named: all), from the day of `since` on.

    Gaps and absences count when they ended then or later, or go on.
    """
    marks = ", ".join(f":s{n}" for n in range(len(sources)))
    # that of all sources, too: by source and day an index has what is asked for
    only = f"AND source_id IN ({marks or 'SELECT id FROM sources'})"  # noqa: S608
    moment = (to_text(since) or "")[:10]
    values = {"since": moment} | {f"s{n}": source for n, source in enumerate(sources)}
    refused = _refused(conn, only, values)
    days = conn.execute(_DAYS.format(only=only), values).fetchall()
    gaps = conn.execute(_GAPS.format(only=only), values).fetchall()
    return Coverage(
        days=tuple(
            CoverageDay(**dict(row), refused=refused.get((row["source_id"], row["day"]), ()))
            for row in days
        ),
        gaps=tuple(map(gap_of, gaps)),
        absences=tuple(reversed(absences_since(conn, since))),
        windowless=_windowless(conn, sources),
    )


def _refused(
    conn: sqlite3.Connection, only: str, values: dict[str, str]
) -> dict[tuple[str, str], tuple[tuple[str, int], ...]]:
    """Count by state and reason; a reason's detail stands after its first colon."""
    found: dict[tuple[str, str], tuple[tuple[str, int], ...]] = {}
    for row in conn.execute(_REFUSED.format(only=only), values):
        words = f"{row['state']}: {row['cause']}" if row["cause"] else row["state"]
        key = (row["source_id"], row["day"])
        found[key] = (*found.get(key, ()), (words, row["number"]))
    return found


def _windowless(conn: sqlite3.Connection, sources: Collection[str]) -> tuple[tuple[str, str], ...]:
    rows = conn.execute(
        'SELECT id, listing FROM sources WHERE enabled AND listing LIKE \'%"windowless":"_%\''
        " ORDER BY id"
    )
    known = ((row["id"], Window.parse(row["listing"]).windowless) for row in rows)
    return tuple((id, why) for id, why in known if why and (not sources or id in sources))
