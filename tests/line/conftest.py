"""End to end: the real command in its own process, against the newsroom in its own process."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.line.web import Web, running_web
from tests.site.process import Site, running_site

# What does not come by then does not come: far beyond what it takes on a machine with other work.
LIMIT_S = 180
HELD_S = 600  # the delay of an answer that a test holds back until it says so
_HEAD = """\
[crawl]
contact = "test@example.org"
allow_networks = ["127.0.0.0/8"]
download_delay_s = {delay}
timeout_s = {timeout}
{crawl}
"""


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as running:
        yield running


@dataclass(kw_only=True)
class Desk:
    """A user's folder: a config, the archive it leads to, and the commands run on both."""

    folder: Path
    environ: Mapping[str, str] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        return self.folder / "broadsheet.toml"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def configure(
        self, *sources: str, delay: float = 0.0, timeout: float = 10, crawl: str = ""
    ) -> None:
        head = _HEAD.format(delay=delay, timeout=timeout, crawl=crawl)
        tables = "".join(f"\n[[source]]\n{source}\n" for source in sources)
        self.config.write_text(head + tables)

    def start(self, *command: str, max_file_kb: int | None = None) -> subprocess.Popen[str]:
        """Start `broadsheet …`, or `scrapy …` when the first word is scrapy.

        `max_file_kb`: no file may grow larger, as on a full disk.
        """
        module = ["scrapy"] if command[0] == "scrapy" else ["crawler.run.cli"]
        rest = command[1:] if command[0] == "scrapy" else command
        limit = (max_file_kb * 1024,) * 2 if max_file_kb else None
        return subprocess.Popen(
            [sys.executable, "-P", "-m", *module, *rest],
            cwd=Path(__file__).parents[2],
            env=os.environ
            | {
                "BROADSHEET_CONFIG": str(self.config),
                "BROADSHEET_DATA": str(self.data),
                **self.environ,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=limit and (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit)),
        )

    def run(self, *command: str, exit_code: int | None = 0) -> str:
        """Run a command to its end and give its output; another exit code fails the test."""
        process = self.start(*command)
        out, err = process.communicate(timeout=LIMIT_S)
        if exit_code is not None:
            assert process.returncode == exit_code, f"exit {process.returncode}\n{out}\n{err}"
        return out + err

    def crawl(self, *arguments: str, exit_code: int | None = 0) -> str:
        return self.run("crawl", *arguments, exit_code=exit_code)

    def rows(self, sql: str, *values: object) -> list[tuple]:
        if not (self.data / "archive.db").exists():
            return []
        conn = sqlite3.connect(f"file:{self.data}/archive.db?mode=ro", uri=True, timeout=60)
        try:
            return conn.execute(sql, values).fetchall()
        except sqlite3.OperationalError:
            return []  # the tables are about to be made
        finally:
            conn.close()

    def one(self, sql: str, *values: object) -> object:
        rows = self.rows(sql, *values)
        return rows[0][0] if rows else None

    def files(self) -> list[Path]:
        return sorted((self.data / "articles").rglob("*.md"))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(folder=tmp_path)


def feed(site: Site, host: str, path: str, source_id: str = "s", *more: str) -> str:
    """The TOML of a source on the newsroom."""
    lines = [f'id = "{source_id}"', f'name = "{host}"', f'url = "{site.url(host, path)}"', *more]
    return "\n".join(lines)


def wait_until(
    condition: Callable[[], object],
    process: subprocess.Popen[str] | None = None,
    timeout_s: float = LIMIT_S,
) -> None:
    """Poll a condition; fails the test when it does not come true in time."""
    end = time.monotonic() + timeout_s
    while not condition():
        if process is not None and process.poll() is not None:
            pytest.fail(f"the process ended early: {process.communicate()}")
        if time.monotonic() > end:
            pytest.fail("the condition did not come true in time")
        time.sleep(0.02)


def stop(process: subprocess.Popen[str], how: int = signal.SIGTERM) -> tuple[str, str]:
    process.send_signal(how)
    try:
        return process.communicate(timeout=LIMIT_S)
    finally:
        process.kill()  # one that did not end must not outlive its test


def paths(requests: Sequence[Mapping[str, object]]) -> list[str]:
    return [str(request["path"]) for request in requests]


@pytest.fixture
def web() -> Iterator[Web]:
    with running_web() as running:
        yield running


@pytest.fixture
def other_web() -> Iterator[Web]:
    """A second host, of another registrable domain (addresses are their own)."""
    with running_web("127.0.0.2") as running:
        yield running
