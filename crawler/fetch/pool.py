"""Worker processes for parsing: bytes in, entries or an article out; a page that hangs or crashes
costs itself, not the crawl."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import resource
import signal
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from typing import Any, TypeVar

import pebble
from pebble.common.types import CONSTS

from archive.model import Article, Entry, Reason, Rejection
from config.model import Kind, Source
from crawler.discover.model import Discovered
from crawler.extract.page import Page
from crawler.fetch.http.stopping import StopScope
from crawler.fetch.safe_path import keep_children_safe

T = TypeVar("T")

logger = logging.getLogger(__name__)

PAGE_TIMEOUT_S = 30.0  # p99 of 150 real pages is 93 ms
DOCUMENT_TIMEOUT_S = 60.0  # a feed of 50,000 items takes feedparser some 20 s
TASKS_PER_WORKER = 500  # then the worker is replaced: libxml2 and regex caches only grow
WORKER_MEMORY = 2 * 2**30  # bytes of address space


def _start_worker() -> None:
    # The parent ends its workers itself: a Ctrl-C to the group must not lose what they hold.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (WORKER_MEMORY, WORKER_MEMORY))


def _read_document(
    body: bytes, url: str, content_type: str, source: Source, kind: Kind | None, now: datetime
) -> Discovered:
    from crawler.discover.read import read_document

    return read_document(
        body, url=url, content_type=content_type, source=source, kind=kind, now=now
    )


def _extract_page(page: Page) -> Article | Rejection:
    from crawler.extract.with_entry import extract_page

    return extract_page(page)


def _article_of(
    entry: Entry, source: Source, fetched: datetime, boilerplate: frozenset[str]
) -> Article | Rejection:
    from crawler.extract.with_entry import article_from_entry

    return article_from_entry(entry, source=source, fetched=fetched, boilerplate=boilerplate)


def _stand_in(
    entry: Entry, source: Source, fetched: datetime, boilerplate: frozenset[str]
) -> Article | Rejection | None:
    from crawler.extract.with_entry import stand_in

    return stand_in(entry, source=source, fetched=fetched, boilerplate=boilerplate)


class Workers:
    """Processes that outlive their accidents: one that is killed, and a pool that broke."""

    def __init__(self, count: int, ending: StopScope):
        self._count, self._ending = count, ending
        self._pool = _make_pool(count)

    async def run(self, timeout_s: float, function: Callable[..., T], *args: Any) -> T:
        """Run it in a worker; raises what it raises, TimeoutError, or ProcessExpired.

        A worker that was killed meanwhile (by hand, by the system when memory ran out) is not
        the page's fault: a page that ends its worker does so twice.
        """
        try:
            return await self._once(timeout_s, function, *args)
        except (pebble.ProcessExpired, BrokenProcessPool):
            return await self._once(timeout_s, function, *args)

    async def _once(self, timeout_s: float, function: Callable[..., T], *args: Any) -> T:
        pool = self._pool
        if not pool.active:
            pool = self._replace(pool)
        try:
            task: Future[T] = pool.schedule(function, args=args, timeout=timeout_s)
            return await self._ending.or_stop(asyncio.wrap_future(task))
        except BrokenProcessPool:
            self._replace(pool)
            raise

    def _replace(self, broken: pebble.ProcessPool) -> pebble.ProcessPool:
        """pebble gives a pool up for good when a worker is killed that has nothing to do."""
        if broken is self._pool:
            logger.warning("the worker processes ended unexpectedly; new ones take their place")
            self._pool = _make_pool(self._count)
            self._burial = asyncio.ensure_future(asyncio.to_thread(_stop, broken))
        return self._pool

    def close(self, *, wait: bool) -> None:
        """End the processes, blocking; `wait` for what they do."""
        if wait:
            self._pool.close()
            self._pool.join()
        else:
            _stop(self._pool)


def _stop(pool: pebble.ProcessPool) -> None:
    pool.stop()
    pool.join()


def _make_pool(workers: int) -> pebble.ProcessPool:
    keep_children_safe()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["crawler.extract.with_entry", "crawler.discover.read"])
    return pebble.ProcessPool(
        workers, context=context, initializer=_start_worker, max_tasks=TASKS_PER_WORKER
    )


class ExtractionPool:
    """`workers` processes for pages and one for documents, so that a slow sitemap holds up no page.

    A source occupies at most half of the page workers (one, if there is one) at a time: pages made
    to be slow cost the others a turn each, not the queue. `shared` False: one may have them all.
    """

    def __init__(
        self, workers: int | None, ending: StopScope | None = None, *, shared: bool = True
    ):
        CONSTS.term_timeout = 0.5  # the default of 3 s doubles every timeout, as SIGTERM is ignored
        workers = workers or max(1, (os.cpu_count() or 2) - 1)
        ending = ending or StopScope()
        self._pages, self._documents = Workers(workers, ending), Workers(1, ending)
        self.waiting = 0  # pages handed in and not yet done
        self._turns: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(max(1, workers // 2 if shared else workers))
        )

    async def extract(self, page: Page) -> Article | Rejection:
        """The article of a page, or why it is none; a hang or crash is a Rejection too."""
        return await self._article(page.source, _extract_page, page)

    async def article_of(
        self, entry: Entry, *, source: Source, fetched: datetime, boilerplate: frozenset[str]
    ) -> Article | Rejection:
        """The feed's item as the article, however short (`full_content = "feed"`)."""
        return await self._article(source, _article_of, entry, source, fetched, boilerplate)

    async def stand_in(
        self, entry: Entry, *, source: Source, fetched: datetime, boilerplate: frozenset[str]
    ) -> Article | None:
        """The feed's full text for a page that can't be had; None where it may not stand in."""
        args = (entry, source, fetched, boilerplate)
        outcome = await self._article(source, _stand_in, *args)
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
            return await self._documents.run(DOCUMENT_TIMEOUT_S, _read_document, *args)
        except (TimeoutError, MemoryError, pebble.ProcessExpired) as error:
            reason = f"reading it failed: {type(error).__name__} {error}".strip()
            return Discovered(kind=kind or "feed", error=reason)

    async def _article(
        self, source: Source, function: Callable[..., T], *args: Any
    ) -> T | Rejection:
        self.waiting += 1
        try:
            async with self._turns[source.id]:
                return await self._pages.run(PAGE_TIMEOUT_S, function, *args)
        except TimeoutError:
            return Rejection(reason=Reason.TIMEOUT, detail=f"over {PAGE_TIMEOUT_S:.0f} s")
        except pebble.ProcessExpired as error:
            return Rejection(reason=Reason.CRASHED, detail=str(error))
        except MemoryError:
            return Rejection(reason=Reason.CRASHED, detail="out of memory")
        finally:
            self.waiting -= 1

    async def close(self) -> None:
        for workers in (self._pages, self._documents):
            await asyncio.to_thread(workers.close, wait=True)

    def kill(self) -> None:
        """End the workers without waiting for what they do; blocks for a moment."""
        for workers in (self._pages, self._documents):
            workers.close(wait=False)
