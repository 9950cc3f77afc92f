"""Datasette's metadata of the archives that it shows, so that `datasette archive.db` needs no file.

Which of its databases are archives is asked once, as it starts: metadata is read without a
connection at hand. What somebody says in a metadata file of his own goes before this.
"""

from __future__ import annotations

import copy
from typing import Any
from weakref import WeakKeyDictionary

from datasette import hookimpl  # type: ignore[import-untyped]

from archive.web.query_limits import IS_ARCHIVE
from archive.web.tables.catalog import QUERIES, TABLES, TableWords

_ABOUT = {
    "title": "Broadsheet",
    "description": "Financial news as it was published, and as it was changed since.",
}
_ROWS = 50  # of a page, where rows are long
_known: WeakKeyDictionary[Any, dict[str, dict[str, Any]]] = WeakKeyDictionary()


async def note_archives(datasette: Any) -> None:
    """Find the archives among the databases of a Datasette that starts."""
    found = {}
    for name, database in datasette.databases.items():
        if not name.startswith("_") and (await database.execute(IS_ARCHIVE)).rows:
            there = {*await database.table_names(), *await database.view_names()}
            found[str(name)] = {"title": "Tables of the archive", "tables": _tables(there)}
    _known[datasette] = found


def shows_archive(datasette: Any, database: object) -> bool:
    """Whether a database of this name is an archive."""
    return database in _known.get(datasette, {})


def shows_only_archives(datasette: Any) -> bool:
    """Whether none of its databases is anybody else's."""
    archives = _known.get(datasette, {})
    shown = [name for name in datasette.databases if not name.startswith("_")]
    return bool(archives) and len(archives) == len(shown)


@hookimpl  # type: ignore[untyped-decorator]
def get_metadata(datasette: Any) -> dict[str, Any]:
    own = _ABOUT if shows_only_archives(datasette) else {}
    # a copy: Datasette writes into what it gets
    return copy.deepcopy({**own, "databases": _known.get(datasette, {})})


@hookimpl  # type: ignore[untyped-decorator]
def canned_queries(datasette: Any, database: str) -> dict[str, dict[str, str]]:
    if not shows_archive(datasette, database):
        return {}
    return {
        name: {"title": query.title, "description": query.description, "sql": query.sql}
        for name, query in QUERIES.items()
    }


def _tables(there: set[str]) -> dict[str, dict[str, Any]]:
    described = {name: _table(words) for name, words in TABLES.items() if name in there}
    return described | {name: {"hidden": True} for name in sorted(there - set(TABLES))}


def _table(words: TableWords) -> dict[str, Any]:
    told: dict[str, Any] = {
        "description": words.description,
        "facets": list(words.facets),
        "units": dict(words.units),
        "label_column": words.label,
        "sort_desc": words.newest,
        "size": _ROWS,
    }
    if words.search:
        told |= {"fts_table": "articles_fts", "fts_pk": "id"}
    return {key: value for key, value in told.items() if value}
