"""`broadsheet verify --repair`: make right what `check` finds, by what is still right.

The caller holds the archive's lock. Repairs are made in transactions of some hundred, so that a
killed repair has made some of them, and the next makes the rest.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path

from archive.database.connect import connect, transaction
from archive.errors import ArchiveError
from archive.files.orders import write_owed
from archive.folder import DataFolder
from archive.images.store import ImageStore
from archive.pages.store import PageStore
from archive.upkeep.verify.check import Findings, Scope, Watch, check
from archive.upkeep.verify.damage import BEYOND_REPAIR, Damage, DamageKind
from archive.upkeep.verify.images import mend_image
from archive.upkeep.verify.mend_file import mend_archive_file, mend_pages_file
from archive.upkeep.verify.mend_objects import (
    index_article,
    mend_object,
    rebuild_index,
    take_out_object,
)
from archive.upkeep.verify.mend_rows import mend_row
from archive.upkeep.verify.objects import INDEXES
from archive.upkeep.verify.salvage import Lost

PASSES = 3  # what one repair brings to light (a table that was missing) the next one repairs
BATCH = 200
_OBJECTS = (
    DamageKind.SCHEMA_OBJECT_MISSING,
    DamageKind.SCHEMA_OBJECT_DIFFERS,
    DamageKind.INDEX_TRIGGER_MISSING,
)
_PAGES = (
    DamageKind.PAGE_UNLINKED,
    DamageKind.PAGE_OF_MISSING_ARTICLE,
    DamageKind.PAGE_OF_FORGOTTEN_ARTICLE,
)
_IMAGES = (DamageKind.IMAGE_MISSING, DamageKind.IMAGE_DIFFERS, DamageKind.IMAGE_ORPHANED)
_FILES = (DamageKind.SQLITE_CORRUPT, DamageKind.PAGES_CORRUPT)
_WHOLE_INDEX = (DamageKind.INDEX_ROW_EXTRA, DamageKind.INDEX_STALE, DamageKind.INDEX_CORRUPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """What was found, what is left of it, and what a damaged file couldn't give back."""

    found: Counter[DamageKind]
    left: Findings
    lost: tuple[Lost, ...] = ()


def repair(
    conn: sqlite3.Connection, what: Scope, *, now: datetime, watch: Watch = lambda _: None
) -> Repaired:
    """Repair what can be, then check again. Not inside a transaction.

    First the files themselves, so that all else can be read: raises ArchiveError where a damaged
    one is to be made anew and there is no room beside it.
    """
    found: Counter[DamageKind] = Counter()
    lost: list[Lost] = []
    for kind, gone in (
        (DamageKind.SQLITE_CORRUPT, mend_archive_file(conn, what.data, now=now, watch=watch)),
        (DamageKind.PAGES_CORRUPT, mend_pages_file(what.data, now=now, watch=watch)),
    ):
        found[kind] += gone is not None
        lost += gone or ()
    for _ in range(PASSES):
        report, mended = _repair_once(conn, what, now=now, watch=watch)
        found |= report.counts
        if not mended:
            return Repaired(found=+found, left=report, lost=tuple(lost))
    left = Findings.of(check(what, now=now, watch=watch))
    return Repaired(found=+found, left=left, lost=tuple(lost))


def _repair_once(
    conn: sqlite3.Connection, what: Scope, *, now: datetime, watch: Watch
) -> tuple[Findings, bool]:
    report, mended = Findings(), False
    found = map(report.add, check(what, now=now, watch=watch))
    for kind, damages in groupby(found, key=attrgetter("kind")):
        while batch := list(islice(damages, BATCH)):
            mended |= _mend(conn, what, kind, batch, now)
    write_owed(conn, what.directory)
    return report, mended


def _mend(
    conn: sqlite3.Connection, what: Scope, kind: DamageKind, batch: list[Damage], now: datetime
) -> bool:
    """Repair some damage of one kind; False where there is no way to."""
    if kind in BEYOND_REPAIR or kind in _FILES:
        return False  # a file is repaired by now, or can't be
    if kind is DamageKind.SCHEMA_OBJECT_FOREIGN:
        for damage in batch:
            with transaction(conn):
                take_out_object(
                    conn, str(damage.key), DataFolder(what.data).set_aside / "schema.sql"
                )
    elif kind is DamageKind.FILE_ORPHANED:
        for damage in batch:
            _set_aside(what, str(damage.key))
    elif kind in _IMAGES:
        folder = DataFolder(what.data)
        for damage in batch:
            with transaction(conn):
                mend_image(conn, ImageStore(folder.images), folder.set_aside, damage, now)
    elif kind in _PAGES:
        _mend_pages(conn, DataFolder(what.data).pages, kind, batch)
    else:
        with transaction(conn):
            _mend_in_archive(conn, kind, batch, now)
    return True


def _mend_in_archive(
    conn: sqlite3.Connection, kind: DamageKind, batch: list[Damage], now: datetime
) -> None:
    if kind in _WHOLE_INDEX:
        for index in INDEXES:
            rebuild_index(conn, index)
        return
    for damage in batch:
        if kind in _OBJECTS:
            mend_object(conn, str(damage.key))
        elif kind is DamageKind.INDEX_ROW_MISSING:
            index_article(conn, int(damage.key))
        else:
            mend_row(conn, damage, now)


def _set_aside(what: Scope, name: str) -> None:
    """Move a file out of the folder that a site is made of: it may be the last of its article."""
    target = DataFolder(what.data).set_aside / name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(what.directory / name, target)
    except OSError as error:
        raise ArchiveError(
            f"{what.directory / name} can't be moved to {target}: {error.strerror}; move it by hand"
        ) from error


def _mend_pages(
    conn: sqlite3.Connection, path: Path, kind: DamageKind, batch: list[Damage]
) -> None:
    """Let each page name the article that names it, or none."""
    ids = [int(damage.key) for damage in batch]
    links = [(None, page_id) for page_id in ids]
    if kind is DamageKind.PAGE_UNLINKED:
        named = "SELECT id, page_id FROM articles WHERE id = ?"
        links = [tuple(conn.execute(named, (article_id,)).fetchone()) for article_id in ids]
    with closing(connect(path)) as pages, transaction(pages):
        pages.executemany("UPDATE pages SET article_id = ? WHERE id = ?", links)
    if kind is DamageKind.PAGE_OF_FORGOTTEN_ARTICLE:
        with closing(PageStore(path)) as store:
            store.forget(None, [damage.where for damage in batch])
