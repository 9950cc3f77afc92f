"""Where a site may list its news, and which of those places is the best source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urljoin, urlsplit

from archive.model import Entry
from archive.text.hosts import tenant_of
from config.model import Kind
from crawler.text.addresses import registrable_domain, speaks_for

STALE = timedelta(days=30)  # nothing newer: the outlet has probably left it behind
_SHOWN = 5
_MANY = 20  # items; more make no feed better
_USUAL_FEEDS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
_USUAL_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/sitemap.xml")


class Named(StrEnum):
    """How an address was found, the best word for it first."""

    ASKED = "the address itself"
    HEAD = "named in the page's head"
    LINK = "linked from the page"
    HOME = "named by the site's home page"
    ARTICLE = "named by one of its articles"
    ROBOTS = "named in robots.txt"
    USUAL = "at a usual address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An address to try. `kind` None: whatever it turns out to be."""

    url: str
    named: Named
    kind: Kind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a document lists, of which `entries` would be announced."""

    found: int = 0
    entries: tuple[Entry, ...] = ()
    title: str = ""  # of the document
    language: str = ""

    @property
    def dates(self) -> tuple[datetime, ...]:
        return tuple(e.published for e in self.entries if e.published)

    @property
    def newest(self) -> datetime | None:
        return max(self.dates, default=None)

    @property
    def oldest(self) -> datetime | None:
        return min(self.dates, default=None)

    @property
    def shown(self) -> tuple[Entry, ...]:
        return self.entries[:_SHOWN]

    @property
    def is_titled(self) -> bool:
        """Whether most items have a title: a news sitemap's have, a plain one's don't."""
        return sum(bool(entry.title) for entry in self.entries) * 2 > len(self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCandidate:
    """A place that was looked at. `problem` is '' where it can be a source as it is."""

    place: Place
    url: str  # that answered
    kind: Kind
    listed: Listing = Listing()
    problem: str = ""


def usual_feeds(url: str) -> tuple[str, ...]:
    """Where feeds usually are: below the page, as WordPress has a section's, and at the root."""
    path = urlsplit(url).path.rstrip("/")
    below = (urljoin(url, f"{path}/feed"),) if path and "." not in path.rpartition("/")[2] else ()
    return tuple(dict.fromkeys((*below, *(urljoin(url, usual) for usual in _USUAL_FEEDS))))


def usual_sitemaps(url: str) -> tuple[str, ...]:
    return tuple(urljoin(url, usual) for usual in _USUAL_SITEMAPS)


def ranked(candidates: Iterable[SourceCandidate], now: datetime) -> list[SourceCandidate]:
    """Order candidates, the best source first; those with a problem come last.

    A feed before a news sitemap, that before a page of links, and a bare sitemap last: it has
    neither titles nor dates of publication. What has nothing new comes behind what has. Then the
    page's own word before a guess, and more items before fewer.
    """
    return sorted(candidates, key=lambda candidate: _rank(candidate, now))


def _rank(candidate: SourceCandidate, now: datetime) -> tuple[object, ...]:
    listed = candidate.listed
    newest = listed.newest
    return (
        bool(candidate.problem),
        newest is not None and now - newest > STALE,
        _form(candidate),
        list(Named).index(candidate.place.named),
        -min(len(listed.entries), _MANY),
    )


def _form(candidate: SourceCandidate) -> int:
    if candidate.kind == "sitemap":
        return 1 if candidate.listed.is_titled else 3
    return 2 if candidate.kind == "listing" else 0


def foreign_hosts(url: str, entries: Sequence[Entry]) -> tuple[str, ...]:
    """Give the domain that most items lead to, where it isn't the source's own; else ().

    Whether its pages are the source's is for a person to say: by `hosts` the words of a feed stand
    for them. A platform with tenants is never proposed.
    """
    away = (e.url for e in entries if not speaks_for(url, e.url) and not tenant_of(e.url))
    domains = Counter(registrable_domain(address) for address in away)
    return tuple(d for d, n in domains.most_common(1) if d and n * 2 > len(entries))
