from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.database.times import from_text, to_text

BEIJING = timezone(timedelta(hours=8))


def test_a_beijing_time_is_written_in_utc() -> None:
    assert to_text(datetime(2021, 12, 9, 22, 42, tzinfo=BEIJING)) == "2021-12-09T14:42:00Z"


def test_an_hour_that_an_autumn_night_has_twice_is_two_moments() -> None:
    first = datetime(2021, 10, 31, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert to_text(first) == "2021-10-31T00:30:00Z"
    assert to_text(first.replace(fold=1)) == "2021-10-31T01:30:00Z"


def test_fractions_of_a_second_are_dropped() -> None:
    moment = datetime(2021, 12, 9, 14, 42, 7, 999999, tzinfo=UTC)
    assert to_text(moment) == "2021-12-09T14:42:07Z"


def test_a_stored_time_is_read_as_aware_utc() -> None:
    assert from_text("2021-12-09T14:42:00Z") == datetime(2021, 12, 9, 14, 42, tzinfo=UTC)


def test_no_time_stays_none_both_ways() -> None:
    assert (to_text(None), from_text(None)) == (None, None)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        to_text(datetime(2021, 12, 9))  # noqa: DTZ001


def test_the_first_moment_of_the_calendar_is_written_rather_than_raised() -> None:
    assert to_text(datetime(1, 1, 1, tzinfo=BEIJING)) == "0001-01-01T00:00:00Z"


@given(st.datetimes(timezones=st.just(UTC)))
def test_what_was_written_is_read_back_to_the_second(moment: datetime) -> None:
    assert from_text(to_text(moment)) == moment.replace(microsecond=0)


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_text_order_is_time_order(one: datetime, other: datetime) -> None:
    one, other = one.replace(microsecond=0), other.replace(microsecond=0)
    assert (to_text(one) < to_text(other)) == (one < other)
