"""Reading the dates of news: Chinese, ISO 8601, RFC 822, epochs, and European month names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime

from dateutil import parser as dateutil_parser

from crawler.text.numerals import in_digits
from crawler.text.relative_dates import read_relative
from crawler.text.zones import MAIL_ZONE, OFFSETS, ZONE, is_of_china, named_zone

EARLIEST_YEAR, LATEST_YEAR = 1900, 2099

_MONTHS = {
    1: "january jan januar jänner januari janvier janv"
    " enero ene gennaio gen janeiro stycznia ocak января",
    2: "february feb februar februari février févr fevrier"
    " febrero febbraio fevereiro fev lutego şubat февраля",
    3: "march mar märz marz maart mars marzo março marca marts mart марта",
    4: "april apr avril avr abril abr aprile kwietnia nisan апреля",
    5: "may mai mei mayo maggio mag maio maja maj mayıs мая",
    6: "june jun juni juin junio giugno giu junho czerwca haziran июня",
    7: "july jul juli juillet juil julio luglio lug julho lipca temmuz июля",
    8: "august aug augustus août aout agosto ago sierpnia augusti ağustos августа",
    9: "september sept sep septembre septiembre settembre set setembro września eylül сентября",
    10: "october oct oktober okt octobre octubre ottobre ott outubro out października ekim октября",
    11: "november nov novembre noviembre novembro listopada kasım ноября",
    12: "december dec dezember dez décembre déc decembre"
    " diciembre dic dicembre dezembro grudnia aralık декабря",
}
_MONTH = {name: number for number, names in _MONTHS.items() for name in names.split()}
_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_Y = r"(?P<y>(?:19|20)\d\d)"

_DMY = r"(?P<d>\d{1,2})(?:\.|st|nd|rd|th|er|º)?[\s-]+(?:de\s+|of\s+)?"

# the order of two numbers is told by the day of the week beside them
_WEEK = (
    "mon|montag|lun|星期一|周一|月曜", "tue|dienstag|mar|星期二|周二|火曜",
    "wed|mittwoch|mer|mié|星期三|周三|水曜", "thu|donnerstag|jeu|jue|gio|星期四|周四|木曜",
    "fri|freitag|ven|vie|星期五|周五|金曜", "sat|samstag|sam|sáb|sab|星期六|周六|土曜",
    "sun|sonntag|dim|dom|星期日|星期天|周日|日曜",
)  # fmt: skip
_WEEKDAYS = tuple(re.compile(rf"(?<![^\W\d_])(?:{names})", re.I) for names in _WEEK)
_WEEK_WORD = rf"(?<![^\W\d_])(?:{'|'.join(_WEEK)})[^\W\d_]{{0,8}}"
_BESIDE = 14  # characters from a date within which its day of the week stands

_DAYS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?<!\d){_Y}\s*(?:[年년]|[-/.])\s*(?P<m>\d{{1,2}})\s*(?:[月월]|[-/.])\s*(?P<d>\d{{1,2}})(?!\d)[日号號일]?",
        rf"(?<!\d){_Y}(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d(?!\d{{5}}))",
        rf"\b(?P<n>{_NAMES})\b\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+{_Y}",
        rf"(?<!\d){_DMY}(?P<n>{_NAMES})\b\.?,?[\s-]+(?:de\s+|del\s+)?{_Y}",
        rf"(?<!\d)(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.\s?{_Y}",
        rf"(?<![\d/])(?P<d>1[3-9]|2\d|3[01])/(?P<m>0?[1-9]|1[0-2])/{_Y}",
        rf"(?<![\d/])(?P<m>0?[1-9]|1[0-2])/(?P<d>1[3-9]|2\d|3[01])/{_Y}",
        rf"(?<![\d/])(?P<a>0?[1-9]|1[0-2])/(?P<b>0?[1-9]|1[0-2])/{_Y}",
        rf"{_WEEK_WORD}[.,]*\s+(?P<a>\d{{1,2}})(?P<sep>[\s./-])(?P<b>\d{{1,2}})(?P=sep){_Y}",
    )
)
# `18-03-08 20:56` on Chinese pages. Elsewhere, and without a time, a year of two digits is
# ambiguous (dateutil takes this one for 2008-03-18) and no date
_SHORT_YEAR = re.compile(
    r"(?<![\d./-])(?P<yy>[0-4]\d)-(?P<m>0[1-9]|1[0-2])-(?P<d>0[1-9]|[12]\d|3[01])(?=\s*\d\d:\d\d)"
)
_DAY_WORDS = r"(?:[（(]?\s*(?:星期|周|礼拜)[一二三四五六日天]\s*[)）]?)?"
_GAP = rf"\.?[\sT,，|·•\-–—/]*{_DAY_WORDS}\s*(?:at|um|à|às|a las|alle ore|ore|kl\.|,)?\s*"
_CLOCK = (
    r"(?P<half>上午|下午|凌晨|早上|中午|傍晚|晚上|晚|午前|午後|오전|오후)?\s*(?P<h>\d{1,2})"
    r"(?:\s*[:h.]\s*(?P<mi>\d\d)(?!\d)(?::\s*(?P<s>\d{1,2}))?(?:[.,]\d+)?"
    r"|:(?P<mi3>\d)(?::(?P<s3>\d{1,2})(?!\d)|(?=\s*$))"
    r"|\s*[时時點点시]\s*(?:(?P<mi2>\d{1,2})[分분]?)?\s*(?:(?P<s2>\d{1,2})[秒초])?"
    r"|(?=\s?[ap]\.?\s?m\b))"
    r"\s*(?:uhr\b)?\s*(?P<ap>[ap]\.?\s?m\b\.?)?"
)
_AFTER = re.compile(_GAP + _CLOCK + ZONE, re.I)
_COMPACT_AFTER = re.compile(r"T?(?P<h>[01]\d|2[0-3])(?P<mi>[0-5]\d)(?P<s>[0-5]\d)?(?!\d)(?P<z>Z)?")
_BEFORE = re.compile(
    _CLOCK
    + ZONE
    + r"[\s,，|·•on-]*(?:[a-z]{3,9}day,?|mon,?|tue,?|wed,?|thu,?|fri,?|sat,?|sun,?)?\s*$",
    re.I,
)
_ISO = re.compile(
    rf"(?:19|20)\d\d-\d\d-\d\d(?P<h>[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?(h)(?P<z>Z|{OFFSETS})?)"
)
_EPOCH = re.compile(r"[1-9]\d{8,9}(?:\.\d+)?|[1-9]\d{12}")

_ASCII = str.maketrans("０１２３４５６７８９：／－．＋\u3000", "0123456789:/-.+ ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What a text says of a time; without `timed` the hour is midnight in the given zone."""

    when: datetime  # aware
    timed: bool
    zoned: bool  # the text names its zone


