"""A look at sources without an archive: what each would announce, and how its pages read."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Self

import scrapy
from scrapy.http import Response

from archive.model import Article, Document, Entry, Rejection
from config.model import Config, Kind, Source
from crawler.discover.autodiscover import lists_news
from crawler.discover.model import Discovered
from crawler.discover.select import Unused, left_out, select_entries, why_nothing
from crawler.discover.site.candidates import Listing
from crawler.discover.site.site_page import SitePage
from crawler.extract.page import Page
from crawler.fetch.http.guard import guard_addresses
from crawler.fetch.options import scrapy_settings
from crawler.fetch.workers.pool import ExtractionPool
from crawler.run.trial_requests import TrialRequests, Unanswered, content_type
from crawler.timing.offset_words import in_words
from crawler.timing.offsets import dated

_AT_ONCE = 16  # sources; each host has its own delay
_DEEPEST = 3  # an index may lead to an index


@dataclass(slots=True, kw_only=True)
class Sample:
    """How one of the announced pages reads; `problem` says why it is no article."""

    url: str
    article: Article | None = None
    problem: str = ""


@dataclass(slots=True, kw_only=True)
class TrialResult:
    """What the look at one source showed. `problem` is '' where nothing is wrong."""

    source: Source
    url: str = ""  # that answered
    status: int | None = None
    kind: Kind | None = None
    listed: Listing = field(default_factory=Listing)
    left_out: str = ""  # why the others are not announced, with counts
    clock: str = ""  # what is wrong with that of its dates
    page: SitePage | None = None  # where a page was looked at, not a feed
    samples: list[Sample] = field(default_factory=list)
    problem: str = field(default="no answer")

    @property
    def advice(self) -> str:
        """What the page itself says would be a better source; '' where there is none."""
        if self.page and self.page.is_article:
            return f"`broadsheet sources add {self.source.url}` looks for its outlet's feed"
        feeds = self.page.feeds if self.page else ()
        if feeds:
            also = " (and others)" if len(feeds) > 1 else ""
            return f"its page names a feed, which has dates and misses less: {feeds[0]}{also}"
        return ""


class Trial:
    """Looks at sources through `requests`, in the workers of `pool`."""

    def __init__(self, requests: TrialRequests, pool: ExtractionPool) -> None:
        self._requests, self._pool = requests, pool

    async def look(self, result: TrialResult, *, samples: int = 1) -> None:
        """Fill in what the source announces, and how the first `samples` pages read."""
        try:
            response = await self._requests.get(result.source.url, result.source)
        except Unanswered as error:
            result.problem = str(error)
            return
        await self.read(result, response)
        if not result.problem:
            await self.sample(result, samples)

    async def read(self, result: TrialResult, response: Response, depth: int = 0) -> None:
        """Fill in what a document lists; of a sitemap index, what the best of its files does."""
        if not depth:
            result.url, result.status = response.url, response.status
        discovered = await self._discover(response, result.source)
        result.kind = result.kind or discovered.kind
        if discovered.kind == "listing" and not depth:
            result.page = await self.site_page(response)
        result.problem = discovered.error
        child = best_file(discovered.documents)
        if child is not None and not discovered.entries and depth < _DEEPEST:
            try:
                following = await self._requests.get(child.url, result.source)
            except Unanswered as error:
                result.problem = f"its file {child.url}: {error}"
                return
            await self.read(result, following, depth + 1)
        elif not discovered.error:
            _summarise(result, discovered)

    async def site_page(self, response: Response) -> SitePage:
        return await self._pool.site_page(
            response.body, url=response.url, content_type=content_type(response)
        )

    async def sample(self, result: TrialResult, most: int) -> None:
        """Extract the first pages; a page that is no article is a problem of the first one only."""
        for entry in result.listed.entries[:most]:
            result.samples.append(await self._sample(result.source, entry))
        if result.samples and result.samples[0].problem:
            result.problem = f"its first page: {result.samples[0].problem}"

    async def _sample(self, source: Source, entry: Entry) -> Sample:
        try:
            response = await self._requests.get(entry.raw_url, source)
        except Unanswered as error:
            return Sample(url=entry.raw_url, problem=str(error))
        page = Page(
            url=response.url,
            body=response.body,
            content_type=content_type(response),
            fetched=datetime.now(UTC),
            source=source,
            entry=replace(entry, announced=datetime.now(UTC)),
        )
        outcome = await self._pool.extract(page)
        if isinstance(outcome, Rejection):
            return Sample(url=response.url, problem=f"no article ({outcome})")
        return Sample(url=response.url, article=outcome)

    async def _discover(self, response: Response, source: Source) -> Discovered:
        return await self._pool.read(
            response.body,
            url=response.url,
            content_type=content_type(response),
            source=source,
            kind=source.kind,
            now=datetime.now(UTC),
        )


def best_file(documents: Sequence[Document]) -> Document | None:
    """The file of a sitemap index that holds the news: by its address, else the newest."""
    never = datetime.min.replace(tzinfo=UTC)
    return max(documents, key=lambda d: (lists_news(d.url), d.lastmod or never), default=None)


def _summarise(result: TrialResult, discovered: Discovered) -> None:
    now = datetime.now(UTC)
    entries, offset = dated(discovered.entries, result.source, now=now, known=None)
    selection = select_entries(entries, source=result.source, now=now)
    unused = selection.unused + Counter({str(Unused.UNADDRESSED): discovered.unaddressed})
    result.left_out = left_out(unused)
    result.clock = "" if offset.seconds is None else in_words(offset.seconds)
    result.listed = Listing(
        found=discovered.found,
        entries=selection.entries,
        title=discovered.title,
        language=next((e.language for e in selection.entries if e.language), ""),
    )
    if not discovered.found:
        result.problem = "it lists nothing"
    elif not selection.entries:
        result.problem = why_nothing(unused, discovered.found)


class TrialSpider(scrapy.Spider):
    """Fetches with the user's `[crawl]`, and archives nothing: `scrapy crawl` has no use for it."""

    config: Config

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        for name, value in scrapy_settings(spider.config).items():
            crawler.settings.set(name, value, priority="cmdline")
        return spider


class CheckSpider(TrialSpider):
    """Tries sources; not in `spiders/`."""

    name = "check"

    def __init__(self, config: Config, results: Sequence[TrialResult], **kwargs: Any):
        super().__init__(**kwargs)
        self.config, self.results = config, results

    async def start(self) -> AsyncIterator[Any]:
        guard_addresses(self.config.crawl)
        self.pool = ExtractionPool(self.config.crawl.extract_workers)
        trial, room = Trial(TrialRequests(self.crawler), self.pool), asyncio.Semaphore(_AT_ONCE)

        async def look(result: TrialResult) -> None:
            async with room:
                await trial.look(result)

        await asyncio.gather(*(look(result) for result in self.results))
        return
        yield  # Scrapy wants a generator; nothing is left to its engine

    async def closed(self, reason: str) -> None:
        self.pool.kill()
