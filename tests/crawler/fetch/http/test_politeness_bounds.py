"""What is remembered of hosts has an end, and a robots.txt that can't be had allows nothing."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    IgnoreRequest,
    StopDownload,
)
from scrapy.http import Request, Response
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager
from scrapy.statscollectors import MemoryStatsCollector

from crawler.fetch.http import politeness
from crawler.fetch.http.politeness import Holds, Robots, RobotsUnreadable
from crawler.fetch.http.stopping import Stopping


def scrapy_crawler(error: Exception | int) -> Any:
    """What the middleware uses of Scrapy; every download ends with `error`, or an HTTP status."""

    async def download_async(request: Request) -> Response:
        asked.append(request.url)
        if isinstance(error, int):
            return Response(request.url, status=error, body=b"User-agent: *\nDisallow:\n")
        raise error

    asked: list[str] = []
    downloader = SimpleNamespace(per_slot_settings={})
    crawler = SimpleNamespace(
        settings=Settings({"ROBOTSTXT_OBEY": True}),
        signals=SignalManager(),
        engine=SimpleNamespace(download_async=download_async, downloader=downloader),
        spider=None,
        asked=asked,
    )
    crawler.stats = MemoryStatsCollector(SimpleNamespace(settings=Settings()))
    return crawler


def test_a_robots_txt_that_can_not_be_fetched_fails_the_request_for_the_same_reason() -> None:
    crawler = scrapy_crawler(CannotResolveHostError("no such host"))
    request = Request("https://a.example.com/page")
    with pytest.raises(CannotResolveHostError):
        asyncio.run(Robots(crawler).process_request(request))
    assert request.meta["dont_retry"] is True
    assert crawler.asked == ["https://a.example.com/robots.txt"]


def test_a_robots_txt_that_can_not_be_had_is_told_in_a_line_under_its_own_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    crawler = scrapy_crawler(DownloadConnectionRefusedError("refused"))
    with pytest.raises(DownloadConnectionRefusedError):
        asyncio.run(Robots(crawler).process_request(Request("https://a.example.com/page")))
    (record,) = caplog.records
    assert record.exc_info is None
    words = "https://a.example.com/robots.txt can't be read: connection refused"
    assert record.getMessage() == words


@pytest.mark.parametrize(
    "error",
    [
        ValueError("a fault of the parser's"),
        TimeoutError(),
        IgnoreRequest("max redirections reached"),
        DownloadCancelledError("Cancelling download"),
        StopDownload(),
        Stopping("the crawl is stopping"),
        *(302, 304, 429, 500, 503),
    ],
)
def test_no_error_opens_what_robots_txt_may_forbid(error: Exception | int) -> None:
    robots = Robots(scrapy_crawler(error))
    expected: type[Exception] = RobotsUnreadable
    if not isinstance(error, int) and type(error) not in (IgnoreRequest, DownloadCancelledError):
        expected = type(error)  # what befell robots.txt befalls the page
    for _ in range(2):
        with pytest.raises(expected):
            asyncio.run(robots.process_request(Request("https://a.example.com/page")))


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_robots_txt_that_there_is_not_allows_all(status: int) -> None:
    robots = Robots(scrapy_crawler(status))
    asyncio.run(robots.process_request(Request("https://a.example.com/page")))


def test_it_is_asked_for_again_with_a_later_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(politeness, "ROBOTS_LOST_TTL_S", -1.0)
    crawler = scrapy_crawler(CannotResolveHostError("no such host"))
    robots = Robots(crawler)
    for _ in range(2):
        with pytest.raises(CannotResolveHostError):
            asyncio.run(robots.process_request(Request("https://a.example.com/page")))
    assert len(crawler.asked) == 2


def test_robots_and_delays_of_hosts_without_end_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(politeness, "ROBOTS_HOSTS", 3)
    crawler = scrapy_crawler(404)
    robots = Robots(crawler)
    for n in range(9):
        crawler.engine.downloader.per_slot_settings[f"h{n}.example.com"] = {"delay": 2.0}
        asyncio.run(robots.process_request(Request(f"https://h{n}.example.com/")))
    kept = ["h5.example.com", "h6.example.com", "h7.example.com", "h8.example.com"]
    assert list(robots._parsers) == kept
    assert list(crawler.engine.downloader.per_slot_settings) == kept


def test_holds_of_hosts_without_end_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(politeness, "HOLDS", 3)
    holds = Holds(scrapy_crawler(ValueError()))
    for n in range(9):
        url = f"https://h{n}.example.com/"
        response = Response(url, status=429, headers={"Retry-After": str(100 + n)})
        holds.process_response(Request(url), response)
    held = [n for n in range(9) if holds.wait_s(f"h{n}.example.com")]
    assert held == [6, 7, 8]
