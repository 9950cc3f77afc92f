"""Whom a page is made for: in which language and zone, as of which moment; how it writes links."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlencode
from zoneinfo import ZoneInfo

from archive.database.times import from_text, to_text
from archive.text.strings import without_commands
from archive.web.face import printed_times
from archive.web.face.words import Language, say

Moment = datetime | str  # aware, or as the archive stores it


def _moment(moment: Moment) -> datetime:
    return from_text(moment) if isinstance(moment, str) else moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What a page knows of its reader. Templates have it as `face`, `say` as `_`, `url`, too."""

    language: Language
    zone: ZoneInfo
    now: datetime  # aware: the moment that the page shows
    as_of: str  # that moment as it was asked for; '' where it is the present
    path: Callable[[str], str]  # an address of ours below Datasette's base_url
    tables: str  # the address of the archive's tables
    here: str  # this page's address, with all it asks for but the moment
    asked: Mapping[str, str]  # what path and query say, the path first
    images: str  # "kept", "caption" or "link": how a body shows its pictures
    failing_after: float  # weighed failures in a row from which a failing source needs somebody

    def say(self, text: str, /, **values: object) -> str:
        """Give a text of the pages in the reader's language."""
        return say(self.language, text, **values)

    def url(self, path: str, /, **asked: str | int | None) -> str:
        """Give the address of a page; `asked` is its query, and the moment stays."""
        return self.path(path) + self._query(asked | {"as_of": self.as_of})

    @property
    def ending(self) -> str:
        """Give `.atom` or `.feed.json`, where that form of the page is asked for."""
        form = self.asked.get("format")
        return f".{form}" if form else ""

    def now_url(self) -> str:
        """Give this page's address without a moment."""
        return self.path(self.here)

    @property
    def question(self) -> list[tuple[str, str]]:
        """Give what the page is asked, beside the moment: a form of its own carries it on."""
        pairs = parse_qsl(self.here.partition("?")[2])
        return [(without_commands(k), without_commands(v)) for k, v in pairs if k != "at"]

    def as_of_url(self, moment: datetime) -> str:
        """Give this page's address as of a moment."""
        sign = "&" if "?" in self.here else "?"
        return f"{self.path(self.here)}{sign}{urlencode({'as_of': to_text(moment)})}"

    def table(self, name: str = "", /, **asked: str | int | None) -> str:
        """Give the address of all tables or of one's rows in Datasette, which says there that they
        are not of the moment; `name` may end in a row's key, .json or .csv."""
        path = f"{self.tables}/{quote(name)}" if name else self.tables
        return path + self._query(asked | {"as_of": self.as_of})

    def _query(self, asked: dict[str, str | int | None]) -> str:
        said = {key: value for key, value in asked.items() if value not in ("", None)}
        return f"?{urlencode(said)}" if said else ""

    def local(self, moment: Moment) -> datetime:
        return _moment(moment).astimezone(self.zone)

    def stamp(self, moment: Moment) -> str:
        """Give the moment in UTC, as `datetime` and `title` of HTML have it."""
        return moment if isinstance(moment, str) else to_text(moment)

    def clock(self, moment: Moment) -> str:
        return printed_times.clock(self.local(moment))

    def short_time(self, moment: Moment) -> str:
        return printed_times.short_time(self.local(moment), self.local(self.now), self.language)

    def full_time(self, moment: Moment) -> str:
        return printed_times.full_time(self.local(moment), self.language)

    def day(self, moment: Moment) -> date:
        """Give the day of a moment, in the reader's zone."""
        return self.local(moment).date()

    def short_day(self, day: date) -> str:
        return printed_times.short_day(day, self.language)

    def full_day(self, day: date) -> str:
        return printed_times.full_day(day, self.language)

    def named_day(self, day: date) -> str:
        return printed_times.named_day(day, self.language)

    def weekday(self, day: date) -> str:
        return printed_times.weekday(day, self.language)

    def length_of(self, span: timedelta) -> str:
        return printed_times.length_of(span, self.language)

    def bounds(self, day: date) -> tuple[str, str]:
        """Give when a day of the zone begins and ends, as the archive stores moments."""
        begins, ends = (
            printed_times.first_of_day(each, self.zone) for each in (day, day + timedelta(days=1))
        )
        return to_text(begins), to_text(ends)

    def before(self, span: timedelta) -> str:
        """Give the moment so long before the page's, as the archive stores it."""
        return to_text(self.now - span)

    def language_named(self, code: str) -> str:
        """Give the name of a language; its code where the pages have none."""
        return {"zh": self.say("Chinese"), "en": self.say("English")}.get(code, code)

    @property
    def zone_name(self) -> str:
        offset = self.local(self.now).strftime("%z")
        return (
            "UTC" if self.zone.key == "UTC" else f"{self.zone.key} (UTC{offset[:3]}:{offset[3:]})"
        )

    @property
    def local_input(self) -> str:
        """Give the page's moment as a `datetime-local` field has it."""
        return f"{self.local(self.now):%Y-%m-%dT%H:%M}"

    def of_field(self, text: str) -> datetime:
        """Read what a `datetime-local` field sends: a time of the zone. ValueError for none."""
        return datetime.fromisoformat(text).replace(tzinfo=self.zone).astimezone(UTC)
