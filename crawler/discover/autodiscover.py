"""The feeds that a page names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from crawler.discover.listings import base_address
from crawler.discover.rules import words
from crawler.text.addresses import absolute, same_site

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
_SITEMAP = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_ROBOTS_CHARS = 500 * 1024  # of a robots.txt (RFC 9309 §2.5)
_NOT_FEEDS = re.compile(r"comments?/feed|/comments\.rss|oembed|wp-json", re.IGNORECASE)


def declared_feeds(page: Any, url: str) -> tuple[str, ...]:
    """Give the feeds that a page's head names by <link rel=alternate>, absolute."""
    return _feeds(_declared(page), page, url)


def named_feeds(page: Any, url: str) -> tuple[str, ...]:
    """Give the feeds a page names, absolute: its <link rel=alternate> first, then visible links.

    Feeds of comments are left out.
    """
    return _feeds(chain(_declared(page), _visible(page)), page, url)


def _feeds(links: Iterable[str], page: Any, url: str) -> tuple[str, ...]:
    base = base_address(page, url)
    found = (absolute(base, link) for link in links)
    return tuple(dict.fromkeys(link for link in found if link and not _NOT_FEEDS.search(link)))


def named_sitemaps(robots: str, url: str) -> tuple[str, ...]:
    """Give the sitemaps that a robots.txt at `url` names (sitemaps.org), of its own site, absolute.

    Those whose address says that they list news go first.
    """
    found = (absolute(url, line) for line in _SITEMAP.findall(robots[:_ROBOTS_CHARS]))
    own = dict.fromkeys(link for link in found if link and same_site(link, url))
    return tuple(sorted(own, key=lambda link: not lists_news(link)))


def lists_news(sitemap: str) -> bool:
    """Whether the address of a sitemap says that it lists news; its host may have any name."""
    return "news" in urlsplit(sitemap).path.lower()


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
