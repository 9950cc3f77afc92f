"""What a site spider of your own subclasses: docs/how-to/write-a-spider.md."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from inspect import signature
from typing import Any, Self

from parsel import Selector, SelectorList
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.link import Link
from scrapy.linkextractors import LinkExtractor
from scrapy.settings import BaseSettings

from archive.errors import ArchiveError, UnusableArgument
from crawler.fetch.article_pages import ArticleFetch
from crawler.fetch.crawl import Step
from crawler.fetch.options import Options, options_for_source
from crawler.fetch.own.finds import Finds
from crawler.fetch.own.site_output import ArchivedPage, FollowedArticle
from crawler.fetch.tasks import Ended, Task
from spiders.base import TaskSpider

_OUTPUT = "crawler.fetch.own.site_output.SiteOutput"
_NEAREST = 950  # of the spider middlewares: what a callback yields comes here first
_NOT_TAKEN = {"self", "args", "kwargs", "name"}
_LOOK_S = 0.1  # how often is looked whether own requests are still under way


def follow_article(
    url: str | Link | Selector,
    *,
    title: str = "",
    published: datetime | None = None,
    summary: str = "",
) -> FollowedArticle:
    """Yield this for a link to an article: it is announced, and fetched once in its life.

    `url`: an address, absolute or relative to the page; a link that a LinkExtractor found; or an
    element with a link. What else you give stands in where the article's page says nothing of it.
    """
    address = _address_in(url)
    if published is not None and published.tzinfo is None:
        raise ValueError(f"follow_article({address!r}): published={published} has no time zone")
    return FollowedArticle(url=address, title=title, published=published, summary=summary)


def archive_page(response: Response) -> ArchivedPage:
    """Yield this for a page that is an article itself: it is archived as it came."""
    return ArchivedPage(response)


class SiteSpider(TaskSpider):
    """Walks a site's own pages, and files the articles that it finds under a configured source.

    `source` is the id of that source. `articles` says which links lead to articles and `lists` to
    further pages with such links: CSS of the elements, or a LinkExtractor. Where that isn't enough,
    write `parse`, and yield requests, `follow_article(link)` or `archive_page(response)`.
    """

    source: str = ""
    articles: str | LinkExtractor = ""
    lists: str | LinkExtractor = ""
    finds: Finds

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        own_start = spider.start  # of whoever wrote the spider, or Scrapy's: start_urls
        spider.start = lambda: spider._walk(own_start())  # type: ignore[method-assign]
        return spider

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Each list page is asked for once a run; the finds go to the archive."""
        filter_ = "scrapy.dupefilters.RFPDupeFilter"
        settings.set("DUPEFILTER_CLASS", filter_, priority="spider")
        super().update_settings(settings)
        middlewares = {**settings.getdict("SPIDER_MIDDLEWARES"), _OUTPUT: _NEAREST}
        settings.set("SPIDER_MIDDLEWARES", middlewares, priority="spider")

    @classmethod
    def takes(cls) -> tuple[str, ...]:
        """What the class declares as text or None, and what its __init__ names."""
        own = cls.__mro__[: cls.__mro__.index(TaskSpider)]
        texts = [n for c in own for n, v in vars(c).items() if v is None or isinstance(v, str)]
        named = [
            n
            for c in own
            if "__init__" in vars(c)
            for n in signature(vars(c)["__init__"]).parameters
        ]
        taken = [name for name in (*texts, *named) if name[0] != "_" and name not in _NOT_TAKEN]
        return tuple(dict.fromkeys((*taken, *super().takes())))

    def make_options(self, crawler: Crawler, arguments: Mapping[str, str]) -> Options:
        if not self.source:
            raise UnusableArgument(
                f'the spider {self.name} has no source: write `source = "ID"`, the id of the'
                " [[source]] in your config that its articles are filed under"
            )
        return options_for_source(crawler.settings, arguments, self.source)

    def parse(self, response: Response, **_: Any) -> Iterator[Any]:
        """Announce the articles that a list page links to, and go on to its further pages."""
        if not self.articles:
            raise NotImplementedError(
                f"the spider {self.name} says neither which links lead to articles"
                ' (articles = "CSS") nor what else to do (parse)'
            )
        found = _links(response, self.articles)
        if not found:
            self.logger.warning("no link on %s matches articles = %r", response.url, self.articles)
        yield from map(follow_article, found)
        if self.lists:
            yield from response.follow_all(_links(response, self.lists))

    async def prepare(self) -> None:
        source = self.crawl.options.sources[0]
        self.finds = Finds(self.crawl.house, source, spider=str(self.name), clock=self.crawl.clock)

    async def begin(self, task: Task) -> Step | Ended:
        """A page that came already, by `archive_page`, is not asked for again."""
        step = await super().begin(task)
        page = self.finds.page_of(task)
        if page is None or not isinstance(step, ArticleFetch):
            return step
        return await self.crawl.answered(step, page)

    async def _walk(self, own_start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """The spider's own requests, beside them the articles that they lead to."""
        try:
            await self.crawl.open()
            await self.prepare()
            async for output in own_start:
                yield output
            idle = False
            while not idle and not self.crawl.is_stopping:
                idle = self._is_idle()
                async for request in self.task_requests():
                    idle = False
                    yield request
                await asyncio.sleep(_LOOK_S)
        except ArchiveError as error:  # out of here it would be a traceback, and a success
            self.crawl.supervisor.archive_failed(error)
        finally:
            self.crawl.drop_waiting()

    def _is_idle(self) -> bool:
        """Whether no request of its own is under way, whose callback may find more."""
        engine = self.crawler.engine
        slot, scraper = engine._slot, engine.scraper.slot
        assert slot is not None
        assert scraper is not None
        waiting = slot.inprogress or slot.scheduler.has_pending_requests()
        return scraper.is_idle() and not waiting


def _links(response: Response, which: str | LinkExtractor) -> list[str]:
    """The addresses of chosen links, each once."""
    if isinstance(which, LinkExtractor):
        found = [link.url for link in which.extract_links(response)]  # type: ignore[arg-type]
    else:
        found = [_address_in(element) for element in response.css(which)]
    return [url for url in dict.fromkeys(found) if url]


def _address_in(link: str | Link | Selector) -> str:
    """Take the address out of a link; of an element its own, or that of the first link in it."""
    if isinstance(link, Link):
        return link.url
    if isinstance(link, str):
        return link.strip()
    if isinstance(link, SelectorList):
        raise ValueError("follow_article takes one link: yield one for each element of the list")
    if isinstance(link.root, str):  # of ::attr(href) or ::text
        return link.root.strip()
    return (link.xpath("(self::*[@href] | descendant::*[@href])[1]/@href").get() or "").strip()
