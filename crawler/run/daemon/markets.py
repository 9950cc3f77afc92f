"""When an exchange trades, out of exchange_calendars (the extra `markets`).

The package brings pandas and takes a second to import, an exchange half a second more: both are
loaded at first need.
"""

from __future__ import annotations

import logging
from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from archive.errors import MarketError

logger = logging.getLogger(__name__)

BEHIND = timedelta(days=30)  # longer than any holiday: a calendar must hold a session
AHEAD = timedelta(days=370)
SATURDAY = 5
_SAME_HOURS = {"XSHE": "XSHG", "BJSE": "XSHG"}  # Shenzhen, Beijing: not in the package by name


@cache
def market(mic: str) -> Market:
    """The exchange with this ISO 10383 code ("XSHG"); raises MarketError."""
    return Market(mic)


class Market:
    """One exchange's trading hours, lunch breaks and holidays taken out."""

    def __init__(self, mic: str) -> None:
        calendar = _calendar(mic)  # twenty years back, one ahead
        self.mic = mic
        self._zone = ZoneInfo(calendar.tz.key)
        self._limit = _end_of(calendar.bound_max(), self._zone)
        self._changes = _changes(calendar)  # opens at even places, closes at odd ones
        self._end = _end_of(calendar.last_session, self._zone)
        self._told = False

    def trades(self, at: datetime) -> bool:
        if not self._covers(at):
            return at.astimezone(self._zone).weekday() < SATURDAY
        return bisect_right(self._changes, at) % 2 == 1

    def next_opening(self, at: datetime) -> datetime | None:
        """The next time it begins to trade; None past the calendar's end, where days count."""
        if not self._covers(at):
            return None
        place = bisect_right(self._changes, at)
        place += place % 2
        return self._changes[place] if place < len(self._changes) else None

    def _covers(self, at: datetime) -> bool:
        """Whether the calendar knows that moment; sessions are loaded as time goes on."""
        if at >= self._limit:
            self._tell()
            return False
        if at >= self._end:
            self._load(at)
        return True

    def _tell(self) -> None:
        if not self._told:
            self._told = True
            logger.warning(
                "the calendar of %s ends on %s: from then on it counts as trading from Monday to"
                " Friday, all day, until a newer exchange_calendars is installed",
                self.mic,
                f"{self._limit - timedelta(days=1):%Y-%m-%d}",
            )

    def _load(self, at: datetime) -> None:
        """Once a year in a daemon; half a second."""
        end = min(at + AHEAD, self._limit - timedelta(days=1))
        calendar = _calendar(self.mic, start=f"{at - BEHIND:%Y-%m-%d}", end=f"{end:%Y-%m-%d}")
        self._changes = _changes(calendar)
        self._end = _end_of(end, self._zone)


def _calendar(mic: str, **span: str) -> Any:
    try:
        import exchange_calendars
    except ImportError as error:
        raise MarketError(
            "the trading hours of exchanges need the extra `markets`:"
            " pip install 'broadsheet[markets]', or set cron instead"
        ) from error
    try:
        return exchange_calendars.get_calendar(_SAME_HOURS.get(mic, mic), **span)
    except exchange_calendars.errors.InvalidCalendarName as error:
        raise MarketError(
            f'no exchange "{mic}" in exchange_calendars: give its ISO 10383 code, such as "XSHG",'
            ' "XHKG" or "XNYS"'
        ) from error


def _end_of(day: Any, zone: ZoneInfo) -> datetime:
    """The midnight that ends a day; the end of time for None, a calendar without end."""
    if day is None:
        return datetime.max.replace(tzinfo=UTC)
    return datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)


def _changes(calendar: Any) -> list[datetime]:
    rows = calendar.schedule.itertuples()
    moments = (m for row in rows for m in (row.open, row.break_start, row.break_end, row.close))
    return [moment.to_pydatetime() for moment in moments if moment == moment]  # NaT: no break
