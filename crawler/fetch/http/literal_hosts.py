"""Hosts that need no look-up: a URL that spells an address or names a machine of some network."""

from __future__ import annotations

import re
from functools import lru_cache, partial

from scrapy.crawler import Crawler
from scrapy.http import Request
from scrapy.utils.httpobj import urlparse_cached

from crawler.fetch.http.guard import HINT, AddressRefused
from crawler.fetch.options import PROXY
from crawler.text.addresses import host_of
from crawler.text.special_addresses import (
    Network,
    in_networks,
    is_local_name,
    literal_address,
    loopback_addresses,
    plain_host,
    special_range,
)

_HOST = re.compile(r"[\w.-]+")  # letters of other scripts too: IDNA judges these


class LiteralHosts:
    """Refuses a URL that names an address or a machine which is not public, at every hop.

    Before anything else is done for it, robots.txt included: with a proxy nobody behind this looks
    at what is connected to. A name that is resolved inside a network only (`printer`,
    `metadata.google.internal`) is refused where a proxy would resolve it, unless it is the host of
    a source that the user named; without a proxy its address decides.
    """

    def __init__(self, by_proxy: bool):
        self._by_proxy = by_proxy
        self._exempt: tuple[Network, ...] | None = None
        self._named: set[str] = set()  # hosts of sources: their robots.txt comes without a source

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LiteralHosts:
        return cls(bool(crawler.settings.get(PROXY)))

    def process_request(self, request: Request) -> None:
        from twisted.internet import reactor

        url = urlparse_cached(request)
        if url.scheme == "file":  # for a shell; ours have no handler for it
            return
        host = url.hostname or ""
        exempt = getattr(reactor.nameResolver, "exempt", ())  # type: ignore[attr-defined]
        if exempt is not self._exempt:  # as part of a key it would be hashed, network by network
            self._exempt = exempt
            # a host is asked for page after page
            self._refusal = lru_cache(maxsize=1024)(partial(_refusal, exempt=exempt))
        what = self._refusal(host)
        if not what and self._by_proxy and is_local_name(host):
            what = self._local_name(host, request)
        if what:
            raise AddressRefused(f"{plain_host(host)} is not public: {what} ({HINT})")

    def _local_name(self, host: str, request: Request) -> str:
        source = request.meta.get("source")
        if source is not None and host_of(source.url) == host:
            self._named.add(host)
        is_fine = host in self._named or literal_address(host) or any(loopback_addresses(host))
        return "" if is_fine else "a name inside a network, which a proxy would resolve"


def _refusal(host: str, exempt: tuple[Network, ...]) -> str:
    """Why nothing public is at a host that needs no look-up; '' where it may be asked."""
    address = literal_address(host)
    if address is not None:
        return "" if in_networks(address, exempt) else special_range(address)
    if not _HOST.fullmatch(plain_host(host)):
        return "no host is spelled so"
    own = list(loopback_addresses(host))
    if not own or any(in_networks(address, exempt) for address in own):
        return ""
    return "this machine, RFC 6761"
