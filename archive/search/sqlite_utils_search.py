"""`sqlite-utils search archive.db articles '央行 -降准'` with the archive's query grammar.

A plugin of sqlite-utils: its command finds the words as FTS5 has them; in an archive this one asks
what `broadsheet search` asks.
"""

from __future__ import annotations

import functools
import sqlite3
from typing import Any

import click
from sqlite_utils import hookimpl

from archive.errors import QueryError
from archive.search.answer import NOTHING
from archive.search.query import parse
from archive.search.query_sql import match_of


@hookimpl
def register_commands(cli: Any) -> None:
    """Wrap the command `search`; its other options stay as they are."""
    command = cli.commands["search"]
    command.callback = _reading_ours(command.callback)


def _reading_ours(search: Any) -> Any:
    @functools.wraps(search)
    def reading(*args: Any, **options: Any) -> Any:
        if not options["quote"] and _is_index_of(options["path"], options["dbtable"]):
            options["q"] = _words(options["q"])
        return search(*args, **options)

    return reading


def _is_index_of(path: str, table: str) -> bool:
    if table != "articles":
        return False
    conn = sqlite3.connect(path)
    try:
        return bool(
            conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'articles_seg'").fetchone()
        )
    except sqlite3.DatabaseError:  # sqlite-utils says it better
        return False
    finally:
        conn.close()


def _words(query: str) -> str:
    try:
        node = parse(query)
    except QueryError as error:
        raise click.ClickException(str(error)) from error
    match = match_of(node)
    if node is not None and match is None:
        raise click.ClickException(
            "sqlite-utils can look for words only: use broadsheet search or Datasette for source:,"
            " code:, after:, before: and for queries without a word that must occur"
        )
    return match or NOTHING
