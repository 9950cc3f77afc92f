"""The file of a backup, a tar archive: its manifest, and what is taken out of one, with bounds.

A backup may come from anywhere: nothing is taken out of it that its manifest doesn't name, and no
more than that says.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, cast

import zstandard

from archive.errors import ArchiveError
from archive.folder import ARCHIVE, IMAGES, PAGES, DataFolder
from archive.images.store import NAME

MANIFEST = "manifest.json"
FORMAT = 1
WITH_IMAGES = 2  # the format of a backup that has pictures, too
_CHUNK = 1 << 20  # bytes in memory
_BESIDE = 1 << 20  # bytes of a tar file that are not its members': headers and padding
_MOST_RATIO = 500  # of what is in a backup to its size: text packs to a fifth, a bomb to nothing
_UNREADABLE = (
    *(OSError, ValueError, TypeError, EOFError, RecursionError),
    *(tarfile.TarError, zstandard.ZstdError, zlib.error),
)
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_IMAGE_FIELDS = ("images", "image_bytes")
_IMAGES = f"{IMAGES}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says to hold."""

    format: int
    made: str
    articles: int
    pages: int
    files: dict[str, str]  # name -> SHA-256
    bytes: dict[str, int]  # name -> size
    images: int = 0
    image_bytes: int = 0

    def written(self) -> dict[str, object]:
        """What stands in the file: an older program reads one that has no pictures."""
        fields = asdict(self)
        lacking = () if self.images else _IMAGE_FIELDS
        return {name: value for name, value in fields.items() if name not in lacking}


@contextmanager
def _decompressing(path: Path) -> Iterator[IO[bytes]]:
    """Judge by the first bytes: a backup may have been renamed."""
    with open(path, "rb") as file:
        magic = file.read(4)
        file.seek(0)
        if magic.startswith(b"\x1f\x8b"):
            yield cast("IO[bytes]", gzip.GzipFile(fileobj=file))
        elif magic == b"\x28\xb5\x2f\xfd":
            yield cast("IO[bytes]", zstandard.ZstdDecompressor().stream_reader(file))
        else:
            yield file


class _Bounded:
    """A stream that gives no more than it may: what a few bytes expand to is known at the end only.

    A header of tar's may claim any size, too, and is read into memory at once.
    """

    def __init__(self, stream: IO[bytes], most: int) -> None:
        self._stream, self.left = stream, most

    def read(self, size: int) -> bytes:
        chunk = self._stream.read(size)
        self.left -= len(chunk)
        if self.left < 0:
            raise tarfile.ReadError("it holds more than its manifest says")
        return chunk


def unpack(file: Path, folder: Path) -> Manifest:
    """Take out the members that a backup has; the manifest, which is the first, says how large."""
    try:
        with _decompressing(file) as stream:
            bounded = _Bounded(stream, _CHUNK + _BESIDE)
            with tarfile.open(fileobj=cast("IO[bytes]", bounded), mode="r|") as tar:
                manifest = _read_manifest(tar)
                _require_room(manifest, file, folder)
                hashes = _take_out(tar, bounded, manifest, folder)
    except FileNotFoundError as error:
        raise ArchiveError(f"there is no file {file}") from error
    except _UNREADABLE as error:
        if isinstance(error, OSError) and error.errno in _FULL:
            raise ArchiveError(f"{folder.parent} is full: make room, then restore again") from error
        raise ArchiveError(f"{file} is no backup of ours, or damaged: {error}") from error
    if manifest.files != hashes:
        raise ArchiveError(f"{file} is no backup of ours, or damaged: a checksum differs")
    return manifest


def _read_manifest(tar: tarfile.TarFile) -> Manifest:
    """Raises ValueError or TypeError for one that we didn't write."""
    member = tar.next()
    content = tar.extractfile(member) if member and member.isreg() else None
    if member is None or content is None or member.name != MANIFEST or member.size > _CHUNK:
        raise ValueError("it doesn't begin with a manifest")
    fields = json.loads(content.read())
    if isinstance(fields, dict) and fields.get("format") not in (FORMAT, WITH_IMAGES):
        raise ValueError(
            f"its format is {fields.get('format')!r:.20}, this Broadsheet reads {WITH_IMAGES}"
        )
    if not _is_complete(fields):
        raise ValueError("its manifest lacks something, or holds more than a backup's")
    manifest = Manifest(**fields)
    datetime.strptime(manifest.made, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    counts = (manifest.articles, manifest.pages, manifest.images, manifest.image_bytes)
    numbers = (*counts, *manifest.bytes.values())
    names = set(manifest.files)
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise ValueError("its manifest has a number that is none")
    if ARCHIVE not in names or names != set(manifest.bytes) or names - {ARCHIVE, PAGES}:
        raise ValueError("its manifest names other files than a backup has")
    return manifest


def _is_complete(fields: object) -> bool:
    return (
        isinstance(fields, dict)
        and {*fields, *(_IMAGE_FIELDS if fields.get("format") == FORMAT else ())}
        == Manifest.__dataclass_fields__.keys()
        and not (fields.get("format") == FORMAT and fields.keys() & {*_IMAGE_FIELDS})
        and isinstance(fields["files"], dict)
        and isinstance(fields["bytes"], dict)
    )


def _require_room(manifest: Manifest, file: Path, folder: Path) -> None:
    """Raise ArchiveError where what the backup says to hold doesn't fit, or can't be in it."""
    size = sum(manifest.bytes.values()) + manifest.image_bytes
    free = shutil.disk_usage(folder).free
    if size > _MOST_RATIO * (file.stat().st_size + _BESIDE):
        raise ArchiveError(f"{file} is no backup of ours: nothing packs {size:,} bytes so small")
    if size > free:
        raise ArchiveError(
            f"{file} holds {size / 1e6:,.0f} MB, and {folder.parent} has room for "
            f"{free / 1e6:,.0f} MB: make room, or name another folder with --data"
        )


def _take_out(
    tar: tarfile.TarFile, bounded: _Bounded, manifest: Manifest, folder: Path
) -> dict[str, str]:
    """Write databases and pictures into `folder`; give the SHA-256 of the former. Any other member
    is a ValueError."""
    hashes: dict[str, str] = {}
    images = image_bytes = 0
    while True:
        bounded.left = _BESIDE  # for a header, whatever size it claims
        if (member := tar.next()) is None:
            if images != manifest.images:
                raise ValueError(f"it has {images} of its {manifest.images} pictures")
            return hashes
        if member.isreg() and member.name.startswith(_IMAGES):
            images, image_bytes = images + 1, image_bytes + member.size
            if images > manifest.images or image_bytes > manifest.image_bytes:
                raise ValueError("it has more pictures than its manifest says")
            bounded.left += member.size
            _take_out_image(tar, member, folder)
            continue
        content = tar.extractfile(member) if member.isreg() else None
        if content is None or manifest.bytes.get(member.name) != member.size:
            raise ValueError(f"its member {member.name!r:.60} is not what its manifest says")
        bounded.left += member.size
        hashes[member.name] = _copy(content, folder / member.name)


def _take_out_image(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write a picture, whose name says what is in it. ValueError where it isn't."""
    name = member.name.removeprefix(_IMAGES)
    found, content = NAME.fullmatch(name), tar.extractfile(member)
    if found is None or content is None:
        raise ValueError(f"its member {member.name!r:.60} is not what its manifest says")
    path = DataFolder(folder).images / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if _copy(content, path) != found["folder"] + found["rest"]:
        raise ValueError(f"its picture {name} is another one")


def _copy(content: IO[bytes], path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "xb") as file:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()
