"""Moments and durations as people write them: in the config, and on the command line."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Literal

Moment = timedelta | datetime | date | Literal["all"]  # a timedelta: back from now

_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([smhd])")
_UNIT_S = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST_S = 100 * 366 * 86400  # `now` minus a duration must stay a date


def parse_duration(text: object) -> timedelta:
    """Read "90s", "15m", "6h" or "1d", up to 100 years; anything else is a ValueError."""
    if isinstance(text, timedelta):
        return text
    match = _DURATION.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ValueError('a duration is a number and a unit, such as "90s", "15m", "6h" or "1d"')
    seconds = float(match[1]) * _UNIT_S[match[2]]
    if seconds > _LONGEST_S:
        raise ValueError("longer than 100 years")
    return timedelta(seconds=seconds)


def read_since(value: object) -> Moment:
    """Read a moment from which on something counts, as TOML or as text: in the config's `since`
    and in the commands' --since and --until. ValueError says which forms there are."""
    if value == "all":
        return "all"
    since = _as_written(value) if isinstance(value, str) else value
    if isinstance(since, timedelta | date) and not _is_naive(since):
        return since
    raise ValueError(
        'must be a date such as "2024-01-31", a time with its zone such as '
        '"2024-01-31T08:00+08:00", a duration back from now such as "30d", or "all"'
    )


def _as_written(text: str) -> timedelta | date | None:
    for read in (date.fromisoformat, datetime.fromisoformat, parse_duration):
        with suppress(ValueError):
            return read(text)
    return None


def _is_naive(since: timedelta | date) -> bool:
    """A time without its zone."""
    return isinstance(since, datetime) and since.tzinfo is None


def moment_of(since: Moment, now: datetime) -> datetime | None:
    """The moment that `since` names: a date's midnight in UTC; None for "all"."""
    if isinstance(since, timedelta):
        return now - since
    if isinstance(since, datetime):
        return since
    if isinstance(since, date):
        return datetime(since.year, since.month, since.day, tzinfo=UTC)
    return None
