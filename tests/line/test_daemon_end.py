"""How the daemon ends: by signals, by its limits, by its own failures, by kill -9."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from tests.line.conftest import HELD_S, LIMIT_S, Desk, feed, paths, stop, wait_until
from tests.site.process import Site

pytestmark = [pytest.mark.slow]


def _add(desk: Desk, toml: str) -> None:
    desk.config.write_text(f"{toml}\n{desk.config.read_text()}")


def _articles(desk: Desk) -> int:
    return int(desk.one("SELECT count(*) FROM articles") or 0)


def _daemon_at_a_slow_page(site: Site, desk: Desk) -> subprocess.Popen[str]:
    site.post({"do": "delay", "host": "plain", "path": "/bulk/0", "seconds": HELD_S})
    process = desk.start("daemon")
    wait_until(lambda: "/bulk/0" in paths(site.requests("plain")), process)
    return process


def test_a_stop_waits_for_pages_no_longer_than_its_bound(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=1"), timeout=HELD_S)
    _add(desk, '[daemon]\nstop_timeout = "1s"')
    process = _daemon_at_a_slow_page(site, desk)
    begun = time.monotonic()
    out, err = stop(process)
    assert process.returncode == 0, out + err
    assert time.monotonic() - begun < 30
    assert "still in flight after 1 s, and owed: 1" in err
    assert desk.rows("SELECT state, attempts FROM entries") == [("owed", 0)]
    assert desk.one("SELECT reason FROM runs") == "shutdown"


def test_a_second_signal_ends_the_daemon_at_once(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=1"), timeout=HELD_S)
    process = _daemon_at_a_slow_page(site, desk)
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGTERM)
    assert process.stderr is not None
    while "shutting down gracefully" not in process.stderr.readline():
        assert process.poll() is None
    begun = time.monotonic()
    out, err = stop(process)
    assert process.returncode == 0, out + err
    assert time.monotonic() - begun < 30
    assert desk.rows("SELECT state, attempts FROM entries") == [("owed", 0)]
    _, alive = psutil.wait_procs(children, timeout=LIMIT_S)
    assert alive == []


def test_too_much_memory_ends_the_daemon_with_words(site: Site, desk: Desk) -> None:
    # the calendars of exchanges weigh more than the limit
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=1", "s", 'market_hours = "XNYS"'))
    _add(desk, "[daemon]\nmemory_limit_mb = 128")
    assert "the memory limit of 128 MB is reached" in desk.run("daemon", exit_code=1)
    reason = "failed: the memory limit of 128 MB is reached ([daemon] memory_limit_mb)"
    assert desk.one("SELECT reason FROM runs") == reason


def test_a_task_that_fails_ends_the_daemon_with_words(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=1"))
    (desk.data / "daemon.sock").mkdir(parents=True)  # where the socket must be
    assert "the task control failed" in desk.run("daemon", exit_code=1)


def test_a_killed_daemon_leaves_no_process_and_no_socket_in_the_way(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=40"), delay=0.05)
    process = desk.start("daemon")
    wait_until(lambda: _articles(desk) >= 2, process)
    children = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.communicate()
    _, alive = psutil.wait_procs(children, timeout=LIMIT_S)
    assert (bool(children), alive) == (True, [])
    desk.crawl()
    assert desk.one("SELECT count(*) FROM articles") == 40


def test_a_killed_worker_costs_no_page(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=60"), delay=0.02)
    process = desk.start("daemon")
    for goal in (5, 20, 35):
        wait_until(lambda goal=goal: _articles(desk) >= goal, process)
        for worker in _workers(process.pid):
            worker.kill()
    wait_until(lambda: desk.one("SELECT count(*) FROM articles") == 60, process)
    stop(process)
    assert desk.rows("SELECT state, count(*) FROM entries GROUP BY state") == [("archived", 60)]


def _workers(pid: int) -> list[psutil.Process]:
    """The processes that the fork server made; not the server itself."""
    servers = psutil.Process(pid).children()
    return [worker for server in servers for worker in server.children()]


def test_the_service_manager_hears_of_the_daemon_s_life(
    site: Site, desk: Desk, tmp_path: Path
) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=1"))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(60)
        desk.environ = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "400000"}
        process = desk.start("daemon")
        try:
            heard = [_hear(manager)]
            assert heard == ["READY=1"] or heard == ["WATCHDOG=1"]
            process.send_signal(signal.SIGHUP)
            while "RELOADING=1" not in heard:
                heard.append(_hear(manager))
            while heard[-1] in {"RELOADING=1", "WATCHDOG=1"}:  # the watchdog may bark in between
                heard.append(_hear(manager))
            assert heard[-1] == "READY=1"
            process.terminate()
            while heard[-1] != "STOPPING=1":
                heard.append(_hear(manager))
        finally:
            stop(process)
    assert heard.count("WATCHDOG=1") >= 1
    assert process.returncode == 0


def _hear(manager: socket.socket) -> str:
    return manager.recv(4096).decode().splitlines()[0]


def test_a_hangup_before_the_daemon_is_ready_does_not_end_it(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=1"))
    process = desk.start("daemon")
    wait_until(lambda: _ignores_hangups(process.pid), process)
    os.kill(process.pid, signal.SIGHUP)
    wait_until(lambda: desk.one("SELECT count(*) FROM articles") == 1, process)
    stop(process)
    assert process.returncode == 0


def _ignores_hangups(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    mask = next(line for line in status.splitlines() if line.startswith("SigIgn:"))
    return bool(int(mask.split()[1], 16) & 1)
