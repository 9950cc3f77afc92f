"""Datasette's own search box, with the archive's query grammar.

Datasette asks for `rowid in (select rowid from articles_fts where … match escape_fts(:search))`.
In an archive that clause is replaced by what the query says in SQL, so that `source:` and its like
work there too. A canned query that calls escape_fts itself gets the words.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Awaitable, Callable, Generator
from typing import Any

from datasette import hookimpl  # type: ignore[import-untyped]
from datasette.filters import FilterArguments  # type: ignore[import-untyped]
from datasette.utils import await_me_maybe  # type: ignore[import-untyped]
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]

from archive.errors import QueryError
from archive.search.answer import NOTHING, fts_query, stories_of
from archive.search.query import Field, Node, parse
from archive.search.query_sql import plan
from archive.web.query_limits import IS_ARCHIVE

_CLAUSE = re.compile(
    r"\[?(?P<key>\w+)\]? in \(select rowid from articles_fts"
    r" where \[?(?P<column>\w+)\]? match escape_fts\(:(?P<parameter>\w+)\)\)"
)
_MATCHES = "{key} in (select rowid from articles_fts where articles_fts match :{name}_match)"
_FULFILS = "{key} in (select id from articles where {condition})"
_OF_STORIES = "{key} in ({stories})"  # what only a copy has finds its story

Filters = Callable[[], Awaitable[Any]]


def add_functions(conn: sqlite3.Connection) -> None:
    """Give escape_fts the grammar of an archive."""
    conn.create_function("escape_fts", 1, _escape_fts, deterministic=True)


@hookimpl(hookwrapper=True)  # type: ignore[untyped-decorator]
def filters_from_request(database: str, table: str, datasette: Any) -> Generator[None, Any, None]:
    """Replace what Datasette makes of ?_search= and ?_search_title=."""
    outcome = yield
    db = datasette.get_database(database)
    outcome.force_result([_translated(filters, db, table) for filters in outcome.get_result()])


def _escape_fts(query: str) -> str:
    try:
        return fts_query(str(query))
    except QueryError:  # SQLite has no way to pass on the words
        return NOTHING


def _translated(filters: Any, db: Any, table: str) -> Filters:
    async def inner() -> Any:
        arguments = await await_me_maybe(filters)
        if arguments is None or not any(map(_CLAUSE.fullmatch, arguments.where_clauses)):
            return arguments
        is_archive = (await db.execute(IS_ARCHIVE)).rows
        return _in_our_grammar(arguments, table) if is_archive else arguments

    return inner


def _in_our_grammar(arguments: Any, table: str) -> Any:
    clauses: list[str] = []
    parameters: dict[str, str] = dict(arguments.params)
    for clause in arguments.where_clauses:
        found = _CLAUSE.fullmatch(clause)
        if found is None:
            clauses.append(clause)
        else:
            query = str(arguments.params[found["parameter"]])
            node = _parsed(query, found["column"])
            key, name = found["key"], found["parameter"]
            if table == "stories" and node is not None:
                stories = stories_of(_clause(node, "id", name, parameters))
                clauses.append(_OF_STORIES.format(key=key, stories=stories))
            else:
                clauses.append(_clause(node, key, name, parameters))
    return FilterArguments(
        clauses, parameters, arguments.human_descriptions, arguments.extra_context
    )


def _parsed(query: str, column: str) -> Node | None:
    try:
        return parse(query, column=Field(column) if column in ("title", "text") else None)
    except QueryError as error:
        raise DatasetteError(str(error), title="Search", status=400) from error


def _clause(node: Node | None, key: str, name: str, parameters: dict[str, str]) -> str:
    """Say the query in SQL about the column `key`, and add its values to `parameters`."""
    if node is None:
        return "0"
    planned = plan(node, prefix=f"{name}_part_")
    parameters |= planned.parameters
    parts = []
    if planned.match:
        parameters[f"{name}_match"] = planned.match
        parts.append(_MATCHES.format(key=key, name=name))
    if planned.condition:
        parts.append(_FULFILS.format(key=key, condition=planned.condition))
    return " and ".join(parts)
