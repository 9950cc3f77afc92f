"""Reading the dates of news: Chinese, ISO 8601, RFC 822, epochs, and European month names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_tz
from zoneinfo import ZoneInfo

from dateutil import parser as dateutil_parser

EARLIEST_YEAR, LATEST_YEAR = 1900, 2099

_MONTHS = {
    1: "january jan januar jänner januari janvier janv enero ene gennaio gen janeiro",
    2: "february feb februar februari février févr fevrier febrero febbraio fevereiro fev",
    3: "march mar märz marz maart mars marzo março",
    4: "april apr avril avr abril abr aprile",
    5: "may mai mei mayo maggio mag maio",
    6: "june jun juni juin junio giugno giu junho",
    7: "july jul juli juillet juil julio luglio lug julho",
    8: "august aug augustus août aout agosto ago",
    9: "september sept sep septembre septiembre settembre set setembro",
    10: "october oct oktober okt octobre octubre ottobre ott outubro out",
    11: "november nov novembre noviembre novembro",
    12: "december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro",
}
_MONTH = {name: number for number, names in _MONTHS.items() for name in names.split()}
_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_Y = r"(?P<y>(?:19|20)\d\d)"

_DMY = r"(?P<d>\d{1,2})(?:\.|st|nd|rd|th|er|º)?[\s-]+(?:de\s+|of\s+)?"

_DAYS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?<!\d){_Y}\s*(?:年|[-/.])\s*(?P<m>\d{{1,2}})\s*(?:月|[-/.])\s*(?P<d>\d{{1,2}})(?!\d)日?号?",
        rf"(?<!\d){_Y}(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d(?!\d{{5}}))",
        rf"\b(?P<n>{_NAMES})\b\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+{_Y}",
        rf"(?<!\d){_DMY}(?P<n>{_NAMES})\b\.?,?[\s-]+(?:de\s+|del\s+)?{_Y}",
        rf"(?<!\d)(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.\s?{_Y}",
        rf"(?<![\d/])(?P<d>1[3-9]|2\d|3[01])/(?P<m>0?[1-9]|1[0-2])/{_Y}",
        rf"(?<![\d/])(?P<m>0?[1-9]|1[0-2])/(?P<d>1[3-9]|2\d|3[01])/{_Y}",
        r"^(?P<yy>[0-4]\d)-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)",  # 18-03-08: year first, as ISO
    )
)
_DAY_WORDS = r"(?:[（(]?\s*(?:星期|周|礼拜)[一二三四五六日天]\s*[)）]?)?"
_GAP = rf"[\sT,，|·•\-–—/]*{_DAY_WORDS}\s*(?:at|um|à|às|a las|alle ore|ore|kl\.|,)?\s*"
_CLOCK = (
    r"(?P<half>上午|下午|凌晨|早上|中午|晚上|晚)?\s*(?P<h>\d{1,2})"
    r"(?:\s*[:：h.]\s*(?P<mi>\d\d)(?!\d)(?:[:：]\s*(?P<s>\d\d))?(?:[.,]\d+)?"
    r"|\s*[时點点]\s*(?:(?P<mi2>\d{1,2})分?)?(?:(?P<s2>\d{1,2})秒)?)"
    r"\s*(?:uhr\b)?\s*(?P<ap>[ap]\.?\s?m\b\.?)?"
)
_ZONE = (
    r"\s*[（(]?\s*(?P<z>Z\b|(?:GMT|UTC)?\s?[+-](?:0\d|1[0-4])(?::?[0-5]\d)?(?!\d)|北京时间|香港时间"
    r"|[A-Z]{2,4}T?\b)?"
)
_AFTER = re.compile(_GAP + _CLOCK + _ZONE, re.I)
_COMPACT_AFTER = re.compile(r"T?(?P<h>[01]\d|2[0-3])(?P<mi>[0-5]\d)(?P<s>[0-5]\d)?(?!\d)(?P<z>Z)?")
_BEFORE = re.compile(
    _CLOCK
    + _ZONE
    + r"[\s,，|·•on-]*(?:[a-z]{3,9}day,?|mon,?|tue,?|wed,?|thu,?|fri,?|sat,?|sun,?)?\s*$",
    re.I,
)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)?")
_EPOCH = re.compile(r"[1-9]\d{8,9}(?:\.\d+)?|[1-9]\d{12}")

_ZONE_NAMES = {
    "ET": "America/New_York", "EST": "-05:00", "EDT": "-04:00",
    "CT": "America/Chicago", "CST": "-06:00", "CDT": "-05:00",
    "MT": "America/Denver", "MST": "-07:00", "MDT": "-06:00",
    "PT": "America/Los_Angeles", "PST": "-08:00", "PDT": "-07:00",
    "Z": "+00:00", "GMT": "+00:00", "UTC": "+00:00", "UT": "+00:00", "WET": "+00:00",
    "BST": "+01:00", "CET": "+01:00", "MEZ": "+01:00", "CEST": "+02:00", "MESZ": "+02:00",
    "EET": "+02:00", "EEST": "+03:00", "MSK": "+03:00", "IST": "+05:30", "HKT": "+08:00",
    "SGT": "+08:00", "AWST": "+08:00", "JST": "+09:00", "KST": "+09:00", "AEST": "+10:00",
    "AEDT": "+11:00", "NZST": "+12:00", "NZDT": "+13:00", "北京时间": "+08:00",
    "香港时间": "+08:00",
}  # fmt: skip
_CHINA = ("Asia/Shanghai", "Asia/Chongqing", "Asia/Taipei", "Asia/Hong_Kong", "Asia/Macau", "PRC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What a text says of a time; without `timed` the hour is midnight in the given zone."""

    when: datetime  # aware
    timed: bool
    zoned: bool  # the text names its zone


