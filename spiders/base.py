"""What every spider shares: ask Work what is next, request it, hand the response to the line."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Any, ClassVar, Self

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.errors import BroadsheetError
from config.model import Kind
from crawler.fetch.line import Line, line_of
from crawler.fetch.options import Options, options_from_arguments
from crawler.fetch.outcomes import Failed, of_exception, request_of
from crawler.fetch.tasks import Look, PageItem, Poll, Reading, Task

logger = logging.getLogger(__name__)

_ANSWERS = [304, *range(400, 600)]  # statuses that the line judges itself
_ARTICLE, _POLL = 10, 0  # Scrapy's priorities: an article that is known goes before a new poll
DOCUMENT_MAXSIZE = 50 * 2**20  # a sitemap may be 50 MB (sitemaps.org)


class LineSpider(scrapy.Spider):
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
    def line(self) -> Line:
        return line_of(self.crawler)

    async def start(self) -> AsyncIterator[Any]:
        await self.line.open()
        try:
            await self.prepare()
            while (task := await self.line.work.next()) is not None:
                try:
                    step = await self.first_step(task)
                except Exception as error:  # out of here it would end the whole crawl
                    logger.exception("%s could not be begun", task.source.id)
                    self.line.mishaps.task_failed(task, error)
                    continue
                if isinstance(step, PageItem):
                    await self.line.save(step)
                else:
                    yield step
        finally:
            self.line.drop_waiting()

    async def prepare(self) -> None:
        """Whatever a spider adds to the work before it begins."""

    async def first_step(self, task: Task) -> scrapy.Request | PageItem:
        if isinstance(task, Poll):
            return self.document_request(await self.line.visits.begin(task))
        beginning = await self.line.readings.begin(task)
        return self.page_request(beginning) if isinstance(beginning, Reading) else beginning

    def document_request(self, look: Look) -> scrapy.Request:
        return scrapy.Request(
            look.url,
            callback=self.parse_document,
            errback=self.document_failed,
            cb_kwargs={"look": look},
            dont_filter=True,
            priority=_POLL,
            meta={
                "handle_httpstatus_list": _ANSWERS,
                "source": look.task.source,
                "validators": look.validators,
                "download_maxsize": DOCUMENT_MAXSIZE,
            },
        )

    def page_request(self, reading: Reading) -> scrapy.Request:
        return scrapy.Request(
            reading.url,
            callback=self.parse_page,
            errback=self.page_failed,
            cb_kwargs={"reading": reading},
            dont_filter=True,
            priority=_ARTICLE,
            meta={
                "handle_httpstatus_list": _ANSWERS,
                "source": reading.task.source,
                "validators": reading.validators,
            },
        )

    async def parse_document(self, response: Response, look: Look) -> AsyncIterator[Any]:
        following = await self.line.visits.answered(look, response)
        if following is not None:
            yield self.document_request(following)

    async def document_failed(self, failure: Failure) -> AsyncIterator[Any]:
        look: Look = request_of(failure).cb_kwargs["look"]
        if self.line.is_stopping(failure):
            self.line.abandon(look)
            return
        following = await self.line.visits.failed(look, of_exception(failure.value))
        if following is not None:
            yield self.document_request(following)

    async def parse_page(self, response: Response, reading: Reading) -> AsyncIterator[Any]:
        outcome = await self.line.readings.answered(reading, response)
        if isinstance(outcome, Failed):
            await self.line.give_up(reading.task, outcome)
        elif isinstance(outcome, Reading):
            yield self.page_request(outcome)
        else:
            yield outcome

    async def page_failed(self, failure: Failure) -> AsyncIterator[Any]:
        reading: Reading = request_of(failure).cb_kwargs["reading"]
        if self.line.is_stopping(failure):
            self.line.abandon(reading)
            return
        outcome = self.line.readings.failed(reading, failure)
        if isinstance(outcome, PageItem):
            yield outcome
        else:
            await self.line.give_up(reading.task, outcome)
