"""What is known of sources: how each fares, when it publishes, what became of what it announced.

As of a moment these are what was known then; a source's state, its visits and settings are not
kept, so that its latest change of health until then stands for it.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archive.asof.moment import is_in_past
from archive.database.json_cells import object_in
from archive.model import SourceStatus
from archive.sources.health import BY_CONFIG, NEEDING, WELL, needs_somebody
from archive.text.strings import without_commands

_NOW = "now"

_SOURCES = """
SELECT id, name, kind, url, category, section, language, enabled, status, status_reason, moved_to,
  next_due, interval_s, failures, last_success, last_new, trust, listing FROM sources
"""
_HEALTH_THEN = """
SELECT source_id, status, reason, max(id) FROM health_changes WHERE at <= :until GROUP BY source_id
"""
_HEALTH = """
SELECT at, was, status, reason FROM health_changes WHERE source_id = :source AND at <= :until
ORDER BY id DESC LIMIT :limit
"""
_VISITS = """
SELECT at, status AS http_status, error, found, new, pushed, remark FROM visits
WHERE source_id = :source AND at <= :until ORDER BY at DESC, id DESC LIMIT :limit
"""
_HOURS = """
SELECT substr(published, 1, 13) AS hour, count(*) AS number FROM articles
WHERE source_id = :source AND published >= :since AND published <= :until GROUP BY 1
"""
_ALL = """
SELECT source_id, count(*) AS number FROM articles
WHERE published >= :since AND published < :until GROUP BY 1
"""
_NUMBER = "SELECT count(*) FROM articles WHERE source_id = :source"
_OPEN = """
SELECT source_id, sum(state = 'owed') AS owed, sum(state = 'held') AS held FROM entries
WHERE state IN ('owed', 'held') GROUP BY 1
"""
# As of a moment: the view of entries would be read whole
_OPEN_THEN = """
SELECT source_id, count(*) AS owed, 0 AS held FROM (
  SELECT e.id, e.source_id, e.announced FROM main.sources AS s CROSS JOIN main.entries AS e
  ON e.source_id = s.id WHERE e.closed > :until
  UNION ALL SELECT id, source_id, announced FROM main.entries WHERE state IN ('owed', 'held'))
WHERE announced <= :until AND id NOT IN (SELECT id FROM temp.closed_later) GROUP BY 1
"""
_NEWEST = """
SELECT id, published FROM articles WHERE source_id = :source AND published <= :until
ORDER BY published DESC, id DESC LIMIT :limit
"""
_REFUSED = """
SELECT state, substr(coalesce(reason, ''), 1, instr(coalesce(reason, '') || ':', ':') - 1) AS cause,
  count(*) AS number, max(closed) AS latest FROM entries
WHERE source_id = :source AND closed >= :since
  AND state IN ('rejected', 'forbidden', 'failed', 'gone')
GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT :limit
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """A source and how it fares. `status` is '' as of a moment of which nothing is kept."""

    id: str
    name: str
    kind: str
    url: str
    category: str
    language: str
    enabled: bool
    status: str
    reason: str
    moved_to: str
    next_due: str | None
    interval_s: int | None
    last_success: str | None
    last_new: str | None
    trust: int
    windowless: str  # why nobody can see its gaps, '' where one can

    failures: float  # weighed, in a row

    @property
    def is_polled(self) -> bool:
        return self.enabled and self.status not in BY_CONFIG

    @property
    def is_well(self) -> bool:
        """Whether nothing is odd: one that is not may still need nobody (yet)."""
        return self.status in ("", *WELL, *BY_CONFIG)

    def needs_somebody(self, failing_after: float) -> bool:
        return needs_somebody(self.status, self.failures, failing_after=failing_after)


