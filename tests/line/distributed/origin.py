"""An origin that waits: many hosts on loopback, each a feed of articles, every request noted.

python -P -m tests.line.distributed.origin --hosts 20 --each 30 --latency 0.2 [--pages]

`--pages`: articles as large as real ones, with menus and scripts (benchmarks/speed/pages.py), made
before it begins; else they are short. It prints its port, and serves until its stdin closes.
`/feed` of a host lists its articles, `/_log` gives what was asked: host, path, seconds (monotonic)
when the request came.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

from benchmarks.speed.pages import page, title
from tests.site.bulk import article_text

START = datetime(2026, 1, 5, 12, tzinfo=UTC)
SENTENCES = 24


def address(number: int) -> str:
    """The address of a host, from 0 on."""
    return f"127.0.{2 + number // 200}.{1 + number % 200}"


def index_of(host: str) -> int:
    """The number of an address."""
    _, _, third, fourth = (int(part) for part in host.split("."))
    return (third - 2) * 200 + fourth - 1


class Origin:
    def __init__(self, each: int, latency_s: float):
        self._each, self._latency_s = each, latency_s
        self.port = 0
        self._log: list[tuple[str, str, float]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        try:
            while line := await reader.readline():
                path = line.split(b" ")[1].decode()
                while (await reader.readline()).strip():
                    pass
                if not path.startswith("/_"):
                    self._log.append((host, path, time.monotonic()))
                    await asyncio.sleep(self._latency_s)
                status, kind, body = self._answer(host, path)
                head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}"
                writer.write(head.encode() + b"\r\n\r\n" + body)
                await writer.drain()
        except (ConnectionError, IndexError):
            pass
        finally:
            writer.close()

    def _answer(self, host: str, path: str) -> tuple[str, str, bytes]:
        name = path.removeprefix("/").partition("?")[0]
        if name == "_log":
            return "200 OK", "application/json", json.dumps(self._log).encode()
        if name == "feed":
            return "200 OK", "application/rss+xml", self._feed(host).encode()
        if name.isdigit():
            return "200 OK", "text/html; charset=utf-8", self._page(int(name))
        return "404 Not Found", "text/plain", b"nothing here"

    def _page(self, number: int) -> bytes:
        return _article(number).encode()

    def _feed(self, host: str) -> str:
        first = index_of(host) * self._each
        items = "".join(
            f"<item><title>{self._title(n)}</title>"
            f"<link>http://{host}:{self.port}/{n}</link><guid>{n}</guid>"
            f"<pubDate>{format_datetime(START - timedelta(minutes=n % 9000))}</pubDate></item>\n"
            for n in range(first, first + self._each)
        )
        return (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Desk</title>'
            f"<link>http://{host}:{self.port}/</link><description>x</description>{items}"
            "</channel></rss>"
        )

    def _title(self, number: int) -> str:
        return article_text(number)[0]


class PageOrigin(Origin):
    """Gives pages of the size and markup of real ones."""

    def __init__(self, hosts: int, each: int, latency_s: float):
        super().__init__(each, latency_s)
        for number in range(hosts * each):  # it takes time that must not be the crawl's
            self._page(number)

    def _page(self, number: int) -> bytes:
        return page(number // self._each, number)

    def _title(self, number: int) -> str:
        return escape(title(number // self._each, number))


def _article(number: int) -> str:
    title, paragraphs = article_text(number, SENTENCES)
    moment = (START - timedelta(minutes=number % 9000)).isoformat()
    links = "".join(f'<li><a href="/{n}">Filing {n}</a></li>' for n in range(30))
    text = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="article:published_time" content="{moment}">'
        '<meta name="author" content="Bulk Desk"></head>'
        f"<body><nav><ul>{links}</ul></nav><article><h1>{title}</h1>{text}</article></body></html>"
    )


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=20)
    parser.add_argument("--each", type=int, default=30)
    parser.add_argument("--latency", type=float, default=0.2)
    parser.add_argument("--pages", action="store_true")
    options = parser.parse_args()
    origin = Origin(options.each, options.latency)
    if options.pages:
        origin = PageOrigin(options.hosts, options.each, options.latency)
    first = await asyncio.start_server(origin.serve, address(0), 0)
    origin.port = first.sockets[0].getsockname()[1]
    others = [address(n) for n in range(1, options.hosts)]
    if others:
        await asyncio.start_server(origin.serve, others, origin.port)
    print(origin.port, flush=True)
    await asyncio.to_thread(sys.stdin.buffer.read)


if __name__ == "__main__":
    asyncio.run(main())
