"""`scrapy crawl page`, and pages that are more, or worse, than one plain document."""

from __future__ import annotations

import re
import time

import pytest
import yaml

from tests.line.conftest import Desk, feed
from tests.line.web import Item, Web, article, rss
from tests.site.process import Site


def _page(desk: Desk, url: str, exit_code: int = 0) -> str:
    return desk.run("scrapy", "crawl", "page", "-a", f"url={url}", exit_code=exit_code)


def test_a_page_of_an_unknown_host_is_archived_explained_and_filed_under_its_domain(
    web: Web, desk: Desk
) -> None:
    url = web.put("/a/1", article(1, "Copper falls in Osaka"))
    desk.configure()
    first = _page(desk, url)
    assert "title: Copper falls in Osaka (from " in first
    assert "published: " in first
    assert "(from meta)" in first
    assert "in 6 paragraphs" in first
    assert "filed under source 127.0.0.1" in first
    assert "archived: new as article 1" in first
    assert desk.rows("SELECT id, kind, enabled FROM sources") == [("127.0.0.1", "page", 0)]
    assert desk.rows("SELECT source_id, title FROM articles") == [
        ("127.0.0.1", "Copper falls in Osaka")
    ]
    assert len(desk.files()) == 1
    assert "archived: unchanged as article 1" in _page(desk, url)
    assert desk.rows("SELECT count(*), max(revision) FROM articles") == [(1, 1)]


def test_a_page_is_filed_under_the_enabled_source_of_its_host(web: Web, desk: Desk) -> None:
    url = web.put("/a/2", article(2))
    desk.configure(
        web.source("/off.xml", "enabled = false", id="off"), web.source("/feed.xml", id="daily")
    )
    assert "filed under source daily" in _page(desk, url)
    assert desk.rows("SELECT source_id FROM articles") == [("daily",)]
    assert "/feed.xml" not in web.paths()


@pytest.mark.slow
def test_a_page_that_is_no_article_is_refused_with_the_reason(web: Web, desk: Desk) -> None:
    thin = web.put("/thin", "<html><title>Hello</title><body><p>Soon.</p></body></html>")
    desk.configure()
    assert "not archived: rejected (too short" in _page(desk, thin)
    assert "not archived: forbidden (HTTP 403)" in _page(desk, web.refuse("/secret", 403))
    assert desk.one("SELECT count(*) FROM articles") == 0
    assert desk.rows("SELECT state FROM entries ORDER BY id") == [("rejected",), ("forbidden",)]


def test_an_argument_that_is_no_address_is_named_without_a_traceback(desk: Desk) -> None:
    desk.configure()
    output = _page(desk, "not-an-address", exit_code=2)
    assert "-a url='not-an-address': give an address" in output
    assert "Traceback" not in output
    assert not desk.data.exists()


def test_parts_are_joined_in_order_and_a_missing_part_keeps_those_before_it(
    web: Web, desk: Desk
) -> None:
    def part(number: int, slug: str, path: str, following: str) -> str:
        link = f'<a rel="next" href="{following}">Next page</a>' if following else ""
        head = f"<p>By Ann Poe</p><p>The standfirst of {slug}, which every part of it repeats.</p>"
        page = article(number, f"The long read {slug}", after=link)
        return web.put(path, page.replace("</h1>", f"</h1>{head}"))

    whole = part(10, "whole", "/whole.html", "/whole_2.html")
    part(11, "whole", "/whole_2.html", "/whole_3.html")
    part(12, "whole", "/whole_3.html", "")
    torn = part(20, "torn", "/torn.html", "/torn_2.html")
    web.put("/feed.xml", rss([Item(url=whole), Item(url=torn)]))
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    text = str(desk.one("SELECT text FROM articles WHERE url = ?", whole))
    starts = [text.find(f"Filing {n} shows") for n in (10, 11, 12)]
    assert -1 not in starts
    assert starts == sorted(starts)
    assert text.count("The standfirst of whole") == 1
    assert text.count("The long read whole") == 0
    assert "Filing 20 shows" in str(desk.one("SELECT text FROM articles WHERE url = ?", torn))
    assert desk.rows("SELECT count(*) FROM entries WHERE state = 'archived'") == [(2,)]
    aliases = desk.rows(
        "SELECT url FROM article_urls WHERE article_id = (SELECT id FROM articles WHERE url = ?)"
        " ORDER BY url",
        whole,
    )
    assert aliases == [(whole,), (web.url("/whole_2.html"),), (web.url("/whole_3.html"),)]


