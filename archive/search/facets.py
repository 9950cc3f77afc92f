"""What the hits of a query are: by outlet, section, language, security and hour.

Counted over the newest of them, so that a common word costs no more than a rare one; the number of
all is exact.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass

from archive.search.answer import conditions_of, matching_sql, parameters_of, stories_of
from archive.search.query import Node
from archive.search.query_sql import plan

MOST_COUNTED = 20_000  # hits whose rows are read, 4 µs each
_TOTAL = "WITH shown(id) AS MATERIALIZED ({hits}) SELECT count(*) FROM shown"
# No join: as of a moment `articles` is a view, which a join would make as a whole
_ROWS = """
WITH shown(id) AS MATERIALIZED ({hits})
SELECT source_id, section, language, substr(published, 1, 13) AS hour FROM articles
WHERE id IN (SELECT id FROM shown ORDER BY id DESC LIMIT :most_counted)
"""
_SECURITIES = """
WITH shown(id) AS MATERIALIZED ({hits})
SELECT m.code, i.name, count(*) AS number FROM mentions AS m
LEFT JOIN instruments AS i ON i.code = m.code
WHERE m.article_id IN (SELECT id FROM shown ORDER BY id DESC LIMIT :most_counted)
GROUP BY m.code ORDER BY number DESC, m.code LIMIT :most_securities
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityCount:
    """How many of a query's articles mention a security; `name` is '' where nobody said it."""

    code: str
    name: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """`total` of all hits; all else of the newest `counted`. The largest number first, but
    `hours`: (UTC, `2021-12-09T14`), in their order."""

    total: int
    counted: int
    outlets: tuple[tuple[str, int], ...] = ()
    sections: tuple[tuple[str, int], ...] = ()  # those without one left out
    languages: tuple[tuple[str, int], ...] = ()
    hours: tuple[tuple[str, int], ...] = ()
    securities: tuple[SecurityCount, ...] = ()


def facets_of(
    conn: sqlite3.Connection, query: Node, *, copies: bool = False, most_securities: int = 8
) -> Facets:
    """Count what `find` would give without a limit: stories, or with `copies` every article."""
    words = matching_sql(conn)
    planned = plan(query, words=words)
    conditions = conditions_of(planned, words)
    hits = f"SELECT id FROM articles WHERE {conditions}" if copies else stories_of(conditions)  # noqa: S608 (of ours)
    values = parameters_of(planned) | {
        "most_counted": MOST_COUNTED,
        "most_securities": most_securities,
    }
    total = int(conn.execute(_TOTAL.format(hits=hits), values).fetchone()[0])
    if not total:
        return Facets(total=0, counted=0)
    rows = conn.execute(_ROWS.format(hits=hits), values).fetchall()
    sources, sections, languages, hours = (Counter(column) for column in zip(*rows, strict=True))
    sections.pop("", None)
    outlets: Counter[str] = Counter()  # by the name of today, which `outlet:` asks for
    for source_id, name in conn.execute("SELECT id, name FROM sources"):
        outlets[name] += sources[source_id]
    securities = conn.execute(_SECURITIES.format(hits=hits), values) if _any_mention(conn) else ()
    return Facets(
        total=total,
        counted=len(rows),
        outlets=_largest_first(outlets),
        sections=_largest_first(sections),
        languages=_largest_first(languages),
        hours=tuple(sorted(hours.items())),
        securities=tuple(
            SecurityCount(code=code, name=name or "", articles=number)
            for code, name, number in securities
        ),
    )


def _any_mention(conn: sqlite3.Connection) -> bool:
    return conn.execute("SELECT 1 FROM mentions LIMIT 1").fetchone() is not None


def _largest_first(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    there = [each for each in counts.items() if each[1]]
    return tuple(sorted(there, key=lambda each: (-each[1], each[0])))
