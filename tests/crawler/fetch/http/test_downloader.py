"""What waits in our short queue comes out in Scrapy's order."""

from __future__ import annotations

from scrapy.http import Request

from crawler.fetch.http.downloader import ShortQueue


def test_requests_come_by_priority_then_in_their_order() -> None:
    queue = ShortQueue()
    for url, priority in (("1", 0), ("2", 0), ("first", 5), ("last", -1), ("3", 0)):
        assert queue.enqueue_request(Request(f"https://a.example.com/{url}", priority=priority))
    given = []
    while (request := queue.next_request()) is not None:
        given.append(request.url.rpartition("/")[2])
    assert given == ["first", "1", "2", "3", "last"]
    assert not queue.has_pending_requests()