def parse_date(text: str, zone: tzinfo, *, now: datetime | None = None) -> datetime | None:
    """Return the first full date that the text names, aware; None when there is none.

    Knows `2021年12月9日 14:42`, ISO 8601, RFC 822, epochs in seconds and milliseconds, compact
    `20211209144200`, and month names in thirteen European languages, in full-width digits and in
    Chinese numerals too. A
    zone named in the text wins, else `zone`; an unknown zone name counts as none. CST is China's
    where `zone` is or the text is Chinese, else Chicago's. A date without a time is midnight. A
    date without a year, or relative to today, is read only by `now` (see `read_relative`). One with
    a year of two digits is None, but in RFC 822 and as `18-03-08 20:56` on Chinese pages. Years
    outside 1900-2099 are no dates, and neither is the zero of a clock (1 January 1970).
    """
    moment = read_moment(text, zone, now=now)
    return moment.when if moment else None


def read_moment(
    text: str, zone: tzinfo, *, day_first: bool = False, now: datetime | None = None
) -> Moment | None:
    """Return the first full date of the text, and whether it names its time and zone.

    `day_first`: 10/05/2022 is in May, as everywhere but in America. `now`: when it was read.
    """
    text = text.strip()[:300]
    text = text if text.isascii() else in_digits(_in_ascii(text))[0]
    moment = (
        _epoch(text)
        or _iso(text, zone)
        or _mailed(text, zone)
        or _searched(text, zone, day_first=day_first)
        or _dateutil(text, zone, day_first=day_first)
        or (_relative(text, zone, now) if now else None)
    )
    return None if moment is None or is_clock_zero(moment.when) else moment


def _relative(text: str, zone: tzinfo, now: datetime) -> Moment | None:
    found = read_relative(text, zone, now)
    return found and Moment(when=found[0].replace(microsecond=0), timed=found[1], zoned=False)


