"""The dates that a page prints, and how much each looks like its article's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from functools import lru_cache
from urllib.parse import urlsplit

from lxml import etree
from lxml.etree import _Element as Element

from archive.text.lines import letters
from crawler.extract.head.metadata import Metadata
from crawler.extract.tree import BLOCKS, SILENT, first_text, marks, visible_text
from crawler.text.addresses import absolute
from crawler.text.dates import Moment, find_moments

# A date in prose has 1, one that stands alone 2, with a time or a cue 2 more; less with distance
STRONG, LIKELY = 2.2, 1.5
_ANOTHERS = 2.0

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d|[０-９]{4}|(?<!\d)\d\d-\d\d-\d\d(?!\d)")
_FIGURE = re.compile(r"\d")
_CUE = re.compile(
    r"发布|发表|时间|日期|来源|publi|posted|veröffentlicht|erstellt|erschienen|stand:|date\b"
    r"|gepubliceerd|pubblicato|publicado",
    re.I,
)
_PREPOSITION = re.compile(r"(?:on|le|vom)\s*$", re.I)  # a cue, but not in prose
_LABEL = re.compile(
    r"(?:发布(?:日期|时间|于)?|发表(?:于|时间)|日期|时间"
    r"|(?:publi\w+|posted|veröffentlicht|erschienen|erstellt|date)"
    r"(?:\s+(?:on|am|le|il|el|at|den))?)\s*[:：]?\s*$",
    re.I,
)
_OTHER_CUE = re.compile(
    r"copyright|©|更新|updated|modified|aktualisiert|änderung|截至|版权|ICP"
    r"|regist(?:ered|riert)|joined|member since|mitglied seit",
    re.I,
)
_DATE_MARK = re.compile(
    r"(?:publi\w*|post(?:ed)?|entry|article|news\w*|create[ds]?|release|pub|info)[\w-]{0,12}[-_]?"
    r"(?:date|time|datum)|(?:date|time|datum)[-_]?(?:publi|post|created)|pubtime|pubdate",
    re.I,
)
_ELSEWHERE = re.compile(
    r"comment(?!s?-(?:open|closed))|related|teaser|recommend|latest|popular", re.I
)
# what ends a sentence or parts its clauses; after a date it may go on at once
_SENTENCE = re.compile(r"[。！？；，]|[^\W\d]{2}[.!?](?:\s|$)|[^\W\d]{2}, [^\W\d]")
_GOES_ON = re.compile(r"[,，]?\s*[^\W\d]|[,，]")
# "wurde am 19. Mai gepostet": a sentence that tells of the page itself
_OF_ITSELF = re.compile(
    r"(?:uhr\s+)?(?:gepostet|veröffentlicht|publiziert|eingestellt|erstellt|geändert|aktualisiert"
    r"|by|and is filed|under|um \d|at \d|[)\]]\s*[.:–-])",
    re.I,
)
_DATELINE = re.compile(r"(?:[(（][^()（）]{1,30}[)）])?\s*[-–—]+\s")  # Ostend, 3 March 2020 (TW) –
_MIN_PROSE_CHARS, _MAX_PLACE_CHARS = 8, 30
_TEASER_LINK_CHARS = 15  # a longer link in an item of a list is a headline
_MAX_TEASER_CHARS = 400
_MAX_MARKED_CHARS = 60
_MAX_BESIDE_CHARS = 40  # source, section and author may stand beside a date that is no prose
_MARK_HEIGHT = 4
_END_CHARS = 200
_MAX_CHARS = 30_000
_AROUND_HEADING = 1500  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLine:
    """A line of the page outside links to other pages; `place` is counted in characters."""

    text: str
    place: int
    owner: Element  # what holds the first of its pieces with a figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A date that the page prints; `marked` where the site's classes call it publication's."""

    moment: Moment
    claim: str
    score: float  # see STRONG
    marked: bool
    prose: bool  # one of a sentence's subjects: an event's day


