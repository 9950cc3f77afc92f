"""What every command needs of a config, read without the model: that takes 0.1 s to import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from config.tables import over_defaults


@dataclass(frozen=True, kw_only=True)
class Essentials:
    """Where things are, who may read them, and in which zone times are told.

    Of a config that is valid: nothing is checked here (see config/approval.py).
    """

    archive_dir: Path | None
    markdown_dir: Path | None
    plugins: Path | None
    is_shared: bool
    synchronous: Literal["full", "normal"]
    timezone: str

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
        )


def _path(value: str | None) -> Path | None:
    return None if value is None else Path(value)
