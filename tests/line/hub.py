"""A WebSub hub on loopback: it confirms what it is asked, and pushes what a test gives it."""

from __future__ import annotations

import hmac
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode

CHALLENGE = "dQw4w9WgXcQ-challenge"


@dataclass
class Hub:
    """`asked`: the requests' forms; `confirmed`: what the subscriber said to each question."""

    url: str
    lease_s: int = 864_000
    denies: str = ""  # the reason with which every subscription is denied
    status: int = 202
    asked: list[Mapping[str, str]] = field(default_factory=list)
    confirmed: list[tuple[int, str]] = field(default_factory=list)

    def modes(self) -> list[str]:
        return [form["hub.mode"] for form in self.asked]

    def push(self, body: str, *, method: str = "sha256", secret: str = "") -> int:
        """Push a document to the last subscriber; signed with its own secret unless another."""
        form = next(form for form in reversed(self.asked) if form["hub.mode"] == "subscribe")
        secret = secret or form["hub.secret"]
        digits = hmac.new(secret.encode(), body.encode(), method).hexdigest()
        return post(form["hub.callback"], body, **{"X-Hub-Signature": f"{method}={digits}"})

    def question(self, form: Mapping[str, str], **changes: str) -> tuple[int, str]:
        """Ask a subscriber to confirm; `changes` are parameters without their "hub."."""
        asked = {
            "mode": "denied" if self.denies else form["hub.mode"],
            "topic": form["hub.topic"],
            "challenge": CHALLENGE,
            "lease_seconds": str(self.lease_s),
            "reason": self.denies,
            **changes,
        }
        query = urlencode({f"hub.{name}": value for name, value in asked.items()})
        return get(f"{form['hub.callback']}?{query}")

    def take(self, form: Mapping[str, str]) -> None:
        self.asked.append(form)
        if self.status == 202:
            self.confirmed.append(self.question(form))


@contextmanager
def running_hub() -> Iterator[Hub]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            form = dict(parse_qsl(body.decode()))
            self.send_response(hub.status)
            self.send_header("Content-Length", "0")
            self.end_headers()
            self.wfile.flush()
            threading.Thread(target=hub.take, args=(form,), daemon=True).start()

        def log_message(self, *args: object) -> None:
            """Quiet: the test reads `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub = Hub(f"http://127.0.0.1:{server.server_port}/hub")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, ""


def post(url: str, body: str, **headers: str) -> int:
    headers = {"Content-Type": "application/rss+xml", **headers}
    request = urllib.request.Request(url, body.encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