def printed_dates(
    tree: Element, metadata: Metadata, url: str, zone: tzinfo, *, day_first: bool
) -> list[Printed]:
    """The dates outside links and other items, the likeliest first."""
    heading = _heading(tree, metadata)
    # a headline may be told twice: in the page's head and again over the article
    headline = visible_text(heading) if heading is not None else ""
    headings: list[int] = []
    dated = []
    for line in _lines(tree, metadata.base, url):
        if line.text == headline:
            headings.append(line.place)
        if _YEAR.search(line.text):
            dated.append(line)
    found = []
    for line in dated:
        own = is_own(line.owner, metadata.base, url)
        for printed in _in_line(line, headings or [0], zone, day_first=day_first):
            found.append(printed if own else _of_another(printed))
    return sorted(found, key=lambda printed: -printed.score)


def _of_another(printed: Printed) -> Printed:
    """Classes may lie: a site gives its articles the class of its teasers."""
    return replace(printed, score=printed.score - _ANOTHERS, marked=False)


def printed_clock(tree: Element, metadata: Metadata, zone: tzinfo) -> datetime | None:
    """The date and time that the page prints by its heading: a wall clock."""
    heading = _heading(tree, metadata)
    parent = heading.getparent() if heading is not None else None
    if parent is None:
        return None
    for line in _lines(tree, "", "", start=parent):
        if line.place > _AROUND_HEADING:
            return None
        if _YEAR.search(line.text):
            for _, _, moment in find_moments(line.text, zone):
                if moment.timed:
                    return moment.when.replace(tzinfo=None)
    return None


def linked_days(tree: Element, base: str, url: str, zone: tzinfo) -> set[date]:
    """The days in links to other pages and in teasers."""
    told = ((element, visible_text(element)) for element in tree.iter("a", "li"))
    texts = (text for e, text in told if _YEAR.search(text) and not is_own(e, base, url))
    found = (m for text in texts for _, _, m in find_moments(text, zone))
    return {moment.when.date() for moment in found}


def is_own(element: Element, base: str, url: str) -> bool:
    """Whether an element is the article's: in no link to another page, margin or teaser."""
    for node in (element, *element.iterancestors()):
        if node.tag in ("html", "body"):
            return True
        elsewhere = _ELSEWHERE.search(node.get("class") or "")
        if node.tag in ("aside", "nav") or (elsewhere and not _is_beside_heading(node)):
            return False
        if (node.tag == "a" and _leads_away(node, base, url)) or _is_teaser(node):
            return False
    return True


def _is_beside_heading(node: Element) -> bool:
    """Whether the next or last element is the page's <h1>: then a class that says teaser lies."""
    beside = (node.getnext(), node.getprevious())
    return any(other is not None and other.tag == "h1" for other in beside)


def _leads_away(link: Element, base: str, url: str) -> bool:
    if _last_part(url) not in (link.get("href") or ""):
        return True  # nearly all; the rest is exact, and slow
    return urlsplit(absolute(base, link.get("href") or "")).path != urlsplit(url).path


