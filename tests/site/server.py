"""One HTTP/1.1 server per outlet address, all on the same port, none beyond loopback."""

from __future__ import annotations

import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import BinaryIO, cast

from .http import Request, Response, refusal, settled
from .newsroom import Newsroom
from .outlets import BY_ADDRESS, OUTLETS
from .routes import answer

MAX_BODY = 1_000_000
_BIND_ATTEMPTS = 20


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256
    newsroom: Newsroom

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no news; anything else is our bug, and is shown."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def do_GET(self) -> None:
        self._serve(b"")

    do_HEAD = do_GET

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > MAX_BODY:
            self.close_connection = True
            self._send(refusal(413, "Too large"))
            return
        self._serve(self.rfile.read(int(length)))

    def _serve(self, body: bytes) -> None:
        newsroom = self.server.newsroom
        request = self._request(body)
        entry = newsroom.record(request.outlet.address, self.command, self.path, request.headers)
        response = settled(answer(request, newsroom), request)
        if response.wait_s:
            time.sleep(response.wait_s)
        entry["status"] = response.status
        if response.raw is None:
            self._send(response)
            return
        self.close_connection = True
        self.wfile.flush()
        response.raw(cast("BinaryIO", self.wfile))

    def _request(self, body: bytes) -> Request:
        outlet = BY_ADDRESS[str(self.server.server_address[0])]
        return Request(
            outlet=outlet,
            method=self.command,
            target=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            base=self.server.newsroom.base(outlet),
            body=body,
        )

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        if response.status != 304:
            self.send_header("Content-Type", response.content_type)
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)
        self.wfile.flush()

    def version_string(self) -> str:
        return "Newsroom"

    def log_message(self, format: str, *args: object) -> None:
        """The log is `GET /_log`; standard error stays for our bugs."""


def start_servers(newsroom: Newsroom, port: int = 0) -> list[ThreadingHTTPServer]:
    """Serve every outlet in threads of its own; sets `newsroom.port`.

    Raises OSError when the asked port, or after some attempts any port, is taken on one of the
    addresses.
    """
    servers = _bind_all(port)
    newsroom.port = servers[0].server_address[1]
    for server in servers:
        server.newsroom = newsroom
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return list(servers)


def _bind_all(port: int) -> list[_Server]:
    """Bind the first address to `port` (0: any free one) and all others to the same number."""
    for attempt in range(1, _BIND_ATTEMPTS + 1):
        servers: list[_Server] = []
        try:
            for outlet in OUTLETS:
                number = servers[0].server_address[1] if servers else port
                servers.append(_Server((outlet.address, number), _Handler))
        except OSError:
            for server in servers:
                server.server_close()
            if port or attempt == _BIND_ATTEMPTS:
                raise
        else:
            return servers
    raise AssertionError("unreachable")
