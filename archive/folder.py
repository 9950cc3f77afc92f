"""What the files of a data folder are called. Nothing else knows it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ARCHIVE = "archive.db"
PAGES = "pages.db"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """A folder as `--data` names it. Any of its files may be missing."""

    path: Path

    @property
    def archive(self) -> Path:
        return self.path / ARCHIVE

    @property
    def pages(self) -> Path:
        """The raw pages; there is none where none are kept."""
        return self.path / PAGES

    @property
    def lock(self) -> Path:
        """Held by whatever fetches or writes."""
        return self.path / "lock"

    @property
    def socket(self) -> Path:
        """Where a running daemon takes requests."""
        return self.path / "daemon.sock"

    @property
    def set_aside(self) -> Path:
        """The folder for what a repair takes out of use."""
        return self.path / "set-aside"

    @property
    def websub_key(self) -> Path:
        """The key that the secrets of subscriptions are made of."""
        return self.path / "websub.key"