def in_trouble(sources: Iterable[SourceFacts], failing_after: float) -> list[SourceFacts]:
    """Give those of them that are polled and need somebody, the gravest first."""
    return sorted(
        (each for each in sources if each.is_polled and each.needs_somebody(failing_after)),
        key=lambda each: (NEEDING.index(SourceStatus(each.status)), each.id),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthStep:
    """A change of a source's health."""

    at: str
    was: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFacts:
    """A visit. `outcome`: `new` something, `none`, `fail`."""

    at: str
    outcome: str
    answer: str  # what was answered, or why nothing was
    new: int
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalCount:
    """What became no article, for one cause. Its detail, after a colon, is left out."""

    state: str
    cause: str
    number: int
    latest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEntries:
    """What is still to be fetched of a source, and what a guess keeps back."""

    owed: int = 0
    held: int = 0


def all_sources(conn: sqlite3.Connection, until: str) -> list[SourceFacts]:
    """Give every source that has a row, by id; `until`: the page's moment, as it is stored."""
    then = _health_then(conn, until)
    return [_facts(row, then) for row in conn.execute(f"{_SOURCES} ORDER BY id")]


def one_source(conn: sqlite3.Connection, source_id: str, until: str) -> SourceFacts | None:
    row = conn.execute(f"{_SOURCES} WHERE id = ?", (source_id,)).fetchone()
    return None if row is None else _facts(row, _health_then(conn, until))


def health_steps(
    conn: sqlite3.Connection, source_id: str, until: str, *, limit: int
) -> list[HealthStep]:
    """Give the changes of a source's health, the latest first; a gap that was told is none."""
    values = {"source": source_id, "until": until, "limit": 4 * limit}
    rows = [row for row in conn.execute(_HEALTH, values) if row["was"] != row["status"]]
    return [
        HealthStep(
            at=row["at"],
            was=row["was"],
            status=row["status"],
            reason=without_commands(row["reason"] or ""),
        )
        for row in rows[:limit]
    ]


def latest_visits(
    conn: sqlite3.Connection, source_id: str, until: str, *, limit: int
) -> list[VisitFacts]:
    """Give the visits of a source that are kept, the oldest first."""
    values = {"source": source_id, "until": until, "limit": limit}
    rows = conn.execute(_VISITS, values).fetchall()
    return [_visit(row) for row in reversed(rows)]


def articles_by_hour(
    conn: sqlite3.Connection, source_id: str, since: str, until: str
) -> dict[str, int]:
    """Count a source's articles by the UTC hour of publication, `2021-12-09T14`."""
    values = {"source": source_id, "since": since, "until": until}
    return {row["hour"]: row["number"] for row in conn.execute(_HOURS, values)}


def all_in(conn: sqlite3.Connection, since: str, until: str) -> dict[str, int]:
    """Count every source's articles that were published from then on, and before then."""
    values = {"since": since, "until": until}
    return {row["source_id"]: row["number"] for row in conn.execute(_ALL, values)}


def number_of_articles(conn: sqlite3.Connection, source_id: str) -> int:
    return int(conn.execute(_NUMBER, {"source": source_id}).fetchone()[0])


def open_entries(conn: sqlite3.Connection, until: str) -> dict[str, OpenEntries]:
    """Count what is owed and held of every source that has any; in the past all was owed."""
    rows = conn.execute(_OPEN_THEN, {"until": until}) if is_in_past(conn) else conn.execute(_OPEN)
    return {row["source_id"]: OpenEntries(owed=row["owed"], held=row["held"]) for row in rows}


def newest_of_source(
    conn: sqlite3.Connection, source_id: str, until: str, *, limit: int
) -> list[int]:
    """Give the ids of a source's articles, the newest first, copies and held ones included."""
    values = {"source": source_id, "until": until, "limit": limit}
    return [row["id"] for row in conn.execute(_NEWEST, values)]


def refusals(
    conn: sqlite3.Connection, source_id: str, since: str, *, limit: int
) -> list[RefusalCount]:
    """Count by state and cause what of a source was closed without an article since then."""
    values = {"source": source_id, "since": since, "limit": limit}
    return [
        RefusalCount(
            state=row["state"],
            cause=without_commands(row["cause"]),
            number=row["number"],
            latest=row["latest"],
        )
        for row in conn.execute(_REFUSED, values)
    ]


def _health_then(conn: sqlite3.Connection, until: str) -> Mapping[str, sqlite3.Row] | None:
    """Give the latest change of health of each source until then, None where it is the present."""
    if not is_in_past(conn):
        return None
    return {row["source_id"]: row for row in conn.execute(_HEALTH_THEN, {"until": until})}


def _facts(row: sqlite3.Row, then: Mapping[str, sqlite3.Row] | None) -> SourceFacts:
    present = then is None
    change = None if then is None else then.get(row["id"])
    status, reason = (row["status"], row["status_reason"]) if present else ("", "")
    if change is not None:
        status, reason = change["status"], change["reason"]
    listing = object_in(row["listing"])
    return SourceFacts(
        id=row["id"],
        name=without_commands(row["name"]),
        kind=row["kind"],
        url=without_commands(row["url"]),
        category=without_commands(row["category"]),
        language=row["language"],
        enabled=bool(row["enabled"]),
        status=status,
        reason=without_commands(reason or ""),
        moved_to=without_commands(row["moved_to"] or "") if present else "",
        next_due=row["next_due"] if present else None,
        interval_s=row["interval_s"] if present else None,
        last_success=row["last_success"] if present else None,
        last_new=row["last_new"] if present else None,
        trust=row["trust"],
        failures=row["failures"] if present else math.inf,  # what was noted then may be all
        windowless=without_commands(str(listing.get("windowless") or "")) if present else "",
    )


def _visit(row: sqlite3.Row) -> VisitFacts:
    status = row["http_status"] or 0
    failed = bool(row["error"]) or status >= 400
    answer = row["error"] or (f"HTTP {status}" if status else "no answer")
    return VisitFacts(
        at=row["at"],
        outcome="fail" if failed else "new" if row["new"] else "none",
        answer=without_commands(answer),
        new=row["new"],
        remark=without_commands(row["remark"] or ""),
    )
