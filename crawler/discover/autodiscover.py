"""The feeds that a page names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from crawler.discover.listings import base_address
from crawler.discover.rules import words
from crawler.text.addresses import absolute

_FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
        "application/xml",
        "text/xml",
    }
)
_FEED_ADDRESS = re.compile(
    r"(?:/(?:rss|feeds?|atom)(?:/|\.\w+)?(?:$|\?)|\.(?:rss|rdf|atom)(?:$|\?)|/(?:rss|feeds?)(?:/\w+)?[^/]*\.xml)",
    re.IGNORECASE,
)
_FEED_WORDS = re.compile(r"(?:rss|atom|rss订阅|订阅rss|rss feeds?|xml)", re.IGNORECASE)
_NOT_FEEDS = re.compile(r"comments?/feed|/comments\.rss|oembed|wp-json", re.IGNORECASE)


def named_feeds(page: Any, url: str) -> tuple[str, ...]:
    """Give the feeds a page names, absolute: its <link rel=alternate> first, then visible links.

    Feeds of comments are left out.
    """
    base = base_address(page, url)
    found = (absolute(base, link) for link in (*_declared(page), *_visible(page)))
    return tuple(dict.fromkeys(link for link in found if link and not _NOT_FEEDS.search(link)))


def _declared(page: Any) -> Iterator[str]:
    for node in page.xpath("//link[@href]"):
        relations = (node.root.get("rel") or "").lower().split()
        kind = (node.root.get("type") or "").partition(";")[0].strip().lower()
        if ("alternate" in relations and kind in _FEED_TYPES) or "feed" in relations:
            yield node.root.get("href")


def _visible(page: Any) -> Iterator[str]:
    for node in page.xpath("//a[@href]"):
        href = node.root.get("href")
        if _FEED_ADDRESS.search(href) or _FEED_WORDS.fullmatch(words(node)):
            yield href
