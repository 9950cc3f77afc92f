"""HTTP/1.1 within bounds that Scrapy and Twisted leave open: idle connections, header bytes."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from functools import cached_property

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import ResponseDataLossError
from scrapy.http import Request as ScrapyRequest
from scrapy.http import Response
from scrapy.utils._download_handlers import get_dataloss_msg, wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web._newclient import BODY, HTTP11ClientProtocol, Request
from twisted.web.iweb import IResponse

from crawler.fetch.browser.chromium import Browser
from crawler.fetch.http.causes import TooManyHeaders
from crawler.fetch.http.endpoints import StraightAgent
from crawler.fetch.http.politeness import Holds
from crawler.fetch.http.stopping import Stopping, StopScope
from crawler.fetch.http.tls import ExplainedPolicy

logger = logging.getLogger(__name__)

IDLE_S = 15  # Twisted's 240 s kept 1,513 sockets open after polling 1,500 hosts
HEADER_BYTES = 256 * 1024  # Twisted bounds a line, not their number: 1.8 GB came in 15 s
LINE_BYTES = 64 * 1024  # Twisted's 16 KB are too few for some policies and preloads


class _Protocol(_LenientHTTP11ClientProtocol):
    _header_bytes = 0

    def request(self, request: Request) -> Deferred[IResponse]:
        self._header_bytes = 0
        answer = super().request(request)
        if self._parser is not None:
            self._parser.MAX_LENGTH = LINE_BYTES
            self._parser.lineLengthExceeded = self._line_too_long  # type: ignore[method-assign]
        return answer

    def dataReceived(self, data: bytes) -> None:
        super().dataReceived(data)  # type: ignore[no-untyped-call]
        if self._parser is not None and self._parser.state != BODY:
            self._header_bytes += len(data)
            if self._header_bytes > HEADER_BYTES:
                self._refuse(f"over {HEADER_BYTES // 1024} KB of response headers")

    def _line_too_long(self, _line: bytes) -> None:
        self._refuse(f"over {LINE_BYTES // 1024} KB in one line of response headers")

    def _refuse(self, why: str) -> None:
        self._giveUp(Failure(TooManyHeaders(why)))  # type: ignore[no-untyped-call]


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class ShortKeepAlive(HTTP11DownloadHandler):
    def __init__(self, crawler: Crawler):
        super().__init__(crawler)
        self._pool.cachedConnectionTimeout = IDLE_S
        self._pool._factory = _Factory
        self._contextFactory = ExplainedPolicy(self._contextFactory)
        self._ending = crawler.get_addon(StopScope)
        self._crawler = crawler

    @cached_property
    def _holds(self) -> Holds | None:
        return self._crawler.get_downloader_middleware(Holds)

    async def download_request(self, request: ScrapyRequest) -> Response:
        """Send a request, unless its task may no longer be begun (`meta["live"]`)."""
        live = request.meta.get("live")
        if live is not None and not live():
            raise Stopping("the crawl is stopping")
        if self._holds is not None:  # it may have waited out a delay while the hold began
            self._holds.refuse_held(request)
        browser = self._crawler.get_addon(Browser) if request.meta.get("playwright") else None
        try:
            with wrap_twisted_exceptions():
                download = browser.download(request) if browser else self._sent(request)
                return await (self._ending.or_stop(download) if self._ending else download)
        except ResponseDataLossError:
            if not self._fail_on_dataloss_warned:
                logger.warning(get_dataloss_msg(request.url))
                self._fail_on_dataloss_warned = True
            raise

    def _sent(self, request: ScrapyRequest) -> Awaitable[Response]:
        """As Scrapy's handler does, which knows no other agent than its own."""
        spider = self._crawler.spider
        agent = StraightAgent(
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._pool,
            maxsize=getattr(spider, "download_maxsize", self._default_maxsize),
            warnsize=getattr(spider, "download_warnsize", self._default_warnsize),
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
            tls_verbose_logging=self._tls_verbose_logging,
        )
        return maybe_deferred_to_future(agent.download_request(request))