def parse_date(text: str, zone: tzinfo) -> datetime | None:
    """Return the first full date that the text names, aware; None when there is none.

    Knows `2021年12月9日 14:42`, ISO 8601, RFC 822, epochs in seconds and milliseconds, compact
    `20211209144200`, and month names in seven European languages. A zone named in the text
    wins, else `zone`; a date without a time is midnight. A date without a year is None: there
    is no clock here to guess it from. Years outside 1900-2099 are no dates.
    """
    moment = read_moment(text, zone)
    return moment.when if moment else None


def read_moment(text: str, zone: tzinfo) -> Moment | None:
    """Return the first full date of the text, and whether it names its time and zone."""
    text = text.strip()[:300]
    return _epoch(text) or _rfc822(text, zone) or _searched(text, zone) or _dateutil(text, zone)


def _epoch(text: str) -> Moment | None:
    if not _EPOCH.fullmatch(text):
        return None
    seconds = float(text)
    seconds = seconds / 1000 if seconds > 1e11 else seconds
    when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(seconds))
    return Moment(when=when, timed=True, zoned=True)


_RFC822 = re.compile(r"(?:[A-Z][a-z]{2,8},?\s+)?\d{1,2}\s[A-Z][a-z]{2}\s\d{2,4}\s+\d{1,2}:\d\d")


def _rfc822(text: str, zone: tzinfo) -> Moment | None:
    """RFC 822 and 5322 as mail software reads them; -0000 is UTC."""
    fields = parsedate_tz(text) if _RFC822.match(text) else None
    if fields is None or not EARLIEST_YEAR <= fields[0] <= LATEST_YEAR:
        return None
    named = re.search(r"\b([A-Z]{1,4})\b\W*$", text)
    offset = _zone(named[1], zone) if named else None
    if offset is None and fields[9] is not None:
        offset = timezone(timedelta(seconds=fields[9])) if abs(fields[9]) < 86400 else None
    try:
        when = datetime(*fields[:6], tzinfo=offset or zone)
    except ValueError:
        return None
    return Moment(when=when, timed=True, zoned=offset is not None)


def _searched(text: str, zone: tzinfo) -> Moment | None:
    """The date that stands first among those the patterns find."""
    first = min(find_moments(text, zone), key=lambda found: found[0], default=None)
    return first[2] if first else None


