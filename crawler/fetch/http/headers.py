"""What each hop of a request may carry: the validators of that very address, and a source's own
headers and cookies only on its registrable domain, never in the clear where it has TLS.

Headers are read and written as latin-1: any byte may stand in one (RFC 9110 §5.5), sites name
themselves in GBK there, and an ETag must come back as it was sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Headers, Request
from scrapy.utils.datatypes import CaseInsensitiveDict

from archive.model import Validators
from config.model import Source
from crawler.fetch.options import PROXY
from crawler.text.addresses import same_site

_VALIDATORS = ("If-None-Match", "If-Modified-Since")


def header_texts(headers: Headers) -> Mapping[str, str]:
    """Headers as text, whose names have no case: "Etag" is "ETag"."""
    texts = {
        name.decode("latin-1"): b",".join(values).decode("latin-1")
        for name, values in headers.items()
    }
    return cast("Mapping[str, str]", CaseInsensitiveDict(texts))


class UserProxy:
    """Sends every request, robots.txt included, through the proxy that the user named.

    A proxy resolves names itself, so that the address guard can't see what it connects to.
    """

    def __init__(self, proxy: str):
        self._proxy = proxy

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> UserProxy:
        proxy = crawler.settings.get(PROXY)
        if not proxy:
            raise NotConfigured
        return cls(proxy)

    def process_request(self, request: Request) -> None:
        request.meta.setdefault("proxy", self._proxy)


class HopHeaders:
    """Sees every hop of a redirect, because it stands behind Redirect (600).

    Reads `meta["source"]` (Source) and `meta["validators"]` (Validators | None).
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HopHeaders:
        return cls()

    def process_request(self, request: Request) -> None:
        self._validators(request)
        source: Source | None = request.meta.get("source")
        if source is not None and (source.headers or source.cookies):
            self._secrets(request, source)

    def _validators(self, request: Request) -> None:
        for name in _VALIDATORS:
            request.headers.pop(name, None)
        known: Validators | None = request.meta.get("validators")
        if known is None or known.url != request.url:
            return
        for name, value in zip(_VALIDATORS, (known.etag, known.last_modified), strict=True):
            if value:
                request.headers[name] = value.encode("latin-1", "replace")

    def _secrets(self, request: Request, source: Source) -> None:
        secrets = dict(source.headers)
        if source.cookies:
            secrets["Cookie"] = "; ".join(f"{k}={v}" for k, v in source.cookies.items())
        in_the_clear = source.url.startswith("https:") and not request.url.startswith("https:")
        at_home = same_site(request.url, source.url) and not in_the_clear
        for name, value in secrets.items():
            if at_home:
                request.headers[name] = value
            elif request.headers.get(name) == value.encode():
                del request.headers[name]
