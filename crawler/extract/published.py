"""When the article was published and changed, with the evidence for it."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from urllib.parse import urlsplit

from htmldate import find_date
from lxml.etree import _Element as Element

from crawler.extract.dates import Moment, find_moments, read_moment
from crawler.extract.metadata import Metadata, absolute
from crawler.extract.page_zone import as_printed
from crawler.extract.tree import SILENT, marks, select, visible_text

_META = (
    "article:published_time", "article:published", "og:article:published_time", "og:published_time",
    "og:pubdate", "bytedance:published_time", "datepublished", "date_published", "pubdate",
    "publishdate", "publish_date", "publish-date", "publication_date", "article.published",
    "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.issued", "dcterms.created",
    "dc.date.created", "dcterms.date", "dc.date", "cxenseparse:recs:publishtime", "og:time",
    "apub:time", "firstpublishedtime", "originalpublicationdate", "article:create_at",
    "weibo: article:create_at", "weibo:article:create_at", "citation_publication_date",
    "citation_date", "citation_online_date", "displaydate", "published", "release_date",
    "article_date_original", "publishtime", "pdate", "ptime", "created", "date",
)  # fmt: skip
_META_UPDATED = (
    "article:modified_time", "og:updated_time", "article:modified", "bytedance:updated_time",
    "datemodified", "lastmod", "last-modified", "dcterms.modified", "dc.date.modified",
    "article:update_at", "revised",
)  # fmt: skip
_URL_DAY = re.compile(
    r"(?<!\d)(?P<y>20[0-4]\d|199\d)[/_-]?(?P<m>0[1-9]|1[0-2])[/_-]?(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"
    r"|/(?P<y2>20[0-4]\d)/(?P<m2>\d{1,2})/(?P<d2>\d{1,2})/"
    r"|/(?P<y3>20[0-4]\d)-(?P<m3>0[1-9]|1[0-2])/(?P<d3>0[1-9]|[12]\d|3[01])/"
    r"|/(?P<d4>1[3-9]|2\d|3[01])-(?P<m4>0[1-9]|1[0-2])-(?P<y4>20[0-4]\d)(?!\d)"
)
_CUE = re.compile(
    r"发布|发表|时间|日期|来源|publi|posted|veröffentlicht|erstellt|stand:|date\b|on\s*$|le\s*$|vom\s*$"
    r"|gepubliceerd|pubblicato|publicado",
    re.I,
)
_OTHER_CUE = re.compile(r"copyright|©|更新|updated|modified|aktualisiert|截至|版权|ICP", re.I)
_DATE_MARK = re.compile(
    r"(?:publi\w*|post(?:ed)?|entry|article|news\w*|create[ds]?|release|pub|info)[\w-]{0,12}[-_]?"
    r"(?:date|time|datum)|(?:date|time|datum)[-_]?(?:publi|post|created)|pubtime|pubdate",
    re.I,
)
_ELSEWHERE = re.compile(
    r"comment(?!s?-(?:open|closed))|related|teaser|recommend|latest|popular", re.I
)
_TEASER_LINK_CHARS = 15  # a longer link in an item of a list is a headline
_MAX_TEASER_CHARS = 400
_MAX_MARKED_CHARS = 60
_MAX_CHARS = 30_000
_UTC = timedelta(0)
_STRONG = 1.5  # a bare date near the heading has 1, one with a time or a cue 3
_LATEST = "2099-12-31"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A time of publication, where it was found, and the words that say it."""

    moment: Moment
    origin: str  # jsonld meta microdata text url
    claim: str

    @property
    def when(self) -> datetime:
        return self.moment.when


