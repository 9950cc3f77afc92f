"""What a source's visits taught about when it publishes.

Three estimates of its rate, each leaning on the next coarser one until it has evidence of its own:
by half hour (weekdays and weekend days apart), by weekday, over all. Beside them what came in the
last hour and the last days against what should have come, so that a burst or a pause is felt at
once. Everything is additive: news can only raise the rate. Times of day are UTC, since a source's
own zone is often unknown, and old counts fade faster than summer time comes round.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

USUAL_RATE = 24.0  # items a day, taken for granted while nothing is known
OVERALL_WEIGHT, WEEKDAY_WEIGHT, BIN_WEIGHT = 0.1, 1.0, 2.0  # of the coarser estimate, in days
HALF_LIFE_D = 14.0  # of counts
GAP_HALF_LIFE_D = 60.0  # so that a weekly column has gaps enough to know its own
LATELY = ((1 / 24, 1.0), (1.5, 8.0))  # (memory in days, items it takes to be believed)
PATIENCE = 10.0  # items missed in a row at which a source counts as half as fast

LATE = timedelta(hours=1)  # an item may be listed this long after its date
EARLY = timedelta(minutes=5)  # clocks differ
ZONE_ERROR = timedelta(hours=26)  # a date further off is of an old item, listed anew
MISDATED_CAP = 5  # items a visit: a source that renames its items must not look like a wire
NEWS_CAP = 100  # items a visit
BACKLOG = timedelta(days=28)  # how much of the past the first document may tell
ENOUGH_GAPS = 5.0
ENOUGH_DAYS = 7.0  # watched: nights and a weekend are known
LONGEST_GAP_H = 60 * 24.0

BINS = 48  # half hours of a day
DAY_S = 86400.0
_BIN_S = DAY_S / BINS


class Stretch(NamedTuple):
    """A stretch of time within one half hour."""

    start: float  # Unix time
    seconds: float
    weekday: int  # 0 is Monday
    bin: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """The memory of one source. Immutable; `text` is its form in the archive, below 1 KB."""

    visited: int | None = None  # the last visit learned from; Unix time, as all moments here
    faded: int = 0  # until when the counts have faded
    news: int | None = None  # the last visit that brought something new
    bins: tuple[float, ...] = (0.0,) * (2 * BINS)  # items on weekdays, then on weekend days
    days: tuple[float, ...] = (0.0,) * 7  # items, Monday first
    watched: tuple[float, ...] = (0.0,) * 7  # days, Monday first
    lately: tuple[float, ...] = (0.0,) * (2 * len(LATELY))  # of each: items that came, expected
    gaps: tuple[float, ...] = (0.0,) * 3  # between news: number, hours, hours squared
    missed: float = 0.0  # items expected since the last one came

    @classmethod
    def parse(cls, text: str) -> Rhythm:
        """Read what `text` gave. Anything else is an empty rhythm: it is learned anew."""
        if text == "{}":  # of a source that was never visited
            return cls()
        try:
            return _read(json.loads(text))
        except (ValueError, TypeError, KeyError, RecursionError):
            return cls()

    def text(self) -> str:
        if self.visited is None:
            return "{}"
        moments = {"visited": self.visited, "faded": self.faded, "news": self.news}
        lists = {name: getattr(self, name) for name in _LENGTHS}
        fields = moments | {"missed": self.missed} | lists
        return _BRIEF_JSON.encode(fields)


_BRIEF_JSON = json.JSONEncoder(separators=(",", ":"))
_LENGTHS = {"bins": 2 * BINS, "days": 7, "watched": 7, "lately": 2 * len(LATELY), "gaps": 3}


def learn_rhythm(
    rhythm: Rhythm, *, at: datetime, new: int, published: Sequence[datetime]
) -> Rhythm:
    """Take in a readable visit at `at` that brought `new` entries.

    `published`: the dates (aware) of the entries that the document lists, or of the new ones. A
    new entry counts at its date if that lies between the visits, else evenly between them.
    """
    now = math.floor(at.timestamp())
    dates = sorted((date.timestamp() for date in published), reverse=True)
    if rhythm.visited is None:
        return _first(now, new, dates)
    since = min(rhythm.visited, now)
    rhythm = _fade(rhythm, now)
    timely, others = _place(dates, new, since, now)
    seen_from = _seen_from(dates, new, since, now)
    moods = _moods(rhythm, since, seen_from, now, len(timely) + others)
    tally = _Tally(rhythm)
    tally.watch(seen_from, now, others)
    tally.count(timely)
    if new and rhythm.news is not None:
        tally.gaps([rhythm.news, now])
    return tally.rhythm(visited=now, news=now if new else rhythm.news, **moods)


def usual_gap(rhythm: Rhythm) -> timedelta | None:
    """The gap between news that a moment usually falls into, nights and weekends included.

    That is the mean over time, not over gaps: bursts don't hide that nights are long. None until
    five gaps are known.
    """
    number, hours, squares = rhythm.gaps
    return timedelta(hours=squares / hours) if number >= ENOUGH_GAPS and hours > 0 else None


def expected(rhythm: Rhythm, start: float, end: float) -> Iterator[tuple[float, float]]:
    """Give (seconds, items a second) for each half hour, without the mood of the last days."""
    whole = [(sum(rhythm.days), sum(rhythm.watched))]
    [overall] = _estimates(whole, USUAL_RATE, OVERALL_WEIGHT)
    counts = zip(rhythm.days, rhythm.watched, strict=True)
    weekdays = _estimates(counts, overall, WEEKDAY_WEIGHT)
    watched = (sum(rhythm.watched[:5]), sum(rhythm.watched[5:]))
    for piece in pieces(start, end):
        items, days = rhythm.bins[piece.bin] * BINS, watched[piece.weekday >= 5]
        # as `_estimates`: of each half hour that is looked ahead to
        rate = (items + weekdays[piece.weekday] * BIN_WEIGHT) / (days + BIN_WEIGHT)
        yield piece.seconds, rate / DAY_S


def expected_items(rhythm: Rhythm, until: datetime) -> float | None:
    """How many items should have come since the last visit; None until a week was watched."""
    if rhythm.visited is None or sum(rhythm.watched) < ENOUGH_DAYS:
        return None
    return sum(s * rate for s, rate in expected(rhythm, rhythm.visited, until.timestamp()))


def moods(rhythm: Rhythm) -> list[tuple[float, float]]:
    """Give (factor on the expected rate, seconds in which it fades out) of each memory."""
    lately = (
        ((prior + rhythm.lately[2 * at]) / (prior + rhythm.lately[2 * at + 1]), memory * DAY_S)
        for at, (memory, prior) in enumerate(LATELY)
    )
    return [*lately, (PATIENCE / (PATIENCE + rhythm.missed), math.inf)]


def pieces(start: float, end: float) -> Iterator[Stretch]:
    while start < end:
        days, second = divmod(start, DAY_S)
        half_hour = int(second // _BIN_S)
        weekday = int(days + 3) % 7  # 1 January 1970 was a Thursday
        stop = min(end, days * DAY_S + (half_hour + 1) * _BIN_S)
        yield Stretch(start, stop - start, weekday, half_hour + BINS * (weekday >= 5))
        start = stop


def _estimates(counts: Iterable[tuple[float, float]], coarser: float, weight: float) -> list[float]:
    """Items a day of each (items, days): the mean of a gamma posterior whose prior is worth
    `weight` days."""
    return [(items + coarser * weight) / (days + weight) for items, days in counts]


class _Tally:
    """The counts of a rhythm while a visit is added to them."""

    def __init__(self, rhythm: Rhythm) -> None:
        self._old = rhythm
        self._bins, self._days = [*rhythm.bins], [*rhythm.days]
        self._watched, self._gaps = [*rhythm.watched], [*rhythm.gaps]

    def count(self, moments: Sequence[float]) -> None:
        for moment in moments:
            piece = next(pieces(moment, moment + 1))
            self._add(piece, 1.0)

    def watch(self, start: float, end: float, items: float) -> None:
        """Count the time, and `items` spread evenly over it."""
        for piece in pieces(start, end):
            self._watched[piece.weekday] += piece.seconds / DAY_S
            if items:
                self._add(piece, items * piece.seconds / (end - start))

    def gaps(self, news: Sequence[float]) -> None:
        for earlier, later in pairwise(news):
            hours = min((later - earlier) / 3600, LONGEST_GAP_H)
            if hours > 0:
                self._gaps = [
                    round(n + more, 3)
                    for n, more in zip(self._gaps, (1, hours, hours**2), strict=True)
                ]

    def rhythm(
        self,
        *,
        visited: int,
        news: int | None,
        lately: tuple[float, ...] | None = None,
        missed: float | None = None,
    ) -> Rhythm:
        """The rhythm with what was counted; a mood that is None stays as it was."""
        return Rhythm(
            visited=visited,
            faded=self._old.faded,
            news=news,
            lately=self._old.lately if lately is None else lately,
            missed=self._old.missed if missed is None else missed,
            bins=tuple(self._bins),
            days=tuple(self._days),
            watched=tuple(round(days, 5) for days in self._watched),  # two minutes are 0.00139
            gaps=tuple(self._gaps),
        )

    def _add(self, piece: Stretch, items: float) -> None:
        self._bins[piece.bin] = _brief(self._bins[piece.bin] + items)
        self._days[piece.weekday] = round(self._days[piece.weekday] + items, 2)


def _first(now: int, new: int, dates: Sequence[float]) -> Rhythm:
    """Learn from what the first document tells of the past.

    Its oldest fifth is left out: pinned items. So are dates that say nothing: all of one half
    hour, which is a source that stamps everything with the time of the visit.
    """
    tally = _Tally(Rhythm(faded=now))
    past = [date for date in dates if now - BACKLOG.total_seconds() < date <= now]
    start = past[len(past) * 4 // 5] if len(past) >= 3 else float(now)
    if now - start > _BIN_S:
        recent = [date for date in past if date > start]
        spread = len({date % DAY_S for date in recent}) <= len(recent) / 2  # days without hours
        tally.watch(start, now, len(recent) if spread else 0)
        tally.count([] if spread else recent)
        tally.gaps([start, *reversed(recent)])
    return tally.rhythm(visited=now, news=now if new else None)


def _place(dates: Sequence[float], new: int, since: int, now: int) -> tuple[list[float], int]:
    """Give the dates of the new items that lie between the visits, and the number of the others.

    Left out are items that are new to us and old in the world.
    """
    newest = dates[:new]
    late, early = since - LATE.total_seconds(), now + EARLY.total_seconds()
    timely = [min(date, now) for date in newest if late < date <= early]
    old = min(late, now - ZONE_ERROR.total_seconds())
    others = new - len(timely) - sum(date <= old for date in newest)
    return timely[:NEWS_CAP], min(others, MISDATED_CAP)


def _seen_from(dates: Sequence[float], new: int, since: int, now: int) -> float:
    """A document of which every item is new may have lost what came before its oldest one."""
    if new >= len(dates) >= 10:
        return min(max(since, dates[-1]), now)
    return since


def _moods(rhythm: Rhythm, since: int, seen_from: float, now: int, came: int) -> dict[str, Any]:
    """Give the fields `lately` and `missed` after a visit to which `came` items were new."""
    start = max(seen_from, now - 7 * DAY_S)
    due = sum(seconds * rate for seconds, rate in expected(rhythm, start, now))
    missed = 0.0 if came else min(rhythm.missed + due, 1e6)
    factors = [factor for factor, _ in moods(rhythm)]
    due *= factors.pop()
    values: list[float] = []
    for at, (memory, _) in reversed([*enumerate(LATELY)]):  # the longer memory scales the shorter
        came_before, due_before = rhythm.lately[2 * at : 2 * at + 2]
        kept = math.exp((since - now) / DAY_S / memory)
        values = [came_before * kept + came, due_before * kept + due, *values]
        due *= factors[at]
    return {"lately": tuple(round(value, 4) for value in values), "missed": round(missed, 4)}


def _fade(rhythm: Rhythm, now: int) -> Rhythm:
    """Let the counts fade once a day: more often, rounding would eat them."""
    days = (now - rhythm.faded) / DAY_S
    if days < 1:
        return rhythm
    kept, gaps_kept = 0.5 ** (days / HALF_LIFE_D), 0.5 ** (days / GAP_HALF_LIFE_D)
    return replace(
        rhythm,
        faded=now,
        bins=tuple(_brief(n * kept) for n in rhythm.bins),
        days=tuple(round(n * kept, 2) for n in rhythm.days),
        watched=tuple(round(n * kept, 5) for n in rhythm.watched),
        gaps=tuple(round(n * gaps_kept, 3) for n in rhythm.gaps),
    )


def _brief(count: float) -> float:
    """Cut a half hour's count to what matters of it, so that the text stays short."""
    return round(count, 2 if count < 100 else 0)


def _read(fields: dict[str, object]) -> Rhythm:
    """Make a Rhythm of its fields; a ValueError, TypeError or KeyError when they are not."""
    lists = {name: _numbers(fields[name], length) for name, length in _LENGTHS.items()}
    visited, faded, news = (_moment(fields[name]) for name in ("visited", "faded", "news"))
    if visited is None or faded is None:
        raise ValueError("never visited")
    (missed,) = _numbers([fields["missed"]], 1)
    return Rhythm(visited=visited, faded=faded, news=news, missed=missed, **lists)


def _moment(value: object) -> int | None:
    if value is None or (isinstance(value, int) and 0 <= value < 2**40):
        return value
    raise ValueError("not a Unix time")


def _numbers(value: object, length: int) -> tuple[float, ...]:
    if not isinstance(value, list) or len(value) != length:
        raise ValueError(f"not {length} numbers")
    if not (min(value) >= 0 and sum(value) < 1e9):  # which NaN is not
        raise ValueError("a number out of range")
    return tuple(map(float, value))