def find_moments(text: str, zone: tzinfo) -> Iterator[tuple[int, str, Moment]]:
    """Yield every full date in a text: where it begins, its words, and what they mean."""
    for pattern in _DAYS:
        for match in pattern.finditer(text):
            if day := _day(match):
                clock = _clock(text, match)
                begin = min(match.start(), clock.start()) if clock else match.start()
                end = max(match.end(), clock.end()) if clock else match.end()
                yield match.start(), text[begin:end].strip(), _with_clock(day, clock, zone)


def _day(match: re.Match[str]) -> date | None:
    groups = match.groupdict()
    month = int(groups["m"]) if groups.get("m") else _MONTH[groups["n"].lower()]
    try:
        return date(int(groups.get("y") or f"20{groups['yy']}"), month, int(groups["d"]))
    except ValueError:
        return None


def _clock(text: str, day: re.Match[str]) -> re.Match[str] | None:
    if re.fullmatch(r"\d{8}", day[0]) and (compact := _COMPACT_AFTER.match(text, day.end())):
        return compact
    return _AFTER.match(text, day.end()) or _BEFORE.search(
        text, max(0, day.start() - 30), day.start()
    )


def _with_clock(day: date, clock: re.Match[str] | None, zone: tzinfo) -> Moment:
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - made aware below
    groups = clock.groupdict() if clock else {}
    hour, minute, second = _time_of_day(groups)
    if hour > 23 or minute > 59 or second > 60:
        groups, hour, minute, second = {}, 0, 0, 0
    named = _zone(groups.get("z") or "", zone)
    when = midnight + timedelta(hours=hour, minutes=minute, seconds=min(second, 59))
    return Moment(
        when=when.replace(tzinfo=named or zone), timed=bool(groups), zoned=named is not None
    )


def _time_of_day(groups: dict[str, str | None]) -> tuple[int, int, int]:
    hour = int(groups.get("h") or 0)
    minute = int(groups.get("mi") or groups.get("mi2") or 0)
    second = int(groups.get("s") or groups.get("s2") or 0)
    afternoon = (groups.get("ap") or "").lower().startswith("p") or groups.get("half") in (
        "下午",
        "晚上",
        "晚",
    )
    if afternoon and hour < 12:
        hour += 12
    elif hour == 12 and (groups.get("ap") or groups.get("half") == "凌晨") and not afternoon:
        hour = 0
    return hour, minute, second


def _zone(name: str, zone: tzinfo) -> tzinfo | None:
    """The zone a text names; CST is China's in a Chinese zone, Chicago's elsewhere."""
    name = name.strip().upper()
    if name == "CST" and str(zone) in _CHINA:
        return timezone(timedelta(hours=8))
    known = _ZONE_NAMES.get(name, name)
    if match := _OFFSET.search(known):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        return timezone(-offset if match[1] == "-" else offset)
    return ZoneInfo(known) if "/" in known else None


_PROBES = (datetime(1904, 2, 3), datetime(1908, 5, 7))  # noqa: DTZ001 - defaults to compare


def _dateutil(text: str, zone: tzinfo) -> Moment | None:
    """The forms left over (`12/09/2021 2:42 PM`); two defaults show which fields were absent."""
    if not 6 <= len(text) <= 40 or not re.search(r"\d", text):
        return None
    try:
        first, second = (
            dateutil_parser.parse(text, default=probe, ignoretz=True) for probe in _PROBES
        )
    except (ValueError, OverflowError, TypeError):
        return None
    if first.date() != second.date() or not EARLIEST_YEAR <= first.year <= LATEST_YEAR:
        return None
    named = re.search(_ZONE + r"\W*$", text)
    offset = _zone((named["z"] or "") if named else "", zone)
    timed = bool(re.search(r"\d\s*:\s*\d\d", text))
    return Moment(when=first.replace(tzinfo=offset or zone), timed=timed, zoned=offset is not None)
