"""Any list of the face for feed readers: Atom (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One item. Times are as the archive stores them."""

    id: str  # an address, or a URN, that never changes
    path: str  # of its page here
    title: str
    summary: str  # plain text
    author: str
    published: str
    updated: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A list: `path` is its page's address here, `stem` its own without the ending."""

    title: str
    path: str
    stem: str
    items: Sequence[FeedItem]


def list_atom(feed: Feed, *, home: str, here: str) -> str:
    """Write a list as Atom. `home`: scheme and host of this server; `here`: the feed's address."""
    latest = max((item.updated for item in feed.items), default="1970-01-01T00:00:00Z")
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{_text(feed.title)}</title><id>{_text(here)}</id>",
        f"<updated>{latest}</updated><author><name>Broadsheet</name></author>",
        f'<link rel="self" href={_attribute(here)}/>',
        f'<link rel="alternate" type="text/html" href={_attribute(home + feed.path)}/>',
    ]
    for item in feed.items:
        parts += [
            f"<entry><title>{_text(item.title)}</title><id>{_text(item.id)}</id>",
            f'<link rel="alternate" type="text/html" href={_attribute(home + item.path)}/>',
            f"<published>{item.published}</published><updated>{item.updated}</updated>",
            f"<author><name>{_text(item.author)}</name></author>",
            f"<summary>{_text(item.summary)}</summary></entry>",
        ]
    return "\n".join([*parts, "</feed>\n"])


def list_json(feed: Feed, *, home: str, here: str) -> str:
    """Write a list as JSON Feed."""
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": home + feed.path,
            "feed_url": here,
            "items": [
                {
                    "id": item.id,
                    "url": home + item.path,
                    "title": item.title,
                    "content_text": item.summary,
                    "authors": [{"name": item.author}],
                    "date_published": item.published,
                    "date_modified": item.updated,
                    **({"language": item.language} if item.language else {}),
                }
                for item in feed.items
            ],
        },
        ensure_ascii=False,
        indent=1,
    )


def _text(text: str) -> str:
    return escape(_NO_XML.sub("", text))


def _attribute(text: str) -> str:
    return quoteattr(_NO_XML.sub("", text))
