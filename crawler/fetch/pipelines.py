"""The end of the way: what came of a task is handed over the desk."""

from __future__ import annotations

from typing import Any

from scrapy.crawler import Crawler

from crawler.fetch.crawl import Crawl, crawl_of
from crawler.fetch.tasks import Ended


class SaveArticle:
    """Awaits the commit of every task that ended; other items pass."""

    def __init__(self, crawl: Crawl):
        self._crawl = crawl

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SaveArticle:
        return cls(crawl_of(crawler))

    async def process_item(self, item: Any) -> Any:
        if isinstance(item, Ended):
            await self._crawl.finish(item)
        return item
