"""`?as_of=` on Datasette's own pages: its tables hold the present, and say so.

The parameter would be a column's name to Datasette, and no row has it. A program that asks for data
as of a moment is refused, since a page of now with that address would be a lie.
"""

from __future__ import annotations

import json
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette.utils import tilde_decode  # type: ignore[import-untyped]

from archive.text.strings import without_commands
from archive.web.tables.catalog import QUERIES
from archive.web.tables.cells import page_of_row
from archive.web.tables.metadata import shows_archive

Scope = MutableMapping[str, Any]

_KEY = "broadsheet.as_of"  # of the request: what was asked for
_DATA = (".json", ".jsono", ".csv")
_MOST_CHARS = 60  # of it that are shown
# The pages that show of then what a table holds of now; '' is any other's
_OF_THEN = {
    "sources": "/-/sources",
    "article_diffs": "/-/changes",
    "revisions": "/-/changes",
    "instruments": "/-/securities",
    "mentions": "/-/securities",
    "": "/",
}
REFUSAL = (
    "tables hold the archive as it is now: as_of is for the reading pages (/-/search.feed.json,"
    " /-/article/ID.md …), for --as-of of every command and for archive.open_archive(as_of=…)"
)


def as_of_tables(datasette: Any, scope: Scope) -> Scope:
    """Take `as_of` out of what a page of an archive's tables is asked, and note it.

    A query that has a parameter of that name keeps it."""
    if b"as_of=" not in scope["query_string"]:
        return scope
    parts = _parts(datasette, scope)
    if not shows_archive(datasette, parts[0]):
        return scope
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    asked = dict(pairs)
    canned = len(parts) > 1 and parts[1] not in QUERIES and "sql" not in asked
    if ":as_of" in asked.get("sql", "") or (canned and _is_query(datasette, *parts[:2])):
        return scope
    rest = urlencode([pair for pair in pairs if pair[0] != "as_of"])
    return {**scope, "query_string": rest.encode("ascii"), _KEY: asked["as_of"]}


def refused_data(scope: Scope) -> bytes | None:
    """Give the JSON that answers who asks for data of a table as of a moment; None for others."""
    wants_data = scope["path"].endswith(_DATA) or b"_format=" in scope["query_string"]
    if _KEY not in scope or not wants_data:
        return None
    return json.dumps({"ok": False, "error": REFUSAL, "status": 400}).encode()


def past_notice(datasette: Any, request: Any, table: str | None) -> dict[str, str]:
    """Give what a page says of a moment that it was asked for: `asked_as_of`, and where it leads,
    `page_of_then`; nothing where it was asked for none."""
    asked = request.scope.get(_KEY) if request else None
    if not asked:
        return {}
    key = request.url_vars.get("pks", "")
    page = page_of_row(table or "", tilde_decode(key)) if key else ""
    page = page or _OF_THEN.get(table or "", _OF_THEN[""])
    return {
        "asked_as_of": without_commands(asked)[:_MOST_CHARS],
        "page_of_then": datasette.urls.path(page) + "?" + urlencode({"as_of": asked}),
    }


def _parts(datasette: Any, scope: Scope) -> list[str]:
    """Give a path's parts below base_url, by their names: the database, a table, a row's key."""
    base = datasette.setting("base_url")
    path = scope["path"]
    path = path[len(base) :] if base != "/" and path.startswith(base) else path[1:]
    for ending in _DATA:
        path = path.removesuffix(ending)
    return [tilde_decode(part) for part in path.split("/")]


def _is_query(datasette: Any, database: str, name: str) -> bool:
    """Whether it is a canned query of somebody's own metadata."""
    own = (datasette.metadata("queries", database=database, fallback=False)) or {}
    return name in own
