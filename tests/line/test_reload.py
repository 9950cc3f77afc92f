"""The config changes while the daemon runs."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.line.conftest import Desk, feed, paths, stop, wait_until
from tests.site.process import Site

OFTEN = 'interval = "1s"'
A, B = "/bulk/feed.xml?n=1", "/bulk/feed.xml?n=2"


def _polls(site: Site, path: str) -> int:
    return paths(site.requests("plain")).count(path)


@contextmanager
def _daemon(desk: Desk, log: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Run a daemon; its log is in `log` afterwards."""
    process = desk.start("daemon")
    try:
        yield process
    finally:
        log.append(stop(process)[1])
    assert process.returncode == 0, log


@pytest.mark.slow
def test_a_changed_file_adds_and_removes_sources(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", A, "old", OFTEN))
    log: list[str] = []
    with _daemon(desk, log) as process:
        wait_until(lambda: _polls(site, A) >= 1, process)
        desk.configure(feed(site, "plain", B, "new", OFTEN))
        wait_until(lambda: _polls(site, B) >= 2, process)
        site.clear_log()
        wait_until(lambda: _polls(site, B) >= 3, process)
        assert _polls(site, A) == 0
    assert "config reloaded: 1 source added, 1 removed, 0 changed" in log[0]
    assert desk.rows("SELECT id, status FROM sources ORDER BY id") == [
        ("new", "ok"),
        ("old", "removed"),
    ]


@pytest.mark.slow
def test_a_broken_file_is_reported_and_the_old_config_stays(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", A, "s", OFTEN))
    whole, log = desk.config.read_text(), []
    with _daemon(desk, log) as process:
        wait_until(lambda: _polls(site, A) >= 1, process)
        assert process.stderr is not None
        desk.config.write_text(f'{whole}\nintervall = "1s"\n[craw]\n')
        lines = iter(process.stderr.readline, "")
        told = next(line for line in lines if "intervall" in line)
        assert "did you mean" in told
        assert "craw" in next(lines)
        assert "the old one stays in force" in next(lines)
        site.clear_log()
        wait_until(lambda: _polls(site, A) >= 2, process)
    assert "config reloaded" not in log[0]


@pytest.mark.slow
def test_a_hangup_reloads_and_says_what_needs_a_restart(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", A, "s", OFTEN))
    log: list[str] = []
    with _daemon(desk, log) as process:
        wait_until(lambda: _polls(site, A) >= 1, process)
        desk.configure(feed(site, "plain", A, "s", OFTEN), delay=0.5)
        process.send_signal(signal.SIGHUP)
        site.clear_log()
        wait_until(lambda: _polls(site, A) >= 2, process)
    assert "config reloaded: 0 sources added, 0 removed, 0 changed" in log[0]
    assert log[0].count("takes effect after a restart: [crawl] download_delay_s") == 1


@pytest.mark.slow
def test_the_last_source_that_is_disabled_is_visited_no_more(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", A, "s", OFTEN))
    log: list[str] = []
    with _daemon(desk, log) as process:
        wait_until(lambda: _polls(site, A) >= 1, process)
        desk.configure(feed(site, "plain", A, "s", OFTEN, "enabled = false"))
        wait_until(lambda: desk.rows("SELECT status FROM sources") == [("disabled",)], process)
        site.clear_log()
        desk.configure(
            feed(site, "plain", B, "t", OFTEN),
            feed(site, "plain", A, "s", OFTEN, "enabled = false"),
        )
        wait_until(lambda: _polls(site, B) >= 2, process)
        assert _polls(site, A) == 0
    assert "no source is enabled: nothing is visited until one is" in log[0]
