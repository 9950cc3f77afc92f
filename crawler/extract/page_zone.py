"""The calendar of a page: in which zone its readers see a time that it states in UTC."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

# countries with one zone, or one where nearly all outlets sit
_COUNTRIES = {
    "ae": "Asia/Dubai", "ar": "America/Argentina/Buenos_Aires", "at": "Europe/Vienna",
    "be": "Europe/Brussels", "br": "America/Sao_Paulo", "ch": "Europe/Zurich",
    "cn": "Asia/Shanghai", "co": "America/Bogota", "cz": "Europe/Prague", "de": "Europe/Berlin",
    "dk": "Europe/Copenhagen", "es": "Europe/Madrid", "fi": "Europe/Helsinki",
    "fr": "Europe/Paris", "gr": "Europe/Athens", "hk": "Asia/Hong_Kong", "hu": "Europe/Budapest",
    "ie": "Europe/Dublin", "il": "Asia/Jerusalem", "in": "Asia/Kolkata", "it": "Europe/Rome",
    "jp": "Asia/Tokyo", "kr": "Asia/Seoul", "lu": "Europe/Luxembourg", "mo": "Asia/Macau",
    "my": "Asia/Kuala_Lumpur", "ng": "Africa/Lagos", "nl": "Europe/Amsterdam",
    "no": "Europe/Oslo", "nz": "Pacific/Auckland", "pe": "America/Lima", "ph": "Asia/Manila",
    "pk": "Asia/Karachi", "pl": "Europe/Warsaw", "pt": "Europe/Lisbon", "ro": "Europe/Bucharest",
    "se": "Europe/Stockholm", "sg": "Asia/Singapore", "th": "Asia/Bangkok",
    "tr": "Europe/Istanbul", "tw": "Asia/Taipei", "ua": "Europe/Kyiv", "uk": "Europe/London",
    "vn": "Asia/Ho_Chi_Minh", "za": "Africa/Johannesburg",
}  # fmt: skip
# .co and .tv are sold to anyone; under .com.co only Colombia's
_SOLD = frozenset({"co"})
_FARTHEST = timedelta(hours=14)
_STEP_SECONDS = 15 * 60  # every zone in use is a multiple of a quarter of an hour from UTC
_SLACK_SECONDS = 60  # pages print minutes


def as_printed(claimed: datetime, printed: datetime | None, url: str) -> datetime:
    """Return the claimed moment, if it is in UTC, in the zone of the page's readers.

    `printed` is the wall clock that the page shows, where it shows one: the difference is its
    offset. Else the host's country decides. The moment itself never changes.
    """
    if claimed.utcoffset() != timedelta(0):
        return claimed
    offset = _offset(claimed, printed) if printed else None
    zone = timezone(offset) if offset is not None else country_zone(url)
    return claimed.astimezone(zone) if zone else claimed


def _offset(claimed: datetime, printed: datetime) -> timedelta | None:
    ahead = (printed.replace(tzinfo=claimed.tzinfo) - claimed).total_seconds()
    steps = round(ahead / _STEP_SECONDS)
    offset = timedelta(seconds=steps * _STEP_SECONDS)
    exact = abs(ahead - offset.total_seconds()) < _SLACK_SECONDS
    return offset if exact and abs(offset) <= _FARTHEST else None


def country_zone(url: str) -> tzinfo | None:
    """The zone of the country whose domain the host is in; None where it has several or none."""
    labels = (urlsplit(url).hostname or "").split(".")
    country = labels[-1]
    if country in _SOLD and (len(labels) < 3 or labels[-2] not in ("com", "gov", "org", "edu")):
        return None
    return ZoneInfo(_COUNTRIES[country]) if country in _COUNTRIES else None
