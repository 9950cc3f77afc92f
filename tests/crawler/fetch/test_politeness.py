from __future__ import annotations

import logging

import pytest
from scrapy.utils.test import get_crawler

from crawler.fetch.politeness import Robots, retry_after_s


def test_an_unreachable_robots_txt_is_told_without_a_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    Robots(get_crawler(settings_dict={"ROBOTSTXT_OBEY": True}))
    try:
        raise ConnectionError
    except ConnectionError:
        logging.getLogger("scrapy.downloadermiddlewares.robotstxt").exception("refused")
    (record,) = (record for record in caplog.records if record.message == "refused")
    assert record.exc_info is None


def test_seconds_are_taken_as_they_are() -> None:
    assert retry_after_s(b"120") == 120.0


def test_a_date_is_measured_against_the_servers_own_clock() -> None:
    date, until = b"Thu, 09 Dec 2021 14:42:00 GMT", b"Thu, 09 Dec 2021 14:43:30 GMT"
    assert retry_after_s(until, date) == 90.0


def test_a_date_that_has_passed_asks_for_nothing() -> None:
    date, until = b"Thu, 09 Dec 2021 14:42:00 GMT", b"Thu, 09 Dec 2021 14:00:00 GMT"
    assert retry_after_s(until, date) == 0.0


def test_a_wish_for_weeks_is_cut_to_a_day() -> None:
    assert retry_after_s(b"9999999") == 86_400.0


def test_what_can_not_be_read_is_none() -> None:
    assert retry_after_s(b"soon") is None
    assert retry_after_s(None) is None
    assert retry_after_s("１２".encode()) is None
    assert retry_after_s(b"\xb2") is None  # ², a digit to Python
