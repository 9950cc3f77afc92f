"""Feeds that carry the whole text: when the item is the article, and when it may stand in."""

from __future__ import annotations

import pytest

from tests.line.conftest import Desk, feed
from tests.line.web import Item, Web, article, paragraphs, rss
from tests.site.process import Site

_PAYWALL = (
    '<html><head><script type="application/ld+json">{"@type": "NewsArticle", "headline":'
    ' "Members first", "isAccessibleForFree": false}</script></head><body><article>'
    "<h1>Members first</h1><p>The opening sentence of a story that few may read…</p>"
    '<div class="paywall"><p>Subscribe to continue reading.</p></div></article></body></html>'
)


def test_a_full_content_feed_never_asks_for_its_pages(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=3&full=1", "s", 'full_content = "feed"'))
    desk.crawl()
    asked = [request["path"] for request in site.requests("plain")]
    assert sorted(asked) == ["/bulk/feed.xml?n=3&full=1", "/robots.txt"]
    texts = [text for (text,) in desk.rows("SELECT text FROM articles ORDER BY url")]
    assert [text.split(" shows")[0] for text in texts] == ["Filing 0", "Filing 1", "Filing 2"]
    assert len(desk.files()) == 3


def test_the_feeds_text_stands_in_for_a_page_that_its_own_site_withholds(
    web: Web, other_web: Web, desk: Desk
) -> None:
    walled = web.put("/walled", _PAYWALL)
    forbidden, gone = web.refuse("/forbidden", 403), web.refuse("/gone", 410)
    short = web.refuse("/short", 403)
    foreign = other_web.refuse("/foreign", 403)
    open_page = web.put("/open", article(6))
    items = [
        Item(url=url, title=f"Story {number}", content=paragraphs(number))
        for number, url in enumerate((walled, forbidden, gone, foreign, open_page), start=1)
    ]
    items.append(Item(url=short, title="Short", content="<p>Only a teaser of the story.</p>"))
    web.put("/feed.xml", rss(items))
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    texts = dict(desk.rows("SELECT url, substr(text, 1, 8) FROM articles"))
    assert texts == {
        walled: "Filing 1",
        forbidden: "Filing 2",
        gone: "Filing 3",
        open_page: "Filing 6",  # the page's own text goes before the feed's
    }
    assert desk.rows("SELECT paywalled FROM articles WHERE url = ?", walled) == [(1,)]
    assert desk.rows("SELECT url, state, reason FROM entries WHERE article_id IS NULL") == [
        (foreign, "forbidden", "HTTP 403"),
        (short, "forbidden", "HTTP 403"),
    ]


def test_nothing_stands_in_where_the_page_alone_may_speak(web: Web, desk: Desk) -> None:
    walled, forbidden = web.put("/walled", _PAYWALL), web.refuse("/forbidden", 403)
    items = [Item(url=url, content=paragraphs(n)) for n, url in enumerate((walled, forbidden))]
    web.put("/feed.xml", rss(items))
    desk.configure(web.source("/feed.xml", 'full_content = "page"'))
    desk.crawl()
    assert desk.one("SELECT count(*) FROM articles") == 0
    ended = dict(desk.rows("SELECT url, state FROM entries"))
    assert ended == {walled: "rejected", forbidden: "forbidden"}


@pytest.mark.parametrize("platform", ["github.io", "substack.com"])
def test_one_tenant_of_a_platform_never_speaks_for_another(
    web: Web, desk: Desk, platform: str
) -> None:
    evil, victim = f"http://evil.{platform}", f"http://victim.{platform}"
    story, filed = f"{victim}/p/1", f"https://victim.{platform}/p/1"
    forged = Item(url=story, title="Bank fails", content=paragraphs(1))
    web.put(f"{evil}/feed", rss([forged]))  # a proxy is asked for whole addresses
    web.put(f"{victim}/feed", rss([Item(url=story, title="Bank holds", content=paragraphs(2))]))
    web.put(story, _PAYWALL)
    desk.configure(
        f'id = "evil"\nname = "Evil"\nurl = "{evil}/feed"',
        f'id = "victim"\nname = "Victim"\nurl = "{victim}/feed"',
    )
    config = desk.config.read_text().replace("[crawl]", f'[crawl]\nproxy = "{web.base}"')
    desk.config.write_text(config)
    desk.crawl("evil")
    assert desk.rows("SELECT state, article_id FROM entries") == [("rejected", None)]
    desk.crawl("victim")
    assert web.paths().count(story) == 2
    held = desk.rows("SELECT url, source_id, substr(text, 1, 8), paywalled FROM articles")
    assert held == [(filed, "victim", "Filing 2", 1)]


@pytest.mark.parametrize("first", ["mirror", "outlet"])
def test_what_a_feed_says_of_another_sites_page_leaves_that_page_to_be_asked(
    web: Web, desk: Desk, first: str
) -> None:
    mirror, outlet = "http://mirror.example.com", "http://outlet.example.org"
    story = f"{outlet}/p/1"
    told = Item(url=story, title="Bank fails", content=paragraphs(1))
    web.put(f"{mirror}/feed", rss([told]))
    web.put(f"{outlet}/feed", rss([Item(url=story, title="Bank holds")]))
    web.put(story, article(2))
    desk.configure(
        f'id = "mirror"\nname = "Mirror"\nurl = "{mirror}/feed"\nfull_content = "feed"',
        f'id = "outlet"\nname = "Outlet"\nurl = "{outlet}/feed"',
    )
    config = desk.config.read_text().replace("[crawl]", f'[crawl]\nproxy = "{web.base}"')
    desk.config.write_text(config)
    for source in (first, "outlet", "mirror"):
        desk.crawl(source)
    assert web.paths().count(story) == 1
    assert desk.rows("SELECT substr(text, 1, 8) FROM articles") == [("Filing 2",)]
    versions = [text for (text,) in desk.rows("SELECT substr(text, 1, 8) FROM revisions")]
    assert versions == (["Filing 1", "Filing 2"] if first == "mirror" else ["Filing 2"])
    states = {(name, state) for name, state in desk.rows("SELECT source_id, state FROM entries")}
    assert states == {("mirror", "archived"), ("outlet", "archived")}
    evidence = desk.one("SELECT evidence ->> 'text' FROM articles")
    assert evidence == "box"
