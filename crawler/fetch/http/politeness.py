"""Manners: robots.txt with an age, Crawl-delay, Retry-After, each hop in its own host's slot."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import (
    DownloadCancelledError,
    IgnoreRequest,
    StopDownload,
)
from scrapy.http import Request, Response
from scrapy.http.headers import Headers
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.signals import bytes_received, headers_received, robots_parsed
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

from crawler.fetch.http.causes import Cause, why
from crawler.fetch.http.clock import CLOCK, Clock
from crawler.fetch.http.guard import AddressRefused
from crawler.fetch.http.stopping import Stopping
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

_OVERSIZED = "DOWNLOAD_MAXSIZE"  # what Scrapy names where an answer is too large, decompressed, too
_IS_ROBOTS = "broadsheet_robots"  # in meta, of the request for a robots.txt and its redirects

logger = logging.getLogger(__name__)


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
    """robots.txt can't be read: RFC 9309 forbids everything until it can be."""


class Robots(RobotsTxtMiddleware):
    """Scrapy's middleware by RFC 9309's rules: 4xx allows, all else that is no answer forbids, a
    copy ages, and of a file that is too large the first ROBOTS_BYTES count.

    Where robots.txt can't be fetched at all the request fails for the same reason: what it
    forbids is unknown. It is asked for again with the next request.
    """

    def __init__(self, crawler: Crawler, *, clock: Clock = CLOCK):
        super().__init__(crawler)
        self._clock = clock
        self._expires: dict[str, float] = {}
        self._unreadable: dict[str, str] = {}  # why, by host
        self._lost: dict[str, Exception] = {}
        self._received: WeakKeyDictionary[Request, int] = WeakKeyDictionary()  # bytes so far
        crawler.signals.connect(self._apply_crawl_delay, robots_parsed)
        self._fetching = 0  # files at this moment

    async def robot_parser(self, request: Request) -> RobotParser | None:
        netloc = urlparse_cached(request).netloc
        self._forget_if_old(netloc)
        if netloc not in self._parsers:
            await self._fetch(netloc, request)
        parser = self._parsers[netloc]
        if isinstance(parser, Deferred):
            parser = await maybe_deferred_to_future(parser)
        if parser is None and netloc in self._lost:
            request.meta["dont_retry"] = True  # robots.txt was asked for twice
            raise self._lost[netloc]
        ttl = ROBOTS_TTL_S if parser is not None else ROBOTS_ERROR_TTL_S
        self._expires.setdefault(netloc, self._clock.monotonic() + ttl)
        return parser

    async def _fetch(self, netloc: str, request: Request) -> None:
        """As Scrapy does, but marked, as it is, and told under its own address."""
        self._parsers[netloc] = Deferred()
        asking = Request(
            _robots_url(request),
            priority=self.DOWNLOAD_PRIORITY,
            # compressed, its beginning could not be had without all of it
            headers={"Accept-Encoding": "identity"},
            meta={"dont_obey_robotstxt": True, _IS_ROBOTS: True},
            callback=NO_CALLBACK,
        )
        try:
            with self._cutting():
                response = await self.crawler.engine.download_async(asking)
            await self._parse_robots(response, netloc, request)
        except Exception as error:
            self._robots_error(error, netloc)
            if not isinstance(error, HostOnHold | Stopping):
                logger.warning("%s can't be read: %s", asking.url, _words(error))
        else:
            if netloc in self._unreadable:
                logger.warning("%s can't be read: %s", asking.url, self._unreadable[netloc])
        self._stats.inc_value("robotstxt/request_count")

    @contextmanager
    def _cutting(self) -> Iterator[None]:
        """Look at answers while a robots.txt is fetched: every page and poll would pay for it."""
        signals_of = ((self._begin_body, headers_received), (self._cut_body, bytes_received))
        self._fetching += 1
        if self._fetching == 1:
            for receiver, signal in signals_of:
                self.crawler.signals.connect(receiver, signal)
        try:
            yield
        finally:
            self._fetching -= 1
            if not self._fetching:
                for receiver, signal in signals_of:
                    self.crawler.signals.disconnect(receiver, signal)

    def _begin_body(self, headers: Headers, request: Request) -> None:
        """A body that is not compressed is cut, however large: no bound of pages refuses it."""
        if request.meta.get(_IS_ROBOTS):
            self._received[request] = 0
            request.meta.pop("download_maxsize", None)  # of a redirect's hop before
            if not headers.get("Content-Encoding"):
                request.meta["download_maxsize"] = 0

    def _cut_body(self, data: bytes, request: Request) -> None:
        if request not in self._received or request.meta.get("download_maxsize") != 0:
            return
        self._received[request] += len(data)
        if self._received[request] > ROBOTS_BYTES:
            raise StopDownload(fail=False)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        netloc = urlparse_cached(request).netloc
        if netloc in self._unreadable:
            wait = max(1.0, self._expires.get(netloc, 0.0) - self._clock.monotonic())
            where = f"{_robots_url(request)}: {self._unreadable[netloc]}"
            raise RobotsUnreadable(f"robots.txt can't be read: {where}", wait)
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
        for table in (self._parsers, self._expires, self._lost, self._unreadable):
            table.pop(netloc, None)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if _is_answer(exc):
            self._unreadable[netloc] = _words(exc)
            self._expires[netloc] = self._clock.monotonic() + ROBOTS_ERROR_TTL_S
        else:
            self._lost[netloc] = exc
            self._expires[netloc] = self._clock.monotonic() + ROBOTS_LOST_TTL_S
        super()._robots_error(exc, netloc)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        status, body = response.status, response.body
        if 400 <= status < 500 and status != 429:  # RFC 9309 §2.3.1.3: there is none
            body = b""
        elif not 200 <= status < 300:
            body = b""
            self._unreadable[netloc] = f"HTTP {status}"
            self._expires[netloc] = self._clock.monotonic() + ROBOTS_ERROR_TTL_S
        elif len(body) > ROBOTS_BYTES:
            body = body[:ROBOTS_BYTES]
            body = body[: 1 + max(body.rfind(b"\n"), body.rfind(b"\r"))]  # whole lines
            words = "%s is over %d KB: what lies behind them is not read"
            logger.warning(words, _robots_url(request), ROBOTS_BYTES // 1024)
        await super()._parse_robots(response.replace(body=body), netloc, request)

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


def _robots_url(request: Request) -> str:
    """Where the rules stand that a request is made by."""
    url = urlparse_cached(request)
    return f"{url.scheme}://{url.netloc}/robots.txt"


def _is_answer(error: Exception) -> bool:
    """Whether a robots.txt's host did answer, with nothing that can be read: too large once it is
    decompressed, redirects without an end. All else concerns the page, too."""
    refused = isinstance(error, IgnoreRequest | DownloadCancelledError)
    return refused and not isinstance(error, HostOnHold | AddressRefused | Stopping)


def _words(error: Exception) -> str:
    if isinstance(error, DownloadCancelledError) or _OVERSIZED in str(error):
        return f"{Cause.TOO_LARGE}: compressed, and over [crawl] max_page_mb"
    if isinstance(error, IgnoreRequest):
        return str(error)
    cause, detail = why(error)
    return f"{cause}: {detail}" if detail else str(cause)


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
        if not self._until:
            return
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
        return self._holds.wait_s(host) if self._holds else 0.0

    @cached_property
    def _holds(self) -> Holds | None:
        return self._crawler.get_downloader_middleware(Holds)

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
