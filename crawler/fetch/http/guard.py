"""The address guard: a resolver that hands only public addresses to whoever connects.

Twisted asks it for every host, IP literals included, and connects to what it answers: the address
that was checked is the address that is used, so a name that changes its answer (DNS rebinding)
finds no window.

A proxy resolves names itself, behind this: what a URL's spelling tells `literal_hosts` refuses.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from config.model import CrawlSettings
from crawler.fetch.http.clock import CLOCK, Clock
from crawler.text.special_addresses import Network, in_networks, special_range

DNS_TTL_S = 300.0  # the stock caches have no age: a moved site would stay lost until a restart
DNS_CACHE_HOSTS = 10_000
HINT = "see [crawl] allow_networks"


class AddressRefused(IgnoreRequest):
    """The host has only addresses that are not public."""


def is_allowed(text: str, exempt: Iterable[Network]) -> bool:
    """True for a public address, and for one inside an exempt network."""
    address = ipaddress.ip_address(text.split("%")[0])
    return in_networks(address, exempt) or not special_range(address)


def _can_be_asked(host: str) -> bool:
    """False for a label that is empty or of over 63 characters: `getaddrinfo` raises for it, and
    Twisted's resolver then never answers."""
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return True


@implementer(IHostResolution)
class _Answer:
    def __init__(self, name: str):
        self.name = name

    def cancel(self) -> None:
        """A cached answer is complete at once."""


@implementer(IResolutionReceiver)
class _Filter:
    """Passes on the addresses that are allowed, and remembers the others."""

    def __init__(self, receiver: Any, resolver: GuardedResolver, host: str):
        self.receiver, self.resolver, self.host = receiver, resolver, host
        self.passed: list[IPv4Address | IPv6Address] = []
        self.refused = ""

    def resolutionBegan(self, resolution: Any) -> None:
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:
        trusted = self.host == self.resolver.proxy_host
        if trusted or is_allowed(address.host, self.resolver.exempt):
            self.passed.append(address)
            self.receiver.addressResolved(address)
        else:
            self.refused = address.host

    def resolutionComplete(self) -> None:
        self.resolver.remember(self.host, self.passed, self.refused)
        self.receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver:
    """`guard_addresses` sets `exempt` and `proxy_host`."""

    def __init__(self, reactor: Any, *, clock: Clock = CLOCK):
        self.reactor, self._clock = reactor, clock
        self.original = reactor.nameResolver
        self.exempt: tuple[Network, ...] = ()
        self.proxy_host = ""
        self._cache: OrderedDict[str, tuple[float, list[Any]]] = OrderedDict()
        self._refused: OrderedDict[str, str] = OrderedDict()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> GuardedResolver:
        return cls(reactor)

    def install_on_reactor(self) -> None:
        self.reactor.installNameResolver(self)

    def refused_address(self, host: str) -> str | None:
        """The address for which the host was last refused."""
        return self._refused.get(host)

    def remember(self, host: str, passed: list[Any], refused: str) -> None:
        self._refused.pop(host, None)
        if passed:
            self._cache[host] = (self._clock.monotonic() + DNS_TTL_S, passed)
            self._cache.move_to_end(host)
        elif refused:
            self._refused[host] = refused
        for table in (self._cache, self._refused):
            while len(table) > DNS_CACHE_HOSTS:
                table.popitem(last=False)

    def only_address(self, host: str) -> IPv4Address | IPv6Address | None:
        """The address of a host that has no other, while it counts as checked."""
        until, addresses = self._cache.get(host, (0.0, []))
        return addresses[0] if len(addresses) == 1 and until > self._clock.monotonic() else None

    def resolveHostName(  # Twisted's own signature
        self,
        receiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Any = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        until, addresses = self._cache.get(hostName, (0.0, []))
        if until > self._clock.monotonic():
            receiver.resolutionBegan(_Answer(hostName))
            for address in addresses:
                receiver.addressResolved(type(address)("TCP", address.host, portNumber))
            receiver.resolutionComplete()
            return receiver
        if not _can_be_asked(hostName):
            receiver.resolutionBegan(_Answer(hostName))
            receiver.resolutionComplete()
            return receiver
        checked = _Filter(receiver, self, hostName)
        return self.original.resolveHostName(
            checked, hostName, portNumber, addressTypes, transportSemantics
        )


def guard_addresses(crawl: CrawlSettings) -> None:
    """Tell the installed guard what the user allows: networks, and the proxy he named.

    Raises RuntimeError where there is no guard: only AsyncCrawlerProcess installs one.
    """
    from twisted.internet import reactor

    resolver = reactor.nameResolver  # type: ignore[attr-defined]
    if not isinstance(resolver, GuardedResolver):
        raise RuntimeError("the address guard is not installed: run through AsyncCrawlerProcess")
    resolver.exempt = crawl.allow_networks
    resolver.proxy_host = urlsplit(crawl.proxy).hostname or ""


class GuardErrors:
    """Turns "no address left" into a refusal with words, which Retry leaves alone."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GuardErrors:
        return cls(crawler)

    def process_exception(self, request: Request, exception: Exception) -> None:
        from twisted.internet import reactor

        resolver = reactor.nameResolver  # type: ignore[attr-defined]
        host = urlparse_cached(request).hostname or ""
        refused = getattr(resolver, "refused_address", lambda _: None)(host)
        if refused:
            has = host if host == str(refused) else f"{host} has the address {refused}, which"
            raise AddressRefused(f"{has} is not public ({HINT})") from exception
