"""What `Work` hands out, what a request carries from hop to hop, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from archive.model import Article, Document, Entry, EntryState, Rejection
from config.model import Kind, Source


def hostname(url: str) -> str:
    """The host as Scrapy names its download slots: lower case, without port."""
    return urlsplit(url).hostname or ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Poll:
    """Visit a source. A task is equal only to itself."""

    source: Source

    @property
    def host(self) -> str:
        return hostname(self.source.url)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fetch:
    """Fetch an owed entry's page."""

    source: Source
    entry: Entry

    @property
    def host(self) -> str:
        return hostname(self.entry.raw_url)


Task = Poll | Fetch


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One document of a visit on its way: the source's own, a further page, a child sitemap."""

    task: Poll
    url: str
    kind: Kind | None
    at: datetime
    started: float  # monotonic seconds
    validators: tuple[str, str | None, str | None] | None = None
    first: Answer | None = None  # of the source's own address; None until it came
    entries: tuple[Entry, ...] = ()  # gathered from pages 1, 2, … until all are there
    found: int = 0
    dropped: int = 0
    seen: tuple[str, ...] = ()  # read so far: a listing that links in a circle ends
    visit_id: int | None = None  # once announced
    document: Document | None = None  # the child sitemap this look reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the visit row keeps of the source's response."""

    status: int | None
    url: str = ""
    etag: str | None = None
    last_modified: str | None = None
    bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article on its way, part by part."""

    task: Fetch
    url: str  # what to fetch next
    parts: tuple[Article, ...] = ()
    addresses: tuple[str, ...] = ()  # every address that led to part 1
    further: tuple[str, ...] = ()  # and to the other parts
    page_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageItem:
    """The item that a spider yields for an entry: its article, or why there is none.

    `state` is what a Rejection closes the entry with.
    """

    task: Fetch
    outcome: Article | Rejection = field(repr=False)
    addresses: tuple[str, ...] = ()  # of part 1, in the order they were asked for
    further: tuple[str, ...] = ()  # of the parts joined to it
    page_ids: tuple[int, ...] = ()
    state: EntryState = EntryState.REJECTED
    fetched: datetime | None = None  # None: now

    @property
    def url(self) -> str:
        return self.task.entry.raw_url
