"""The life of sources, end to end: moved, gone, turned into something else, silent network."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.line.conftest import Desk, stop, wait_until
from tests.line.web import HTML, XML, Item, Reply, Web, article, rss, running_web

pytestmark = pytest.mark.slow

EVERY_SECOND = 'interval = "1s"'


def _status(desk: Desk, source_id: str) -> tuple[object, ...]:
    found = desk.rows("SELECT status, status_reason FROM sources WHERE id = ?", source_id)
    return found[0] if found else ()


def test_what_becomes_of_sources_is_seen_while_the_daemon_runs(desk: Desk, web: Web) -> None:
    page = web.put("/1", article(1))
    new = web.put("/new.xml", rss([Item(url=page)]), XML)
    web.refuse("/old.xml", 301, Location=new)
    web.refuse("/gone.xml", 410)
    web.put("/html.xml", rss([]), XML)
    desk.configure(
        web.source("/old.xml", EVERY_SECOND, id="moved"),
        web.source("/gone.xml", EVERY_SECOND, id="gone"),
        web.source("/html.xml", EVERY_SECOND, id="html"),
    )
    process = desk.start("daemon")
    wait_until(lambda: web.paths().count("/html.xml") == 1, process)
    web.put("/html.xml", "<!DOCTYPE html><html><body><h1>Our feeds are no more</h1></body>", HTML)
    wait_until(lambda: _status(desk, "moved")[:1] == ("moved",), process)
    wait_until(lambda: _status(desk, "html")[:1] == ("failing",), process)
    stop(process)
    assert _status(desk, "moved")[1] == f"moved to {new} for good: change url in the config"
    assert desk.one("SELECT moved_to FROM sources WHERE id = 'moved'") == new
    assert web.paths().count("/old.xml") >= 3  # asked at its old address all the while
    assert _status(desk, "gone") == ("gone", "HTTP 410: its publisher took it down for good")
    assert web.paths().count("/gone.xml") == 1
    assert desk.one("SELECT next_due FROM sources WHERE id = 'gone'") is None


def test_a_source_that_is_gone_is_visited_when_it_is_named(desk: Desk, web: Web) -> None:
    web.refuse("/gone.xml", 410)
    desk.configure(web.source("/gone.xml"))
    desk.crawl("s", exit_code=3)
    web.put("/gone.xml", rss([]), XML)
    desk.crawl("s")
    assert _status(desk, "s") == ("ok", None)


def test_a_failure_is_logged_once_in_our_own_words(desk: Desk, web: Web) -> None:
    page = web.refuse("/1", 500)
    web.put("/feed.xml", rss([Item(url=page)]), XML)
    desk.configure(web.source("/feed.xml"), web.source("/busy.xml", id="busy"))
    web.refuse("/busy.xml", 502)
    lines = desk.crawl(exit_code=3).splitlines()
    logged = [line.partition(" ")[2] for line in lines if " crawler." in line or " scrapy." in line]
    assert sorted(line for line in logged if "HTTP 50" in line or "ERROR" in line) == [
        f"INFO crawler.fetch.house.page_ends: owed {page}: HTTP 500",
        "INFO crawler.fetch.house.visit_ends: busy was not read: HTTP 502",
    ]


def test_manners_hold_after_a_redirect_and_after_a_refusal(
    desk: Desk, web: Web, other_web: Web
) -> None:
    web.put("/robots.txt", "User-agent: *\nDisallow: /private/\n", "text/plain")
    web.put("/private/1", article(1))
    web.refuse("/go", 302, Location=web.url("/private/1"))
    web.put("/feed.xml", rss([Item(url=web.url("/go"))]), XML)
    busy = {"Retry-After": "1800"}
    other_web.pages["/busy.xml"] = Reply(status=429, headers=busy)
    desk.configure(web.source("/feed.xml"), other_web.source("/busy.xml", id="busy"))
    desk.crawl(exit_code=3)
    assert "/private/1" not in web.paths()
    assert desk.rows("SELECT state, reason FROM entries") == [
        ("forbidden", "forbidden by robots.txt")
    ]
    failures, due, at = desk.rows(
        "SELECT failures, next_due, at FROM sources JOIN visits ON source_id = sources.id"
        " WHERE sources.id = 'busy'"
    )[0]
    pause = datetime.fromisoformat(str(due)) - datetime.fromisoformat(str(at))
    assert (failures, pause.total_seconds() >= 1800) == (0.5, True)


@pytest.mark.slow
def test_nobody_is_blamed_while_our_own_network_is_down(desk: Desk) -> None:
    with running_web() as web, running_web("127.0.0.2") as other:
        ports = [int(site.base.rpartition(":")[2]) for site in (web, other)]
        for site in (web, other):
            site.put("/feed.xml", rss([]), XML)
        desk.configure(
            web.source("/feed.xml", EVERY_SECOND, id="a"),
            other.source("/feed.xml", EVERY_SECOND, id="b"),
        )
        process = desk.start("daemon")
        wait_until(lambda: web.paths() and other.paths(), process)
    wait_until(lambda: desk.one("SELECT count(*) FROM visits WHERE error IS NOT NULL"), process)
    with running_web("127.0.0.1", ports[0]) as web, running_web("127.0.0.2", ports[1]) as other:
        for site in (web, other):
            site.put("/feed.xml", rss([]), XML)
        wait_until(lambda: web.paths() and other.paths(), process)
        _, log = stop(process)
    assert "our own network seems to be down" in log
    assert "the network is back" in log
    assert desk.rows("SELECT DISTINCT status, failures FROM sources") == [("ok", 0.0)]
    assert desk.rows("SELECT why, ended >= started FROM absences") == [("outage", 1)]
    assert desk.rows("SELECT * FROM health_changes") == []
