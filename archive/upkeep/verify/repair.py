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
from archive.pages.store import PageStore
from archive.upkeep.verify.check import Findings, Scope, Watch, check
from archive.upkeep.verify.damage import BEYOND_REPAIR, Damage, DamageKind
from archive.upkeep.verify.mend_objects import index_article, mend_object, rebuild_index
from archive.upkeep.verify.mend_rows import mend_row

PASSES = 3  # what one repair brings to light (a table that was missing) the next one repairs
BATCH = 200
SET_ASIDE = "set-aside"  # the folder, in that of the archive, for files that belong to no article

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
_WHOLE_INDEX = (DamageKind.INDEX_ROW_EXTRA, DamageKind.INDEX_STALE, DamageKind.INDEX_CORRUPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """What was found, and what is left of it."""

    found: Counter[DamageKind]
    left: Findings


def repair(
    conn: sqlite3.Connection, what: Scope, *, now: datetime, watch: Watch = lambda _: None
) -> Repaired:
    """Repair what can be, then check again. Not inside a transaction."""
    found: Counter[DamageKind] = Counter()
    for _ in range(PASSES):
        report, mended = _repair_once(conn, what, now=now, watch=watch)
        found |= report.counts
        if not mended:
            return Repaired(found=found, left=report)
    return Repaired(found=found, left=Findings.of(check(what, now=now, watch=watch)))


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
    if kind is DamageKind.SQLITE_CORRUPT:
        return _reindex(conn, batch)
    if kind in BEYOND_REPAIR:
        return False
    if kind is DamageKind.FILE_ORPHANED:
        for damage in batch:
            _set_aside(what, str(damage.key))
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
        rebuild_index(conn)
        return
    for damage in batch:
        if kind in _OBJECTS:
            mend_object(conn, str(damage.key))
        elif kind is DamageKind.INDEX_ROW_MISSING:
            index_article(conn, int(damage.key))
        else:
            mend_row(conn, damage, now)


def _reindex(conn: sqlite3.Connection, batch: list[Damage]) -> bool:
    """An index of a table can be made from its rows; whatever else SQLite complains of can't."""
    if not any("index" in damage.detail for damage in batch):
        return False
    try:
        conn.execute("REINDEX")
    except sqlite3.DatabaseError:
        return False
    return True


def _set_aside(what: Scope, name: str) -> None:
    """Move a file out of the folder that a site is made of: it may be the last of its article."""
    target = what.data / SET_ASIDE / name
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
