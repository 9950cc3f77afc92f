"""A small world of news: outlets, their stories in time, what each address answers and when.

Nothing here knows the archive. `truth` is what a careful reader who sees everything would say.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from urllib.parse import urlsplit

from tests.histories.words import key_of

START = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FOREVER = START + timedelta(days=1000)

# The kinds of evidence that join addresses, by the names that the archive gives them.
EVIDENCE = (
    "same address",
    "same guid",
    "redirect",
    "canonical",
    "same text and title",
    "same text and minute",
    "near text and minute",
    "first sentence and byline",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A story from one moment on, until its next version."""

    at: datetime
    title: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What is one article in truth.

    `kin`: stories of equal kin may be told as one, or each for itself: nobody could tell.
    `joins`: the evidence that its addresses belong together.
    """

    id: str
    outlet: str
    plot: str
    kin: str
    published: datetime
    versions: tuple[Version, ...]
    authors: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    original: str = ""  # of a mirror's: the story it tells
    turned: bool = False  # of a mirror's: it says something else than the original
    names_original: bool = False
    stub: str = ""  # what its pages show instead of the text: the story is behind a paywall

    def version_at(self, at: datetime) -> int:
        """The number of the version that stands at a moment, the first one before it was out."""
        return max(bisect_right([v.at for v in self.versions], at) - 1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What an address answers from one moment on.

    `form`: shows (a story), leads (a redirect), gone (410), missing (404), front (a redirect to
    the front page), soft (200 and "not found").
    """

    at: datetime
    form: str
    story: str = ""
    to: str = ""
    headline: str = ""  # another title than the version's
    canonical: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A story's line in a feed, from `at` until `until`; higher ranks stand further up."""

    at: datetime
    until: datetime
    rank: datetime
    url: str
    guid: str
    story: str
    headline: str = ""
    summary: str | None = None  # None: the first sentence
    pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """A page that stands for a while where an outlet's pages should be."""

    at: datetime
    until: datetime
    title: str
    text: str
    urls: frozenset[str] = frozenset()  # only these; empty: all


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    id: str
    name: str
    home: str  # ends with "/"
    chinese: bool = False
    window: int = 20  # items of its feed
    sitemap: bool = False  # it lists addresses without titles
    full: bool = False  # the feed carries the text, and the feed's text is the article
    noisy: bool = False  # pubDate = now, a counter and a clock in the description
    counting: bool = False  # a counter and a clock in the page's text
    dated: bool = True  # its pages say when they were published
    days_only: bool = False  # dates without a time of day
    etags: bool = True
    sessions: bool = False  # links with a parameter that changes at every poll
    address: str = "path"  # how addresses are made: path slug aspx hash
    canonical: str = ""  # what its pages claim: "" nothing, self, front, section
    walls: tuple[Wall, ...] = ()
    outages: tuple[tuple[datetime, datetime], ...] = ()

    @property
    def feed(self) -> str:
        return self.home + ("sitemap.xml" if self.sitemap else "rss")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """Two stories that one kind of evidence would join, and that are two."""

    evidence: str
    one: str
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What an address answered. `form`: page, wall, gone, missing, front, soft, down."""

    form: str
    hops: tuple[str, ...]  # every address, the one that answered last
    story: str = ""
    version: int = 0
    title: str = ""
    text: str = field(default="", repr=False)
    canonical: str = ""
    origin: str = ""


@dataclass(frozen=True, kw_only=True)
class World:
    seed: int
    outlets: Mapping[str, Outlet]
    stories: Mapping[str, Story]
    turns: Mapping[str, Sequence[Turn]]  # by address without its session, in order of time
    notices: Mapping[str, Sequence[Notice]]  # by outlet, in any order
    partings: tuple[Parting, ...]
    polls: tuple[datetime, ...]
    sleeps: tuple[tuple[datetime, datetime], ...]

    def outlet_at(self, url: str) -> Outlet | None:
        """Whose address it is."""
        path = url.split("://")[-1] + "/"
        found = [o for o in self.outlets.values() if path.startswith(o.home.split("://")[1])]
        return max(found, key=lambda o: len(o.home), default=None)

    def window(self, outlet: Outlet, at: datetime) -> list[Notice]:
        """What the outlet's feed lists at a moment, the newest first, what is pinned above."""
        live = [n for n in self.notices.get(outlet.id, ()) if n.at <= at < n.until]
        live.sort(key=lambda n: (n.pinned, n.rank), reverse=True)
        return live[: outlet.window]

    def is_down(self, outlet: Outlet, at: datetime) -> bool:
        return any(since <= at < until for since, until in outlet.outages)

    def answer(self, url: str, at: datetime) -> Reply:
        """What an address answers at a moment, redirects followed."""
        hops: list[str] = []
        while True:
            hops.append(url)
            outlet = self.outlet_at(url)
            if outlet is not None and self.is_down(outlet, at):
                return Reply(form="down", hops=tuple(hops))
            turn = self._turn(url, at)
            if turn is None or len(hops) > 8:
                return Reply(form="missing", hops=tuple(hops))
            if turn.form != "leads":
                break
            url = turn.to
        wall = self._wall(outlet, bare(url), at)
        if wall is not None and turn.form == "shows":
            return Reply(
                form="wall", hops=tuple(hops), story=turn.story, title=wall.title, text=wall.text
            )
        if turn.form != "shows":
            return Reply(form=turn.form, hops=tuple(hops), story=turn.story)
        return self._shown(turn, tuple(hops), at)

    def _shown(self, turn: Turn, hops: tuple[str, ...], at: datetime) -> Reply:
        story = self.stories[turn.story]
        number = story.version_at(at)
        version = story.versions[number]
        return Reply(
            form="page",
            hops=hops,
            story=story.id,
            version=number,
            title=turn.headline or version.title,
            text=story.stub or version.text,
            canonical=turn.canonical,
            origin=turn.origin,
        )

    def _turn(self, url: str, at: datetime) -> Turn | None:
        turns = self.turns.get(bare(url), ())
        return next((turn for turn in reversed(turns) if turn.at <= at), None)

    def _wall(self, outlet: Outlet | None, url: str, at: datetime) -> Wall | None:
        for wall in outlet.walls if outlet else ():
            if wall.at <= at < wall.until and (not wall.urls or url in wall.urls):
                return wall
        return None

    @cached_property
    def tellers(self) -> Mapping[str, set[str]]:
        """The stories that say something in these very words, by the words (`key_of`)."""
        found: dict[str, set[str]] = {}
        for story in self.stories.values():
            texts = {key_of(v.text) for v in story.versions} | {key_of(story.stub)} - {""}
            for text in texts:
                found.setdefault(text, set()).add(story.id)
        return found

    @cached_property
    def paragraph_tellers(self) -> Mapping[str, set[str]]:
        """The stories with this very paragraph, by its words."""
        found: dict[str, set[str]] = {}
        for story in self.stories.values():
            for text in (story.stub, *(v.text for v in story.versions)):
                for part in text.split("\n\n"):
                    found.setdefault(key_of(part), set()).add(story.id)
        found.pop("", None)
        return found

    @cached_property
    def wall_texts(self) -> frozenset[str]:
        return frozenset(key_of(w.text) for o in self.outlets.values() for w in o.walls)

    def titles(self, story: Story) -> set[str]:
        """Every title that the story was ever given, as keys."""
        return self._titles[story.id]

    @cached_property
    def _titles(self) -> Mapping[str, set[str]]:
        found = {s.id: {key_of(v.title) for v in s.versions} for s in self.stories.values()}
        lines = [turn for turns in self.turns.values() for turn in turns]
        for line in (*lines, *(n for listed in self.notices.values() for n in listed)):
            if line.headline and line.story in found:
                found[line.story].add(key_of(line.headline))
        return found


def bare(url: str) -> str:
    """An address without the session that its feed gives it."""
    parts = urlsplit(url)
    if "sid=" not in parts.query:
        return url
    return url.split("?")[0]


def with_session(url: str, poll: int) -> str:
    return f"{url}?mod=rss&sid={poll * 7919 + 13}"
