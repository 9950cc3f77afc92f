"""The ranked answer to a query: articles, each with the place that shows why it was found."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from archive.database.times import from_text
from archive.search.query import All, AnyOf, Field, Filter, Node, Word, parse
from archive.search.query_sql import QuerySql, match_of, plan, wanted
from archive.search.snippets import Places, snippet

NOTHING = '""'  # an FTS5 expression that matches no row; the empty string is an error

# FTS5 hands over its hits by rank, so that only those that are given back are looked up.
_RANKED = """
SELECT a.id FROM articles_fts CROSS JOIN articles AS a ON a.id = articles_fts.rowid
WHERE articles_fts MATCH :match {and_conditions}
ORDER BY {order} LIMIT :limit OFFSET :offset
"""
_UNRANKED = """
SELECT id FROM articles WHERE {conditions}
ORDER BY published DESC, id DESC LIMIT :limit OFFSET :offset
"""
_BY_SOURCE = """
SELECT a.source_id, s.name, a.articles
FROM (SELECT source_id, count(*) AS articles FROM articles WHERE {conditions} GROUP BY 1) AS a
JOIN sources AS s ON s.id = a.source_id ORDER BY a.articles DESC, a.source_id
"""
_IN_INDEX = "id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH :match)"
# A partial index answers this; the column itself lies behind the text in its row.
_STORIES = "id NOT IN (SELECT c.id FROM articles AS c WHERE c.copy_of IS NOT NULL)"
# As much again for one as new as the newest article, half as much after a month. bm25 is negative.
_RECENCY = """articles_fts.rank * (1 + 30 / (30 + max(0,
  julianday((SELECT max(published) FROM articles)) - julianday(a.published))))"""
_KNOWN = "SELECT 1 FROM sources WHERE ? COLLATE NOCASE IN (id, name)"
_SHOWN = "SELECT id, url, title, published, source_id, text FROM articles WHERE id = ?"


class Order(StrEnum):
    """What stands first in an answer."""

    BEST = "best"  # by words: rare ones, in a short text, in the title
    RECENT = "recent"  # the same, and new articles before old ones that match as well
    NEWEST = "newest"  # by time of publication


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that a search found. `snippet` is plain text, `source` the source's id.

    The marks are the (start, end) of what was looked for, in the title and in the snippet.
    """

    id: int
    url: str
    title: str
    published: datetime
    source: str
    snippet: str
    title_marks: Places = ()
    snippet_marks: Places = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCount:
    """How many of a query's articles are a source's."""

    source: str
    name: str
    articles: int


def find(
    conn: sqlite3.Connection,
    query: str | Node,
    *,
    limit: int = 20,
    offset: int = 0,
    copies: bool = False,
    order: Order = Order.BEST,
) -> list[Hit]:
    """Answer a query: stories, and with `copies` also the copies of them.

    One that looks for no words, such as `source:stcn`, is answered by time. Raises QueryError.
    """
    node = parse(query) if isinstance(query, str) else query
    if node is None:
        return []
    planned = plan(node)
    sql = _UNRANKED.format(conditions=_conditions(planned, copies))
    if planned.match and order is not Order.NEWEST:
        beside = "".join(f"AND {part} " for part in _beside(planned, copies))
        by = _RECENCY if order is Order.RECENT else "articles_fts.rank"
        sql = _RANKED.format(and_conditions=beside, order=by)
    page = {"limit": max(limit, 0), "offset": max(offset, 0)}
    ids = [row[0] for row in conn.execute(sql, _parameters(planned) | page)]
    words = list(wanted(node))
    return [_hit(conn, number, words) for number in ids]


def count_by_source(
    conn: sqlite3.Connection, query: str | Node, *, copies: bool = False
) -> list[SourceCount]:
    """Count what `find` would give without a limit, per source, the largest first."""
    node = parse(query) if isinstance(query, str) else query
    if node is None:
        return []
    planned = plan(node)
    rows = conn.execute(
        _BY_SOURCE.format(conditions=_conditions(planned, copies)), _parameters(planned)
    )
    return [SourceCount(source=i, name=name, articles=count) for i, name, count in rows]


def unknown_sources(conn: sqlite3.Connection, query: str | Node) -> tuple[str, ...]:
    """Name what a query wants of `source:` that is no source's id or name; QueryError as `find`."""
    node = parse(query) if isinstance(query, str) else query
    asked = dict.fromkeys(_sources_of(node)) if node else {}
    return tuple(name for name in asked if conn.execute(_KNOWN, (name,)).fetchone() is None)


def _sources_of(node: Node) -> Iterator[str]:
    if isinstance(node, Filter) and node.field is Field.SOURCE:
        yield node.value
    elif isinstance(node, All | AnyOf):
        for part in node.nodes:
            yield from _sources_of(part)


def fts_query(query: str) -> str:
    """Turn a query into an FTS5 expression; never one that FTS5 refuses.

    What FTS5 can't answer alone (`source:`, `after:`, only words that must not occur) becomes the
    expression that matches nothing. Raises QueryError.
    """
    return match_of(parse(query)) or NOTHING


def _conditions(planned: QuerySql, copies: bool) -> str:
    in_index = [_IN_INDEX] if planned.match else []
    return " AND ".join([*in_index, *_beside(planned, copies)]) or "1"


def _beside(planned: QuerySql, copies: bool) -> list[str]:
    stories = [] if copies else [_STORIES]
    return stories + [planned.condition] * bool(planned.condition)


def _parameters(planned: QuerySql) -> dict[str, str | int]:
    return {**planned.parameters, "match": planned.match}


def _hit(conn: sqlite3.Connection, number: int, words: list[Word]) -> Hit:
    row = conn.execute(_SHOWN, (number,)).fetchone()
    title_marks, shown, snippet_marks = snippet(words, row["title"], row["text"])
    return Hit(
        id=row["id"],
        url=row["url"],
        title=row["title"],
        published=from_text(str(row["published"])),
        source=row["source_id"],
        snippet=shown,
        title_marks=title_marks,
        snippet_marks=snippet_marks,
    )
