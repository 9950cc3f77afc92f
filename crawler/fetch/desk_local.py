"""The desk of a crawl whose archive is in the same process: it is the house itself.

It hands out what is due, books each outcome in one transaction, and tells whoever listens.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args

from archive.entries import attempts, owed
from archive.entries.plans import bring_plans_back
from archive.errors import ArchiveError
from archive.images.rows import images_owed
from archive.model import Entry
from archive.sources import health
from config.model import Config, Kind, Source
from config.values import Since
from crawler.fetch.desk import Room
from crawler.fetch.hand_out import Borrower, HandOut, Shares
from crawler.fetch.house.bookkeeping import Bookkeeper
from crawler.fetch.house.closing import Closing
from crawler.fetch.house.offers import Offers, Terms
from crawler.fetch.house.opening import OpenArchive
from crawler.fetch.house.outages import Outages
from crawler.fetch.house.outlets import Outlets
from crawler.fetch.house.page_ends import PageEnds
from crawler.fetch.house.visit_book import VisitBook
from crawler.fetch.house.visit_ends import Listener, VisitEnds
from crawler.fetch.http.clock import Clock
from crawler.fetch.images.image_book import ImageBook
from crawler.fetch.options import Options
from crawler.fetch.own.plugin_calls import tell_plugins
from crawler.fetch.tally import Tallies
from crawler.fetch.tasks import (
    Announced,
    Child,
    Closed,
    Extracted,
    Fetching,
    ImageFetched,
    ImageOutcome,
    ImageTask,
    NotModified,
    Outcome,
    PageOutcome,
    PageTask,
    Postponed,
    Task,
    Visited,
    Visiting,
    VisitOutcome,
)
from crawler.plugins import Plugins
from crawler.timing.server_clocks import RIGHT, ClockVerdict

logger = logging.getLogger(__name__)

RELOADABLE = ("source", "schedule", "health")  # sections that take effect while running
# its entry was closed meanwhile, or it was handed out again: nothing counts twice
_NOT_OUT = "%s (attempt %d) is not out any more: what came of it is left"
LONGEST = timedelta(days=31)  # before which what the program plans by itself is due


class LocalDesk:
    """Both ends at once. `archive`, `offers` and `tallies` are the house's own."""

    def __init__(
        self,
        options: Options,
        *,
        clock: Clock,
        listener: Listener,
        verdict: Callable[[], ClockVerdict] = lambda: RIGHT,
    ):
        self._options, self._clock, self._listener = options, clock, listener
        self._verdict = verdict  # on this machine's clock
        self._plugins = Plugins(options.plugins)
        self.archive = OpenArchive(options, now=clock.now())
        self.tallies = Tallies()
        self.pages = PageEnds(self.tallies)
        self.sources = _of_my_kinds(options, self.archive)
        self.owed_left = 0
        self.owed_until: datetime | None = None
        self.images_owed = 0
        self._closed = False
        self._prepare()

    def _prepare(self) -> None:
        crawl, archive = self.config.crawl, self.archive
        self._outlets = Outlets(archive.reader)
        self.outages = Outages(archive.writer)
        self.offers = Offers(
            reader=archive.reader,
            writer=archive.writer,
            outlets=self._outlets,
            clock=self._clock,
            sources={source.id: source for source in self.sources},
            since=_since(self.config),
            terms=_terms(self.config),
            endless=self._options.endless,
            live=self.is_live,
            tallies=self.tallies,
        )
        self.shares, self._hand_out = Shares(), HandOut(self.offers)
        self.wake, self.stop = self._hand_out.wake, self._hand_out.stop
        self.visits = VisitEnds(offers=self.offers, tallies=self.tallies, listener=self._listener)
        self.books = Bookkeeper(
            writer=archive.writer,
            pages=archive.pages,
            savings=Closing.of(self.config),
            visits=VisitBook(lambda: self.config),
            markdown_dir=self._options.markdown_dir,
        )
        self.images = ImageBook(self.books, archive.images, retry=crawl.retry)

    @property
    def config(self) -> Config:
        return self._options.config

    async def open(self) -> None:
        now = self._clock.now()
        await self.outages.open(now)
        await self.archive.writer.run(bring_plans_back, now=now, longest=_longest_plan(self.config))
        self.visits.learn_the_gone(await self.archive.states())
        await self.books.catch_up()
        for source in self.sources:
            if self._options.retry_all:
                await self.archive.writer.run(owed.make_due, source.id, now=self._clock.now())
            if self._options.poll:
                self.ask(source)

    async def reconfigure(self, config: Config) -> None:
        """Go on with the sources, `[schedule]` and `[health]` of a changed config."""
        taken = {name: getattr(config, name) for name in RELOADABLE}
        config = self.config.model_copy(update=taken)
        await self.archive.declare(config, now=self._clock.now())
        self._options = replace(self._options, config=config, sources=config.enabled())
        self.sources = self._options.sources
        self.offers.since = _since(config)
        self.offers.set_sources({source.id: source for source in self.sources})
        self.visits.learn_the_gone(await self.archive.states())
        self.wake()

    @property
    def visitable(self) -> Mapping[str, Source]:
        """The sources that may be visited now, by id."""
        return self.offers.sources

    # What the house is told

    def ask(self, source: Source, *, probe: bool = False) -> None:
        """Ask for a visit; see `Offers.ask`."""
        if self.offers.ask(source, probe=probe):
            self.wake()

    def due(self, source: Source) -> None:
        """Ask for a visit by schedule: a source that is gone for good (410) has none."""
        if source.id not in self.visits.gone:
            self.ask(source)

    def announced(self, source_id: str, hosts: Iterable[str]) -> None:
        """Something beside a visit was announced; new entries are owed on these hosts."""
        self.offers.states.drop(source_id)
        self.offers.announced(source_id, hosts)
        self.wake()

    async def file(self, entry: Entry, source: Source, *, now: datetime) -> PageTask:
        """Note one address without a visit, owed whatever it was before; give its task."""
        writer = self.archive.writer
        return await self.offers.page(source, await writer.run(_file, entry, source.id, now=now))

    def hand_out(self, page: PageTask) -> None:
        """Hand out this very page, before all others."""
        self.offers.add(page)
        self.wake()

    async def prune_pages(self) -> None:
        """Remove raw pages as `[pages]` says, and pictures as `[images]`; none while this machine's
        clock is wrong."""
        await self.books.flush()
        await self.archive.prune(self.config, self._verdict(), now=self._clock.now())
        if self.config.images.max_age is not None:
            await self.books.catch_up()  # files that led to a picture lead to the outlet's again

    # The worker's end

    def tasks(self, room: Room) -> AsyncGenerator[Task]:
        return self._hand_out.tasks(self.shares.at_home(room))

    def lent(
        self, room: Room, borrower: Borrower, *, most: int
    ) -> AsyncGenerator[tuple[Task, ...]]:
        """What workers of other processes are to do, up to `most` at a time; `room` is what all of
        them can take, and `borrower` counts what is out."""
        return self._hand_out.batches(self.shares.elsewhere(room), borrower, most=most)

    def is_live(self) -> bool:
        """Whether a task that is out may still be begun."""
        return not self._hand_out.is_over

    def release(self, task: Task) -> None:
        if isinstance(task, Visiting):
            self.visits.drop(task)
        self.offers.landed(task, given_back=True)

    async def learned(self, hash: str) -> frozenset[str]:
        return self._outlets.lines(hash)

    async def done(self, task: Task, outcome: Outcome) -> None:
        try:
            match outcome:
                case Announced() | NotModified() | Visited() if isinstance(task, Visiting):
                    await self._book_visit(task, outcome)
                case ImageFetched() | Closed() | Postponed() if isinstance(task, ImageTask):
                    await self._book_image(task, outcome)
                case Announced() | Visited() | ImageFetched():
                    raise TypeError(f"{task.id} is no task of which {outcome.form} comes")
                case _ if isinstance(task, Visiting | ImageTask):
                    raise TypeError(f"{task.id} was no page")
                case _:
                    await self._book_page(task, outcome)
        finally:
            self.offers.landed(task)
            self.wake()

    async def slow(self, source_id: str, reason: str) -> None:
        logger.warning("%s is slow: %s", source_id, reason)
        await self.archive.writer.run(health.note_slow, source_id, reason, now=self._clock.now())

    async def unreachable(self, tasks: Sequence[Task], *, since: datetime) -> None:
        await self.outages.began(tasks, since=since, now=self._clock.now())

    # Pages

    async def _book_page(self, task: Fetching, outcome: PageOutcome) -> None:
        fetched = outcome.fetched if isinstance(outcome, Extracted) else None
        now = fetched or self._clock.now()
        ended = await self.books.page(task, outcome, now=now)
        if ended is None:
            logger.info(_NOT_OUT, task.id, task.attempt)
            return
        saved = ended.saved
        if saved is not None and saved.taught:
            self._outlets.taught(task.source.name)
        for source_id, host in saved.owed if saved else ():
            self.offers.announced(source_id, (host,))
        self.pages.tell(task, outcome, ended)
        self.offers.images.refresh()
        await tell_plugins(self._plugins, self.archive.reader, saved)

    async def _book_image(self, task: ImageTask, outcome: ImageOutcome) -> None:
        if not await self.images.book(task, outcome, now=self._clock.now()):
            logger.info(_NOT_OUT, task.id, task.attempt)

    # Visits

    async def _book_visit(self, task: Visiting, outcome: VisitOutcome) -> None:
        if self.outages.is_down:
            await self.outages.heard(outcome)
        if self._verdict().certain:
            await self.archive.note_clock(self._verdict())
        booked = await self.books.visit(
            task,
            outcome,
            tried=self.visits.tried(task) if isinstance(task, Child) else set(),
            pushed=task.source.id in self.visits.pushed,
            now=self._clock.now(),
        )
        if booked is None:
            logger.info(_NOT_OUT, task.id, task.attempt)
            return
        failed = outcome.failed if isinstance(outcome, Visited) else None
        if failed is not None and failed.unreachable and booked.entered is not None:
            self.outages.missed(task, booked.entered.before)
        self.visits.follow(task, outcome, booked)

    # The end

    async def close(self, reason: str) -> None:
        """Close everything in the order that loses nothing. Raises ArchiveError."""
        if self._closed:
            return
        self._closed = True
        try:
            await self._note_the_end(reason)
        finally:
            self.archive.close()

    def abandon(self) -> None:
        """Close after the loop was stopped in mid-flight: what was submitted is committed."""
        if not self._closed:
            self._closed = True
            self.archive.close()

    async def _note_the_end(self, reason: str) -> None:
        try:
            await self.books.catch_up()
            ids = tuple(source.id for source in self.sources)
            self.owed_left, self.owed_until = await self.archive.reader.run(owed.left_of, ids)
            if self.config.images.keep:
                self.images_owed = await self.archive.reader.run(images_owed)
            if reason == "finished":  # who stops a crawl, or the daemon, is not to wait
                await self.prune_pages()
            await self.archive.note_clock(self._verdict())
        except ArchiveError as error:
            with suppress(ArchiveError):  # it is said as it is, if that can still be written
                await self._end_run(f"failed: {error}")
            raise
        await self._end_run(reason)

    async def _end_run(self, reason: str) -> None:
        now = self._clock.now()
        await self.archive.end(reason, self.tallies, owed_left=self.owed_left, now=now)


