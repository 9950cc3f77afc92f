"""The values that enter and leave the archive: frozen, complete, and free of HTTP and HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class EntryState(StrEnum):
    """Where an announced URL stands; every state but OWED is closed."""

    OWED = "owed"
    ARCHIVED = "archived"  # article_id holds it: new, revised, unchanged or already there
    COPY = "copy"  # the same text is archived under another URL of the outlet; no row made
    REJECTED = "rejected"  # fetched, and no article
    FORBIDDEN = "forbidden"  # robots.txt, 401, 403, 451, or the address guard
    GONE = "gone"  # 410 at once, 404 after the last retry
    FAILED = "failed"  # retries used up
    HELD = "held"  # a guess keeps it back: probed, and owed again when its page is another one


MAX_TEXT_BYTES = 1_000_000  # of UTF-8; the longest article of the corpus has 120 KB


BY_HAND = "refused by hand"  # begins the reason of what a person refused


class Reason(StrEnum):
    """Why a fetched page became no article."""

    INDEX_PAGE = "index page"
    TOO_SHORT = "too short"
    VIDEO = "video only"
    PAYWALL = "paywall"
    PARSER_ERROR = "parser error"
    TIMEOUT = "timeout"
    CRASHED = "extraction crashed"
    NOT_HTML = "not HTML"
    LOGIN_WALL = "login wall"
    ERROR_PAGE = "error page"
    PLACEHOLDER = "placeholder"
    ELSEWHERE = "leads elsewhere"
    TOO_LONG = "too long"
    FORGOTTEN = "forgotten"


class ChangeKind(StrEnum):
    """What an event of the archive was: `changes.kind`."""

    NEW = "new"  # an article came in
    EDIT = "edit"  # another version of it: its facts or its words
    MINOR = "minor"  # another version: punctuation, space, case, slips of the pen
    EXTRACTION = "extraction"  # its page is the same, today's extraction reads it otherwise
    REDATED = "redated"  # its date of publication was settled otherwise
    MOVED = "moved"  # it is filed under another address
    WITHDRAWN = "withdrawn"  # its site was seen to have taken it down
    RETURNED = "returned"  # its site has it again
    COPIED = "copied"  # it is a copy of another story since
    LEFT = "left"  # it is a copy no longer
    LED = "led"  # it leads its copies, for this reason
    ATTRIBUTED = "attributed"  # it is filed under another source
    HELD = "held"  # a guess keeps it back
    RELEASED = "released"  # no longer
    REOPENED = "reopened"  # an entry that was closed is owed again, held, or ends otherwise
    MERGED = "merged"  # it came from another archive, or got something from there
    FORGOTTEN = "forgotten"  # it was taken down here


class Verdict(StrEnum):
    """What saving an article did."""

    NEW = "new"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    COPY = "copy"


class SourceStatus(StrEnum):
    OK = "ok"
    QUIET = "quiet"
    SLOW = "slow"
    FAILING = "failing"
    SILENT = "silent"
    MOVED = "moved"
    GONE = "gone"
    BLOCKED = "blocked"
    DISABLED = "disabled"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What the config says of a source, in the archive's words. `kind` is '' until detected."""

    id: str
    name: str
    url: str
    kind: str = ""
    category: str = "金融"
    section: str = ""
    language: str = ""
    enabled: bool = True
    domains: tuple[str, ...] = ()  # registrable ones, of the own hosts
    hosts: tuple[str, ...] = ()  # its own, with all below them
    trust: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """The version of a document that was fetched, in HTTP's words (RFC 9110 §8.8)."""

    url: str  # the address that answered
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None  # of a source's document, and of the rules that it was read by


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What the archive remembers of a source: one row of `sources`."""

    id: str
    name: str
    kind: str
    url: str
    category: str
    section: str
    language: str
    enabled: bool
    validators: Validators | None = None  # of the last visit that was read whole
    next_due: datetime | None = None
    interval_s: int | None = None
    failures: float = 0.0
    last_success: datetime | None = None
    last_new: datetime | None = None
    status: SourceStatus = SourceStatus.OK
    status_reason: str | None = None
    moved_to: str | None = None
    moved_polls: int = 0
    rhythm: str = "{}"
    attempt: int = 0  # under which its next visit is handed out
    domains: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    vain: int = 0  # looks in a row that its items asked for and that found nothing
    offset_s: int | None = None  # by which its dates run ahead of the time; None: by none
    listing: str = "{}"  # archive.sources.window.Window
    trust: int = 5  # 0-9: who leads a story
    hints: str = "{}"  # JSON: when its document asks to be visited


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A child of a sitemap index: one file that a later visit still has to read.

    It is read again when the index gives it a `lastmod` newer than the one it was read at.
    """

    url: str
    lastmod: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedItem:
    """What a document listed, as `archive.sources.window` knows it again."""

    keys: tuple[str, ...]  # hashes: of its address, its guid, its title with its date
    date: datetime | None = None  # aware


