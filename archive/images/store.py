"""The files of the pictures: `<data>/images`, each named by the SHA-256 of what is in it.

A file is written before a row names it, and removed after none does: one that nobody names is
harmless. Two pictures of equal bytes are one file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from hashlib import file_digest, sha256
from pathlib import Path
from typing import NamedTuple

from archive.files.disk import write_whole
from archive.images.formats import ENDINGS, PictureType

NAME = re.compile(
    rf"(?P<folder>[0-9a-f]{{2}})/(?P<rest>[0-9a-f]{{62}})\.(?:{'|'.join(ENDINGS.values())})"
)


class ImageFile(NamedTuple):
    """A file of the store."""

    sha256: str
    type: str

    @property
    def name(self) -> str:
        """Its place below the folder of the pictures: `ab/cdef….jpg`."""
        return f"{self.sha256[:2]}/{self.sha256[2:]}.{ENDINGS[PictureType(self.type)]}"


def file_of(sha256: object, kind: object) -> ImageFile | None:
    """The file that a row names; None where its cells name none of ours."""
    if not isinstance(sha256, str) or kind not in set(PictureType):
        return None
    file = ImageFile(sha256, str(kind))
    return file if NAME.fullmatch(file.name) else None


class ImageStore:
    """The folder, which is made with the first picture."""

    def __init__(self, folder: Path):
        self.folder = folder

    def save(self, body: bytes, kind: PictureType) -> ImageFile:
        """Keep a picture, and give its name; OSError where it can't be written."""
        stored = ImageFile(sha256(body).hexdigest(), kind.value)
        if not self.has(stored) or self.digest(stored.name) != stored.sha256:
            write_whole(self.folder / stored.name, body)
        return stored

    def has(self, stored: ImageFile) -> bool:
        """Whether a file of that name is there."""
        return (self.folder / stored.name).is_file()

    def read(self, name: str) -> bytes:
        """Give a picture's bytes; OSError where they can't be read."""
        return (self.folder / name).read_bytes()

    def remove(self, stored: Iterable[ImageFile]) -> int:
        """Remove files that nothing names any more; give how many there were."""
        count = 0
        for each in stored:
            path = self.folder / each.name
            count += path.is_file()
            path.unlink(missing_ok=True)
        return count

    def digest(self, name: str) -> str:
        """Give the SHA-256 of what lies under a name; OSError where it can't be read."""
        with open(self.folder / name, "rb") as file:
            return file_digest(file, "sha256").hexdigest()

    def names(self) -> Iterator[str]:
        """Give every file that has a name of ours."""
        if not self.folder.is_dir():
            return
        for folder in sorted(path for path in self.folder.iterdir() if path.is_dir()):
            with os.scandir(folder) as entries:
                found = [f"{folder.name}/{e.name}" for e in entries if e.is_file()]
            yield from (name for name in sorted(found) if NAME.fullmatch(name))
