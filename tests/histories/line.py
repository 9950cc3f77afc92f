"""Drives a world through the archive's own booking: polls, pages, second looks, on a clock of its
own. No HTTP, no extraction: pages come as extraction would have made them.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from archive.database.connect import transaction
from archive.database.times import from_text
from archive.entries import attempts
from archive.entries.owed import owed, owed_hosts
from archive.entries.rechecks import due_looks
from archive.model import Entry
from archive.sources.declarations import declare
from config.model import Config
from crawler.fetch.house.closing import Closing
from crawler.fetch.house.opening import _declarations
from crawler.fetch.house.visit_book import VisitBook
from crawler.fetch.tasks import (
    Extracted,
    Fetching,
    NotModified,
    PageOutcome,
    PageTask,
    Poll,
    Recheck,
)
from tests.archive.empty import empty_archive
from tests.histories.answers import Desk
from tests.histories.world import START, Notice, Outlet, Reply, World

_STEP = timedelta(minutes=30)  # between two moments at which what is due is fetched
_RESTLESS = 6  # times that one task may be handed out in a moment
_NEXT_DUE = """
SELECT min(due) FROM (
  SELECT min(next_check) AS due FROM articles WHERE next_check IS NOT NULL
  UNION ALL SELECT min(not_before) FROM entries WHERE state IN ('owed', 'held'))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A page, or a full text in a feed, that was booked."""

    at: datetime
    url: str
    outlet: str  # whose address it is
    form: str  # page, wall, feed
    story: str  # '' where the words alone don't say which
    version: int
    look: bool  # it was a second look


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """A window that was read: the notices' stories, and the titles that it gave them."""

    at: datetime
    outlet: str
    stories: dict[str, str]
    page_forms: dict[str, str]  # what the addresses answered at that moment
    plain: frozenset[str] = frozenset()  # the stories that are not pinned
    marks: frozenset[tuple[str, str]] = frozenset()  # by which an item of these is known again


@dataclass(kw_only=True)
class Run:
    """What happened in a history. The connection stays open for the checks."""

    world: World
    conn: sqlite3.Connection
    shown: list[Shown] = field(default_factory=list)
    polled: list[Polled] = field(default_factory=list)
    last_reply: dict[str, tuple[datetime, str]] = field(default_factory=dict)  # by address
    requests: Counter[str] = field(default_factory=Counter)  # of pages, by story; no looks
    led: set[str] = field(default_factory=set)  # stories that a redirect was seen to lead to
    ids: set[int] = field(default_factory=set)  # of articles
    vanished: list[str] = field(default_factory=list)
    restless: list[str] = field(default_factory=list)
    crashed: str = ""
    events: list[str] = field(default_factory=list)
    end: datetime = START


