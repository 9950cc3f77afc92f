"""How a request comes to a connection: straight to a host's only address, where that was checked.

Twisted's way asks for the addresses anew and tries several in turn, with a class, a loop and two
timers for each connection; and it is made ready, its name encoded, before it is known whether a
connection is kept that needs nothing of it. Both cost a poll a tenth.
"""

from __future__ import annotations

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

    def made(self, uri: URI) -> IStreamClientEndpoint:
        resolver = self._reactor.nameResolver
        host = uri.host.decode("ascii", "replace")
        address = resolver.only_address(host) if isinstance(resolver, GuardedResolver) else None
        if address is None:
            usual: IStreamClientEndpoint = super().endpointForURI(uri)
            return usual
        kind: Any = TCP6ClientEndpoint if isinstance(address, IPv6Address) else TCP4ClientEndpoint
        bound = self._connectTimeout, self._bindAddress
        endpoint: IStreamClientEndpoint = kind(self._reactor, address.host, uri.port, *bound)
        if uri.scheme == b"https":
            creator = self._policyForHTTPS.creatorForNetloc(uri.host, uri.port)
            return wrapClientTLS(creator, endpoint)
        return endpoint


@implementer(IStreamClientEndpoint)
class _Endpoint:
    """Asked to connect where no connection is kept."""

    def __init__(self, endpoints: _Endpoints, uri: URI):
        self._endpoints, self._uri = endpoints, uri

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[IProtocol]:
        return self._endpoints.made(self._uri).connect(protocolFactory)


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
