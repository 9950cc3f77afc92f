"""Which address leads to which page that is read."""

from __future__ import annotations

from typing import Any

from datasette.views.index import IndexView  # type: ignore[import-untyped]

from archive.web.face.answers import Handler, answer_with
from archive.web.query_limits import shows_archives_only
from archive.web.reading.changed_headlines import changes_page
from archive.web.reading.front import front_page
from archive.web.reading.latest import latest_page

FORMAT = r"(?:\.(?P<format>atom|feed\.json))?"  # of any list
_FRONT = answer_with(front_page)


async def _home(datasette: Any, request: Any) -> Any:
    """Answer /, but where Datasette shows databases of others beside an archive: there it is
    Datasette's own."""
    if await shows_archives_only(datasette):
        return await _FRONT(datasette, request)
    request.scope["url_route"] = {"kwargs": {"format": None}}
    return await IndexView(datasette).get(request)


ROUTES: list[tuple[str, Handler]] = [
    (r"^/$", _home),
    (r"^/-/front\.(?P<format>atom|feed\.json)$", _FRONT),
    (rf"^/-/latest{FORMAT}$", answer_with(latest_page)),
    (rf"^/-/changes{FORMAT}$", answer_with(changes_page)),
]
