"""Where to look for what a document has let go: its older pages, witnesses, the site's sitemaps.

A visit whose document joins on to nothing that was known asks for further ones before it ends:
older pages of the feed or listing while they lead back; else the source's `witness` addresses; else
the sitemaps of robots.txt, news sitemaps first. What they list within the gap is announced with the
rest. Each step is pure: from what was asked for and what it lists to what is asked for next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from urllib.parse import urljoin, urlsplit

from archive.model import Document, Entry, GapSearch, ListedItem
from archive.sources.window import Window, judge, listed_items
from config.model import Kind, ListRules, Source
from crawler.discover.autodiscover import lists_news, named_sitemaps
from crawler.discover.model import Discovered
from crawler.discover.select import select_entries
from crawler.fetch.tasks import DOCUMENT_MAXSIZE, Announced, Poll
from crawler.text.addresses import same_site, speaks_for

OLDER_PAGES = 10  # of one visit
ELSEWHERE = 10  # witnesses, sitemaps and their files
SITEMAPS = 5  # of those that a robots.txt or an index names
CROWD = 2  # times as many items as the source lists in the same time: a sitemap of more than it

_NOTHING = GapSearch()

Form = Literal["older", "witness", "robots", "sitemap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is known of a gap while it is searched for."""

    window: Window  # what was listed before
    since: datetime | None  # date of the newest item that was known
    oldest: datetime | None  # date of the oldest one that is listed now
    listed: frozenset[str]  # keys of what is listed now
    waiting: tuple[tuple[Form, str], ...] = ()  # what is still to be asked for
    asked: tuple[str, ...] = ()
    met: frozenset[str] = frozenset()  # keys of what was found
    is_past: bool = False  # a gap that an earlier visit noticed: only dates tell what lies in it
    result: GapSearch = _NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRequest:
    """A further document of a visit, asked for what the first one has let go."""

    task: Poll
    url: str
    form: Form
    announced: Announced  # the visit's outcome as it is so far
    search: Search
    cut: str = ""  # digest of an answer that ended too early: the next one decides
    priority = 0
    rendered = False
    max_bytes = DOCUMENT_MAXSIZE
    validators: None = None

    @property
    def kind(self) -> Kind | None:
        """What the document should be; None: to be found."""
        if self.form == "older":
            return self.announced.listed.document
        return "sitemap" if self.form == "sitemap" else None

    @property
    def source(self) -> Source:
        """The source as the document is to be read: its rules are those of its own page."""
        own = self.task.source
        return own if self.form == "older" else own.model_copy(update={"list": ListRules()})


def search_gap(task: Poll, announced: Announced, older_page: str) -> GapRequest | Announced:
    """Begin a search where a document joins on to nothing that was known; else the outcome."""
    items = announced.listed.items
    if not items:
        return announced
    window = Window.parse(task.listing)
    judged = judge(window, items, at=announced.at)
    if not judged.apart:
        return announced if judged.doubt else _search_again(task, announced, window)
    dates = [item.date for item in items if item.date and window.pins().isdisjoint(item.keys)]
    later = [date for date in dates if window.newest is None or date > window.newest]
    search = Search(
        window=window,
        since=window.newest or task.visited,
        oldest=min(later, default=None),
        listed=frozenset(key for item in items for key in item.keys),
        asked=(task.url, announced.answered.validators.url),
    )
    if _leads_on(older_page, task, search):
        return _ask(task, announced, search, "older", older_page)
    return _elsewhere(task, announced, search)


def _search_again(task: Poll, announced: Announced, window: Window) -> GapRequest | Announced:
    """Look for what an earlier visit has missed, where a document lists older items now."""
    lost = window.lost
    if lost is None or not lost.is_due(announced.at):
        return announced
    search = Search(
        window=window,
        since=lost.started,
        oldest=lost.ended,
        listed=frozenset(key for item in announced.listed.items for key in item.keys),
        asked=(task.url, announced.answered.validators.url),
        is_past=True,
    )
    return _elsewhere(task, announced, search)


