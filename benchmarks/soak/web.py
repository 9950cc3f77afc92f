"""The hosts' server, in a process of its own:
`python -P -m benchmarks.soak.web HOSTS POLLS ARTICLES`.

Prints its port and serves until its input ends. It answers within a fraction of a millisecond, so
that what is measured is the crawler. `/_report` tells what it announced and answered; after
`/_calm` nothing happens any more: every visit is answered with 304 on a connection of its own, as
it is where visits lie minutes apart.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Sequence
from email.utils import formatdate
from functools import partial
from html import escape
from typing import cast

from benchmarks.soak.hosts import (
    HANG,
    RETRY_AFTER_S,
    Host,
    is_kept,
    make_hosts,
    page_fault,
)
from tests.site.bulk import article_text

OLD, NEW = "/feed.xml", "/news.xml"  # where the feed is, and where that of a moved host is
BARE = "/bare.xml"  # where bare Scrapy asks: always 304
ANNOUNCED_BY = 0.9  # of the polls; the last articles need a visit that finds them
WORDS = {200: "OK", 301: "Moved Permanently", 304: "Not Modified", 404: "Not Found"}


class Newsroom:
    """What has happened so far. `polls` counts the requests for the addresses of the sources."""

    port: int

    def __init__(self, hosts: int, polls: int, articles: int):
        self.hosts = make_hosts(hosts)
        lasting = [host for host in self.hosts if host.lasts]
        self.places = {host: place for place, host in enumerate(lasting)}
        self.goal, self.articles = polls, articles
        self.polls = self.bare_polls = 0
        self.is_calm = False
        self.servers: list[asyncio.Server] = []
        self.visits: Counter[int] = Counter()
        self.statuses: Counter[int] = Counter()
        self.page_requests: Counter[int] = Counter()
        self.pages_served: Counter[int] = Counter()
        self.announced: set[int] = set()

    def numbers(self, host: Host) -> Sequence[int]:
        """The articles of a lasting host that are out by now."""
        done = min(1.0, self.polls / (ANNOUNCED_BY * self.goal))
        return range(self.places[host], int(done * self.articles), len(self.places))

    def url(self, host: Host, path: str) -> str:
        return f"http://{host.address}:{self.port}{path}"

    def report(self) -> dict[str, object]:
        return {
            "polls": self.polls,
            "bare_polls": self.bare_polls,
            "statuses": {str(status): count for status, count in self.statuses.items()},
            "announced": len(self.announced),
            "kept": sorted(number for number in self.announced if is_kept(number)),
            "served_twice": sorted(n for n, count in self.pages_served.items() if count > 1),
        }


class Connection(asyncio.Protocol):
    """One HTTP/1.1 connection of a client that asks with GET and waits for the answer."""

    transport: asyncio.Transport

    def __init__(self, newsroom: Newsroom, host: Host | None):
        self._newsroom, self._host = newsroom, host
        self._received = b""

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

    def _answer(self, path: str, headers: dict[str, str]) -> None:
        if self._host is None:
            self._control(path)
        elif path in (OLD, NEW):
            self._feed(self._host, path, headers.get("if-none-match", ""))
        elif path == BARE:
            self._newsroom.bare_polls += 1
            self._send(304, ETag=headers.get("if-none-match", ""), Connection="close")
        elif path.startswith(("/a/", "/b/")):
            self._page(self._host, path)
        else:
            self._send(404)

    def _control(self, path: str) -> None:
        self._newsroom.is_calm |= path == "/_calm"
        self._send(200, json.dumps(self._newsroom.report()), "application/json")

    def _feed(self, host: Host, path: str, known: str) -> None:
        newsroom = self._newsroom
        fault = None
        if path == OLD:
            newsroom.polls += 1
            newsroom.visits[host.number] += 1
            fault = host.fault(newsroom.visits[host.number])
        numbers = newsroom.numbers(host) if host.lasts else ()
        version = f'"{len(numbers)}"'
        if newsroom.is_calm:
            self._count_and_send(304, ETag=version, Connection="close")
        elif fault is not None:
            self._refuse(host, fault)
        elif known == version:
            self._count_and_send(304, ETag=version)
        else:
            newsroom.announced.update(numbers)
            newsroom.statuses[200] += 1
            self._send(200, self._rss(host, numbers), "application/rss+xml", ETag=version)

    def _refuse(self, host: Host, status: int) -> None:
        if status == HANG:
            self._newsroom.statuses[HANG] += 1
        elif status == 301:
            self._count_and_send(301, Location=self._newsroom.url(host, NEW))
        elif status in (429, 503):
            self._count_and_send(status, Retry_After=str(RETRY_AFTER_S))
        else:
            self._count_and_send(status)

    def _page(self, host: Host, path: str) -> None:
        newsroom, number = self._newsroom, int(path[3:])
        request = newsroom.page_requests[number]
        newsroom.page_requests[number] += 1
        fault = None if path.startswith("/b/") else page_fault(number, request)
        if fault == 301:
            self._send(301, Location=newsroom.url(host, f"/b/{number}"))
        elif fault == 503:
            self._send(503, Retry_After=str(RETRY_AFTER_S))
        elif fault is not None and fault != HANG:
            self._send(fault)
        elif fault is None:
            newsroom.pages_served[number] += 1
            self._send(200, _article(number), "text/html; charset=utf-8")

    def _rss(self, host: Host, numbers: Sequence[int]) -> str:
        items = "".join(
            f"<item><title>{escape(article_text(number)[0])}</title>"
            f"<link>{self._newsroom.url(host, f'/a/{number}')}</link></item>\n"
            for number in numbers
        )
        return f'<rss version="2.0"><channel><title>{host.id}</title>\n{items}</channel></rss>'

    def _count_and_send(self, status: int, **headers: str) -> None:
        self._newsroom.statuses[status] += 1
        self._send(status, **headers)

    def _send(self, status: int, body: str = "", kind: str = "text/plain", **headers: str) -> None:
        payload = body.encode()
        lines = [
            f"HTTP/1.1 {status} {WORDS.get(status, 'Refused')}",
            f"Date: {formatdate(usegmt=True)}",
            *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
        ]
        if status != 304:
            lines += [f"Content-Type: {kind}", f"Content-Length: {len(payload)}"]
        self.transport.write("\r\n".join([*lines, "", ""]).encode() + payload)
        if headers.get("Connection") == "close":
            self.transport.close()


def _article(number: int) -> str:
    title, paragraphs = article_text(number)
    body = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'</head><body><article><h1>{escape(title)}</h1><p class="byline">By Soak Desk</p>'
        f"{body}</article></body></html>"
    )


async def serve(newsroom: Newsroom) -> None:
    """Serve all hosts on one port until standard input ends; the control is at 127.0.0.1."""
    loop = asyncio.get_running_loop()
    control = await loop.create_server(lambda: Connection(newsroom, None), "127.0.0.1")
    newsroom.port = control.sockets[0].getsockname()[1]
    for host in newsroom.hosts:
        make = partial(Connection, newsroom, host)
        newsroom.servers.append(await loop.create_server(make, host.address, newsroom.port))
    print(newsroom.port, flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(Newsroom(*map(int, sys.argv[1:4]))))
