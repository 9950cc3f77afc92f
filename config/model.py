"""The configuration as values: frozen pydantic models; an unknown key is an error."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from config.moments import moment_of, parse_duration
from config.values import (
    Callback,
    Cron,
    Duration,
    EventKind,
    Headers,
    HostName,
    Listen,
    Market,
    Network,
    Pattern,
    Proxy,
    Selector,
    ServerName,
    Since,
    Size,
    SourceId,
    Url,
    Zone,
)

Kind = Literal["feed", "sitemap", "listing", "json"]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class ArchiveSettings(_Section):
    """`[archive]`"""

    dir: Path | None = Field(None, strict=False)
    synchronous: Literal["full", "normal"] = "full"
    mode: Literal["private", "shared"] = "private"
    min_free: Size = 10**9


class CrawlSettings(_Section):
    """`[crawl]`"""

    user_agent: Annotated[str, Field(pattern=r"^[^\r\n]+$")] = "Broadsheet/0.1 (+{contact})"
    contact: str = ""
    download_delay_s: float = Field(1.0, ge=0, le=3600)
    concurrency: int = Field(32, ge=1, le=256)
    per_host: int = Field(1, ge=1, le=8)
    timeout_s: float = Field(30, gt=0, le=600)
    max_page_mb: float = Field(10, gt=0, le=200)
    max_source_gb: float = Field(5, gt=0)
    obey_robots: bool = True
    allow_networks: tuple[Network, ...] = Field((), strict=False)
    proxy: Proxy = Field("", repr=False)
    extract_workers: int | None = Field(None, ge=1, le=64)
    retry: tuple[Duration, ...] = Field(
        tuple(parse_duration(d) for d in ("10m", "1h", "6h", "1d", "3d")), strict=False
    )
    look_again: tuple[Duration, ...] = Field(
        tuple(parse_duration(d) for d in ("1h", "6h", "1d", "3d")), strict=False
    )
    hold_below: float = Field(0.0, ge=0, le=1)
    plugins: Path | None = Field(None, strict=False)


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


class ImagesSettings(_Section):
    """`[images]`: pictures of articles, kept beside the archive."""

    keep: bool = False
    max_mb: float = Field(5, gt=0, le=100)
    per_article: int = Field(20, ge=1, le=200)
    max_age: Duration | None = None
    link: str = Field("", pattern=r"^[\w.~/:%@+-]*$")


class DaemonSettings(_Section):
    """`[daemon]`: its end, its memory, and where it listens."""

    stop_timeout: Duration = timedelta(seconds=45)
    stall_timeout: Duration = timedelta(minutes=10)
    memory_limit_mb: int = Field(1024, ge=128)
    status: Listen = ""


class HealthSettings(_Section):
    """`[health]`: when a source counts as broken, and who is told."""

    failing_after: float = Field(3.0, ge=0.25)
    silent_after: float = Field(8.0, ge=2)
    command: tuple[str, ...] = Field((), strict=False)
    notify: tuple[str, ...] = Field((), strict=False, repr=False)
    events: tuple[EventKind, ...] = Field((), strict=False)


class WebSubSettings(_Section):
    """`[websub]`: the public address at which hubs reach the daemon."""

    callback: Callback = ""
    listen: Listen = "127.0.0.1:9181"


class WebSettings(_Section):
    """`[web]`: the reading pages that `broadsheet serve` shows."""

    hosts: tuple[ServerName, ...] = Field((), strict=False)
    language: Literal["auto", "en", "zh"] = "auto"
    timezone: Zone = "UTC"
    images: Literal["caption", "link", "kept"] = "kept"


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

    id: SourceId
    name: Annotated[str, Field(min_length=1)]
    url: Url
    hosts: tuple[HostName, ...] = Field((), strict=False)
    kind: Kind | None = None
    category: str = "金融"
    section: str = ""
    language: str = ""
    timezone: Zone | None = None
    interval: Duration | None = None
    cron: Cron | None = None
    market_hours: Market | None = None
    enabled: bool = True
    trust: int = Field(5, ge=0, le=9)
    since: Since = timedelta(days=30)
    max_owed: int = Field(5000, ge=1)
    include: tuple[Pattern, ...] = Field((), strict=False)
    exclude: tuple[Pattern, ...] = Field((), strict=False)
    pages: int = Field(1, ge=1, le=1000)
    witness: tuple[Url, ...] = Field((), strict=False)
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
    images: ImagesSettings = ImagesSettings()
    daemon: DaemonSettings = DaemonSettings()
    health: HealthSettings = HealthSettings()
    websub: WebSubSettings = WebSubSettings()
    web: WebSettings = WebSettings()
    source: tuple[Source, ...] = Field((), strict=False)

    @model_validator(mode="after")
    def _distinct_ids(self) -> Config:
        counts = Counter(source.id for source in self.source)
        twice = sorted(id for id, count in counts.items() if count > 1)
        if twice:
            raise ValueError(f"source id used twice: {', '.join(twice)}")
        return self

    @model_validator(mode="after")
    def _no_browser_behind_a_proxy(self) -> Config:
        rendered = [source.id for source in self.source if source.render == "playwright"]
        if rendered and self.crawl.proxy:
            raise ValueError(
                f'render = "playwright" ({", ".join(rendered)}) and [crawl] proxy exclude each'
                " other: the browser goes out by a proxy of its own, which checks addresses"
            )
        return self

    def enabled(self) -> tuple[Source, ...]:
        return tuple(source for source in self.source if source.enabled)

    def by_id(self, source_id: str) -> Source | None:
        return next((source for source in self.source if source.id == source_id), None)