def is_clock_zero(day: date) -> bool:
    """Whether a day is where a clock begins that nobody set: no news is of that day.

    1970-01-01 is Unix's, a day earlier west of Greenwich, and its whole January where somebody
    took milliseconds for seconds, or the reverse; 1900-01-01 is that of databases and sheets.
    """
    year, month = day.year, day.month
    unix = (year, month) == (1970, 1) or (year, month, day.day) == (1969, 12, 31)
    return unix or (year, month, day.day) == (1900, 1, 1)


def http_date(text: str) -> datetime | None:
    """Return the time of an HTTP header (Date, Expires), aware; None for any other text."""
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _in_ascii(text: str) -> str:
    """Full-width digits and signs as plain ones, each in its place."""
    return text if text.isascii() else text.translate(_ASCII)


def _epoch(text: str) -> Moment | None:
    if not _EPOCH.fullmatch(text):
        return None
    seconds = float(text)
    seconds = seconds / 1000 if seconds > 1e11 else seconds
    when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(seconds))
    return Moment(when=when, timed=True, zoned=True)


def _iso(text: str, zone: tzinfo) -> Moment | None:
    """What is nothing but an ISO 8601 date: nearly every sitemap's and meta tag's form."""
    if not (match := _ISO.fullmatch(text)):
        return None
    try:
        when = datetime.fromisoformat(text).replace(microsecond=0)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=zone)
    return Moment(when=when, timed=bool(match["h"]), zoned=bool(match["z"]))


_HMS = r"(?P<h>\d{1,2}):(?P<mi>\d{1,2})(?::(?P<s>\d{1,2}))?"
_MAILED = (
    re.compile(  # RFC 822, 850 and 5322
        r"(?:[A-Z][a-z]{2,8},?\s+)?(?P<d>\d{1,2})[\s-](?P<n>[A-Z][a-z]{2,8})[\s-](?P<y>\d{4}|\d\d)"
        rf"\s+{_HMS}(?:\s*{MAIL_ZONE})?(?:\s*\([^()]*\))?"
    ),
    re.compile(  # C's asctime and Java's Date.toString
        rf"(?:[A-Z][a-z]{{2}}\s+)?(?P<n>[A-Z][a-z]{{2}})\s+(?P<d>\d{{1,2}})\s+{_HMS}"
        rf"(?:\s+{MAIL_ZONE})?\s+(?P<y>\d{{4}})"
    ),
)


def _mailed(text: str, zone: tzinfo) -> Moment | None:
    """The dates that software writes into mail and feeds; -0000 is UTC (RFC 5322 §3.3).

    Not by email.utils: it calls a date without a zone UTC, and +08 eight minutes.
    """
    match = next(filter(None, (form.fullmatch(text) for form in _MAILED)), None)
    if match is None or not (month := _MONTH.get(match["n"].lower())):
        return None
    named = named_zone(match["z"] or "", chinese=is_of_china(text, zone))
    day, hour, minute, second = (int(match[name] or 0) for name in ("d", "h", "mi", "s"))
    clock = (hour, minute, min(second, 59))
    try:
        when = datetime(_mail_year(match["y"]), month, day, *clock, tzinfo=named or zone)
    except ValueError:
        return None
    in_range = EARLIEST_YEAR <= when.year <= LATEST_YEAR
    return Moment(when=when, timed=True, zoned=named is not None) if in_range else None


def _mail_year(digits: str) -> int:
    """Two digits from 50 on are of the last century (RFC 5322 §4.3)."""
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 50 else 1900)


def _searched(text: str, zone: tzinfo, *, day_first: bool) -> Moment | None:
    """The date that stands first among those the patterns find."""
    moments = find_moments(text, zone, day_first=day_first)
    first = min(moments, key=lambda found: found[0], default=None)
    return first[2] if first else None


def find_moments(
    text: str, zone: tzinfo, *, day_first: bool = False
) -> Iterator[tuple[int, str, Moment]]:
    """Yield every full date in a text: where it begins, its words, and what they mean.

    `day_first` decides what 10/05/2022 means where both numbers may be a month.
    """
    plain, places = (text, range(len(text) + 1)) if text.isascii() else in_digits(_in_ascii(text))
    chinese = is_of_china(text, zone)
    for pattern in (*_DAYS, _SHORT_YEAR) if chinese else _DAYS:
        for match in pattern.finditer(plain):
            if day := _day(match, day_first=day_first):
                clock = _clock(plain, match)
                begin = min(match.start(), clock.start()) if clock else match.start()
                end = max(match.end(), clock.end()) if clock else match.end()
                start, begin, end = (places[at] for at in (match.start(), begin, end))
                yield start, text[begin:end].strip(), _with_clock(day, clock, zone, chinese)


