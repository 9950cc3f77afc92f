"""A copy of the archive in one file, made beside whatever writes it; and the way back.

The file is a tar archive of `archive.db`, `pages.db` and `manifest.json`, which has their SHA-256.
Markdown files are not in it: the database gives them back byte for byte.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, cast

import zstandard

from archive.database.connect import connect
from archive.errors import ArchiveError
from archive.files.orders import sync_folder
from archive.folder import ARCHIVE, PAGES
from archive.migrate import check_schema
from archive.upkeep.verify.objects import foreign_objects, foreign_pages_objects

MANIFEST = "manifest.json"
_FORMAT = 1
_CHUNK = 1 << 20  # bytes in memory
_BESIDE = 1 << 20  # bytes of a tar file that are not its members': headers and padding
_MOST_RATIO = 500  # of what is in a backup to its size: text packs to a fifth, a bomb to nothing
_UNREADABLE = (
    *(OSError, ValueError, TypeError, EOFError, RecursionError),
    *(tarfile.TarError, zstandard.ZstdError, zlib.error),
)
_NAMED = 3  # foreign objects in a message
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_SIDE_FILES = ("-wal", "-shm")  # SQLite's, of the database they stand beside


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup holds. `bytes` is the size of its file."""

    file: Path
    made: str
    articles: int
    pages: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Manifest:
    format: int
    made: str
    articles: int
    pages: int
    files: dict[str, str]  # name -> SHA-256
    bytes: dict[str, int]  # name -> size


def backup(data: Path, out: Path, *, now: datetime) -> Backup:
    """Copy the archive in folder `data` to the file `out`, which may be in use meanwhile.

    `out` is compressed when its name ends so: `.gz`, `.zst`; a folder gets a file named by the
    time. The copy is checked before it takes its name, and replaces an older one of that name.
    Pages are committed before the articles that refer to them: copied after the archive, none of
    those is missing. Raises ArchiveError where there is no archive or no room.
    """
    if out.is_dir():
        out = out / f"broadsheet-{now:%Y-%m-%dT%H%M%SZ}.tar"
    partial = out.with_name(f".{out.name}.part")
    _discard(partial)
    try:
        partial.mkdir(parents=True)
        names = [name for name in (ARCHIVE, PAGES) if (data / name).is_file()]
        for name in names:
            _snapshot(data / name, partial / name)
        manifest = _manifest(partial, names, now)
        _pack(partial, names, manifest, out.name)
        os.replace(partial / out.name, out)
    except OSError as error:
        raise ArchiveError(f"{out} can't be written: {error.strerror or error}") from error
    finally:
        _discard(partial)
    return _backup(out, manifest)


def restore(
    file: Path, data: Path, *, aside: Path | None = None, trust_schema: bool = False
) -> Backup:
    """Put a backup into folder `data`, whose lock the caller holds.

    An archive that is there is moved to the folder `aside`; without one it is an ArchiveError, and
    so is a file that is damaged, or that a newer program made, or that has triggers or views of
    somebody else's (unless `trust_schema`). Until all is checked `data` is left
    as it is; what a killed restore leaves is written over by the next.
    """
    if (data / ARCHIVE).exists() and aside is None:
        raise ArchiveError(f"there is an archive in {data} already: restore into another folder")
    partial = data / ".restore"
    _discard(partial)
    partial.mkdir(parents=True)
    try:
        manifest = _unpack(file, partial)
        for name in manifest.files:
            _check(partial / name, file)
            if not trust_schema:
                _refuse_foreign(partial / name, file)
        if aside is not None:
            _move_aside(data, aside)
        # archive.db last: with it the restore is done
        for name in sorted(manifest.files, reverse=True):
            for end in _SIDE_FILES:  # of a database that is gone: SQLite would take it for ours
                (data / f"{name}{end}").unlink(missing_ok=True)
            os.replace(partial / name, data / name)
        sync_folder(data)
    finally:
        _discard(partial)
    return _backup(file, manifest)


def _snapshot(database: Path, copy: Path) -> None:
    conn = connect(database, readonly=True)
    try:
        conn.execute("VACUUM INTO ?", (str(copy),))
    except sqlite3.Error as error:
        raise ArchiveError(f"{database} can't be copied: {error}") from error
    finally:
        conn.close()
    _check(copy, database)


def _check(database: Path, origin: Path) -> None:
    conn = connect(database, readonly=True, foreign=True)
    try:
        found = conn.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise ArchiveError(f"{origin} is damaged: {found}; see `broadsheet verify`")
        if database.name == ARCHIVE:
            check_schema(conn)
    except sqlite3.DatabaseError as error:
        raise ArchiveError(f"{origin} is damaged: {error}; see `broadsheet verify`") from error
    finally:
        conn.close()


def _refuse_foreign(database: Path, origin: Path) -> None:
    """Raise ArchiveError for what would act of its own in an archive that is written."""
    with closing(connect(database, readonly=True, foreign=True)) as conn:
        if database.name == ARCHIVE:
            found = foreign_objects(conn, version=check_schema(conn))
        else:
            found = foreign_pages_objects(conn)
    if found:
        named = "; ".join(f"{damage.where} {damage.detail}" for damage in found[:_NAMED])
        raise ArchiveError(
            f"{origin}: its {database.name} isn't as Broadsheet makes it: {named}. It could change "
            "what is archived; if it is your own, restore with --trust-schema"
        )


