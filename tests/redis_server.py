"""A Redis of a test's own, behind a socket in its folder; skipped where no redis-server is here."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


class RedisServer:
    """`url` stays the same over stops and starts; nothing is kept on the disk unless `appends`."""

    def __init__(self, folder: Path, *, appends: bool = False):
        self._folder, self._appends = folder, appends
        self.socket = folder / "redis.sock"
        self.url = f"unix://{self.socket}"
        self.start()

    def start(self) -> None:
        command = [
            *("redis-server", "--port", "0", "--unixsocket", str(self.socket), "--save", ""),
            *("--appendonly", "yes" if self._appends else "no", "--dir", str(self._folder)),
        ]
        quiet = subprocess.DEVNULL  # whoever reads our own output must not wait for it
        self.process = subprocess.Popen(command, stdout=quiet, stderr=quiet)
        end = time.monotonic() + 20
        while self.ask("PING") != "PONG":
            assert time.monotonic() < end, "redis-server does not answer"
            time.sleep(0.02)

    def ask(self, *words: str) -> str:
        """What redis-cli says; '' where nothing answers."""
        command = ["redis-cli", "-s", str(self.socket), *words]
        answer = subprocess.run(command, capture_output=True, check=False).stdout
        return answer.decode("utf-8", "replace").strip()

    def flush(self) -> None:
        assert self.ask("FLUSHALL") == "OK"

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(20)


@contextmanager
def redis_server(*, appends: bool = False) -> Iterator[RedisServer]:
    if find_spec("redis") is None:
        pytest.skip("redis-py is not installed (the extra distributed): make extras")
    if shutil.which("redis-server") is None:
        pytest.skip("no redis-server here: apt-get install redis-server")
    with TemporaryDirectory(prefix="rds") as folder:  # a socket's path must be short
        server = RedisServer(Path(folder), appends=appends)
        try:
            yield server
        finally:
            server.stop()
