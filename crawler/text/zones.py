"""The zones that dates name: offsets, abbreviations, and the names of the tz database."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from archive.text.han import has_han

OFFSETS = r"[+-](?:0\d|1[0-4])(?::?[0-5]\d)?(?!\d)"
REGION = r"(?-i:[A-Z][A-Za-z]+(?:/[A-Z][A-Za-z_+-]+){1,2})"  # America/Los_Angeles
# zone names in capitals only: `et`, `ist` and `mit` are words of languages that dates are in
ZONE = (
    rf"\s*[（(\[]?\s*(?P<z>Z(?![a-z])|(?:GMT|UTC)\s?[+-]\d{{1,2}}(?::?[0-5]\d)?(?!\d)|{OFFSETS}"
    rf"|北京时间|香港时间|{REGION}|(?-i:[A-Z]{{2,5}})(?![a-z]))?"
)
MAIL_ZONE = rf"(?P<z>[+-]\d\d(?::?\d\d)?|(?:GMT|UTC)[+-]\d{{1,2}}(?::?\d\d)?|{REGION}|[A-Z]{{1,5}})"

_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d\d)?$")
_NAMES = {
    "ET": "America/New_York", "EST": "-05:00", "EDT": "-04:00",
    "CT": "America/Chicago", "CST": "-06:00", "CDT": "-05:00",
    "MT": "America/Denver", "MST": "-07:00", "MDT": "-06:00",
    "PT": "America/Los_Angeles", "PST": "-08:00", "PDT": "-07:00",
    "AKST": "-09:00", "AKDT": "-08:00", "HST": "-10:00", "BRT": "-03:00", "ART": "-03:00",
    "Z": "+00:00", "GMT": "+00:00", "UTC": "+00:00", "UT": "+00:00", "WET": "+00:00",
    "WEST": "+01:00", "BST": "+01:00", "CET": "+01:00", "MEZ": "+01:00", "MET": "+01:00",
    "CEST": "+02:00", "MESZ": "+02:00", "MEST": "+02:00", "SAST": "+02:00",
    "EET": "+02:00", "EEST": "+03:00", "MSK": "+03:00", "TRT": "+03:00", "EAT": "+03:00",
    "PKT": "+05:00", "IST": "+05:30", "WIB": "+07:00", "ICT": "+07:00", "HKT": "+08:00",
    "SGT": "+08:00", "MYT": "+08:00", "PHT": "+08:00", "AWST": "+08:00", "JST": "+09:00",
    "KST": "+09:00", "ACST": "+09:30", "ACDT": "+10:30", "AEST": "+10:00",
    "AEDT": "+11:00", "NZST": "+12:00", "NZDT": "+13:00", "北京时间": "+08:00",
    "香港时间": "+08:00",
}  # fmt: skip
_CHINA = frozenset(
    {
        *("Asia/Shanghai", "Asia/Chongqing", "Asia/Urumqi", "Asia/Taipei", "Asia/Hong_Kong"),
        *("Asia/Macau", "Asia/Singapore", "PRC", "Hongkong", "UTC+08:00"),
    }
)
_FARTHEST = timedelta(hours=15)


def is_of_china(text: str, zone: tzinfo) -> bool:
    """Tell whether a date is written for readers in China: what CST means there."""
    return str(zone) in _CHINA or has_han(text)


def named_zone(name: str, *, chinese: bool) -> tzinfo | None:
    """Give the zone that a text names; None where it names none that is known."""
    name = name.strip()
    if "/" in name:
        return _region(name)
    name = name.upper()
    known = "+08:00" if name == "CST" and chinese else _NAMES.get(name, name)
    if match := _OFFSET.search(known):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        return timezone(-offset if match[1] == "-" else offset) if offset < _FARTHEST else None
    return _region(known) if "/" in known else None


@lru_cache(maxsize=256)
def _region(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone; a folder of them
        return None
