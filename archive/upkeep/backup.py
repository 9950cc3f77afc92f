"""A copy of the archive in one file, made beside whatever writes it; and the way back.

The file is a tar archive of `archive.db`, `pages.db` and `manifest.json`, which has their SHA-256,
and of the kept pictures, which are named by theirs. Markdown files are not in it: the database
gives them back byte for byte.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, cast

import zstandard

from archive.database.connect import connect
from archive.errors import ArchiveError
from archive.files.disk import sync_folder
from archive.folder import ARCHIVE, IMAGES, PAGES, DataFolder
from archive.images.store import ImageStore, file_of
from archive.migrate import check_schema
from archive.upkeep.backup_file import FORMAT, MANIFEST, WITH_IMAGES, Manifest, unpack
from archive.upkeep.verify.objects import foreign_objects, foreign_pages_objects

_NAMED = 3  # foreign objects in a message
_SIDE_FILES = ("-wal", "-shm")  # SQLite's, of the database they stand beside


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup holds. `bytes` is the size of its file."""

    file: Path
    made: str
    articles: int
    pages: int
    images: int
    bytes: int


def backup(data: Path, out: Path, *, now: datetime) -> Backup:
    """Copy the archive in folder `data` to the file `out`, which may be in use meanwhile.

    `out` is compressed when its name ends so: `.gz`, `.zst`; a folder gets a file named by the
    time. The copy is checked before it takes its name, and replaces an older one of that name.
    Pages are committed before the articles that refer to them: copied after the archive, none of
    those is missing; nor is a picture, but what `verify` says is. Raises ArchiveError where there
    is no archive or no room.
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
        pictures = ImageStore(DataFolder(data).images)
        sizes = _image_sizes(partial / ARCHIVE, pictures)
        manifest = _manifest(partial, names, sizes, now)
        _pack(partial, names, pictures, sizes, manifest, out.name)
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
        manifest = unpack(file, partial)
        for name in manifest.files:
            _check(partial / name, file)
            if not trust_schema:
                _refuse_foreign(partial / name, file)
        if aside is not None:
            _move_aside(data, aside)
        _bring_images(partial, data)
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


def _image_sizes(archive: Path, pictures: ImageStore) -> dict[str, int]:
    """The kept pictures by name, with their sizes, as far as their files are there."""
    with closing(connect(archive, readonly=True)) as conn:
        rows = conn.execute("SELECT DISTINCT sha256, type FROM images WHERE state = 'kept'")
        files = {file_of(row["sha256"], row["type"]) for row in rows}
    names = sorted(file.name for file in files if file is not None)
    paths = {name: pictures.folder / name for name in names}
    return {name: path.stat().st_size for name, path in paths.items() if path.is_file()}


def _manifest(folder: Path, names: list[str], images: dict[str, int], now: datetime) -> Manifest:
    return Manifest(
        format=WITH_IMAGES if images else FORMAT,
        images=len(images),
        image_bytes=sum(images.values()),
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


def _pack(
    folder: Path,
    names: list[str],
    pictures: ImageStore,
    sizes: Mapping[str, int],
    manifest: Manifest,
    name: str,
) -> None:
    with open(folder / name, "xb") as file:
        with _compressing(file, name) as stream, tarfile.open(fileobj=stream, mode="w|") as tar:
            text = json.dumps(manifest.written(), indent=1).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text))
            for member in names:
                tar.add(folder / member, arcname=member, filter=_anonymous)
            for picture, size in sizes.items():
                _add_image(tar, pictures, picture, size)
        file.flush()
        os.fsync(file.fileno())


def _add_image(tar: tarfile.TarFile, pictures: ImageStore, name: str, size: int) -> None:
    body = pictures.read(name)
    if len(body) != size:
        raise ArchiveError(f"{pictures.folder / name} has changed meanwhile: back up again")
    entry = tarfile.TarInfo(f"{IMAGES}/{name}")
    entry.size, entry.mode = size, 0o640
    tar.addfile(entry, io.BytesIO(body))


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


def _bring_images(partial: Path, data: Path) -> None:
    """Put the pictures where they belong: one that is there already is the same."""
    taken, ours = ImageStore(DataFolder(partial).images), DataFolder(data).images
    for name in taken.names():
        (ours / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(taken.folder / name, ours / name)
        sync_folder((ours / name).parent)


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _move_aside(data: Path, aside: Path) -> None:
    """Move both databases; archive.db last, so that a restore that was killed asks again. The
    pictures go first: a row leads to them, they lead to none."""
    aside.mkdir(parents=True)
    if DataFolder(data).images.is_dir():
        os.replace(DataFolder(data).images, DataFolder(aside).images)
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


def _backup(file: Path, manifest: Manifest) -> Backup:
    return Backup(
        file=file,
        made=manifest.made,
        articles=manifest.articles,
        pages=manifest.pages,
        images=manifest.images,
        bytes=file.stat().st_size,
    )
