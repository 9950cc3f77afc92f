"""An offset of dates, for people."""

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
