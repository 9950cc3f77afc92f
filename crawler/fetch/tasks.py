"""What `Work` hands out, what a request carries from hop to hop, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from archive.looks import DueLook, Validators
from archive.model import Article, Document, Entry, EntryState, Rejection
from config.model import Kind, Source
from crawler.discover.model import Hints

NO_HINTS = Hints()


def hostname(url: str) -> str:
    """The host as Scrapy names its download slots: lower case, without port."""
    return urlsplit(url).hostname or ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Poll:
    """Visit a source. A task is equal only to itself."""

    source: Source
    probe: bool = False  # only to see whether anything answers: handed out during a pause, too

    @property
    def host(self) -> str:
        return hostname(self.source.url)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fetch:
    """Fetch an owed entry's page, or look at an archived article again."""

    source: Source
    entry: Entry
    look: DueLook | None = None

    @property
    def url(self) -> str:
        """What is fetched: where an article is known to be there is no redirect to follow."""
        return self.look.page.url if self.look else self.entry.raw_url

    @property
    def host(self) -> str:
        return hostname(self.url)


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
    dates: tuple[datetime | None, ...] = ()  # of all items listed
    hints: Hints = NO_HINTS  # of the source's own document
    next_due: datetime | None = None  # once announced
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
    fresh: timedelta | None = None  # for which its headers say that nothing will change
    led_to: str = ""  # where redirects led, all of them permanent ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article on its way, part by part."""

    task: Fetch
    url: str  # what to fetch next
    parts: tuple[Article, ...] = ()
    addresses: tuple[str, ...] = ()  # every address that led to part 1
    further: tuple[str, ...] = ()  # and to the other parts
    page_ids: tuple[int, ...] = ()
    page: Validators | None = None  # of part 1

    @property
    def validators(self) -> tuple[str, str | None, str | None] | None:
        """What the first request of a look asks with."""
        look = self.task.look
        if look is None or self.parts:
            return None
        return look.page.url, look.page.etag, look.page.last_modified


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """An archived article's page is still the version that was read last (HTTP 304)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageItem:
    """The item that a spider yields for an entry: its article, or why there is none.

    `state` is what a Rejection closes the entry with.
    """

    task: Fetch
    outcome: Article | Rejection | NotModified = field(repr=False)
    addresses: tuple[str, ...] = ()  # of part 1, in the order they were asked for
    further: tuple[str, ...] = ()  # of the parts joined to it
    page_ids: tuple[int, ...] = ()
    page: Validators | None = None  # of part 1; None: no page that could be asked for again
    state: EntryState = EntryState.REJECTED
    fetched: datetime | None = None  # None: now

    @property
    def url(self) -> str:
        return self.task.url
