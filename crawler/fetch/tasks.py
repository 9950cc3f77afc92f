"""What goes over the desk: a Task is what a worker is to do, an Outcome what came of it.

Both are facts, complete in themselves: whoever has a task needs no archive, whoever has an outcome
needs no network. `crawler.fetch.desk` puts them into JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Literal
from urllib.parse import urlsplit

from archive.images.formats import Picture
from archive.model import (
    Article,
    Document,
    Entry,
    GapSearch,
    ListedItem,
    RawPage,
    Rejection,
    Validators,
)
from config.model import Kind, Source
from crawler.discover.model import Hints
from crawler.fetch.http.outcomes import Failed


@lru_cache(maxsize=10_000)  # whoever waits for room asks it of every source that is due
def hostname(url: str) -> str:
    """The host as Scrapy names its download slots: lower case, without port."""
    return urlsplit(url).hostname or ""


def always() -> bool:
    return True


DOCUMENT_MAXSIZE = 50 * 2**20  # a sitemap may be 50 MB (sitemaps.org)
_NO_HINTS = Hints()


@dataclass(frozen=True, kw_only=True, eq=False)
class _Handed:
    """What every task has. A task is equal only to itself; without slots, as `host` is asked for
    some thirty times on a page's way, and worked out once."""

    source: Source
    attempt: int  # the stored number under which it is out; an outcome of an older one is refused
    delay_s: float  # between two requests to its host
    live: Callable[[], bool] = field(default=always, repr=False)  # may it still be begun? not sent


@dataclass(frozen=True, kw_only=True, eq=False)
class Poll(_Handed):
    """Visit a source."""

    kind: Literal["poll"] = "poll"
    document: Kind | None = None  # what its document is, as configured or found; None: to be found
    validators: Validators | None = None  # of the last visit
    listing: str = "{}"  # what the last visit listed (archive.sources.window.Window)
    hints: Hints = _NO_HINTS  # of the document that was read last
    visited: datetime | None = None  # the last good visit
    anew: bool = False  # everything that is listed counts again, also what was read before
    probe: bool = False  # to see whether anything answers: handed out while all else waits
    offset_s: int | None = None  # by which the source's dates run ahead, as was learned

    @cached_property
    def id(self) -> str:
        return f"poll:{self.source.id}"

    @cached_property
    def url(self) -> str:
        return self.source.url

    @cached_property
    def host(self) -> str:
        return hostname(self.url)


@dataclass(frozen=True, kw_only=True, eq=False)
class Child(_Handed):
    """Read one file of a sitemap index, as a part of the visit that found it."""

    kind: Literal["child"] = "child"
    sitemap: Document
    visit_id: int
    offset_s: int | None = None  # as of a Poll
    validators: None = None

    @cached_property
    def id(self) -> str:
        return f"child:{self.source.id}:{self.sitemap.url}"

    @cached_property
    def url(self) -> str:
        return self.sitemap.url

    @cached_property
    def host(self) -> str:
        """The source's: its delay and its turn count, wherever the file lies."""
        return hostname(self.source.url)


@dataclass(frozen=True, kw_only=True, eq=False)
class PageTask(_Handed):
    """Fetch an owed entry's page."""

    kind: Literal["page"] = "page"
    entry: Entry
    learned: str = ""  # hash of what was learned of the outlet: see `Desk.learned`
    last: bool = False  # the retries are used up: a failure closes the entry
    validators: None = None

    @cached_property
    def id(self) -> str:
        return f"page:{self.entry.id}"

    @cached_property
    def url(self) -> str:
        return self.entry.raw_url

    @cached_property
    def host(self) -> str:
        return hostname(self.url)


@dataclass(frozen=True, kw_only=True, eq=False)
class Recheck(_Handed):
    """Fetch an archived article's page again."""

    kind: Literal["recheck"] = "recheck"
    entry: Entry  # what the article was made of
    article_id: int
    validators: Validators  # of the page as it was read last, at the address that answered
    learned: str = ""

    @cached_property
    def id(self) -> str:
        return f"recheck:{self.article_id}"

    @cached_property
    def url(self) -> str:
        """Where the article is known to be there is no redirect to follow."""
        return self.validators.url

    @cached_property
    def host(self) -> str:
        return hostname(self.url)