def _manifest(folder: Path, names: list[str], now: datetime) -> _Manifest:
    return _Manifest(
        format=_FORMAT,
        made=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        articles=_count(folder / ARCHIVE, "articles"),
        pages=_count(folder / PAGES, "pages") if PAGES in names else 0,
        files={name: _sha256(folder / name) for name in names},
        bytes={name: (folder / name).stat().st_size for name in names},
    )


def _count(database: Path, table: str) -> int:
    conn = connect(database, readonly=True)
    try:
        return int(conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608
    finally:
        conn.close()


def _pack(folder: Path, names: list[str], manifest: _Manifest, name: str) -> None:
    with open(folder / name, "xb") as file:
        with _compressing(file, name) as stream, tarfile.open(fileobj=stream, mode="w|") as tar:
            text = json.dumps(asdict(manifest), indent=1).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text))
            for member in names:
                tar.add(folder / member, arcname=member, filter=_anonymous)
        file.flush()
        os.fsync(file.fileno())


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


@contextmanager
def _compressing(file: IO[bytes], name: str) -> Iterator[IO[bytes]]:
    if name.endswith(".gz"):
        with gzip.open(file, "wb", compresslevel=6) as stream:
            yield cast("IO[bytes]", stream)
    elif name.endswith(".zst"):
        with zstandard.ZstdCompressor(level=6).stream_writer(file, closefd=False) as writer:
            yield cast("IO[bytes]", writer)
    else:
        yield file


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


def _unpack(file: Path, folder: Path) -> _Manifest:
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


def _read_manifest(tar: tarfile.TarFile) -> _Manifest:
    """Raises ValueError or TypeError for one that we didn't write."""
    member = tar.next()
    content = tar.extractfile(member) if member and member.isreg() else None
    if member is None or content is None or member.name != MANIFEST or member.size > _CHUNK:
        raise ValueError("it doesn't begin with a manifest")
    fields = json.loads(content.read())
    if isinstance(fields, dict) and fields.get("format") != _FORMAT:
        raise ValueError(
            f"its format is {fields.get('format')!r:.20}, this Broadsheet reads {_FORMAT}"
        )
    if not _is_complete(fields):
        raise ValueError("its manifest lacks something, or holds more than a backup's")
    manifest = _Manifest(**fields)
    datetime.strptime(manifest.made, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    numbers = (manifest.articles, manifest.pages, *manifest.bytes.values())
    names = set(manifest.files)
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise ValueError("its manifest has a number that is none")
    if ARCHIVE not in names or names != set(manifest.bytes) or names - {ARCHIVE, PAGES}:
        raise ValueError("its manifest names other files than a backup has")
    return manifest


def _is_complete(fields: object) -> bool:
    return (
        isinstance(fields, dict)
        and fields.keys() == _Manifest.__dataclass_fields__.keys()
        and isinstance(fields["files"], dict)
        and isinstance(fields["bytes"], dict)
    )


def _require_room(manifest: _Manifest, file: Path, folder: Path) -> None:
    """Raise ArchiveError where what the backup says to hold doesn't fit, or can't be in it."""
    size, free = sum(manifest.bytes.values()), shutil.disk_usage(folder).free
    if size > _MOST_RATIO * (file.stat().st_size + _BESIDE):
        raise ArchiveError(f"{file} is no backup of ours: nothing packs {size:,} bytes so small")
    if size > free:
        raise ArchiveError(
            f"{file} holds {size / 1e6:,.0f} MB, and {folder.parent} has room for "
            f"{free / 1e6:,.0f} MB: make room, or name another folder with --data"
        )


def _take_out(
    tar: tarfile.TarFile, bounded: _Bounded, manifest: _Manifest, folder: Path
) -> dict[str, str]:
    """Write the databases into `folder`; give their SHA-256. Any other member is a ValueError."""
    hashes: dict[str, str] = {}
    while True:
        bounded.left = _BESIDE  # for a header, whatever size it claims
        if (member := tar.next()) is None:
            return hashes
        content = tar.extractfile(member) if member.isreg() else None
        if content is None or manifest.bytes.get(member.name) != member.size:
            raise ValueError(f"its member {member.name!r:.60} is not what its manifest says")
        bounded.left += member.size
        hashes[member.name] = _copy(content, folder / member.name)


def _copy(content: IO[bytes], path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "xb") as file:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _move_aside(data: Path, aside: Path) -> None:
    """Move both databases; archive.db last, so that a restore that was killed asks again."""
    aside.mkdir(parents=True)
    for name in (PAGES, ARCHIVE):
        _empty_log(data / name)
        for path in (*(data / f"{name}{end}" for end in _SIDE_FILES), data / name):
            if path.exists():
                os.replace(path, aside / path.name)
    sync_folder(aside)


def _empty_log(database: Path) -> None:
    """Bring what is in the write-ahead log into the database itself, where it can still be read."""
    if not database.exists():
        return
    with suppress(ArchiveError, sqlite3.DatabaseError), closing(connect(database)) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _discard(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _backup(file: Path, manifest: _Manifest) -> Backup:
    return Backup(
        file=file,
        made=manifest.made,
        articles=manifest.articles,
        pages=manifest.pages,
        bytes=file.stat().st_size,
    )
