"""Every statement that SQLite is asked within a block, by whatever of the process, and its plan."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from archive.database.connect import connect

GROWING = ("articles", "entries", "superseded", "visits", "changes", "article_urls", "near_bands")
_ALIAS = re.compile(rf"\b({'|'.join(GROWING)})\s+(?:AS\s+)?(\w+)", re.I)
_SCAN = re.compile(r"SCAN (\w+)(.*)")
_PLANNED = re.compile(r"\s*(?:SELECT|WITH|UPDATE|DELETE|INSERT|REPLACE)\b", re.I)
_MISSING = re.compile(r"no such function: (\w+)")


@contextmanager
def heard_statements() -> Iterator[set[str]]:
    """Give the statements, with their values, of the connections that are opened in the block."""
    heard: set[str] = set()
    connect_as_ever = sqlite3.connect

    def connect_heard(*arguments: Any, **options: Any) -> sqlite3.Connection:
        conn: sqlite3.Connection = connect_as_ever(*arguments, **options)
        conn.set_trace_callback(heard.add)
        return conn

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", connect_heard)
        yield heard


def scans(archive: Path, statements: set[str]) -> dict[str, str]:
    """Give the statements that read a whole table, or index, of those that grow; with the scan.

    One that reads in the order of an index or of the ids, up to a LIMIT, reads no whole table.
    """
    with closing(connect(archive, readonly=True)) as conn:
        found = {statement: _scan(conn, statement) for statement in sorted(statements)}
    return {statement: scan for statement, scan in found.items() if scan}


def plans(archive: Path, statements: set[str]) -> dict[str, list[str]]:
    """Give the plan of each statement that has one."""
    with closing(connect(archive, readonly=True)) as conn:
        found = {s: _plan(conn, s) for s in sorted(statements) if _PLANNED.match(s)}
    return {statement: steps for statement, steps in found.items() if steps}


def _scan(conn: sqlite3.Connection, statement: str) -> str:
    if not _PLANNED.match(statement):
        return ""
    steps = _plan(conn, statement)
    names = {name: name for name in GROWING}
    names |= {alias: table for table, alias in _ALIAS.findall(statement)}
    ordered = not any("TEMP B-TREE" in step for step in steps)
    if ordered and re.search(r"\bLIMIT\b", statement, re.I):
        return ""
    for step in steps:
        seen = _SCAN.match(step)
        if seen and seen[1] in names and "VIRTUAL TABLE" not in step:
            return step
    return ""


def _plan(conn: sqlite3.Connection, statement: str) -> list[str]:
    """The steps of SQLite's plan; none for what asks a table that is not the archive's."""
    while True:
        try:
            return [row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {statement}")]
        except sqlite3.OperationalError as error:
            missing = _MISSING.match(str(error))
            if missing is None:
                return []
            conn.create_function(missing[1], -1, lambda *_: None)
