"""Which moment a text asks for: of `?as_of=`, `--as-of`, an assistant."""

from __future__ import annotations

from datetime import UTC, date, datetime

from archive.database.times import to_text

_YEARS = range(1970, 2200)  # so that a page may reckon a few years on from it
_DAY = len("2026-11-23")
FORMS = "a time with its zone (2026-11-23T09:30Z) or a day (its beginning in UTC)"


class NoMoment(ValueError):
    """A text that asks for no moment; the message says which forms there are.

    `is_ahead`: it is one, but of the future, whose state nobody knows yet.
    """

    def __init__(self, *, is_ahead: bool = False) -> None:
        super().__init__("is not in the past" if is_ahead else f"must be {FORMS}")
        self.is_ahead = is_ahead


def read_past(text: str, now: datetime) -> datetime:
    """Read a moment that is over, as an aware time. Raises NoMoment."""
    moment = _read(text)
    if moment > now:
        raise NoMoment(is_ahead=True)
    return moment


def read_day(text: str) -> date:
    """Read a day of the calendar as it is written in an address. Raises NoMoment."""
    try:
        day = date.fromisoformat(text) if len(text) == _DAY else None
    except ValueError as error:
        raise NoMoment from error
    if day is None or day.year not in _YEARS:
        raise NoMoment
    return day


def _read(text: str) -> datetime:
    if len(text) <= _DAY:
        day = read_day(text)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    try:
        moment = datetime.fromisoformat(text)
        to_text(moment)  # one without a zone is refused
    except (ValueError, OverflowError) as error:
        raise NoMoment from error
    if moment.year not in _YEARS:
        raise NoMoment
    return moment
