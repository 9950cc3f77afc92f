"""Dates that mean something only on the day they are read: 昨天 09:30, 3小时前, 11-28 09:30.

Listings, flash news and social feeds write so. Only a text that is nothing else is read: within
prose a yesterday is a story's.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, tzinfo

_AFTERNOON = frozenset({"下午", "傍晚", "晚上", "晚", "午後", "오후", "pm"})
_CLOCK = (
    r"(?:(?P<half>上午|下午|凌晨|早上|中午|傍晚|晚上|晚|午前|午後|오전|오후)\s*)?"
    r"(?P<h>[01]?\d|2[0-3])\s*(?:[:：h]\s*(?P<mi>[0-5]?\d)(?:\s*[:：]\s*(?P<s>[0-5]?\d))?"
    r"|[时時点點시]\s*(?:(?P<mi2>[0-5]?\d)\s*[分분]?)?)(?:\s*(?P<ap>[ap])\.?m\.?)?"
)
_AT = rf"(?:[\s,，]*(?:at|um|à|alle|a las)?\s*{_CLOCK})?"
_LABEL = (
    r"[\[【(（]?\s*(?:(?:发布|發布|更新|发表|发稿)(?:时间|時間|于|於)?|时间|posted|published|updated)?"
    r"\s*[:：]?\s*"
)
_END = r"\s*[\])）】]?"

_DAYS_BACK = {
    0: "今天 今日 today heute aujourd'hui hoy oggi hoje 오늘 本日",
    1: "昨天 昨日 yesterday gestern hier ayer ieri ontem 어제",
    2: "前天 前日 vorgestern avant-hier anteayer 그저께",
    3: "大前天",
}
_DAY = {word: count for count, words in _DAYS_BACK.items() for word in words.split()}
_NAMED = re.compile(
    rf"{_LABEL}(?P<day>{'|'.join(sorted(_DAY, key=len, reverse=True))}){_AT}{_END}", re.I
)

_UNITS = {
    timedelta(seconds=1): "秒 秒钟 秒鐘 second seconds sec secs s sekunde sekunden 초",
    timedelta(minutes=1): "分 分钟 分鐘 minute minutes min mins m minuten minutos minuti 분",
    timedelta(
        hours=1
    ): "小时 小時 个小时 個小時 時間 hour hours hr hrs h stunde stunden heure heures"
    " hora horas ora ore 시간",
    timedelta(days=1): "天 日 day days d tag tagen jour jours día días dia dias giorno giorni 일",
    timedelta(weeks=1): "周 週 星期 个星期 week weeks w woche wochen semaine semaines",
}
_UNIT = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_UNIT_WORDS = "|".join(sorted(_UNIT, key=len, reverse=True))
_HALF_HOUR = re.compile(rf"{_LABEL}(?:半小时前|半个小时前|半小時前|half an hour ago){_END}", re.I)
_AGO = re.compile(
    rf"{_LABEL}(?:(?P<n>\d{{1,3}}|an?|one)\s*(?P<unit>{_UNIT_WORDS})\s*(?:以?前|之前|ago|전|fa)"
    rf"|(?:vor|hace|il y a)\s+(?P<n2>\d{{1,3}}|einer|einem|une?)\s+(?P<unit2>{_UNIT_WORDS}))"
    rf"{_END}",
    re.I,
)
_NOW = re.compile(rf"{_LABEL}(?:刚刚|刚才|剛剛|just now|now|방금){_END}", re.I)

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH_WORD = rf"(?P<n>(?:{'|'.join(_MONTHS)})[a-z]{{0,6}})\.?"
_YEARLESS = tuple(
    re.compile(rf"{_LABEL}{pattern}{_AT}{_END}", re.I)
    for pattern in (
        r"(?P<m>0?[1-9]|1[0-2])\s*[月월]\s*(?P<d>[0-3]?\d)\s*[日号號일]?",
        r"(?P<d>[0-3]?\d)\.\s?(?P<m>0?[1-9]|1[0-2])\.",
        r"(?P<m>0?[1-9]|1[0-2])[-/.](?P<d>[0-3]?\d)",
        r"(?P<d>1[3-9]|2\d|3[01])[-/.](?P<m>0?[1-9]|1[0-2])",
        rf"{_MONTH_WORD}\s+(?P<d>[0-3]?\d)(?:st|nd|rd|th)?",
        rf"(?P<d>[0-3]?\d)(?:st|nd|rd|th)?\s+{_MONTH_WORD}",
    )
)
_ONLY_CLOCK = re.compile(rf"{_LABEL}{_CLOCK}{_END}", re.I)
_SOON = timedelta(hours=1)  # a clock a little ahead of ours


def read_relative(text: str, zone: tzinfo, now: datetime) -> tuple[datetime, bool] | None:
    """Read a date by the day it is read on: the time, aware, and whether the text names an hour.

    `now` is aware; `zone` is the readers'. A day without a year is its last one that was not after
    today: this year's, in January last year's December. A clock alone is today's, or, where that
    is still to come, yesterday's. None for any other text.
    """
    if _NOW.fullmatch(text):
        return now, True
    if _HALF_HOUR.fullmatch(text):
        return now - timedelta(minutes=30), True
    if ago := _AGO.fullmatch(text):
        return _ago(ago, zone, now)
    today = now.astimezone(zone).date()
    if named := _NAMED.fullmatch(text):
        back = _DAY[named["day"].lower()]
        return _at(today - timedelta(days=back), named, zone)
    for pattern in _YEARLESS:
        if (found := pattern.fullmatch(text)) and (day := _last(found, today)):
            return _at(day, found, zone)
    if (clock := _ONLY_CLOCK.fullmatch(text)) and len(clock["mi"] or "00") == 2:
        when, _ = _at(today, clock, zone)
        return (when if when <= now + _SOON else when - timedelta(days=1)), True
    return None


def _ago(found: re.Match[str], zone: tzinfo, now: datetime) -> tuple[datetime, bool]:
    number, unit = found["n"] or found["n2"], _UNIT[(found["unit"] or found["unit2"]).lower()]
    when = now - (int(number) if number.isdigit() else 1) * unit
    if unit < timedelta(days=1):
        return when, True
    day = when.astimezone(zone).date()
    return datetime(day.year, day.month, day.day, tzinfo=zone), False


def _last(found: re.Match[str], today: date) -> date | None:
    """The last such day that is not after tomorrow (east of us it may be that already)."""
    groups = found.groupdict()
    month = int(groups["m"]) if groups.get("m") else 1 + _MONTHS.index(groups["n"][:3].lower())
    for year in (today.year + 1, today.year, today.year - 1):
        try:
            day = date(year, month, int(groups["d"]))
        except ValueError:
            continue
        if day <= today + timedelta(days=1):
            return day
    return None


def _at(day: date, found: re.Match[str], zone: tzinfo) -> tuple[datetime, bool]:
    hour, minute = int(found["h"] or 0), int(found["mi"] or found["mi2"] or 0)
    half = (found["half"] or f"{found['ap'] or ''}m").lower()
    if half in _AFTERNOON or (half == "中午" and hour < 10):
        hour += 12 if hour < 12 else 0
    elif hour == 12 and half in ("凌晨", "午前", "오전", "am"):
        hour = 0
    clock = (hour, minute, int(found["s"] or 0))
    return datetime(day.year, day.month, day.day, *clock, tzinfo=zone), found["h"] is not None
