"""Any list of the face for feed readers, written as the exports are (archive.upkeep.feeds)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.record import Record
from archive.upkeep.feeds import FeedHead, atom, json_feed


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One item. Times are as the archive stores them."""

    id: str  # an address that never changes: the article's own
    path: str  # of its page here
    title: str
    summary: str  # plain text
    author: str
    published: str
    updated: str
    language: str = ""
    withdrawn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A list: `path` is its page's address here, `stem` its own without the ending."""

    title: str
    path: str
    stem: str
    items: Sequence[FeedItem]


def written_feed(feed: Feed, form: str, *, home: str, here: str, now: datetime) -> tuple[str, str]:
    """Write a list as `form`, atom or feed.json; give its content type, too.

    `home`: scheme and host of this server; `here`: the feed's own address."""
    head = FeedHead(title=feed.title, link=home + feed.path, now=now, self_link=here)
    records = [_record(item, home) for item in feed.items]
    if form == "atom":
        return atom(head, records), "application/atom+xml"
    return json_feed(head, records), "application/feed+json"


def _record(item: FeedItem, home: str) -> Record:
    return {
        "url": item.id,
        "page": home + item.path,
        "title": item.title,
        "author": item.author,
        "source_name": item.author,
        "published": item.published,
        "updated": item.updated,
        "summary": item.summary,
        "text": "",
        "markdown": "",
        "tags": [],
        "image": "",
        "language": item.language,
        "withdrawn": item.withdrawn,
    }
