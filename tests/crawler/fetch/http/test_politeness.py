from __future__ import annotations

from datetime import UTC, datetime

from scrapy.http import Request, Response
from scrapy.utils.test import get_crawler

from crawler.fetch.http.clock import Clock
from crawler.fetch.http.politeness import Holds, retry_after_s

NOW = datetime(2021, 12, 9, 14, 42, tzinfo=UTC)


class Hands(Clock):
    """A clock that a test moves."""

    seconds = 100.0

    def monotonic(self) -> float:
        return self.seconds


def asked_s(value: bytes | None, date: bytes | None = None) -> float | None:
    return retry_after_s(value, date, now=NOW)


def test_seconds_are_taken_as_they_are() -> None:
    assert asked_s(b"120") == 120.0


def test_a_date_is_measured_against_the_servers_own_clock() -> None:
    date, until = b"Thu, 09 Dec 2021 14:42:00 GMT", b"Thu, 09 Dec 2021 14:43:30 GMT"
    assert asked_s(until, date) == 90.0


def test_a_date_without_the_servers_clock_is_measured_against_ours() -> None:
    assert asked_s(b"Thu, 09 Dec 2021 14:42:30 GMT") == 30.0


def test_a_host_is_left_alone_until_the_clock_says_so() -> None:
    clock = Hands()
    holds = Holds(get_crawler(), clock=clock)
    request = Request("https://a.example.com/1")
    busy = Response(request.url, status=429, headers={"Retry-After": "120"})
    holds.process_response(request, busy)
    assert (holds.wait_s("a.example.com"), holds.wait_s("b.example.com")) == (120.0, 0.0)
    clock.seconds += 119
    assert holds.wait_s("a.example.com") == 1.0
    clock.seconds += 1
    assert holds.wait_s("a.example.com") == 0.0


def test_a_date_that_has_passed_asks_for_nothing() -> None:
    date, until = b"Thu, 09 Dec 2021 14:42:00 GMT", b"Thu, 09 Dec 2021 14:00:00 GMT"
    assert asked_s(until, date) == 0.0


def test_a_wish_for_weeks_is_cut_to_a_day() -> None:
    assert asked_s(b"9999999") == 86_400.0


def test_what_can_not_be_read_is_none() -> None:
    assert asked_s(b"soon") is None
    assert asked_s(None) is None
    assert asked_s("１２".encode()) is None
    assert asked_s(b"\xb2") is None  # ², a digit to Python
