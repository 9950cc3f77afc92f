"""The other side of the line: what a world's feeds and pages come to at the desk."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from archive.model import FOREIGN_FEED, Article, Entry, EntryState, Reason, Rejection, Validators
from archive.sources.window import listed_items
from config.model import Source
from crawler.discover.entry import Carried, make_entry
from crawler.discover.select import select_entries
from crawler.fetch.http.outcomes import Failed
from crawler.fetch.tasks import (
    Announced,
    Answered,
    Closed,
    Extracted,
    Fetching,
    Listed,
    NotModified,
    PageOutcome,
    Postponed,
    Recheck,
    Rejected,
    Visited,
    VisitOutcome,
)
from crawler.text.addresses import speaks_for
from tests.histories.words import key_of
from tests.histories.world import Notice, Outlet, Reply, Story, World, with_session

_TAG = re.compile(r"</?p>")
_DOWN = Failed(reason="connection refused", unreachable=True)
_GONE = Failed(reason="HTTP 410", state=EntryState.GONE, final=True)
_MISSING = Failed(reason="HTTP 404", state=EntryState.GONE, weight=0.5)
_ELSEWHERE = Rejection(reason=Reason.ELSEWHERE, detail="the address leads to the front page")
_NOT_FOUND = Rejection(reason=Reason.ERROR_PAGE, detail="Page not found")


class Desk:
    """Answers tasks from a world."""

    def __init__(self, world: World):
        self.world = world
        self.sources = {o.id: _source(o) for o in world.outlets.values()}

    def visit(self, outlet: Outlet, at: datetime, number: int) -> VisitOutcome:
        source = self.sources[outlet.id]
        if self.world.is_down(outlet, at):
            return Visited(at=at, seconds=0.1, answered=None, failed=_DOWN, listed=Listed())
        window = self.world.window(outlet, at)
        made = [self._entry(outlet, notice, at, number) for notice in window]
        entries = [entry for entry in made if entry is not None]
        chosen = select_entries(entries, source=source, now=at)
        return Announced(
            at=at,
            seconds=0.1,
            answered=Answered(status=200, validators=Validators(url=source.url), bytes=5000),
            listed=Listed(
                document=source.kind,
                entries=chosen.entries,
                found=len(window),
                dropped=chosen.dropped,
                dates=tuple(entry.published for entry in entries),
                items=listed_items(entries),
            ),
        )

    def _entry(self, outlet: Outlet, notice: Notice, at: datetime, number: int) -> Entry | None:
        story = self.world.stories[notice.story]
        version = story.versions[story.version_at(at)]
        link = with_session(notice.url, number) if outlet.sessions else notice.url
        if outlet.sitemap:
            return _made(Carried(link=link), outlet)
        summary = notice.summary
        if summary is None:
            summary = version.text.split("\n\n")[0].split(". ")[0][:160]
        published = _feed_date(outlet, story, at)
        if outlet.noisy:
            published = format_datetime(at, usegmt=True)
            age = max(int((at - story.published) / timedelta(hours=1)), 1)
            summary = f"{age} hours ago · {1000 + number * 37} views · {summary}"
        content = ""
        if outlet.full:
            content = "".join(f"<p>{html.escape(p)}</p>" for p in version.text.split("\n\n"))
        carried = Carried(
            link=link,
            guid=notice.guid,
            title=notice.headline or version.title,
            published=published,
            authors=story.authors,
            summary=summary if not outlet.full else "",
            content=content,
        )
        return _made(carried, outlet)

    def page(self, task: Fetching, now: datetime) -> tuple[Reply, PageOutcome]:
        if task.source.full_content == "feed":
            return self._of_feed(task.entry, now)
        reply = self.world.answer(task.url, now)
        outlet = self.world.outlet_at(reply.hops[-1])
        look = isinstance(task, Recheck)
        match reply.form:
            case "down":
                return reply, Postponed(failed=_DOWN)
            case "gone":
                return reply, Closed(failed=_GONE)
            case "missing":
                return reply, Postponed(failed=_MISSING)
            case "front":
                return reply, Rejected(rejection=_ELSEWHERE)
            case "soft":
                return reply, Rejected(rejection=_NOT_FOUND)
        assert outlet is not None
        version = _validators(outlet, reply)
        if look and version.etag and version.etag == task.validators.etag:
            answered = Answered(status=304, validators=version)
            return reply, NotModified(at=now, seconds=0.1, answered=answered)
        article = self._article(outlet, reply, task.entry, now)
        return reply, Extracted(article=article, addresses=reply.hops, page=version)

    def _article(self, outlet: Outlet, reply: Reply, entry: Entry, now: datetime) -> Article:
        """The page as extraction would have made it, settled with what its entry said."""
        story = self.world.stories[reply.story]
        text = reply.text
        if outlet.counting:
            views = int(now.timestamp()) % 100_000
            text += f"\n\n阅读 {views}" if outlet.chinese else f"\n\n{views} views"
        is_page = reply.form == "page"
        dated = outlet.dated and is_page
        published, claimed, origin = _date(outlet, story, entry, now, dated=dated)
        return Article(
            url=reply.hops[-1],
            title=reply.title,
            text=text,
            markdown=text,
            authors=story.authors if is_page else entry.authors,
            published=published,
            published_from=origin,
            published_claimed=claimed,
            language="zh" if outlet.chinese else "en",
            summary=entry.summary if len(entry.summary) < 1000 else "",
            canonical=reply.canonical,
            origin=reply.origin,
            evidence=(("title", "jsonld"), ("text", "page"), ("published", origin)),
        )

    def _of_feed(self, entry: Entry, now: datetime) -> tuple[Reply, PageOutcome]:
        """The feed's text is the article."""
        text = html.unescape(_TAG.sub("", entry.content.replace("</p><p>", "\n\n")))
        outlet = self.world.outlets[entry.source_id]
        source = self.sources[outlet.id]
        speaks = speaks_for(source.url, entry.url, source.hosts)
        article = Article(
            url=entry.url,
            title=entry.title,
            text=text,
            markdown=text,
            authors=entry.authors,
            published=entry.published or entry.announced or now,
            published_from="feed" if entry.published else "announced",
            published_claimed=entry.published_raw,
            language="zh" if outlet.chinese else "en",
            evidence=(("title", "feed"), ("text", "feed" if speaks else FOREIGN_FEED)),
        )
        story, version = told_by(self.world, outlet.id, entry.title, text)
        reply = Reply(
            form="feed",
            hops=(entry.raw_url,),
            story=story,
            version=version,
            title=entry.title,
            text=text,
        )
        return reply, Extracted(article=article)


