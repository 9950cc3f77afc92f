"""An offset of dates or of a clock, for people."""

from __future__ import annotations

from datetime import timedelta


def utc(offset: timedelta) -> str:
    """Name a zone: UTC+08:00."""
    minutes = round(offset.total_seconds() / 60)
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def in_hours(offset: timedelta) -> str:
    """Say how long: 8 h, or 5.5 h."""
    return f"{offset.total_seconds() / 3600:g} h"


def in_words(seconds: int) -> str:
    """Say what an offset means, for people."""
    offset = timedelta(seconds=seconds)
    return f"its dates run {in_hours(offset)} ahead: what it calls GMT is {utc(offset)}"


def hours_or_days(length: timedelta) -> str:
    """Say by how much a clock is off: 71.5 h, or 12 days from three days on."""
    hours = length / timedelta(hours=1)
    return f"{hours:.1f} h" if hours < 72 else f"{round(hours / 24):,} days"


def clock_words(seconds: int, way: str = "") -> str:
    """Say by how much our clock was off, for a run that is over; `seconds` as in `ahead`, 0 where
    only the `way` is known."""
    if not seconds:
        return f"this machine's clock was {way}, as certificates tell,"
    way = "behind" if seconds > 0 else "ahead"
    return f"this machine's clock was {hours_or_days(timedelta(seconds=abs(seconds)))} {way}"
