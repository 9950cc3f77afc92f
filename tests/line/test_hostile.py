"""What a hostile site tries against the crawl as a whole: it ends, and the others are archived."""

from __future__ import annotations

import gzip
from itertools import pairwise

import pytest

from tests.line.conftest import Desk, feed
from tests.line.web import Item, Web, article, rss
from tests.site.process import Site


def test_an_address_longer_than_scrapy_likes_ends_with_a_reason(web: Web, desk: Desk) -> None:
    links = [web.put("/good", article(1)), web.url("/long?q=" + "a" * 3000)]
    web.put("/feed.xml", rss([Item(url=link) for link in links]), "text/xml")
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    assert desk.rows("SELECT state, reason FROM entries ORDER BY length(url)") == [
        ("archived", "new"),
        ("owed", "HTTP 404"),
    ]


@pytest.mark.slow
def test_headers_without_end_cost_their_page_only(site: Site, web: Web, desk: Desk) -> None:
    odd = site.url("plain", "/odd/endless-headers")
    good = web.put("/good", article(2))
    web.put("/feed.xml", rss([Item(url=odd), Item(url=good)]), "text/xml")
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    assert desk.one("SELECT count(*) FROM articles") == 1
    assert desk.one("SELECT attempts FROM entries WHERE state = 'owed'") == 1


def test_a_crawl_delay_that_is_no_number_ends_no_delay(site: Site, desk: Desk) -> None:
    site.post({"do": "robots", "host": "plain", "text": "User-agent: *\nCrawl-delay: nan\n"})
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=3"), delay=0.3)
    desk.crawl()
    times = [float(request["monotonic"]) for request in site.requests("plain")]
    assert min(b - a for a, b in pairwise(times)) >= 0.28


def test_a_robots_txt_of_eleven_megabytes_is_read_to_its_limit(web: Web, desk: Desk) -> None:
    rules = "".join(f"Disallow: /never/{n}\n" for n in range(500_000))
    web.put("/robots.txt", f"User-agent: *\nDisallow: /private/\n{rules}", "text/plain")
    links = [web.put("/good", article(6)), web.put("/private/1", article(7))]
    web.put("/feed.xml", rss([Item(url=link) for link in links]), "text/xml")
    desk.configure(web.source("/feed.xml"))
    output = desk.crawl()
    assert f"{web.url('/robots.txt')} is over 500 KB" in output
    assert desk.rows("SELECT state FROM entries ORDER BY url") == [("archived",), ("forbidden",)]
    assert "/private/1" not in web.paths()


def test_a_robots_txt_that_only_decompresses_without_end_allows_nothing(
    web: Web, desk: Desk
) -> None:
    bomb = gzip.compress(b"User-agent: *\nDisallow: /private/\n# " + bytes(11_000_000), 1)
    web.put("/robots.txt", bomb, "text/plain", **{"Content-Encoding": "gzip"})
    web.put("/feed.xml", rss([Item(url=web.put("/good", article(6)))]), "text/xml")
    desk.configure(web.source("/feed.xml"))
    output = desk.crawl(exit_code=3)
    why = "too large: compressed, and over [crawl] max_page_mb"
    assert f"{web.url('/robots.txt')} can't be read: {why}" in output
    error = desk.one("SELECT error FROM visits")
    assert error == f"robots.txt can't be read: {web.url('/robots.txt')}: {why}"
    assert web.paths() == []


def test_control_characters_cost_no_article(web: Web, desk: Desk) -> None:
    page = article(3, "Copper \x07 falls\x00 in Osaka").replace("</p>", " &#27;[2J\x1b[31m</p>", 1)
    link = web.put("/a/3", page)
    web.put("/feed.xml", rss([Item(url=link)]), "text/xml")
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    assert desk.rows("SELECT title FROM articles") == [("Copper falls in Osaka",)]
    assert "\x1b" not in str(desk.one("SELECT text FROM articles"))


def test_text_is_not_filed_under_another_outlets_address(
    web: Web, other_web: Web, desk: Desk
) -> None:
    victim = other_web.put("/story", article(4, "The victim's own story"))
    other_web.put("/feed.xml", rss([Item(url=victim)]), "text/xml")
    page = article(5, "The impostor's text")
    claim = (
        f'<head><link rel="canonical" href="{victim}"><meta property="og:url" content="{victim}">'
    )
    evil = web.put("/a", page.replace("<head>", claim, 1))
    web.put("/feed.xml", rss([Item(url=evil)]), "text/xml")
    desk.configure(
        web.source("/feed.xml", id="evil", name="Evil"), other_web.source("/feed.xml", id="v")
    )
    desk.crawl()
    desk.crawl("--retry")
    assert dict(desk.rows("SELECT url, title FROM articles")) == {
        victim: "The victim's own story",
        evil: "The impostor's text",
    }
