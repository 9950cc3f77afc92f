"""Spiders that are not ours, and Scrapy's own commands: they work as Scrapy's manual says, with
the user's contact, delay, proxy and networks."""

from __future__ import annotations

import logging
import os
from inspect import signature
from pathlib import Path

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings, default_settings

from archive.errors import BroadsheetError
from config.load import load_config
from config.places import find_config
from crawler.fetch.http.guard import guard_addresses
from crawler.fetch.options import Options, keep_components, scrapy_settings
from crawler.fetch.own.site_output import PLAIN

logger = logging.getLogger(__name__)

# What the archive or the crawl does for our spiders, or what they don't want; others expect it.
_AS_SCRAPY_HAS_IT = (
    *("COOKIES_ENABLED", "METAREFRESH_ENABLED", "URLLENGTH_LIMIT"),
    "SCRAPER_SLOT_MAX_ACTIVE_SIZE",
)
_NEAREST = 950  # of the spider middlewares: what a callback yields comes here first
_HANDLERS = {"file": "scrapy.core.downloader.handlers.file.FileDownloadHandler"}


def is_a_command_s(crawler: Crawler) -> bool:
    """Whether the spider is part of a command (`sources check`), which says all that matters."""
    return crawler.spidercls.__module__.startswith("crawler.")


class OwnSpiders:
    """A Scrapy add-on that stands aside for ours, as Crawl does for others."""

    def __init__(self, crawler: Crawler):
        if isinstance(getattr(crawler.spider, "options", None), Options) or is_a_command_s(crawler):
            raise NotConfigured
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> OwnSpiders:
        return cls(crawler)

    def update_settings(self, settings: BaseSettings) -> None:
        """Lay `[crawl]` over the project's settings; what the spider or the command says wins."""
        try:
            path = find_config(self._named_config(), os.environ, Path.cwd())
            config = load_config(path, environ=None)
        except BroadsheetError as error:
            logger.error("%s", error)
            raise SystemExit(2) from error
        changed = {
            **{name: getattr(default_settings, name) for name in _AS_SCRAPY_HAS_IT},
            **scrapy_settings(config),
            "DOWNLOAD_HANDLERS": {**settings.getdict("DOWNLOAD_HANDLERS"), **_HANDLERS},
        }
        if self._crawler.spider is not None:  # a shell may ask for a page twice
            changed["DUPEFILTER_CLASS"] = default_settings.DUPEFILTER_CLASS
        for name, value in changed.items():
            settings.set(name, value, priority="project")

        keep_components(settings)
        middlewares = {**settings.getdict("SPIDER_MIDDLEWARES"), PLAIN: _NEAREST}
        settings.set("SPIDER_MIDDLEWARES", middlewares, priority="cmdline")

        def guard() -> None:  # once the reactor is there, and before anything is asked for
            guard_addresses(config.crawl)

        self._crawler.signals.connect(guard, signals.spider_opened, weak=False)

    def _named_config(self) -> str | None:
        """`-a config=FILE`, as our spiders take it; not where an __init__ has a `config`."""
        if "config" in signature(self._crawler.spidercls.__init__).parameters:
            return None
        named = vars(self._crawler.spider).get("config") if self._crawler.spider else None
        return named if isinstance(named, str) else None
