"""`scrapy crawl warc -a path=FILE`: archives the HTML responses of a WARC file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from crawler.discover.warc import WarcPage, read_pages

from crawler.fetch.filing import Filing
from spiders.base import LineSpider


class WarcSpider(LineSpider):
    name = "warc"

    def __init__(self, path: str = "", **kwargs: Any):
        super().__init__(**kwargs)
        self.path = Path(path)
        if not self.path.is_file():
            raise ValueError(f"-a path={path!r} is no file")

    async def start(self) -> AsyncIterator[Any]:
        """Yield an item a record: the next is read once the last is extracted, so that a file of
        any size needs no memory."""
        await self.line.open()
        filing = Filing(self.line, kind="warc")
        with self.path.open("rb") as stream:
            records = read_pages(stream)
            while (page := await asyncio.to_thread(_following, records)) is not None:
                yield await filing.record(page)


def _following(records: Iterator[WarcPage]) -> WarcPage | None:
    return next(records, None)
