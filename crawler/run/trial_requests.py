"""Requests of a look at sources that stores nothing: with all of our manners, and bounded."""

from __future__ import annotations

from typing import Any

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Response

from config.model import Source
from crawler.fetch.http.outcomes import of_exception, of_status


class Unanswered(Exception):
    """A request of a trial that brought no page; the message is the reason."""


class Spent(Unanswered):
    """The trial has used up its requests or its bytes."""


class TrialRequests:
    """Asks through Scrapy's downloader: robots.txt, delays, holds and the address guard apply."""

    def __init__(
        self, crawler: Crawler, *, most: int | None = None, most_bytes: int | None = None
    ) -> None:
        """`most` requests that bring `most_bytes` bytes in all; None: as many as it takes."""
        self._crawler, self._most, self._most_bytes = crawler, most, most_bytes
        self.sent = self.received = 0

    async def get(self, url: str, source: Source) -> Response:
        """Give the page at an address, after redirects. Raises Unanswered."""
        if self._most is not None and self.sent >= self._most:
            raise Spent(f"not asked: {self._most} requests were made already")
        room = None if self._most_bytes is None else self._most_bytes - self.received
        if room is not None and room <= 0:
            raise Spent(f"not asked: {self.received / 1e6:.0f} MB came already")
        self.sent += 1
        try:
            assert self._crawler.engine is not None
            response = await self._crawler.engine.download_async(self._request(url, source, room))
        except Exception as error:  # whatever kept an answer from coming has its words
            raise Unanswered(of_exception(error).reason) from error
        self.received += len(response.body)
        if failed := of_status(response):
            raise Unanswered(failed.reason)
        return response

    def _request(self, url: str, source: Source, room: int | None) -> scrapy.Request:
        meta: dict[str, Any] = {"source": source, "handle_httpstatus_list": [*range(400, 600)]}
        largest = self._crawler.settings.getint("DOWNLOAD_MAXSIZE")
        if room is not None:
            meta["download_maxsize"] = min(room, largest)
        return scrapy.Request(url, dont_filter=True, meta=meta)


def content_type(response: Response) -> str:
    return (response.headers.get("Content-Type") or b"").decode("latin-1")
