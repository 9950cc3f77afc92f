"""A page as Chromium shows it, for requests whose `meta["playwright"]` is set.

scrapy-playwright drives the browser; this bounds it. Each page has a context of its own, so that no
cookie goes from one source to another, and a way out through the guard's proxy alone. Chromium is
started by the first page that needs it, and anew after RECYCLE pages.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
)
from scrapy.http import Request, Response
from scrapy.settings import BaseSettings

from archive.errors import ExtraMissing
from config.model import Source
from crawler.fetch.browser.guard_proxy import GuardProxy, PagePass
from crawler.fetch.http.daily_bytes import RECEIVED
from crawler.fetch.http.guard import HINT, AddressRefused
from crawler.fetch.http.headers import header_texts
from crawler.text.addresses import same_site

if TYPE_CHECKING:
    from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

logger = logging.getLogger(__name__)

MAX_PAGES = 2  # at a time: each may take a few hundred MB
RECYCLE = 200  # pages of one Chromium
SETTLE_S = 5.0  # for scripts to fetch the text, after the document is there
BYTES_FACTOR = 3  # a page with its scripts may send so many times [crawl] max_page_mb
_SETTLED_CHARACTERS = "document.body ? document.body.innerText.length : 0"
_NEEDLESS = frozenset({"image", "media", "font", "stylesheet", "texttrack", "manifest"})
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_FLAGS = (
    "--disable-quic",  # UDP goes by no proxy
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # names are the proxy's affair
    "--proxy-bypass-list=<-loopback>",  # loopback, too, is asked for by the proxy
    "--dns-prefetch-disable",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--renderer-process-limit=2",
    "--js-flags=--max-old-space-size=256",
)
INSTALL = (
    'render = "playwright" needs the package scrapy-playwright and a Chromium:'
    " pip install 'broadsheet[browser]', and apt install chromium (or playwright install chromium)"
)


def has_browser() -> bool:
    """Tell whether the extra `browser` is installed."""
    return find_spec("scrapy_playwright") is not None


def require_browser(sources: Iterable[Source]) -> None:
    """Raise ExtraMissing, with what to install, where a source needs one and there is none."""
    named = [source.id for source in sources if source.render == "playwright"]
    if named and not has_browser():
        raise ExtraMissing(f"{', '.join(named)}: {INSTALL}")


class Browser:
    """A Scrapy add-on: the handler of downloads asks the crawler for it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._handler: ScrapyPlaywrightDownloadHandler | None = None
        self._proxy: GuardProxy | None = None
        self._opening = asyncio.Lock()
        self._room = asyncio.Semaphore(MAX_PAGES)
        self._begun = self._at_work = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Browser:
        return cls(crawler)

    def update_settings(self, settings: BaseSettings) -> None:
        """Say how Chromium is started; it is not yet."""
        timeout_ms = settings.getfloat("DOWNLOAD_TIMEOUT") * 1000
        chosen = {
            "PLAYWRIGHT_LAUNCH_OPTIONS": {
                "args": list(_FLAGS),
                "executable_path": next(filter(None, map(shutil.which, _NAMES)), None),
                "chromium_sandbox": os.geteuid() != 0,  # it refuses to be root's
                "timeout": timeout_ms,
            },
            "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": timeout_ms,
            "PLAYWRIGHT_MAX_CONTEXTS": MAX_PAGES,
            "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 1,
            "PLAYWRIGHT_PROCESS_REQUEST_HEADERS": page_headers,
            "PLAYWRIGHT_ABORT_REQUEST": is_needless,
        }
        for name, value in chosen.items():
            settings.set(name, value, priority="addon")

    async def download(self, request: Request) -> Response:
        """Give the page as it is once its scripts have run, as a response of Scrapy's.

        Raises what a download without a browser raises, so that nobody else has to know the
        difference: AddressRefused, a timeout, a body that is too large, no connection.
        """
        async with self._room:
            handler, proxy = await self._opened()
            page = proxy.admit(self._crawler.settings.getint("DOWNLOAD_MAXSIZE") * BYTES_FACTOR)
            self._at_work += 1
            try:
                return await self._shown(handler, proxy, page, request)
            finally:
                self._at_work -= 1
                request.meta[RECEIVED] = page.received
                proxy.dismiss(page)

    async def _shown(
        self,
        handler: ScrapyPlaywrightDownloadHandler,
        proxy: GuardProxy,
        page: PagePass,
        request: Request,
    ) -> Response:
        from playwright.async_api import Error

        context = page.token
        request.meta["playwright_context"] = context
        request.meta["playwright_context_kwargs"] = _context(proxy, page, request)
        request.meta["playwright_page_goto_kwargs"] = {"wait_until": "domcontentloaded"}
        request.meta["playwright_page_methods"] = [_settling()]
        timeout_s = self._crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        try:
            async with asyncio.timeout(timeout_s + 2 * SETTLE_S):
                response: Response = await handler._download_request(request)
        except TimeoutError as error:
            raise DownloadTimeoutError(
                f"{request.url} took longer than {timeout_s} seconds"
            ) from error
        except Error as error:
            raise _as_download_error(error, page, request, timeout_s) from error
        finally:
            if (wrapper := handler.context_wrappers.get(context)) is not None:
                with suppress(Error):
                    await wrapper.context.close()
        if page.is_spent or len(response.body) > self._crawler.settings.getint("DOWNLOAD_MAXSIZE"):
            raise DownloadCancelledError(f"{request.url}: over DOWNLOAD_MAXSIZE in the browser")
        return response

    async def _opened(self) -> tuple[ScrapyPlaywrightDownloadHandler, GuardProxy]:
        async with self._opening:
            if self._begun >= RECYCLE and not self._at_work:
                await self.close()
            self._begun += 1
            if self._handler is None or self._proxy is None:
                await self._open()
            assert self._handler is not None
            assert self._proxy is not None
            return self._handler, self._proxy

    async def _open(self) -> None:
        from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
        from twisted.internet import reactor

        logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)
        exempt = getattr(reactor.nameResolver, "exempt", ())  # type: ignore[attr-defined]
        self._proxy = GuardProxy(exempt)
        await self._proxy.open()
        self._handler = ScrapyPlaywrightDownloadHandler.from_crawler(self._crawler)
        await self._handler._launch()
        self._crawler.signals.connect(self.close, signals.spider_closed)

    async def close(self) -> None:
        """End Chromium and its proxy; the next page starts them anew."""
        handler, proxy = self._handler, self._proxy
        self._handler = self._proxy = None
        self._begun = 0
        if handler is not None:
            try:
                async with asyncio.timeout(SETTLE_S):
                    await handler.close()
            except Exception as error:  # it is gone already, or will be with this process
                logger.debug("the browser did not end: %s", error)
        if proxy is not None:
            await proxy.close()