@lru_cache(8)  # asked for each link of a page
def _last_part(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


def _is_teaser(node: Element) -> bool:
    """Whether it is a list's item that links a headline; a whole article may be in a <li>."""
    if node.tag != "li" or _is_longer(node, _MAX_TEASER_CHARS):
        return False
    return any(len(visible_text(link)) > _TEASER_LINK_CHARS for link in node.iter("a"))


def _is_longer(node: Element, chars: int) -> bool:
    return len(first_text(node, chars + 1)) > chars


def _heading(tree: Element, metadata: Metadata) -> Element | None:
    """The first <h1> that a title of the page repeats, else the first that says anything."""
    titles = [letters(metadata.first("og:title")), letters(metadata.claim("headline"))]
    head = tree.find(".//title")
    titles.append(letters(visible_text(head)) if head is not None else "")
    said = [heading for heading in tree.iter("h1") if visible_text(heading)]
    named = (h for h in said if any(letters(visible_text(h)) in title for title in titles))
    return next(named, said[0] if said else None)


def _lines(
    tree: Element, base: str, url: str, start: Element | None = None
) -> Iterator[PrintedLine]:
    """The lines of the body, or those from an element on."""
    place = 0
    for top in _from(start) if start is not None else tree.iterfind(".//body"):
        for line in _lines_of(top, base, url, place):
            yield line
            place = line.place + len(line.text) + 1
        if place > _MAX_CHARS:
            return


def _from(start: Element) -> Iterator[Element]:
    yield start
    for node in (start, *start.iterancestors()):
        yield from node.itersiblings()


def _lines_of(top: Element, base: str, url: str, place: int) -> Iterator[PrintedLine]:
    pieces: list[str] = []
    owner: Element | None = None
    walk = etree.iterwalk(top, events=("start", "end"))
    for event, node in walk:
        begins = event == "start"
        if node.tag in BLOCKS or node is top:
            if text := " ".join("".join(pieces).split()):
                yield PrintedLine(text=text, place=place, owner=top if owner is None else owner)
                place += len(text) + 1
            pieces, owner = [], None
            if place >= _MAX_CHARS or (node is top and not begins):
                return
        if begins and (node.tag in SILENT or (node.tag == "a" and _leads_away(node, base, url))):
            walk.skip_subtree()
            continue
        piece = node.text if begins else node.tail
        if piece and not piece.isspace():
            pieces += [piece, " "]
            if owner is None and _FIGURE.search(piece):
                owner = node if begins else node.getparent()


def _in_line(
    line: PrintedLine, headings: list[int], zone: tzinfo, *, day_first: bool
) -> Iterator[Printed]:
    marked = len(line.text) <= 2 * _MAX_MARKED_CHARS and _is_marked(line.owner)
    for start in _ends(line.text):
        text = line.text[start : start + _END_CHARS]
        for place, claim, moment in find_moments(text, zone, day_first=day_first):
            prose = _is_prose(line.text, start + place, claim)
            likelihood = _in_prose if prose else _likelihood
            yield Printed(
                moment=moment,
                claim=claim[:200],
                score=likelihood(line, start + place, claim, headings, timed=moment.timed),
                marked=marked,
                prose=prose,
            )


def _ends(text: str) -> tuple[int, ...]:
    """Where to read a line: a date in the middle of a long paragraph is one of its subjects."""
    return (0,) if len(text) <= _END_CHARS else (0, max(_END_CHARS, len(text) - _END_CHARS))


def _is_prose(text: str, place: int, claim: str) -> bool:
    """Whether a date is part of a sentence: letters stand before or after it in one with marks.

    A dateline before a sentence is none ("29.11.2022 – The port"), nor is a labelled date.
    """
    before, after = text[:place].rstrip(), text[place + len(claim) :].lstrip()
    label = _LABEL.search(before, max(0, len(before) - 30))
    if label and before[-1] in ":：":
        return False
    if label and not before[: label.start()][-1:].isalpha() and not _SENTENCE.search(after):
        return False
    begins = not before.strip("([（【")
    if _OF_ITSELF.match(after) or (begins and not _GOES_ON.match(after)):
        return False
    if len(before) <= _MAX_PLACE_CHARS and _DATELINE.match(after):
        return False
    return len(text) - len(claim) >= _MIN_PROSE_CHARS and bool(
        _SENTENCE.search(f"{before} {after}")
    )


def _in_prose(
    line: PrintedLine, place: int, claim: str, headings: list[int], *, timed: bool
) -> float:
    """At most the least that is likely, however near: it is somebody's birth, a sinking, a deal."""
    score = _likelihood(line, place, claim, headings, timed=timed)
    return min(score - 2.0 * timed, 1.0)


def _likelihood(
    line: PrintedLine, place: int, claim: str, headings: list[int], *, timed: bool
) -> float:
    """It stands near the heading, a cue or a time beside it, not in the middle of prose."""
    before = line.text[max(0, place - 40) : place]
    alone = len(line.text) - len(claim) <= _MAX_BESIDE_CHARS
    cued = _CUE.search(before) or (alone and _PREPOSITION.search(before))
    # "29.11.2022 – The port …": a dateline heads prose
    score = 1.0 + 2.0 * timed + 2.0 * bool(cued) + 1.0 * (alone or place == 0)
    score -= 3.0 * bool(_OTHER_CUE.search(before[-15:]))
    distance = min(_distance(line.place + place - heading) for heading in headings)
    return score - (min(1.0, distance) if _LABEL.search(before) else distance)


def _distance(chars: int) -> float:
    return chars / 1500 if chars >= 0 else -chars / 400


def _is_marked(owner: Element) -> bool:
    """Whether the site names the element, or one little larger, a date of publication."""
    around = [owner, *owner.iterancestors()][:_MARK_HEIGHT]
    named = (node for node in around if _DATE_MARK.search(marks(node)))
    return any(not _is_longer(node, _MAX_MARKED_CHARS) for node in named)
