"""What the hits of a query are: by outlet, section, language, security and hour.

Counted over the newest of them, so that a common word costs no more than a rare one; the number of
all is exact.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass

from archive.search.answer import hits_of, is_words_alone, matching_sql, parameters_of
from archive.search.mention_counts import SecurityCount, securities_in
from archive.search.query import Node
from archive.search.query_sql import plan

MOST_COUNTED = 3_000  # hits whose rows are read, 4 µs each
# No join: as of a moment `articles` is a view, which a join would make as a whole.
_ROWS = """
WITH hit(id) AS {kept} ({hits}), {rest}
SELECT (SELECT number FROM counted) AS total, id, source_id, section, language,
  substr(published, 1, 13) AS hour FROM articles
WHERE id IN (SELECT id FROM newest ORDER BY id DESC LIMIT :most)
"""
_ARTICLES = """
counted(number) AS (SELECT count(*) FROM hit), newest(id) AS (SELECT id FROM hit)
"""
# The index counts its hits, and hands over the newest, ten times as fast as they are put into a
# table: only copies are looked up in one (+ keeps SQLite from looking each hit up among them).
_STORIES = """
met(id, story) AS MATERIALIZED (SELECT id, copy_of FROM articles
  WHERE copy_of IS NOT NULL AND +id IN (SELECT id FROM hit)),
by_copy(story) AS MATERIALIZED (SELECT DISTINCT story FROM met),
counted(number) AS (SELECT (SELECT count(*) FROM hit) - (SELECT count(*) FROM met)
  + (SELECT count(*) FROM by_copy WHERE story NOT IN (SELECT id FROM hit))),
newest(id) AS (
  SELECT * FROM (SELECT id FROM hit WHERE id NOT IN (SELECT id FROM met)
                 ORDER BY id DESC LIMIT :most)
  UNION SELECT * FROM (SELECT story FROM by_copy ORDER BY story DESC LIMIT :most))
"""


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
    sql = _ROWS.format(
        kept="NOT MATERIALIZED" if is_words_alone(planned, words) else "MATERIALIZED",
        hits=hits_of(planned, words),
        rest=_ARTICLES if copies else _STORIES,
    )
    rows = conn.execute(sql, parameters_of(planned) | {"most": MOST_COUNTED}).fetchall()
    if not rows:
        return Facets(total=0, counted=0)
    sources = Counter(row["source_id"] for row in rows)
    sections = Counter(row["section"] for row in rows if row["section"])
    outlets: Counter[str] = Counter()  # by the name of today, which `outlet:` asks for
    for source_id, name in conn.execute("SELECT id, name FROM sources"):
        outlets[name] += sources[source_id]
    return Facets(
        total=rows[0]["total"],
        counted=len(rows),
        outlets=_largest_first(outlets),
        sections=_largest_first(sections),
        languages=_largest_first(Counter(row["language"] for row in rows)),
        hours=tuple(sorted(Counter(row["hour"] for row in rows).items())),
        securities=securities_in(conn, [row["id"] for row in rows], limit=most_securities),
    )


def _largest_first(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    there = [each for each in counts.items() if each[1]]
    return tuple(sorted(there, key=lambda each: (-each[1], each[0])))
