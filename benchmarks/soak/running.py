"""The processes of the soak: the hosts' server, the daemon, bare Scrapy, and samples of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.soak.hosts import make_hosts

ROOT = Path(__file__).resolve().parents[2]
STOP_S = 60.0


class SoakFailed(Exception):
    """A process ended early, or the work was not done in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The state of a main process, its children left out."""

    polls: int
    rss_mb: float
    cpu_s: float
    files: int  # descriptors


class Web:
    """The hosts' server, as seen from the soak."""

    def __init__(self, port: int):
        self.port = port

    def report(self, path: str = "/_report") -> dict[str, Any]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            told: dict[str, Any] = json.load(answer)
        return told

    def calm(self) -> None:
        self.report("/_calm")


@contextmanager
def running_web(hosts: int, polls: int, articles: int) -> Iterator[Web]:
    numbers = [str(number) for number in (hosts, polls, articles)]
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "benchmarks.soak.web", *numbers],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield Web(int(process.stdout.readline()))
        finally:
            process.terminate()


@contextmanager
def running(command: Sequence[str], log: Path) -> Iterator[psutil.Popen]:
    """Run a module of Python; it is stopped gracefully, and killed when that takes too long."""
    with log.open("w") as written:
        process = psutil.Popen(
            [sys.executable, "-P", "-m", *command], cwd=ROOT, stderr=written, env=dict(os.environ)
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOP_S)
            except psutil.TimeoutExpired:
                process.kill()


def sample(process: psutil.Popen, web: Web, polls: str = "polls") -> Sample:
    """`polls` names the server's count of those that this process made."""
    if process.poll() is not None:
        raise SoakFailed(f"the process ended early with exit code {process.returncode}")
    times = process.cpu_times()
    return Sample(
        polls=int(web.report()[polls]),
        rss_mb=process.memory_info().rss / 2**20,
        cpu_s=times.user + times.system,
        files=process.num_fds(),
    )


def watch(
    process: psutil.Popen, web: Web, done: Callable[[Sample], object], *, timeout_s: float
) -> list[Sample]:
    """Sample twice a second until `done`; raises SoakFailed when that doesn't come in time."""
    end = time.monotonic() + timeout_s
    samples = [sample(process, web)]
    while not done(samples[-1]):
        if time.monotonic() > end:
            raise SoakFailed(f"not done after {timeout_s:.0f} s: {samples[-1]}")
        time.sleep(0.5)
        samples.append(sample(process, web))
    return samples


def write_config(folder: Path, port: int, hosts: int, interval_s: int) -> Path:
    path = folder / "broadsheet.toml"
    head = """\
[crawl]
allow_networks = ["127.0.0.0/8"]
download_delay_s = 0
timeout_s = 2
retry = ["1s", "2s", "3s"]
"""
    tables = (
        f'\n[[source]]\nid = "{host.id}"\nname = "{host.id}"\nkind = "feed"\n'
        f'url = "http://{host.address}:{port}/feed.xml"\ninterval = "{interval_s}s"\n'
        for host in make_hosts(hosts)
    )
    path.write_text(head + "".join(tables))
    return path
