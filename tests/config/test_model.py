"""The values of the config: durations, zones, and the moment before which items are old."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from config.model import Source
from config.moments import parse_duration, read_since

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def source(**keys: object) -> Source:
    return Source.model_validate(
        {"id": "stcn", "name": "证券时报", "url": "https://www.stcn.com/", **keys}
    )


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("15m", 900), ("6h", 21600), ("1d", 86400), ("1.5h", 5400), (" 2 m ", 120)],
)
def test_a_duration_is_a_number_and_a_unit(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "15", "m", "-1h", "1w", "1h30m", "١m", 15, None, "9" * 400 + "d"]
)
def test_anything_else_is_no_duration(text: object) -> None:
    with pytest.raises(ValueError, match=r"duration|longer than 100 years"):
        parse_duration(text)


@given(st.integers(0, 36500), st.sampled_from("smhd"))
def test_a_written_duration_reads_as_what_was_written(count: int, unit: str) -> None:
    assert parse_duration(f"{count}{unit}") == timedelta(seconds=count * UNITS[unit])


@given(st.text() | st.from_regex(r"[0-9.]+ ?[smhd]"))
def test_a_text_is_refused_or_a_duration_of_at_most_100_years(text: str) -> None:
    with suppress(ValueError):
        assert timedelta(0) <= parse_duration(text) <= timedelta(days=36600)


def test_a_chinese_source_without_a_zone_keeps_beijing_time() -> None:
    assert source(language="zh-CN").zone().key == "Asia/Shanghai"


def test_another_source_without_a_zone_keeps_utc() -> None:
    assert source(language="en").zone().key == "UTC"


def test_the_zone_that_is_configured_wins() -> None:
    assert source(language="zh", timezone="Asia/Hong_Kong").zone().key == "Asia/Hong_Kong"


def test_a_duration_since_reaches_back_from_now() -> None:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert source(since="30d").oldest(now) == datetime(2026, 10, 24, 12, 0, tzinfo=UTC)


def test_the_longest_since_still_gives_a_date() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    assert source(since="36600d").oldest(now) == datetime(1926, 9, 9, tzinfo=UTC)


def test_a_date_since_is_its_midnight_in_utc() -> None:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert source(since="2024-01-31").oldest(now) == datetime(2024, 1, 31, tzinfo=UTC)


def test_a_time_since_is_that_moment() -> None:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    since = source(since="2024-01-31T08:00+08:00")
    assert since.oldest(now) == datetime(2024, 1, 31, tzinfo=UTC)


@pytest.mark.parametrize("text", ["banana", "2024-01-31T08:00", "2024-13-01", "30", ""])
def test_a_since_of_another_form_is_refused_with_the_forms_there_are(text: str) -> None:
    with pytest.raises(ValueError, match=r"^must be a date such as .*zone.*duration.*all"):
        read_since(text)


def test_since_all_leaves_nothing_out() -> None:
    assert source(since="all").oldest(datetime(2026, 11, 23, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    "host", ["https://wsj.com", "wsj.com/feed", "WSJ.com", "com", ".wsj.com", ""]
)
def test_a_host_of_the_source_is_a_bare_name(host: str) -> None:
    with pytest.raises(ValidationError, match="name of a host"):
        Source(id="a", name="A", url="https://a.com/", hosts=[host])
