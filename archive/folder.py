"""What the files of a data folder are called. Nothing else knows it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

ARCHIVE = "archive.db"
PAGES = "pages.db"
IMAGES = "images"
_PRIVATE = 0o027  # files 0640, folders 0750
_ALL_READ = stat.S_IROTH


@dataclass(frozen=True, slots=True)
class DataFolder:
    """A folder as `--data` names it. Any of its files may be missing."""

    path: Path

    @classmethod
    def of(cls, conn: sqlite3.Connection) -> Self:
        """The folder of the archive that a connection has open."""
        file = next(row[2] for row in conn.execute("PRAGMA database_list") if row[1] == "main")
        return cls(Path(file).parent)

    @property
    def archive(self) -> Path:
        return self.path / ARCHIVE

    @property
    def pages(self) -> Path:
        """The raw pages; there is none where none are kept."""
        return self.path / PAGES

    @property
    def images(self) -> Path:
        """The pictures; there is no such folder where none are kept."""
        return self.path / IMAGES

    @property
    def free_bytes(self) -> int:
        """Room on its disk; of the nearest folder above it where it isn't there yet."""
        place = self.path.absolute()
        while not place.exists():
            place = place.parent
        return shutil.disk_usage(place).free

    def open_to_all(self, *others: Path) -> list[Path]:
        """Which of its databases, and of `others`, every user of this machine can read."""
        reached = _grants(self.path, stat.S_IXOTH)
        own = (self.archive, self.pages, self.images)
        ours = [path for path in own if reached and _grants(path, _ALL_READ)]
        return ours + [path for path in others if _grants(path, _ALL_READ)]

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
    def desk_state(self) -> Path:
        """How the daemon's workers fare, as it notes it every few seconds."""
        return self.path / "desk.json"

    @property
    def websub_key(self) -> Path:
        """The key that the secrets of subscriptions are made of."""
        return self.path / "websub.key"


@contextmanager
def private_files(*, shared: bool = False) -> Iterator[None]:
    """Let what is made meanwhile be read by user and group only, unless it is to be `shared`.

    It is the whole process's umask: no file can be forgotten, SQLite's and those of a library
    included. What is there already stays as it is.
    """
    if shared:
        yield
        return
    before = os.umask(_PRIVATE)
    os.umask(before | _PRIVATE)  # who has a stricter one keeps it
    try:
        yield
    finally:
        os.umask(before)


def _grants(path: Path, bit: int) -> bool:
    try:
        return bool(path.stat().st_mode & bit)
    except OSError:
        return False
