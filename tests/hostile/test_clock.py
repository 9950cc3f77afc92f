"""One crawl by a clock that is years off, between two that are right (row 7 of the case list)."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from tests.line.conftest import Desk
from tests.line.identity.making import (
    EARLIER,
    Told,
    bare,
    let_pass,
    needs_clock,
    prose,
    put_feed,
    sentences,
    several_webs,
    story,
    toml,
)
from tests.line.web import Web

pytestmark = [needs_clock, pytest.mark.slow]

CLAIMED = f"{EARLIER:%Y-%m-%dT%H:%M:%SZ}"
HOURS = {"2,500 days behind": -2500 * 24, "3,500 days ahead": 3500 * 24}
EACH = 3  # articles of a host


def _publish(web: Web, host: int, count: int) -> str:
    """Stories whose pages tell their date, of which the feed alone tells, and none at all."""
    told = []
    for n in range(count):
        number = 200 + 10 * host + n
        title, body = f"Port {number} grows", prose(sentences("en", number))
        page = story(title, body) if n % 2 else bare(title, body)
        link = web.put(f"/a/{number}", page)
        told.append(Told(title=title, link=link, guid=str(number)))
    put_feed(web, "rss", *told)
    return toml(f"s{host}", web.url("/feed"))


def _dates(desk: Desk) -> set[object]:
    return {published for (published,) in desk.rows("SELECT published FROM articles")}


def _pages(desk: Desk) -> int:
    with closing(sqlite3.connect(desk.data / "pages.db")) as conn:
        return int(conn.execute("SELECT count(*) FROM pages").fetchone()[0])


@pytest.mark.parametrize("how", HOURS)
def test_claims_and_pages_outlive_it_and_the_next_crawl_is_complete(desk: Desk, how: str) -> None:
    with several_webs(6) as webs:
        desk.configure(*(_publish(web, n, 1) for n, web in enumerate(webs)))
        desk.crawl()
        for n, web in enumerate(webs):
            _publish(web, n, EACH)
        late = webs[0].refuse("/a/202", 503)
        let_pass(desk, HOURS[how])
        said = desk.crawl(exit_code=None)
        assert _pages(desk) == 6 + 6 * (EACH - 1) - 1
        status = desk.run("status")
        report = json.loads(desk.run("status", "--json"))
        let_pass(desk, -HOURS[how] + 1)
        assert webs[0].url("/a/202") == late
        _publish(webs[0], 0, EACH)
        desk.crawl()
    assert said.count(f"this machine's clock is {how}, as ") == 1
    assert f"This machine's clock was {how} in that run" in status
    assert abs(report["last_run"]["clock_s"] + HOURS[how] * 3600) < 60
    assert desk.one("SELECT count(*) FROM articles") == 6 * EACH
    assert _dates(desk) == {CLAIMED}
    assert desk.rows("SELECT state, count(*) FROM entries GROUP BY 1") == [("archived", 6 * EACH)]
    assert desk.rows("SELECT why FROM gaps") == []
    assert _pages(desk) >= 6 * EACH


@pytest.mark.parametrize("how", HOURS)
def test_the_first_crawl_of_all_may_be_by_it(desk: Desk, how: str) -> None:
    with several_webs(6) as webs:
        desk.configure(*(_publish(web, n, EACH) for n, web in enumerate(webs)))
        let_pass(desk, HOURS[how])
        desk.crawl(exit_code=None)
        let_pass(desk, -HOURS[how])
        desk.crawl()
        assert desk.one("SELECT count(*) FROM articles") == 6 * EACH
        assert _dates(desk) == {CLAIMED}
        assert _pages(desk) >= 6 * EACH
        desk.run("verify")
