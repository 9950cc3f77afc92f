"""The page /-/diff/ID: what each version of an article changed in the one before it."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from datasette import Response  # type: ignore[import-untyped]
from markupsafe import Markup

from archive.articles.diffs import diff_html
from archive.errors import ArchiveError
from archive.web.face.answers import find_archive
from archive.web.page import HEADERS, safe_url, without_controls
from archive.web.past import ask, asked_moment

PATH = "/-/diff"
CHANGES = 10  # on a page
MAX_CHARS = 200_000  # of two texts together; more would keep a thread busy for long

_ARTICLE = "SELECT id, title, url, source_name FROM articles WHERE id = ?"
_VERSIONS = """
SELECT number, seen, kind, title, text FROM revisions WHERE article_id = ? AND number <= ?
ORDER BY number DESC LIMIT ?
"""
_LAST = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class WordChange:
    """What a version changed. `title` and `text` are HTML, '' where they stayed."""

    number: int
    previous: int
    seen: str
    kind: str
    title: Markup
    text: Markup
    too_long: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionChanges:
    """The latest changes of an article, newest first; `older`: the version to go on from."""

    article: sqlite3.Row
    changes: tuple[WordChange, ...]
    older: int | None


async def diff_page(datasette: Any, request: Any) -> Any:
    """Answer /-/diff/ID?until=N&as_of=T: what led to version N (default: the latest)."""
    name = await find_archive(datasette)
    if name is None:
        return Response.html("There is no archive here.", status=404)
    await datasette.ensure_permissions(
        request.actor,
        [("view-table", (name, "revisions")), ("view-table", (name, "articles"))],
    )
    until = request.args.get("until") or ""
    last = int(until) if re.fullmatch("[0-9]{1,18}", until) else _LAST
    article = int(request.url_vars["article"])
    clean_as_of = without_controls(request.args.get("as_of") or "")
    try:
        moment = asked_moment(clean_as_of)
        found = await ask(
            datasette, name, moment, lambda conn: version_changes(conn, article, last)
        )
    except ArchiveError as error:
        return Response.text(str(error), status=400)
    if found is None:
        return Response.html("There is no such article.", status=404)
    page = await datasette.render_template(
        "broadsheet_diff.html",
        {
            "found": found,
            "as_of": clean_as_of,
            "row": datasette.urls.table(name, "articles"),
            "clean": without_controls,
            "safe_url": safe_url,
        },
        request=request,
    )
    return Response.html(page, headers=HEADERS)


def version_changes(conn: sqlite3.Connection, article: int, last: int) -> VersionChanges | None:
    """Compare the versions up to number `last`; None where there is no such article."""
    row = conn.execute(_ARTICLE, (article,)).fetchone()
    if row is None:
        return None
    versions = conn.execute(_VERSIONS, (article, last, CHANGES + 1)).fetchall()
    return VersionChanges(
        article=row,
        changes=tuple(_change(old, new) for new, old in pairwise(versions)),
        older=versions[-1]["number"] if len(versions) > CHANGES else None,
    )


def _change(old: sqlite3.Row, new: sqlite3.Row) -> WordChange:
    too_long = len(old["text"]) + len(new["text"]) > MAX_CHARS
    return WordChange(
        number=new["number"],
        previous=old["number"],
        seen=new["seen"],
        kind=new["kind"],
        title=_difference(old["title"], new["title"]),
        text=Markup() if too_long else _difference(old["text"], new["text"]),
        too_long=too_long,
    )


def _difference(old: str, new: str) -> Markup:
    if old == new:
        return Markup()
    return Markup(diff_html(without_controls(old), without_controls(new)))  # noqa: S704 (diff_html escapes)
