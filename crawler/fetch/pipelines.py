"""The end of the way: what came of a task is handed over the desk."""

from __future__ import annotations

from typing import Any

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured

from crawler.fetch.crawl import Crawl
from crawler.fetch.tasks import Ended


class SaveArticle:
    """Awaits the commit of every task that ended; other items pass. None for others' spiders."""

    def __init__(self, crawl: Crawl):
        self._crawl = crawl

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SaveArticle:
        crawl = crawler.get_addon(Crawl)
        if crawl is None:
            raise NotConfigured
        return cls(crawl)

    async def process_item(self, item: Any) -> Any:
        if not isinstance(item, Ended):
            return item
        made = await self._crawl.finish(item)
        if made is None:
            raise DropItem(f"no article: {item.url}", log_level="DEBUG")
        return made
