"""Open a database file the one way Broadsheet opens them, and wrap a step in a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from archive.errors import ArchiveError

BUSY_TIMEOUT_S = (
    10  # readers never block in WAL; this is for a backup or another process's checkpoint
)


def connect(
    path: Path | str,
    *,
    readonly: bool = False,
    synchronous: Literal["full", "normal"] = "full",
) -> sqlite3.Connection:
    """Open `path`; a writer creates it where it is missing, a reader opens it `mode=ro`.

    Never `immutable=1`: that ignores the WAL. Transactions are explicit (`transaction`). Raises
    ArchiveError when the file is missing, can't be opened, or is no SQLite database.
    """
    path = Path(path).absolute()
    if readonly and not path.exists():
        raise ArchiveError(f"no archive at {path}: crawl first, or name its folder with --data")
    try:
        return _open(path, readonly, synchronous)
    except sqlite3.DatabaseError as error:
        raise ArchiveError(f"can't open {path} as an archive: {error}") from error
    except UnicodeDecodeError as error:  # in SQLite's message, which quotes the schema
        raise ArchiveError(f"can't open {path} as an archive: its schema is damaged") from error


@contextmanager
def transaction(conn: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """BEGIN IMMEDIATE, then COMMIT, or ROLLBACK when the block raises."""
    conn.execute("BEGIN IMMEDIATE")
    try:
        yield conn
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:  # SQLite itself rolls back on a full disk
            conn.execute("ROLLBACK")
        raise


@contextmanager
def snapshot(conn: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Read one state of the archive in several statements; inside a transaction that one's."""
    if conn.in_transaction:
        yield conn
        return
    conn.execute("BEGIN")
    try:
        yield conn
    finally:
        conn.execute("COMMIT")


def _open(path: Path, readonly: bool, synchronous: str) -> sqlite3.Connection:
    mode = "ro" if readonly else "rwc"
    conn = sqlite3.connect(
        f"{path.as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_S
    )
    try:
        conn.row_factory = sqlite3.Row
        conn.execute("SELECT count(*) FROM sqlite_master").fetchone()  # opening alone reads nothing
        if not readonly:
            _prepare_for_writing(conn, synchronous)
    except BaseException:
        conn.close()
        raise
    return conn


def _prepare_for_writing(conn: sqlite3.Connection, synchronous: str) -> None:
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute(f"PRAGMA synchronous = {'FULL' if synchronous == 'full' else 'NORMAL'}")
    conn.execute("PRAGMA foreign_keys = ON")
    conn.execute("PRAGMA recursive_triggers = ON")  # else REPLACE leaves stale rows in the index
    conn.execute("PRAGMA journal_size_limit = 67108864")  # a long reader let the WAL grow to 167 MB