def found_nothing(request: GapRequest) -> GapRequest | Announced:
    """The next step where a document could not be had or read."""
    if request.form == "older":
        return _elsewhere(request.task, request.announced, request.search)
    return _next(request.task, request.announced, request.search)


def read_robots(request: GapRequest, text: str) -> GapRequest | Announced:
    """Go on with the sitemaps that a robots.txt names."""
    named = [url for url in named_sitemaps(text, request.url) if url not in request.search.asked]
    waiting: tuple[tuple[Form, str], ...] = tuple(("sitemap", url) for url in named[:SITEMAPS])
    return _next(request.task, request.announced, replace(request.search, waiting=waiting))


def read_further(request: GapRequest, discovered: Discovered) -> GapRequest | Announced:
    """Take what a document lists within the gap, and give the next step."""
    if request.form == "older":
        return _read_older(request, discovered)
    search = request.search
    if discovered.documents:
        files = _files(discovered.documents, search)
        search = replace(search, waiting=(*files, *search.waiting))
    entries: Sequence[Entry] = discovered.entries
    if request.form == "sitemap":
        entries = _of_source(entries, request)
    within, spanned = _between(entries, search)
    announced, search = _take(request, search, within)
    if not spanned:
        return _next(request.task, announced, search)
    return _ended(announced, replace(search.result, spanned=True))


def _read_older(request: GapRequest, discovered: Discovered) -> GapRequest | Announced:
    """An older page belongs to the gap down to the first item that was known."""
    search, since = request.search, request.search.window.newest
    known, items = search.window.keys(), listed_items(discovered.entries)
    back = next((n for n, item in enumerate(items) if not known.isdisjoint(item.keys)), None)
    dates = [item.date for item in items]
    is_past = bool(since and dates and all(date and date <= since for date in dates))
    within = [
        entry
        for entry, date in zip(discovered.entries[:back], dates[:back], strict=False)
        if back is not None or not (since and date and date <= since)
    ]
    announced, search = _take(request, search, within)
    if back is not None or is_past:
        return _ended(announced, replace(search.result, reached=True))
    following, pages = discovered.next_page, len(search.asked) - 2
    if _leads_on(following, request.task, search) and pages < OLDER_PAGES:
        return _ask(request.task, announced, search, "older", following)
    return _elsewhere(request.task, announced, search)


def _leads_on(page: str, task: Poll, search: Search) -> bool:
    return bool(page) and page not in search.asked and same_site(page, task.url)


def _elsewhere(task: Poll, announced: Announced, search: Search) -> GapRequest | Announced:
    source = task.source
    witnesses: tuple[tuple[Form, str], ...] = tuple(("witness", url) for url in source.witness)
    page = next((e.url for e in announced.listed.entries), source.url)
    home = page if speaks_for(source.url, page, source.hosts) else source.url
    robots: tuple[Form, str] = ("robots", urljoin(home, "/robots.txt"))
    asked = search.asked[:2]  # its older pages have a number of their own
    return _next(task, announced, replace(search, waiting=witnesses or (robots,), asked=asked))


def _next(task: Poll, announced: Announced, search: Search) -> GapRequest | Announced:
    if not search.waiting or len(search.asked) - 2 >= ELSEWHERE:
        return _ended(announced, search.result)
    (form, url), *waiting = search.waiting
    return _ask(task, announced, replace(search, waiting=tuple(waiting)), form, url)


def _ask(task: Poll, announced: Announced, search: Search, form: Form, url: str) -> GapRequest:
    search = replace(search, asked=(*search.asked, url))
    return GapRequest(task=task, url=url, form=form, announced=announced, search=search)


def _ended(announced: Announced, result: GapSearch) -> Announced:
    return replace(announced, listed=replace(announced.listed, search=result))


