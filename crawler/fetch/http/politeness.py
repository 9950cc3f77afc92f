"""Manners: robots.txt with an age, Crawl-delay, Retry-After, each hop in its own host's slot."""

from __future__ import annotations

import logging
from collections import OrderedDict
from datetime import datetime
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Request, Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectError, ConnectionClosed

from crawler.fetch.http.clock import CLOCK, Clock
from crawler.fetch.http.guard import AddressRefused
from crawler.text.dates import http_date

ROBOTS_TTL_S = 86_400.0  # RFC 9309 §2.4: not longer than a day
ROBOTS_ERROR_TTL_S = 600.0
ROBOTS_LOST_TTL_S = 1.0  # as long as those that wait for the same answer need to hear of it
ROBOTS_HOSTS = 20_000  # a wildcard name would else make hosts, and what is kept of them, for ever
HOLDS = 20_000
ROBOTS_BYTES = 500 * 1024  # RFC 9309 §2.5; 10 MB of rules took the event loop a minute
MAX_CRAWL_DELAY_S = 120.0
HOLD_S = 60.0  # for a 429 or 503 that names no time
SEVERAL, WITHIN_S = 3, 60.0  # URLs that say so without a time: then it is the host
MAX_HOLD_S = 86_400.0

_LOST = (
    *(CannotResolveHostError, DownloadConnectionRefusedError, DownloadFailedError),
    *(DownloadTimeoutError, ResponseDataLossError, ConnectError, ConnectionClosed),
)
_DISALLOW_ALL = b"User-agent: *\nDisallow: /\n"


class ForbiddenByRobots(IgnoreRequest):
    """robots.txt says no."""


class HostOnHold(IgnoreRequest):
    """The host asked to be left alone, or its robots.txt can't be read, for `wait_s` seconds."""

    def __init__(self, message: str, wait_s: float):
        super().__init__(message)
        self.wait_s = wait_s


def retry_after_s(value: bytes | None, date: bytes | None = None, *, now: datetime) -> float | None:
    """Seconds that a Retry-After asks for (RFC 9110 §10.2.3), at most a day; None when unreadable.

    A date is measured against the server's own Date header, so that its wrong clock does no harm,
    and against `now` without one.
    """
    text = (value or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), MAX_HOLD_S)
    until = http_date(text)
    if until is None:
        return None
    theirs = http_date((date or b"").decode("latin-1")) or now
    return min(max(0.0, (until - theirs).total_seconds()), MAX_HOLD_S)


class RobotsUnreadable(HostOnHold):
    """robots.txt was answered with 5xx or 429: RFC 9309 forbids everything until it can be read."""


def _without_traceback(record: logging.LogRecord) -> bool:
    """An unreachable host is no fault of the program: the line says what happened."""
    record.exc_info = None
    return True


class Robots(RobotsTxtMiddleware):
    """Scrapy's middleware by RFC 9309's rules: 5xx forbids for a while, 4xx allows, a copy ages.

    Where robots.txt can't be fetched at all the request fails for the same reason: what it
    forbids is unknown. It is asked for again with the next request.
    """

    def __init__(self, crawler: Crawler, *, clock: Clock = CLOCK):
        super().__init__(crawler)
        self._clock = clock
        logging.getLogger(RobotsTxtMiddleware.__module__).addFilter(_without_traceback)
        self._expires: dict[str, float] = {}
        self._unreachable: set[str] = set()
        self._lost: dict[str, Exception] = {}
        crawler.signals.connect(self._apply_crawl_delay, signals.robots_parsed)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        netloc = urlparse_cached(request).netloc
        self._forget_if_old(netloc)
        parser = await super().robot_parser(request)
        if parser is None and netloc in self._lost:
            request.meta["dont_retry"] = True  # robots.txt was asked for twice
            raise self._lost[netloc]
        ttl = ROBOTS_TTL_S if parser is not None else ROBOTS_ERROR_TTL_S
        self._expires.setdefault(netloc, self._clock.monotonic() + ttl)
        return parser

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        netloc = urlparse_cached(request).netloc
        if netloc in self._unreachable:
            wait = max(1.0, self._expires.get(netloc, 0.0) - self._clock.monotonic())
            words = f"robots.txt of {netloc} can't be read; asking again later"
            raise RobotsUnreadable(words, wait)
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise ForbiddenByRobots("forbidden by robots.txt") from error

    def _forget_if_old(self, netloc: str) -> None:
        now = self._clock.monotonic()
        if self._expires.get(netloc, now) < now:
            self._drop(netloc)
        if len(self._expires) > ROBOTS_HOSTS:
            oldest = next(iter(self._expires))
            self._drop(oldest)
            # its Crawl-delay comes back with its robots.txt
            self.crawler.engine.downloader.per_slot_settings.pop(oldest.partition(":")[0], None)

    def _drop(self, netloc: str) -> None:
        if isinstance(self._parsers.get(netloc), Deferred):
            return  # being fetched right now
        for table in (self._parsers, self._expires, self._lost):
            table.pop(netloc, None)
        self._unreachable.discard(netloc)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, (*_LOST, HostOnHold, AddressRefused)):
            self._lost[netloc] = exc
            self._expires[netloc] = self._clock.monotonic() + ROBOTS_LOST_TTL_S
        super()._robots_error(exc, netloc)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            response = response.replace(body=_DISALLOW_ALL)
            self._unreachable.add(netloc)
            self._expires[netloc] = self._clock.monotonic() + ROBOTS_ERROR_TTL_S
        elif response.status >= 300:
            response = response.replace(body=b"")
        elif len(response.body) > ROBOTS_BYTES:
            whole_lines = response.body[:ROBOTS_BYTES].rpartition(b"\n")[0]
            response = response.replace(body=whole_lines)
        await super()._parse_robots(response, netloc, request)

    def _apply_crawl_delay(self, robotparser: RobotParser, request: Request) -> None:
        delay = robotparser.crawl_delay(self._robotstxt_useragent or self._default_useragent)
        if delay is None or not delay > 0:  # NaN, too, would end all delays
            return
        downloader = self.crawler.engine.downloader
        key = downloader.get_slot_key(request)
        # A slot lives 60 s; per_slot_settings outlives it.
        kept = downloader.per_slot_settings.setdefault(key, {})
        kept["delay"] = max(min(delay, MAX_CRAWL_DELAY_S), kept.get("delay", downloader._delay))
        kept["concurrency"], kept["jitter"] = 1, 0.0
        slot = downloader.slots.get(key)
        if slot:
            slot.delay, slot.concurrency, slot.jitter = kept["delay"], 1, 0.0


