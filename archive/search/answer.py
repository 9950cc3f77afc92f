"""The ranked answer to a query: stories, each with the place that shows why it was found.

What only a copy has finds its story, too: one row a story, with that copy named and what differs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from heapq import merge
from itertools import islice

from archive.asof.moment import is_in_past
from archive.database.times import from_text
from archive.search.query import All, AnyOf, Field, Filter, Node, Word, parse
from archive.search.query_sql import WORDS, WORDS_THEN, QuerySql, match_of, plan, wanted
from archive.search.snippets import Places, find_words, snippet

NOTHING = '""'  # an FTS5 expression that matches no row; the empty string is an error

# FTS5 hands over its hits by rank, so that only those that are given back are looked up.
_RANKED = """
SELECT a.id FROM articles_fts AS f CROSS JOIN articles AS a ON a.id = f.rowid
WHERE f.articles_fts MATCH :match AND f.rowid >= :oldest {and_conditions}
ORDER BY {order}
"""
# To rank a hit takes 1.2 µs, to pass by it a fortieth of that.
MOST_RANKED = 100_000  # hits, the newest: of a word that more have, the others follow by age
_OLDEST_RANKED = """
SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET ?
"""
_BEFORE = """
SELECT rowid FROM articles_fts WHERE articles_fts MATCH :match AND rowid < :oldest
  AND {shown} ORDER BY rowid DESC
"""
# What was there then, in today's words and in superseded ones, each by rank: FTS5 sorts each of
# them itself, which takes a tenth of sorting both together. `_FULFILS` asks the rest of those that
# are given back.
_RANKED_THEN = (
    """
SELECT f.rowid AS hit, {order} AS place FROM articles_fts AS f WHERE f.articles_fts MATCH :match
  AND +f.rowid <= (SELECT newest FROM temp.moment)
  AND f.rowid NOT IN (SELECT id FROM temp.reworded)
  AND f.rowid NOT IN (SELECT id FROM temp.changed_later WHERE came_later)
ORDER BY {order}
""",
    """
SELECT r.id AS hit, {order} AS place FROM superseded_fts AS f
  JOIN temp.reworded AS r ON r.version = f.rowid WHERE f.superseded_fts MATCH :match
ORDER BY {order}
""",
)
_UNRANKED = """
SELECT id FROM articles WHERE {conditions} ORDER BY published DESC, id DESC
"""
# What many articles have is walked to from the newest one, until there are enough: + keeps SQLite
# from looking each of them up.
_COMMON = 2_000  # hits
_HOW_MANY = "SELECT count(*) FROM (SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT ?)"
_WALKED = """
WITH hit(id) AS MATERIALIZED ({hits})
SELECT a.id FROM articles AS a WHERE +a.id IN (SELECT id FROM hit)
ORDER BY a.published DESC, a.id DESC
"""
_FULFILS_WORDS = """
SELECT 1 FROM articles_fts CROSS JOIN articles AS a ON a.id = articles_fts.rowid
WHERE articles_fts MATCH :match AND articles_fts.rowid = :story {and_conditions}
"""
# The same as of then: words of a superseded version count where the article had it.
_FULFILS_WORDS_THEN = """
SELECT 1 FROM articles WHERE id = :story {and_conditions} AND (
  (id NOT IN (SELECT id FROM temp.reworded) AND EXISTS (
    SELECT 1 FROM articles_fts WHERE articles_fts MATCH :match AND rowid = :story))
  OR EXISTS (SELECT 1 FROM superseded_fts WHERE superseded_fts MATCH :match
    AND rowid = (SELECT version FROM temp.reworded WHERE id = :story)))
"""
_FULFILS = "SELECT 1 FROM articles WHERE id = :story AND {conditions}"
_SHOWN_ONLY = "id NOT IN (SELECT h.id FROM articles AS h WHERE h.held IS NOT NULL)"
_SHOWN_IN_INDEX = f"row{_SHOWN_ONLY}"
_STORY_OF = "SELECT coalesce(copy_of, id) FROM articles WHERE id = ?"
# A partial index answers this; the column itself lies behind the text in its row.
_STORIES_OF = """
WITH hit(id) AS MATERIALIZED ({hits}),
  copy(id, story) AS MATERIALIZED (SELECT c.id, c.copy_of FROM articles AS c
                                   WHERE c.copy_of IS NOT NULL)
