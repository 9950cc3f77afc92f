"""The end of the line: what was read is saved, or its entry closed with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.crawler import Crawler

from crawler.fetch.tasks import PageItem

if TYPE_CHECKING:
    from crawler.fetch.line import Line


class SaveArticle:
    """Awaits the commit of every `PageItem`; other items pass."""

    def __init__(self, line: Line):
        self._line = line

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SaveArticle:
        from crawler.fetch.line import line_of

        return cls(line_of(crawler))

    async def process_item(self, item: Any) -> Any:
        if isinstance(item, PageItem):
            await self._line.savings.save(item)
        return item
