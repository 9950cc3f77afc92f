"""What becomes of a task whose callback or save raised: a bug of ours, or an archive that fails."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import get_args

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Request
from twisted.python.failure import Failure

from archive.errors import ArchiveError, BroadsheetError
from crawler.fetch.http.stopping import Stopping
from crawler.fetch.tasks import Task

logger = logging.getLogger(__name__)


class Supervisor:
    """Listens to Scrapy's error signals, so that no failed task holds its host for ever.

    A bug costs its page: the entry is postponed, since it would else be handed out again at once;
    a visit that it ends counts as failed. An archive that can't be written (a full disk) costs the
    crawl: everything stays owed.
    """

    def __init__(
        self,
        crawler: Crawler,
        *,
        fail: Callable[[Task, str], Awaitable[None]],
        release: Callable[[Task], None],
        wind_down: Callable[[], None],
    ):
        """`fail` ends a task for a reason, `release` gives it back as it was, and `wind_down`
        lets what is in flight end and nothing more begin."""
        self._crawler = crawler
        self._fail, self._release, self._wind_down = fail, release, wind_down
        self._endings: set[asyncio.Future[None]] = set()
        self._tasks: set[asyncio.Task[None]] = set()  # the loop keeps only weak references
        self.archive_error = ""  # why the crawl was stopped, for the command to say
        self.fatal = ""  # any other reason why it stopped by itself
        crawler.signals.connect(self._callback_failed, signals.spider_error)
        crawler.signals.connect(self._item_failed, signals.item_error)

    @property
    def failure(self) -> str:
        """Why the crawl stopped by itself; '' where it did not."""
        return self.archive_error or self.fatal

    def close_failed(self, error: Exception) -> None:
        """What went wrong at the very end: the archive can't be written, or a bug of ours."""
        if isinstance(error, BroadsheetError):
            if not self.failure:
                self.archive_error = str(error)
                logger.error("%s", error)
        else:
            logger.error("the crawl could not be closed", exc_info=error)
            self.fatal = self.fatal or f"the crawl could not be closed: {error!r}"

    async def settled(self) -> None:
        """Wait until every failed task has ended."""
        await asyncio.gather(*self._endings, return_exceptions=True)

    def archive_failed(self, error: ArchiveError) -> None:
        """Stop the crawl: nothing that it would fetch could be kept."""
        if not self.archive_error:
            self.archive_error = str(error)
            logger.error("%s; the crawl stops, and what is owed stays owed", error)
            self._wind_down()

    def supervised(self, name: str, coroutine: Coroutine[object, object, None]) -> None:
        """Run a task beside the crawl until the crawl closes; one that fails stops the crawl."""
        task = asyncio.get_running_loop().create_task(coroutine, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._task_ended)

    def cancel_tasks(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()

    def stop(self, why: str) -> None:
        """End the crawl as a signal would; the command then says `why`, with exit code 1."""
        if self.fatal:
            return
        self.fatal = why
        logger.error("%s; the crawl stops", why)
        self._wind_down()
        self._stop = asyncio.ensure_future(self._crawler.stop_async())

    def _task_ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, ArchiveError):
            self.archive_failed(error)
        elif isinstance(error, BroadsheetError):
            self.stop(str(error))
        elif error is not None:
            logger.error("the task %s failed", task.get_name(), exc_info=error)
            self.stop(f"the task {task.get_name()} failed: {error!r}")

    def _callback_failed(self, failure: Failure, response: object) -> None:
        request = getattr(response, "request", None)
        if isinstance(request, Request):
            self._failed(list(request.cb_kwargs.values()), failure.value)

    def _item_failed(self, item: object, failure: Failure) -> None:
        self._failed([item], failure.value)

    def _failed(self, carried: list[object], error: BaseException | None) -> None:
        for value in carried:
            task = getattr(value, "task", None)
            if isinstance(task, get_args(Task)):
                self.task_failed(task, error)

    def task_failed(self, task: Task, error: BaseException | None) -> None:
        """End a task that raised; the crawl goes on, unless it was the archive that failed."""
        if isinstance(error, ArchiveError):
            self.archive_failed(error)
        if self.archive_error or isinstance(error, Stopping):
            self._release(task)
            return
        ending = asyncio.ensure_future(self._end(task, error))
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)

    async def _end(self, task: Task, error: BaseException | None) -> None:
        """A task that can't even be ended is given back."""
        try:
            await self._fail(task, f"internal error: {error!r}")
        except ArchiveError as failed:
            self.archive_failed(failed)
            self._release(task)
