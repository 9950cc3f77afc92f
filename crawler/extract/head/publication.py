"""When the article was published and changed, with the evidence for it."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from urllib.parse import urlsplit

from htmldate import find_date
from lxml.etree import _Element as Element

from crawler.extract.head.agreement import Candidate, believe
from crawler.extract.head.metadata import Metadata
from crawler.extract.head.page_zone import as_printed, is_day_first
from crawler.extract.head.printed_dates import (
    LIKELY,
    STRONG,
    Printed,
    is_own,
    linked_days,
    printed_clock,
    printed_dates,
)
from crawler.extract.tree import marks
from crawler.text.dates import Moment, read_moment

_META = (
    "article:published_time", "article:published", "og:article:published_time", "og:published_time",
    "og:pubdate", "bytedance:published_time", "datepublished", "date_published", "pubdate",
    "publishdate", "publish_date", "publish-date", "publication_date", "article.published",
    "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.issued", "dcterms.created",
    "dc.date.created", "dcterms.date", "dc.date", "cxenseparse:recs:publishtime", "og:time",
    "firstpublishedtime", "originalpublicationdate", "article:create_at",
    "weibo: article:create_at", "weibo:article:create_at", "citation_publication_date",
    "citation_date", "citation_online_date", "displaydate", "published", "release_date",
    "article_date_original", "publishtime", "pdate", "ptime", "created", "date",
)  # fmt: skip
_META_UPDATED = (
    "article:modified_time", "og:updated_time", "article:modified", "bytedance:updated_time",
    "datemodified", "lastmod", "last-modified", "dcterms.modified", "dc.date.modified",
    "article:update_at", "revised", "dateupdate", "apub:time",
)  # fmt: skip
_URL_DAY = re.compile(
    r"(?<!\d)(?P<y>20[0-4]\d|199\d)[/_-]?(?P<m>0[1-9]|1[0-2])[/_-]?(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"
    r"|/(?P<y2>20[0-4]\d)/(?P<m2>\d{1,2})/(?P<d2>\d{1,2})/"
    r"|/(?P<y3>20[0-4]\d)-(?P<m3>0[1-9]|1[0-2])/(?P<d3>0[1-9]|[12]\d|3[01])/"
    r"|/(?P<d4>1[3-9]|2\d|3[01])-(?P<m4>0[1-9]|1[0-2])-(?P<y4>20[0-4]\d)(?!\d)"
)
# the page's own data for its scripts; a value without a time says too little to be sure of
_SCRIPTED = re.compile(
    r"""["'](?:pub_?time|pub_?date|ptime|publish_?(?:time|date|(?:d_?)?at)|publish(?:ed)?_?at"""
    r"""|published(?:_?on|_?date)?|date_?published|first_?publish\w*)["']\s*:\s*["']?"""
    r"""((?:19|20)\d\d-\d\d-\d\d[T ]\d\d:\d\d[^"']{0,20}|1[2-7]\d{8}(?:\d{3})?)["',}]""",
    re.I,
)
_PUBLISHED_TIME = re.compile(r"publi|pubdate|posted", re.I)
_UTC = timedelta(0)
_LATEST = "2099-12-31"
_FARTHEST, _DAY = timedelta(hours=14), timedelta(days=1)
# Two that agree outweigh one, but what readers see alone no claim to machines
_WEIGHTS = {"jsonld": 3.0, "meta": 2.5, "microdata": 2.0}
_SHOWN, _STEP = 1.8, 0.1  # of what is shown the surest, and how much less the next origin's


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A time of publication, where it was found, and the words that say it."""

    moment: Moment
    origin: str  # jsonld meta microdata text url
    claim: str
    evidence: str = ""  # who says the same and who does not, as `agreement` words it

    @property
    def when(self) -> datetime:
        return self.moment.when


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    tree: Element
    metadata: Metadata
    url: str
    zone: tzinfo
    day_first: bool

    def read(self, claims: Iterable[tuple[str, str]]) -> Iterator[Published]:
        for origin, claim in claims:
            if claim and (moment := read_moment(claim, self.zone, day_first=self.day_first)):
                yield Published(moment=moment, origin=origin, claim=claim[:200])


def find_published(tree: Element, metadata: Metadata, url: str, zone: tzinfo) -> Published | None:
    """Return the page's own date of publication; the most explicit evidence wins.

    Order: JSON-LD, meta tags, microdata, what the site's classes call a date (unless the URL
    names another), visible text near the heading, <time>, URL; htmldate where all are silent.
    Where the winner names only the day and weaker evidence names a time of that same day, that
    one is taken. A time in UTC comes in the zone of the page, so that its day is the one that
    readers see.
    """
    language = metadata.language or metadata.first("og:locale")
    page = _Page(
        tree=tree,
        metadata=metadata,
        url=url,
        zone=zone,
        day_first=is_day_first(url, language),
    )
    explicit = _firsts(page.read(_claims(metadata)))
    addressed = list(_in_url(page))
    if explicit and explicit[0].moment.timed and not _in_doubt(explicit, addressed):
        in_utc = explicit[0].moment.zoned and explicit[0].when.utcoffset() == _UTC
        clock = printed_clock(tree, metadata, UTC) if in_utc else None
        agreed = replace(explicit[0], evidence=" and ".join(claim.origin for claim in explicit))
        return _in_page_zone(agreed, clock, url, language)
    weaker = _weaker(page, addressed, is_silent=not explicit)
    return _decided(explicit, weaker, url, language)


def _firsts(claims: Iterable[Published]) -> list[Published]:
    """The first claim of each origin: their order is that of how well they say it."""
    found: dict[str, Published] = {}
    for claim in claims:
        found.setdefault(claim.origin, claim)
    return list(found.values())


def _in_doubt(explicit: list[Published], addressed: list[Published]) -> bool:
    """Whether what a page tells machines contradicts itself or the page's own address."""
    told = (*explicit, *addressed)
    return any(not _is_same_day(one, other) for one, other in pairwise(told))


