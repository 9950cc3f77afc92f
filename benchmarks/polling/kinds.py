"""Seven kinds of source: when each publishes, drawn from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache

DAY = 86400.0
HOUR = 3600.0
MINUTE = 60.0
HISTORY_DAYS, DAYS = 14, 14  # before the first visit, and after it; day 0 is a Monday
ZONE = 8 * HOUR  # hours below are Beijing's; time runs in UTC


def steady_wire(rng: random.Random) -> list[float]:
    """160 a day round the clock; one item in three begins a cluster within ten minutes."""
    times = []
    for first in _poisson(rng, lambda _: 110 / DAY, 110 / DAY):
        times.append(first)
        while rng.random() < 0.31:
            times.append(first + rng.uniform(0, 10 * MINUTE))
    return times


def newspaper(rng: random.Random) -> list[float]:
    """80 on a weekday, most from 8 to 20 h; 16 on a day of the weekend."""

    def rate(at: float) -> float:
        hour, weekday = _local(at)
        daily = 80 if weekday < 5 else 16
        return daily * (0.92 / 12 if 8 <= hour < 20 else 0.08 / 12) / HOUR

    return _poisson(rng, rate, 7 / HOUR)


def market_bursts(rng: random.Random) -> list[float]:
    """60 on a trading day: a third within 25 minutes of 9:30, as many after 15:00."""

    def rate(at: float) -> float:
        hour, weekday = _local(at)
        if weekday >= 5:
            return 1 / DAY
        bursts = (9.4 <= hour < 9.85) or (15 <= hour < 15.45)
        return 20 / (0.45 * HOUR) if bursts else (18 / (8 * HOUR) if 8 <= hour < 16 else 2 / DAY)

    return _poisson(rng, rate, 45 / HOUR)


def daily_digest(rng: random.Random) -> list[float]:
    """8 at once at about 6:30."""
    days = range(-HISTORY_DAYS, DAYS)
    mornings = [day * DAY + 6.5 * HOUR - ZONE + rng.gauss(0, 8 * MINUTE) for day in days]
    return [at + n for at in mornings for n in range(8)]


def weekly_column(rng: random.Random) -> list[float]:
    """2 on Thursdays, before noon."""
    weeks = range(-HISTORY_DAYS // 7, DAYS // 7)
    return [
        (7 * week + 3) * DAY + rng.uniform(8.5, 12) * HOUR - ZONE for week in weeks for _ in "ab"
    ]


def random_blog(rng: random.Random) -> list[float]:
    """4 a day, at any time."""
    return _poisson(rng, lambda _: 4 / DAY, 4 / DAY)


def dying_feed(rng: random.Random) -> list[float]:
    """40 a day from 7 to 23 h; nothing for five days, then again."""

    def rate(at: float) -> float:
        dead = 4 * DAY <= at < 9 * DAY
        return 0.0 if dead or not 7 <= _local(at)[0] < 23 else 40 / (16 * HOUR)

    return _poisson(rng, rate, 3 / HOUR)


KINDS: dict[str, Callable[[random.Random], list[float]]] = {
    "steady wire": steady_wire,
    "newspaper": newspaper,
    "market bursts": market_bursts,
    "daily digest": daily_digest,
    "weekly column": weekly_column,
    "random blog": random_blog,
    "dying feed": dying_feed,
}


@cache
def published(kind: str, seed: int) -> list[float]:
    """Seconds since the first visit, ascending; the negative ones are history."""
    return sorted(KINDS[kind](random.Random(f"{kind} {seed}")))


def _poisson(rng: random.Random, rate: Callable[[float], float], ceiling: float) -> list[float]:
    """An inhomogeneous Poisson process by thinning; `rate` stays below `ceiling`."""
    at, times = -HISTORY_DAYS * DAY, []
    while (at := at + rng.expovariate(ceiling)) < DAYS * DAY:
        if rng.random() * ceiling < rate(at):
            times.append(at)
    return times


def _local(at: float) -> tuple[float, int]:
    days, seconds = divmod(at + ZONE, DAY)
    return seconds / HOUR, int(days) % 7