def find_published(tree: Element, metadata: Metadata, url: str, zone: tzinfo) -> Published | None:
    """Return the page's own date of publication; the most explicit evidence wins.

    Order: JSON-LD, meta tags, microdata, what the site's classes call a date (unless the URL
    names another), visible text near the heading, <time>, URL; htmldate where all are silent.
    Where the winner names only the day and weaker evidence names a time of that same day, that
    one is taken. A time in UTC comes in the zone of the page, so that its day is the one that
    readers see.
    """
    explicit = list(_read(_claims(metadata), zone))
    if explicit and explicit[0].moment.timed:
        in_utc = explicit[0].moment.zoned and explicit[0].when.utcoffset() == _UTC
        return _in_page_zone(explicit[0], _printed_clock(tree) if in_utc else None, url)
    text, heading = _unlinked_text(tree)
    visible = _in_text(text, heading, zone)
    strong = [published for score, published in visible if score > _STRONG]
    addressed = list(_in_url(url, zone))
    marked = list(_in_marked(tree, metadata.base, url, zone))
    if {p.when.date() for p in addressed} - {p.when.date() for p in marked}:
        marked = []
    found = [*explicit, *marked, *strong[:1], *_lone_time(tree, zone), *addressed]
    if not found:
        # a footer's copyright line is no evidence, nor is a date in a link, whoever finds it
        refused = {published.when.date() for score, published in visible if score <= 0}
        refused |= _linked_days(tree, metadata.base, url, zone) - {
            p.when.date() for score, p in visible if score > 0
        }
        by_rule = [p for p in _by_htmldate(tree, url, zone) if p.when.date() not in refused]
        found = [*by_rule, *(published for score, published in visible[:1] if score > 0)]
    if not found:
        return None
    day = found[0].when.date()
    chosen = next((p for p in found if p.moment.timed and p.when.date() == day), found[0])
    return _in_page_zone(chosen, None, url) if chosen.moment.zoned else chosen


def _in_page_zone(published: Published, clock: datetime | None, url: str) -> Published:
    if not published.moment.zoned:
        return published
    moment = replace(published.moment, when=as_printed(published.when, clock, url))
    return replace(published, moment=moment)


def _printed_clock(tree: Element) -> datetime | None:
    """The date and time that the page prints by its heading: a wall clock."""
    text, heading = _unlinked_text(tree)
    around = text[max(0, heading - 200) : heading + 1500]
    timed = (moment.when for _, _, moment in find_moments(around, UTC) if moment.timed)
    when = next(timed, None)
    return when.replace(tzinfo=None) if when else None


def _by_htmldate(tree: Element, url: str, zone: tzinfo) -> Iterator[Published]:
    """htmldate's many rules, where ours find nothing sure: 18 ms, on one page in ten.

    Its extensive search stays off (dateparser takes 1.6 s at first use), and it is given a
    latest date because it would ask the clock.
    """
    day = find_date(
        copy.deepcopy(tree), url=url, extensive_search=False, original_date=True, max_date=_LATEST
    )
    yield from _read([("text", day or "")], zone)


def find_updated(metadata: Metadata, zone: tzinfo) -> datetime | None:
    """Return the site's claim of the last change."""
    claims = [metadata.claim("dateModified"), metadata.first(*_META_UPDATED)]
    claims += metadata.microdata.get("datemodified", [])
    moments = (read_moment(claim, zone) for claim in claims if claim)
    return next((moment.when for moment in moments if moment), None)


def _claims(metadata: Metadata) -> Iterator[tuple[str, str]]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        yield "jsonld", metadata.claim(key)
    for name in _META:
        for value in metadata.meta.get(name, ()):
            yield "meta", value
    for name in ("datepublished", "datecreated"):
        for value in metadata.microdata.get(name, ()):
            yield "microdata", value
    for name, value in metadata.times:
        if "publi" in name or "pubdate" in name or "posted" in name:
            yield "microdata", value


def _read(claims: Iterable[tuple[str, str]], zone: tzinfo) -> Iterator[Published]:
    for origin, claim in claims:
        if claim and (moment := read_moment(claim, zone)):
            yield Published(moment=moment, origin=origin, claim=claim[:200])


def _in_url(url: str, zone: tzinfo) -> Iterator[Published]:
    for match in _URL_DAY.finditer(urlsplit(url).path):
        numbers = [number for number in match.groups() if number]
        year_first = numbers if len(numbers[0]) == 4 else numbers[::-1]
        if moment := read_moment("-".join(year_first), zone):
            yield Published(moment=moment, origin="url", claim=match[0].strip("/"))
            return