def _is_same_day(one: Published, other: Published) -> bool:
    """Whether both may be of one calendar day: where a zone is missing, somewhere on earth."""
    if one.when.date() == other.when.date():
        return True
    if one.moment.timed and other.moment.timed:
        return abs(one.when - other.when) < _FARTHEST
    if one.moment.timed == other.moment.timed:
        return False
    timed, bare = (one, other) if one.moment.timed else (other, one)
    return -_FARTHEST < timed.when - bare.when < _DAY + _FARTHEST and timed.moment.zoned


def _decided(
    explicit: list[Published], weaker: list[Published], url: str, language: str
) -> Published | None:
    """The day with the most weight, told by the surest of those that name its time of day."""
    shown = enumerate(_firsts(weaker))
    candidates = [
        *(Candidate(value=p, origin=p.origin, weight=_WEIGHTS[p.origin]) for p in explicit),
        *(Candidate(value=p, origin=p.origin, weight=_SHOWN - n * _STEP) for n, p in shown),
    ]
    decision = believe(candidates, _is_same_day)
    if decision is None:
        return None
    chosen = decision.chosen.value
    told = (p for p in (chosen, *explicit, *weaker) if p.moment.timed)
    day = chosen.when.date()
    chosen = next((p for p in told if p.when.date() == day), chosen)
    chosen = replace(chosen, evidence=decision.evidence)
    return _in_page_zone(chosen, None, url, language) if chosen.moment.zoned else chosen


def _weaker(page: _Page, addressed: list[Published], *, is_silent: bool) -> list[Published]:
    """What the page says to its readers, and its address, the surest first."""
    visible = printed_dates(page.tree, page.metadata, page.url, page.zone, day_first=page.day_first)
    shown = [
        (printed, Published(moment=printed.moment, origin="text", claim=printed.claim))
        for printed in visible
    ]
    days = {published.when.date() for published in addressed}
    named = [*_in_times(page), *(published for printed, published in shown if printed.marked)]
    if days - {published.when.date() for published in named}:
        named = []
    lone = [p for p in _lone_time(page) if not days or p.when.date() in days]
    strong = [published for printed, published in shown if printed.score > STRONG]
    found = [*named, *_in_scripts(page), *strong[:1], *lone, *_for_baidu(page), *addressed]
    found += [published for printed, published in shown if LIKELY < printed.score <= STRONG]
    if found or not is_silent:
        return found
    likely = [published for printed, published in shown if printed.score > 0 and not printed.prose]
    by_rule = list(_by_htmldate(page))
    if by_rule and _is_anothers(by_rule[0].when.date(), visible, page):
        by_rule = []
    return [*by_rule, *likely[:1]]


