"""Bring an archive to today's schema, or refuse it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, nullcontext
from datetime import datetime
from pathlib import Path

from archive.asof import triggers
from archive.database.connect import connect, transaction
from archive.database.times import to_text
from archive.errors import ArchiveError
from archive.schema import APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION
from archive.search.index_schema import TRIGGERS


def migrate(
    conn: sqlite3.Connection, now: datetime, *, migrations: Sequence[str] = MIGRATIONS
) -> None:
    """Bring a new or older archive to the last of `migrations`, all or nothing.

    A current one is untouched. An older one that has articles is first copied to
    `archive.db.before-N` beside it, N being the version that it gets. Runs in the caller's
    transaction, or in its own where there is none. Raises ArchiveError for an archive newer than
    the program, for a database that is none of ours, and where there is no room for the copy.
    """
    latest = len(migrations)
    with nullcontext() if conn.in_transaction else transaction(conn):
        version = check_schema(conn, latest)
        if 0 < version < latest and conn.execute("SELECT 1 FROM articles LIMIT 1").fetchone():
            _keep_copy(Path(conn.execute("PRAGMA database_list").fetchone()["file"]), latest)
        if version < latest:
            _execute(conn, triggers.DROP)  # what a step writes is no event
            for number in range(version + 1, latest + 1):
                _apply(conn, number, migrations[number - 1], now)
            _execute(conn, TRIGGERS + triggers.CREATE)


def check_schema(conn: sqlite3.Connection, latest: int = SCHEMA_VERSION) -> int:
    """Return the archive's schema version, 0 for an empty file; ArchiveError when not usable."""
    version = int(conn.execute("PRAGMA user_version").fetchone()[0])
    mark = int(conn.execute("PRAGMA application_id").fetchone()[0])
    name = conn.execute("PRAGMA database_list").fetchone()["file"]
    if mark != APPLICATION_ID and _has_tables(conn):
        raise ArchiveError(f"{name} is a database, but no Broadsheet archive: name another folder")
    if version > latest:
        raise ArchiveError(
            f"{name} has schema {version}, this Broadsheet knows {latest}: upgrade it"
        )
    return version


def _keep_copy(path: Path, latest: int) -> None:
    # Another connection: VACUUM runs in no transaction. It sees what ours has not changed yet.
    copy = path.with_name(f"{path.name}.before-{latest}")
    partial = copy.with_name(f"{copy.name}.part")
    partial.unlink(missing_ok=True)
    try:
        with closing(connect(path, readonly=True)) as reader:
            reader.execute("VACUUM INTO ?", (str(partial),))
        os.replace(partial, copy)
    except (OSError, sqlite3.Error) as error:
        partial.unlink(missing_ok=True)
        raise ArchiveError(
            f"{path} is not upgraded: its copy {copy.name} can't be written: {error}"
        ) from error


def _has_tables(conn: sqlite3.Connection) -> bool:
    return conn.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None


def _apply(conn: sqlite3.Connection, number: int, script: str, now: datetime) -> None:
    _execute(conn, script)
    conn.execute("INSERT INTO migrations(version, applied) VALUES (?, ?)", (number, to_text(now)))
    conn.execute(f"PRAGMA user_version = {number}")
    conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _execute(conn: sqlite3.Connection, script: str) -> None:
    # not executescript(): that commits the transaction first
    for statement in _statements(script):
        conn.execute(statement)


def _statements(script: str) -> Iterator[str]:
    lines: list[str] = []
    for line in script.strip().splitlines():
        lines.append(line)
        if sqlite3.complete_statement("\n".join(lines)):
            yield "\n".join(lines)
            lines.clear()
