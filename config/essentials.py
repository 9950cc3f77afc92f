"""What every command needs of a config, read without the model: that takes 0.1 s to import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from config.moments import parse_duration
from config.sizes import parse_size
from config.tables import over_defaults

if TYPE_CHECKING:
    from config.model import Config, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEssentials:
    """Of a `[[source]]`: what it is, whether it is visited, and by which clock."""

    id: str
    name: str
    url: str
    kind: str | None
    enabled: bool
    interval: timedelta | None
    cron: str | None
    market_hours: str | None

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> SourceEssentials:
        interval = table.get("interval")
        return cls(
            id=table["id"],
            name=table["name"],
            url=table["url"],
            kind=table.get("kind"),
            enabled=table.get("enabled", True),
            interval=None if interval is None else parse_duration(interval),
            cron=table.get("cron"),
            market_hours=table.get("market_hours"),
        )

    @classmethod
    def of_model(cls, source: Source) -> SourceEssentials:
        return cls(**{field.name: getattr(source, field.name) for field in fields(cls)})


@dataclass(frozen=True, kw_only=True)
class Essentials:
    """Where things are, who may read them, in which zone times are told, which sources there are
    and when somebody is told of them.

    Of a config that is valid: nothing is checked here (see config/approval.py).
    """

    archive_dir: Path | None
    markdown_dir: Path | None
    plugins: Path | None
    is_shared: bool
    synchronous: Literal["full", "normal"]
    timezone: str
    min_free: int  # bytes
    failing_after: float
    source: tuple[SourceEssentials, ...]

    @classmethod
    def of(cls, tables: Mapping[str, Any]) -> Essentials:
        """Take them from the tables of the user's file; what it leaves out is as shipped."""
        merged: dict[str, Any] = over_defaults(tables)
        archive = merged["archive"]
        return cls(
            archive_dir=_path(archive.get("dir")),
            markdown_dir=_path(merged["markdown"].get("dir")),
            plugins=_path(merged["crawl"].get("plugins")),
            is_shared=archive["mode"] == "shared",
            synchronous=archive["synchronous"],
            timezone=merged["web"]["timezone"],
            min_free=parse_size(archive["min_free"]),
            failing_after=merged["health"]["failing_after"],
            source=tuple(map(SourceEssentials.of, merged.get("source", ()))),
        )

    @classmethod
    def of_model(cls, config: Config) -> Essentials:
        """The same of a config that was read whole."""
        return cls(
            archive_dir=config.archive.dir,
            markdown_dir=config.markdown.dir,
            plugins=config.crawl.plugins,
            is_shared=config.archive.mode == "shared",
            synchronous=config.archive.synchronous,
            timezone=config.web.timezone,
            min_free=config.archive.min_free,
            failing_after=config.health.failing_after,
            source=tuple(map(SourceEssentials.of_model, config.source)),
        )


def _path(value: str | None) -> Path | None:
    return None if value is None else Path(value)
