"""The configuration as values: frozen pydantic models; an unknown key is an error."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    field_validator,
    model_validator,
)

from config.rules import check_cron, check_selector

Kind = Literal["feed", "sitemap", "listing", "json"]

_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([smhd])")
_UNIT_S = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST_S = 100 * 366 * 86400  # `now` minus a duration must stay a date
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")  # IDN: as in DNS, xn--…
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110 §5.6.2, token


def parse_duration(text: object) -> timedelta:
    """Read "90s", "15m", "6h" or "1d", up to 100 years; anything else is a ValueError."""
    if isinstance(text, timedelta):
        return text
    match = _DURATION.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ValueError('a duration is a number and a unit, such as "90s", "15m", "6h" or "1d"')
    seconds = float(match[1]) * _UNIT_S[match[2]]
    if seconds > _LONGEST_S:
        raise ValueError("longer than 100 years")
    return timedelta(seconds=seconds)


def _positive(value: timedelta) -> timedelta:
    if value <= timedelta(0):
        raise ValueError("must be longer than zero")
    return value


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: a folder, "Asia"
        raise ValueError(f'"{name}" is no IANA time zone, such as "Asia/Shanghai"') from error
    return name


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return text


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise ValueError(
            'must be up to 64 letters, digits, ".", "_" or "-", beginning with a letter or digit'
        )
    return text


def _url(text: str) -> str:
    """Accept an http(s) address; one with a password is refused, since the archive stores it."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"not an address: {error}") from error
    if parts.scheme not in ("http", "https") or not host or re.search(r"\s", text):
        raise ValueError("must be an address beginning with http:// or https://")
    if "@" in parts.netloc:
        raise ValueError(
            'no user name or password here: send headers = { Authorization = "env:…" }'
        )
    return text


def _callback(text: str) -> str:
    """Accept an address to which a path can be added, or ''."""
    if "?" in text or "#" in text:
        raise ValueError('must have no "?" or "#": each subscription is a path below it')
    return _url(text) if text else text


def _proxy(text: str) -> str:
    if text and not text.startswith("env:") and not re.match(r"https?://[^\s/]+", text):
        raise ValueError('must be "http://host:port", or "env:NAME" to keep a password secret')
    return text


def _listen(text: str) -> str:
    """Accept "host:port" of this machine, or ''."""
    host, _, port = text.rpartition(":")
    if text and (not host or not port.isdecimal() or not 0 < int(port) < 65536):
        raise ValueError('must be "address:port", such as "127.0.0.1:9180"')
    return text


def _network(value: object) -> object:
    return ip_network(value) if isinstance(value, str) else value


def _headers(pairs: dict[str, str]) -> dict[str, str]:
    """Refuse what would break out of a header line; the message shows no value."""
    for name, value in pairs.items():
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no header or cookie name")
        if re.search(r"[\r\n\0]", value):
            raise ValueError(f"the value of {name} contains a line break")
    return pairs


def read_since(value: object) -> Since:
    """Read a moment from which on something counts, as TOML or as text: in the config's `since`
    and in the commands' --since and --until. ValueError says which forms there are."""
    if value == "all":
        return "all"
    since = _as_written(value) if isinstance(value, str) else value
    if isinstance(since, timedelta | date) and not _is_naive(since):
        return since
    raise ValueError(
        'must be a date such as "2024-01-31", a time with its zone such as '
        '"2024-01-31T08:00+08:00", a duration back from now such as "30d", or "all"'
    )


def _as_written(text: str) -> timedelta | date | None:
    for read in (date.fromisoformat, datetime.fromisoformat, parse_duration):
        with suppress(ValueError):
            return read(text)
    return None


def _is_naive(since: timedelta | date) -> bool:
    """A time without its zone."""
    return isinstance(since, datetime) and since.tzinfo is None


def moment_of(since: Since, now: datetime) -> datetime | None:
    """The moment that `since` names: a date's midnight in UTC; None for "all"."""
    if isinstance(since, timedelta):
        return now - since
    if isinstance(since, datetime):
        return since
    if isinstance(since, date):
        return datetime(since.year, since.month, since.day, tzinfo=UTC)
    return None


