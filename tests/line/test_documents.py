"""Documents as servers send them: in parts, short of their length, with links meant elsewhere."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace

import pytest

from tests.hostile.raw import running_raw
from tests.line.conftest import Desk
from tests.line.web import XML, Item, Web, article, paragraphs, rss
from tests.site.bulk import article_text

pytestmark = pytest.mark.slow


def titled(number: int) -> str:
    return article_text(number)[0]


def in_parts(web: Web, stem: str, count: int, *, first: int = 1) -> None:
    """Serve an article in parts: stem.html, stem_2.html, …"""
    for part in range(1, count + 1):
        following = f'<a href="{stem.rpartition("/")[2]}_{part + 1}.html">下一页</a>'
        page = (
            f'<!DOCTYPE html><html lang="en"><head><title>{titled(first)}</title></head><body>'
            f"<article><h1>{titled(first)}</h1>{paragraphs(first + part, 12)}</article>"
            f"{following if part < count else ''}</body></html>"
        )
        web.put(f"{stem}.html" if part == 1 else f"{stem}_{part}.html", page)


@pytest.mark.parametrize("query", ["utm_source=rss", "spm=a2.1&from=rss", "mod=rss&ftag=x"])
def test_parts_of_an_article_announced_with_tracking_parameters_are_joined(
    web: Web, desk: Desk, query: str
) -> None:
    in_parts(web, "/n/a1", 3)
    web.pages[f"/n/a1.html?{query}"] = web.pages["/n/a1.html"]
    web.put("/feed.xml", rss([Item(url=web.url(f"/n/a1.html?{query}"), title=titled(1))]), XML)
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    (text,) = desk.rows("SELECT text FROM articles")[0]
    assert [article_text(part, 12)[1][0] in text for part in (2, 3, 4)] == [True, True, True]
    assert desk.one("SELECT count(*) FROM articles") == 1


def test_an_answer_shorter_than_its_length_is_taken_when_it_comes_whole_twice(
    web: Web, desk: Desk
) -> None:
    whole = web.put("/a/1", article(1))
    web.pages["/a/1"] = replace(web.pages["/a/1"], missing=512)
    half = web.put("/a/2", article(2)[:-600])
    web.pages["/a/2"] = replace(web.pages["/a/2"], missing=600)
    web.put("/feed.xml", rss([Item(url=whole), Item(url=half)]), XML)
    web.pages["/feed.xml"] = replace(web.pages["/feed.xml"], missing=7)
    desk.configure(web.source("/feed.xml"))
    output = desk.crawl()
    assert desk.rows("SELECT url, state, coalesce(reason, '') FROM entries ORDER BY id") == [
        (whole, "archived", "new"),
        (half, "owed", "answer cut short"),
    ]
    told = desk.one("SELECT json_extract(evidence, '$.page') FROM articles")
    assert told == "shorter than its Content-Length, but complete, and the same twice"
    assert web.paths().count("/a/1") == 2
    assert f"{whole} is shorter than its Content-Length: the same twice, read" in output


@pytest.mark.parametrize("missing", [0, 20])
def test_a_packed_answer_without_a_length_is_taken_when_it_is_whole(
    desk: Desk, missing: int
) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nConnection: close\r\n"
    packed = gzip.compress(article(1).encode(), mtime=0)
    page = head % b"text/html" + b"Content-Encoding: gzip\r\n\r\n" + packed[: len(packed) - missing]
    listed: list[bytes] = []
    with running_raw({"/a": lambda: iter([page]), "/feed": lambda: iter(listed)}) as base:
        feed = rss([Item(url=f"{base}/a")]).encode()
        listed.append(head % b"text/xml" + b"\r\n" + feed)
        desk.configure(f'id = "s"\nname = "S"\nurl = "{base}/feed"')
        desk.crawl()
    expected = ("owed", "answer cut short") if missing else ("archived", "new")
    assert desk.rows("SELECT state, reason FROM entries") == [expected]


def test_an_answer_that_ends_elsewhere_each_time_is_not_taken(web: Web, desk: Desk) -> None:
    url = web.put("/a/1", article(1))
    web.pages["/a/1"] = replace(web.pages["/a/1"], missing=512)
    web.put("/feed.xml", rss([Item(url=url)]), XML)
    web.vary("/a/1", lambda body, count: body + b"<!-- %d -->" % count)
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    assert desk.rows("SELECT state, reason FROM entries") == [("owed", "answer cut short")]


def test_relative_links_are_of_the_site_and_else_of_the_feeds_host(
    web: Web, other_web: Web, desk: Desk
) -> None:
    web.put("/n/1", article(1))
    other_web.put("/n/2", article(2))
    items = "".join(
        f"<item><title>{titled(n)}</title><link>/n/{n}</link></item>" for n in (1, 2, 3)
    )
    head = f"<title>Feed</title><link>{web.url('/')}</link>"
    other_web.put("/feed.xml", f'<rss version="2.0"><channel>{head}{items}</channel></rss>', XML)
    desk.configure(other_web.source("/feed.xml"))
    desk.crawl()
    assert desk.rows("SELECT url FROM articles ORDER BY url") == [
        (web.url("/n/1"),),
        (other_web.url("/n/2"),),
    ]
    assert desk.rows("SELECT url, state, reason FROM entries WHERE article_id IS NULL") == [
        (web.url("/n/3"), "owed", "HTTP 404")
    ]


def test_flash_news_bears_the_feeds_title_where_the_page_has_only_the_sites_name(
    web: Web, desk: Desk
) -> None:
    text = article_text(4, 12)[1]
    body = "".join(f"<p>{line}</p>" for line in (f"{titled(4)}. {text[0]}", *text[1:]))
    page = f"<html lang=en><head><title>Wire of the Day</title></head><body><div>{body}</div>"
    url = web.put("/flash/1", f"{page}</body></html>")
    web.put("/feed.xml", rss([Item(url=url, title=titled(4))]), XML)
    desk.configure(web.source("/feed.xml", name="Flash"))
    desk.crawl()
    assert desk.rows("SELECT title, json_extract(evidence, '$.title') FROM articles") == [
        (titled(4), "feed")
    ]


def paged(web: Web, form: str) -> str:
    """Serve a feed of three pages, two items each; the path of its first."""
    for number in (1, 2, 3):
        items = [2 * number - 1, 2 * number]
        for n in items:
            web.put(f"/n/{n}", article(n))
        following = f"/feed-{number + 1}" if number < 3 else ""
        if form == "json":
            web.put(
                f"/feed-{number}",
                json.dumps(
                    {
                        "version": "https://jsonfeed.org/version/1.1",
                        "title": "Feed",
                        "items": [{"id": str(n), "url": f"/n/{n}"} for n in items],
                        **({"next_url": following} if following else {}),
                    }
                ),
                "application/feed+json",
            )
            continue
        link = f'<atom:link rel="next" href="{following}"/>' if following else ""
        rows = rss([Item(url=web.url(f"/n/{n}")) for n in items])
        web.put(f"/feed-{number}", rows.replace("<title>Feed", f"{link}<title>Feed"), XML)
    return "/feed-1"


@pytest.mark.parametrize("form", ["rss", "json"])
def test_a_paged_feed_is_read_as_far_as_pages_says(web: Web, desk: Desk, form: str) -> None:
    path = paged(web, form)
    desk.configure(web.source(path, "pages = 3"))
    desk.crawl()
    assert desk.one("SELECT count(*) FROM articles") == 6
    assert [p for p in web.paths() if p.startswith("/feed")] == ["/feed-1", "/feed-2", "/feed-3"]


def test_a_paged_feed_without_pages_is_read_by_its_first_page(web: Web, desk: Desk) -> None:
    desk.configure(web.source(paged(web, "rss")))
    desk.crawl()
    assert desk.one("SELECT count(*) FROM articles") == 2


def test_an_item_without_date_but_yesterday_is_dated_by_the_visit(web: Web, desk: Desk) -> None:
    title = titled(7)
    url = web.put(
        "/n/7", f"<html lang=en><title>{title}</title><body><h1>{title}</h1>{paragraphs(7)}"
    )
    listing = f'<ul><li><a href="{url}">{title}</a> <i>yesterday 09:30</i></li></ul>'
    web.put("/list", f"<html><body>{listing}</body></html>")
    rules = '[source.list]\nitems = "li"\nlink = "a"\ndate = "i"'
    desk.configure(web.source("/list", 'kind = "listing"', 'timezone = "Asia/Shanghai"', rules))
    desk.crawl()
    hour, origin = desk.rows("SELECT substr(published, 12), published_from FROM articles")[0]
    assert (hour, origin) == ("01:30:00Z", "feed")


def test_what_is_less_sure_than_the_user_wants_is_held_with_the_evidence(
    web: Web, desk: Desk
) -> None:
    url = web.put("/n/8", article(8))
    web.put("/feed.xml", rss([Item(url=url)]), XML)
    desk.configure(web.source("/feed.xml"), crawl="hold_below = 1.0")
    desk.crawl()
    confidence, why = desk.rows("SELECT confidence, held FROM articles")[0]
    assert 0.5 < confidence < 1.0
    assert str(why).startswith(f"not sure enough: {confidence:.3g}, below 1: ")
    assert desk.files() == []
    (hold,) = json.loads(desk.run("held", "list", "--json"))
    assert (hold["url"], hold["reason"]) == (url, why)
    assert f"confidence {confidence}" in desk.run("show", "1")
    assert "1 article shown again" in desk.run("held", "release", str(hold["id"]))
    assert len(desk.files()) == 1
    assert f"held: not sure enough: {confidence:.3g}" not in desk.run(
        "scrapy", "crawl", "page", "-a", f"url={url}"
    )
    other = web.put("/n/9", article(9))
    told = desk.run("scrapy", "crawl", "page", "-a", f"url={other}")
    assert "confidence: 0." in told
    assert "held: not sure enough: 0." in told
