"""One Scrapy process for a command: settings, start, and the errors that ended it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawler.fetch.crawl import Crawl, crawl_of, crawl_opened
from crawler.fetch.options import SETTING, Options
from crawler.fetch.watch.garbage import keep_for_good


class Process(AsyncCrawlerProcess):
    """Tells the line of a stop when it begins: Scrapy has no signal that early."""

    is_stopped = False  # by a signal

    async def stop(self) -> None:
        self.is_stopped = True
        for crawler in tuple(self.crawlers):
            crawl = crawler.get_addon(Crawl)
            if crawl is not None:
                crawl.drop_waiting()
        await super().stop()


def run_spider(
    spider: str, options: Options, *, on_crawler: Callable[[Crawler], None] | None = None
) -> Crawl:
    """Run a spider of ours to its end and give its line; installs the signal handlers.

    Once per process: Twisted's reactor can't be started again. Raises what kept the crawl from
    starting (ArchiveLocked, ArchiveError).
    """
    settings = _settings()
    settings.set(SETTING, options, priority="cmdline")
    process = Process(settings)
    crawler = process.create_crawler(spider)
    crawler.signals.connect(keep_for_good, crawl_opened)
    if on_crawler is not None:
        on_crawler(crawler)
    crawling: asyncio.Future[None] = process.crawl(crawler)
    process.start()
    error = crawling.exception() if crawling.done() and not crawling.cancelled() else None
    if error is not None:
        raise error
    crawl = crawl_of(crawler)
    crawl.abandon_all()  # after a second signal
    if process.is_stopped and not crawl.close_reason:  # by one that came before anything was open
        crawl.close_reason = "shutdown"
    return crawl


def run_plain(spider: type[Spider], **arguments: Any) -> None:
    """Run a spider that needs no archive, with our settings and manners."""
    settings = _settings()
    settings.set("ITEM_PIPELINES", {}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    process.crawl(spider, **arguments)
    process.start()


def _settings() -> Settings:
    # not get_project_settings: it puts the folder of a scrapy.cfg that it finds on the path
    module = os.environ.get("SCRAPY_SETTINGS_MODULE", "crawler.settings")
    settings = Settings()
    settings.setmodule(module, priority="project")
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")  # run.logs has done it
    return settings
