"""When something is published: hours in UTC made into days and a week of the reader's zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from archive.web.face.charts import HEAT, Bar
from archive.web.face.face import Face


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatCell:
    """An hour of a weekday: how many, and that as a step of the heat map."""

    number: int
    step: int


def week_of(hours: Mapping[str, int], face: Face) -> list[list[HeatCell]]:
    """Give seven weekdays, Monday first, of 24 hours each; `hours`: UTC, `2021-12-09T14`."""
    counted: Counter[tuple[int, int]] = Counter()
    for hour, number in hours.items():
        local = face.local(f"{hour}:00:00Z")
        counted[local.weekday(), local.hour] += number
    most = max(counted.values(), default=0)
    return [
        [
            HeatCell(number=counted[day, hour], step=_step(counted[day, hour], most))
            for hour in range(24)
        ]
        for day in range(7)
    ]


def days_until_now(face: Face, number: int) -> list[date]:
    """Give the last days of the reader's zone, today as the last."""
    today = face.day(face.now)
    return [today - timedelta(days=back) for back in reversed(range(number))]


def by_day(hours: Mapping[str, int], days: Sequence[date], face: Face) -> list[int]:
    """Count by day; what was published by no day of these is left out."""
    counted: Counter[date] = Counter()
    for hour, number in hours.items():
        counted[face.day(f"{hour}:00:00Z")] += number
    return [counted[day] for day in days]


def day_bars(days: Sequence[date], numbers: Sequence[int], face: Face) -> list[Bar]:
    """Give a bar for each day that leads to its page, the last one dark."""
    last = days[-1] if days else None
    return [
        Bar(
            parts=(("now" if day == last else "", number),),
            title=f"{face.short_day(day)}: {number}",
            href=face.url(f"/-/day/{day.isoformat()}"),
        )
        for day, number in zip(days, numbers, strict=True)
    ]


def _step(number: int, most: int) -> int:
    """Give the step of a heat map, 0 for nothing to HEAT for the most."""
    return 0 if not number else min(HEAT, 1 + number * HEAT // (most + 1))