def _take(
    request: GapRequest, search: Search, entries: Sequence[Entry]
) -> tuple[Announced, Search]:
    """Add the entries of a document to the visit, as its own are: by the source's rules."""
    items = listed_items(entries)
    fresh = [
        (entry, item)
        for entry, item in zip(entries, items, strict=False)
        if search.met.isdisjoint(item.keys)
    ]
    if not fresh:
        return request.announced, search
    listed, result = request.announced.listed, search.result
    chosen = [entry for entry, _ in fresh]
    selection = select_entries(chosen, source=request.task.source, now=request.announced.at)
    listed = replace(
        listed,
        entries=(*listed.entries, *selection.entries),
        found=listed.found + len(fresh),
        dropped=listed.dropped + selection.dropped,
        dates=(*listed.dates, *(item.date for _, item in fresh)),
    )
    keys = (key for _, item in fresh for key in item.keys)
    found = replace(result, places=(*result.places, request.url), found=result.found + len(fresh))
    search = replace(search, met=search.met.union(keys), result=found)
    return replace(request.announced, listed=listed), search


def _files(documents: Sequence[Document], search: Search) -> list[tuple[Form, str]]:
    """The files of a sitemap index that may hold what is missing, newest first."""
    since = search.since
    may = [d for d in documents if not (since and d.lastmod and d.lastmod < since)]
    # by address first where it says so, then by date; an undated one last
    order = sorted(
        may,
        key=lambda d: (not lists_news(d.url), -(d.lastmod.timestamp() if d.lastmod else 0)),
    )
    return [("sitemap", d.url) for d in order[:SITEMAPS] if d.url not in search.asked]


def _of_source(entries: Sequence[Entry], request: GapRequest) -> Sequence[Entry]:
    """What of a whole site's sitemap may be this source's; nothing where nobody can tell.

    Its own items say so: by the folder that all of them lie in, then by their number. The source's
    user says it of a `witness`.
    """
    own, oldest = request.announced.listed.entries, request.search.oldest
    folders = {_folder(entry.url) for entry in own}
    if len(folders) == 1:
        entries = [entry for entry in entries if _folder(entry.url) in folders]
    dates = (entry.published or entry.updated for entry in entries)
    lately = sum(1 for date in dates if date and oldest and date >= oldest)
    return () if lately > CROWD * len(request.announced.listed.items) else entries


def _folder(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    folder, slash, _ = parts.path.lstrip("/").partition("/")
    return parts.netloc, folder if slash else ""


def _between(entries: Sequence[Entry], search: Search) -> tuple[list[Entry], bool]:
    """What of a witness lies within the gap, and whether the witness spans all of it.

    By dates where all have one, else by place: between what was known and what is listed now.
    """
    items, known = listed_items(entries), search.window.keys()
    before = [n for n, item in enumerate(items) if not known.isdisjoint(item.keys)]
    now = [n for n, item in enumerate(items) if not search.listed.isdisjoint(item.keys)]
    dates = [item.date for item in items if item.date is not None]
    since, oldest = search.since, search.oldest
    if search.is_past:
        return _between_dates(entries, items, search)
    if since is None or not items or len(dates) < len(items):
        return _between_places(entries, before, now)
    left_out = {*before, *now}
    within = [
        entry
        for n, (entry, date) in enumerate(zip(entries, dates, strict=False))
        if n not in left_out and date > since
    ]
    reaches_now = bool(now) or (oldest is not None and max(dates) >= oldest)
    return within, reaches_now and (bool(before) or min(dates) <= since)


def _between_dates(
    entries: Sequence[Entry], items: Sequence[ListedItem], search: Search
) -> tuple[list[Entry], bool]:
    dates = [item.date for item in items if item.date is not None]
    since, until = search.since, search.oldest
    if not dates or len(dates) < len(items) or since is None or until is None:
        return [], False
    seen = search.listed | search.window.keys()
    within = [
        entry
        for entry, item, date in zip(entries, items, dates, strict=True)
        if since < date <= until and seen.isdisjoint(item.keys)
    ]
    return within, min(dates) <= since and max(dates) >= until


def _between_places(
    entries: Sequence[Entry], before: Sequence[int], now: Sequence[int]
) -> tuple[list[Entry], bool]:
    if not before or not now:
        return [], False
    if max(now) < min(before):  # newest first
        return list(entries[max(now) + 1 : min(before)]), True
    if max(before) < min(now):
        return list(entries[max(before) + 1 : min(now)]), True
    return [], False
