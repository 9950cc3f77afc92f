"""Which page answers which address."""

from __future__ import annotations

import re
from dataclasses import replace

from . import channels, misbehaviour
from .bulk import bulk
from .content import Story
from .control import behind_the_curtain
from .failures import failure
from .fronts import front, special_page
from .http import Request, Response, html, redirect, refusal, text
from .images import image
from .newsroom import Newsroom
from .pages import ARTICLE
from .view import View

_FAULT_WORDS = {403: "Forbidden", 404: "Not Found", 429: "Too Many Requests", 503: "Unavailable"}


def answer(request: Request, newsroom: Newsroom) -> Response:
    """The response to any request; what it waits for and fails with is the control route's."""
    if request.path.startswith("/_"):
        return behind_the_curtain(request, newsroom)
    address = request.outlet.address
    fault = newsroom.next_fault(address, request.path)
    if fault is not None:
        return refusal(fault, _FAULT_WORDS.get(fault, "Failure"))
    if failed := failure(request, newsroom):
        return failed
    response = _moved(request, newsroom) or _page(request, newsroom)
    newsroom.hold(address, request.path)
    return response


def _moved(request: Request, newsroom: Newsroom) -> Response | None:
    """A redirect for good from a path that was moved, and at the new one what was at the old."""
    for (address, old), new in tuple(newsroom.moves.items()):
        if address == request.outlet.address and request.path == old:
            return redirect(request.base + new, 301)
        if address == request.outlet.address and request.path == new:
            return _page(replace(request, target=old), newsroom)
    return None


def _page(request: Request, newsroom: Newsroom) -> Response:
    path = request.path
    if path == "/robots.txt":
        return _robots(request, newsroom)
    if path.startswith("/bulk/"):
        return bulk(request, newsroom)
    if path.startswith("/odd/"):
        return misbehaviour.odd(request, newsroom)
    if path.startswith("/img/"):
        return image(path)
    if channel := channels.find(request):
        return channels.document(channel, request, newsroom)
    if request.outlet.key == "ledger" and path == "/sitemap.xml":
        return channels.sitemap_index(request, newsroom)
    return (
        _story(request, newsroom)
        or _by_number(request, newsroom)
        or special_page(request, newsroom)
        or front(request, newsroom)
        or refusal(404, "Not Found")
    )


def _robots(request: Request, newsroom: Newsroom) -> Response:
    outlet = request.outlet
    status, words = newsroom.robots.get(outlet.address, (outlet.robots_status, outlet.robots))
    if status != 200:
        return refusal(status, "No robots.txt")
    return text(words.replace("{base}", request.base), "text/plain", modified=newsroom.start)


def _story(request: Request, newsroom: Newsroom) -> Response | None:
    """A story at its own address, or at one of the other ways that lead to it."""
    path, prefix = request.path, ""
    for prefix in ("/amp", "/m", "/old", "/moved", "/refresh", ""):
        if path.startswith(f"{prefix}/") and (
            found := newsroom.at(request.outlet, _place(request, path.removeprefix(prefix)))
        ):
            break
    else:
        return None
    story, part = found
    if story.slug in newsroom.withdrawn:
        return refusal(410, "Gone")
    target = newsroom.url(story)
    if prefix in ("/old", "/moved"):
        return redirect(target, 301 if prefix == "/old" else 302)
    if prefix == "/refresh":
        return html(
            f'<html><head><meta http-equiv="refresh" content="0; url={target}"></head></html>'
        )
    page = _variant(story, newsroom, prefix) if prefix else _article(story, part, newsroom)
    outlet = request.outlet
    # the old sites leave the encoding to the page's own <meta>
    return text(
        page,
        "text/html; charset=utf-8" if outlet.charset == "utf-8" else "text/html",
        charset=outlet.charset,
        coding=outlet.coding,
        modified=story.updated or story.published,
    )


def _by_number(request: Request, newsroom: Newsroom) -> Response | None:
    """`/d/107007`, where endpoints that know only numbers lead: a redirect to the story."""
    number = request.path.removeprefix("/d/")
    for story in newsroom.of_outlet(request.outlet.key):
        if number == str(story.ident):
            return redirect(newsroom.url(story))
    return None


def _place(request: Request, path: str) -> str:
    """The part of an address that names a story: the path without a final slash, and the id or
    page of its query; tracking parameters don't change it."""
    query = request.query
    place = re.sub(r"/+$", "", path) or "/"
    if "id" in query:
        place += f"?id={query['id']}"
    if query.get("page", "1") != "1":
        place += f"{'&' if '?' in place else '?'}page={query['page']}"
    return place


def _article(story: Story, part: int, newsroom: Newsroom) -> str:
    others = tuple(
        (other.title, other.path)
        for other in newsroom.of_outlet(story.outlet.key)
        if other.slug != story.slug
    )
    view = View(story=story, part=part, base=newsroom.base(story.outlet), others=others)
    return ARTICLE[story.outlet.key](view)


def _variant(story: Story, newsroom: Newsroom, prefix: str) -> str:
    """The AMP or mobile page: all parts at once, little around them, a canonical link."""
    whole = replace(story, parts=(story.blocks,))
    page = ARTICLE["wire"](
        View(story=whole, part=1, base=newsroom.base(story.outlet), others=())
    ).replace(" - Meridian Wire", "")
    page = page.replace('charset="utf-8"', f'charset="{story.outlet.charset}"', 1)
    return page.replace("<html", "<html amp", 1) if prefix == "/amp" else page
