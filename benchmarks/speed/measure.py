"""The server, commands and their cost, and processes that go on while others are measured."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from benchmarks.cpu import Cost, below, shared_out

ROOT = Path(__file__).resolve().parents[2]
PEERS = Path(__file__).resolve().parent / "peers"
STOP_S, LONGEST_S = 60.0, 600.0


class SpeedFailed(Exception):
    """A program ended early, or did not do its work."""


@contextmanager
def running_web(hosts: int) -> Iterator[int]:
    """Give the server's port."""
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "benchmarks.speed.web", str(hosts)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def requests_of(port: int) -> dict[str, int]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/_report", timeout=60) as answer:
        counts: dict[str, int] = json.load(answer)
    return counts


def cost_of(command: Sequence[str], log: Path, exits: Sequence[int] = (0,)) -> Cost:
    """Run a command to its end under benchmarks.cpu, in a process of its own."""
    words = [sys.executable, "-P", "-m", "benchmarks.cpu", "--log", str(log), "--", *command]
    run = subprocess.run(
        words, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=LONGEST_S, check=False
    )
    found = Cost(**json.loads(run.stdout))
    if found.exit not in exits:
        raise SpeedFailed(f"{' '.join(command)}: exit code {found.exit}; see {log}")
    return found


def cost_json(command: Sequence[str], folder: Path) -> dict[str, Any]:
    """Run a program that measures itself; give the line of JSON that it prints."""
    run = subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, text=True, timeout=LONGEST_S, check=False
    )
    if run.returncode:
        raise SpeedFailed(f"{' '.join(command)}: exit code {run.returncode}")
    told: dict[str, Any] = json.loads(run.stdout)
    return told


class Going:
    """A program that goes on until the block ends."""

    def __init__(self, process: psutil.Popen, log: Path):
        self._process, self._log = process, log

    def check(self) -> None:
        """Raises SpeedFailed where it has ended."""
        if self._process.poll() is not None:
            raise SpeedFailed(f"it ended with exit code {self._process.returncode}: {self._log}")

    def cpu_s(self) -> float:
        """Processor time of it and all below it, of those that have ended and were waited for."""
        self.check()
        total = 0.0
        for process in (self._process, *self._process.children(recursive=True)):
            try:
                total += sum(process.cpu_times()[:4])
            except psutil.NoSuchProcess:
                continue
        return total

    def shared_mb(self) -> float:
        """Memory of the tree; what its processes share counts once."""
        pids = (self._process.pid, *below(self._process.pid))
        return sum(map(shared_out, pids)) / 2**20


@contextmanager
def going(command: Sequence[str], log: Path) -> Iterator[Going]:
    with log.open("w") as written:
        process = psutil.Popen(command, cwd=ROOT, stdout=written, stderr=written)
        try:
            yield Going(process, log)
        finally:
            process.terminate()
            try:
                process.wait(STOP_S)
            except psutil.TimeoutExpired:
                process.kill()


def wait_until(done: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + LONGEST_S
    while not done():
        if time.monotonic() > end:
            raise SpeedFailed(f"{what}: not within {LONGEST_S:.0f} s")
        time.sleep(0.1)


def broadsheet(*words: str) -> list[str]:
    return [sys.executable, "-P", "-m", "crawler.run.cli", *words]


def write_config(
    path: Path, port: int, hosts: int, what: str, *, settings: str = "", source: str = ""
) -> Path:
    """A config whose sources are `/ours/WHAT` on each host."""
    head = '[crawl]\nallow_networks = ["127.0.0.0/8"]\ndownload_delay_s = 0\n'
    tables = (
        f'\n[[source]]\nid = "h{host:03d}"\nname = "Host {host}"\nkind = "feed"\nsince = "all"\n'
        f'url = "http://127.2.0.{host + 1}:{port}/ours/{what}"\n{source}'
        for host in range(hosts)
    )
    path.write_text(f"{head}{settings}{''.join(tables)}", encoding="utf-8")
    return path
