"""What a site puts into every article is learned, and left out from then on."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.line.conftest import Desk
from tests.line.web import NOW, Item, Web, article, rss

pytestmark = pytest.mark.slow

OFFER = "Harbour Post readers get the evening letter for one dollar a week"
BOX = f'<p>{OFFER}</p><p><img src="/img/letter-box.png" width="600"></p>'
# the first two pages are visited before the third, and that before the fourth
VISITS = ((1, 2), (3,), (4,))


def page(web: Web, number: int) -> str:
    """An article with the site's box between its third paragraph and its fourth."""
    written = article(number)
    at = written.find("<p>", written.find("</p>", written.find("</p>", 0) + 1) + 1)
    return web.put(f"/story/{number}", written[:at] + BOX + written[at:])


def crawl_in_order(web: Web, desk: Desk, *rules: str) -> None:
    desk.configure(web.source("/feed.xml", *rules))
    items: list[Item] = []
    for visit in VISITS:
        items += [Item(url=page(web, number)) for number in visit]
        web.put("/feed.xml", rss(items))
        desk.crawl()


def with_offer(desk: Desk) -> list[object]:
    found = desk.rows("SELECT url FROM articles WHERE instr(text, ?) ORDER BY url", OFFER)
    return [str(url)[-1] for (url,) in found]


def test_the_fourth_article_is_archived_without_the_site_s_box(web: Web, desk: Desk) -> None:
    crawl_in_order(web, desk)
    assert with_offer(desk) == ["1", "2", "3"]
    fourth = "SELECT markdown FROM articles WHERE url LIKE '%/4'"
    assert "letter-box" not in str(desk.one(fourth))
    assert OFFER not in str(desk.one(fourth))
    first = "SELECT markdown FROM articles WHERE url LIKE '%/1'"
    assert "letter-box" in str(desk.one(first))
    assert len(desk.files()) == 4


def test_sources_show_lists_what_was_learned(web: Web, desk: Desk) -> None:
    crawl_in_order(web, desk)
    shown = json.loads(desk.run("sources", "show", "s", "--json"))["learned"]
    box = web.url("/img/letter-box.png")
    assert [(row["kind"], row["line"], row["articles"]) for row in shown] == [
        ("line", OFFER, 4),
        ("image", box, 4),
    ]
    assert shown[0]["last_seen"][:10] >= f"{NOW:%Y-%m-%d}"
    assert f"{OFFER[:60]}…" in desk.run("sources", "show", "s")


@pytest.mark.slow
def test_a_second_look_at_an_earlier_article_is_no_revision(web: Web, desk: Desk) -> None:
    crawl_in_order(web, desk)
    later = (NOW + timedelta(hours=2)).isoformat()
    web.put("/feed.xml", rss([Item(url=web.url("/story/1"), updated=later)]))
    assert len([p for p in web.paths() if p == "/story/1"]) == 1
    desk.crawl()
    desk.crawl("--retry")
    assert len([p for p in web.paths() if p == "/story/1"]) >= 2
    assert desk.one("SELECT max(revision) FROM articles") == 1
    assert with_offer(desk) == ["1", "2", "3"]


def test_a_line_that_the_user_keeps_stays(web: Web, desk: Desk) -> None:
    crawl_in_order(web, desk, "[source.body]", 'keep = ["evening letter"]')
    assert with_offer(desk) == ["1", "2", "3", "4"]


@pytest.mark.slow
def test_a_source_may_be_told_not_to_learn(web: Web, desk: Desk) -> None:
    crawl_in_order(web, desk, "[source.body]", "learn = false")
    assert with_offer(desk) == ["1", "2", "3", "4"]
    assert desk.one("SELECT count(*) FROM outlet_lines") == 0