@dataclass(frozen=True, kw_only=True, eq=False)
class ImageTask(_Handed):
    """Fetch a picture that an archived article leads to."""

    kind: Literal["image"] = "image"
    image_id: int
    address: str
    page: str  # the address of an article that leads to it
    max_bytes: int
    validators: None = None

    @cached_property
    def id(self) -> str:
        return f"image:{self.image_id}"

    @cached_property
    def url(self) -> str:
        return self.address

    @cached_property
    def host(self) -> str:
        return hostname(self.address)


Visiting = Poll | Child
Fetching = PageTask | Recheck
Task = Visiting | Fetching | ImageTask


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a response says of itself."""

    status: int
    validators: Validators
    bytes: int = 0
    fresh: timedelta | None = None  # for which its headers say that nothing will change
    led_to: str = ""  # where redirects led, all of them permanent ones
    clock_s: int = 0  # by which the servers' clocks are ahead of ours, if ours is wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What the documents of a visit list: a feed, or pages 1, 2, … of a listing."""

    document: Kind | None = None  # what they are
    entries: tuple[Entry, ...] = ()  # those that the source's rules keep
    sitemaps: tuple[Document, ...] = ()  # the files of a sitemap index
    found: int = 0  # items, before any rule dropped some
    dropped: int = 0
    unused: tuple[tuple[str, int], ...] = ()  # why items are none of `entries`, and how many
    offset_s: int | None = None  # that was taken off their dates
    offset_reason: str = ""  # '' where it was known before
    dates: tuple[datetime | None, ...] = ()  # of all items
    items: tuple[ListedItem, ...] = ()  # before any rule dropped some; the search's apart
    search: GapSearch | None = None  # for what lies between the last visit's items and these
    hints: Hints = _NO_HINTS  # of the first document
    overlong: int = 0  # persons' elements that were left out for their length


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A source's document, or a file of its sitemap, was read."""

    form: Literal["announced"] = "announced"
    at: datetime
    seconds: float
    answered: Answered
    listed: Listed
    hub: str = ""  # that pushes this feed (WebSub), '' for none
    topic: str = ""  # the feed's address as the hub knows it


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The document, or the page, is the version that was read last: by 304, or by its bytes."""

    form: Literal["not modified"] = "not modified"
    at: datetime
    seconds: float
    answered: Answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """A visit that failed. What earlier pages of a listing gave is in `listed`."""

    form: Literal["visited"] = "visited"
    at: datetime
    seconds: float
    answered: Answered | None  # None: nothing answered
    failed: Failed
    listed: Listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """An article, of its page or (`addresses` empty) of what the feed carried."""

    form: Literal["extracted"] = "extracted"
    article: Article = field(repr=False)
    addresses: tuple[str, ...] = ()  # of part 1, in the order they were asked for
    further: tuple[str, ...] = ()  # of the parts joined to it
    page: Validators | None = None  # of part 1; None: no page that could be asked for again
    raw: tuple[RawPage, ...] = field(default=(), repr=False)
    fetched: datetime | None = None  # None: now


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A page was fetched, and is no article."""

    form: Literal["rejected"] = "rejected"
    rejection: Rejection
    raw: tuple[RawPage, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """There is no page, and asking again is no use."""

    form: Literal["closed"] = "closed"
    failed: Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Postponed:
    """No page came this time."""

    form: Literal["postponed"] = "postponed"
    failed: Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFetched:
    """A picture, looked at: it is one that may be kept."""

    form: Literal["image"] = "image"
    body: bytes = field(repr=False)
    picture: Picture


VisitOutcome = Announced | NotModified | Visited
PageOutcome = Extracted | Rejected | Closed | Postponed | NotModified
ImageOutcome = ImageFetched | Closed | Postponed
Outcome = VisitOutcome | PageOutcome | ImageFetched


def internal_failure(task: Task, reason: str, *, now: datetime) -> Outcome:
    """What comes of a task that we could not do, whatever its host says."""
    failed = Failed(reason=reason, internal=True)
    if not isinstance(task, Visiting):
        return Postponed(failed=failed)
    return Visited(at=now, seconds=0.0, answered=None, failed=failed, listed=Listed())


@dataclass(frozen=True, slots=True)
class Ended:
    """The item that a spider yields when a task has ended."""

    task: Task
    outcome: Outcome

    @property
    def url(self) -> str:
        return self.task.url