def _host(text: str) -> str:
    """Accept the bare name of a host, without scheme, port or path."""
    if not _HOST.fullmatch(text):
        raise ValueError('must be the name of a host, such as "wsj.com", in lower case')
    return text


def _written(value: Since) -> str:
    """Put a value of `since`, or a duration, as the config would have it."""
    if isinstance(value, timedelta):
        return f"{value.total_seconds():f}s"
    return value if isinstance(value, str) else value.isoformat()


_AsWritten = PlainSerializer(_written, return_type=str, when_used="json-unless-none")
Duration = Annotated[
    timedelta, BeforeValidator(parse_duration), AfterValidator(_positive), _AsWritten
]
Zone = Annotated[str, AfterValidator(_zone)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Network = Annotated[IPv4Network | IPv6Network, BeforeValidator(_network)]
Cron = Annotated[str, AfterValidator(check_cron)]
Selector = Annotated[str, AfterValidator(check_selector)]
Headers = Annotated[dict[str, str], AfterValidator(_headers)]
Since = Annotated[
    timedelta | datetime | date | Literal["all"], BeforeValidator(read_since), _AsWritten
]


Listen = Annotated[str, AfterValidator(_listen)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class ArchiveSettings(_Section):
    """`[archive]`"""

    dir: Path | None = Field(None, strict=False)
    synchronous: Literal["full", "normal"] = "full"


class CrawlSettings(_Section):
    """`[crawl]`"""

    user_agent: Annotated[str, Field(pattern=r"^[^\r\n]+$")] = "Broadsheet/0.1 (+{contact})"
    contact: str = ""
    download_delay_s: float = Field(1.0, ge=0, le=3600)
    concurrency: int = Field(32, ge=1, le=256)
    per_host: int = Field(1, ge=1, le=8)
    timeout_s: float = Field(30, gt=0, le=600)
    max_page_mb: float = Field(10, gt=0, le=200)
    obey_robots: bool = True
    allow_networks: tuple[Network, ...] = Field((), strict=False)
    proxy: Annotated[str, AfterValidator(_proxy)] = Field("", repr=False)
    extract_workers: int | None = Field(None, ge=1, le=64)
    retry: tuple[Duration, ...] = Field(
        tuple(parse_duration(d) for d in ("10m", "1h", "6h", "1d", "3d")), strict=False
    )
    look_again: tuple[Duration, ...] = Field(
        tuple(parse_duration(d) for d in ("1h", "6h", "1d", "3d")), strict=False
    )


class ScheduleSettings(_Section):
    """`[schedule]`"""

    interval: Duration = timedelta(minutes=15)
    min_interval: Duration = timedelta(minutes=2)
    max_interval: Duration = Field(timedelta(hours=6), validate_default=True)
    timezone: Zone = "UTC"

    # a field's validator, not the model's: it runs although another field is wrong
    @field_validator("max_interval")
    @classmethod
    def _in_order(cls, longest: timedelta, info: ValidationInfo) -> timedelta:
        if longest < info.data.get("min_interval", longest):
            raise ValueError("shorter than min_interval")
        return longest


class MarkdownSettings(_Section):
    """`[markdown]`"""

    enabled: bool = True
    dir: Path | None = Field(None, strict=False)
    body: Literal["markdown", "html"] = "markdown"
    placeholder_image: str = "https://picsum.photos/400/300?random={n}"


class PagesSettings(_Section):
    """`[pages]`"""

    keep_raw: bool = True
    max_age: Duration = timedelta(days=365)
    rejected_max_age: Duration = timedelta(days=30)
    max_gb: float | None = Field(None, gt=0)


class DaemonSettings(_Section):
    """`[daemon]`: its end, its memory, and where it listens."""

    stop_timeout: Duration = timedelta(seconds=45)
    memory_limit_mb: int = Field(1024, ge=128)
    status: Listen = ""


class HealthSettings(_Section):
    """`[health]`: when a source counts as broken, and who is told."""

    failing_after: float = Field(3.0, ge=0.25)
    silent_after: float = Field(8.0, ge=2)
    command: tuple[str, ...] = Field((), strict=False)
    notify: tuple[str, ...] = Field((), strict=False, repr=False)


class WebSubSettings(_Section):
    """`[websub]`: the public address at which hubs reach the daemon."""

    callback: Annotated[str, AfterValidator(_callback)] = ""
    listen: Listen = "127.0.0.1:9181"


class ListRules(_Section):
    """`[source.list]`: CSS or XPath for a listing, JMESPath for a JSON endpoint."""

    items: str = ""
    link: str = ""
    link_template: str = ""
    id: str = ""
    title: str = ""
    date: str = ""
    author: str = ""
    content: str = ""
    next: str = ""


class BodyRules(_Section):
    """`[source.body]`: where an article's body is, and what to take out of it or leave in it."""

    css: Selector = ""
    xpath: Selector = ""
    remove: tuple[Selector, ...] = Field((), strict=False)
    keep: tuple[Pattern, ...] = Field((), strict=False)
    learn: bool = True


class Source(_Section):
    """One `[[source]]`: what the user declared."""

    id: Annotated[str, AfterValidator(_id)]
    name: Annotated[str, Field(min_length=1)]
    url: Annotated[str, AfterValidator(_url)]
    hosts: tuple[Annotated[str, AfterValidator(_host)], ...] = Field((), strict=False)
    kind: Kind | None = None
    category: str = "金融"
    section: str = ""
    language: str = ""
    timezone: Zone | None = None
    interval: Duration | None = None
    cron: Cron | None = None
    market_hours: str | None = None
    enabled: bool = True
    trust: int = Field(5, ge=0, le=9)
    since: Since = timedelta(days=30)
    max_owed: int = Field(5000, ge=1)
    include: tuple[Pattern, ...] = Field((), strict=False)
    exclude: tuple[Pattern, ...] = Field((), strict=False)
    pages: int = Field(1, ge=1, le=1000)
    witness: tuple[Annotated[str, AfterValidator(_url)], ...] = Field((), strict=False)
    full_content: Literal["auto", "feed", "page"] = "auto"
    render: Literal["auto", "never", "playwright"] = "auto"
    headers: Headers = Field(default_factory=dict, repr=False)
    cookies: Headers = Field(default_factory=dict, repr=False)
    list: ListRules = ListRules()
    body: BodyRules = BodyRules()

    @field_validator("cron", "market_hours")
    @classmethod
    def _one_clock(cls, value: str | None, info: ValidationInfo) -> str | None:
        earlier = [k for k in ("interval", "cron") if k != info.field_name and info.data.get(k)]
        if value is not None and earlier:
            raise ValueError(f"excludes {' and '.join(earlier)}: keep one of them")
        return value

    def zone(self, language: str = "") -> ZoneInfo:
        """The zone of a time that names none: the configured one, Beijing for zh, else UTC.

        `language`: of the document that has the time, for a source whose config has none.
        """
        if self.timezone:
            return ZoneInfo(self.timezone)
        chinese = (self.language or language).strip().lower().startswith("zh")
        return ZoneInfo("Asia/Shanghai" if chinese else "UTC")

    def oldest(self, now: datetime) -> datetime | None:
        """The moment before which items are not announced; None for `since = "all"`."""
        return moment_of(self.since, now)


class Config(_Section):
    """The whole configuration."""

    archive: ArchiveSettings = ArchiveSettings()
    crawl: CrawlSettings = CrawlSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    markdown: MarkdownSettings = MarkdownSettings()
    pages: PagesSettings = PagesSettings()
    daemon: DaemonSettings = DaemonSettings()
    health: HealthSettings = HealthSettings()
    websub: WebSubSettings = WebSubSettings()
    source: tuple[Source, ...] = Field((), strict=False)

    @model_validator(mode="after")
    def _distinct_ids(self) -> Config:
        ids = [source.id for source in self.source]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise ValueError(f"source id used twice: {', '.join(twice)}")
        return self

    def enabled(self) -> tuple[Source, ...]:
        return tuple(source for source in self.source if source.enabled)

    def by_id(self, source_id: str) -> Source | None:
        return next((source for source in self.source if source.id == source_id), None)
