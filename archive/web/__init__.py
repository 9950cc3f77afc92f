"""Broadsheet's Datasette plugin: the search box that reads Chinese, pages of its own, events."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

import datasette.handle_exception  # type: ignore[import-untyped]
from datasette import hookimpl

from archive.web import box, events
from archive.web.box import filters_from_request
from archive.web.face.error_pages import handle_exception
from archive.web.file_access import open_as_they_are
from archive.web.query_limits import bound_queries, is_archive, is_served
from archive.web.reading import routes
from archive.web.request_guard import asgi_wrapper
from archive.web.search.addresses import SEARCH_ADDRESSES
from archive.web.sources.addresses import SOURCE_ADDRESSES
from archive.web.tables.cells import render_cell
from archive.web.tables.counts import count_by_index
from archive.web.tables.database_list import PATTERN, databases_page
from archive.web.tables.dress import extra_css_urls, extra_template_vars, menu_links
from archive.web.tables.facets import register_facet_classes
from archive.web.tables.metadata import canned_queries, get_metadata, note_archives

__all__ = [
    "asgi_wrapper",
    "canned_queries",
    "extra_css_urls",
    "extra_template_vars",
    "filters_from_request",
    "get_metadata",
    "handle_exception",
    "menu_links",
    "prepare_connection",
    "register_facet_classes",
    "register_routes",
    "render_cell",
    "startup",
]


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Any]]:
    return [
        *routes.ROUTES,
        *SOURCE_ADDRESSES,
        *SEARCH_ADDRESSES,
        (rf"^{re.escape(events.PATH)}$", events.events_page),
        (PATTERN, databases_page),
    ]


# trylast: Datasette's own plugin registers an escape_fts too, and the last one stays
@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection) -> None:
    ours = is_archive(conn)
    if ours or is_served():
        bound_queries(conn)
    if ours:
        box.add_functions(conn)


@hookimpl  # type: ignore[untyped-decorator]
def startup(datasette: Any) -> Any:
    _print_no_tracebacks()
    open_as_they_are(datasette)
    count_by_index(datasette)
    return note_archives(datasette)


def _print_no_tracebacks() -> None:
    # Where rich is installed Datasette prints a traceback with all locals for every 400 and 404;
    # the page says what was wrong, and a 500 still prints its own.
    datasette.handle_exception.rich = None
