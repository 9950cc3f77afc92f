"""A query as SQL: what the full-text index is asked, and the conditions on articles beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.database.json_cells import sound_json
from archive.search.query import All, AnyOf, Field, Filter, Node, Not, Word

# How data vendors and newspapers end the codes that `mentions` ends with ISO 10383's.
_EXCHANGES = {"SZ": "XSHE", "SH": "XSHG", "SS": "XSHG", "BJ": "BJSE", "HK": "XHKG"}
# SQL for the ids of the articles whose words match: now, and on a connection that was put back.
WORDS = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH {match}"
WORDS_THEN = """SELECT rowid FROM articles_fts WHERE articles_fts MATCH {match}
  AND rowid <= (SELECT newest FROM temp.moment) AND rowid NOT IN (SELECT id FROM temp.reworded)
UNION ALL SELECT r.id FROM superseded_fts AS f JOIN temp.reworded AS r ON r.version = f.rowid
  WHERE f.superseded_fts MATCH {match}"""
_OF_SOURCE = """source_id IN (SELECT s.id FROM sources AS s
  WHERE s.id = {0} COLLATE NOCASE OR s.name = {0} COLLATE NOCASE)"""
_OF_OUTLET = """source_id IN (SELECT s.id FROM sources AS s
  WHERE s.name = {} COLLATE NOCASE)"""
_ABOUT = """id IN (SELECT m.article_id FROM mentions AS m
  WHERE m.code >= {first} AND m.code < {last})"""
_TAGS = sound_json("tags", nothing="[]")
_HAS_TAG = f"EXISTS (SELECT 1 FROM json_each({_TAGS}) AS j WHERE j.value = {{}} COLLATE NOCASE)"  # noqa: S608
# Conditions on one value. `first_seen` lies behind the text in the row: it is the last to be asked.
_HOLDS = {
    Field.AFTER: "published >= {}",
    Field.BEFORE: "published < {}",
    Field.SEEN_AFTER: "first_seen >= {}",
    Field.SEEN_BEFORE: "first_seen < {}",
    Field.SECTION: "section = {} COLLATE NOCASE",
    Field.LANG: "language = {} COLLATE NOCASE",
    Field.AUTHOR: "instr(lower(author), lower({})) > 0",
    Field.ORIGIN: "instr(lower(origin), lower({})) > 0",
    Field.TAG: _HAS_TAG,
    Field.SOURCE: _OF_SOURCE,
    Field.OUTLET: _OF_OUTLET,
}
_LAST = "\U0010ffff"  # sorts after every character of a code


@dataclass(frozen=True, slots=True, kw_only=True)
class QuerySql:
    """`match`: FTS5's expression, '' when the words alone don't decide. `condition`: SQL on the
    columns of articles, '' when there is none. One of both is there, both must hold."""

    match: str
    condition: str
    parameters: dict[str, str]


@dataclass(slots=True)
class _Values:
    """The values of an SQL text, under names of their own."""

    prefix: str
    words: str
    named: dict[str, str] = field(default_factory=dict)

    def add(self, value: str) -> str:
        name = f"{self.prefix}{len(self.named)}"
        self.named[name] = value
        return f":{name}"


def plan(node: Node, *, prefix: str = "q", words: str = WORDS) -> QuerySql:
    """Part a query into what the index ranks and what SQL decides.

    The parameters are named `prefix` and a number; `words`: WORDS or WORDS_THEN. The condition
    names columns of articles without their table: id, source_id, published.
    """
    nodes = node.nodes if isinstance(node, All) else (node,)
    ranked = any(_positive(part) for part in nodes)
    in_match = [part for part in nodes if ranked and (_positive(part) or _excluded(part))]
    rest = _excluded_at_once([part for part in nodes if part not in in_match])
    values = _Values(prefix, words)
    return QuerySql(
        match=match_all(in_match) if in_match else "",
        condition=" AND ".join(_condition(part, values) for part in rest),
        parameters=values.named,
    )


def match_of(node: Node | None) -> str | None:
    """Give FTS5's expression for a query that needs nothing else; None for one that does."""
    if node is None or not _positive(node):
        return None
    return _match(node)


def wanted(node: Node) -> Iterator[Word]:
    """Give the words that a query wants, those of either alternative too."""
    if isinstance(node, Word):
        yield node
    elif isinstance(node, All | AnyOf):
        for part in node.nodes:
            yield from wanted(part)


def match_all(nodes: list[Node]) -> str:
    """Join what must and must not occur; at least one of `nodes` must be positive."""
    must = " AND ".join(_match(node) for node in nodes if not isinstance(node, Not))
    must_not = " OR ".join(_match(node.node) for node in nodes if isinstance(node, Not))
    return f"({must}) NOT ({must_not})" if must_not else must


def _excluded_at_once(nodes: list[Node]) -> list[Node]:
    """Put all that must not occur into one question to the index."""
    unwanted = [node.node for node in nodes if isinstance(node, Not) and _excluded(node)]
    if len(unwanted) < 2:
        return nodes
    return [*(node for node in nodes if not _excluded(node)), Not(AnyOf(tuple(unwanted)))]


def _positive(node: Node) -> bool:
    """Tell whether FTS5 alone can find it: its NOT takes two operands, and it knows only words."""
    if isinstance(node, All):
        return any(_positive(part) for part in node.nodes) and all(
            _positive(part) or _excluded(part) for part in node.nodes
        )
    if isinstance(node, AnyOf):
        return all(_positive(part) for part in node.nodes)
    return isinstance(node, Word)


def _excluded(node: Node) -> bool:
    return isinstance(node, Not) and _positive(node.node)


def _match(node: Node) -> str:
    if isinstance(node, Word):
        column = f"{node.column} : " if node.column else ""
        return f'{column}"{node.words}"' + " *" * node.prefix
    if isinstance(node, AnyOf):
        return f"({' OR '.join(map(_match, node.nodes))})"
    assert isinstance(node, All)
    return f"({match_all(list(node.nodes))})"


def _condition(node: Node, values: _Values) -> str:
    if _positive(node):
        return f"id IN ({values.words.format(match=values.add(_match(node)))})"
    if isinstance(node, Not):
        return f"NOT {_condition(node.node, values)}"
    if isinstance(node, All | AnyOf):
        joint = " AND " if isinstance(node, All) else " OR "
        return f"({joint.join(_condition(part, values) for part in node.nodes)})"
    assert isinstance(node, Filter)
    return _filter(node, values)


def _filter(node: Filter, values: _Values) -> str:
    if node.field in _HOLDS:
        return _HOLDS[node.field].format(values.add(node.value))
    first, last = map(values.add, _codes(node.value))
    return _ABOUT.format(first=first, last=last)


def _codes(value: str) -> tuple[str, str]:
    """Give the first code that is meant, and the first after it that isn't."""
    code = value.upper()
    if code.endswith("*"):
        return code.rstrip("*"), code.rstrip("*") + _LAST
    symbol, point, exchange = code.rpartition(".")
    if point and symbol:
        code = f"{symbol}.{_EXCHANGES.get(exchange, exchange)}"
        return code, code + "\x01"
    return f"{code}.", f"{code}/"  # the sign after the point
