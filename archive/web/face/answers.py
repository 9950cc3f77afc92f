"""From a request to a page: who asks, as of when, in which language, within which time.

A page is a function of a connection and a Face that gives a View, pure but for the connection;
`answer_with` makes of it what Datasette calls.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette import Response  # type: ignore[import-untyped]
from datasette.utils import sqlite_timelimit  # type: ignore[import-untyped]

from archive.asof.past_moments import NoMoment, is_age, read_past
from archive.database.times import from_text, to_text
from archive.errors import ArchiveError, BroadsheetError
from archive.model import HealthRules
from archive.text.strings import without_commands
from archive.web.face.face import Face
from archive.web.face.feed_formats import Feed, written_feed
from archive.web.face.printed_times import zone_named
from archive.web.face.sound_rows import sound_rows
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
METHODS = ("GET", "HEAD")
MOST_QUERY = 12_000  # characters of an address after `?`: a query of 1,000 Han has 9,000
_NOW = "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"  # SQLite's clock: this package has none
# `main`: the first migration tells one archive, and its backups, from another
_ABOUT = "SELECT (SELECT max(seq) FROM changes), (SELECT min(applied) FROM main.migrations)"


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
    headers: Mapping[str, str] = field(default_factory=dict)  # further ones


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
        try:
            face = face_of(datasette, request, name)
        except ArchiveError as error:
            return Response.text(f"{error}\n", status=400)
        refusal = _refusal(request)
        if refusal is not None:
            bare = replace(face, here=face.here.partition("?")[0], asked={}, as_of="")
            return await shown_page(datasette, request, refusal, bare)
        try:
            if face.asked.get("at"):
                return Response.redirect(face.as_of_url(_local_time(face)))
            moment = asked_moment(face.as_of, face.now)
            if moment is not None and is_age(face.as_of):
                face = replace(face, as_of=to_text(moment))  # what it leads to is of then, too
        except NoMoment as error:
            words = face.asked.get("at") or face.as_of
            view = nothing_there("moment", 400, words=words[:60], is_ahead=error.is_ahead)
            return await shown_page(datasette, request, view, replace(face, as_of=""))
        return await _answer(datasette, request, name, page, face, moment)

    return handler


async def _answer(
    datasette: Any, request: Any, name: str, page: Page, face: Face, moment: datetime | None
) -> Any:
    limit_ms = datasette.setting("sql_time_limit_ms") * (1 if moment is None else PAST_TAKES)
    face = replace(face, now=moment or face.now)

    def shown(conn: sqlite3.Connection) -> tuple[View, int, str]:
        with sqlite_timelimit(conn, limit_ms), sound_rows(conn):
            return page(conn, face), *conn.execute(_ABOUT).fetchone()

    seq, born = 0, ""
    try:
        view, seq, born = await ask(datasette, name, moment, shown)
    except BroadsheetError as error:
        view = nothing_there("asked", 400, words=str(error))
    except Exception as error:
        # sqlite3's, or pysqlite3's where Datasette found that
        if "interrupted" not in str(error):
            raise
        view = nothing_there("late", 503, words=f"{limit_ms / 1000:g}")
    about = {"newest": seq or 0, "archive_id": born or ""}
    return await shown_page(
        datasette, request, replace(view, values={**about, **view.values}), face
    )


async def shown_page(datasette: Any, request: Any, view: View, face: Face) -> Any:
    """Make Datasette's answer of a view."""
    is_of_then = face.as_of and view.status == 200
    caching = "private, max-age=3600" if is_of_then else "private, no-cache"
    headers = HEADERS | {"Cache-Control": caching} | dict(view.headers)
    if view.leads_to:
        return Response.redirect(view.leads_to, headers=headers)
    if view.file is not None:
        return Response(
            view.file,
            status=view.status,
            headers=headers,
            content_type=view.content_type,
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


def _refusal(request: Any) -> View | None:
    """Say what no page takes: to be written to, or an address that each of its links would hold."""
    if request.method not in METHODS:
        return replace(nothing_there("method", 405), headers={"Allow": ", ".join(METHODS)})
    if (length := len(request.query_string)) > MOST_QUERY:
        words = f"the address asks in {length:,} characters; {MOST_QUERY:,} are the most"
        return nothing_there("asked", 414, words=words)
    return None


def _asked(request: Any) -> dict[str, str]:
    """Give what path and query say, each once; the path goes before."""
    query = {key: without_commands(request.args.get(key) or "") for key in request.args}
    path = {key: value for key, value in request.url_vars.items() if value is not None}
    return query | path


def face_of(datasette: Any, request: Any, name: str) -> Face:
    """Read of a request whom its page is for; `name`: of the archive. Raises ArchiveError where
    what is configured is no language or zone."""
    asked = _asked(request)
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
        now=_now(),
        as_of=asked.get("as_of", ""),
        path=datasette.urls.path,
        tables=datasette.urls.database(name),
        here=f"{here}?{urlencode(query)}" if query else here,
        asked=asked,
        images=_setting(datasette, "images") or "kept",
        failing_after=float(_setting(datasette, "failing_after") or HealthRules().failing_after),
    )


def _now() -> datetime:
    with closing(sqlite3.connect(":memory:")) as conn:
        return from_text(str(conn.execute(_NOW).fetchone()[0]))


def _setting(datasette: Any, name: str) -> str:
    """Give what `broadsheet serve` read of the config; else metadata, below plugins.broadsheet."""
    told = (datasette.plugin_config("broadsheet") or {}).get(name)
    return str(told or os.environ.get(f"BROADSHEET_{name.upper()}", ""))


def _local_time(face: Face) -> datetime:
    """Read the form's local time, which leads to the address that says its zone."""
    try:
        moment = face.of_field(face.asked["at"])
        return read_past(to_text(moment), face.now)
    except (ValueError, OverflowError) as error:
        raise error if isinstance(error, NoMoment) else NoMoment from error


async def find_archive(datasette: Any) -> str | None:
    """Give the name of the first archive that Datasette shows."""
    for name, database in datasette.databases.items():
        if not name.startswith("_") and await database.table_exists("articles_fts"):
            return str(name)
    return None
