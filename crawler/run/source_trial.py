"""A look at sources without an archive: what each would announce, and how its first page reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import scrapy
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.model import Article, Entry, Rejection
from config.model import Config, Source
from crawler.discover.model import Discovered
from crawler.discover.select import Unused, left_out, select_entries, why_nothing
from crawler.extract.page import Page
from crawler.fetch.http.guard import guard_addresses
from crawler.fetch.http.outcomes import of_exception, request_of
from crawler.fetch.options import scrapy_settings
from crawler.fetch.workers.pool import ExtractionPool
from crawler.timing.offsets import dated, in_words


@dataclass(slots=True, kw_only=True)
class TrialResult:
    """What the look at one source showed. `problem` is '' where nothing is wrong."""

    source: Source
    status: int | None = None
    kind: str = ""
    found: int = 0
    announced: int = 0  # of these, after include, exclude and since
    left_out: str = ""  # why the others are not, with counts
    clock: str = ""  # what is wrong with that of its dates
    newest: datetime | None = None
    sample: Article | Rejection | None = None
    problem: str = field(default="no answer")


class CheckSpider(scrapy.Spider):
    """Not in `spiders/`: it archives nothing, so that `scrapy crawl` has no use for it."""

    name = "check"

    def __init__(self, config: Config, results: Sequence[TrialResult], **kwargs: Any):
        super().__init__(**kwargs)
        self.config, self.results = config, results

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> CheckSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        for name, value in scrapy_settings(spider.config).items():
            crawler.settings.set(name, value, priority="cmdline")
        return spider

    async def start(self) -> AsyncIterator[Any]:
        guard_addresses(self.config.crawl)
        self.pool = ExtractionPool(self.config.crawl.extract_workers)
        for result in self.results:
            yield self._request(result.source.url, self.parse_document, result)

    async def closed(self, reason: str) -> None:
        self.pool.kill()

    def _request(
        self, url: str, callback: Any, result: TrialResult, **carried: Any
    ) -> scrapy.Request:
        return scrapy.Request(
            url,
            callback=callback,
            errback=self.failed,
            cb_kwargs={"result": result, **carried},
            dont_filter=True,
            meta={"source": result.source, "handle_httpstatus_list": [*range(400, 600)]},
        )

    async def parse_document(self, response: Response, result: TrialResult) -> AsyncIterator[Any]:
        result.status = response.status
        if response.status != 200:
            result.problem = f"HTTP {response.status}"
            return
        discovered = await self._read(response, result.source)
        result.kind, result.found, result.problem = (
            discovered.kind,
            discovered.found,
            discovered.error,
        )
        if discovered.error:
            return
        child = discovered.documents[0] if discovered.documents else None
        if child is not None and not discovered.entries:
            yield self._request(child.url, self.parse_document, result)
            return
        first = self._summarise(result, discovered)
        if first is not None:
            yield self._request(first.raw_url, self.parse_page, result, entry=first)

    async def _read(self, response: Response, source: Source) -> Discovered:
        return await self.pool.read(
            response.body,
            url=response.url,
            content_type=(response.headers.get("Content-Type") or b"").decode("latin-1"),
            source=source,
            kind=source.kind,
            now=datetime.now(UTC),
        )

    def _summarise(self, result: TrialResult, discovered: Discovered) -> Entry | None:
        now = datetime.now(UTC)
        entries, offset = dated(discovered.entries, result.source, now=now, known=None)
        selection = select_entries(entries, source=result.source, now=now)
        unused = selection.unused + Counter({str(Unused.UNADDRESSED): discovered.unaddressed})
        result.announced, result.left_out = len(selection.entries), left_out(unused)
        result.clock = "" if offset.seconds is None else in_words(offset.seconds)
        dates = [e.published for e in selection.entries if e.published]
        result.newest = max(dates, default=None)
        if not discovered.found:
            result.problem = "it lists nothing"
        elif not selection.entries:
            result.problem = why_nothing(unused, discovered.found)
        return next(iter(selection.entries), None)

    async def parse_page(self, response: Response, result: TrialResult, entry: Entry) -> None:
        if response.status != 200:
            result.problem = f"its first page answers HTTP {response.status}"
            return
        page = Page(
            url=response.url,
            body=response.body,
            content_type=(response.headers.get("Content-Type") or b"").decode("latin-1"),
            fetched=datetime.now(UTC),
            source=result.source,
            entry=replace(entry, announced=datetime.now(UTC)),
        )
        result.sample = await self.pool.extract(page)
        if isinstance(result.sample, Rejection):
            result.problem = f"its first page is no article ({result.sample})"

    def failed(self, failure: Failure) -> None:
        result: TrialResult = request_of(failure).cb_kwargs["result"]
        reason = of_exception(failure.value).reason
        of_page = "entry" in request_of(failure).cb_kwargs
        result.problem = f"its first page: {reason}" if of_page else reason
