"""When the hits of a search were published: a bar a day, a month or a year, that narrows to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from archive.web.face.charts import Bar, bar_chart
from archive.web.face.face import Face
from archive.web.search.question import Question, address_of

MOST_DAYS, MOST_MONTHS = 62, 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """The chart, the days it is from and to, and how many its tallest bar means of what."""

    chart: Markup
    first: date
    last: date
    most: int
    unit: str  # "day", "month", "year"


@dataclass(frozen=True, slots=True)
class _Span:
    begins: date
    ends: date  # the day after
    number: int


def histogram_of(
    hours: Iterable[tuple[str, int]], question: Question, face: Face
) -> Histogram | None:
    """Draw (UTC hour, how many); None where there is one day only, which says nothing."""
    counted: Counter[date] = Counter()
    for hour, number in hours:
        counted[face.day(f"{hour}:00:00Z")] += number
    if len(counted) < 2:
        return None
    first, last = min(counted), max(counted)
    unit = _unit(first, last)
    spans = list(_spans(counted, first, last, unit))
    return Histogram(
        chart=bar_chart([_bar(span, unit, question, face) for span in spans], _label(face)),
        first=first,
        last=last,
        most=max(span.number for span in spans),
        unit=unit,
    )


def _unit(first: date, last: date) -> str:
    if (last - first).days < MOST_DAYS:
        return "day"
    months = (last.year - first.year) * 12 + last.month - first.month
    return "month" if months < MOST_MONTHS else "year"


def _spans(counted: Counter[date], first: date, last: date, unit: str) -> Iterable[_Span]:
    begins = _floor(first, unit)
    sums: Counter[date] = Counter()
    for day, number in counted.items():
        sums[_floor(day, unit)] += number
    while begins <= last:
        ends = _next(begins, unit)
        yield _Span(begins, ends, sums[begins])
        begins = ends


def _floor(day: date, unit: str) -> date:
    if unit == "day":
        return day
    return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def _next(begins: date, unit: str) -> date:
    if unit == "day":
        return begins + timedelta(days=1)
    if unit == "year" or begins.month == 12:
        return begins.replace(year=begins.year + 1, month=1)
    return begins.replace(month=begins.month + 1)


def _bar(span: _Span, unit: str, question: Question, face: Face) -> Bar:
    if unit == "day":
        name, changes = face.full_day(span.begins), {"day": span.begins.isoformat()}
    else:
        name = f"{span.begins:%Y-%m}" if unit == "month" else f"{span.begins:%Y}"
        changes = {"after": span.begins.isoformat(), "before": span.ends.isoformat(), "day": ""}
    href = address_of(face, question, **changes) if span.number else ""
    return Bar(parts=(("", span.number),), title=f"{name}: {span.number}", href=href)


def _label(face: Face) -> str:
    return face.say("Articles found, by time of publication")
