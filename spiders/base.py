"""What every spider shares: take a task, request it, hand what came of it to the crawl."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Any, ClassVar, Self

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.errors import ArchiveError, BroadsheetError
from config.model import Kind
from crawler.fetch.crawl import Crawl, Step, crawl_of
from crawler.fetch.http.outcomes import request_of
from crawler.fetch.options import Options, options_from_arguments
from crawler.fetch.tasks import Ended

logger = logging.getLogger(__name__)

_ANSWERS = [304, *range(400, 600)]  # statuses that the crawl judges itself


class SourceSpider(scrapy.Spider):
    """`kinds` are the kinds of source that the spider visits when none is named."""

    kinds: ClassVar[tuple[Kind, ...]] = ()
    options: Options

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """End the command with the reason, not a traceback, where the arguments can't be used."""
        try:
            spider = super().from_crawler(crawler, *args, **kwargs)
            spider.options = options_from_arguments(crawler.settings, kwargs, cls.kinds)
        except BroadsheetError as error:
            logger.error("%s", error)
            raise SystemExit(2) from error
        return spider

    @property
    def crawl(self) -> Crawl:
        return crawl_of(self.crawler)

    async def start(self) -> AsyncIterator[Any]:
        try:
            await self.crawl.open()
            await self.prepare()
            async for task in self.crawl.work.tasks():
                try:
                    following = await self.crawl.begin(task)
                except Exception as error:  # out of here it would end the whole crawl
                    if not isinstance(error, ArchiveError):
                        logger.exception("%s could not be begun", task.id)
                    self.crawl.supervisor.task_failed(task, error)
                    continue
                if isinstance(following, Ended):
                    await self.crawl.finish_now(following)
                else:
                    yield self.request(following)
        except ArchiveError as error:  # out of here it would be a traceback, and a success
            self.crawl.supervisor.archive_failed(error)
        finally:
            self.crawl.drop_waiting()

    async def prepare(self) -> None:
        """Whatever a spider adds to the work before it begins."""

    def request(self, step: Step) -> scrapy.Request:
        meta: dict[str, Any] = {
            "handle_httpstatus_list": _ANSWERS,
            "source": step.task.source,
            "validators": step.validators,
            "live": step.task.live,
            "download_fail_on_dataloss": False,  # the crawl judges an answer that was cut short
        }
        if step.max_bytes is not None:
            meta["download_maxsize"] = step.max_bytes
        return scrapy.Request(
            step.url,
            callback=self.parse,
            errback=self.failed,
            cb_kwargs={"step": step},
            dont_filter=True,
            priority=step.priority,
            meta=meta,
        )

    async def parse(self, response: Response, step: Step) -> AsyncIterator[Any]:
        following = await self.crawl.answered(step, response)
        yield following if isinstance(following, Ended) else self.request(following)

    async def failed(self, failure: Failure) -> AsyncIterator[Any]:
        following = await self.crawl.failed(request_of(failure).cb_kwargs["step"], failure)
        if following is not None:
            yield following if isinstance(following, Ended) else self.request(following)
