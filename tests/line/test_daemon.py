"""The daemon as a real process: it polls on schedule, and stops gracefully."""

from __future__ import annotations

import signal

import pytest

from tests.line.conftest import HELD_S, LIMIT_S, Desk, feed, paths, stop, wait_until
from tests.site.process import Site

INTERVAL = 'interval = "1s"'


def _polls(site: Site) -> int:
    return paths(site.requests("plain")).count("/bulk/feed.xml?n=4")


def _articles(desk: Desk) -> object:
    return desk.one("SELECT count(*) FROM articles")


def test_the_daemon_polls_on_its_interval_and_archives(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=4", "s", INTERVAL))
    process = desk.start("daemon")
    wait_until(lambda: _articles(desk) == 4, process)
    wait_until(lambda: _polls(site) >= 3, process)
    out, err = stop(process)
    assert process.returncode == 0, out + err
    assert desk.rows("SELECT DISTINCT status FROM visits ORDER BY 1") == [(200,), (304,)]
    assert desk.one("SELECT reason FROM runs") == "shutdown"


def test_sigterm_stores_the_pages_in_flight(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=1", "s"), timeout=HELD_S)
    page = {"do": "delay", "host": "plain", "path": "/bulk/0"}
    site.post({**page, "seconds": HELD_S})
    process = desk.start("daemon")
    wait_until(lambda: "/bulk/0" in paths(site.requests("plain")), process)
    process.send_signal(signal.SIGTERM)
    assert process.stderr is not None
    while "shutting down gracefully" not in process.stderr.readline():
        assert process.poll() is None
    site.post({**page, "seconds": 0})
    process.communicate(timeout=LIMIT_S)
    assert process.returncode == 0
    assert _articles(desk) == 1


@pytest.mark.slow
def test_a_killed_daemon_goes_on_where_it_was(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=40", "s"), delay=0.05)
    process = desk.start("daemon")
    wait_until(lambda: (_articles(desk) or 0) >= 5, process)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    process = desk.start("daemon")
    wait_until(lambda: _articles(desk) == 40, process)
    stop(process)
    assert desk.one("SELECT count(DISTINCT url) FROM articles") == 40
    assert len(desk.files()) == 40


@pytest.mark.slow
def test_an_entry_that_failed_is_fetched_again_when_its_time_has_come(
    site: Site, desk: Desk
) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=2", "s"), crawl='retry = ["1s", "1h"]')
    site.post({"do": "fail", "host": "plain", "path": "/bulk/1", "statuses": [404]})
    process = desk.start("daemon")
    wait_until(lambda: _articles(desk) == 2, process)
    stop(process)
    assert desk.rows("SELECT state, attempts FROM entries WHERE url LIKE '%/1'") == [
        ("archived", 1)
    ]
