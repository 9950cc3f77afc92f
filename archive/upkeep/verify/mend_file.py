"""Repairs of a database file itself: its indexes made anew, or all of it from what can be read."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from archive.database.connect import connect, transaction
from archive.database.times import to_text
from archive.errors import ArchiveError
from archive.folder import DataFolder
from archive.migrate import migrate
from archive.pages.store import PageStore
from archive.upkeep.verify.salvage import (
    Lost,
    Watch,
    copy_readable_rows,
    is_whole,
    make_derived,
    reindex,
)


def mend_archive_file(
    conn: sqlite3.Connection, data: Path, *, now: datetime, watch: Watch = lambda _: None
) -> list[Lost] | None:
    """Make archive.db readable again; give what of it is lost, None where nothing was wrong.

    Not inside a transaction. A damaged file is copied to `set-aside` first. Raises ArchiveError
    where there is no room.
    """

    def make(fresh: Path) -> list[Lost]:
        with closing(connect(fresh, synchronous="normal")) as new:
            migrate(new, now)
            lost = copy_readable_rows(conn, new, watch=watch)
            with transaction(new):
                make_derived(new, watch=watch)
        return lost

    return _mend(conn, DataFolder(data).archive, make, now=now, watch=watch)


def mend_pages_file(
    data: Path, *, now: datetime, watch: Watch = lambda _: None
) -> list[Lost] | None:
    """The same of pages.db, where there is one."""
    path = DataFolder(data).pages
    if not path.exists():
        return None
    with closing(connect(path)) as conn:

        def make(fresh: Path) -> list[Lost]:
            with closing(PageStore(fresh)) as store:
                store.count_firsts()  # makes its tables
            with closing(connect(fresh, synchronous="normal")) as new:
                return copy_readable_rows(conn, new, watch=watch)

        return _mend(conn, path, make, now=now, watch=watch)


def _mend(
    conn: sqlite3.Connection,
    path: Path,
    make: Callable[[Path], list[Lost]],
    *,
    now: datetime,
    watch: Watch,
) -> list[Lost] | None:
    watch(f"all of {path.name}")
    if is_whole(conn):
        return None
    if reindex(conn) and is_whole(conn):
        return []
    _require_room(path)
    _keep_damaged(conn, path, now)
    watch(f"what can be read of {path.name}")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".repair-") as folder:
        fresh = Path(folder) / path.name
        lost = make(fresh)
        # One transaction over all pages: a killed repair leaves the file as it was.
        with closing(connect(fresh, readonly=True)) as new:
            new.backup(conn)
    return lost


def _require_room(path: Path) -> None:
    size, free = path.stat().st_size, shutil.disk_usage(path.parent).free
    if free < 3 * size:  # the damaged one, the new one, and the latter in the write-ahead log
        raise ArchiveError(
            f"{path} is damaged, and its repair needs {3 * size / 1e6:,.0f} MB beside it: "
            f"{free / 1e6:,.0f} MB are free; make room, then repair again"
        )


def _keep_damaged(conn: sqlite3.Connection, path: Path, now: datetime) -> None:
    with suppress(sqlite3.DatabaseError):
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    folder = DataFolder(path.parent).set_aside
    folder.mkdir(exist_ok=True)
    stamp = to_text(now).replace(":", "")
    for end in ("", "-wal"):
        if (source := Path(f"{path}{end}")).exists():
            shutil.copyfile(source, folder / f"damaged-{stamp}-{path.name}{end}")
