"""Parsing in worker processes: a page that hangs or crashes costs itself, not the crawl, and a
source that is slow to read costs itself, not the others."""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from archive.model import Article, Entry, Reason, Rejection
from config.model import Kind, Source
from crawler.discover.model import Discovered
from crawler.extract.page import Page
from crawler.fetch.http.clock import CLOCK
from crawler.fetch.http.stopping import StopScope
from crawler.fetch.workers.accounts import Accounts
from crawler.fetch.workers.process import WorkerDied, WorkerProcess
from crawler.fetch.workers.turns import Turns
from crawler.fetch.workers.worker import Job

if TYPE_CHECKING:
    from crawler.discover.site.site_page import SitePage

T = TypeVar("T")

logger = logging.getLogger(__name__)

PAGE_S = 30.0  # of processor time; p99 of 150 real pages is 93 ms
DOCUMENT_S = 60.0  # a feed of 50,000 items takes feedparser some 20 s
TASKS_PER_WORKER = 2_000  # then the worker is replaced: libxml2 and regex caches only grow
TRIES = 3  # of a task whose worker was killed: that isn't the page's fault, unless it always is
FEWEST_WORKERS = 2  # one source can't have them all
DOCUMENT_WORKERS = 2
TOLD_S = 5.0  # one line for all that die together

_EXTRACT: Job[Article | Rejection] = Job("extract_one")
_ARTICLE_OF_ITEM: Job[Article | Rejection] = Job("article_of_item")
_STAND_IN: Job[Article | Rejection | None] = Job("stand_in_of_item")
_READ: Job[Discovered] = Job("read_one")
_SITE_PAGE: Job[SitePage] = Job("site_page_of")


class Workers:
    """Up to `count` processes, made when they are needed and replaced when they die; slow tasks
    go on beside them (see `Turns`)."""

    def __init__(
        self,
        count: int,
        share: int,
        ending: StopScope,
        accounts: Accounts,
        others: Callable[[str], bool] | None = None,
    ):
        self._count, self._ending, self._accounts = count, ending, accounts
        self._turns = Turns(
            count,
            share=share,
            used=lambda s: accounts.used_s(s, now=CLOCK.monotonic()),
            rests=lambda s: accounts.rest_s(s, now=CLOCK.monotonic()) > 0,
            others=others,
        )
        self._all: set[WorkerProcess] = set()
        self._idle: list[WorkerProcess] = []
        self._starting = asyncio.Lock()
        self._told_at = float("-inf")
        atexit.register(self.kill)

    def __len__(self) -> int:
        """Tasks at work, or waiting for it."""
        return len(self._turns)

    def run(
        self, source_id: str, cpu_s: float, function: Callable[..., T], *args: Any
    ) -> Awaitable[T]:
        """Run it in a worker; raises what it raises, TimeoutError, WorkerDied, Stopping, or
        NoWorkers."""
        return self._ending.or_stop(self._in_turn(source_id, cpu_s, function, args))

    async def _in_turn(
        self, source_id: str, cpu_s: float, function: Callable[..., T], args: tuple[Any, ...]
    ) -> T:
        async with self._turns.turn(source_id) as turn:
            deaths = 0
            while True:
                worker = await self._worker()
                turn.step_aside = worker.step_aside
                if turn.is_aside:
                    worker.step_aside()
                seconds = cpu_s
                try:
                    succeeded, value, seconds = await worker.run(function, args, cpu_s=cpu_s)
                except WorkerDied as death:
                    seconds, deaths = 0.0, deaths + 1  # nobody knows what it used
                    if deaths == TRIES:
                        raise
                    self._tell(death)
                    continue
                except asyncio.CancelledError:
                    seconds = 0.0
                    raise
                finally:
                    self._accounts.charge(turn.source_id, seconds, now=CLOCK.monotonic())
                    self._put_back(worker, keep=not turn.is_aside)
                if succeeded:
                    return cast("T", value)
                if isinstance(value, MemoryError):
                    worker.kill()  # what it couldn't free it keeps
                raise value

    async def _worker(self) -> WorkerProcess:
        while self._idle:
            worker = self._idle.pop()
            if worker.is_usable:
                return worker
            self._drop(worker)
        async with self._starting:
            # a task of its own: its turns of the loop don't climb through ours
            worker = await asyncio.create_task(WorkerProcess.start())
        self._all.add(worker)
        return worker

    def _put_back(self, worker: WorkerProcess, *, keep: bool) -> None:
        fresh = worker.is_usable and worker.tasks < TASKS_PER_WORKER
        if keep and fresh and len(self._idle) < self._count:
            self._idle.append(worker)
        else:
            self._drop(worker)

    def _drop(self, worker: WorkerProcess) -> None:
        worker.close()
        self._all.discard(worker)

    def _tell(self, death: WorkerDied) -> None:
        if CLOCK.monotonic() - self._told_at >= TOLD_S:
            self._told_at = CLOCK.monotonic()
            logger.warning("a worker process is lost: %s; what it read is read again", death)

    def kill(self) -> None:
        """End the processes at once."""
        atexit.unregister(self.kill)
        for worker in tuple(self._all):
            worker.kill()
        self._all.clear()
        self._idle.clear()


