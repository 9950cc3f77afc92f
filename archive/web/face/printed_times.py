"""Times as the pages print them: absolute, of 24 hours, in one zone.

Never "3 hours ago": that is wrong in a page that was printed, stored, or asked for as of a moment.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from archive.errors import ArchiveError
from archive.web.face.words import Language

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = timedelta(days=1)


def zone_named(name: str) -> ZoneInfo:
    """Give the zone of `[web] timezone`."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ArchiveError(
            f"[web] timezone is a name such as Asia/Shanghai or UTC, not {name[:60]!r}"
        ) from error


def clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def short_day(day: date, language: Language) -> str:
    """Give `29 Nov`, `11月29日`."""
    if language is Language.CHINESE:
        return f"{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]}"


def full_day(day: date, language: Language) -> str:
    """Give `29 Nov 2026`, `2026年11月29日`."""
    if language is Language.CHINESE:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{short_day(day, language)} {day.year}"


def named_day(day: date, language: Language) -> str:
    """Give `Sunday, 29 Nov 2026`, `2026年11月29日 星期日`."""
    if language is Language.CHINESE:
        return f"{full_day(day, language)} 星期{'一二三四五六日'[day.weekday()]}"
    return f"{_DAYS[day.weekday()]}, {full_day(day, language)}"


def weekday(day: date, language: Language) -> str:
    """Give `Sun 29`, `周日 29`."""
    if language is Language.CHINESE:
        return f"周{'一二三四五六日'[day.weekday()]} {day.day}"
    return f"{_DAYS[day.weekday()][:3]} {day.day}"


def full_time(moment: datetime, language: Language) -> str:
    """Give `29 Nov 2026, 06:14`, `2026年11月29日 06:14`."""
    comma = "" if language is Language.CHINESE else ","
    return f"{full_day(moment, language)}{comma} {clock(moment)}"


def short_time(moment: datetime, now: datetime, language: Language) -> str:
    """Give `06:14` within a day before `now`, else `28 Nov 06:14`, with another year."""
    if timedelta(0) <= now - moment < _DAY:
        return clock(moment)
    if moment.year != now.year:
        return full_time(moment, language)
    return f"{short_day(moment, language)} {clock(moment)}"


def length_of(span: timedelta, language: Language) -> str:
    """Give `2 h 05 min`, `3 days`; `2 小时 05 分`, `3 天`."""
    minutes = max(0, int(span.total_seconds()) // 60)
    hours, rest = divmod(minutes, 60)
    chinese = language is Language.CHINESE
    if hours >= 72:
        return f"{hours // 24} {'天' if chinese else 'days'}"
    if hours:
        return f"{hours} {'小时' if chinese else 'h'} {rest:02d} {'分' if chinese else 'min'}"
    return f"{rest} {'分' if chinese else 'min'}"


def first_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Give the moment, in UTC, at which a day of the zone begins."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
