"""What each outlet announces its stories through: feeds, sitemaps and endpoints."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from . import feeds, sitemaps
from .content import Story
from .extras import extra_items
from .feeds import Head, Item
from .http import Request, Response, text
from .markup import blocks_html
from .newsroom import Newsroom
from .outlets import HOSTS

Writer = Callable[[Head, Sequence[Item]], str]
_RSS = "application/rss+xml"
_TRACKED = "utm_source=rss&utm_medium=feed&utm_campaign=top-stories"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One document at `outlet`/`path`; it carries the stories that have its `label`."""

    outlet: str
    path: str
    label: str
    write: Writer
    content_type: str
    title: str
    declared: str = "utf-8"  # the encoding that the XML declaration names
    sent: str = "utf-8"  # the encoding that the bytes are in
    tracking: str = ""  # appended to every link
    full: bool = False  # items carry the whole text
    shifted: timedelta = timedelta(0)  # how wrong the dates are
    gzipped: bool = False  # the document itself is a .gz file
    callback: str = ""  # JSONP
    bare_ampersand: bool = False


CHANNELS = (
    Channel(
        outlet="ledger",
        path="/feeds/rss.xml",
        label="rss",
        write=feeds.rss2,
        content_type=f"{_RSS}; charset=utf-8",
        title="The Northbridge Ledger: Top stories",
        tracking=_TRACKED,
    ),
    Channel(
        outlet="ledger",
        path="/sitemaps/news.xml",
        label="news",
        write=sitemaps.news,
        content_type="application/xml",
        title="News",
    ),
    Channel(
        outlet="ledger",
        path="/sitemaps/archive-1.xml.gz",
        label="archive",
        write=sitemaps.urlset,
        content_type="application/gzip",
        title="Archive",
        gzipped=True,
    ),
    Channel(
        outlet="ledger",
        path="/sitemaps/plain.txt",
        label="archive",
        write=sitemaps.plain,
        content_type="text/plain",
        title="Archive",
    ),
    Channel(
        outlet="ledger",
        path="/feeds/consent.xml",
        label="consent",
        write=feeds.rss2,
        content_type=_RSS,
        title="The Northbridge Ledger: behind the consent wall",
    ),
    Channel(
        outlet="haichuan",
        path="/rss/091.xml",
        label="rss091",
        write=feeds.rss091,
        content_type="text/xml",
        title="海川财经网 要闻 & 公司",
        bare_ampersand=True,
    ),
    Channel(
        outlet="haichuan",
        path="/rss/mislabelled.xml",
        label="list",
        write=feeds.rss2,
        content_type="text/xml",
        title="海川财经网：北京时间标作GMT",
        shifted=timedelta(hours=8),
    ),
    Channel(
        outlet="jinling",
        path="/rss/gb2312.xml",
        label="rss",
        write=feeds.rss2,
        content_type="text/xml",
        title="金陵证券报 公司新闻",
        declared="gb2312",
        sent="gb18030",
    ),
    Channel(
        outlet="jinling",
        path="/rss/gbk.xml",
        label="rss",
        write=feeds.rss2,
        content_type="text/xml; charset=GBK",
        title="金陵证券报 公司新闻",
        declared="GBK",
        sent="gbk",
    ),
    Channel(
        outlet="jinling",
        path="/rss/utf8-but-gbk.xml",
        label="rss",
        write=feeds.rss2,
        content_type="text/xml",
        title="金陵证券报 公司新闻",
        declared="utf-8",
        sent="gb18030",
    ),
    Channel(
        outlet="jinling",
        path="/rss/gb2312-but-utf8.xml",
        label="rss",
        write=feeds.rss2,
        content_type="text/xml; charset=gb2312",
        title="金陵证券报 公司新闻",
        declared="gb2312",
        sent="utf-8",
    ),
    Channel(
        outlet="jinling",
        path="/api/list.json",
        label="json",
        write=feeds.epoch_json,
        content_type="application/json;charset=UTF-8",
        title="",
    ),
    Channel(
        outlet="taiping",
        path="/rss/rdf.xml",
        label="rdf",
        write=feeds.rdf,
        content_type="application/rdf+xml",
        title="太平洋商報 證券要聞",
        declared="big5",
        sent="big5",
    ),
    Channel(
        outlet="taiping",
        path="/api/latest.js",
        label="jsonp",
        write=feeds.epoch_json,
        content_type="application/javascript; charset=utf-8",
        title="",
        callback="renderLatest",
    ),
    Channel(
        outlet="wire",
        path="/atom.xml",
        label="atom",
        write=feeds.atom,
        content_type="application/atom+xml; charset=utf-8",
        title="Meridian Wire",
        full=True,
    ),
    Channel(
        outlet="wire",
        path="/feed.json",
        label="jsonfeed",
        write=feeds.json_feed,
        content_type="application/feed+json",
        title="Meridian Wire",
        full=True,
    ),
    Channel(
        outlet="wire",
        path="/feeds/full.xml",
        label="full",
        write=feeds.rss2,
        content_type=_RSS,
        title="Meridian Wire, full text",
        full=True,
    ),
    Channel(
        outlet="magazine",
        path="/sitemap.xml",
        label="sitemap",
        write=sitemaps.urlset,
        content_type="text/xml",
        title="",
    ),
    Channel(
        outlet="magazine",
        path="/feed",
        label="rss",
        write=feeds.rss2,
        content_type=_RSS,
        title="远岸周刊",
    ),
)
_BY_PLACE = {(channel.outlet, channel.path): channel for channel in CHANNELS}


