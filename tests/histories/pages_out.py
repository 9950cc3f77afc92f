"""A world's feeds and pages as bytes, for crawls that ask for them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from urllib.parse import urlsplit

from tests.histories.world import Notice, Outlet, Story, World, with_session
from tests.line.web import HTML, XML, Reply, urlset

_SHELL = "<!DOCTYPE html><html><head><title>{name}</title></head><body><div id=app></div></body>"
_MISSING = (
    "<!DOCTYPE html><html><head><title>Page not found</title></head>"
    "<body><h1>Page not found</h1><p>The page that you asked for does not exist.</p></body></html>"
)


def pages_of(
    world: World, outlet: Outlet, *, at: datetime, number: int, shift: timedelta
) -> dict[str, Reply]:
    """All that an outlet's host answers at a moment, by path. `shift`: added to every date."""
    if world.is_down(outlet, at):
        urls = [outlet.feed, *world.turns]
        return {_path(url): Reply(status=503) for url in urls}
    pages = {"/": _reply(_SHELL.format(name=escape(outlet.name)))}
    for url in world.turns:
        if world.outlet_at(url) != outlet or "#" in url:
            continue
        reply = _page(world, outlet, url, at, shift)
        pages[_path(url)] = reply
        if outlet.sessions:
            pages |= {_path(with_session(url, n)): reply for n in range(number + 1)}
    window = world.window(outlet, at)
    pages[_path(outlet.feed)] = _feed(world, outlet, window, at, number, shift)
    return pages


def _page(world: World, outlet: Outlet, url: str, at: datetime, shift: timedelta) -> Reply:
    turn = next((t for t in reversed(world.turns[url]) if t.at <= at), None)
    if turn is None or turn.form == "missing":
        return Reply(status=404)
    if turn.form == "gone":
        return Reply(status=410)
    if turn.form in ("leads", "front"):
        return Reply(status=301, headers={"Location": turn.to or outlet.home})
    if turn.form == "soft":
        return _reply(_MISSING)
    answer = world.answer(url, at)
    if answer.form == "wall":
        return _reply(_html(answer.title, answer.text, ""))
    story = world.stories[turn.story]
    head = _head(outlet, story, answer.title, turn.canonical, shift)
    text = answer.text
    if outlet.counting:
        text += f"\n\n阅读 {at.minute}" if outlet.chinese else f"\n\n{at.minute} views"
    return _reply(_html(answer.title, text, head))


def _head(outlet: Outlet, story: Story, title: str, canonical: str, shift: timedelta) -> str:
    data: dict[str, object] = {"@type": "NewsArticle", "headline": title}
    if outlet.dated:
        moment = story.published + shift
        data["datePublished"] = f"{moment:%Y-%m-%d}" if outlet.days_only else moment.isoformat()
    if story.authors:
        data["author"] = [{"@type": "Person", "name": name} for name in story.authors]
    link = f'<link rel="canonical" href="{escape(canonical)}">' if canonical else ""
    return f'<script type="application/ld+json">{json.dumps(data)}</script>{link}'


def _html(title: str, text: str, head: str) -> str:
    body = "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n"))
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(title)}</title>{head}'
        f"</head><body><article><h1>{escape(title)}</h1>{body}</article></body></html>"
    )


def _feed(
    world: World,
    outlet: Outlet,
    window: list[Notice],
    at: datetime,
    number: int,
    shift: timedelta,
) -> Reply:
    if outlet.sitemap:
        return _reply(urlset([notice.url for notice in window]), XML)
    items = "".join(_item(world, outlet, notice, at, number, shift) for notice in window)
    return _reply(
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{escape(outlet.name)}</title>{items}</channel></rss>",
        XML,
    )


def _item(
    world: World, outlet: Outlet, notice: Notice, at: datetime, number: int, shift: timedelta
) -> str:
    story = world.stories[notice.story]
    version = story.versions[story.version_at(at)]
    link = with_session(notice.url, number) if outlet.sessions else notice.url
    moment = (at if outlet.noisy else story.published) + shift
    date = f"{moment:%Y-%m-%d}" if outlet.days_only else format_datetime(moment, usegmt=True)
    guid = f'<guid isPermaLink="false">{escape(notice.guid)}</guid>' if notice.guid else ""
    content = "".join(f"<p>{part}</p>" for part in version.text.split("\n\n"))
    full = f"<content:encoded><![CDATA[{content}]]></content:encoded>" if outlet.full else ""
    return (
        f"<item><title>{escape(notice.headline or version.title)}</title>"
        f"<link>{escape(link)}</link>{guid}<pubDate>{date}</pubDate>{full}</item>"
    )


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _reply(text: str, kind: str = HTML) -> Reply:
    return Reply(body=text.encode(), headers={"Content-Type": kind})
