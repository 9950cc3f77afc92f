"""How much a source may send in a day: one that sends without end fills no disk and no line."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import date, datetime, time, timedelta

from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Request, Response

from crawler.fetch.http.clock import CLOCK, Clock
from crawler.fetch.http.politeness import HostOnHold
from crawler.fetch.options import SOURCE_BYTES

logger = logging.getLogger(__name__)


RECEIVED = "broadsheet_received"  # in meta: bytes on the line, where the body says less


class SourceSpent(HostOnHold):
    """The source has sent its share of today: what it owes waits for tomorrow, UTC."""


class DailyBytes:
    """Counts what the answers of each source weigh on the line, and refuses further requests.

    A day of this process: a restart begins anew.
    """

    def __init__(self, most: int, largest: int, *, clock: Clock = CLOCK):
        """`most`: bytes of a source and day. `largest`: how much one that was cut off counts."""
        self._most, self._largest, self._clock = most, largest, clock
        self._day: date | None = None
        self._sent: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DailyBytes:
        settings = crawler.settings
        return cls(settings.getint(SOURCE_BYTES), settings.getint("DOWNLOAD_MAXSIZE"))

    def process_request(self, request: Request) -> None:
        source = request.meta.get("source")
        if source is None or self._sent[source.id] < self._most:
            return
        now = self._clock.now()
        if now.date() == self._day:
            raise SourceSpent(f"{source.id} {self._words()}", _until_tomorrow_s(now))

    def process_response(self, request: Request, response: Response) -> Response:
        self._add(request, request.meta.get(RECEIVED, len(response.body)))
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if isinstance(exception, DownloadCancelledError):
            self._add(request, self._largest)

    def _add(self, request: Request, count: int) -> None:
        source, today = request.meta.get("source"), self._clock.now().date()
        if source is None:
            return
        if today != self._day:
            self._day, self._sent = today, Counter()
        before = self._sent[source.id]
        self._sent[source.id] = before + count
        if before < self._most <= before + count:
            logger.warning("%s %s", source.id, self._words())

    def _words(self) -> str:
        return (
            f"has sent {self._most / 1e9:g} GB today, [crawl] max_source_gb: the rest waits for"
            " tomorrow (UTC)"
        )


def _until_tomorrow_s(now: datetime) -> float:
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    return (tomorrow - now).total_seconds()