class Line:
    """Runs one history."""

    def __init__(self, world: World, conn: sqlite3.Connection, *, explain: bool = False):
        self._world, self._conn, self._explain = world, conn, explain
        self._desk = Desk(world)
        self._config = config = Config(source=tuple(self._desk.sources.values()))
        self._ages = config.crawl.look_again
        self._retry = config.crawl.retry
        self._closing = Closing(retry=self._retry, look_again=self._ages)
        self._visits = VisitBook(lambda: config)
        self.run = Run(world=world, conn=conn)

    def go(self) -> Run:
        declared = _declarations(self._config)
        with transaction(self._conn):
            declare(self._conn, declared, now=START)
        polls = self._world.polls
        for number, at in enumerate(polls):
            following = polls[number + 1] if number + 1 < len(polls) else at + 24 * 2 * _STEP
            self._poll_all(at, number)
            self._work(at)
            self._until(following, at)
        self.run.end = polls[-1] + 24 * 2 * _STEP
        return self.run

    # Visits

    def _poll_all(self, at: datetime, number: int) -> None:
        for outlet in self._world.outlets.values():
            source = self._desk.sources[outlet.id]
            attempt = self._cell("SELECT attempt FROM sources WHERE id = ?", outlet.id)
            task = Poll(source=source, attempt=attempt, delay_s=0.0, document=source.kind)
            outcome = self._desk.visit(outlet, at, number)
            with transaction(self._conn):
                booked = self._visits.book(
                    self._conn, task, outcome, tried=set(), pushed=False, now=at
                )
            self._note_visit(outlet, at, None if booked is None else booked.entered)

    def _note_visit(self, outlet: Outlet, at: datetime, entered: object) -> None:
        world = self._world
        new = getattr(entered, "new", None)
        if world.is_down(outlet, at):
            self._say(at, f"poll {outlet.id}: down")
            return
        window = world.window(outlet, at)
        titles = {n.story: n.headline or _title(world, n.story, at) for n in window}
        forms = {n.story: world.answer(n.url, at).form for n in window} if not outlet.full else {}
        plain = frozenset(n.story for n in window if not n.pinned)
        marks = frozenset(mark for n in window if not n.pinned for mark in _marks(n, outlet))
        self.run.polled.append(
            Polled(
                at=at, outlet=outlet.id, stories=titles, page_forms=forms, plain=plain, marks=marks
            )
        )
        self._say(at, f"poll {outlet.id}: {len(window)} items, {new} new: {' '.join(titles)}")

    # What is owed and due

    def _until(self, limit: datetime, now: datetime) -> None:
        """Work at each moment at which something is due, unless the machine sleeps."""
        if any(since <= limit - timedelta(seconds=1) < until for since, until in self._sleeps()):
            return
        while True:
            text = self._cell(_NEXT_DUE)
            due = max(from_text(text), now + _STEP) if text else None
            if due is None or due >= limit:
                return
            now = due
            self._work(now)

    def _sleeps(self) -> tuple[tuple[datetime, datetime], ...]:
        return self._world.sleeps

    def _work(self, now: datetime) -> None:
        """Hand out what is owed and due at this moment, until nothing is."""
        handed: Counter[str] = Counter()
        for _ in range(2 * _RESTLESS):
            tasks = [*self._pages(now), *self._looks(now)]
            tasks = [task for task in tasks if handed[task.id] <= _RESTLESS]
            if not tasks:
                break
            for task in tasks:
                handed[task.id] += 1
                self._book(task, now)
        restless = [name for name, times in handed.items() if times > _RESTLESS]
        self.run.restless += [f"{name} at {now:%d %H:%M}" for name in restless]
        self._count_ids(now)

    def _pages(self, now: datetime) -> Iterator[PageTask]:
        found: list[Entry] = []
        for source_id, host in owed_hosts(self._conn, list(self._desk.sources)):
            found += owed(self._conn, source_id, host, now=now, limit=1000)
        if not found:
            return
        with transaction(self._conn):
            numbers = attempts.raise_entries(self._conn, [e.id for e in found if e.id])
        for entry in found:
            yield PageTask(
                source=self._desk.sources[entry.source_id],
                attempt=numbers[entry.id or 0],
                delay_s=0.0,
                entry=entry,
                last=entry.attempts >= len(self._retry),
            )

    def _looks(self, now: datetime) -> Iterator[Recheck]:
        looking = [s.id for s in self._desk.sources.values() if s.full_content != "feed"]
        for due in due_looks(self._conn, looking, now=now, limit=500):
            with transaction(self._conn):
                attempt = attempts.raise_article(self._conn, due.article_id)
            if attempt is not None:
                yield Recheck(
                    source=self._desk.sources[due.source_id],
                    attempt=attempt,
                    delay_s=0.0,
                    entry=due.entry,
                    article_id=due.article_id,
                    validators=due.page,
                )

    def _book(self, task: Fetching, now: datetime) -> None:
        reply, outcome = self._desk.page(task, now)
        with transaction(self._conn):
            ended = self._closing.book(self._conn, task, outcome, page_id=None, now=now)
        if ended is not None:  # else it is handed out again while it is due
            self._note_reply(task, reply, outcome, now)
        if self._explain:
            self._say(now, f"{task.id} {task.url}: {reply.form} {reply.story} -> {_ended(ended)}")

    def _note_reply(
        self, task: Fetching, reply: Reply, outcome: PageOutcome, now: datetime
    ) -> None:
        run, look = self.run, isinstance(task, Recheck)
        url = reply.hops[-1]
        for hop in reply.hops:
            run.last_reply[hop] = (now, reply.form)
        if len(reply.hops) > 1:
            run.led.add(reply.story)
        if not look:
            run.requests[reply.story] += 1
        if not isinstance(outcome, Extracted | NotModified):
            return
        outlet = self._world.outlet_at(url)
        shown = Shown(
            at=now,
            url=url,
            outlet=outlet.id if outlet else "",
            form=reply.form,
            story=reply.story,
            version=reply.version,
            look=look,
        )
        run.shown.append(shown)

    def _count_ids(self, now: datetime) -> None:
        ids = {int(row[0]) for row in self._conn.execute("SELECT id FROM articles")}
        gone = self.run.ids - ids
        self.run.vanished += [f"article {n} at {now:%d %H:%M}" for n in sorted(gone)]
        self.run.ids = ids

    def _cell(self, sql: str, *values: object) -> object:
        return self._conn.execute(sql, values).fetchone()[0]

    def _say(self, at: datetime, words: str) -> None:
        if self._explain:
            self.run.events.append(f"{at:%d %H:%M}  {words}")


def _marks(notice: Notice, outlet: Outlet) -> Iterator[tuple[str, str]]:
    """What a feed says of an item that stays: not its session, nor a date that is the poll's."""
    if notice.guid:
        yield "guid", notice.guid
    if not outlet.sessions:
        yield "address", notice.url
    if not (outlet.noisy or outlet.sitemap):
        yield "story and date", notice.story


def _title(world: World, story: str, at: datetime) -> str:
    told = world.stories[story]
    return told.versions[told.version_at(at)].title


def _ended(ended: object) -> str:
    if ended is None:
        return "doesn't count"
    saved = getattr(ended, "saved", None)
    if saved is None:
        return f"{getattr(ended, 'state', None) or ''} {getattr(ended, 'reason', '')}".strip()
    what = str(saved.verdict or saved.rejected or "")
    what += f" held: {saved.held}" if getattr(saved, "held", "") else ""
    return f"{what} {saved.article_id or ''}".strip()


def new_archive(path: Path) -> sqlite3.Connection:
    """An empty archive of today's schema."""
    conn = empty_archive(path, START)
    conn.execute("PRAGMA synchronous = OFF")
    return conn


def run_history(world: World, template: bytes, *, explain: bool = False) -> Run:
    """One history in memory; `template`: an empty archive, as `serialize` gives it."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    conn.deserialize(template)
    conn.row_factory = sqlite3.Row
    conn.execute("PRAGMA foreign_keys = ON")
    conn.execute("PRAGMA recursive_triggers = ON")
    line = Line(world, conn, explain=explain)
    try:
        return line.go()
    except Exception as error:  # a history that breaks the archive is a finding
        import traceback

        where = traceback.extract_tb(error.__traceback__)[-1]
        line.run.crashed = f"{type(error).__name__}: {error} ({where.name} {where.lineno})"
        return line.run


def template_archive(folder: Path) -> bytes:
    """An empty archive, as `run_history` wants it: made once for all histories."""
    conn = new_archive(folder / "template.db")
    conn.execute("PRAGMA journal_mode = DELETE")
    made = conn.serialize()
    conn.close()
    return made
