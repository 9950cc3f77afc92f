"""Headers hold bytes, not UTF-8: a server that names itself in GBK, an ETag of any bytes."""

from __future__ import annotations

from tests.line.conftest import Desk
from tests.line.web import XML, Item, Web, article, rss

IN_GBK = "\xb2\xc6\xbe\xad"  # 财经, as its bytes
ETAG = '"\xe9\x80-1"'


def test_a_feed_and_a_page_with_any_bytes_in_a_header_are_read(web: Web, desk: Desk) -> None:
    page = web.put("/a/1", article(1), Server=IN_GBK)
    web.put("/feed", rss([Item(url=page, title="One")]), XML, Server=IN_GBK, ETag=ETAG)
    desk.configure(web.source("/feed"))
    desk.crawl()
    assert desk.rows("SELECT state, reason FROM entries") == [("archived", "new")]
    desk.crawl()
    asked = [headers for path, headers in web.asked if path == "/feed"]
    assert [headers.get("if-none-match") for headers in asked] == [None, ETAG]
