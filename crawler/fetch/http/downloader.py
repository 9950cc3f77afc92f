"""Scrapy's scheduler and downloader for requests that seldom wait in them: `Work` hands out no more
than its hosts take at once."""

from __future__ import annotations

from heapq import heappop, heappush

from scrapy import signals
from scrapy.core.downloader import Downloader
from scrapy.core.scheduler import BaseScheduler
from scrapy.http import Request, Response

from crawler.fetch.http.clock import CLOCK


class ShortQueue(BaseScheduler):
    """A heap in memory, the first come first of those with the same priority. It filters nothing,
    and keeps nothing for a later process: what a task needs next is the archive's to know."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int, Request]] = []
        self._count = 0

    def has_pending_requests(self) -> bool:
        return bool(self._waiting)

    def enqueue_request(self, request: Request) -> bool:
        self._count += 1
        heappush(self._waiting, (-request.priority, self._count, request))
        return True

    def next_request(self) -> Request | None:
        return heappop(self._waiting)[2] if self._waiting else None


class StraightDownloader(Downloader):
    """Where nothing of its host waits, and no delay, a request is sent in the task that brought it:
    the queue's way takes another task, a Deferred and three turns of the loop."""

    async def _enqueue_request(self, request: Request) -> Response:
        key, slot = self._get_slot(request)
        now = CLOCK.monotonic()  # the one that Scrapy's slots go by
        is_free = slot.free_transfer_slots() > 0 and slot.lastseen + slot.download_delay() <= now
        if slot.queue or slot.latercall or not is_free:
            return await super()._enqueue_request(request)
        request.meta[self.DOWNLOAD_SLOT] = key
        slot.active.add(request)
        self.signals.send_catch_log(
            signal=signals.request_reached_downloader, request=request, spider=self.crawler.spider
        )
        slot.lastseen = now
        try:
            return await self._download(slot, request)
        finally:
            slot.active.remove(request)
