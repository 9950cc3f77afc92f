"""When to visit a source again.

At a given number of visits the mean delay of an article is least when each visit is made once the
delay expected since the last one has come to the same sum, in every source and at every hour. At a
steady rate that is an interval proportional to 1/sqrt(rate); before a burst that comes every day at
half past nine it is a visit just in time. docs/decisions/polling.md has the figures.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crawler.discover.model import Hints
from crawler.text.dates import http_date
from crawler.timing.rhythm import (
    DAY_S,
    USUAL_RATE,
    Rhythm,
    expected,
    moods,
)

HINT_CAP = timedelta(hours=1)  # no hint holds a source back longer: a bad feed can't park itself
_MAX_AGE = re.compile(r'(?:^|[\s,])(s-maxage|max-age)\s*=\s*"?(\d{1,9})\d*', re.IGNORECASE)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """`start`: the interval while nothing is known, and at rhythm.USUAL_RATE."""

    shortest: timedelta
    longest: timedelta
    start: timedelta


def next_interval(
    rhythm: Rhythm,
    *,
    now: datetime,
    limits: Limits,
    hints: Hints = Hints(),  # noqa: B008
    fresh: timedelta | None = None,
) -> timedelta:
    """Give the time from `now` to the next visit, within `limits` whatever the hints ask."""
    interval = timedelta(seconds=_learned(rhythm, now.timestamp(), limits))
    asked = max(hints.ttl or timedelta(0), fresh or timedelta(0))
    interval = max(interval, limits.shortest, min(asked, HINT_CAP))
    if hints.skip_hours or hints.skip_days:
        interval = max(interval, min(_awake(now, interval, hints), HINT_CAP))
    return min(interval, limits.longest)


def within_window(interval: timedelta, cap_s: float, limits: Limits) -> timedelta:
    """Shorten an interval at which a document has let go what nobody had seen: to `cap_s`, and to
    `limits.shortest` at least."""
    return max(limits.shortest, min(interval, timedelta(seconds=cap_s)))


def after_failures(interval: timedelta, failures: float, *, longest: timedelta) -> timedelta:
    """Lengthen an interval by itself for each failure in a row, up to `longest`.

    Linear, not exponential, as in rss-fetcher: a feed that failed ten times often comes back.
    """
    return max(interval, min(interval * (1 + max(0.0, min(failures, 1e6))), longest))


def fresh_for(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """Tell how long an answer says that it stays fresh (RFC 9111 §4.2.1); None: it doesn't say.

    `Expires` counts from the server's own `Date`; the `Age` that the answer spent in caches is
    taken off.
    """
    fields = {name.lower(): value for name, value in headers.items()}
    lifetime = _max_age(fields.get("cache-control", ""))
    if lifetime is None and "expires" in fields:
        lifetime = _until_expiry(fields, now)
    if lifetime is None:
        return None
    return max(timedelta(0), lifetime - _age(fields.get("age", "")))


def _learned(rhythm: Rhythm, now: float, limits: Limits) -> float:
    """Give the seconds after which the expected delay of all items together is used up.

    At USUAL_RATE that is `limits.start`. What the last hour and days were like fades out of the
    forecast as it fades out of memory.
    """
    left = USUAL_RATE / DAY_S * limits.start.total_seconds() ** 2 / 2  # items × seconds
    passed = waiting = 0.0
    factors = moods(rhythm)
    for seconds, usual in expected(rhythm, now, now + limits.longest.total_seconds()):
        rate = usual * math.prod(
            1 + (factor - 1) * math.exp(-passed / memory) for factor, memory in factors
        )
        spent = waiting * seconds + rate * seconds**2 / 2
        if spent >= left:  # after t: waiting × t + rate × t² / 2 = left
            return passed + 2 * left / (waiting + math.sqrt(waiting**2 + 2 * rate * left))
        left -= spent
        waiting += rate * seconds
        passed += seconds
    return passed


def _awake(now: datetime, interval: timedelta, hints: Hints) -> timedelta:
    """Give the time until the first hour after `interval` that the feed does not ask to skip."""
    at = (now + interval).astimezone(UTC)
    if not _asleep(at, hints):
        return interval
    for hours in range(1, 1 + 7 * 24):
        hour = at.replace(minute=0, second=0, microsecond=0) + hours * _HOUR
        if not _asleep(hour, hints):
            return hour - now
    return interval  # a feed that asks to be skipped always


def _asleep(at: datetime, hints: Hints) -> bool:
    return at.hour in hints.skip_hours or at.weekday() in hints.skip_days


def _max_age(cache_control: str) -> timedelta | None:
    ages = {name.lower(): int(seconds) for name, seconds in _MAX_AGE.findall(cache_control)}
    # what a shared cache may keep is what we'll be given
    seconds = ages.get("s-maxage", ages.get("max-age"))
    return None if seconds is None else timedelta(seconds=seconds)


def _until_expiry(fields: Mapping[str, str], now: datetime) -> timedelta | None:
    expires = http_date(fields["expires"])
    if expires is None:
        return None
    return expires - (http_date(fields.get("date", "")) or now)


def _age(text: str) -> timedelta:
    return (
        timedelta(seconds=int(text)) if re.fullmatch(r"[0-9]{1,9}", text.strip()) else timedelta(0)
    )
