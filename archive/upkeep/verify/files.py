"""The Markdown files on disk against the orders in table `files`.

Safe beside a writer: it changes the order before it changes the file, so that a difference counts
only where the order is the same before and after the look at the disk.
"""

from __future__ import annotations

import os
import re
import sqlite3
import stat
from collections.abc import Callable, Collection, Iterator
from hashlib import sha256
from pathlib import Path

from archive.upkeep.verify.damage import Damage, DamageKind, not_compared

BATCH = 500
NAME = re.compile(r"\d{4}-\d{2}-\d{2}-\d+-[a-z0-9-]+\.md")  # archive.files.posts.new_path
_ORDERS = """
SELECT path, article_id, wanted_hash, written_hash FROM files WHERE path > ? ORDER BY path LIMIT ?
"""
_ORDER = "SELECT path, article_id, wanted_hash, written_hash FROM files WHERE path = ?"


def check_files(
    conn: sqlite3.Connection,
    directory: Path,
    *,
    full: bool,
    articles: Collection[int],
    busy: Callable[[], bool],
) -> Iterator[Damage]:
    """Yield files that are missing or differ: hashed for `articles`, or (`full`) for all.

    `busy` tells whether something writes; what is owed is then its business.
    """
    for order in _orders(conn):
        if order["wanted_hash"] is None or order["wanted_hash"] != order["written_hash"]:
            if not busy():
                yield _damage(DamageKind.FILE_NOT_WRITTEN, order["path"], "is owed: see `render`")
            continue
        hashed = full or order["article_id"] in articles
        try:
            kind = _look(directory / order["path"], order, hashed=hashed)
        except OSError as error:
            yield not_compared(order["path"], error)
            continue
        if kind is not None and _is_still(conn, order):
            detail = (
                "is not there" if kind is DamageKind.FILE_MISSING else "is not what was written"
            )
            yield _damage(kind, order["path"], detail)


def check_orphans(conn: sqlite3.Connection, directory: Path) -> Iterator[Damage]:
    """Yield files with names as the archive gives them, of which it knows nothing."""
    for path in _ours(directory):
        if isinstance(path, Damage):
            yield path
            continue
        name = path.relative_to(directory).as_posix()
        if conn.execute(_ORDER, (name,)).fetchone() is None and path.exists():
            yield _damage(DamageKind.FILE_ORPHANED, name, "has a name of ours, and no article")


def _orders(conn: sqlite3.Connection) -> Iterator[sqlite3.Row]:
    last = ""
    while rows := conn.execute(_ORDERS, (last, BATCH)).fetchall():
        yield from rows
        last = rows[-1]["path"]


def _look(path: Path, order: sqlite3.Row, *, hashed: bool) -> DamageKind | None:
    try:
        if not hashed:
            return None if stat.S_ISREG(path.stat().st_mode) else DamageKind.FILE_MISSING
        found = sha256(path.read_bytes()).hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return DamageKind.FILE_MISSING
    return None if found == order["wanted_hash"] else DamageKind.FILE_DIFFERS


def _is_still(conn: sqlite3.Connection, order: sqlite3.Row) -> bool:
    now = conn.execute(_ORDER, (order["path"],)).fetchone()
    return now is not None and tuple(now) == tuple(order)


def _ours(directory: Path) -> Iterator[Path | Damage]:
    """Give the files with names of ours, and the folders that can't be read."""
    try:
        for year in _folders(directory, r"\d{4}"):
            for month in _folders(year, r"\d{2}"):
                with os.scandir(month) as entries:
                    yield from (
                        Path(entry.path)
                        for entry in entries
                        if NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False)
                    )
    except OSError as error:
        yield not_compared(str(error.filename), error)


def _folders(directory: Path, pattern: str) -> list[Path]:
    if not directory.is_dir():
        return []
    found = (path for path in directory.iterdir() if re.fullmatch(pattern, path.name))
    return sorted(path for path in found if path.is_dir())


def _damage(kind: DamageKind, path: str, detail: str) -> Damage:
    return Damage(kind=kind, where=path, detail=detail, key=path)
