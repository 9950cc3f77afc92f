"""Where hubs reach us: a port behind the user's reverse proxy, open to anybody on the internet.

Bounded in every way: connections, their age, header and body sizes; a body whose address nobody
was told is refused before it comes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Protocol

from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import (
    IAddress,
    IDelayedCall,
    IListeningPort,
    IReactorTime,
    ITCPTransport,
)
from twisted.internet.protocol import ServerFactory, connectionDone
from twisted.python.failure import Failure
from twisted.web import http
from twisted.web.http import HTTPChannel
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request, Site

from archive.errors import CannotListen

logger = logging.getLogger(__name__)

PUSH_MAXSIZE = 10 * 2**20  # a feed; the 50 MB of a visit are for sitemaps
CONNECTIONS = 64
IDLE_S, LONGEST_S = 15, 60.0  # of a connection: one byte now and then doesn't hold it
RETRY_AFTER_S = 60
SERVER = "Broadsheet"


class Subscriber(Protocol):
    """Who answers the hubs; a token is the last part of a callback's address."""

    async def verify(self, token: str, query: Mapping[str, str]) -> str | None: ...
    def receive(self, token: str, body: bytes, *, signature: str, content_type: str) -> int: ...
    def is_expected(self, token: str) -> bool: ...


class WebSubServer:
    """A listening port; `stop` closes it."""

    def __init__(self, port: IListeningPort) -> None:
        self._port = port

    def stop(self) -> None:
        self._port.stopListening()


def listen_for_hubs(listen: str, subscriber: Subscriber) -> WebSubServer:
    """Listen at "address:port", in the reactor that runs.

    Raises CannotListen where the address can't be had.
    """
    from twisted.internet import reactor

    host, _, port = listen.rpartition(":")
    interface = "127.0.0.1" if host == "localhost" else host.strip("[]")
    site: ServerFactory[Any] = HubSite(subscriber)
    try:
        listening = reactor.listenTCP(int(port), site, interface=interface)
    except CannotListenError as error:
        raise CannotListen(
            f"[websub] listen: can't listen on {listen}: {error.socketError}; name another address"
        ) from error
    logger.info("hubs are awaited at %s ([websub] listen)", listen)
    return WebSubServer(listening)


class HubSite(Site):
    """`reactor`: by whose time connections age; the one that runs, unless another is given."""

    noisy = False

    def __init__(self, subscriber: Subscriber, reactor: IReactorTime | None = None) -> None:
        super().__init__(
            _Callback(subscriber),
            requestFactory=_Request,
            reactor=reactor,
            timeout=IDLE_S,
            parsePOSTFormSubmission=False,
        )
        self.subscriber = subscriber
        self.connections = 0
        self.protocol = _Channel  # type: ignore[method-assign,assignment]  # its way to choose one

    def buildProtocol(self, addr: IAddress | None) -> Any:
        """None closes the connection."""
        return super().buildProtocol(addr) if self.connections < CONNECTIONS else None

    def log(self, request: http.Request) -> None:
        """Keep hubs, and whoever plays one, out of the daemon's log."""


class _Channel(HTTPChannel):
    site: HubSite
    transport: ITCPTransport
    _deadline: IDelayedCall | None = None

    def connectionMade(self) -> None:
        self.site.connections += 1
        self._deadline = self.callLater(LONGEST_S, self._too_long)
        super().connectionMade()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.site.connections -= 1
        if self._deadline is not None:
            self._deadline.cancel()
        super().connectionLost(reason)

    def timeoutConnection(self) -> None:
        """Twisted would log each one, and wait for the other side."""
        self.transport.abortConnection()

    def checkPersistence(self, request: Request, version: bytes) -> bool:
        """One request a connection: LONGEST_S would else cut off a later one."""
        request.responseHeaders.setRawHeaders(b"Connection", [b"close"])
        return False

    def refuse(self, status: bytes) -> None:
        """Answer before the body is there, and hang up."""
        head = b"HTTP/1.1 %b\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        self.transport.write(head % status)
        self.loseConnection()

    def _too_long(self) -> None:
        self._deadline = None
        self.transport.abortConnection()


class _Request(Request):
    """`gotLength` and `handleContentChunk` are Twisted's hooks before and while the body comes."""

    channel: _Channel
    content: BytesIO
    _is_refused = False

    def gotLength(self, length: int | None) -> None:
        self.content = BytesIO()
        token = _token(self.channel._path.partition(b"?")[0])
        if not self.channel.site.subscriber.is_expected(token):
            self._refuse(b"404 Not Found")
        elif (length or 0) > PUSH_MAXSIZE:
            self._refuse(b"413 Content Too Large")

    def handleContentChunk(self, data: bytes) -> None:
        if self._is_refused:
            return
        self.content.write(data)
        if self.content.tell() > PUSH_MAXSIZE:
            self._refuse(b"413 Content Too Large")

    def process(self) -> None:
        if not self._is_refused:
            super().process()

    def _refuse(self, status: bytes) -> None:
        self._is_refused = True
        self.channel.refuse(status)


class _Callback(Resource):
    """Every path leads here: what stands before the token is the reverse proxy's matter."""

    isLeaf = True

    def __init__(self, subscriber: Subscriber) -> None:
        super().__init__()
        self._subscriber = subscriber

    def render_GET(self, request: Request) -> int:
        task = asyncio.get_running_loop().create_task(self._verify(request))
        request.notifyFinish().addErrback(lambda _: task.cancel())
        return NOT_DONE_YET

    async def _verify(self, request: Request) -> None:
        request.setHeader("Server", SERVER)
        query = {
            name.decode("utf-8", "replace"): values[0].decode("utf-8", "replace")
            for name, values in request.args.items()
        }
        try:
            words = await self._subscriber.verify(_token(request.path), query)
            request.setResponseCode(404 if words is None else 200)
        except Exception:
            logger.exception("A hub's question could not be answered")
            request.setResponseCode(503)
            words = None
        # what is echoed is whatever was asked: no browser shall make a page of it
        request.setHeader("Content-Type", "text/plain; charset=utf-8")
        request.setHeader("X-Content-Type-Options", "nosniff")
        request.write((words or "").encode("utf-8", "replace"))
        request.finish()

    def render_POST(self, request: _Request) -> bytes:
        request.setHeader("Server", SERVER)
        status = self._subscriber.receive(
            _token(request.path),
            request.content.read(),
            signature=request.getHeader("X-Hub-Signature") or "",
            content_type=request.getHeader("Content-Type") or "",
        )
        request.setResponseCode(status)
        if status == 503:
            request.setHeader("Retry-After", str(RETRY_AFTER_S))
        return b""


def _token(path: bytes) -> str:
    return path.rstrip(b"/").rpartition(b"/")[2].decode("ascii", "replace")
