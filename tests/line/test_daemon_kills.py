"""The daemon, or a process of its, is killed at any moment: nothing is lost and nothing doubled."""

from __future__ import annotations

import random
import subprocess
import time
from collections import Counter

import psutil
import pytest

from tests.line.conftest import LIMIT_S, Desk, feed, paths, stop, wait_until
from tests.line.processes import commands_below
from tests.site.process import Site

pytestmark = [pytest.mark.slow]

HOSTS = ("plain", "ledger", "wire")
EACH, KILLS = 30, 4
PER_HOST = 2  # Work's: so many pages of a host may be on their way when it is killed


def _configure(desk: Desk, site: Site) -> None:
    sources = (
        feed(site, host, f"/bulk/feed.xml?n={EACH}&start={EACH * n}", host, 'interval = "1s"')
        for n, host in enumerate(HOSTS)
    )
    desk.configure(*sources, delay=0.02)


def _articles(desk: Desk) -> int:
    return int(desk.one("SELECT count(*) FROM articles") or 0)


def _fetches(site: Site) -> Counter[str]:
    return Counter(p for p in paths(site.requests()) if p.removeprefix("/bulk/").isdigit())


def _assert_whole(desk: Desk) -> None:
    count = EACH * len(HOSTS)
    assert desk.one("SELECT count(DISTINCT url) FROM articles") == _articles(desk) == count
    assert desk.rows("SELECT state, count(*) FROM entries GROUP BY state") == [("archived", count)]
    assert desk.one("SELECT count(*) FROM revisions") == count
    assert len(desk.files()) == count
    assert desk.one("SELECT count(*) FROM files WHERE wanted_hash IS NOT written_hash") == 0
    assert desk.one("PRAGMA integrity_check") == "ok"


def _kill(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Kill the daemon and give those of its children that outlive it."""
    children = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.communicate()
    return psutil.wait_procs(children, timeout=LIMIT_S)[1]


@pytest.mark.timeout(300)
def test_a_daemon_killed_four_times_loses_and_doubles_nothing(site: Site, desk: Desk) -> None:
    _configure(desk, site)
    rng = random.Random(20261123)
    for kill in range(KILLS):
        process = desk.start("daemon")
        goal = 20 * kill + rng.randint(1, 15)
        wait_until(lambda goal=goal: _articles(desk) >= goal, process)
        time.sleep(rng.random() * 0.1)  # not a wait: the moment of the kill is the random input
        assert _kill(process) == []
    process = desk.start("daemon")
    wait_until(lambda: _articles(desk) == EACH * len(HOSTS), process)
    stop(process)
    _assert_whole(desk)
    again = sum(count - 1 for count in _fetches(site).values())
    assert again <= KILLS * PER_HOST * len(HOSTS)


def test_a_killed_fork_server_costs_no_article(site: Site, desk: Desk) -> None:
    """Workers and what makes them die together, as when the system is out of memory."""
    _configure(desk, site)
    process = desk.start("daemon")
    for goal in (10, 50):
        wait_until(lambda goal=goal: _articles(desk) >= goal, process)
        for child, words in commands_below(process.pid):
            if "forkserver" in " ".join(words):
                child.kill()
    wait_until(lambda: _articles(desk) == EACH * len(HOSTS), process)
    stop(process)
    assert process.returncode == 0
    _assert_whole(desk)
