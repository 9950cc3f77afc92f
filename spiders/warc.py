"""`scrapy crawl warc -a path=FILE`: archives the HTML responses of a WARC file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, TypeGuard

from scrapy import Request

from archive.errors import UnusableArgument
from crawler.discover.warc import WarcPage, WarcProblem, read_pages
from crawler.fetch.house.unannounced import Unannounced
from crawler.text.addresses import canonical_url
from spiders.base import SourceSpider


class WarcSpider(SourceSpider):
    name = "warc"

    @classmethod
    def takes(cls) -> tuple[str, ...]:
        return ("path", *super().takes())

    def __init__(self, path: str = "", **kwargs: Any):
        super().__init__(**kwargs)
        self.path = Path(path)
        if not self.path.is_file():
            raise UnusableArgument(f"-a path={path!r}: there is no such file")
        self.pages = self.passed_over = self.unreadable = 0

    async def start(self) -> AsyncIterator[Any]:
        """Read the next record once the last is saved, so that a file of any size needs no
        memory."""
        await self.crawl.open()
        unannounced = Unannounced(self.crawl.house, kind="warc", clock=self.crawl.clock)
        with self.path.open("rb") as stream:
            records = read_pages(stream)
            while (record := await asyncio.to_thread(_following, records)) is not None:
                if self.is_page(record):
                    await self.crawl.finish_now(
                        await unannounced.record(record, self.crawl.article_pages)
                    )
                if self.crawl.supervisor.archive_error:
                    return
        self.logger.info(
            "%s: %d pages, %d passed over for their status or address, %d unreadable records",
            *(self.path, self.pages, self.passed_over, self.unreadable),
        )
        none: tuple[Request, ...] = ()
        for request in none:  # makes this the asynchronous generator that Scrapy asks for
            yield request

    def is_page(self, record: WarcPage | WarcProblem) -> TypeGuard[WarcPage]:
        """Count a record; what can't be read is logged with its place in the file."""
        if isinstance(record, WarcProblem):
            self.unreadable += 1
            self.logger.warning(
                "%s: unreadable record at byte %d: %s", self.path, record.offset, record.detail
            )
            return False
        usable = 200 <= record.status < 300 and bool(canonical_url(record.url))
        self.pages += usable
        self.passed_over += not usable
        return usable


def _following(records: Iterator[WarcPage | WarcProblem]) -> WarcPage | WarcProblem | None:
    return next(records, None)