SELECT id FROM hit WHERE id NOT IN (SELECT id FROM copy)
UNION SELECT story FROM copy WHERE id IN (SELECT id FROM hit)
"""
# As much again for one as new as the newest article, half as much after a month. bm25 is negative.
_RECENCY = """f.rank * (1 + 30 / (30 + max(0,
  julianday((SELECT max(published) FROM articles)) - julianday({published}))))"""
_PUBLISHED_THEN = "(SELECT published FROM articles WHERE articles.id = {hit})"
_KNOWN = "SELECT 1 FROM sources WHERE ? COLLATE NOCASE IN (id, name)"
_SHOWN = """
SELECT id, url, title, published, first_seen, withdrawn, source_id, source_name, text FROM articles
WHERE id = ?
"""


class Order(StrEnum):
    """What stands first in an answer."""

    BEST = "best"  # by words: rare ones, in a short text, in the title
    RECENT = "recent"  # the same, and new articles before old ones that match as well
    NEWEST = "newest"  # by time of publication


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyHit:
    """The copy by which a story was found. `differs`: its sentences that the story doesn't have."""

    id: int
    url: str
    source: str
    outlet: str
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that a search found. `snippet` is plain text, `source` the source's id.

    The marks are the (start, end) of what was looked for, in the title and in the snippet. `copy`:
    None where the article itself is what was looked for; else the snippet is of that copy.
    """

    id: int
    url: str
    title: str
    published: datetime
    source: str
    first_seen: datetime  # when it was first fetched
    withdrawn: datetime | None  # when its site was seen to have taken it down
    snippet: str
    title_marks: Places = ()
    snippet_marks: Places = ()
    copy: CopyHit | None = None


def find(
    conn: sqlite3.Connection,
    query: str | Node,
    *,
    limit: int = 20,
    offset: int = 0,
    copies: bool = False,
    order: Order = Order.BEST,
) -> list[Hit]:
    """Answer a query: stories, also those of which only a copy fulfils it; with `copies` the
    articles that do, each by itself.

    One that looks for no words, such as `source:stcn`, is answered by time. Raises QueryError.
    """
    node = parse(query) if isinstance(query, str) else query
    if node is None:
        return []
    words = matching_sql(conn)
    planned = plan(node, words=words)
    by = _RECENCY if order is Order.RECENT else "f.rank"
    ids: Iterable[int]
    if planned.match and order is not Order.NEWEST:
        ranked = _ranked_then if words is WORDS_THEN else _ranked
        ids = ranked(conn, planned, by)
    else:
        sql = _UNRANKED.format(conditions=conditions_of(planned, words))
        if order is Order.NEWEST and _is_common(conn, planned, words):
            sql = _WALKED.format(hits=hits_of(planned, words))
        ids = (int(row[0]) for row in conn.execute(sql, parameters_of(planned)))
    found = ((i, i) for i in ids) if copies else _stories(conn, ids, planned)
    looked_for = list(wanted(node))
    page = islice(found, max(offset, 0), max(offset, 0) + max(limit, 0))
    return [_hit(conn, *each, looked_for) for each in page]


def _is_common(conn: sqlite3.Connection, planned: QuerySql, words: str) -> bool:
    """Whether words alone decide, and very many articles have them."""
    if not is_words_alone(planned, words):
        return False
    number = int(conn.execute(_HOW_MANY, (planned.match, _COMMON)).fetchone()[0])
    return number >= _COMMON


def _ranked(conn: sqlite3.Connection, planned: QuerySql, by: str) -> Iterator[int]:
    """Yield what matches and fulfils the rest, by rank; where words alone decide and more than
    MOST_RANKED have them, the newest so, and after them the others, the newest first."""
    oldest = None
    if not planned.condition:
        last = (planned.match, MOST_RANKED)
        oldest = conn.execute(_OLDEST_RANKED, last).fetchone()
    values = parameters_of(planned) | {"oldest": 0 if oldest is None else oldest[0] + 1}
    beside, place = _and_beside(planned, WORDS), by.format(published="a.published")
    for row in conn.execute(_RANKED.format(and_conditions=beside, order=place), values):
        yield int(row[0])
    if oldest is not None:
        for row in conn.execute(_BEFORE.format(shown=_SHOWN_IN_INDEX), values):
            yield int(row[0])


def _ranked_then(conn: sqlite3.Connection, planned: QuerySql, by: str) -> Iterator[int]:
    """Yield what matched then and fulfilled the rest, by rank."""
    places = [by.format(published=_PUBLISHED_THEN.format(hit=hit)) for hit in ("f.rowid", "r.id")]
    each = [
        conn.execute(sql.format(order=place), {"match": planned.match})
        for sql, place in zip(_RANKED_THEN, places, strict=True)
    ]
    for row in merge(*each, key=lambda row: float(row["place"])):
        if _is_shown(conn, int(row["hit"]), planned):
            yield int(row["hit"])


def _is_shown(conn: sqlite3.Connection, article_id: int, planned: QuerySql) -> bool:
    """Whether an article whose words matched then fulfilled the rest."""
    sql = _FULFILS.format(conditions=f"{planned.condition or 1} AND held IS NULL")
    return conn.execute(sql, planned.parameters | {"story": article_id}).fetchone() is not None


def matching_sql(conn: sqlite3.Connection) -> str:
    """Give SQL for the ids of what matches some words, as of the connection's moment."""
    return WORDS_THEN if is_in_past(conn) else WORDS


