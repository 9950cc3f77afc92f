"""Gaps, end to end: what a feed let go before we came is found elsewhere, or named."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.line.conftest import Desk, stop, wait_until
from tests.line.web import NOW, XML, Item, Web, article, rss

GAPS = "SELECT why, missing, found, healed IS NOT NULL FROM gaps"
ARCHIVED = "SELECT count(*) FROM entries WHERE state = 'archived'"
TELL = """\
import json, pathlib, sys
with pathlib.Path(sys.argv[1]).open("a") as file:
    file.write(json.dumps(json.load(sys.stdin)["changes"]) + "\\n")
"""


def items(web: Web, numbers: Sequence[int]) -> list[Item]:
    """News of every minute, number 80 the last; newest first."""
    ages = {number: timedelta(minutes=81 - number) for number in numbers}
    return [
        Item(url=web.url(f"/a/{number}"), title=f"News number {number}", age=ages[number])
        for number in sorted(numbers, reverse=True)
    ]


def publish(web: Web, numbers: Sequence[int], path: str = "/feed", pinned: str = "") -> None:
    """The feed lists these, in a window of its own; every one has its page."""
    for number in numbers:
        web.put(f"/a/{number}", article(number, f"News number {number}"))
    listed = items(web, numbers)
    if pinned:
        web.put("/pinned", article(99, "Welcome to our newsroom"))
        listed = [Item(url=web.url("/pinned"), title="Welcome", age=timedelta(days=9)), *listed]
    web.put(path, rss(listed).replace("<title>Feed</title>", f"<title>Feed</title>{pinned}"), XML)


def news_sitemap(web: Web, numbers: Sequence[int]) -> str:
    rows = "".join(
        f"<url><loc>{item.url}</loc><n:news><n:title>{item.title}</n:title>"
        f"<n:publication_date>{(NOW - item.age).isoformat()}</n:publication_date></n:news></url>"
        for item in items(web, numbers)
    )
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{rows}</urlset>'
    )


def test_a_gap_without_a_witness_is_named(desk: Desk, web: Web) -> None:
    desk.configure(web.source("/feed"))
    publish(web, range(1, 21))
    desk.crawl()
    publish(web, range(61, 81))
    said = desk.crawl()
    assert desk.one(ARCHIVED) == 40
    assert desk.rows(GAPS) == [("overflow", 40, 0, 0)]
    assert "s: gap: about 40 items missing between" in said
    assert "gap: about 40 items missing between" in desk.run("coverage").replace("\n", " ")
    found = json.loads(desk.run("coverage", "s", "--json"))
    assert [(gap["why"], gap["missing"], gap["healed"]) for gap in found["gaps"]] == [
        ("overflow", 40, None)
    ]
    sums = {name: sum(day[name] for day in found["days"]) for name in ("announced", "gaps")}
    assert sums == {"announced": 40, "gaps": 1}
    status = json.loads(desk.run("status", "--json"))["sources"][0]
    assert (status["gaps"], status["missing"]) == (1, 40)
    assert status["last_gap"].startswith("gap: about 40 items missing between")
    assert "gap: about 40 items" in desk.run("status")


def test_a_news_sitemap_heals_a_gap(desk: Desk, web: Web) -> None:
    desk.configure(web.source("/feed"))
    publish(web, range(1, 21))
    desk.crawl()
    publish(web, range(21, 61), path="/old")
    publish(web, range(61, 81))
    web.put("/news.xml", news_sitemap(web, range(1, 81)), XML)
    web.put(
        "/robots.txt", f"User-agent: *\nAllow: /\nSitemap: {web.url('/news.xml')}\n", "text/plain"
    )
    desk.crawl()
    assert desk.one(ARCHIVED) == 80
    assert desk.rows(GAPS) == [("overflow", 40, 40, 1)]
    assert desk.one("SELECT count(*) FROM health_changes") == 0
    assert desk.one("SELECT sum(gaps) FROM coverage") == 0


@pytest.mark.slow
def test_older_pages_of_a_feed_heal_a_gap(desk: Desk, web: Web) -> None:
    desk.configure(web.source("/feed", 'exclude = ["/a/4[0-9]$"]'))
    publish(web, range(1, 21))
    desk.crawl()
    for page, last in ((1, 80), (2, 60), (3, 40), (4, 20)):
        path = "/feed" if page == 1 else f"/feed/{page}"
        publish(web, range(last - 19, last + 1), path=path)
        link = f'<atom:link rel="next" href="/feed/{page + 1}"/>'
        body = web.pages[path].body.decode()
        web.put(path, body.replace("<title>Feed</title>", f"<title>Feed</title>{link}"), XML)
    desk.crawl()
    assert desk.one(ARCHIVED) == 70  # the rules hold for what is found, too
    assert desk.rows(GAPS) == [("overflow", 40, 40, 1)]
    assert [path for path in web.paths() if path.startswith("/feed/")] == [
        *("/feed/2", "/feed/3", "/feed/4")
    ]


@pytest.mark.slow
def test_a_witness_is_asked_before_robots_txt(desk: Desk, web: Web) -> None:
    desk.configure(web.source("/feed", f'witness = ["{web.url("/all.xml")}"]'))
    publish(web, range(1, 21))
    desk.crawl()
    publish(web, range(21, 61), path="/old")
    publish(web, range(61, 81))
    web.put("/all.xml", news_sitemap(web, range(1, 81)), XML)
    desk.crawl()
    assert desk.rows(GAPS) == [("overflow", 40, 40, 1)]


@pytest.mark.slow
def test_a_pinned_item_hides_no_gap(desk: Desk, web: Web) -> None:
    desk.configure(web.source("/feed", 'include = ["/nothing/"]'))
    publish(web, range(1, 21), pinned=" ")
    desk.crawl()
    publish(web, range(61, 81), pinned=" ")
    desk.crawl()
    assert desk.rows(GAPS) == [("overflow", 40, 0, 0)]


@pytest.mark.slow
def test_a_feed_of_one_item_has_no_window(desk: Desk, web: Web) -> None:
    desk.configure(web.source("/feed", 'include = ["/nothing/"]'))
    said = []
    for number in range(1, 6):
        publish(web, [number])
        said.append("no window" in desk.crawl())
    assert said == [True, False, False, False, False]
    assert desk.rows(GAPS) == []
    assert "no window: it lists fewer than 5 items at a time" in desk.run("coverage")


@pytest.mark.slow
def test_what_the_rules_drop_counts_as_listed(desk: Desk, web: Web) -> None:
    desk.configure(web.source("/feed", 'include = ["/a/(1|50|80)$"]'))
    publish(web, range(1, 61))
    desk.crawl()
    publish(web, range(21, 81))
    desk.crawl()
    assert desk.rows(GAPS) == []
    assert desk.one(ARCHIVED) == 3


def test_what_was_slept_over_is_a_gap_that_says_so(desk: Desk, web: Web) -> None:
    desk.configure(web.source("/feed", 'include = ["/nothing/"]'))
    publish(web, range(1, 21))
    desk.crawl()
    with closing(sqlite3.connect(desk.data / "archive.db")) as conn, conn:  # 8 hours ago
        for column in ("last_success", "next_due"):
            ago = f"strftime('%Y-%m-%dT%H:%M:%SZ', {column}, '-8 hours')"
            conn.execute(f"UPDATE sources SET {column} = {ago}")
    publish(web, range(61, 81))
    assert "when it was due and nobody visited it" in desk.crawl()
    assert desk.rows(GAPS) == [("asleep", 40, 0, 0)]


@pytest.mark.slow
def test_one_alert_tells_a_gap(desk: Desk, web: Web, tmp_path: Path) -> None:
    script, told = tmp_path / "tell.py", tmp_path / "told"
    script.write_text(TELL)
    command = json.dumps([sys.executable, str(script), str(told)])
    desk.configure(
        web.source("/feed", 'include = ["/nothing/"]', 'interval = "6h"'),
        crawl=f"[health]\ncommand = {command}",
    )
    publish(web, range(1, 21))
    desk.crawl()
    publish(web, range(61, 81))
    process = desk.start("daemon")
    desk_is_up = desk.data / "daemon.sock"
    wait_until(desk_is_up.exists, process)
    desk.crawl()
    wait_until(told.exists, process)
    desk.crawl()
    wait_until(lambda: desk.rows("SELECT told FROM health_changes WHERE told IS NOT NULL"))
    stop(process)
    changes = [json.loads(line) for line in told.read_text().splitlines()]
    assert [(c["source"], c["status"]) for change in changes for c in change] == [("s", "gap")]
    assert changes[0][0]["message"].startswith("Daily: gap: about 40 items missing between")