def _is_anothers(day: date, visible: list[Printed], page: _Page) -> bool:
    """Whether a day is a footer's, another article's or an event's: then it is no evidence."""
    own = (printed for printed in visible if printed.score > 0 and not printed.prose)
    if day in {printed.moment.when.date() for printed in own}:
        return False
    refused = {printed.moment.when.date() for printed in visible}
    return day in refused or day in linked_days(page.tree, page.metadata.base, page.url, page.zone)


def _in_page_zone(
    published: Published, clock: datetime | None, url: str, language: str
) -> Published:
    if not published.moment.zoned:
        return published
    when = as_printed(published.when, clock, url, language)
    return replace(published, moment=replace(published.moment, when=when))


def _by_htmldate(page: _Page) -> Iterator[Published]:
    """htmldate's many rules, where ours find nothing sure: 18 ms, on one page in thirty.

    Its extensive search stays off (dateparser takes 1.6 s at first use), and it is given a
    latest date because it would ask the clock.
    """
    day = find_date(
        copy.deepcopy(page.tree),
        url=page.url,
        extensive_search=False,
        original_date=True,
        max_date=_LATEST,
    )
    yield from page.read([("text", day or "")])


def find_updated(metadata: Metadata, zone: tzinfo) -> tuple[datetime | None, str]:
    """Return the site's claim of the last change and what gave it; (None, '') without one."""
    claims = [("jsonld", metadata.claim("dateModified"))]
    claims += [("meta", metadata.first(name)) for name in _META_UPDATED]
    claims += [("microdata", claim) for claim in metadata.microdata.get("datemodified", [])]
    for origin, claim in claims:
        if claim and (moment := read_moment(claim, zone)):
            return moment.when, origin
    return None, ""


def _claims(metadata: Metadata) -> Iterator[tuple[str, str]]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        yield "jsonld", metadata.claim(key)
    for name in _META:
        for value in metadata.meta.get(name, ()):
            yield "meta", value
    for name in ("datepublished", "datecreated"):
        for value in metadata.microdata.get(name, ()):
            yield "microdata", value


def _in_times(page: _Page) -> Iterator[Published]:
    """What <time> elements say that the site names publication's, teasers' left out."""
    for element in page.tree.iter("time"):
        if not element.get("datetime"):
            continue
        parent = element.getparent()
        around = marks(parent) if parent is not None else ""
        name = f"{element.get('itemprop')} {marks(element)} {around}"
        named = element.get("pubdate") is not None or _PUBLISHED_TIME.search(name)
        if named and is_own(element, page.metadata.base, page.url):
            yield from page.read([("microdata", element.get("datetime") or "")])


def _in_scripts(page: _Page) -> Iterator[Published]:
    """The one time of publication in the page's scripts; several are those of teasers too."""
    claims = {
        match[1]
        for script in page.tree.iter("script")
        if (text := script.text) and "ld+json" not in (script.get("type") or "").lower()
        for match in (_SCRIPTED.finditer(text) if _may_tell_time(text) else ())
    }
    found = list(page.read(("meta", claim) for claim in sorted(claims)))
    if len({published.when for published in found}) == 1:
        yield found[0]


def _may_tell_time(script: str) -> bool:
    """Whether a script has a piece of the names that are looked for: a large one is read fast."""
    small = script.lower()
    return "pub" in small or "ptime" in small


def _for_baidu(page: _Page) -> Iterator[Published]:
    """What a page tells Baidu: the time of its last push, minutes after the printed one."""
    yield from page.read([("jsonld", page.metadata.claim("pubDate"))])
    yield from page.read([("meta", page.metadata.first("dateupdate"))])


def _in_url(page: _Page) -> Iterator[Published]:
    for match in _URL_DAY.finditer(urlsplit(page.url).path):
        numbers = [number for number in match.groups() if number]
        year_first = numbers if len(numbers[0]) == 4 else numbers[::-1]
        if moment := read_moment("-".join(year_first), page.zone):
            yield Published(moment=moment, origin="url", claim=match[0].strip("/"))
            return


def _lone_time(page: _Page) -> Iterator[Published]:
    """The first <time> of the page's article or main element."""
    for place in (".//article", ".//main", "."):
        scope = page.tree.find(place)
        element = scope.find(".//time[@datetime]") if scope is not None else None
        if element is not None:
            found = list(page.read([("microdata", element.get("datetime") or "")]))
            if found:
                yield found[0]
                return