def _in_text(text: str, heading: int, zone: tzinfo) -> list[tuple[float, Published]]:
    """The visible dates with how much each looks like this article's, the likeliest first.

    It stands near the heading, with a cue or a time beside it, and in no link: those are other
    articles' dates.
    """
    scored = [
        (_likelihood(text, place, heading, moment), place, claim, moment)
        for place, claim, moment in find_moments(text, zone)
    ]
    scored.sort(key=lambda entry: (-entry[0], entry[1]))
    return [
        (score, Published(moment=moment, origin="text", claim=claim))
        for score, _, claim, moment in scored
    ]


def _in_marked(tree: Element, base: str, url: str, zone: tzinfo) -> Iterator[Published]:
    """The first date in an element that the site names a date of publication, and not a teaser's.

    A link round it leads to this page, or it is another item's date.
    """
    for element in select(tree, ".//body//*[@class or @id]"):
        if not _DATE_MARK.search(marks(element)):
            continue
        text = visible_text(element)
        if len(text) > _MAX_MARKED_CHARS or not _is_own(element, base, url):
            continue
        if moment := read_moment(text, zone):
            yield Published(moment=moment, origin="text", claim=text[:200])
            return


def _linked_days(tree: Element, base: str, url: str, zone: tzinfo) -> set[date]:
    """The days in links to other pages and in teasers."""
    elements = [e for e in select(tree, ".//body//a | .//body//li") if not _is_read(e)]
    texts = (visible_text(e) for e in elements if not _is_own(e, base, url))
    found = (moment for text in texts for _, _, moment in find_moments(text, zone))
    return {moment.when.date() for moment in found}


def _is_own(element: Element, base: str, url: str) -> bool:
    for node in (element, *element.iterancestors()):
        if node.tag == "a" and urlsplit(absolute(base, node.get("href") or "")).path != (
            urlsplit(url).path
        ):
            return False
        if node.tag in ("html", "body"):
            return True
        if node.tag in ("aside", "nav") or _ELSEWHERE.search(node.get("class") or ""):
            return False
        if _is_teaser(node):
            return False
    return True


def _is_teaser(node: Element) -> bool:
    """Whether it is a list's item that links a headline; a whole article may be in a <li>."""
    if node.tag != "li" or len(visible_text(node)) > _MAX_TEASER_CHARS:
        return False
    return any(len(visible_text(link)) > _TEASER_LINK_CHARS for link in node.iter("a"))


def _lone_time(tree: Element, zone: tzinfo) -> Iterator[Published]:
    """The first <time> of the page's article or main element."""
    for place in (".//article", ".//main", "."):
        scope = tree.find(place)
        element = scope.find(".//time[@datetime]") if scope is not None else None
        if element is not None and (found := read_moment(element.get("datetime") or "", zone)):
            claim = (element.get("datetime") or "")[:200]
            yield Published(moment=found, origin="microdata", claim=claim)
            return


def _likelihood(text: str, place: int, heading: int, moment: Moment) -> float:
    before, around = text[max(0, place - 40) : place], text[max(0, place - 15) : place]
    distance = place - heading
    score = 1.0 + 2.0 * moment.timed + 2.0 * bool(_CUE.search(before))
    score -= 3.0 * bool(_OTHER_CUE.search(around))
    return score - (distance / 1500 if distance >= 0 else -distance / 400)


def _unlinked_text(tree: Element) -> tuple[str, int]:
    """The page's text outside links, and where in it the heading stands."""
    body = tree.find(".//body")
    heading = next((e for e in tree.iter("h1") if visible_text(e)), None)
    pieces: list[str] = []
    length, place = 0, 0
    pending = [(body, False)] if body is not None else []
    while pending and length < _MAX_CHARS:
        node, is_tail = pending.pop()
        if node is heading and not is_tail:
            place = length
        piece = (node.tail if is_tail else _own_text(node)) or ""
        piece = " ".join(piece.split()) + " " if piece.strip() else ""
        pieces.append(piece)
        length += len(piece)
        if not is_tail and _is_read(node):
            for child in reversed(node):
                pending += [(child, True), (child, False)]
    return "".join(pieces)[:_MAX_CHARS], place


def _own_text(node: Element) -> str:
    return node.text or "" if _is_read(node) else ""


def _is_read(node: Element) -> bool:
    return isinstance(node.tag, str) and node.tag not in SILENT | {"a"} and not _is_teaser(node)
