"""Attacks on memory, each by its name: what a hostile host serves, and what is told of it."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, repeat

import brotli

from tests.hostile.raw import Writes
from tests.line.web import HTML, Item, Web, article, paragraphs, rss, sitemap_index
from tests.line.web import NOW as MOMENT

MB = 2**20
RSS = "application/rss+xml"
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
_CHUNKED = _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@dataclass(frozen=True, kw_only=True)
class Attack:
    """`serve` puts it on a host at `path`: a page, or (`document`) what a source's address gives.

    `says`: part of the reason of its entry, or of the error or remark of its visit.
    """

    name: str
    says: str
    serve: Callable[[Web, str], None] | None = None
    writes: Writes | None = None  # instead: an answer as bytes
    document: bool = False
    count: int = 1  # pages of the kind
    hosts: int = 1


def _page(body: bytes | str, **headers: str) -> Callable[[Web, str], None]:
    def serve(web: Web, path: str) -> None:
        web.put(path, body, HTML, **{name.replace("_", "-"): v for name, v in headers.items()})

    return serve


def _made(make: Callable[[], bytes | str], kind: str = HTML, **headers: str) -> Callable[..., None]:
    """The same, made only when it is served: some of these are large."""

    def serve(web: Web, path: str) -> None:
        web.put(path, make(), kind, **{name.replace("_", "-"): v for name, v in headers.items()})

    return serve


def _zeros(megabytes: int) -> Iterator[bytes]:
    return repeat(b" " * MB, megabytes)


def _gzipped(megabytes: int, before: bytes = b"") -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    pieces = chain([before], _zeros(megabytes))
    return b"".join(map(packer.compress, pieces)) + packer.flush()


def _brotlied(megabytes: int) -> bytes:
    packer = brotli.Compressor(quality=5)
    return b"".join(map(packer.process, _zeros(megabytes))) + packer.finish()


def _with(words: str, number: int = 1) -> str:
    """A good article with this in its text."""
    return article(number).replace("<p>", words + "<p>", 1)


def _long_feed() -> str:
    return rss(
        [
            Item(url=f"http://127.0.0.1:9/{n}", title=f"Item {n}", content="<p>word</p>" * 10)
            for n in range(20_000)
        ]
    )


def _one_item(inside: str) -> str:
    return f'<rss version="2.0"><channel><item>{inside}</item></channel></rss>'


def _index() -> str:
    return sitemap_index(
        [(f"http://127.0.0.1:9/sitemap-{n}.xml.gz", MOMENT) for n in range(50_000)]
    )


def _json_feed() -> str:
    items = [{"id": str(n), "url": f"http://127.0.0.1:9/{n}"} for n in range(60_000)]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "", "items": items})


def _links() -> str:
    rows = "".join(
        f'<a href="/2026/11/{n}.html">A headline of number {n}</a>' for n in range(99_999)
    )
    return f"<!DOCTYPE html><html><body>{rows}</body></html>"


def _forever(first: bytes, more: bytes) -> Writes:
    return lambda: chain([first], repeat(more * (65536 // len(more))))


_TOO_LARGE = "too large: over [crawl] max_page_mb"

PAGES = (
    Attack(
        name="a page of gzip that unpacks to 400 MB",
        says=_TOO_LARGE,
        serve=_made(lambda: _gzipped(400), Content_Encoding="gzip"),
    ),
    Attack(
        name="one of brotli",
        says=_TOO_LARGE,
        serve=_made(lambda: _brotlied(400), Content_Encoding="br"),
    ),
    Attack(
        name="one of gzip in gzip",
        says=_TOO_LARGE,
        serve=_made(lambda: gzip.compress(_gzipped(400)), Content_Encoding="gzip, gzip"),
    ),
    Attack(
        name="12 pages of 9.5 MB on 4 hosts",
        says="too long",
        serve=_made(lambda: _with(f"<p>{'word ' * 2_000_000}</p>")[:9_500_000]),
        count=3,
        hosts=4,
    ),
    Attack(
        name="a page without an end",
        says=_TOO_LARGE,
        writes=_forever(_HEAD + b"\r\n", b"<p>and so on</p>"),
    ),
    Attack(
        name="headers without an end",
        says="too large: over 256 KB of response headers",
        writes=_forever(_HEAD, b"X-A: b\r\n"),
    ),
    Attack(
        name="one header line without an end",
        says="too large: over 64 KB in one line of response headers",
        writes=_forever(_HEAD + b"X-A: ", b"aaaa"),
    ),
    Attack(
        name="a status line without an end",
        says="too large: over 64 KB in one line of response headers",
        writes=_forever(b"HTTP/1.1 200 ", b"OK"),
    ),
    Attack(
        name="100 Continue without an end",
        says="",
        writes=_forever(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ),
    Attack(name="a chunk's size without an end", says="", writes=_forever(_CHUNKED, b"0")),
    Attack(
        name="a chunk's extension without an end",
        says="",
        writes=_forever(_CHUNKED + b"5;x=", b"yyyy"),
    ),
    Attack(
        name="trailers without an end",
        says="",
        writes=_forever(_CHUNKED + b"5\r\nhello\r\n0\r\n", b"X-A: b\r\n"),
    ),
    Attack(
        name="chunks of one byte without an end",
        says="",
        writes=_forever(_CHUNKED, b"1\r\na\r\n"),
    ),
    Attack(
        name="elements 500,000 deep",
        says="",
        serve=_made(lambda: _with("<div>" * 500_000)),
    ),
    Attack(
        name="9 MB of text",
        says="too long",
        serve=_made(lambda: _with("".join(paragraphs(n, 60) for n in range(1600)))),
    ),
    Attack(
        name="a title of 9 MB",
        says="",
        serve=_made(lambda: _with("<p>").replace("<title>", "<title>" + "long " * 1_800_000)),
    ),
    Attack(
        name="200,000 pictures",
        says="",
        serve=_made(
            lambda: _with("".join(f'<img src="/p/{n}.jpg" width="800">' for n in range(200_000)))
        ),
    ),
    Attack(
        name="JSON-LD of 9 MB",
        says="",
        serve=_made(
            lambda: _with(f'<script type="application/ld+json">{"[" * 4_000_000}</script>')
        ),
    ),
    Attack(
        name="150,000 meta tags",
        says="",
        serve=_made(
            lambda: article(
                1, head="".join(f'<meta name="author" content="A {n}">' for n in range(150_000))
            )
        ),
    ),
    Attack(
        name="9 MB of character references",
        says="",
        serve=_made(lambda: _with(f"<p>{'&lt;' * 2_300_000}</p>")),
    ),
    Attack(
        name="500 cookies with each of 20 pages",
        says="",
        serve=_made(
            lambda: article(1), Set_Cookie="; ".join(f"c{n}={'x' * 90}" for n in range(500))
        ),
        count=20,
    ),
)
DOCUMENTS = (
    Attack(
        name="a feed of gzip that unpacks to 400 MB",
        says="too large",
        document=True,
        serve=_made(lambda: _gzipped(400, b"<rss>"), RSS, Content_Encoding="gzip"),
    ),
    Attack(
        name="a packed sitemap that unpacks to 400 MB",
        says="the document ",
        document=True,
        serve=_made(lambda: _gzipped(400, b"<urlset>"), "application/x-gzip"),
    ),
    Attack(
        name="20,000 items with texts",
        says="",
        document=True,
        serve=_made(_long_feed, RSS),
    ),
    Attack(
        name="300,000 categories of one item",
        says="",
        document=True,
        serve=_made(lambda: _one_item("<category>x</category>" * 300_000), RSS),
    ),
    Attack(
        name="a guid of 9 MB",
        says="",
        document=True,
        serve=_made(
            lambda: _one_item(f"<link>http://127.0.0.1:9/1</link><guid>{'g' * 9 * MB}</guid>"),
            RSS,
        ),
    ),
    Attack(
        name="an address of 9 MB",
        says="",
        document=True,
        serve=_made(lambda: _one_item(f"<link>http://127.0.0.1:9/{'a' * 9 * MB}</link>"), RSS),
    ),
    Attack(
        name="entities of entities",
        says="",
        document=True,
        serve=_made(
            lambda: (
                "<!DOCTYPE rss ["
                f'<!ENTITY a0 "{"x" * 100_000}">'
                + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 6))
                + "]>"
                + _one_item("<title>&a5;</title>")
            ),
            RSS,
        ),
    ),
    Attack(
        name="elements 1,000,000 deep in a feed",
        says="",
        document=True,
        serve=_made(lambda: "<rss><channel>" + "<item>" * 1_000_000, RSS),
    ),
    Attack(
        name="an index of 50,000 sitemaps",
        says="",
        document=True,
        serve=_made(_index, "application/xml"),
    ),
    Attack(
        name="a JSON feed of 60,000 items",
        says="",
        document=True,
        serve=_made(_json_feed, "application/feed+json"),
    ),
    Attack(
        name="JSON 5,000,000 deep",
        says="",
        document=True,
        serve=_made(lambda: "[" * 5_000_000, "application/json"),
    ),
    Attack(
        name="a number of 9,000,000 digits",
        says="",
        document=True,
        serve=_made(lambda: f'{{"items": [{{"id": {"9" * 9_000_000}}}]}}', "application/json"),
    ),
    Attack(
        name="100,000 links on a front page",
        says="",
        document=True,
        serve=_made(_links),
    ),
    Attack(
        name="a validator of 200 KB",
        says="too large: over 64 KB in one line of response headers",
        document=True,
        serve=_made(lambda: rss([]), RSS, ETag='"' + "e" * 200_000 + '"'),
    ),
    Attack(
        name="3,000 hubs in a header",
        says="too large: over 64 KB in one line of response headers",
        document=True,
        serve=_made(
            lambda: rss([]),
            RSS,
            Link=", ".join(f'<https://h{n}.example/>; rel="hub"' for n in range(3000)),
        ),
    ),
)
ATTACKS = {attack.name: attack for attack in (*PAGES, *DOCUMENTS)}
