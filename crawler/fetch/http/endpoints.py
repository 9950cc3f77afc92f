"""How a request comes to a connection: straight to a host's only address, where that was checked.

Twisted's way asks for the addresses anew and tries several in turn, with a class, a loop and two
timers for each connection; and it is made ready, its name encoded, before it is known whether a
connection is kept that needs nothing of it. Both cost a poll a tenth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scrapy.core.downloader.handlers.http11 import _ScrapyAgent
from scrapy.http import Request
from twisted.internet.address import IPv6Address
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, TCP6ClientEndpoint, wrapClientTLS
from twisted.internet.interfaces import IProtocol, IProtocolFactory, IStreamClientEndpoint
from twisted.web.client import URI, Agent, _StandardEndpointFactory
from zope.interface import implementer

from crawler.fetch.http.guard import GuardedResolver


class _Endpoints(_StandardEndpointFactory):
    def endpointForURI(self, uri: URI) -> IStreamClientEndpoint:
        return _Endpoint(self, uri)

    def usual(self, uri: URI) -> IStreamClientEndpoint:
        endpoint: IStreamClientEndpoint = super().endpointForURI(uri)
        return endpoint


@implementer(IStreamClientEndpoint)
@dataclass(frozen=True, slots=True)
class _Endpoint:
    """Asked to connect where no connection is kept."""

    made_by: _Endpoints
    uri: URI

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[IProtocol]:
        by, uri = self.made_by, self.uri
        resolver = by._reactor.nameResolver
        host = uri.host.decode("ascii", "replace")
        address = resolver.only_address(host) if isinstance(resolver, GuardedResolver) else None
        if address is None:
            return by.usual(uri).connect(protocolFactory)
        kind: Any = TCP6ClientEndpoint if isinstance(address, IPv6Address) else TCP4ClientEndpoint
        bound = by._connectTimeout, by._bindAddress
        endpoint: IStreamClientEndpoint = kind(by._reactor, address.host, uri.port, *bound)
        if uri.scheme == b"https":
            creator = by._policyForHTTPS.creatorForNetloc(uri.host, uri.port)
            endpoint = wrapClientTLS(creator, endpoint)
        return endpoint.connect(protocolFactory)


class StraightAgent(_ScrapyAgent):
    """Scrapy's, of one request; through a proxy as ever."""

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        agent = super()._get_agent(request, timeout)
        if not request.meta.get("proxy"):
            usual = agent._endpointFactory
            agent._endpointFactory = _Endpoints(  # type: ignore[no-untyped-call]
                *(usual._reactor, usual._policyForHTTPS),
                *(usual._connectTimeout, usual._bindAddress),
            )
        return agent