def _terms(config: Config) -> Terms:
    crawl, images = config.crawl, config.images
    return Terms(
        delay_s=crawl.download_delay_s,
        tries=len(crawl.retry),
        look_again=crawl.look_again,
        image_bytes=int(images.max_mb * 2**20) if images.keep else 0,
    )


def _since(config: Config) -> dict[str, Since]:
    return {source.id: source.since for source in config.source}


def _of_my_kinds(options: Options, archive: OpenArchive) -> tuple[Source, ...]:
    """The sources of this crawl: a kind that the config leaves open is the archive's to know.

    One that was never visited has none; only a spider of every kind detects it.
    """
    wanted = options.kinds
    if not wanted or set(wanted) == set(get_args(Kind)):
        return options.sources
    detected = archive.kinds()
    chosen = [s for s in options.sources if (s.kind or detected[s.id]) in wanted]
    unknown = [s.id for s in options.sources if not (s.kind or detected[s.id])]
    if unknown:
        logger.info("not visited, as their kind is unknown: %s", ", ".join(unknown))
    return tuple(chosen)


def _file(conn: sqlite3.Connection, entry: Entry, source_id: str, *, now: datetime) -> Entry:
    filed = owed.file_entry(conn, entry, source_id, now=now)
    assert filed.id is not None
    return replace(filed, attempt=attempts.raise_entries(conn, [filed.id])[filed.id])


def _longest_plan(config: Config) -> timedelta:
    crawl, schedule = config.crawl, config.schedule
    intervals = [source.interval for source in config.source if source.interval]
    return max(*crawl.retry, *crawl.look_again, schedule.max_interval, *intervals, LONGEST)
