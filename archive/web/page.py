"""The page /-/search: ranked, with the place that shows why, narrowed by source."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from datasette import Response, hookimpl  # type: ignore[import-untyped]
from datasette.utils import sqlite_timelimit  # type: ignore[import-untyped]
from markupsafe import Markup, escape

from archive.errors import ArchiveError, QueryError
from archive.search.answer import Hit, Order, SourceCount, count_by_source, find
from archive.search.query import All, Field, Filter, Node, parse
from archive.web.face.answers import find_archive
from archive.web.past import ask, asked_moment

PATH = "/-/search"
PAGE_SIZE = 20
MAX_PAGE = 50  # who looks further narrows the query
HEADERS = {
    # nothing on this page runs, and nothing but the style sheets is fetched
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
# What changes the order or the look of the characters round it
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for. `source` narrows the answer, '' does not."""

    query: str
    source: str
    order: Order
    copies: bool
    page: int
    as_of: str = ""  # as it was asked for

    def link(self, **changes: str | int) -> str:
        """Give the address of the same question with `changes`, from its first page."""
        parts: dict[str, str | int] = {
            "q": self.query,
            "source": self.source,
            "order": self.order if self.order is not Order.BEST else "",
            "copies": 1 if self.copies else "",
            "as_of": self.as_of,
        }
        return "?" + urlencode({k: v for k, v in (parts | changes).items() if v})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A page of hits, and how many there are per source; `problem` says why there is none."""

    hits: tuple[Hit, ...] = ()
    sources: tuple[SourceCount, ...] = ()
    total: int = 0
    more: bool = False
    read_as: str = ""
    problem: str = ""


@hookimpl  # type: ignore[untyped-decorator]
def menu_links(datasette: Any) -> list[dict[str, str]]:
    return [{"href": datasette.urls.path(PATH), "label": "Search the archive"}]


async def search_page(datasette: Any, request: Any) -> Any:
    """Answer ?q=…&source=…&order=…&copies=1&page=…&as_of=… with HTML."""
    name = await find_archive(datasette)
    if name is None:
        return Response.html("There is no archive here.", status=404)
    await datasette.ensure_permissions(
        request.actor, [("view-table", (name, "articles")), ("view-database", name)]
    )
    asked = asked_for(request.args)
    limit_ms = datasette.setting("sql_time_limit_ms")
    try:
        moment = asked_moment(asked.as_of)
        answer = await ask(datasette, name, moment, lambda conn: answer_to(conn, asked, limit_ms))
    except ArchiveError as error:
        answer = Answer(problem=str(error))
    html = await datasette.render_template(
        "broadsheet_search.html",
        {
            "asked": asked,
            "answer": answer,
            "orders": list(Order),
            "row": datasette.urls.table(name, "articles"),
            "marked": marked,
            "clean": without_controls,
            "safe_url": safe_url,
        },
        request=request,
    )
    return Response.html(html, status=400 if answer.problem else 200, headers=HEADERS)


def asked_for(args: Any) -> Asked:
    """Read an address; what makes no sense there counts as absent."""
    page, order = args.get("page") or "1", args.get("order") or ""
    return Asked(
        query=" ".join(without_controls(args.get("q") or "").split()),
        source=without_controls(args.get("source") or ""),
        order=Order(order) if order in list(Order) else Order.BEST,
        copies=args.get("copies") == "1",
        page=min(int(page), MAX_PAGE) if re.fullmatch("[1-9][0-9]{0,3}", page) else 1,
        as_of=without_controls(args.get("as_of") or ""),
    )


def answer_to(conn: sqlite3.Connection, asked: Asked, limit_ms: int) -> Answer:
    """Search, for no longer than the limit; a problem is told in words."""
    try:
        with sqlite_timelimit(conn, limit_ms):
            return _search(conn, asked)
    except QueryError as error:
        return Answer(problem=str(error))
    except Exception as error:
        # sqlite3's, or pysqlite3's where Datasette found that
        if "interrupted" not in str(error):
            raise
        return Answer(problem=f"no answer within {limit_ms / 1000:g} s: add a word or a source")


def _search(conn: sqlite3.Connection, asked: Asked) -> Answer:
    parsed = parse(asked.query)
    if parsed is None:
        return Answer()
    sources = count_by_source(conn, asked.query, copies=asked.copies)
    shown = narrowed(parsed, asked.source)
    counts = count_by_source(conn, shown, copies=asked.copies) if asked.source else sources
    total = sum(count.articles for count in counts)
    start = (asked.page - 1) * PAGE_SIZE
    hits = find(
        conn,
        shown,
        limit=PAGE_SIZE,
        offset=start,
        copies=asked.copies,
        order=asked.order,
    )
    return Answer(
        hits=tuple(hits),
        sources=tuple(sources),
        total=total,
        more=start + PAGE_SIZE < total and asked.page < MAX_PAGE,
        read_as=str(parsed),
    )


def narrowed(query: Node, source: str) -> Node:
    """Add a source to the query, '' for none."""
    return All((query, Filter(field=Field.SOURCE, value=source))) if source else query


def marked(text: str, places: tuple[tuple[int, int], ...]) -> Markup:
    """Give HTML that shows `text` as it is, with <mark> round the places."""
    html, at = Markup(""), 0
    for start, end in places:
        html += escape(without_controls(text[at:start]))
        html += Markup("<mark>{}</mark>").format(without_controls(text[start:end]))
        at = end
    return html + escape(without_controls(text[at:]))


def without_controls(text: str) -> str:
    """Drop what a browser would obey instead of showing."""
    return _CONTROLS.sub("", text)


def safe_url(url: str) -> str:
    """Give the address if a browser may follow it, else ''."""
    return url if re.match(r"https?://", url, re.IGNORECASE) else ""
