"""What becomes of a task whose callback or save raised: a bug of ours, or an archive that fails."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.http import Request
from twisted.python.failure import Failure

from archive.errors import ArchiveError, BroadsheetError
from crawler.fetch.ending import Stopping
from crawler.fetch.outcomes import Failed
from crawler.fetch.tasks import Fetch, Poll

if TYPE_CHECKING:
    from crawler.fetch.line import Line

logger = logging.getLogger(__name__)


class Mishaps:
    """Listens to Scrapy's error signals, so that no failed task holds its host for ever.

    A bug costs its page: the entry is postponed, since it would else be handed out again at once.
    An archive that can't be written (a full disk) costs the crawl: everything stays owed.
    """

    def __init__(self, line: Line):
        self._line = line
        self._endings: set[asyncio.Future[None]] = set()
        self._tasks: set[asyncio.Task[None]] = set()  # the loop keeps only weak references
        self.archive_error = ""  # why the crawl was stopped, for the command to say
        self.fatal = ""  # any other reason why it stopped by itself
        line.crawler.signals.connect(self._callback_failed, signals.spider_error)
        line.crawler.signals.connect(self._item_failed, signals.item_error)

    async def settled(self) -> None:
        """Wait until every failed task has ended."""
        await asyncio.gather(*self._endings, return_exceptions=True)

    def archive_failed(self, error: ArchiveError) -> None:
        """Stop the crawl: nothing that it would fetch could be kept."""
        if not self.archive_error:
            self.archive_error = str(error)
            logger.error("%s; the crawl stops, and what is owed stays owed", error)
            self._line.work.stop()

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
        self._line.drop_waiting()
        self._stop = asyncio.ensure_future(self._line.crawler.stop_async())

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
            if isinstance(task, Poll | Fetch):
                self.task_failed(task, error)

    def task_failed(self, task: Poll | Fetch, error: BaseException | None) -> None:
        """End a task that raised; the crawl goes on, unless it was the archive that failed."""
        if isinstance(error, Stopping):
            self._line.work.done(task)
            return
        if isinstance(error, ArchiveError):
            self.archive_failed(error)
        ending = asyncio.ensure_future(self._end(task, error))
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)

    async def _end(self, task: Poll | Fetch, error: BaseException | None) -> None:
        reason = f"internal error: {error!r}"
        tally = self._line.tallies.of(task.source.id)
        tally.error, tally.status = reason, "failed"
        if isinstance(task, Fetch) and not self.archive_error:
            await self._line.savings.give_up(task, Failed(reason=reason))
        else:
            self._line.work.done(task)
