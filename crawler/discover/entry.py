"""One way to make an entry, whatever kind of document announced it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from itertools import islice
from typing import TypeVar

from archive.model import Document, Entry
from archive.text.han import KANA_HANGUL, has_han
from archive.text.strings import storable
from config.model import Source
from crawler.text.addresses import absolute, canonical_url, host_of
from crawler.text.dates import is_clock_zero, parse_date
from crawler.text.plain import one_line

Announced = TypeVar("Announced", Entry, Document)

MAX_LINE_CHARS = 1000  # of a title, a name, a date: a hostile one of 10 MB held all stations
MAX_ENTRIES = 50_000  # of a document, sitemaps.org's limit: 700,000 held a worker for two minutes
MAX_NAMES = 100  # authors, categories, images of one item

_KANA_HANGUL = re.compile(f"[{KANA_HANGUL}]")
_MONTH_ONLY = re.compile(r"((?:19|20)\d\d)(?:-(0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a document carries of one item, still in its own words."""

    link: str  # absolute
    otherwise: str = ""  # absolute: what to ask where `link` gives no article
    guid: str = ""
    title: str = ""
    published: str = ""
    updated: str = ""
    authors: Iterable[str] = field(default=())
    summary: str = ""
    content: str = ""
    categories: Iterable[str] = field(default=())
    images: Iterable[str] = field(default=())  # absolute or relative to `link`
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bases:
    """What the relative links of a feed may be meant against."""

    document: str  # the feed's own address
    site: str = ""  # the page that its head names as its site's; '' where that says nothing

    def resolve(self, link: str) -> tuple[str, str]:
        """Give the address of an item, and the one to ask where that gives no article, or ''.

        RSS and JSON Feed say nothing of relative links. Where another host serves the feed than
        the site, they are its site's: they were written for there.
        """
        by_document = absolute(self.document, link)
        by_site = absolute(self.site, link) if self.site else ""
        if by_site in ("", by_document):
            return by_document, ""
        if host_of(self.site) != host_of(self.document):
            return by_site, by_document
        return by_document, by_site


def make_entry(item: Carried, *, source: Source) -> Entry | None:
    """Make the entry of an item; None when its link is no usable http(s) address.

    A date that is none (`parse_date`) is left out, its words stay: the page may have a better one.
    """
    url = canonical_url(item.link)
    if not url:
        return None
    zone = zone_of(source, item.language, item.title)
    return Entry(
        url=url,
        raw_url=storable(item.link),
        other_url=storable(item.otherwise),
        guid=_bounded(storable(item.guid.strip())),
        title=_line(item.title),
        published=moment(item.published, zone),
        published_raw=_line(item.published),
        updated=moment(item.updated, zone),
        authors=_distinct(map(_line, item.authors)),
        summary=storable(item.summary.strip()),
        content=storable(item.content.strip()),
        categories=_distinct(map(_line, item.categories)),
        images=_distinct(storable(absolute(item.link, image)) for image in item.images),
        language=_line(item.language),
    )


def zone_of(source: Source, language: str, title: str) -> tzinfo:
    """The zone of an item's times that name none: of a Chinese item Beijing's, where nothing
    in the config says otherwise. A title counts where the document doesn't say its language."""
    if source.timezone or source.language or language:
        return source.zone(language)
    chinese = has_han(title) and not _KANA_HANGUL.search(title)
    return source.zone("zh" if chinese else "")


def first_of_each_url(items: Iterable[Announced]) -> tuple[Announced, ...]:
    """Keep the first of the items with equal URL, in their order."""
    first: dict[str, Announced] = {}
    for item in items:
        first.setdefault(item.url, item)
    return tuple(first.values())


def moment(text: str, zone: tzinfo, *, now: datetime | None = None) -> datetime | None:
    """Read a date of any form, as UTC; `zone` counts only where the text names none.

    Beyond `parse_date`: the W3C forms of a year and of a month.
    """
    text = text[:MAX_LINE_CHARS].strip()
    if not text:
        return None
    if month := _MONTH_ONLY.fullmatch(text):
        first = datetime(int(month[1]), int(month[2] or 1), 1, tzinfo=zone)
        return None if is_clock_zero(first) else first.astimezone(UTC)
    found = parse_date(text, zone, now=now)
    return found.astimezone(UTC) if found else None


def _line(text: str) -> str:
    return one_line(text[: 10 * MAX_LINE_CHARS])[:MAX_LINE_CHARS]


def _bounded(guid: str) -> str:
    """A guid is compared, never shown: one beyond all measure is told by its hash."""
    if len(guid) <= MAX_LINE_CHARS:
        return guid
    return hashlib.sha256(guid.encode("utf-8", "replace")).hexdigest()


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(islice(dict.fromkeys(filter(None, islice(texts, 10 * MAX_NAMES))), MAX_NAMES))
