"""A site of one feed and one article on loopback, which notes when the feed was asked for."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

ARTICLE = "/news/ferry-line-refinances-debt-4711.html"
_TEXT = "".join(
    f"<p>The ferry company said on day {day} that it had agreed with its lenders, and that sailings"
    f" would go on as planned, on {day} routes.</p>"
    for day in range(12)
)
_PAGE = f"""<html lang="en"><head><title>Ferry line refinances debt - Example</title></head>
<body><article><h1>Ferry line refinances debt</h1><p>By Ann Lee</p>{_TEXT}</article></body></html>
"""
_FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Example</title><item>
<title>Ferry line refinances debt</title><link>{link}</link><guid>g1</guid></item></channel></rss>
"""


class Site(http.server.ThreadingHTTPServer):
    """`feed_asked` is the time of the first request for the feed; None before."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.home = f"http://127.0.0.1:{self.server_port}"
        self.feed_asked: float | None = None
        self.bodies = {
            "/feed": ("application/rss+xml", _FEED.format(link=self.home + ARTICLE)),
            ARTICLE: ("text/html", _PAGE),
        }


class _Answers(http.server.BaseHTTPRequestHandler):
    server: Site

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        if self.path == "/feed" and self.server.feed_asked is None:
            self.server.feed_asked = time.time()
        kind, text = self.server.bodies.get(self.path, ("text/plain", ""))
        body = text.encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("ETag", '"x"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def running() -> Iterator[Site]:
    with Site() as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield site
        site.shutdown()