def _stories(
    conn: sqlite3.Connection, ids: Iterable[int], planned: QuerySql
) -> Iterator[tuple[int, int]]:
    """Yield each story once, with the article by which it is found: itself where it can be."""
    by_copy: set[int] = set()
    for article_id in ids:
        story = int(conn.execute(_STORY_OF, (article_id,)).fetchone()[0])
        if story == article_id:
            yield story, story
        elif story not in by_copy and not _fulfils(conn, story, planned):
            by_copy.add(story)
            yield story, article_id


def _fulfils(conn: sqlite3.Connection, story: int, planned: QuerySql) -> bool:
    words = matching_sql(conn)
    sql = _FULFILS.format(conditions=conditions_of(planned, words))
    if planned.match:  # else the index is asked for all that match
        asked = _FULFILS_WORDS if words is WORDS else _FULFILS_WORDS_THEN
        sql = asked.format(and_conditions=_and_beside(planned, words))
    return conn.execute(sql, parameters_of(planned) | {"story": story}).fetchone() is not None


def stories_of(conditions: str) -> str:
    """Give SQL for the ids of the stories that fulfil conditions on articles, by a copy or not."""
    return _STORIES_OF.format(hits=f"SELECT id FROM articles WHERE {conditions}")  # noqa: S608


def hits_of(planned: QuerySql, words: str) -> str:
    """Give SQL for the ids of the articles that a query means, copies as themselves.

    Words alone are answered by the index, which reads no rows of articles.
    """
    if is_words_alone(planned, words):
        return f"{WORDS.format(match=':match')} AND {_SHOWN_IN_INDEX}"
    return f"SELECT id FROM articles WHERE {conditions_of(planned, words)}"  # noqa: S608


def is_words_alone(planned: QuerySql, words: str) -> bool:
    """Whether the index of today decides, without a look at the articles."""
    return bool(planned.match) and not planned.condition and words is WORDS


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


def conditions_of(planned: QuerySql, words: str) -> str:
    """Give SQL on articles that a planned query means, what is held back left out."""
    in_index = [f"id IN ({words.format(match=':match')})"] if planned.match else []
    return " AND ".join(
        [*in_index, *[planned.condition] * bool(planned.condition), _shown_only(words)]
    )


def _and_beside(planned: QuerySql, words: str) -> str:
    return f"AND {planned.condition or 1} AND {_shown_only(words)}"


def _shown_only(words: str) -> str:
    """The index of held articles answers quickly, but not for a view."""
    return _SHOWN_ONLY if words is WORDS else "held IS NULL"


def parameters_of(planned: QuerySql) -> dict[str, str | int]:
    """Give the values that `conditions_of` names."""
    return {**planned.parameters, "match": planned.match}


def _hit(conn: sqlite3.Connection, story: int, article_id: int, words: list[Word]) -> Hit:
    row = conn.execute(_SHOWN, (story,)).fetchone()
    copy, text = None, str(row["text"])
    if article_id != story:
        copy, text = _copy(conn.execute(_SHOWN, (article_id,)).fetchone(), row, words)
    title_marks, shown, snippet_marks = snippet(words, row["title"], text)
    return Hit(
        id=row["id"],
        url=row["url"],
        title=row["title"],
        published=from_text(str(row["published"])),
        source=row["source_id"],
        first_seen=from_text(row["first_seen"]),
        withdrawn=from_text(row["withdrawn"]),
        snippet=shown,
        title_marks=title_marks,
        snippet_marks=snippet_marks,
        copy=copy,
    )


def _copy(row: sqlite3.Row, story: sqlite3.Row, words: list[Word]) -> tuple[CopyHit, str]:
    """Name the copy, and give the text that shows why it was found: what differs, if that does."""
    from archive.copies.sentences import own_sentences  # its rules take long to load

    differs = own_sentences(row["text"], story["text"])
    if row["title"] != story["title"] and find_words(words, row["title"]):
        differs = (row["title"], *differs)
    copy = CopyHit(
        id=row["id"],
        url=row["url"],
        source=row["source_id"],
        outlet=row["source_name"],
        differs=differs,
    )
    shown = "\n".join(differs)
    in_differs = {number for number, _, _ in find_words(words, shown)}
    in_text = {number for number, _, _ in find_words(words, row["text"])}
    return copy, shown if shown and in_differs >= in_text else str(row["text"])
