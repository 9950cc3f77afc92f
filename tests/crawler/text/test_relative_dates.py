"""Dates that mean something only on the day they are read."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crawler.text.dates import parse_date, read_moment

BEIJING = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 29, 5, 30, tzinfo=UTC)  # 13:30 in Beijing, a Sunday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11-28 09:30", "2026-11-28T09:30"),
        ("[11-28]", "2026-11-28T00:00"),
        ("11/28 9:05:03", "2026-11-28T09:05"),
        ("28/11 09:30", "2026-11-28T09:30"),
        ("28.11. 09:30", "2026-11-28T09:30"),
        ("11月28日 09:30", "2026-11-28T09:30"),
        ("十一月二十九日", "2026-11-29T00:00"),
        ("十月十日十点", "2026-10-10T10:00"),
        ("12-31 23:50", "2025-12-31T23:50"),
        ("Nov 28, 9:30 am", "2026-11-28T09:30"),
        ("28 November", "2026-11-28T00:00"),
        ("昨天 09:30", "2026-11-28T09:30"),
        ("昨日09:30", "2026-11-28T09:30"),
        ("今天 下午3:05", "2026-11-29T15:05"),
        ("前天", "2026-11-27T00:00"),
        ("yesterday at 9:30 pm", "2026-11-28T21:30"),
        ("어제 23:10", "2026-11-28T23:10"),
        ("gestern, 09:30", "2026-11-28T09:30"),
        ("发布于 2小时前", "2026-11-29T11:30"),
        ("3分钟前", "2026-11-29T13:27"),
        ("半小时前", "2026-11-29T13:00"),
        ("3 hours ago", "2026-11-29T10:30"),
        ("an hour ago", "2026-11-29T12:30"),
        ("vor 3 Stunden", "2026-11-29T10:30"),
        ("3시간 전", "2026-11-29T10:30"),
        ("3天前", "2026-11-26T00:00"),
        ("刚刚", "2026-11-29T13:30"),
        ("09:30", "2026-11-29T09:30"),
        ("23:30", "2026-11-28T23:30"),
        ("오후 11:23", "2026-11-28T23:23"),
    ],
)
def test_a_date_is_read_by_the_day_it_is_read_on(text: str, expected: str) -> None:
    found = parse_date(text, BEIJING, now=NOW)
    assert found is not None
    assert found.astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M") == expected
    assert parse_date(text, BEIJING) is None


@pytest.mark.parametrize(
    "text",
    [
        "Powell said 3 hours ago that",
        "昨天，央行宣布降准",
        "12 minutes",
        "3:2",
        "02-30 09:30",
        "2-29",
        "3 to 5 days",
    ],
)
def test_other_words_are_no_date(text: str) -> None:
    assert parse_date(text, BEIJING, now=NOW) is None


def test_days_ago_names_no_hour() -> None:
    moments = [read_moment(text, BEIJING, now=NOW) for text in ("3天前", "11-28", "3小时前")]
    assert [moment.timed for moment in moments if moment] == [False, False, True]


def test_tomorrow_is_no_news_but_the_day_east_of_us_is() -> None:
    assert parse_date("11-30", BEIJING, now=NOW) == datetime(2026, 11, 30, tzinfo=BEIJING)
    assert parse_date("12-01", BEIJING, now=NOW) == datetime(2025, 12, 1, tzinfo=BEIJING)
