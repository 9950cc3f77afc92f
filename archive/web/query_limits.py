"""What a query over the web may use: anybody who reaches the port may ask anything.

SQLite bounds one value and its own heap, we what a result adds up to; `broadsheet serve` has the
kernel bound the rest. docs/decisions/serving.md has the figures.
"""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from typing import Any

from datasette.database import QueryInterrupted  # type: ignore[import-untyped]

from archive.database.connect import harden

MOST_VALUE = 16 << 20  # bytes of one value or row
MOST_RESULT = 24 << 20  # bytes of text and blobs in one result, before they are made into a page
HEAP = 64 << 20  # bytes that SQLite may hold, caches included, in the whole process
SERVING = "BROADSHEET_SERVING"  # set by `broadsheet serve`, whose process is all ours
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: MOST_VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 1 << 18,
    sqlite3.SQLITE_LIMIT_COLUMN: 250,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 10,
}
_CONVERSION = re.compile("%[^a-zA-Z%]*")
_WIDE = re.compile("[0-9]{4}")
_TOO_MUCH = f"the result has more than {MOST_RESULT >> 20} MB: ask for fewer rows or columns"
IS_ARCHIVE = "SELECT 1 FROM sqlite_master WHERE name = 'articles_seg' AND type = 'view'"


class _BoundedRows:
    """Counts what the rows of a cursor, and the texts of the row in the making, add up to."""

    def __init__(self) -> None:
        self._cursor: object = None
        self._rows = self._row = 0

    def text(self, value: bytes) -> str:
        self._row += len(value)
        if self._row > MOST_RESULT:
            self._row = 0
            raise sqlite3.OperationalError(_TOO_MUCH)
        return str(value, "utf-8", "replace")

    def row(self, cursor: sqlite3.Cursor, values: tuple[object, ...]) -> sqlite3.Row:
        if cursor is not self._cursor:
            self._cursor, self._rows = cursor, 0
        self._row = 0
        self._rows += sum(len(value) for value in values if isinstance(value, str | bytes))
        if self._rows > MOST_RESULT:
            self._cursor = None
            raise sqlite3.OperationalError(_TOO_MUCH)
        return sqlite3.Row(cursor, values)


def bound_queries(conn: sqlite3.Connection) -> None:
    """Bound what is asked on a connection of Datasette's."""
    if not isinstance(conn, sqlite3.Connection):  # pysqlite3's, which has its own types
        return
    harden(conn, foreign=False)
    for limit, most in _LIMITS.items():
        conn.setlimit(limit, most)
    for name in ("printf", "format"):
        conn.create_function(name, -1, _printf, deterministic=True)
    rows = _BoundedRows()
    conn.row_factory, conn.text_factory = rows.row, rows.text
    if is_served():  # it is of the whole process
        conn.execute(f"PRAGMA hard_heap_limit = {HEAP}").fetchall()


def is_served() -> bool:
    """Whether `broadsheet serve` started this process."""
    return SERVING in os.environ


def is_archive(conn: sqlite3.Connection) -> bool:
    return conn.execute(IS_ARCHIVE).fetchone() is not None


async def shows_archives_only(datasette: Any) -> bool:
    """Whether all that this Datasette shows is ours, whoever started it."""
    if is_served():
        return True
    names = [name for name in datasette.databases if not name.startswith("_")]
    found = [(await datasette.get_database(name).execute(IS_ARCHIVE)).rows != [] for name in names]
    return bool(found) and all(found)


def _printf(*arguments: Any) -> Any:
    """SQLite's own, but for widths that it would count out one by one, for minutes."""
    if not arguments or not isinstance(arguments[0], str):
        return None
    if any("*" in part or _WIDE.search(part) for part in _CONVERSION.findall(arguments[0])):
        raise ValueError("a width of more than three digits, or *, in printf")
    with closing(sqlite3.connect(":memory:")) as own:
        own.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_VALUE)
        marks = ", ".join("?" * len(arguments))
        return own.execute(f"SELECT printf({marks})", arguments).fetchone()[0]


def limit_met(exception: BaseException) -> str:
    """Say which limit a query ran into, '' for none; Datasette calls it a fault of the server's."""
    if isinstance(exception, MemoryError):
        return "the query needs more memory than this server gives one: ask for less of it"
    if isinstance(exception, QueryInterrupted):
        return "the query takes longer than this server gives one: ask for less of it"
    if isinstance(exception, sqlite3.DataError):
        return f"{exception}: no value may have more than {MOST_VALUE >> 20} MB here"
    return ""
