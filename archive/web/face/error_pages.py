"""What a page says that could not be given: unknown, forbidden, too much asked, or our own fault.

Where only archives are shown a person gets it in the face's form, with a way on; a program that
asked for JSON gets Datasette's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import Response, hookimpl  # type: ignore[import-untyped]
from datasette.utils.asgi import Base400  # type: ignore[import-untyped]
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]

from archive.errors import ArchiveError
from archive.text.strings import without_commands
from archive.web.face.answers import View, face_of, find_archive, nothing_there, shown_page
from archive.web.query_limits import limit_met, shows_archives_only

_MOST_WORDS = 300  # of what was asked, or of what Datasette says of it
_DATA = (".json", ".jsono", ".csv")  # whoever asks for these is a program


@hookimpl  # type: ignore[untyped-decorator]
def handle_exception(
    datasette: Any, request: Any, exception: BaseException
) -> Callable[[], Awaitable[Any]]:
    async def answer() -> Any:
        limit = limit_met(exception)
        if limit and request.path.endswith(_DATA):
            return Response.json({"ok": False, "error": limit, "status": 400}, status=400)
        view = _view_of(exception, request.path, limit)
        if view is None or request.path.endswith(_DATA):
            return None
        page = await _page(datasette, request, view)
        return page or (Response.text(f"{limit}\n", status=400) if limit else None)

    return answer


async def _page(datasette: Any, request: Any, view: View) -> Any:
    """Give the page; None where it is Datasette's to answer, or can't be made: no archive."""
    try:
        if not await shows_archives_only(datasette):
            return None
        name = await find_archive(datasette)
        face = None if name is None else face_of(datasette, request, name)
    except (ArchiveError, sqlite3.Error):
        return None
    return face and await shown_page(datasette, request, view, face)


def _view_of(exception: BaseException, path: str, limit: str) -> View | None:
    """Say what happened; None for what Datasette says better: with a form, or as HTML."""
    if limit:
        return nothing_there("asked", 400, words=limit)
    if isinstance(exception, DatasetteError):
        if exception.message_is_html:
            return None
        return nothing_there("asked", exception.status, words=_short(exception.message))
    if not isinstance(exception, Base400):
        return nothing_there("fault", 500)
    if exception.status == 404:
        return nothing_there("nowhere", words=_short(path))
    return nothing_there("asked", exception.status, words=_short(*exception.args[:1]))


def _short(words: object = "") -> str:
    return without_commands(str(words))[:_MOST_WORDS]
