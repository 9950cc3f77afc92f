"""The line: the one Scrapy add-on that opens what every crawl needs, and closes it.

Config, archive, extraction pool and Work belong to it, so that plain `scrapy crawl`, `broadsheet
crawl` and the daemon run the same spiders in the same way.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from typing import get_args

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from archive import entries as owing
from archive import files, runs
from archive import sources as known
from archive.errors import ArchiveError, ArchiveLocked, BroadsheetError
from archive.lock import ArchiveLock
from archive.model import Declaration, SourceState
from archive.pages import PageStore
from archive.schema import migrate
from archive.writer import Writer
from config.model import Config, Kind, Source
from crawler.fetch.clock import Clock
from crawler.fetch.ending import Ending, Stopping
from crawler.fetch.guard import guard_addresses
from crawler.fetch.mishaps import Mishaps
from crawler.fetch.network import Network
from crawler.fetch.options import Options, daemon_settings, scrapy_settings
from crawler.fetch.outcomes import Failed
from crawler.fetch.politeness import Gate
from crawler.fetch.pool import ExtractionPool
from crawler.fetch.reading import Readings
from crawler.fetch.retention import prune_pages
from crawler.fetch.savings import Savings
from crawler.fetch.tally import Tallies
from crawler.fetch.tasks import Fetch, Look, PageItem, Reading
from crawler.fetch.visits import Visits
from crawler.fetch.work import Work

logger = logging.getLogger(__name__)

RELOADABLE = ("source", "schedule", "health")  # sections that take effect while running

# Scrapy signals
line_opened = object()  # line=Line: work can be given to it
line_stopping = object()  # no argument: nothing more is handed out, what is in flight ends
source_visited = object()  # source_id=str, next_due=datetime | None: a visit has ended
hub_named = object()  # source_id, hub, topic (all str): a feed was read; hub '': it names none


def line_of(crawler: Crawler) -> Line:
    """The line of a crawler whose add-ons are loaded."""
    return next(addon for addon in crawler.addons.addons if isinstance(addon, Line))


class Line:
    """Stands aside for spiders that are not ours (`options` is what ours have)."""

    work: Work
    visits: Visits
    network: Network
    readings: Readings
    savings: Savings

    def __init__(self, crawler: Crawler):
        options = getattr(crawler.spider, "options", None)
        if not isinstance(options, Options):
            raise NotConfigured
        self.crawler = crawler
        self.options: Options = options
        self.clock = Clock()
        self.ending = Ending()
        self.tallies = Tallies()
        self.owed_left = 0
        self.owed_until: datetime | None = None
        self.close_reason = ""
        self._stopping = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Line:
        return cls(crawler)

    @property
    def config(self) -> Config:
        return self.options.config

    def update_settings(self, settings: BaseSettings) -> None:
        """Lay the user's `[crawl]` over Scrapy's settings, and open the archive.

        Called before the engine exists: a locked or newer archive stops the crawl here.
        """
        daemon = daemon_settings(self.config) if self.options.endless else {}
        for name, value in {**scrapy_settings(self.config), **daemon}.items():
            settings.set(name, value, priority="spider")
        try:
            self._open_archive()
        except BroadsheetError as error:
            if not self.options.exits:
                raise
            logger.error("%s", error)
            raise SystemExit(4 if isinstance(error, ArchiveLocked) else 1) from error
        self.mishaps = Mishaps(self)
        self.crawler.signals.connect(self.close, signals.spider_closed)

    def _open_archive(self) -> None:
        options, now = self.options, self.clock.now()
        options.data.mkdir(parents=True, exist_ok=True)
        with ExitStack() as opened:
            opened.enter_context(ArchiveLock(options.data, options.command))
            self.writer = Writer(
                options.data / "archive.db", synchronous=self.config.archive.synchronous
            )
            opened.callback(self.writer.close)
            self.writer.call(migrate, now)
            self._opened = opened.pop_all()
        self.pages = PageStore(options.data / "pages.db") if self.config.pages.keep_raw else None
        markdown = self.config.markdown
        changed = self.writer.call(
            files.set_settings,
            markdown=markdown.enabled,
            body=markdown.body,
            placeholder_image=markdown.placeholder_image,
        )
        if changed and self.writer.call(files.count):
            logger.warning("[markdown] has changed; `broadsheet render` brings older files in line")
        self.writer.call(known.declare, _declarations(self.config), now=now)
        self.sources = self._of_my_kinds()
        self.run_id = self.writer.call(runs.begin, command=options.command, now=now)

    def _of_my_kinds(self) -> tuple[Source, ...]:
        """The sources of this crawl: a kind that the config leaves open is the archive's to know.

        One that was never visited has none; only a spider of every kind detects it.
        """
        wanted = self.options.kinds
        if not wanted or set(wanted) == set(get_args(Kind)):
            return self.options.sources
        detected = {state.id: state.kind for state in self.writer.call(known.source_states)}
        chosen = [s for s in self.options.sources if (s.kind or detected[s.id]) in wanted]
        unknown = [s.id for s in self.options.sources if not (s.kind or detected[s.id])]
        if unknown:
            logger.info("not visited, as their kind is unknown: %s", ", ".join(unknown))
        return tuple(chosen)

    async def open(self) -> None:
        """Start the stations; called by the spider when the engine runs."""
        guard_addresses(self.config.crawl)
        self.pool = ExtractionPool(self.config.crawl.extract_workers, self.ending)
        self.work = Work(
            writer=self.writer,
            sources={source.id: source for source in self.sources},
            gate=Gate(self.crawler),
            concurrency=self.config.crawl.concurrency,
            clock=self.clock,
            endless=self.options.endless,
            look_again=self.config.crawl.look_again,
        )
        self.network = Network(
            writer=self.writer, work=self.work, clock=self.clock, endless=self.options.endless
        )
        self.crawler.signals.connect(self.network.answered, signals.headers_received)
        self.visits = Visits(
            writer=self.writer,
            pool=self.pool,
            work=self.work,
            tallies=self.tallies,
            clock=self.clock,
            config=lambda: self.config,
            network=self.network,
            visited=self.visited,
            hub_named=self.hub_named,
        )
        await self.visits.refresh()
        self.readings = Readings(
            writer=self.writer, pages=self.pages, pool=self.pool, clock=self.clock
        )
        self.savings = Savings(
            writer=self.writer,
            pages=self.pages,
            pool=self.pool,
            work=self.work,
            tallies=self.tallies,
            clock=self.clock,
            retry=self.config.crawl.retry,
            look_again=self.config.crawl.look_again,
            markdown_dir=self.options.markdown_dir,
        )
        await self._write_owed_files()
        for source in self.sources:
            if self.options.retry_all:
                await self.writer.run(owing.make_due, source.id, now=self.clock.now())
            if self.options.poll:
                self.work.poll(source)
        self.crawler.signals.send_catch_log(line_opened, line=self)

    async def reconfigure(self, config: Config) -> None:
        """Go on with the sources, `[schedule]` and `[health]` of a changed config."""
        taken = {name: getattr(config, name) for name in RELOADABLE}
        config = self.config.model_copy(update=taken)
        await self.writer.run(known.declare, _declarations(config), now=self.clock.now())
        self.options = replace(self.options, config=config, sources=config.enabled())
        self.sources = self.options.sources
        self.work.set_sources({source.id: source for source in self.sources})
        await self.visits.refresh()

    def visited(self, source_id: str, next_due: datetime | None) -> None:
        """Tell whoever listens that a visit has ended; called by the visits."""
        self.crawler.signals.send_catch_log(source_visited, source_id=source_id, next_due=next_due)

    def hub_named(self, source_id: str, hub: str, topic: str) -> None:
        """Tell whoever listens which hub pushes a feed; called by the visits."""
        self.crawler.signals.send_catch_log(hub_named, source_id=source_id, hub=hub, topic=topic)

    async def _write_owed_files(self) -> None:
        """Files that an earlier process committed and didn't get to write."""
        written = await self.writer.outside(files.write_owed, self.options.markdown_dir)
        for problem in written.problems:
            logger.error("%s", problem)

    async def prune_pages(self) -> None:
        """Remove raw pages as `[pages]` says."""
        if self.pages is not None:
            await prune_pages(self.writer, self.pages, self.config.pages, self.clock.now())

    async def filing_source(self, source_id: str, kind: str, url: str) -> SourceState:
        """The row under which the page and warc spiders file what no configured source owns."""
        return await self.writer.run(
            known.ensure_filing_source, id=source_id, kind=kind, url=url, now=self.clock.now()
        )

    # The end

    def drop_waiting(self) -> None:
        """A stop has begun: requests that only wait out a host's delay end now, still owed."""
        if self._stopping or not hasattr(self, "work"):
            return
        self._stopping = True
        self.work.stop()
        self._drop_queued()
        self.crawler.signals.send_catch_log(line_stopping)

    def cut_off(self) -> int:
        """Wait no longer for what is in flight: it ends at once and stays owed. Give its number."""
        self._drop_queued()
        return self.ending.cut_off()

    def _drop_queued(self) -> None:
        for slot in tuple(self.crawler.engine.downloader.slots.values()):
            while slot.queue:
                _, waiting = slot.queue.popleft()
                waiting.errback(Failure(Stopping("the crawl is stopping")))

    async def close(self, reason: str = "finished") -> None:
        """Close everything in the order that loses nothing; a second call does nothing."""
        if self.close_reason:
            return
        self.close_reason = reason
        self.mishaps.cancel_tasks()
        try:
            await self.mishaps.settled()
            if hasattr(self, "pool"):
                await self.pool.close()
            await self._note_the_end(reason)
        except ArchiveError as error:
            self.mishaps.archive_failed(error)
        finally:
            self._opened.close()

    def abandon_all(self) -> None:
        """Close after the loop was stopped in mid-flight: what was submitted is committed."""
        if self.close_reason:
            return
        if hasattr(self, "pool"):
            self.pool.kill()
        self._opened.close()

    async def _note_the_end(self, reason: str) -> None:
        await self._write_owed_files()
        ids = tuple(source.id for source in self.sources)
        self.owed_left = await self.writer.run(owing.owed_count, ids)
        self.owed_until = await self.writer.run(owing.next_not_before, ids)
        counters = {name: self.tallies.total(name) for name in runs.COUNTERS}
        now = self.clock.now()
        await self.writer.run(runs.end, self.run_id, reason=reason, counters=counters, now=now)
        if self.pages is not None:
            if reason == "finished":  # who stops a crawl, or the daemon, is not to wait
                await self.prune_pages()
            await self.writer.aside(self.pages.close)
        summary = ", ".join(f"{count} {name}" for name, count in counters.items() if count)
        logger.info("%s: %s; %d owed", reason, summary or "nothing to do", self.owed_left)

    def is_stopping(self, failure: Failure) -> bool:
        """True for a request that a stop ended: its task stays as it was."""
        return bool(failure.check(Stopping))

    def abandon(self, carried: Look | Reading) -> None:
        self.work.done(carried.task)

    async def save(self, item: PageItem) -> None:
        """Save what start() made without a response, instead of yielding it: Scrapy 2.19 asks
        whether it may close only after responses, so that a stop while such an item is on its
        way through the pipeline would wait for ever."""
        try:
            await self.savings.save(item)
        except Exception as error:
            logger.exception("Could not save %s", item.url)
            self.mishaps.task_failed(item.task, error)

    async def give_up(self, task: Fetch, failed: Failed) -> None:
        if failed.unreachable and self.network.is_down:
            self.network.spare(task)
            return
        await self.savings.give_up(task, failed)
        if failed.unreachable:
            await self.network.page_missed(task)


def _declarations(config: Config) -> list[Declaration]:
    return [_declaration(source) for source in config.source]


def _declaration(source: Source) -> Declaration:
    return Declaration(
        id=source.id,
        name=source.name,
        url=source.url,
        kind=source.kind or "",
        category=source.category,
        section=source.section,
        language=source.language,
        enabled=source.enabled,
    )
