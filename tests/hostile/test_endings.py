"""How a crawl ends when the machine fails it: one sentence, a true status, an exit code."""

from __future__ import annotations

import os
import signal
import sqlite3
import time

import psutil
import pytest

from tests.line.conftest import HELD_S, LIMIT_S, Desk, feed, paths, stop, wait_until
from tests.line.web import Item, Web, article, rss
from tests.site.process import Site

ATTRIBUTES = 100_000  # of one element: quadratic in libxml2, 80 s of processor time


def chewed(number: int) -> str:
    """A page that takes a worker as long as it may."""
    attributes = " ".join(f"a{n}=x" for n in range(ATTRIBUTES))
    return article(number).replace("<article>", f"<article {attributes}>")


def _add(desk: Desk, toml: str) -> None:
    desk.config.write_text(f"{toml}\n{desk.config.read_text()}")


def _sentence(err: str) -> str:
    """The line that says why the command failed; there is one, and no traceback."""
    assert "Traceback" not in err, err
    (line,) = [line for line in err.splitlines() if line.startswith("broadsheet: ")]
    return line


def _offer(web: Web, pages: list[str], path: str = "/feed.xml") -> None:
    links = [web.put(f"/page/{n}", page) for n, page in enumerate(pages)]
    web.put(path, rss([Item(url=link) for link in links]), "text/xml")


def _children(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def _is_chewing(pid: int) -> bool:
    return any(child.cpu_times().user > 1.0 for child in _children(pid) if child.is_running())


def test_files_that_can_not_be_written_are_said_once_and_in_the_exit_code(
    web: Web, desk: Desk
) -> None:
    _offer(web, [article(n) for n in range(3)])
    desk.configure(web.source("/feed.xml"))
    desk.data.mkdir()
    (desk.data / "articles").write_text("a file where the folder should be")
    process = desk.start("crawl")
    _, err = process.communicate(timeout=90)
    assert process.returncode == 1, err
    assert _sentence(err).startswith("broadsheet: 3 Markdown files not written: ")
    assert err.count("the file stays owed until it can be written") == 2, "the log, the sentence"
    assert desk.one("SELECT count(*) FROM articles") == 3
    (desk.data / "articles").unlink()
    desk.crawl()
    assert len(desk.files()) == 3


def test_a_damaged_page_ends_the_crawl_with_a_sentence(web: Web, desk: Desk) -> None:
    _offer(web, [article(n) for n in range(3)])
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    _damage(desk, "entries")
    _offer(web, [article(n) for n in range(3, 6)])
    process = desk.start("crawl")
    _, err = process.communicate(timeout=90)
    assert process.returncode == 1, err
    assert "database disk image is malformed" in _sentence(err)


def _damage(desk: Desk, table: str) -> None:
    """Overwrite the first page of a table, as a bad disk does."""
    path = desk.data / "archive.db"
    with sqlite3.connect(path) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = conn.execute("PRAGMA page_size").fetchone()
        sql = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (root,) = conn.execute(sql, (table,)).fetchone()
    conn.close()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)


@pytest.mark.slow
def test_an_archive_that_fails_at_the_close_is_no_success(web: Web, desk: Desk) -> None:
    _offer(web, [article(1)])
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    conn = sqlite3.connect(desk.data / "archive.db")
    conn.execute(
        "CREATE TRIGGER at_the_end BEFORE UPDATE ON runs BEGIN INSERT INTO nowhere VALUES (1); END"
    )
    conn.close()
    process = desk.start("crawl")
    _, err = process.communicate(timeout=90)
    assert process.returncode == 1, err
    assert "can't be written: no such table: main.nowhere" in _sentence(err)
    assert "did not note its end" in desk.run("status")


@pytest.mark.slow
def test_a_full_disk_is_told_as_such_afterwards(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=90"))
    process = desk.start("crawl", max_file_kb=1500)
    _, err = process.communicate(timeout=90)
    assert process.returncode == 1, err
    assert "archive.db can't be written" in _sentence(err)
    told = desk.run("status")
    assert "(finished)" not in told
    assert "(failed: " in told or "did not note its end" in told, told


@pytest.mark.slow
def test_a_crawl_that_stands_still_says_so_and_ends(site: Site, desk: Desk) -> None:
    site.post({"do": "delay", "host": "plain", "path": "/bulk/0", "seconds": HELD_S})
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=1"), timeout=HELD_S)
    _add(desk, '[daemon]\nstall_timeout = "10s"\nstop_timeout = "20s"')  # time for `status` between
    process = desk.start("crawl")
    wait_until(lambda: "/bulk/0" in paths(site.requests("plain")), process)
    wait_until(lambda: "no progress since" in desk.run("status", exit_code=None), process)
    assert "no progress since" in desk.run("status", "--check", exit_code=1)
    _, err = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 1, err
    assert "no progress since" in _sentence(err)
    assert "1 in flight, the oldest page:1 of s" in err
    assert str(desk.one("SELECT reason FROM runs")).startswith("failed: no progress since")
    assert desk.rows("SELECT state, attempts FROM entries") == [("owed", 0)]


@pytest.mark.slow
def test_a_stop_while_pages_are_chewed_keeps_its_bound(web: Web, desk: Desk) -> None:
    _offer(web, [chewed(n) for n in range(4)])
    desk.configure(web.source("/feed.xml"))
    _add(desk, '[daemon]\nstop_timeout = "2s"')
    process = desk.start("crawl")
    wait_until(lambda: _is_chewing(process.pid), process)
    children = _children(process.pid)
    begun = time.monotonic()
    _, err = stop(process)
    assert process.returncode == 130, err
    assert time.monotonic() - begun < 30, "290 s without the bound"
    assert "still in flight after 2 s" in err
    assert psutil.wait_procs(children, timeout=LIMIT_S)[1] == []
    assert desk.one("SELECT reason FROM runs") == "shutdown"
    assert {row[0] for row in desk.rows("SELECT state FROM entries")} == {"owed"}


@pytest.mark.slow
@pytest.mark.parametrize("fork_server_stopped", [False, True])
def test_a_killed_crawl_leaves_no_worker_at_its_page(
    web: Web, desk: Desk, *, fork_server_stopped: bool
) -> None:
    _offer(web, [chewed(n) for n in range(2)])
    desk.configure(web.source("/feed.xml"))
    process = desk.start("crawl")
    wait_until(lambda: _is_chewing(process.pid), process)
    children = _children(process.pid)
    servers = [child for child in children if child.children()]
    if fork_server_stopped:
        os.kill(servers[0].pid, signal.SIGSTOP)
    process.kill()
    process.communicate()
    _, alive = psutil.wait_procs(children, timeout=LIMIT_S)
    assert (len(children) >= 3, alive) == (True, [])
