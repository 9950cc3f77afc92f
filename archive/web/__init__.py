"""Broadsheet's Datasette plugin: the search box that reads Chinese, a search page, differences."""

from __future__ import annotations

from typing import Any

from datasette import handle_exception, hookimpl  # type: ignore[import-untyped]

from archive.web import diffs, page
from archive.web.box import filters_from_request, prepare_connection
from archive.web.diffs import render_cell
from archive.web.page import menu_links

__all__ = [
    "filters_from_request",
    "menu_links",
    "prepare_connection",
    "register_routes",
    "render_cell",
    "startup",
]


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Any]]:
    return [
        (rf"^{page.PATH}$", page.search_page),
        (rf"^{diffs.PATH}/(?P<article>[0-9]{{1,18}})$", diffs.diff_page),
    ]


@hookimpl  # type: ignore[untyped-decorator]
def startup() -> None:
    # Where rich is installed Datasette prints a traceback with all locals for every 400 and 404;
    # the page says what was wrong, and a 500 still prints its own.
    handle_exception.rich = None
