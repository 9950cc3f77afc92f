"""The archive of a crawl: opened under its lock, in line with program and config, and closed."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import ExitStack
from datetime import datetime

from archive.database import runs
from archive.database.lock import ArchiveLock
from archive.database.read_connection import ReadConnection
from archive.database.writer import Writer
from archive.entries import attempts
from archive.files import orders
from archive.folder import DataFolder
from archive.images.store import ImageStore
from archive.migrate import migrate
from archive.model import Declaration, SourceState
from archive.pages.store import PageStore
from archive.sources import declarations
from config.model import Config, Source
from crawler.fetch.house.retention import prune_images, prune_pages
from crawler.fetch.options import Options
from crawler.fetch.tally import Tallies
from crawler.text.addresses import own_domains, own_hosts
from crawler.timing.server_clocks import ClockVerdict

logger = logging.getLogger(__name__)

_RENAMED = (
    "the source %s has left the config, and %s has its address: if it is the same one,"
    " `broadsheet sources rename %s %s` keeps its history together"
)


class OpenArchive:
    """One writer of an archive, a reader beside it, its pictures and raw pages (None: not kept).

    Raises ArchiveLocked, or ArchiveError for a file that can't be used.
    """

    def __init__(self, options: Options, *, now: datetime):
        self._options, self._clock_s = options, 0
        self._is_clock_noted = False
        shared = options.config.archive.mode == "shared"
        with ExitStack() as opened:
            lock = ArchiveLock(options.data, options.command, shared=shared)
            self._lock = opened.enter_context(lock)
            path, synchronous = DataFolder(options.data).archive, options.config.archive.synchronous
            self.writer = Writer(path, synchronous=synchronous)
            opened.callback(self.writer.close)
            self.writer.call(migrate, now)
            self._run_id = self.writer.call(self._begin, now)
            self.reader = ReadConnection(path)
            opened.callback(self.reader.close)
            self._opened = opened.pop_all()
        keep = options.config.pages.keep_raw
        self.pages = PageStore(DataFolder(options.data).pages) if keep else None
        self.images = ImageStore(DataFolder(options.data).images)

    def _begin(self, conn: sqlite3.Connection, now: datetime) -> int:
        config = self._options.config
        changed = orders.set_settings(
            conn,
            markdown=config.markdown.enabled,
            body=config.markdown.body,
            placeholder_image=config.markdown.placeholder_image,
        )
        orders.lead_to_images(
            conn,
            keep=config.images.keep,
            link=config.images.link,
            markdown_dir=self._options.markdown_dir,
            images=DataFolder(self._options.data).images,
        )
        if changed and orders.count(conn):
            logger.warning("[markdown] has changed; `broadsheet render` brings older files in line")
        declared = _declarations(config)
        declarations.declare(conn, declared, now=now)
        for old, new in declarations.renamed_by_hand(conn, declared):
            logger.warning(_RENAMED, old, new, old, new)
        attempts.raise_sources(conn)
        return runs.begin(conn, command=self._options.command, now=now)

    async def declare(self, config: Config, *, now: datetime) -> None:
        """The config is another one."""
        await self.writer.run(declarations.declare, _declarations(config), now=now)

    async def states(self) -> dict[str, SourceState]:
        """What the archive remembers of each source, by id."""
        return {state.id: state for state in await self.reader.run(declarations.source_states)}

    def kinds(self) -> dict[str, str]:
        """What each source is or turned out to be, by id; '' while nobody knows."""
        return {state.id: state.kind for state in self.reader.call(declarations.source_states)}

    async def prune(self, config: Config, verdict: ClockVerdict, *, now: datetime) -> None:
        """Remove raw pages and pictures as the config says; none by a clock that is wrong."""
        if verdict.is_off:
            logger.warning("no raw page is removed ([pages]): this machine's clock is wrong")
            return
        if self.pages is not None:
            await prune_pages(self.writer, self.pages, config.pages, now)
        await prune_images(self.writer, self.images, config.images.max_age, now)

    async def note_clock(self, verdict: ClockVerdict) -> None:
        """Note where this machine's clock is wrong: what the run writes is dated by it."""
        if verdict.way and not self._clock_s:
            seconds = round(verdict.ahead.total_seconds())
            if seconds or not self._is_clock_noted:
                self._clock_s, self._is_clock_noted = seconds, True
                await self.writer.run(runs.note_clock, self._run_id, seconds, verdict.way)

    async def end(self, reason: str, tallies: Tallies, *, owed_left: int, now: datetime) -> None:
        """Note how the run ended, and close the raw pages."""
        counters = tallies.totals(runs.COUNTERS)
        await self.writer.run(runs.end, self._run_id, reason=reason, counters=counters, now=now)
        summary = ", ".join(f"{count} {name}" for name, count in counters.items() if count)
        logger.info("%s: %s; %d owed", reason, summary or "nothing to do", owed_left)
        if self.pages is not None:
            await self.writer.aside(self.pages.close)

    def tell_trouble(self, words: str) -> None:
        """Let `status` know what is wrong with this crawl; '' for nothing."""
        self._lock.tell_trouble(words)

    def close(self) -> None:
        """Close all that is open, the lock last. What was submitted is committed."""
        self._opened.close()


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
        domains=own_domains(source.url, source.hosts),
        hosts=own_hosts(source.url, source.hosts),
        trust=source.trust,
    )
