"""kill -9 over the crawl, its workers and its fork server: nothing is lost, doubled, left over, or
stands still.

BROADSHEET_KILLS=200 tries as many; the gate has 20.
"""

from __future__ import annotations

import os
import random
import subprocess
import time
from collections import Counter
from contextlib import suppress

import psutil
import pytest

from tests.line.conftest import Desk, feed
from tests.site.process import Site

pytestmark = [pytest.mark.slow]

KILLS = int(os.environ.get("BROADSHEET_KILLS", "20"))
HOSTS = ("plain", "ledger", "wire")
EACH = 8 * KILLS // len(HOSTS) + 10  # pages of a host: more than the kills leave time for
STILL_S = 60.0  # without progress: a hang


class Rig:
    """A crawl that is started again whenever it has ended, and counts what it sees."""

    def __init__(self, desk: Desk):
        self.desk, self.rng = desk, random.Random(20261129)
        self.process = desk.start("crawl", "--retry")
        self.killed: Counter[str] = Counter()
        self.orphans = 0
        self._family: list[psutil.Process] = []
        self._seen, self._seen_at = 0, time.monotonic()

    def articles(self) -> int:
        return int(self.desk.one("SELECT count(*) FROM articles") or 0)

    def run(self, kills: int) -> None:
        while self.killed.total() < kills:
            self._wait_for_progress()
            time.sleep(self.rng.random() * 0.2)  # not a wait: the moment is the random input
            self._kill(self.rng.choices(("main", "worker", "fork server"), (3, 5, 2))[0])
        self.process.kill()
        self.process.communicate()

    def _wait_for_progress(self) -> None:
        """Until another page is archived, or nothing is left to do."""
        while self.articles() == self._seen and self.process.poll() is None:
            assert time.monotonic() - self._seen_at < STILL_S, f"it stands still: {self.killed}"
            time.sleep(0.02)
        self._seen, self._seen_at = self.articles(), time.monotonic()
        if self.process.poll() is not None:
            self._restart()

    def _kill(self, whom: str) -> None:
        self._family = _children_of(self.process.pid)
        servers = [child for child in self._family if _is_server(child)]
        workers = [child for server in servers for child in _children_of(server.pid)]
        victims = {"worker": workers, "fork server": servers}.get(whom)
        if victims is None:
            self.process.kill()
            self._restart()
        elif victims:
            with suppress(psutil.Error):  # it has just ended
                self.rng.choice(victims).kill()
        else:
            return
        self.killed[whom] += 1
        if self.killed.total() % 20 == 0:
            print(f"{dict(self.killed)}, {self._seen} articles, {self.orphans} orphans", flush=True)

    def _restart(self) -> None:
        self.process.communicate()
        _, alive = psutil.wait_procs(self._family, timeout=20)
        self.orphans += len(alive)
        self.process = self.desk.start("crawl", "--retry")


def _children_of(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []


def _is_server(process: psutil.Process) -> bool:
    try:
        return "forkserver" in " ".join(process.cmdline()) and bool(process.children())
    except psutil.Error:
        return False


@pytest.mark.timeout(3600)
def test_kills_lose_and_double_nothing_and_leave_nothing_behind(site: Site, desk: Desk) -> None:
    sources = (
        feed(site, host, f"/bulk/feed.xml?n={EACH}&start={EACH * n}", host)
        for n, host in enumerate(HOSTS)
    )
    desk.configure(*sources, delay=0.02, crawl='retry = ["1s"]')
    rig = Rig(desk)
    try:
        rig.run(KILLS)
    finally:
        _end(rig.process)
    desk.run("crawl", "--retry", exit_code=None)
    desk.run("crawl", "--retry", exit_code=0)
    count = EACH * len(HOSTS)
    print(f"killed: {dict(rig.killed)}, {count} articles, {rig.orphans} orphans")
    assert (rig.killed.total(), rig.orphans) == (KILLS, 0)
    assert desk.rows("SELECT state, count(*) FROM entries GROUP BY state") == [("archived", count)]
    assert desk.one("SELECT count(DISTINCT url) FROM articles") == rig.articles() == count
    assert desk.one("SELECT count(*) FROM revisions") == count
    assert len(desk.files()) == count
    assert desk.one("PRAGMA integrity_check") == "ok"


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.kill()
        process.communicate()
