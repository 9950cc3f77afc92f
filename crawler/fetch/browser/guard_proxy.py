"""The browser's only way out: a proxy on loopback that connects to nothing but allowed addresses.

Chromium resolves no name itself: it hands names to this proxy, which checks the very address that
it connects to, as the resolver of `crawler.fetch.http.guard` does for everything else. Each page
has a token of its own, by which its bytes are counted and bounded; without one nothing is answered.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import secrets
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.fetch.http.guard import is_allowed
from crawler.text.special_addresses import Network

_HEAD_BYTES = 64 * 1024
_IDLE_S = 30.0
_CONNECT_S = 15.0
_CONNECTIONS = 64  # of a page, at a time
_CHUNK = 64 * 1024
_DEFAULT_PORTS = {"http": 80, "https": 443}
_REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_UNKNOWN = (
    b"HTTP/1.1 407 Proxy Authentication Required\r\n"
    b'Proxy-Authenticate: Basic realm="broadsheet"\r\n'
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)
_FAILED = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_OPEN = b"HTTP/1.1 200 Connection established\r\n\r\n"


@dataclass(slots=True)
class PagePass:
    """What one page may load. `refused`: hosts to their addresses that are not public."""

    token: str
    max_bytes: int
    received: int = 0
    open: int = 0
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def is_spent(self) -> bool:
        return self.received > self.max_bytes


class GuardProxy:
    """An HTTP proxy on a free port of loopback. `exempt`: networks that are allowed as well."""

    def __init__(self, exempt: Iterable[Network]) -> None:
        self._exempt = tuple(exempt)
        self._passes: dict[str, PagePass] = {}
        self._server: asyncio.Server | None = None
        self.port = 0

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_HEAD_BYTES)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        self._passes.clear()
        if self._server is not None:
            self._server.close()

    def admit(self, max_bytes: int) -> PagePass:
        """Let a page in; `dismiss` ends it."""
        page = PagePass(secrets.token_hex(16), max_bytes)
        self._passes[page.token] = page
        return page

    def dismiss(self, page: PagePass) -> None:
        self._passes.pop(page.token, None)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection of the browser: a tunnel, or requests in the clear for one host."""
        page: PagePass | None = None
        try:
            async with asyncio.timeout(_IDLE_S):
                head = await reader.readuntil(b"\r\n\r\n")
            page = self._pass_of(head)
            if page is None or page.is_spent or page.open >= _CONNECTIONS:
                writer.write(_UNKNOWN if page is None else _REFUSED)
                await writer.drain()
                page = None
                return
            page.open += 1
            await self._forward(page, head, reader, writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the browser is told by the end of the connection
        finally:
            if page is not None:
                page.open -= 1
            writer.close()

    def _pass_of(self, head: bytes) -> PagePass | None:
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"proxy-authorization":
                with suppress(ValueError, binascii.Error):
                    said = base64.b64decode(value.strip().removeprefix(b"Basic ").strip())
                    return self._passes.get(said.partition(b":")[0].decode("latin-1"))
        return None

    async def _forward(
        self,
        page: PagePass,
        head: bytes,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        method, target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        is_tunnel = method == "CONNECT"
        parts = urlsplit(f"//{target}" if is_tunnel else target)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 443)
        host = parts.hostname or ""
        far = await self._connect(page, host, port)
        if far is None:
            writer.write(_REFUSED if host in page.refused else _FAILED)
            await writer.drain()
            return
        far_reader, far_writer = far
        try:
            if is_tunnel:
                writer.write(_OPEN)
            else:
                far_writer.write(_as_sent_to_the_host(head))
            await asyncio.gather(_pump(reader, far_writer, None), _pump(far_reader, writer, page))
        finally:
            far_writer.close()

    async def _connect(
        self, page: PagePass, host: str, port: int
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """Connect to the first address of a host that is allowed; None where there is none."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_CONNECT_S):
                found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
                addresses = [str(entry[4][0]) for entry in found]
                allowed = [a for a in addresses if is_allowed(a, self._exempt)]
                if not allowed:
                    page.refused[host] = addresses[0]
                    return None
                return await asyncio.open_connection(allowed[0], port)
        except (OSError, TimeoutError, UnicodeError):
            return None


def _as_sent_to_the_host(head: bytes) -> bytes:
    """Make of a proxy's request a host's: no token of ours, a path instead of an address.

    One request a connection: the next one may be for another host.
    """
    first, *lines = head[:-4].split(b"\r\n")
    method, target, version = first.split(b" ", 2)
    parts = urlsplit(target.decode("latin-1"))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    first = b" ".join((method, path.encode("latin-1"), version))
    dropped = (b"proxy-", b"connection", b"keep-alive")
    kept = [line for line in lines if not line.lower().startswith(dropped)]
    return b"\r\n".join([first, *kept, b"Connection: close"]) + b"\r\n\r\n"


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, page: PagePass | None
) -> None:
    """Hand on what comes until it ends, stands still too long, or the page has had enough."""
    with suppress(OSError, TimeoutError):
        while page is None or not page.is_spent:
            async with asyncio.timeout(_IDLE_S):
                chunk = await reader.read(_CHUNK)
            if not chunk:
                break
            if page is not None:
                page.received += len(chunk)
            writer.write(chunk)
            await writer.drain()
    writer.close()
