"""HTTP/1.1 with idle connections closed soon: thousands of polled hosts hold no file each."""

from __future__ import annotations

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler

IDLE_S = 15.0  # Twisted's 240 s kept 1,513 sockets open after polling 1,500 hosts


class ShortKeepAlive(HTTP11DownloadHandler):
    def __init__(self, crawler: Crawler):
        super().__init__(crawler)
        self._pool.cachedConnectionTimeout = IDLE_S
