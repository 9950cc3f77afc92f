"""Spans of time in words, rounded as people round them."""

from __future__ import annotations

from datetime import datetime, timedelta

_UNITS = (("day", 86_400), ("h", 3_600), ("min", 60), ("s", 1))  # largest first, in seconds


def span(duration: timedelta) -> str:
    """Say how long in one unit, the largest of which there are two: "90 min", "3 days", "0 s"."""
    seconds = max(0, round(duration.total_seconds()))
    name, size = next((unit for unit in _UNITS if seconds >= 2 * unit[1]), _UNITS[-1])
    count = round(seconds / size)
    return f"{count} {name}s" if name == "day" and count != 1 else f"{count} {name}"


def ago(moment: datetime | None, now: datetime) -> str:
    """Say when something was: "3 min ago", "never"."""
    return "never" if moment is None else f"{span(now - moment)} ago"
