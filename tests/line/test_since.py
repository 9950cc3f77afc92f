"""`crawl --since` brings what a source's own `since` left out, whatever was read before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.line.conftest import Desk, feed
from tests.line.web import NOW, XML, Web, article, sitemap_index, urlset
from tests.site.process import Site

pytestmark = pytest.mark.slow


def test_a_feed_that_did_not_change_is_read_again(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=2", "s", 'since = "1s"'))
    desk.crawl()
    assert desk.one("SELECT count(*) FROM entries") == 0
    desk.crawl("--since", "all")
    assert desk.one("SELECT count(*) FROM articles") == 2


def test_so_are_the_children_of_a_sitemap_index(web: Web, desk: Desk) -> None:
    long_ago = f"</loc><lastmod>{NOW - timedelta(days=30):%Y-%m-%d}</lastmod>"
    listed = urlset([web.put("/old", article(1))]).replace("</loc>", long_ago)
    child = web.put("/child.xml", listed, XML)
    web.put("/sitemap.xml", sitemap_index([(child, NOW - timedelta(hours=1))]), XML)
    desk.configure(web.source("/sitemap.xml", 'since = "7d"'))
    desk.crawl()
    assert desk.one("SELECT count(*) FROM entries") == 0
    desk.crawl("--since", "60d")
    assert desk.one("SELECT count(*) FROM articles") == 1
