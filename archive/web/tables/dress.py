"""How Datasette's own pages of an archive look: the face's style, and what their templates ask."""

from __future__ import annotations

from typing import Any

from datasette import hookimpl  # type: ignore[import-untyped]
from datasette.utils import tilde_decode  # type: ignore[import-untyped]

from archive.web.tables.catalog import GROUPS, TABLES
from archive.web.tables.cells import page_of_row
from archive.web.tables.metadata import shows_archive, shows_only_archives
from archive.web.tables.past_notice import past_notice


@hookimpl  # type: ignore[untyped-decorator]
def extra_css_urls(database: str | None, datasette: Any) -> list[str]:
    ours = shows_archive(datasette, database) or (
        database is None and shows_only_archives(datasette)
    )
    if not ours:
        return []
    return [datasette.urls.static_plugins("broadsheet", "tables.css")]


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(
    database: str | None, table: str | None, request: Any, datasette: Any
) -> dict[str, Any]:
    """Give `of_archive`, False where the page is of another database, and what goes with it."""
    if not shows_archive(datasette, database):
        return {"of_archive": False}
    words = TABLES.get(table or "")
    arguments = request.args if request else {}
    every = any(name in arguments for name in ("_col", "_nocol", "_columns"))
    key = request.url_vars.get("pks", "") if request else ""
    return past_notice(datasette, request, table) | {
        "of_archive": True,
        "table_groups": GROUPS,
        "first_columns": () if words is None or every else words.columns,
        "reading_page": page_of_row(table or "", tilde_decode(key)) if key else "",
    }


@hookimpl  # type: ignore[untyped-decorator]
def menu_links(datasette: Any) -> list[dict[str, str]]:
    """Lead back from Datasette's pages to those that are read."""
    pages = {"/": "Front page", "/-/latest": "Latest", "/-/search": "Search the archive"}
    if not shows_only_archives(datasette):
        del pages["/"]  # it is Datasette's there
    return [{"href": datasette.urls.path(path), "label": pages[path]} for path in pages]