def _context(proxy: GuardProxy, page: PagePass, request: Request) -> dict[str, Any]:
    """A browser's context for one page: its way out, its cookies, and nothing that lasts."""
    return {
        "proxy": {
            "server": f"http://127.0.0.1:{proxy.port}",
            "username": page.token,
            "password": "-",
            "bypass": "<-loopback>",
        },
        "user_agent": _header(request, "User-Agent") or None,
        "accept_downloads": False,
        "service_workers": "block",
        "storage_state": {"cookies": _cookies(request), "origins": []},
    }


def _cookies(request: Request) -> list[dict[str, Any]]:
    """The source's cookies, for this host alone."""
    sent = _header(request, "Cookie")
    pairs = [part.strip().split("=", 1) for part in sent.split(";") if "=" in part]
    parts = urlsplit(request.url)
    return [
        {
            "name": name,
            "value": value,
            "domain": parts.hostname or "",
            "path": "/",
            "expires": -1,
            "httpOnly": True,
            "secure": parts.scheme == "https",
            "sameSite": "Lax",
        }
        for name, value in pairs
    ]


def _header(request: Request, name: str) -> str:
    return (request.headers.get(name) or b"").decode("latin-1")


def _settling() -> Any:
    from scrapy_playwright.page import PageMethod

    return PageMethod(_settle)


async def _settle(page: Any) -> None:
    """Wait until scripts have no more to fetch, or the text stands still for a second."""
    from playwright.async_api import Error

    with suppress(Error):
        await page.wait_for_load_state("networkidle", timeout=SETTLE_S * 1000)
        return
    before = -1
    for _ in range(int(SETTLE_S)):
        with suppress(Error):
            now = int(await page.evaluate(_SETTLED_CHARACTERS))
            if now == before:
                return
            before = now
        await asyncio.sleep(1)


async def page_headers(
    *, playwright_request: Any, scrapy_request_data: dict[str, Any], **_: object
) -> dict[str, str]:
    """What a request of the browser carries: the source's own headers on its site's document alone.

    Cookies are the context's, bound to their host.
    """
    sent: dict[str, str] = dict(await playwright_request.all_headers())
    ours = header_texts(scrapy_request_data["headers"])
    is_document = (
        playwright_request.is_navigation_request() and playwright_request.frame.parent_frame is None
    )
    if is_document and same_site(playwright_request.url, scrapy_request_data["url"]):
        sent |= {name.lower(): value for name, value in ours.items() if name.lower() != "cookie"}
    elif agent := ours.get("User-Agent"):
        sent["user-agent"] = agent
    return sent


def is_needless(playwright_request: Any) -> bool:
    """Tell what no text needs: it isn't asked for."""
    return playwright_request.resource_type in _NEEDLESS


def _as_download_error(
    error: Exception, page: PagePass, request: Request, timeout_s: float
) -> Exception:
    host = urlsplit(request.url).hostname or ""
    if host in page.refused:
        has = f"{host} has the address {page.refused[host]}, which"
        return AddressRefused(f"{has} is not public ({HINT})")
    if page.is_spent:
        return DownloadCancelledError(f"{request.url}: over DOWNLOAD_MAXSIZE in the browser")
    words = str(error).partition("\n")[0]
    if "Timeout" in words:
        return DownloadTimeoutError(f"{request.url} took longer than {timeout_s} seconds")
    return DownloadConnectionRefusedError(f"the browser: {words}")