def _day(match: re.Match[str], *, day_first: bool) -> date | None:
    groups = match.groupdict()
    if groups.get("a"):
        groups |= _ordered(match, day_first=day_first)
    month = int(groups["m"]) if groups.get("m") else _MONTH[groups["n"].lower()]
    try:
        day = date(int(groups.get("y") or f"20{groups['yy']}"), month, int(groups["d"]))
    except ValueError:
        return None
    return None if is_clock_zero(day) else day


def _ordered(match: re.Match[str], *, day_first: bool) -> dict[str, str]:
    """Which of two numbers is the month: by the day of the week, else by custom."""
    orders = [dict(zip(names, (match["a"], match["b"]), strict=True)) for names in ("dm", "md")]
    if not day_first and "sep" not in match.re.groupindex:  # with a weekday before it: as in mail
        orders.reverse()
    beside = match.string[max(0, match.start() - _BESIDE) : match.end() + _BESIDE]
    named = [number for number, word in enumerate(_WEEKDAYS) if word.search(beside)]
    for order in orders:
        try:
            day = date(int(match["y"]), int(order["m"]), int(order["d"]))
        except ValueError:
            continue
        if day.weekday() in named:
            return order
    return next((order for order in orders if int(order["m"]) <= 12), orders[0])


def _clock(text: str, day: re.Match[str]) -> re.Match[str] | None:
    if re.fullmatch(r"\d{8}", day[0]) and (compact := _COMPACT_AFTER.match(text, day.end())):
        return compact
    return _AFTER.match(text, day.end()) or _BEFORE.search(
        text, max(0, day.start() - 30), day.start()
    )


def _with_clock(day: date, clock: re.Match[str] | None, zone: tzinfo, chinese: bool) -> Moment:
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - made aware below
    groups = clock.groupdict() if clock else {}
    hour, minute, second = _time_of_day(groups)
    if hour > 23 or minute > 59 or second > 60:
        groups, hour, minute, second = {}, 0, 0, 0
    named = named_zone(groups.get("z") or "", chinese=chinese)
    when = midnight + timedelta(hours=hour, minutes=minute, seconds=min(second, 59))
    return Moment(
        when=when.replace(tzinfo=named or zone), timed=bool(groups), zoned=named is not None
    )


_AFTERNOON = ("下午", "傍晚", "晚上", "晚", "午後", "오후")
_MORNING = ("凌晨", "午前", "오전")


def _time_of_day(groups: dict[str, str | None]) -> tuple[int, int, int]:
    hour = int(groups.get("h") or 0)
    minute = int(groups.get("mi") or groups.get("mi2") or groups.get("mi3") or 0)
    second = int(groups.get("s") or groups.get("s2") or groups.get("s3") or 0)
    half = groups.get("half") or ""
    afternoon = (groups.get("ap") or "").lower().startswith("p") or half in _AFTERNOON
    afternoon = afternoon or (half == "中午" and hour < 10)
    if afternoon and hour < 12:
        hour += 12
    elif hour == 12 and (groups.get("ap") or half in _MORNING) and not afternoon:
        hour = 0
    return hour, minute, second


_PROBES = (datetime(1904, 2, 3), datetime(1908, 5, 7))  # noqa: DTZ001 - defaults to compare


def _dateutil(text: str, zone: tzinfo, *, day_first: bool) -> Moment | None:
    """The forms left over (`12/09/2021 2:42 PM`); two defaults show which fields were absent."""
    if not 6 <= len(text) <= 40 or not re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", text):
        return None
    try:
        first, second = (
            dateutil_parser.parse(text, default=probe, ignoretz=True, dayfirst=day_first)
            for probe in _PROBES
        )
    except (ValueError, OverflowError, TypeError):
        return None
    if first.date() != second.date() or not EARLIEST_YEAR <= first.year <= LATEST_YEAR:
        return None
    named = re.search(ZONE + r"\W*$", text)
    offset = named_zone((named["z"] or "") if named else "", chinese=is_of_china(text, zone))
    timed = bool(re.search(r"\d\s*:\s*\d\d", text))
    return Moment(when=first.replace(tzinfo=offset or zone), timed=timed, zoned=offset is not None)
