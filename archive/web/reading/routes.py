"""Which address leads to which page that is read."""

from __future__ import annotations

from typing import Any

from datasette.views.index import IndexView  # type: ignore[import-untyped]

from archive.web.face.answers import Handler, answer_with
from archive.web.query_limits import shows_archives_only
from archive.web.reading.article import article_page, markdown_file
from archive.web.reading.changed_headlines import changes_page
from archive.web.reading.day import day_page
from archive.web.reading.difference import difference_page, former_address
from archive.web.reading.front import front_page
from archive.web.reading.latest import latest_page
from archive.web.reading.picture import picture_page
from archive.web.reading.received_page import received_page
from archive.web.reading.story import story_page

FORMAT = r"(?:\.(?P<format>atom|feed\.json))?"  # of any list
_ARTICLE = "(?P<article>[0-9]{1,18})"
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
    (r"^/-/day$", answer_with(day_page)),
    (rf"^/-/day/(?P<date>[^/]+?){FORMAT}$", answer_with(day_page)),
    (rf"^/-/article/{_ARTICLE}$", answer_with(article_page)),
    (rf"^/-/article/{_ARTICLE}\.md$", answer_with(markdown_file)),
    (rf"^/-/article/{_ARTICLE}/diff$", answer_with(difference_page)),
    (rf"^/-/diff/{_ARTICLE}$", answer_with(former_address)),
    (rf"^/-/story/{_ARTICLE}{FORMAT}$", answer_with(story_page)),
    (r"^/-/image/(?P<name>[0-9a-f]{2}/[0-9a-f]{62}\.[a-z]{3,4})$", answer_with(picture_page)),
    (rf"^/-/page/{_ARTICLE}$", answer_with(received_page)),
    (rf"^/-/latest{FORMAT}$", answer_with(latest_page)),
    (rf"^/-/changes{FORMAT}$", answer_with(changes_page)),
]
