"""Which moment a text asks for: of `?as_of=`, `--as-of`, an assistant."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from archive.database.times import to_text

_YEARS = range(1970, 2200)  # so that a page may reckon a few years on from it
_DAY = len("2026-11-23")
_AGE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*([smhd])")  # as the config writes durations
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
FORMS = "a time with its zone (2026-11-23T09:30Z), a day (its beginning in UTC) or an age (36h)"


class NoMoment(ValueError):
    """A text that asks for no moment; the message says which forms there are.

    `is_ahead`: it is one, but of the future, whose state nobody knows yet.
    """

    def __init__(self, *, is_ahead: bool = False) -> None:
        super().__init__("is not in the past" if is_ahead else f"must be {FORMS}")
        self.is_ahead = is_ahead


def read_past(text: str, now: datetime) -> datetime:
    """Read a moment that is over, as an aware time. Raises NoMoment."""
    moment = _read(text, now)
    if moment > now:
        raise NoMoment(is_ahead=True)
    return moment


def is_age(text: str) -> bool:
    """Whether a text says how long ago: another moment each time that it is read."""
    return _AGE.fullmatch(text.strip()) is not None


def read_day(text: str) -> date:
    """Read a day of the calendar as it is written in an address. Raises NoMoment."""
    try:
        day = date.fromisoformat(text) if len(text) == _DAY else None
    except ValueError as error:
        raise NoMoment from error
    if day is None or day.year not in _YEARS:
        raise NoMoment
    return day


def _read(text: str, now: datetime) -> datetime:
    if len(text) == _DAY and not is_age(text):
        day = read_day(text)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    try:
        moment = _before(text, now) or datetime.fromisoformat(text)
        to_text(moment)  # one without a zone is refused
    except (ValueError, OverflowError) as error:
        raise NoMoment from error
    if moment.year not in _YEARS:
        raise NoMoment
    return moment


def _before(text: str, now: datetime) -> datetime | None:
    age = _AGE.fullmatch(text.strip())
    if age is None:
        return None
    return (now - timedelta(**{_UNITS[age[2]]: float(age[1])})).replace(microsecond=0)