@dataclass(frozen=True, slots=True, kw_only=True)
class GapSearch:
    """Where a worker looked for what a document no longer lists, and what it found there."""

    places: tuple[str, ...] = ()  # addresses that gave something, in the order they were asked
    found: int = 0  # items within the gap, before any rule dropped some
    reached: bool = False  # older pages led back to what was known: nothing is missing
    spanned: bool = False  # a witness lists what was known and what is listed now


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What one look at a source found, and when to look again."""

    source_id: str
    at: datetime
    status: int | None = None  # HTTP; None without an answer
    error: str | None = None
    found: int = 0  # items the document listed, before any rule dropped some
    dropped: int = 0  # of these, dropped by include/exclude/since
    bytes: int = 0
    seconds: float = 0.0
    validators: Validators | None = None
    kind: str | None = None  # what the document turned out to be, when the config doesn't say
    weight: float = 1.0  # how much it counts when it failed; 0: it was not made
    led_to: str = ""  # where redirects led, all of them permanent ones
    newest: datetime | None = None  # of the items listed; None unless all are dated
    items: tuple[ListedItem, ...] = ()  # what its document listed, before any rule dropped some
    search: GapSearch | None = None  # what was looked for because nothing known was listed
    clock_s: int = 0  # by which our clock, which made `at`, is behind; 0 where it is right


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When to look at a source again, and what its visits have taught of its rhythm."""

    next_due: datetime | None  # None: a clock of its own (cron, market hours) says when
    interval_s: int | None  # None: as before
    rhythm: str  # JSON
    usual_gap_s: float | None = None  # between new entries; None while unknown
    expected: float | None = None  # items since the visit before; None while little is known
    hints: str | None = None  # JSON: when its document asks to be visited; None: as before


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthRules:
    """When a source counts as broken."""

    silent_after: float = 8.0  # times its usual gap without anything new
    failing_after: float = 3.0  # weighed failures in a row, before anybody is told


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthChange:
    """One row of `health_changes`, with the source's name.

    Where `was` is the status, `reason` tells a gap: its news may be missing.
    """

    id: int
    source_id: str
    name: str
    at: datetime
    was: SourceStatus
    status: SourceStatus
    reason: str | None

    @property
    def is_gap(self) -> bool:
        return self.was is self.status


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One URL that a source announced, with what the feed carried; owed until closed.

    Discovery fills the feed's part; the archive adds `id`, `source_id`, `announced`, `attempts`,
    `attempt`.
    """

    url: str  # canonical
    raw_url: str  # absolute, as announced: what is fetched
    other_url: str = ""  # absolute: what is fetched where that gives no article
    guid: str = ""
    title: str = ""
    published: datetime | None = None  # aware
    published_raw: str = ""  # the feed's own words for it
    updated: datetime | None = None  # aware
    authors: tuple[str, ...] = ()
    summary: str = ""  # HTML or text, as the feed has it
    content: str = ""  # HTML of the full text; '' when the feed carries none
    categories: tuple[str, ...] = ()
    images: tuple[str, ...] = ()  # absolute
    language: str = ""
    id: int | None = None
    source_id: str = ""
    announced: datetime | None = None
    attempts: int = 0  # failures
    attempt: int = 0  # under which it was handed out last


# What gave a text that is only what a feed says of another site's page (`Article.evidence`). The
# page itself may say something else: it is to be asked, and is never revised by this.
FOREIGN_FEED = "foreign feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A complete article: nothing is left to compute from its HTML.

    `published` is None only out of `extract_article`, which has no clock; `with_entry` settles it
    before the archive sees the article.
    """

    url: str  # the address of the page the text came from (canonical form)
    title: str
    text: str  # plain, paragraphs separated by a blank line
    markdown: str
    authors: tuple[str, ...] = ()
    published: datetime | None = None  # aware
    published_from: str = ""  # jsonld meta microdata text feed sitemap url announced
    published_claimed: str = ""  # what the evidence said, word for word
    updated: datetime | None = None  # the site's claim
    language: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    summary: str = ""
    image: str = ""
    images: tuple[str, ...] = ()
    paywalled: bool = False
    canonical: str = ""  # <link rel=canonical> or og:url, absolute, as the page claims
    origin: str = ""  # the outlet that the page names as its source, this one's own name included
    next_page: str = ""  # absolute URL of the article's next part
    evidence: tuple[tuple[str, str], ...] = ()  # (field, what gave it)
    confidence: float = 1.0  # 0-1, how surely the text is this article's: a feed's own always is
    boilerplate: tuple[str, ...] = ()  # learned lines and images that were taken out of it

    @property
    def is_of_feed(self) -> bool:
        """Whether its text is what a feed carried: no page gave it."""
        return dict(self.evidence).get("text") in ("feed", FOREIGN_FEED)

    @property
    def author(self) -> str:
        """The persons as the archive stores them: joined by `, `, in Chinese by `、`."""
        return ("、" if self.language.startswith("zh") else ", ").join(self.authors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a page is no article."""

    reason: Reason
    detail: str = ""
    scripted: bool = False  # a script would have filled it: a browser may see more
    # where the refusal is a guess: what the page is if it is wrong; the page is held
    article: Article | None = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}" if self.detail else str(self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPage:
    """A response as it came from the wire, for `pages.db`."""

    url: str
    source_id: str
    fetched: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One numbered event of the archive; its number is never given to another one.

    `detail["was"]`: what it changed, as it stood before; a `text` of None stands in `revisions`.
    """

    seq: int
    at: datetime  # when this archive learnt it; never earlier than the one before
    kind: ChangeKind
    article_id: int | None  # it may be gone by now; None: an entry's that became no article
    number: int | None  # of the article's version since
    detail: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What the archive did with an article. `article_id` is None where it made none of it."""

    article_id: int | None
    verdict: Verdict | None
    rejected: Rejection | None = None
    held: str = ""  # why it is kept back
    title: str = ""
    cluster: int | None = None  # who leads the story that a new article is one of several of
    taught: bool = False  # what is known of its outlet's own lines has changed
    owed: tuple[tuple[str, str], ...] = ()  # (source id, host) of entries that are owed again by it