@pytest.mark.slow
def test_hostile_pages_end_with_a_reason_while_the_others_are_archived(
    site: Site, desk: Desk
) -> None:
    odd = {
        "/odd/bomb?mb=20": "rejected",
        "/odd/endless": "owed",
        "/odd/endless-headers": "owed",
        "/odd/cut": "owed",
        "/odd/drip?s=0.5": "owed",
        "/odd/reset": "owed",
        "/odd/nested?n=100000": "rejected",
        "/odd/redirect/file": "owed",
        "/odd/redirect/private": "forbidden",
        "/odd/redirect/loop": "owed",
        "/odd/refresh": "rejected",
    }
    listed = ",".join([*odd, "/bulk/1", "/bulk/2"]).replace("?", "%3F").replace("=", "%3D")
    desk.configure(feed(site, "plain", f"/odd/feed/of?path={listed}"), timeout=2)
    began = time.monotonic()
    desk.crawl()
    assert time.monotonic() - began < 40
    ended = desk.rows("SELECT raw_url, state, coalesce(reason, '') FROM entries")
    states = {url.removeprefix(site.base("plain")): state for url, state, _ in ended}
    assert states == odd | {"/bulk/1": "archived", "/bulk/2": "archived"}
    reasons = {url.removeprefix(site.base("plain")): reason for url, _, reason in ended}
    assert reasons["/odd/bomb?mb=20"] == "too large: over [crawl] max_page_mb"
    assert reasons["/odd/redirect/file"] == (
        "HTTP 302: a redirect to 'file:///etc/passwd' is not followed"
    )
    assert reasons["/odd/redirect/private"].startswith("10.0.0.1 is not public")
    assert reasons["/odd/redirect/loop"] == "max redirections reached"
    assert reasons["/odd/endless"] == "timed out: over 2 s"
    assert reasons["/odd/reset"] == "connection lost"
    assert "" not in reasons.values()


def test_hostile_titles_give_files_that_a_yaml_parser_reads_back(web: Web, desk: Desk) -> None:
    titles = [
        "{% raw %} and {{ site.title }} walk into a bank",
        "{% x %} unclosed {# tags",
        "\"Double\" and 'single' quotes \\ with a backslash",
        "--- three dashes: a colon and # a hash",
        "right-to-left \u202eoverride\u202c and \u200fmark",
        "next line \u0085 and \u009b31m controls",
        "null",
        "2026-11-20",
        "[[a]] {b: c} & *d !e |f >g %h @i `j",
        "央行“降准”：‘超预期’？ 😀",
    ]
    items = [
        Item(url=web.put(f"/t/{n}", article(30 + n, title)), title=f"t{n}")
        for n, title in enumerate(titles)
    ]
    web.put("/feed.xml", rss(items))
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    rows = desk.rows("SELECT markdown_path, title, url FROM articles")
    assert len(rows) == len(titles)
    for path, title, url in rows:
        text = (desk.data / "articles" / path).read_text(encoding="utf-8")
        head = yaml.safe_load(text.split("\n---\n")[0].removeprefix("---\n"))
        assert head["title"] == re.sub("[\x80-\x9f]", "", title)  # a file has no control characters
        assert head["link"] == url
        assert head["disableNunjucks"] is True
    kept = {title for _, title, _ in rows}
    assert {titles[0], titles[2], titles[3], titles[6], titles[7]} <= kept
