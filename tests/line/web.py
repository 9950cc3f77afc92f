"""A web of a few pages that a test writes itself, where the newsroom has none of the kind."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.site.bulk import article_text

HTML = "text/html; charset=utf-8"
XML = "application/xml"
NOW = datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, kw_only=True)
class Reply:
    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    missing: int = 0  # bytes that Content-Length announces, and that never come


@dataclass
class Web:
    """One host. `pages` maps paths to what they answer; all else is a 404."""

    base: str
    pages: dict[str, Reply] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    varying: dict[str, Callable[[bytes, int], bytes]] = field(default_factory=dict)

    def url(self, path: str) -> str:
        return self.base + path

    def put(self, path: str, text: str | bytes, kind: str = HTML, **headers: str) -> str:
        """Serve a text at a path; the URL of it."""
        body = text.encode() if isinstance(text, str) else text
        self.pages[path] = Reply(body=body, headers={"Content-Type": kind, **headers})
        return self.url(path)

    def vary(self, path: str, body: Callable[[bytes, int], bytes]) -> None:
        """Answer differently each time: by what is served there, and how often it was asked for."""
        self.varying[path] = body

    def refuse(self, path: str, status: int, **headers: str) -> str:
        self.pages[path] = Reply(status=status, headers=headers)
        return self.url(path)

    def source(self, path: str, *more: str, id: str = "s", name: str = "Daily") -> str:
        """The TOML of a source at a path."""
        return "\n".join([f'id = "{id}"', f'name = "{name}"', f'url = "{self.url(path)}"', *more])

    def paths(self) -> list[str]:
        """What was asked for, robots.txt aside."""
        return [path for path, _ in self.asked if path != "/robots.txt"]


@contextmanager
def running_web(
    address: str = "127.0.0.1", port: int = 0, *, tls: ssl.SSLContext | None = None
) -> Iterator[Web]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            web.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
            reply = web.pages.get(self.path, Reply(status=404))
            if vary := web.varying.get(self.path):
                reply = replace(reply, body=vary(reply.body, web.paths().count(self.path)))
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body) + reply.missing))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *args: object) -> None:
            """Quiet: the test reads `asked`."""

    server = ThreadingHTTPServer((address, port), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    web = Web(f"{'https' if tls else 'http'}://{address}:{server.server_port}")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()


def paragraphs(number: int, sentences: int = 24) -> str:
    """The HTML text of article `number`, unlike that of any other."""
    return "".join(f"<p>{text}</p>" for text in article_text(number, sentences)[1])


def article(number: int, title: str = "", *, head: str = "", after: str = "") -> str:
    """A small article page with a title of its own."""
    title = escape(title or article_text(number)[0])
    moment = (NOW - timedelta(minutes=10 + number)).isoformat()
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="article:published_time" content="{moment}">{head}</head><body>'
        f"<article><h1>{title}</h1>{paragraphs(number)}</article>{after}</body></html>"
    )


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item of a feed."""

    url: str
    title: str = ""
    guid: str = ""
    content: str = ""
    age: timedelta = timedelta(hours=1)
    updated: str = ""


def rss(items: Sequence[Item]) -> str:
    rows = "".join(map(_rss_item, items))
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Feed</title>'
        f"{rows}</channel></rss>"
    )


def _rss_item(item: Item) -> str:
    content = f"<content:encoded><![CDATA[{item.content}]]></content:encoded>"
    return (
        f"<item><title>{escape(item.title or item.url)}</title><link>{escape(item.url)}</link>"
        f"<guid isPermaLink='false'>{escape(item.guid or item.url)}</guid>"
        f"<pubDate>{format_datetime(NOW - item.age)}</pubDate>"
        f"{f'<atom:updated>{item.updated}</atom:updated>' if item.updated else ''}"
        f"{content if item.content else ''}</item>"
    )


def urlset(urls: Sequence[str]) -> str:
    rows = "".join(f"<url><loc>{escape(url)}</loc></url>" for url in urls)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'


def sitemap_index(children: Sequence[tuple[str, datetime]]) -> str:
    rows = "".join(
        f"<sitemap><loc>{escape(url)}</loc><lastmod>{moment.isoformat()}</lastmod></sitemap>"
        for url, moment in children
    )
    return (
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>'
    )
