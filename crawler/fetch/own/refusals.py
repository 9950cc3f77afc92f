"""Requests that the crawl's manners refuse: told where a spider of a person's own makes them.

Of a task's request the archive keeps the reason; Scrapy itself passes over such a refusal.
"""

from __future__ import annotations

import logging

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Request
from scrapy.http.request import NO_CALLBACK

from crawler.fetch.http.stopping import Stopping
from crawler.fetch.own.manners import is_a_command_s

logger = logging.getLogger(__name__)


class TellRefusals:
    """A downloader middleware: what robots.txt, the guard and a host's own word forbid."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> TellRefusals:
        if is_a_command_s(crawler):
            raise NotConfigured
        return cls()

    def process_exception(self, request: Request, exception: Exception) -> None:
        is_own = "step" not in request.cb_kwargs and request.callback is not NO_CALLBACK
        if is_own and isinstance(exception, IgnoreRequest) and not isinstance(exception, Stopping):
            logger.warning("not asked for: %s: %s", request.url, exception)
