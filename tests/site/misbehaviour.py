"""`/odd/…` on every host: all that a server may do to a crawler, one address for each."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from . import bulk
from .http import Request, Response, html, http_date, redirect, refusal, text
from .newsroom import Newsroom
from .outlets import BY_KEY

Odd = Callable[[Request, Newsroom], Response]
MAX_MB = 256
_STATUS_WORDS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    410: "Gone",
    429: "Too Many Requests",
    451: "Unavailable For Legal Reasons",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}


def odd(request: Request, newsroom: Newsroom) -> Response:
    """`/odd/NAME` or `/odd/NAME/REST`; the names are the keys of the table below."""
    name = request.path.removeprefix("/odd/").split("/")[0]
    page = _PAGES.get(name)
    return page(request, newsroom) if page else refusal(404, "Not Found")


def _rest(request: Request) -> str:
    return request.path.removeprefix("/odd/").partition("/")[2]


def sample_page(title: str = "A page that behaves", number: int = 7_000_000) -> str:
    """A small article, for misbehaviour that still delivers one."""
    paragraphs = "".join(f"<p>{text}</p>" for text in bulk.article_text(number)[1])
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )


def _status(request: Request, _newsroom: Newsroom) -> Response:
    """`/odd/status/503`; `?after=7` adds Retry-After in seconds, `?until=60` as a date."""
    status = int(_rest(request)) if _rest(request).isdigit() else 500
    headers = []
    if "after" in request.query:
        headers.append(("Retry-After", request.query["after"]))
    if "until" in request.query:
        later = datetime.now(UTC) + timedelta(seconds=request.number("until", 60))
        headers.append(("Retry-After", http_date(later)))
    return refusal(status, _STATUS_WORDS.get(status, "Odd"), *headers)


def _once(request: Request, newsroom: Newsroom) -> Response:
    """`/odd/once/ANYTHING?status=503&times=1` fails the first `times`, then is an article."""
    visit = newsroom.count_visit(request.outlet.address, request.path)
    if visit <= request.number("times", 1):
        return refusal(int(request.number("status", 503)), "Not yet")
    return html(sample_page(f"Worked at last: {_rest(request)}", sum(map(ord, _rest(request)))))


def _slow(request: Request, _newsroom: Newsroom) -> Response:
    """`?s=5`: silent that long, then an article."""
    return html(sample_page("Slow"), wait_s=min(request.number("s", 5), 3600))


def _opening(length: int | None, *more: str, content_type: str = "text/html") -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Type: {content_type}", *more]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode()


def _writing(pieces: Iterator[bytes], pause_s: float = 0.0) -> Response:
    """The pieces, as they are, each sent at once; ends when the client is gone."""

    def write(stream: BinaryIO) -> None:
        for piece in pieces:
            stream.write(piece)
            stream.flush()
            time.sleep(pause_s)

    return Response(raw=write, validators=False)


def _drip(request: Request, _newsroom: Newsroom) -> Response:
    """A byte every `?s=0.5` seconds: never silent long enough for a read timeout."""
    body = sample_page("Dripped").encode()
    pieces = (body[at : at + 1] for at in range(len(body)))
    return _writing(_after(_opening(len(body)), pieces), request.number("s", 0.5))


def _after(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _endless(_request: Request, _newsroom: Newsroom) -> Response:
    """A page without length that never ends."""
    row = b"<p>The ticker goes on and on, whatever the market does today.</p>\n" * 200
    return _writing(_after(_opening(None) + b"<html><body>", iter(lambda: row, b"")), 0.01)


def _endless_headers(_request: Request, _newsroom: Newsroom) -> Response:
    numbers = iter(range(10**9))
    lines = (f"X-Header-{n}: {'x' * 100}\r\n".encode() for n in numbers)
    return _writing(_after(b"HTTP/1.1 200 OK\r\n", lines), 0.001)


def _cut(_request: Request, _newsroom: Newsroom) -> Response:
    """Promises all, sends half, closes."""
    body = sample_page("Cut off").encode()
    return _writing(iter([_opening(len(body)), body[: len(body) // 2]]))


def _short_length(_request: Request, _newsroom: Newsroom) -> Response:
    """A Content-Length smaller than the body."""
    body = sample_page("Understated").encode()
    return _writing(iter([_opening(len(body) - 200), body]))


def _broken_chunk(_request: Request, _newsroom: Newsroom) -> Response:
    """A chunk whose size line is no number."""
    head = _opening(None, "Transfer-Encoding: chunked")
    return _writing(iter([head, b"1f\r\n<html><body><p>Good so far</p>\r\n", b"ZZ\r\nbad\r\n"]))


def _chunked(_request: Request, _newsroom: Newsroom) -> Response:
    """An article in good chunks."""
    body = sample_page("In chunks").encode()
    parts = [body[at : at + 500] for at in range(0, len(body), 500)]
    chunks = (b"%x\r\n%s\r\n" % (len(part), part) for part in [*parts, b""])
    return _writing(_after(_opening(None, "Transfer-Encoding: chunked"), chunks))


def _reset(_request: Request, _newsroom: Newsroom) -> Response:
    """Closes without a word."""
    return _writing(iter([]))


def _not_http(_request: Request, _newsroom: Newsroom) -> Response:
    return _writing(iter([b"220 ftp.example ready\r\n"]))


def _megabytes(request: Request) -> int:
    return int(min(request.number("mb", 20), MAX_MB))


def _bomb(request: Request, _newsroom: Newsroom) -> Response:
    """`?mb=20` of spaces in a few kilobytes of gzip."""
    packed = gzip.compress(b"<html><body>" + b" " * (_megabytes(request) << 20), 6, mtime=0)
    coded = (("Content-Encoding", "gzip"),)
    return Response(body=packed, headers=coded, validators=False)


def _false_gzip(_request: Request, _newsroom: Newsroom) -> Response:
    """Claims gzip, is plain."""
    page = html(sample_page("Not gzip at all"), validators=False)
    return replace(page, headers=(("Content-Encoding", "gzip"),))


def _huge(request: Request, _newsroom: Newsroom) -> Response:
    """`?mb=20` of honest paragraphs."""
    row = b"<p>" + b"Line after line of an endless annual report. " * 22 + b"</p>\n"
    body = b"<html><body>" + row * ((_megabytes(request) << 20) // len(row)) + b"</body></html>"
    return Response(body=body, validators=False)


def _nested(request: Request, _newsroom: Newsroom) -> Response:
    """`?n=100000` elements inside each other."""
    depth = int(min(request.number("n", 100_000), 2_000_000))
    return html("<html><body>" + "<div>" * depth + "deep" + "</div>" * depth, validators=False)


def _redirect(request: Request, newsroom: Newsroom) -> Response:
    """`/odd/redirect/loop`, `chain?n=5`, `private`, `metadata`, `file`, `ftp`, `twin` (two pages
    that name each other), `host` (to another outlet), `empty`, `relative`."""
    kind = _rest(request)
    if kind == "chain":
        left = int(request.number("n", 5)) - 1
        return redirect(f"/odd/redirect/chain?n={left}" if left > 0 else "/bulk/1", 301)
    elsewhere = newsroom.base(BY_KEY["wire"]) + "/bulk/2"
    return redirect({"host": elsewhere, **_TARGETS}.get(kind, "/bulk/1"))


_TARGETS = {
    "loop": "/odd/redirect/loop",
    "twin": "/odd/redirect/niwt",
    "niwt": "/odd/redirect/twin",
    "private": "http://10.0.0.1/article",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "file": "file:///etc/passwd",
    "ftp": "ftp://127.0.0.1/article.html",
    "empty": "",
    "relative": "../../bulk/3",
    "unicode": "/bulk/4?q=财经",
}


def _meta_refresh(_request: Request, _newsroom: Newsroom) -> Response:
    return html('<html><head><meta http-equiv="refresh" content="0;URL=/bulk/5"></head></html>')


_FEED_BODIES = {
    "empty": (b"", "application/rss+xml"),
    "no-items": (
        b'<?xml version="1.0"?><rss version="2.0"><channel><title>Quiet</title></channel></rss>',
        "application/rss+xml",
    ),
    "html": (
        (
            b"<!DOCTYPE html><html><head><title>We have moved</title></head><body><h1>Our feeds"
            b" have been discontinued</h1><p>Follow us in the app.</p></body></html>"
        ),
        "text/html",
    ),
    "cut": (
        (
            b'<?xml version="1.0"?><rss version="2.0"><channel><title>Cut</title><item><title>Kept'
            b"</title><link>/bulk/11</link><guid>cut-11</guid></item><item><title>Lost halfw"
        ),
        "application/rss+xml",
    ),
    "entities": (
        (
            b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">'
            b'<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
            b'<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
            b'<rss version="2.0"><channel><title>&d;</title><item><title>&x;</title>'
            b"<link>/bulk/12</link></item></channel></rss>"
        ),
        "application/rss+xml",
    ),
    "binary": (bytes(range(256)) * 8, "application/rss+xml"),
    "json": (b'{"error": {"code": 40101, "message": "token expired"}}', "application/json"),
}


def _feed(request: Request, newsroom: Newsroom) -> Response:
    """`/odd/feed/NAME`, a feed with a fault; `/odd/feed/titles` has hostile titles,
    `/odd/feed/of?path=/odd/status/503` announces whatever addresses are asked for."""
    name = _rest(request)
    if name == "titles":
        return _announcing([(f"/odd/title/{n}", t) for n, t in enumerate(TITLES)], newsroom)
    if name == "of":
        paths = [p for p in request.query.get("path", "").split(",") if p]
        return _announcing([(path, f"Announced {path}") for path in paths], newsroom)
    if name not in _FEED_BODIES:
        return refusal(404, "Not Found")
    body, content_type = _FEED_BODIES[name]
    return Response(body=body, content_type=content_type, modified=newsroom.start)


TITLES = (
    "Fed: up",
    "{% raw %} and {{ site.title }} walk into a bank",
    "\"Double\" and 'single' quotes \\ with a backslash",
    "--- three dashes and # a hash",
    "bell \u0007 and escape \u001b[31m red",
    "right-to-left \u202eoverride\u202c mark",
    "<script>alert(1)</script> in a headline",
    '[[source]] = "not toml"',
    "= 1 + 1, @SUM(A1:A9) and | a pipe |",
    "../../etc/passwd",
    "😀 emoji 🏦 and \U0001f1e8\U0001f1f3 flags",
    "央行“降准”：‘超预期’？",
    "null",
    "2026-11-20",
    "x" * 700,
)


def _announcing(found: list[tuple[str, str]], newsroom: Newsroom) -> Response:
    def clean(words: str) -> str:
        kept = "".join(c for c in words if c >= " ")
        return kept.replace("&", "&amp;").replace("<", "&lt;")

    rows = "".join(
        f"<item><title>{clean(title)}</title><link>{clean(path)}</link>"
        f"<guid isPermaLink='false'>{clean(path)}</guid>"
        f"<pubDate>{http_date(newsroom.start - timedelta(minutes=number + 1))}</pubDate></item>"
        for number, (path, title) in enumerate(found)
    )
    body = f"<rss version='2.0'><channel><title>Announcing</title>{rows}</channel></rss>"
    return text(body, "application/rss+xml", modified=newsroom.start)


def _title(request: Request, _newsroom: Newsroom) -> Response:
    """An article under the hostile title of that number."""
    number = int(_rest(request)) if _rest(request).isdigit() else 0
    title = TITLES[number % len(TITLES)].replace("&", "&amp;").replace("<", "&lt;")
    return html(sample_page(title, 8_000_000 + number))


def _cookie(request: Request, _newsroom: Newsroom) -> Response:
    """Sets a cookie and says which came in."""
    seen = request.headers.get("cookie", "none")
    page = html(sample_page(f"Cookie {seen}"), validators=False)
    return replace(page, headers=(("Set-Cookie", "visitor=1; Path=/"),))


def _charset(request: Request, _newsroom: Newsroom) -> Response:
    """`?sent=gbk&header=utf-8&meta=gb2312`: a Chinese page whose words on its encoding differ."""
    query = request.query
    meta = f'<meta charset="{query["meta"]}">' if "meta" in query else ""
    paragraph = (
        "人民银行在公开市场开展逆回购操作，银行间市场资金面保持平稳，债券收益率小幅下行。" * 3
    )
    page = f"<html><head>{meta}<title>资金面平稳</title></head><body><h1>资金面平稳</h1>"
    page += f"<article>{f'<p>{paragraph}</p>' * 3}</article></body></html>"
    header = f"text/html; charset={query['header']}" if "header" in query else "text/html"
    try:
        return text(page, header, charset=query.get("sent", "utf-8"))
    except LookupError:
        return refusal(400, "Unknown encoding")


_PAGES: dict[str, Odd] = {
    "status": _status,
    "once": _once,
    "slow": _slow,
    "drip": _drip,
    "endless": _endless,
    "endless-headers": _endless_headers,
    "cut": _cut,
    "short-length": _short_length,
    "broken-chunk": _broken_chunk,
    "chunked": _chunked,
    "reset": _reset,
    "not-http": _not_http,
    "bomb": _bomb,
    "false-gzip": _false_gzip,
    "huge": _huge,
    "nested": _nested,
    "redirect": _redirect,
    "refresh": _meta_refresh,
    "feed": _feed,
    "title": _title,
    "cookie": _cookie,
    "charset": _charset,
}
