"""A forward proxy on loopback that remembers what it was asked for."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Proxy:
    url: str
    asked: list[str] = field(default_factory=list)


class _Stay(urllib.request.HTTPRedirectHandler):
    """Redirects are for whoever asks."""

    def redirect_request(self, *_: object) -> None:
        return None


_opener = urllib.request.build_opener(_Stay)


def _fetched(url: str) -> urllib.error.HTTPError | HTTPResponse:
    """The answer, whatever its status."""
    try:
        return _opener.open(url, timeout=60)
    except urllib.error.HTTPError as answer:
        return answer


@contextmanager
def running_proxy() -> Iterator[Proxy]:
    proxy = Proxy("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            proxy.asked.append(self.path)
            with _fetched(self.path) as answer:
                body = answer.read()
                self.send_response(answer.status)
                for name in ("Content-Type", "Location"):
                    if value := answer.headers[name]:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Quiet: the test reads `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
