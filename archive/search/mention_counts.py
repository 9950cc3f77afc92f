"""How many articles mention which securities: of some articles, or of a time. Held ones count not.

Read as of a moment, too: `articles` is asked by keys or by time, never joined.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from archive.text.strings import without_commands

_COUNTS = """
SELECT m.code, i.name, count(*) AS number FROM mentions AS m
LEFT JOIN instruments AS i ON i.code = m.code
WHERE m.article_id IN ({articles}) AND m.code <> :without
GROUP BY m.code ORDER BY number DESC, m.code LIMIT :limit
"""
_OF_ARTICLES = _COUNTS.format(articles="SELECT value FROM json_each(:ids)")
_OF_A_TIME = _COUNTS.format(
    articles="SELECT id FROM articles WHERE published >= :since AND published <= :until"
    " AND held IS NULL"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityCount:
    """How many articles mention a security; `name` is '' where nobody said it."""

    code: str
    name: str
    articles: int


def securities_in(
    conn: sqlite3.Connection, ids: Collection[int], *, without: str = "", limit: int
) -> tuple[SecurityCount, ...]:
    """Count the securities that some articles mention, the most mentioned first; one left out."""
    values = {"ids": json.dumps(list(ids)), "without": without, "limit": limit}
    return _counts(conn.execute(_OF_ARTICLES, values))


def most_mentioned(
    conn: sqlite3.Connection, since: str = "", until: str = "9999", *, limit: int
) -> tuple[SecurityCount, ...]:
    """Give the securities that articles published in a time, as it is stored, mention most."""
    values = {"since": since, "until": until, "without": "", "limit": limit}
    return _counts(conn.execute(_OF_A_TIME, values))


def _counts(rows: Iterable[sqlite3.Row]) -> tuple[SecurityCount, ...]:
    return tuple(
        SecurityCount(code=code, name=without_commands(name or ""), articles=number)
        for code, name, number in rows
    )
