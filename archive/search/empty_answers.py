"""Why a query finds nothing: what each part of it finds alone, and what the others would find."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from difflib import get_close_matches

from archive.search.answer import conditions_of, matching_sql, parameters_of, unknown_sources
from archive.search.query import All, Node
from archive.search.query_sql import plan

MOST = 1000  # articles that are counted: beyond, it is enough to know that there are many
_PARTS = 8  # of a query that are looked at
_COUNT = "SELECT count(*) FROM (SELECT 1 FROM articles WHERE {conditions} LIMIT :most)"
_HELD = """
SELECT count(*) FROM (SELECT 1 FROM articles WHERE held IS NOT NULL AND {condition} LIMIT :most)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryPart:
    """A part that must hold: `alone` counts what fulfils it, `without` what fulfils the others
    (None where it is the only one); MOST stands for that many or more."""

    node: Node
    alone: int
    without: int | None
    others: Node | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNothing:
    """`unknown`: names of sources that nobody has, each with those that are like it. `held`: how
    many articles would be found that a guess keeps back."""

    parts: tuple[QueryPart, ...]
    unknown: tuple[tuple[str, tuple[str, ...]], ...]
    held: int


def explain_nothing(conn: sqlite3.Connection, query: Node) -> WhyNothing:
    """Explain a query whose answer is empty."""
    nodes = query.nodes[:_PARTS] if isinstance(query, All) else (query,)
    known = [str(name) for row in conn.execute("SELECT id, name FROM sources") for name in row]
    return WhyNothing(
        parts=tuple(_part(conn, node, query) for node in nodes),
        unknown=tuple(
            (name, tuple(dict.fromkeys(get_close_matches(name, known, 3, 0.5))))
            for name in unknown_sources(conn, query)
        ),
        held=_held(conn, query),
    )


def _part(conn: sqlite3.Connection, node: Node, query: Node) -> QueryPart:
    alone = _count(conn, node)
    if not isinstance(query, All):
        return QueryPart(node=node, alone=alone, without=None, others=None)
    rest = tuple(each for each in query.nodes if each is not node)
    others = All(rest) if len(rest) > 1 else rest[0]
    return QueryPart(node=node, alone=alone, without=_count(conn, others), others=others)


def _count(conn: sqlite3.Connection, node: Node) -> int:
    words = matching_sql(conn)
    planned = plan(node, words=words)
    sql = _COUNT.format(conditions=conditions_of(planned, words))
    return int(conn.execute(sql, parameters_of(planned) | {"most": MOST}).fetchone()[0])


def _held(conn: sqlite3.Connection, node: Node) -> int:
    words = matching_sql(conn)
    planned = plan(node, words=words)
    matching = [f"id IN ({words.format(match=':match')})"] if planned.match else []
    condition = " AND ".join([*matching, *[planned.condition] * bool(planned.condition)])
    sql = _HELD.format(condition=condition)
    return int(conn.execute(sql, parameters_of(planned) | {"most": MOST}).fetchone()[0])
