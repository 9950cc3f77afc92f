"""Rows that a page can show, whatever stands in their cells.

SQLite keeps anything in any column: a damaged disk, or a program of somebody's own, may leave bytes
in a headline, or words where a time belongs. A page shows the rest: such a time is the first of
1970, such a number 0, and bytes are read as the text they may have been. Tables show it as it is,
and `broadsheet verify` names it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from archive.articles.columns import COLUMNS, Kind
from archive.database.times import from_text, to_text

Factory = Callable[[sqlite3.Cursor, tuple[Any, ...]], Any]

EPOCH = "1970-01-01T00:00:00Z"
_TIMES = frozenset(
    {
        *(column.name for column in COLUMNS if column.kind is Kind.TIME),
        *("at", "seen", "first", "last", "latest", "announced", "closed", "started", "ended"),
        *("healed", "next_due", "last_success", "last_new"),
    }
)
# Not `id` and `new`, which are words in other tables: keys are sound, SQLite sees to that
_NUMBERS = frozenset(
    {
        *(c.name for c in COLUMNS if c.kind in (Kind.NUMBER, Kind.FLAG, Kind.SHARE)),
        *("number", "previous", "interval_s", "failures", "trust", "enabled", "found", "missing"),
        *("pushed", "windowless", "http_status"),
    }
) - {"id"}
_HOUR = "hour"  # of a time, as the queries cut it: 2021-12-09T14


@contextmanager
def sound_rows(conn: sqlite3.Connection) -> Iterator[None]:
    """Let a connection of a page give such rows."""
    if not isinstance(conn, sqlite3.Connection):  # pysqlite3's, which has its own types
        yield
        return
    before = conn.row_factory
    conn.row_factory = _SoundRows(before or sqlite3.Row).row
    try:
        yield
    finally:
        conn.row_factory = before


class _SoundRows:
    """A row factory before another one."""

    def __init__(self, factory: Factory) -> None:
        self._factory = factory
        self._cursor: object = None
        self._kinds: tuple[tuple[int, Callable[[Any], Any]], ...] = ()

    def row(self, cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> Any:
        if cursor is not self._cursor:
            self._cursor = cursor
            names = enumerate(column[0] for column in cursor.description)
            self._kinds = tuple((at, kind) for at, name in names if (kind := _kind_of(name)))
        for at, kind in self._kinds:
            sound = kind(values[at])
            if sound is not values[at]:
                values = (*values[:at], sound, *values[at + 1 :])
        if bytes in map(type, values):
            values = tuple(_as_text(value) for value in values)
        return self._factory(cursor, values)


def _kind_of(name: str) -> Callable[[Any], Any] | None:
    if name == _HOUR:
        return _as_hour
    return _as_time if name in _TIMES else _as_number if name in _NUMBERS else None


def _as_time(value: Any) -> Any:
    return value if value is None or _is_time(value) else EPOCH


def _as_hour(value: Any) -> Any:
    return value if _is_hour(value) else EPOCH[:13]


def _as_number(value: Any) -> Any:
    return 0 if isinstance(value, str | bytes) else value


def _as_text(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


@lru_cache(maxsize=4096)
def _is_hour(value: object) -> bool:
    return isinstance(value, str) and len(value) == len(EPOCH[:13]) and _is_time(f"{value}:00:00Z")


@lru_cache(maxsize=4096)
def _is_time(value: object) -> bool:
    """Whether it is a time as the archive writes it."""
    try:
        return isinstance(value, str) and to_text(from_text(value)) == value
    except ValueError:
        return False
