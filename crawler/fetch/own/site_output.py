"""What the callbacks of a site spider yield: its articles go to the archive, the rest to Scrapy."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.errors import ArchiveError
from archive.model import Entry
from crawler.fetch.crawl import Crawl, crawl_of
from crawler.fetch.own.finds import Finds, found_entry

logger = logging.getLogger(__name__)

PLAIN = "crawler.fetch.own.site_output.PlainOutput"
AT_ONCE = 100  # finds that are announced in one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedArticle:
    """The address of an article: absolute, or relative to the page that has it."""

    url: str
    title: str = ""
    published: datetime | None = None  # aware
    summary: str = ""


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A page that came, and is an article."""

    response: Response


class SiteOutput:
    """A spider middleware, which `SiteSpider` asks for.

    Its finds are committed before the callback's next request goes out, so that a killed run owes
    what it found. Its own requests carry the source: its headers and cookies, and its share of
    bytes a day.
    """

    def __init__(self, crawler: Crawler):
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SiteOutput:
        return cls(crawler)

    @property
    def _crawl(self) -> Crawl:
        return crawl_of(self._crawler)

    @property
    def _finds(self) -> Finds:
        finds: Finds = self._crawler.spider.finds  # type: ignore[union-attr]
        return finds

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for output in start:
            yield self._marked(output) if isinstance(output, Request) else output

    async def process_spider_output(
        self, response: Response, result: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        found: list[Entry] = []
        try:
            async for output in result:
                if isinstance(output, FollowedArticle):
                    found += self._entries(output, response)
                elif isinstance(output, ArchivedPage):
                    await self._archive(output.response)
                else:
                    found = await self._announce(found)
                    yield self._marked(output) if isinstance(output, Request) else output
                if len(found) >= AT_ONCE:
                    found = await self._announce(found)
        finally:  # what a callback found before it failed counts, too
            await self._announce(found)

    def _marked(self, request: Request) -> Request:
        if "step" not in request.cb_kwargs:
            request.meta.setdefault("source", self._finds.source)
            request.meta.setdefault("live", self._crawl.house.is_live)
        return request

    def _entries(self, output: FollowedArticle, response: Response) -> list[Entry]:
        entry = found_entry(
            response.urljoin(output.url),
            title=output.title,
            published=output.published,
            summary=output.summary,
        )
        if entry is None:
            logger.info("passed over on %s: %r is no address of a page", response.url, output.url)
        return [entry] if entry else []

    async def _announce(self, found: list[Entry]) -> list[Entry]:
        """Announce what was found; give what is left of it: nothing."""
        if found:
            try:
                await self._finds.announce(found)
            except ArchiveError as error:
                self._crawl.supervisor.archive_failed(error)
        return []

    async def _archive(self, response: Response) -> None:
        try:
            await self._finds.archive(response)
        except ArchiveError as error:
            self._crawl.supervisor.archive_failed(error)


class PlainOutput:
    """A spider middleware of spiders that are none of ours: what only a SiteSpider can yield is
    told, and goes no further. Scrapy would take it for an item."""

    def __init__(self, spider: str):
        self._spider, self._is_told = spider, False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PlainOutput:
        return cls(crawler.spidercls.__name__)

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for output in start:
            if self._passes(output):
                yield output

    async def process_spider_output(
        self, response: Response, result: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        async for output in result:
            if self._passes(output):
                yield output

    def _passes(self, output: Any) -> bool:
        if not isinstance(output, FollowedArticle | ArchivedPage):
            return True
        if not self._is_told:
            self._is_told = True
            logger.error(
                "nothing is archived: %s yields follow_article(…) or archive_page(…), which only a"
                " SiteSpider can: write `class %s(SiteSpider)`, with `source = ...`",
                *(self._spider, self._spider),
            )
        return False
