"""When each policy visits a source again: ours, and the published ones of others.

The others are taken from research notes on their code (docs/decisions/polling.md names the files).
Each is given the best of what its text allows: no batch of it ever waits, no visit fails.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from benchmarks.polling.kinds import DAY, HOUR, MINUTE
from crawler.timing.revisit import Limits, next_interval
from crawler.timing.rhythm import Rhythm, learn_rhythm

START = datetime(2026, 11, 23, tzinfo=UTC)  # a Monday
LISTED = 20  # items in a feed's document


class Policy(Protocol):
    def visit(self, at: float, new: int, listed: Sequence[float]) -> float:
        """Take in a visit and give the seconds to the next; `listed` are publication times."""
        ...


@dataclass
class Fixed:
    interval: float

    def visit(self, at: float, new: int, listed: Sequence[float]) -> float:
        return self.interval


@dataclass
class Scaled:
    """The interval is multiplied at each visit: by one factor on news, by another on none."""

    interval: float
    news: float
    none: float
    shortest: float
    longest: float

    def visit(self, at: float, new: int, listed: Sequence[float]) -> float:
        self.interval *= self.news if new else self.none
        self.interval = min(max(self.interval, self.shortest), self.longest)
        return self.interval


class EntryFrequency:
    """Miniflux: a week divided by the entries of the last week, 5 min to 24 h."""

    def __init__(self) -> None:
        self._known: list[float] = []

    def visit(self, at: float, new: int, listed: Sequence[float]) -> float:
        self._known += listed[len(listed) - new :]
        week = sum(at - 7 * DAY < moment for moment in self._known)
        return min(max(7 * DAY / week if week else DAY, 5 * MINUTE), DAY)


class DuplicateRatio:
    """rss-fetcher: steps after two visits in a row, by the share of known items."""

    def __init__(self) -> None:
        self._interval = 6 * HOUR
        self._before = 0

    def visit(self, at: float, new: int, listed: Sequence[float]) -> float:
        known = 1 - new / max(1, len(listed))
        direction = 1 if known >= 0.67 else (-1 if known < 0.33 else 0)
        if direction and direction == self._before:
            self._interval = self._adjusted(direction, at, listed)
        self._before = direction
        return self._interval

    def _adjusted(self, direction: int, at: float, listed: Sequence[float]) -> float:
        if direction > 0:
            recent = bool(listed) and at - listed[-1] < 31 * DAY
            return min(self._interval + (10 if recent else 60) * MINUTE, DAY)
        if self._interval > 6 * HOUR:
            return 6 * HOUR
        return max(self._interval - 60 * MINUTE, 10 * MINUTE)


class Ours:
    """`crawler.timing.revisit`, with the state written and read back at each visit."""

    def __init__(self, interval: timedelta, state: str = "{}") -> None:
        shortest, longest = timedelta(minutes=2), timedelta(hours=6)
        self.limits = Limits(shortest=shortest, longest=longest, start=interval)
        self.state = state

    def visit(self, at: float, new: int, listed: Sequence[float]) -> float:
        now = START + timedelta(seconds=at)
        dates = [START + timedelta(seconds=moment) for moment in listed]
        rhythm = learn_rhythm(Rhythm.parse(self.state), at=now, new=new, published=dates)
        self.state = rhythm.text()
        return next_interval(rhythm, now=now, limits=self.limits).total_seconds()


OTHERS: dict[str, Callable[[], Policy]] = {
    "fixed 5 min": lambda: Fixed(5 * MINUTE),
    "fixed 15 min": lambda: Fixed(15 * MINUTE),
    "halve / x1.25": lambda: Scaled(15 * MINUTE, 0.5, 1.25, 2 * MINUTE, 30 * MINUTE),
    "Miniflux round robin": lambda: Fixed(60 * MINUTE),
    "Miniflux frequency": EntryFrequency,
    "reader": lambda: Fixed(60 * MINUTE),
    "rss-fetcher": DuplicateRatio,
    "news-crawl": lambda: Scaled(12 * HOUR, 0.8, 1.5, 90 * MINUTE, 90 * DAY),
}


def ours(minutes: float) -> Policy:
    return Ours(timedelta(minutes=minutes))


def fixed(seconds: float) -> Policy:
    return Fixed(seconds)
