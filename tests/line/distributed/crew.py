"""A distributed crawl in its processes: an origin, a broker, a daemon, and workers."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO

from tests.line.distributed.origin import address

ROOT = Path(__file__).resolve().parents[3]
SHORT = 0.8  # of a delay: a worker that doesn't rest for it shows gaps of nothing
_CONFIG = """\
[crawl]
contact = "test@example.org"
allow_networks = ["127.0.0.0/8"]
download_delay_s = {delay}
obey_robots = false
look_again = []
retry = ["{retry}", "10s", "30s"]
extract_workers = {extract}
[schedule]
interval = "6h"
min_interval = "6h"
"""


@dataclass(frozen=True, slots=True)
class Gap:
    """Between two requests to one host: when the second came, the seconds between, and those of
    the gap before; 0 for none."""

    at: float
    seconds: float
    before_s: float

    def is_short(self, delay_s: float) -> bool:
        """Shorter than a host's delay, by more than a busy machine makes it: one request that comes
        late makes the gap before it longer, and this one shorter by as much."""
        is_late = delay_s <= self.before_s <= 2 * delay_s
        both = self.before_s + self.seconds if is_late else delay_s + self.seconds
        return self.seconds < SHORT * delay_s and both < (1 + SHORT) * delay_s


class Crew:
    """Processes by name; each one's log is in the folder."""

    def __init__(self, folder: Path, url: str, *, hosts: int, each: int, port: int):
        self.folder, self.url, self.hosts, self.each, self.port = folder, url, hosts, each, port
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._logs: list[IO[bytes]] = []
        self.environ = {**os.environ, "BROADSHEET_REDIS": url}

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def articles(self) -> int:
        return self.hosts * self.each

    def configure(self, *, delay: float, extract: int = 1, retry: str = "2s") -> None:
        """A page that fails, as on a busy machine one may, is asked for again soon."""
        sources = (
            f'\n[[source]]\nid = "s{n}"\nname = "Desk {n}"\nsince = "all"\n'
            f'url = "http://{address(n)}:{self.port}/feed"\n'
            for n in range(self.hosts)
        )
        head = _CONFIG.format(delay=delay, extract=extract, retry=retry)
        (self.folder / "broadsheet.toml").write_text(head + "".join(sources))

    def start(self, name: str, *command: str, redis: bool = True) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{name}.log").open("ab")
        self._logs.append(log)
        given = dict(self.environ)
        if not redis:
            del given["BROADSHEET_REDIS"]
        if command[0] != "worker":
            given["BROADSHEET_CONFIG"] = str(self.folder / "broadsheet.toml")
            given["BROADSHEET_DATA"] = str(self.data)
        self.running[name] = subprocess.Popen(
            [sys.executable, "-P", "-m", "crawler.run.cli", *command],
            cwd=ROOT,
            env=given,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        return self.running[name]

    def daemon(self, slots: int, *more: str) -> subprocess.Popen[bytes]:
        return self.start("daemon", "daemon", "--slots", str(slots), *more)

    def worker(self, name: str, slots: int, *more: str) -> subprocess.Popen[bytes]:
        return self.start(name, "worker", "--slots", str(slots), *more)

    def kill(self, name: str) -> None:
        self.running[name].kill()
        self.running[name].wait(30)

    def stop(self, name: str) -> int:
        self.running[name].send_signal(signal.SIGTERM)
        return self.running[name].wait(90)

    def one(self, sql: str) -> int:
        rows = self.rows(sql)
        return int(str(rows[0][0])) if rows else 0

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        if not (self.data / "archive.db").exists():
            return []
        with contextlib.closing(
            sqlite3.connect(f"file:{self.data}/archive.db?mode=ro", uri=True, timeout=20)
        ) as connection:
            try:
                return connection.execute(sql).fetchall()
            except sqlite3.OperationalError:
                return []  # the tables are about to be made

    def archived(self) -> int:
        return self.one("SELECT count(*) FROM articles")

    def wait(self, condition: Callable[[], bool], within_s: float, what: str) -> None:
        end = time.monotonic() + within_s
        while not condition():
            assert time.monotonic() < end, f"{what}: {self.archived()} of {self.articles}\n" + (
                self.tails()
            )
            time.sleep(0.1)

    def tails(self) -> str:
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"== {log.name}\n{log.read_text()[-3000:]}" for log in logs)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def requests(self) -> list[tuple[str, str, float]]:
        """What the origin was asked: host, path, when."""
        with urllib.request.urlopen(f"http://{address(0)}:{self.port}/_log") as answer:
            return [(host, path, at) for host, path, at in json.load(answer)]

    def gaps(self) -> list[Gap]:
        """Between each two requests to one host."""
        times: defaultdict[str, list[float]] = defaultdict(list)
        for host, _, at in self.requests():
            times[host].append(at)
        found = []
        for moments in times.values():
            before_s = 0.0
            for before, after in pairwise(moments):
                found.append(Gap(after, after - before, before_s))
                before_s = after - before
        return found

    def close(self) -> None:
        for process in self.running.values():
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
                process.wait(30)
        for log in self._logs:
            log.close()


@contextmanager
def crew_at(
    folder: Path, url: str, *, hosts: int, each: int, latency_s: float, pages: bool = False
) -> Iterator[Crew]:
    """`pages`: as large as real ones."""
    command = [sys.executable, "-P", "-m", "tests.line.distributed.origin"]
    options: list[object] = ["--hosts", hosts, "--each", each, "--latency", latency_s]
    options += ["--pages"] if pages else []
    with subprocess.Popen(
        [*command, *map(str, options)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as origin:
        assert origin.stdout is not None
        crew = Crew(folder, url, hosts=hosts, each=each, port=int(origin.stdout.readline()))
        try:
            yield crew
        finally:
            crew.close()
            origin.terminate()
