"""The server that is crawled and polled, in a process of its own:
`python -P -m benchmarks.speed.web HOSTS`.

Prints its port and serves until its input ends, on 127.2.0.1 and further. It counts the requests
of each path's first part, so that two who poll at the same time ask under names of their own.

    /WHO/feed/COUNT   a feed of so many articles; /WHO/p/N are their pages
    /WHO/once         a feed of three articles, then 304 for who asks with its ETag
    /WHO/still        the same 50 articles each time, without any validators; their pages are gone
    /_report          the counts, at 127.0.0.1
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Mapping
from typing import cast

from benchmarks.speed.pages import feed, page

STILL_ITEMS, ONCE_ITEMS = 50, 3
ETAG = '"1"'
_WORDS = {200: "OK", 304: "Not Modified", 404: "Not Found", 410: "Gone"}


def address(host: int) -> str:
    return f"127.2.0.{host + 1}"


class Server(asyncio.Protocol):
    """One HTTP/1.1 connection."""

    transport: asyncio.Transport

    def __init__(self, host: int, counts: Counter[str]):
        self._host, self._counts, self._received = host, counts, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            fields = (line.partition(": ") for line in lines[1:])
            headers = {name.lower(): value for name, _, value in fields}
            self._answer(lines[0].split(" ")[1], headers)

    def _answer(self, path: str, headers: Mapping[str, str]) -> None:
        if path == "/_report":
            self._send(200, json.dumps(self._counts).encode(), "application/json")
            return
        who, _, what = path.lstrip("/").partition("/")
        self._counts[f"{who}/{what.partition('/')[0]}"] += 1
        home = f"http://{headers.get('host', '')}"
        if what.startswith("p/"):
            self._send(200, page(self._host, int(what[2:])), "text/html; charset=utf-8")
        elif what.startswith("feed/"):
            numbers = range(int(what[5:]))
            self._send(200, feed(home, self._host, numbers, f"{who}/p"), "application/rss+xml")
        elif what == "once":
            self._once(home, who, headers.get("if-none-match", ""))
        elif what == "still":
            body = feed(home, self._host, range(STILL_ITEMS), f"{who}/gone")
            self._send(200, body, "application/rss+xml")
        else:
            self._send(410 if what.startswith("gone/") else 404)

    def _once(self, home: str, who: str, known: str) -> None:
        if known == ETAG:
            self._send(304, etag=ETAG, close=True)
        else:
            body = feed(home, self._host, range(ONCE_ITEMS), f"{who}/gone")
            self._send(200, body, "application/rss+xml", etag=ETAG)

    def _send(
        self, status: int, body: bytes = b"", kind: str = "", *, etag: str = "", close: bool = False
    ) -> None:
        """`close`: as where polls lie minutes apart, each on a connection of its own."""
        lines = [f"HTTP/1.1 {status} {_WORDS[status]}"]
        if etag:
            lines.append(f"ETag: {etag}")
        if status != 304:
            lines += [f"Content-Type: {kind or 'text/plain'}", f"Content-Length: {len(body)}"]
        if close:
            lines.append("Connection: close")
        self.transport.write("\r\n".join([*lines, "", ""]).encode() + body)
        if close:
            self.transport.close()


async def serve(hosts: int) -> None:
    loop = asyncio.get_running_loop()
    counts: Counter[str] = Counter()
    control = await loop.create_server(lambda: Server(0, counts), "127.0.0.1")
    port = control.sockets[0].getsockname()[1]
    servers = [
        await loop.create_server(lambda host=host: Server(host, counts), address(host), port)
        for host in range(hosts)
    ]
    print(port, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    for server in (control, *servers):
        server.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