def told_by(world: World, outlet: str, title: str, text: str) -> tuple[str, int]:
    """The one story and version of an outlet that say this; `("", 0)` where several may."""
    key, head = key_of(text), key_of(title)
    found = [s for s in world.tellers.get(key, ()) if world.stories[s].outlet == outlet]
    if len(found) > 1:
        found = [s for s in found if head in world.titles(world.stories[s])]
    if len(found) != 1:
        return "", 0
    numbered = list(enumerate(world.stories[found[0]].versions))
    equal = [n for n, version in numbered if key_of(version.text) == key]
    titled = [n for n in equal if key_of(numbered[n][1].title) == head]
    return found[0], (titled or equal or [0])[-1]


@lru_cache(maxsize=16)
def _source(outlet: Outlet) -> Source:
    return Source(
        id=outlet.id,
        name=outlet.name,
        url=outlet.feed,
        kind="sitemap" if outlet.sitemap else "feed",
        language="zh" if outlet.chinese else "en",
        full_content="feed" if outlet.full else "auto",
    )


@lru_cache(maxsize=4096)
def _made(carried: Carried, outlet: Outlet) -> Entry | None:
    return make_entry(carried, source=_source(outlet))


@lru_cache(maxsize=2)
def _zone_named(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _zone(outlet: Outlet) -> ZoneInfo:
    return _zone_named("Asia/Shanghai" if outlet.chinese else "UTC")


def _feed_date(outlet: Outlet, story: Story, at: datetime) -> str:
    if outlet.days_only:
        return f"{story.published:%Y-%m-%d}"
    return format_datetime(story.published, usegmt=True)


def _date(
    outlet: Outlet, story: Story, entry: Entry, now: datetime, *, dated: bool
) -> tuple[datetime, str, str]:
    """When it was published, the words for it, and who said so."""
    if dated and outlet.days_only:
        claim = f"{story.published:%Y-%m-%d}"
        day = datetime.strptime(claim, "%Y-%m-%d").replace(tzinfo=_zone(outlet))
        return day, claim, "meta"
    if dated:
        return story.published, story.published.isoformat(), "jsonld"
    if entry.published is not None:
        return entry.published, entry.published_raw, "feed"
    return entry.announced or now, "", "announced"


def _validators(outlet: Outlet, reply: Reply) -> Validators:
    etag = None
    if outlet.etags and reply.form == "page":
        etag = f'"{key_of(reply.story)}-{reply.version}-{len(reply.title)}"'
    return Validators(url=reply.hops[-1], etag=etag)
