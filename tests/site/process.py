"""The newsroom as a child process, for tests and the demo."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_STOP_S = 5


@dataclass(frozen=True, slots=True)
class Site:
    """A running newsroom. `hosts` maps an outlet's key, such as "ledger", to its address."""

    port: int
    hosts: Mapping[str, str]
    start: datetime

    def base(self, host: str = "ledger") -> str:
        """The root of an outlet, named by its key or its address."""
        return f"http://{self.hosts.get(host, host)}:{self.port}"

    def url(self, host: str, path: str = "/") -> str:
        return self.base(host) + path

    def get(self, host: str, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self._ask("GET", self.url(host, path), None, headers or {})

    def head(self, host: str, path: str) -> Answer:
        return self._ask("HEAD", self.url(host, path), None, {})

    def post(self, control: Mapping[str, object]) -> dict[str, object]:
        """Send a command to the control route; raises ValueError with the route's words for a
        refused one. Commands: docs/how-to/newsroom.md."""
        body = json.dumps(control).encode()
        answer = self._ask("POST", self.url("ledger", "/_control"), body, {})
        if answer.status != 200:
            raise ValueError(answer.body.decode())
        told: dict[str, object] = json.loads(answer.body)
        return told

    def requests(self, host: str = "", prefix: str = "") -> list[dict[str, Any]]:
        """The log of what was asked, oldest first, without the control routes themselves."""
        log = json.loads(self.get("ledger", "/_log").body)
        address = self.hosts.get(host, host)
        return [
            entry
            for entry in log
            if (not address or entry["host"] == address) and entry["path"].startswith(prefix)
        ]

    def clear_log(self) -> None:
        self.post({"do": "clear_log"})

    def expected(self) -> list[dict[str, Any]]:
        """What every story says, in the newsroom's own words: see expected.py."""
        stories: list[dict[str, Any]] = json.loads(self.get("ledger", "/_expected").body)
        return stories

    def _ask(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=30)
        try:
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target, body, dict(headers))
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request; no redirect is followed, no coding undone."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@contextmanager
def running_site(*, now: datetime | None = None, port: int = 0) -> Iterator[Site]:
    """Start the newsroom in its own process, and stop it at the end.

    Raises RuntimeError when it does not start; it also ends when this process dies, however.
    """
    package = str(__package__)
    command = [sys.executable, "-P", "-m", package, "--port", str(port), "--with-parent"]
    if now is not None:
        command += ["--now", now.isoformat()]
    path = [str(Path(__file__).parents[package.count(".") + 1])]  # where the top package lies
    if given := os.environ.get("PYTHONPATH"):
        path.append(given)
    with subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            yield _announced(process)
        finally:
            _stop(process)


def _announced(process: subprocess.Popen[bytes]) -> Site:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"the newsroom did not start (exit code {process.wait(_STOP_S)})")
    told = json.loads(line)
    return Site(told["port"], told["hosts"], datetime.fromisoformat(told["start"]))


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(_STOP_S)
