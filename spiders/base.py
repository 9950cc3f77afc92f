"""What every spider shares: take a task, request it, hand what came of it to the crawl."""

from __future__ import annotations

import difflib
import logging
from collections.abc import AsyncIterator, Mapping
from functools import cached_property
from typing import Any, ClassVar, Self

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from archive.errors import ArchiveError, BroadsheetError, UnusableArgument
from config.model import Kind
from crawler.fetch.crawl import Crawl, Step, crawl_of
from crawler.fetch.http.outcomes import request_of
from crawler.fetch.images.image_fetch import ImageFetch
from crawler.fetch.options import Options, options_from_arguments
from crawler.fetch.tasks import Ended, Task

logger = logging.getLogger(__name__)

_ANSWERS = [304, *range(400, 600)]  # statuses that the crawl judges itself


class TaskSpider(scrapy.Spider):
    """Does the crawl's tasks."""

    options: Options

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """End the command with the reason, not a traceback, where the arguments can't be used."""
        try:
            _check_arguments(str(cls.name), kwargs, cls.takes())
            spider = super().from_crawler(crawler, *args, **kwargs)
            spider.options = spider.make_options(crawler, kwargs)
        except BroadsheetError as error:
            logger.error("%s", error)
            raise SystemExit(2) from error
        return spider

    @classmethod
    def takes(cls) -> tuple[str, ...]:
        """The arguments (`-a NAME=VALUE`) that it looks at; another one ends the command."""
        return ("config", "data")

    def make_options(self, crawler: Crawler, arguments: Mapping[str, str]) -> Options:
        """What the crawl is to do; raises BroadsheetError where the arguments forbid it."""
        raise NotImplementedError

    @cached_property
    def crawl(self) -> Crawl:
        return crawl_of(self.crawler)

    async def prepare(self) -> None:
        """Whatever a spider adds to the work before it begins."""

    async def task_requests(self) -> AsyncIterator[scrapy.Request]:
        """Give the first request of each task, as there is room, until nothing is due."""
        work = self.crawl.work
        async for task in self.crawl.desk.tasks(work):
            work.took(task)
            try:
                following = await self.begin(task)
            except Exception as error:  # out of here it would end the whole crawl
                if not isinstance(error, ArchiveError):
                    logger.exception("%s could not be begun", task.id)
                self.crawl.supervisor.task_failed(task, error)
                continue
            if isinstance(following, Ended):
                await self.crawl.finish_now(following)
            else:
                yield self.request(following)

    async def begin(self, task: Task) -> Step | Ended:
        return await self.crawl.begin(task)

    def request(self, step: Step) -> scrapy.Request:
        meta: dict[str, Any] = {
            "handle_httpstatus_list": _ANSWERS,
            "source": step.task.source,
            "validators": step.validators,
            "live": step.task.live,
            "download_fail_on_dataloss": False,  # the crawl judges an answer that was cut short
        }
        if step.rendered:
            meta["playwright"] = True
        if step.max_bytes is not None:
            meta["download_maxsize"] = step.max_bytes
        return scrapy.Request(
            step.url,
            callback=self.task_answered,
            errback=self.task_failed,
            cb_kwargs={"step": step},
            dont_filter=True,
            priority=step.priority,
            headers=step.headers if isinstance(step, ImageFetch) else None,
            meta=meta,
        )

    async def task_answered(self, response: Response, step: Step) -> AsyncIterator[Any]:
        output = await self._output(await self.crawl.answered(step, response))
        if output is not None:
            yield output

    async def task_failed(self, failure: Failure) -> AsyncIterator[Any]:
        step = request_of(failure).cb_kwargs["step"]
        output = await self._output(await self.crawl.failed(step, failure))
        if output is not None:
            yield output

    async def _output(self, following: Step | Ended | None) -> scrapy.Request | Ended | None:
        """What Scrapy goes on with. The item's way through its middlewares and pipelines costs a
        poll a twelfth: what has ended takes it only where somebody waits there."""
        if following is None:
            return None
        if not isinstance(following, Ended):
            return self.request(following)
        if self.crawl.items is not None:
            return following
        await self.crawl.finish_now(following)
        return None


_NOT_NEEDED = (
    "scrapy.spidermiddlewares.depth.DepthMiddleware",
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware",
)
_SHORT_WAYS = {
    "SCHEDULER": "crawler.fetch.http.downloader.ShortQueue",
    "DOWNLOADER": "crawler.fetch.http.downloader.StraightDownloader",
}


class SourceSpider(TaskSpider):
    """`kinds` are the kinds of source that the spider visits when none is named."""

    kinds: ClassVar[tuple[Kind, ...]] = ()
    # What others' spiders may need, and each of our requests would pay for. CONCURRENT_ITEMS: that
    # many asyncio tasks are made for a response, of which one request or nothing comes.
    custom_settings = {  # noqa: RUF012  # as Scrapy declares it
        "CONCURRENT_ITEMS": 1,
        "DOWNLOADER_STATS": False,
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
        },
    }

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Without the spider middlewares that none of our requests needs; a project's own stay."""
        super().update_settings(settings)
        middlewares = {**dict.fromkeys(_NOT_NEEDED), **settings.getdict("SPIDER_MIDDLEWARES")}
        settings.set("SPIDER_MIDDLEWARES", middlewares, priority="spider")
        for name, path in _SHORT_WAYS.items():
            if not settings.getpriority(name):  # nobody has set another
                settings.set(name, path, priority="spider")

    @classmethod
    def takes(cls) -> tuple[str, ...]:
        return ("source", *super().takes()) if cls.kinds else super().takes()

    def make_options(self, crawler: Crawler, arguments: Mapping[str, str]) -> Options:
        return options_from_arguments(crawler.settings, arguments, self.kinds)

    async def start(self) -> AsyncIterator[Any]:
        try:
            await self.crawl.open()
            await self.prepare()
            async for request in self.task_requests():
                yield request
        except ArchiveError as error:  # out of here it would be a traceback, and a success
            self.crawl.supervisor.archive_failed(error)
        finally:
            self.crawl.drop_waiting()


def _check_arguments(spider: str, given: Mapping[str, str], known: tuple[str, ...]) -> None:
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            meant = f"did you mean {near[0]}?" if near else f"it takes {', '.join(known)}"
            raise UnusableArgument(f"-a {name}: the spider {spider} has no such argument; {meant}")
