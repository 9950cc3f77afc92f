"""The crawl is killed at any moment, or stopped; nothing is lost and nothing doubled."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter

import psutil
import pytest

from tests.line.conftest import HELD_S, LIMIT_S, Desk, feed, paths, wait_until
from tests.line.processes import commands_below
from tests.site.process import Site

ARTICLES = 300


def _articles(desk: Desk) -> int:
    return int(desk.one("SELECT count(*) FROM articles") or 0)


def _fetched_pages(site: Site) -> Counter[str]:
    asked = paths(site.requests("plain", "/bulk/"))
    return Counter(p for p in asked if p.removeprefix("/bulk/").isdigit())


def _assert_whole(desk: Desk, count: int) -> None:
    assert desk.one("SELECT count(*) FROM articles") == count
    assert desk.one("SELECT count(DISTINCT url) FROM articles") == count
    assert len(desk.files()) == count
    assert desk.rows("SELECT state, count(*) FROM entries GROUP BY state") == [("archived", count)]
    assert desk.one("PRAGMA integrity_check") == "ok"
    assert desk.one("SELECT count(*) FROM files WHERE wanted_hash IS NOT written_hash") == 0


def _kill_often(site: Site, desk: Desk, *, articles: int, kills: int) -> None:
    """Kill -9 at a random number of articles further, restart, until all are there."""
    rng = random.Random(20211209)
    for _ in range(kills):
        process = desk.start("crawl")
        goal = _articles(desk) + rng.randint(0, articles // (kills + 4))
        wait_until(lambda goal=goal: _articles(desk) >= goal, process)
        time.sleep(rng.random() * 0.05)  # not a wait: the moment of the kill is the random input
        process.kill()
        process.communicate()
    desk.crawl()
    _assert_whole(desk, articles)
    again = sum(count - 1 for count in _fetched_pages(site).values())
    assert again <= kills * 4, "a page is fetched again only if it was in flight at a kill"


@pytest.mark.slow
def test_a_crawl_killed_three_times_loses_and_doubles_nothing(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=60"))
    _kill_often(site, desk, articles=60, kills=3)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_crawl_killed_twenty_times_loses_and_doubles_nothing(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", f"/bulk/feed.xml?n={ARTICLES}"))
    _kill_often(site, desk, articles=ARTICLES, kills=20)


def test_a_kill_between_announcement_and_save_loses_nothing_of_a_full_text_feed(
    site: Site, desk: Desk
) -> None:
    desk.configure(
        feed(site, "plain", "/bulk/feed.xml?n=8&full=1", "s", 'full_content = "page"'), timeout=30
    )
    for number in range(8):
        site.post({"do": "delay", "host": "plain", "path": f"/bulk/{number}", "seconds": HELD_S})
    process = desk.start("crawl")
    wait_until(lambda: desk.one("SELECT count(*) FROM entries") == 8, process)
    process.kill()
    process.communicate()
    assert _articles(desk) == 0
    desk.config.write_text(desk.config.read_text().replace('"page"', '"feed"'))
    desk.crawl()
    assert desk.one("SELECT status FROM visits ORDER BY id DESC") == 304
    _assert_whole(desk, 8)


def test_ctrl_c_stores_what_is_in_flight_and_says_what_is_owed(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=100"), delay=0.2)
    process = desk.start("crawl")
    wait_until(lambda: _articles(desk) >= 3, process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 130, out + err
    owed = desk.one("SELECT count(*) FROM entries WHERE state = 'owed'")
    assert 0 < owed < 100
    assert f"{owed} entries are still owed" in out
    assert desk.one("SELECT reason FROM runs") == "shutdown"
    assert len(desk.files()) == _articles(desk) == 100 - owed


@pytest.mark.slow
def test_a_crawl_whose_reader_went_away_ends_as_by_ctrl_c(site: Site, desk: Desk) -> None:
    """Its next line has nowhere to go, as after `broadsheet crawl 2>&1 | head -1`."""
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=90"), delay=0.5)
    process = desk.start("crawl")
    assert process.stdout is not None
    assert process.stderr is not None
    wait_until(lambda: _articles(desk) >= 1, process)
    process.stdout.close()
    process.stderr.close()
    assert process.wait(timeout=40) == 1
    owed = desk.one("SELECT count(*) FROM entries WHERE state = 'owed'")
    assert 0 < owed < 90
    assert desk.one("SELECT reason FROM runs") == "failed: nobody reads its output any more"
    assert len(desk.files()) == _articles(desk) == 90 - owed


def test_a_killed_crawl_leaves_no_process_behind(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=40"))
    process = desk.start("crawl")
    wait_until(lambda: _articles(desk) >= 2, process)
    children = psutil.Process(process.pid).children(recursive=True)
    assert children
    process.kill()
    process.communicate()
    _, alive = psutil.wait_procs(children, timeout=LIMIT_S)
    assert alive == []


@pytest.mark.slow
def test_a_killed_worker_costs_no_article(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=40"), crawl='retry = ["1s"]')
    process = desk.start("crawl")
    wait_until(lambda: _articles(desk) >= 5, process)
    for child, words in commands_below(process.pid):
        if child.children() == [] and "forkserver" in " ".join(words):
            child.kill()
    out, err = process.communicate(timeout=LIMIT_S)
    desk.run("retry", exit_code=None)
    desk.crawl("--retry")
    assert _articles(desk) == 40, out + err


def test_a_full_disk_stops_the_crawl_and_loses_nothing(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=40"))
    process = desk.start("crawl", max_file_kb=400)
    out, err = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 1, out + err
    assert "archive.db can't be written" in err
    before = _articles(desk)
    assert before < 40
    assert len(_fetched_pages(site)) <= before + 8, "it stops, instead of asking on and on"
    desk.crawl()
    _assert_whole(desk, 40)


def test_a_second_process_is_told_who_holds_the_archive(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=30"), delay=0.5)
    process = desk.start("crawl")
    wait_until(lambda: _articles(desk) >= 1, process)
    output = desk.crawl(exit_code=4)
    process.kill()
    process.communicate()
    assert f"pid {process.pid} (broadsheet crawl)" in output