class ExtractionPool:
    """Workers for pages and workers for documents, so that a slow sitemap holds up no page.

    `accounts`: what each source has used of them, in seconds of processor time. While others wait
    a source has half of the workers at most (see `Turns` for `others`); with `shared` False it may
    have all of them.
    """

    def __init__(
        self,
        workers: int | None,
        ending: StopScope | None = None,
        *,
        shared: bool = True,
        others: Callable[[str], bool] | None = None,
    ):
        count = workers or max(FEWEST_WORKERS, (os.cpu_count() or 2) - 1)
        ending = ending or StopScope()
        self.accounts = Accounts()
        share = max(1, count // 2) if shared else count
        self._pages = Workers(count, share, ending, self.accounts, others)
        self._documents = Workers(DOCUMENT_WORKERS, 1, ending, self.accounts, others)

    @property
    def waiting(self) -> int:
        """Pages handed in and not yet done."""
        return len(self._pages)

    def extract(self, page: Page) -> Awaitable[Article | Rejection]:
        """The article of a page, or why it is none; a hang or crash is a Rejection too."""
        return self._article(page.source, _EXTRACT, page)

    async def article_of(
        self, entry: Entry, *, source: Source, fetched: datetime, boilerplate: frozenset[str]
    ) -> Article | Rejection:
        """The feed's item as the article, however short (`full_content = "feed"`)."""
        return await self._article(source, _ARTICLE_OF_ITEM, entry, source, fetched, boilerplate)

    async def stand_in(
        self, entry: Entry, *, source: Source, fetched: datetime, boilerplate: frozenset[str]
    ) -> Article | None:
        """The feed's full text for a page that can't be had; None where it may not stand in."""
        args = (entry, source, fetched, boilerplate)
        outcome = await self._article(source, _STAND_IN, *args)
        return outcome if isinstance(outcome, Article) else None

    async def read(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str,
        source: Source,
        kind: Kind | None,
        now: datetime,
    ) -> Discovered:
        """The entries of a source's document; what went wrong is in `error`."""
        try:
            args = (body, url, content_type, source, kind, now)
            return await self._documents.run(source.id, DOCUMENT_S, _READ, *args)
        except TimeoutError:
            why = f"over {DOCUMENT_S:.0f} s"
        except MemoryError:
            why = "out of memory"
        except WorkerDied as death:
            why = f"the worker died {TRIES} times: {death}"
        return Discovered(kind=kind or "feed", error=f"reading it failed: {why}")

    async def site_page(self, body: bytes, *, url: str, content_type: str) -> SitePage:
        """What a page says of its site; nothing of one that is too much for a worker."""
        try:
            args = (body, url, content_type)
            return await self._documents.run(url, DOCUMENT_S, _SITE_PAGE, *args)
        except (TimeoutError, MemoryError, WorkerDied):
            from crawler.discover.site.site_page import SitePage

            return SitePage(form="unknown")

    async def _article(
        self, source: Source, function: Callable[..., T], *args: Any
    ) -> T | Rejection:
        try:
            return await self._pages.run(source.id, PAGE_S, function, *args)
        except TimeoutError:
            return Rejection(reason=Reason.TIMEOUT, detail=f"extraction over {PAGE_S:.0f} s")
        except WorkerDied as death:
            return Rejection(reason=Reason.CRASHED, detail=f"{TRIES} times: {death}")
        except MemoryError:
            return Rejection(reason=Reason.CRASHED, detail="out of memory")

    def kill(self) -> None:
        """End the workers without waiting for what they do."""
        self._pages.kill()
        self._documents.kill()
