"""`broadsheet crawl` while a daemon holds the archive: that one visits, this one shows it."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.line.conftest import HELD_S, LIMIT_S, Desk, feed, paths, stop, wait_until
from tests.site.process import Site

RARELY = 'cron = "0 0 1 1 *"'  # the daemon's own visits would blur whose they are


def _start(desk: Desk) -> subprocess.Popen[str]:
    process = desk.start("daemon")
    wait_until(lambda: (desk.data / "daemon.sock").exists(), process)
    return process


def _hold_the_page(site: Site, desk: Desk) -> None:
    """A feed with one article, whose page keeps the daemon waiting."""
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=1", "s", RARELY), timeout=HELD_S)
    site.post({"do": "delay", "host": "plain", "path": "/bulk/0", "seconds": HELD_S})


def _let_it_go(site: Site) -> None:
    site.post({"do": "delay", "host": "plain", "path": "/bulk/0", "seconds": 0})


@pytest.fixture
def daemons() -> Iterator[list[subprocess.Popen[str]]]:
    """Processes to stop after the test."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        stop(process)


def test_the_daemon_visits_now_and_the_crawl_shows_it(
    site: Site, desk: Desk, daemons: list[subprocess.Popen[str]]
) -> None:
    desk.configure(
        feed(site, "plain", "/bulk/feed.xml?n=3", "s", RARELY),
        feed(site, "plain", "/nowhere.xml", "broken", RARELY),
    )
    daemons.append(_start(desk))
    told = desk.crawl("s")
    assert "a daemon holds the archive: it visits now" in told
    table = next(line for line in told.splitlines() if line.startswith("s "))
    assert table.split() == ["s", "1", "3", "3", "3"]
    assert "broken was not read: HTTP 404" in desk.crawl("broken", exit_code=3)
    assert desk.one("SELECT count(*) FROM articles") == 3
    assert desk.one("SELECT count(*) FROM runs") == 1


@pytest.mark.slow
def test_two_crawls_follow_one_daemon(
    site: Site, desk: Desk, daemons: list[subprocess.Popen[str]]
) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=5", "s", RARELY), delay=0.2)
    daemons.append(_start(desk))
    first, second = desk.start("crawl"), desk.start("crawl", "s")
    for process in (first, second):
        out, err = process.communicate(timeout=LIMIT_S)
        assert process.returncode == 0, out + err
    pages = [p for p in paths(site.requests("plain")) if p.removeprefix("/bulk/").isdigit()]
    assert sorted(pages) == ["/bulk/0", "/bulk/1", "/bulk/2", "/bulk/3", "/bulk/4"]


@pytest.mark.slow
def test_a_source_that_is_new_in_the_config_is_visited_at_once(
    site: Site, desk: Desk, daemons: list[subprocess.Popen[str]]
) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=1", "old", RARELY))
    daemons.append(_start(desk))
    desk.configure(
        feed(site, "plain", "/bulk/feed.xml?n=1", "old", RARELY),
        feed(site, "plain", "/bulk/feed.xml?n=2", "new", RARELY),
    )
    desk.crawl("new")
    assert desk.rows("SELECT source_id, state, count(*) FROM entries GROUP BY 1, 2") == [
        ("new", "archived", 2)
    ]


@pytest.mark.slow
def test_since_reaches_further_back_and_retry_fetches_what_waits(
    site: Site, desk: Desk, daemons: list[subprocess.Popen[str]]
) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=2", "s", RARELY, 'since = "1s"'))
    site.post({"do": "fail", "host": "plain", "path": "/bulk/1", "statuses": [404]})
    daemons.append(_start(desk))
    desk.crawl("--since", "all")
    assert desk.one("SELECT count(*) FROM articles") == 1
    desk.crawl("--retry")
    assert desk.one("SELECT count(*) FROM articles") == 2


@pytest.mark.slow
def test_ctrl_c_ends_only_the_following(
    site: Site, desk: Desk, daemons: list[subprocess.Popen[str]]
) -> None:
    _hold_the_page(site, desk)
    daemons.append(_start(desk))
    crawl = desk.start("crawl")
    wait_until(lambda: "/bulk/0" in paths(site.requests("plain")), daemons[0])
    out, err = stop(crawl, signal.SIGINT)
    assert (crawl.returncode, "the daemon goes on" in err) == (130, True), out + err
    _let_it_go(site)
    wait_until(lambda: desk.one("SELECT count(*) FROM articles") == 1, daemons[0])


@pytest.mark.slow
def test_a_daemon_that_dies_ends_the_following_with_words(site: Site, desk: Desk) -> None:
    _hold_the_page(site, desk)
    daemon = _start(desk)
    crawl = desk.start("crawl")
    wait_until(lambda: "/bulk/0" in paths(site.requests("plain")), daemon)
    daemon.kill()
    daemon.communicate()
    out, err = crawl.communicate(timeout=LIMIT_S)
    assert crawl.returncode == 1, out + err
    assert "the daemon ended before its visits had" in err


@pytest.mark.slow
def test_a_daemon_that_stops_sends_those_who_follow_away(site: Site, desk: Desk) -> None:
    _hold_the_page(site, desk)
    daemon = _start(desk)
    crawl = desk.start("crawl")
    wait_until(lambda: "/bulk/0" in paths(site.requests("plain")), daemon)
    daemon.send_signal(signal.SIGTERM)
    out, err = crawl.communicate(timeout=LIMIT_S)
    _let_it_go(site)
    _, log = daemon.communicate(timeout=LIMIT_S)
    assert (crawl.returncode, "the daemon is stopping" in err) == (1, True), out + err
    assert "Traceback" not in log
    assert desk.one("SELECT count(*) FROM articles") == 1


@pytest.mark.slow
def test_the_socket_works_however_deep_the_folder_lies(
    site: Site, tmp_path: Path, daemons: list[subprocess.Popen[str]]
) -> None:
    desk = Desk(folder=tmp_path / ("d" * 100))
    desk.folder.mkdir()
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=1", "s", RARELY))
    daemons.append(_start(desk))
    assert (desk.data / "daemon.sock").stat().st_mode & 0o777 == 0o600
    desk.crawl("s")
    assert desk.one("SELECT count(*) FROM articles") == 1
