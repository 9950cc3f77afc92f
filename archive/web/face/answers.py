"""From a request to a page: who asks, as of when, in which language, within which time.

A page is a function of a connection and a Face that gives a View, pure but for the connection;
`answer_with` makes of it what Datasette calls.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette import Response  # type: ignore[import-untyped]
from datasette.utils import sqlite_timelimit  # type: ignore[import-untyped]

from archive.database.times import from_text, to_text
from archive.errors import ArchiveError, BroadsheetError
from archive.text.strings import without_commands
from archive.web.face.face import Face
from archive.web.face.feed_formats import Feed, written_feed
from archive.web.face.printed_times import zone_named
from archive.web.face.words import AUTO, chosen_language
from archive.web.past import ask, asked_moment

HEADERS = {
    # nothing but our own style sheet, script and log of events; no page frames ours
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Vary": "Accept-Language",
}
TABLES = ("articles", "revisions", "stories", "sources")  # whoever may not see these sees no page
PAST_TAKES = 4  # times as long as the present: each row is put back in time
_NOW = "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"  # SQLite's clock: this package has none
_EVENTS = "SELECT max(seq) FROM changes"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a page shows: a template with its values, or a file, or another address."""

    template: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    status: int = 200
    feed: Feed | None = None  # the same list for feed readers
    file: bytes | None = None  # instead of a template
    content_type: str = "text/plain; charset=utf-8"
    leads_to: str = ""  # an address, instead of either


Page = Callable[[sqlite3.Connection, Face], View]
Handler = Callable[[Any, Any], Awaitable[Any]]


def answer_with(page: Page) -> Handler:
    """Make a handler of Datasette's of a page."""

    async def handler(datasette: Any, request: Any) -> Any:
        name = await find_archive(datasette)
        if name is None:
            return Response.html("There is no archive here.", status=404)
        await datasette.ensure_permissions(
            request.actor, [*(("view-table", (name, t)) for t in TABLES), ("view-database", name)]
        )
        asked = _asked(request)
        try:
            face = _face(datasette, request, name, asked)
            moment = asked_moment(asked.get("as_of", ""))
        except ArchiveError as error:
            return Response.text(f"{error}\n", status=400)
        if asked.get("at"):
            return _at_local_time(face)
        return await _answer(datasette, request, name, page, face, moment)

    return handler


async def _answer(
    datasette: Any, request: Any, name: str, page: Page, face: Face, moment: datetime | None
) -> Any:
    limit_ms = datasette.setting("sql_time_limit_ms") * (1 if moment is None else PAST_TAKES)

    def shown(conn: sqlite3.Connection) -> tuple[View, Face, int]:
        with sqlite_timelimit(conn, limit_ms):
            now = moment or from_text(str(conn.execute(_NOW).fetchone()[0]))
            at = replace(face, now=now)
            return page(conn, at), at, conn.execute(_EVENTS).fetchone()[0] or 0

    try:
        view, face, seq = await ask(datasette, name, moment, shown)
    except BroadsheetError as error:
        view, seq = _trouble("asked", 400, str(error)), 0
    except Exception as error:
        # sqlite3's, or pysqlite3's where Datasette found that
        if "interrupted" not in str(error):
            raise
        view, seq = _trouble("late", 503, f"{limit_ms / 1000:g}"), 0
    return await _response(datasette, request, view, face, seq)


async def _response(datasette: Any, request: Any, view: View, face: Face, seq: int) -> Any:
    headers = HEADERS | {
        "Cache-Control": "private, max-age=3600" if face.as_of else "private, no-cache"
    }
    if view.leads_to:
        return Response.redirect(view.leads_to, headers=headers)
    if view.file is not None:
        return Response(
            view.file, status=view.status, headers=headers, content_type=view.content_type
        )
    form = face.asked.get("format")
    if form and view.feed is not None:
        home = datasette.absolute_url(request, "/").rstrip("/")
        here = datasette.absolute_url(request, request.full_path)
        body, kind = written_feed(view.feed, form, home=home, here=here, now=face.now)
        content_type = f"{kind}; charset=utf-8"
        return Response(body, status=view.status, headers=headers, content_type=content_type)
    values = {
        "face": face,
        "_": face.say,
        "url": face.url,
        "newest": seq,
        "feed": view.feed,
        "feed_url": partial(_feed_url, face, view),
        **view.values,
    }
    html = await datasette.render_template(f"broadsheet/{view.template}", values, request=request)
    return Response.html(html, status=view.status, headers=headers)


def _feed_url(face: Face, view: View, ending: str) -> str:
    """Give the address of a page's list in a format, with what the page asks for."""
    assert view.feed is not None
    query = face.here.partition("?")[2]
    return face.url(view.feed.stem + ending, **dict(parse_qsl(query)))


def nothing_there(kind: str, status: int = 404, **values: object) -> View:
    """Give the page that says why there is nothing, and what to do: empty.html knows the kinds."""
    return View(template="empty.html", status=status, values={"kind": kind, **values})


def _trouble(kind: str, status: int, words: str) -> View:
    return nothing_there(kind, status, words=words)


def _asked(request: Any) -> dict[str, str]:
    """Give what path and query say, each once; the path goes before."""
    query = {key: without_commands(request.args.get(key) or "") for key in request.args}
    path = {key: value for key, value in request.url_vars.items() if value is not None}
    return query | path


def _face(datasette: Any, request: Any, name: str, asked: Mapping[str, str]) -> Face:
    language = chosen_language(
        _setting(datasette, "language") or AUTO, request.headers.get("accept-language", "")
    )
    query = [
        (key, value)
        for key in request.args
        for value in request.args.getlist(key)
        if key not in ("as_of", "at")
    ]
    base = datasette.setting("base_url").rstrip("/")
    here = request.path.removeprefix(base) or "/"
    return Face(
        language=language,
        zone=zone_named(_setting(datasette, "timezone") or "UTC"),
        now=datetime.fromtimestamp(0, UTC),  # until there is a connection to ask
        as_of=asked.get("as_of", ""),
        path=datasette.urls.path,
        tables=datasette.urls.database(name),
        here=f"{here}?{urlencode(query)}" if query else here,
        asked=asked,
        images=_setting(datasette, "images") or "caption",
    )


def _setting(datasette: Any, name: str) -> str:
    """Give what `broadsheet serve` read of `[web]`; else of metadata, below plugins.broadsheet."""
    told = (datasette.plugin_config("broadsheet") or {}).get(name)
    return str(told or os.environ.get(f"BROADSHEET_{name.upper()}", ""))


def _at_local_time(face: Face) -> Any:
    """Lead from the form's local time to the address that says its zone."""
    try:
        moment = face.of_field(face.asked["at"])
        to_text(moment)
    except (ValueError, OverflowError):
        return Response.redirect(face.now_url())
    return Response.redirect(face.as_of_url(moment))


async def find_archive(datasette: Any) -> str | None:
    """Give the name of the first archive that Datasette shows."""
    for name, database in datasette.databases.items():
        if not name.startswith("_") and await database.table_exists("articles_fts"):
            return str(name)
    return None
