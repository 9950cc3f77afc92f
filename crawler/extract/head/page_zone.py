"""The calendar of a page: in which zone its readers see a UTC time, and what 10/05 means."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

# countries with one zone, or one where nearly all outlets sit
_COUNTRIES = {
    "ae": "Asia/Dubai", "ar": "America/Argentina/Buenos_Aires", "at": "Europe/Vienna",
    "be": "Europe/Brussels", "bg": "Europe/Sofia", "bo": "America/La_Paz",
    "br": "America/Sao_Paulo", "ch": "Europe/Zurich", "cn": "Asia/Shanghai", "co": "America/Bogota",
    "cz": "Europe/Prague", "de": "Europe/Berlin", "dk": "Europe/Copenhagen", "ee": "Europe/Tallinn",
    "eg": "Africa/Cairo", "es": "Europe/Madrid", "fi": "Europe/Helsinki", "fr": "Europe/Paris",
    "gr": "Europe/Athens", "hk": "Asia/Hong_Kong", "hr": "Europe/Zagreb", "hu": "Europe/Budapest",
    "ie": "Europe/Dublin", "il": "Asia/Jerusalem", "in": "Asia/Kolkata", "it": "Europe/Rome",
    "jp": "Asia/Tokyo", "ke": "Africa/Nairobi", "kr": "Asia/Seoul", "lt": "Europe/Vilnius",
    "lu": "Europe/Luxembourg", "lv": "Europe/Riga", "mo": "Asia/Macau", "my": "Asia/Kuala_Lumpur",
    "ng": "Africa/Lagos", "nl": "Europe/Amsterdam", "no": "Europe/Oslo", "nz": "Pacific/Auckland",
    "pe": "America/Lima", "ph": "Asia/Manila", "pk": "Asia/Karachi", "pl": "Europe/Warsaw",
    "pt": "Europe/Lisbon", "ro": "Europe/Bucharest", "rs": "Europe/Belgrade",
    "se": "Europe/Stockholm", "sg": "Asia/Singapore", "si": "Europe/Ljubljana",
    "sk": "Europe/Bratislava", "th": "Asia/Bangkok", "tr": "Europe/Istanbul", "tw": "Asia/Taipei",
    "ua": "Europe/Kyiv", "uk": "Europe/London", "uy": "America/Montevideo", "ve": "America/Caracas",
    "vn": "Asia/Ho_Chi_Minh", "za": "Africa/Johannesburg",
}  # fmt: skip
# .co and .tv are sold to anyone; under .com.co only Colombia's
_SOLD = frozenset({"co"})
_FARTHEST = timedelta(hours=14)
_STEP_SECONDS = 15 * 60  # every zone in use is a multiple of a quarter of an hour from UTC
_SLACK_SECONDS = 60  # pages print minutes


# languages that nearly all of their readers read in one zone
_LANGUAGES = {
    "cs": "cz", "da": "dk", "de": "de", "el": "gr", "fi": "fi", "fr": "fr", "he": "il", "hr": "hr",
    "hu": "hu", "it": "it", "ja": "jp", "ko": "kr", "nb": "no", "nl": "nl", "pl": "pl", "ro": "ro",
    "sk": "sk", "sl": "si", "sv": "se", "th": "th", "tr": "tr", "uk": "ua", "vi": "vn", "zh": "cn",
}  # fmt: skip
_MONTH_FIRST_COUNTRIES = ("us", "ph")
_YEAR_FIRST_LANGUAGES = ("en", "zh", "ja", "ko", "hu", "lt", "")


def as_printed(
    claimed: datetime, printed: datetime | None, url: str, language: str = ""
) -> datetime:
    """Return the claimed moment, if it is in UTC, in the zone of the page's readers.

    `printed` is the wall clock that the page shows, where it shows one: the difference is its
    offset. Else the host's country decides, then the page's language. The moment itself never
    changes.
    """
    if claimed.utcoffset() != timedelta(0):
        return claimed
    offset = _offset(claimed, printed) if printed else None
    zone = timezone(offset) if offset is not None else page_zone(url, language)
    return claimed.astimezone(zone) if zone else claimed


def page_zone(url: str, language: str) -> tzinfo | None:
    """The zone of the host's country, else of the country that the page's language tag names."""
    known = country_zone(url)
    if known or len((urlsplit(url).hostname or "").rpartition(".")[2]) == 2:
        return known  # a country's host: .ca and .au have several zones in one language
    main, region = _tag(language)
    country = region or _LANGUAGES.get(main, "")
    return ZoneInfo(_COUNTRIES[country]) if country in _COUNTRIES else None


def is_day_first(url: str, language: str) -> bool:
    """Whether 10/05 is the tenth of May: everywhere but in America and where years come first."""
    main, region = _tag(language)
    country = (urlsplit(url).hostname or "").rsplit(".", 1)[-1]
    if country in _MONTH_FIRST_COUNTRIES or region in _MONTH_FIRST_COUNTRIES:
        return False
    named = country if country in _COUNTRIES and country not in _SOLD else region
    return bool(named) or main not in _YEAR_FIRST_LANGUAGES


def _tag(language: str) -> tuple[str, str]:
    """The language and the region of a tag (RFC 5646): `de_CH` is German and Swiss."""
    parts = language.lower().replace("_", "-").split("-")
    return parts[0].strip(), next((part for part in parts[1:] if len(part) == 2), "")


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
