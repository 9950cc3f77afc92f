"""The kept pictures: each row's file, and what lies in their folder without a row.

A file is written before the row that names it, and goes after it: beside a writer a difference
counts only where the row is the same before and after the look at the disk.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from pathlib import Path

from archive.database.times import to_text
from archive.errors import ArchiveError
from archive.files.orders import want_file
from archive.images.store import NAME, ImageStore, file_of
from archive.upkeep.verify.damage import Damage, DamageKind, not_compared

BATCH = 500
_KEPT = """
SELECT id, url, sha256, type, bytes FROM images WHERE state = 'kept' AND id > ? ORDER BY id LIMIT ?
"""
_ROW = "SELECT id, url, sha256, type, bytes FROM images WHERE state = 'kept' AND id = ?"
_NAMED = "SELECT 1 FROM images WHERE state = 'kept' AND sha256 = ?"
_OWE = """
UPDATE images SET state = 'owed', reason = :reason, attempts = 0, not_before = :now, sha256 = NULL,
  type = NULL, bytes = NULL, width = NULL, height = NULL, fetched = NULL WHERE id = :id
"""


def check_images(
    conn: sqlite3.Connection, store: ImageStore, *, full: bool, images: Collection[int]
) -> Iterator[Damage]:
    """Yield kept pictures whose file is missing or another: hashed for `images`, or (`full`) for
    all, else by size."""
    last = -1
    while rows := conn.execute(_KEPT, (last, BATCH)).fetchall():
        for row in rows:
            try:
                kind = _look(store, row, hashed=full or row["id"] in images)
            except OSError as error:
                yield not_compared(row["url"], error)
                continue
            if kind is not None and _is_still(conn, row):
                is_missing = kind is DamageKind.IMAGE_MISSING
                detail = "its file is not there" if is_missing else "its file is not what was kept"
                file = file_of(row["sha256"], row["type"])
                name = file.name if file else "its row names none"
                yield Damage(kind=kind, where=row["url"], detail=f"{detail}: {name}", key=row["id"])
        last = rows[-1]["id"]


def check_image_files(
    conn: sqlite3.Connection, store: ImageStore, *, busy: Callable[[], bool]
) -> Iterator[Damage]:
    """Yield files of which no row says that they are kept; `busy`: a writer may be about to."""
    try:
        names = list(store.names())
    except OSError as error:
        yield not_compared(str(error.filename), error)
        return
    for name in names:
        found = NAME.fullmatch(name)
        digest = found["folder"] + found["rest"] if found else ""
        is_named = conn.execute(_NAMED, (digest,)).fetchone() is not None
        if not is_named and not busy() and (store.folder / name).exists():
            detail = "has a name of ours, and no picture"
            yield Damage(kind=DamageKind.IMAGE_ORPHANED, where=name, detail=detail, key=name)


def mend_image(
    conn: sqlite3.Connection, store: ImageStore, set_aside: Path, damage: Damage, now: datetime
) -> None:
    """Put what is not right aside, and let the picture be fetched again; in a transaction."""
    if damage.kind is DamageKind.IMAGE_ORPHANED:
        _move(store.folder / str(damage.key), set_aside / str(damage.key))
        return
    row = conn.execute(_ROW, (damage.key,)).fetchone()
    if row is None:
        return
    file = file_of(row["sha256"], row["type"])
    if file is not None:
        _move(store.folder / file.name, set_aside / file.name)
    values = {"reason": damage.detail, "now": to_text(now), "id": row["id"]}
    conn.execute(_OWE, values)
    led = conn.execute("SELECT article_id FROM article_images WHERE image_id = ?", (row["id"],))
    for (article_id,) in led.fetchall():
        want_file(conn, article_id)


def _look(store: ImageStore, row: sqlite3.Row, *, hashed: bool) -> DamageKind | None:
    file = file_of(row["sha256"], row["type"])
    if file is None:
        return DamageKind.IMAGE_DIFFERS
    path = store.folder / file.name
    try:
        same = path.stat().st_size == row["bytes"]
        same = same and (not hashed or store.digest(file.name) == row["sha256"])
    except (FileNotFoundError, NotADirectoryError):
        return DamageKind.IMAGE_MISSING
    return None if same else DamageKind.IMAGE_DIFFERS


def _is_still(conn: sqlite3.Connection, row: sqlite3.Row) -> bool:
    now = conn.execute(_ROW, (row["id"],)).fetchone()
    return now is not None and tuple(now) == tuple(row)


def _move(path: Path, target: Path) -> None:
    if not path.exists():
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, target)
    except OSError as error:
        raise ArchiveError(
            f"{path} can't be moved to {target}: {error.strerror}; move it by hand"
        ) from error
