"""What runs for ever ends by itself at `[daemon] memory_limit_mb`: its service starts it again."""

from __future__ import annotations

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.fetch.crawl import Crawl


class MemoryLimit:
    """Stops a crawl whose memory is full. Scrapy tells so once, and may before the crawl opens."""

    def __init__(self, crawler: Crawler):
        self._crawl: Crawl | None = None
        self._is_reached = False
        crawler.signals.connect(self._reached, signals.memusage_warning_reached)

    def opened(self, crawl: Crawl) -> bool:
        """The crawl has opened; give whether it was stopped at once."""
        self._crawl = crawl
        if self._is_reached:
            self._stop(crawl)
        return self._is_reached

    def _reached(self) -> None:
        self._is_reached = True
        if self._crawl is not None:
            self._stop(self._crawl)

    def _stop(self, crawl: Crawl) -> None:
        limit = crawl.config.daemon.memory_limit_mb
        crawl.supervisor.stop(
            f"the memory limit of {limit} MB is reached ([daemon] memory_limit_mb)"
        )
