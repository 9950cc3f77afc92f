"""Sitemap indexes: nested, gzipped, with dead children, and too long for one visit."""

from __future__ import annotations

import gzip
from datetime import timedelta

import pytest

from tests.line.conftest import Desk
from tests.line.web import NOW, XML, Web, article, sitemap_index, urlset


@pytest.mark.slow
def test_nested_and_gzipped_children_are_read_and_a_dead_one_blocks_none(
    web: Web, desk: Desk
) -> None:
    stories = [web.put(f"/story/{n}", article(n)) for n in range(3)]
    plain = web.put("/plain.xml", urlset(stories[:1]), XML)
    packed = gzip.compress(urlset(stories[1:2]).encode())
    deep = web.put("/deep.xml.gz", packed, "application/gzip")
    nested = web.put("/nested.xml", sitemap_index([(deep, NOW)]), XML)
    dead, broken = web.url("/dead.xml"), web.put("/broken.xml", "<html>Sorry</html>")
    last = web.put("/last.xml", urlset(stories[2:]), XML)
    children = [dead, broken, plain, nested, last]
    dated = [(url, NOW - timedelta(hours=n)) for n, url in enumerate(children)]
    web.put("/sitemap.xml", sitemap_index(dated), XML)
    desk.configure(web.source("/sitemap.xml", 'since = "all"'))
    desk.crawl()
    assert [url for (url,) in desk.rows("SELECT url FROM articles ORDER BY url")] == stories
    assert desk.rows("SELECT url, failures FROM documents WHERE read_at IS NULL ORDER BY url") == [
        (broken, 1),
        (dead, 1),
    ]
    web.put("/dead.xml", urlset([web.put("/story/3", article(3))]), XML)
    web.asked.clear()
    desk.crawl()
    assert desk.one("SELECT count(*) FROM articles") == 4
    assert not {"/plain.xml", "/deep.xml.gz", "/last.xml"} & set(web.paths())


@pytest.mark.slow
def test_a_long_index_is_read_newest_first_twenty_children_a_visit(web: Web, desk: Desk) -> None:
    def child(number: int) -> str:
        story = web.put(f"/story/{number}", article(number))
        return web.put(f"/child-{number}.xml", urlset([story]), XML)

    # the oldest first, as many sites list them: child 29 is the newest
    dated = [(child(n), NOW - timedelta(days=30 - n)) for n in range(30)]
    web.put("/sitemap.xml", sitemap_index(dated), XML)
    desk.configure(web.source("/sitemap.xml", 'since = "all"'))
    desk.crawl()
    read = [path for path in web.paths() if path.startswith("/child-")]
    assert read == [f"/child-{n}.xml" for n in range(29, 9, -1)]
    assert desk.one("SELECT count(*) FROM articles") == 20
    web.asked.clear()
    desk.crawl()
    read = [path for path in web.paths() if path.startswith("/child-")]
    assert read == [f"/child-{n}.xml" for n in range(9, -1, -1)]
    assert desk.one("SELECT count(*) FROM articles") == 30