def find(request: Request) -> Channel | None:
    return _BY_PLACE.get((request.outlet.key, request.path))


def carries(channel: Channel, story: Story) -> bool:
    return story.outlet.key == channel.outlet and (
        not story.channels or channel.label in story.channels
    )


def items_of(channel: Channel, newsroom: Newsroom) -> list[Item]:
    """Newest first: the stories, and what the channel announces beside them."""
    stories = [s for s in newsroom.of_outlet(channel.outlet) if carries(channel, s)]
    if channel.label == "consent":
        stories = []
    found = [_story_item(story, channel, newsroom) for story in stories]
    found += extra_items(channel.outlet, channel.label, newsroom)
    return sorted(found, key=lambda item: item.published, reverse=True)


def document(channel: Channel, request: Request, newsroom: Newsroom) -> Response:
    items = items_of(channel, newsroom)
    head = Head(
        outlet=request.outlet,
        title=channel.title,
        url=request.base + channel.path,
        site=f"{request.base}/",
        charset=channel.declared,
    )
    written = channel.write(head, items)
    if channel.bare_ampersand:
        written = written.replace("&amp;", "&")
    if channel.callback:
        written = f"/**/{request.query.get('callback', channel.callback)}({written});"
    newest = max((item.updated or item.published for item in items), default=newsroom.start)
    response = text(written, channel.content_type, charset=channel.sent, modified=newest)
    if channel.gzipped:
        return replace(response, body=gzip.compress(response.body, mtime=0))
    return replace(response, coding=request.outlet.coding)


def _story_item(story: Story, channel: Channel, newsroom: Newsroom) -> Item:
    url = newsroom.url(story)
    if channel.tracking:
        url += ("&" if "?" in url else "?") + channel.tracking
    return Item(
        title=story.title,
        url=url,
        guid=f"tag:{story.outlet.key},{story.ident}",
        published=story.published + channel.shifted,
        updated=story.updated,
        summary=story.summary,
        content=blocks_html(story.blocks) if channel.full else "",
        authors=story.authors,
        categories=(story.section, *story.tags) if story.section else story.tags,
        image=newsroom.base(story.outlet) + story.image if story.image else "",
        ident=story.ident,
    )


def sitemap_index(request: Request, newsroom: Newsroom) -> Response:
    """The ledger's index: a news sitemap and a gzipped archive."""
    children = [
        (request.base + channel.path, _newest(channel, newsroom))
        for channel in CHANNELS
        if channel.outlet == "ledger" and channel.path in _INDEXED
    ]
    return text(sitemaps.index(children), "application/xml", modified=newsroom.start)


_INDEXED = ("/sitemaps/news.xml", "/sitemaps/archive-1.xml.gz")


def _newest(channel: Channel, newsroom: Newsroom) -> str:
    moments = (item.updated or item.published for item in items_of(channel, newsroom))
    return max(moments, default=newsroom.start).isoformat()


def announcers(story: Story) -> list[str]:
    """Where a story is announced: absolute but for scheme and port."""
    listing = LISTINGS.get(story.outlet.key)
    listed = listing is not None and (not story.channels or "list" in story.channels)
    return [story.outlet.address + str(listing)] * listed + [
        HOSTS[c.outlet] + c.path for c in CHANNELS if carries(c, story) and c.label in _USUAL
    ]


LISTINGS = {
    "ledger": "/section/companies",
    "haichuan": "/channel/2/",
    "taiping": "/news/list.php?cate=1",
}
_USUAL = {channel.label for channel in CHANNELS} - {"consent"}
