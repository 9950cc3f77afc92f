"""An article as one flat record: what an export's row, a Scrapy item and a plugin are given."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from archive.articles.columns import COLUMNS, Kind
from archive.database.json_cells import list_in

Record = Mapping[str, object]


def _fields() -> Iterator[tuple[str, Kind]]:
    for column in COLUMNS:
        if column.public:
            yield column.name, column.kind
        if column.name == "tags":
            yield "securities", Kind.LIST  # the codes it mentions: another table, no column
        if column.name == "revision":
            yield "version", Kind.NUMBER  # of this record; an export of versions has earlier ones


FIELDS = dict(_fields())  # what a record says of an article, in this order
_JSON: Mapping[Kind, Callable[[Any], object]] = {Kind.LIST: list_in, Kind.FLAG: bool}
_READ = tuple((name, _JSON.get(kind)) for name, kind in FIELDS.items())


def select_records(condition: str) -> str:
    """Give the statement for the rows of articles that `record_of` reads."""
    return (
        "SELECT *, revision AS version,"  # noqa: S608
        " (SELECT json_group_array(code) FROM (SELECT code FROM mentions"
        " WHERE article_id = articles.id ORDER BY count DESC, code)) AS securities"
        f" FROM articles WHERE {condition}"
    )


def record_of(row: sqlite3.Row | Mapping[str, Any]) -> Record:
    """Give a row as its record. Times are text (UTC), lists are lists, flags are bool."""
    return {name: make(row[name]) if make else row[name] for name, make in _READ}


def article_record(conn: sqlite3.Connection, article_id: int) -> Record | None:
    """Give one article's record; None where there is no such article."""
    row = conn.execute(select_records("id = ?"), (article_id,)).fetchone()
    return None if row is None else record_of(row)
