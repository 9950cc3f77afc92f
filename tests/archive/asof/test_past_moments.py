"""Which moment a text asks for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.asof.past_moments import NoMoment, is_age, read_past
from config.moments import parse_duration

NOW = datetime(2026, 11, 30, 8, 15, 30, 250_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-23", datetime(2026, 11, 23, tzinfo=UTC)),
        ("2026-11-23T17:30+08:00", datetime(2026, 11, 23, 9, 30, tzinfo=UTC)),
        ("6h", datetime(2026, 11, 30, 2, 15, 30, tzinfo=UTC)),
        ("1.5d", datetime(2026, 11, 28, 20, 15, 30, tzinfo=UTC)),
        ("90 s", datetime(2026, 11, 30, 8, 14, 0, tzinfo=UTC)),
    ],
)
def test_a_time_a_day_or_an_age(text: str, moment: datetime) -> None:
    assert read_past(text, NOW) == moment


@pytest.mark.parametrize(
    "text", ["", "6", "h", "-6h", "6w", "2026-11-23T09:30", "99999999d", "6h6h"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(NoMoment, match=r"must be a time with its zone .*, a day .* or an age"):
        read_past(text, NOW)


@pytest.mark.parametrize("text", ["90s", "15m", "6h", "1d", "1.5h", "6 h", " 6h ", "6x", "", "６h"])
def test_an_age_is_written_as_durations_are_in_the_config(text: str) -> None:
    try:
        parse_duration(text)
    except ValueError:
        assert not is_age(text)
    else:
        assert is_age(text)