class Holds:
    """Leaves a host alone after 429 or 503, as long as its Retry-After says.

    Without one that URL alone is put off (see `outcomes.of_status`): an overloaded host says so at
    more than one. After SEVERAL different URLs within WITHIN_S the host is left alone for HOLD_S.
    """

    def __init__(self, crawler: Crawler, *, clock: Clock = CLOCK):
        self.crawler, self._clock = crawler, clock
        self._until: dict[str, float] = {}
        self._busy: OrderedDict[str, dict[str, float]] = OrderedDict()  # host -> URLs, and when

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Holds:
        return cls(crawler)

    def wait_s(self, host: str) -> float:
        """Seconds for which the host must still be left alone; 0 when it may be asked."""
        wait = self._until.get(host, 0.0) - self._clock.monotonic()
        if wait <= 0:
            self._until.pop(host, None)
        return max(0.0, wait)

    def process_request(self, request: Request) -> None:
        # A redirected request carries the old host's slot: it must wait in its own host's.
        request.meta.pop("download_slot", None)
        self.refuse_held(request)

    def refuse_held(self, request: Request) -> None:
        """Raise HostOnHold where the host is to be left alone."""
        host = urlparse_cached(request).hostname or ""
        wait = self.wait_s(host)
        if wait:
            raise HostOnHold(f"{host} asked to be left alone for another {wait:.0f} s", wait)

    def process_response(self, request: Request, response: Response) -> Response:
        if response.status in (429, 503):
            host = urlparse_cached(request).hostname or ""
            header = response.headers.get
            asked = retry_after_s(header("Retry-After"), header("Date"), now=self._clock.now())
            if asked is not None:
                self._hold(host, asked)
            elif self._are_several(host, request.url):
                self._hold(host, HOLD_S)
            request.meta["dont_retry"] = True
        return response

    def _are_several(self, host: str, url: str) -> bool:
        now = self._clock.monotonic()
        lately = {u: at for u, at in self._busy.pop(host, {}).items() if now - at <= WITHIN_S}
        self._busy[host] = {**lately, url: now}
        if len(self._busy) > HOLDS:
            self._busy.popitem(last=False)
        return len(self._busy[host]) >= SEVERAL

    def _hold(self, host: str, seconds: float) -> None:
        now = self._clock.monotonic()
        self._until[host] = now + seconds
        if len(self._until) > HOLDS:
            self._until = {host: until for host, until in self._until.items() if until > now}
        if len(self._until) > HOLDS:
            del self._until[min(self._until, key=self._until.__getitem__)]


class Gate:
    """When a host may be asked next: what `Work` consults before it hands out a request."""

    def __init__(self, crawler: Crawler, *, clock: Clock):
        self._crawler, self._clock = crawler, clock

    def hold_s(self, host: str) -> float:
        """Seconds of a Retry-After hold; 0 without one."""
        holds = self._crawler.get_downloader_middleware(Holds)
        return holds.wait_s(host) if holds else 0.0

    def delay_s(self, host: str) -> float:
        """The pause between two requests to the host, in seconds."""
        downloader = self._crawler.engine.downloader
        settings: dict[str, Any] = downloader.per_slot_settings.get(host, {})
        return float(settings.get("delay", downloader._delay))

    def turn_s(self, host: str) -> float:
        """Seconds until the host's delay has passed since its last request."""
        slot = self._crawler.engine.downloader.slots.get(host)
        return max(0.0, slot.lastseen + slot.delay - self._clock.monotonic()) if slot else 0.0

    def keep_delay(self, host: str, seconds: float) -> None:
        """Keep a pause that a task names for its host; a robots.txt may ask for a longer one."""
        downloader = self._crawler.engine.downloader
        if seconds > self.delay_s(host):
            downloader.per_slot_settings.setdefault(host, {})["delay"] = seconds
