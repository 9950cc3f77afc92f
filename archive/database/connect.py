"""Open a database file the one way Broadsheet opens them, and wrap a step in a transaction."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Literal

from archive.errors import ArchiveDamaged, ArchiveError

BUSY_TIMEOUT_S = (
    10  # readers never block in WAL; this is for a backup or another process's checkpoint
)

# Kept as they were prepared, 20 to 50 µs each. Articles and visits alone have 110; Python has 128.
STATEMENTS = 256

_WAL_MODE = b"\2\2"  # of the file's header, bytes 18 and 19: who may write, who may read
LARGEST = 256 << 20  # bytes of one value or row: SQLite refuses to make or read a larger one
# What no statement of ours comes near. The last is of triggers that call each other.
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LARGEST,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 4 << 20,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 20,
}


def connect(
    path: Path | str,
    *,
    readonly: bool = False,
    synchronous: Literal["full", "normal"] = "full",
    foreign: bool = False,
) -> sqlite3.Connection:
    """Open `path`; a writer creates it where it is missing, a reader opens it `mode=ro`.

    `foreign`: somebody else may have made the file, and its schema may do nothing of its own:
    then triggers and views that need the search index fail on an SQLite that calls it unsafe.
    `immutable=1` only where `must_be_immutable` says so: it ignores the WAL. Transactions are
    explicit (`transaction`). Raises
    ArchiveDamaged where SQLite finds the file damaged, ArchiveError when it is missing, can't be
    opened, or is no SQLite database.
    """
    path = Path(path).absolute()
    if readonly and not path.exists():
        raise ArchiveError(f"no archive at {path}: crawl first, or name its folder with --data")
    try:
        return _open(path, readonly, synchronous, foreign)
    except sqlite3.DatabaseError as error:
        raise _refusal(path, readonly, error) from error
    except UnicodeDecodeError as error:  # in SQLite's message, which quotes the schema
        raise ArchiveDamaged(f"{path} is damaged: its schema can't be read") from error


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
def unsynced(conn: sqlite3.Connection) -> Iterator[None]:
    """Let transactions be committed without waiting for the disk: a COMMIT of a few rows is two
    thirds of their time. For what nobody was promised: a killed process loses none of it, a power
    failure may lose the last of them, whole ones, until the next COMMIT that waits."""
    (before,) = conn.execute("PRAGMA synchronous").fetchone()
    conn.execute("PRAGMA synchronous = NORMAL")
    try:
        yield
    finally:
        conn.execute(f"PRAGMA synchronous = {before}")


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


def must_be_immutable(path: Path) -> bool:
    """Whether a file can be read only with `immutable=1`, which then ignores nothing.

    In WAL mode even `mode=ro` makes files beside the database. Where it may not (another user's
    folder, a read-only mount) and there is no WAL, nobody has the archive open, and all of it is
    in the file. That ends when a writer comes: who keeps a connection asks again before he uses it.
    """
    wal, folder = path.with_name(f"{path.name}-wal"), path.parent
    if wal.exists() or os.access(folder, os.W_OK):
        return False
    try:
        with path.open("rb") as file:
            return file.read(20)[18:] == _WAL_MODE
    except OSError:
        return False


def _refusal(path: Path, readonly: bool, error: sqlite3.DatabaseError) -> ArchiveError:
    """Say what is in the way: damage only where SQLite has seen some."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code == sqlite3.SQLITE_CORRUPT:
        return ArchiveDamaged(f"{path} is damaged: {error}")
    if code == sqlite3.SQLITE_NOTADB:
        return ArchiveError(
            f"can't open {path}: it is no SQLite database, or its first bytes are lost; name "
            "another file, or restore a backup"
        )
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return ArchiveError(f"can't open {path}: {_hindrance(path, readonly) or error}")
    return ArchiveError(f"can't open {path} as an archive: {error}")


def _hindrance(path: Path, readonly: bool) -> str:
    """Why the file system refuses a file, as far as it says so."""
    wanted = os.R_OK if readonly else os.R_OK | os.W_OK
    for place, mode in ((path.parent, os.X_OK), (path, wanted)):
        if place.exists() and not os.access(place, mode):
            return f"no permission for {place}: run as the user whose it is"
    if path.is_dir():
        return "it is a folder"
    log, shared = (path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm"))
    if not os.access(path.parent, os.W_OK) and log.exists() and not shared.exists():
        return (
            f"whoever wrote it last was killed, and what he left in {log.name} can be read only "
            "where files may be made beside it: open it there once, or copy the folder"
        )
    if not os.access(path.parent, os.W_OK):
        return f"no permission to write in {path.parent}: run as the user whose it is"
    return ""


def _open(path: Path, readonly: bool, synchronous: str, foreign: bool) -> sqlite3.Connection:
    way = "mode=ro" if readonly else "mode=rwc"
    if readonly and must_be_immutable(path):
        way = "immutable=1"
    conn = sqlite3.connect(
        f"{path.as_uri()}?{way}",
        uri=True,
        isolation_level=None,
        timeout=BUSY_TIMEOUT_S,
        cached_statements=STATEMENTS,
        check_same_thread=not readonly,  # archive/web/past.py hands it from request to request
    )
    try:
        conn.row_factory = sqlite3.Row
        harden(conn, foreign=foreign)
        conn.execute("SELECT count(*) FROM sqlite_master").fetchone()  # opening alone reads nothing
        if not readonly:
            _prepare_for_writing(conn, synchronous)
    except BaseException:
        conn.close()
        raise
    return conn


def harden(conn: sqlite3.Connection, *, foreign: bool) -> None:
    """Do what https://sqlite.org/security.html advises: trust neither a schema nor sizes in it."""
    if foreign or _index_is_safe():
        conn.execute("PRAGMA trusted_schema = OFF")
    conn.execute("PRAGMA cell_size_check = ON")
    conn.execute("PRAGMA mmap_size = 0").fetchall()
    for limit, most in _LIMITS.items():
        conn.setlimit(limit, most)


@cache
def _index_is_safe() -> bool:
    """Whether this SQLite lets the triggers of an untrusted schema use FTS5; 3.40 doesn't."""
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.executescript(
            "PRAGMA trusted_schema = OFF; CREATE TABLE t (x); CREATE VIRTUAL TABLE f USING fts5(x);"
            "CREATE TRIGGER i AFTER INSERT ON t BEGIN INSERT INTO f VALUES (new.x); END;"
        )
        try:
            conn.execute("INSERT INTO t VALUES ('x')")
        except sqlite3.OperationalError:
            return False
        return True


def _prepare_for_writing(conn: sqlite3.Connection, synchronous: str) -> None:
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute(f"PRAGMA synchronous = {'FULL' if synchronous == 'full' else 'NORMAL'}")
    conn.execute("PRAGMA foreign_keys = ON")
    conn.execute("PRAGMA recursive_triggers = ON")  # else REPLACE leaves stale rows in the index
    conn.execute("PRAGMA cache_size = -8192")  # KB: keys come at random, and a read costs 2 µs
    conn.execute("PRAGMA journal_size_limit = 67108864")  # a long reader let the WAL grow to 167 MB
