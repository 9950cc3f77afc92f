"""The database file itself: its pages, and the tables, indexes, views and triggers in it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import cache

from archive.folder import ARCHIVE
from archive.migrate import migrate
from archive.upkeep.verify.damage import Damage, DamageKind

MOST = 100  # complaints that SQLite makes of one file
# What the search index is made with, and how to compare their rows.
TABLES_OF_CONSTANTS = {"_nums": "n", "_fold": "variant || ' ' || simplified"}
_OBJECTS = "SELECT type, name, sql FROM sqlite_master WHERE name NOT GLOB 'sqlite_*'"
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_TRIGGER = "articles_fts_"


def check_file(conn: sqlite3.Connection, *, full: bool) -> Iterator[Damage]:
    """Yield what SQLite itself says of the file; `full` compares its indexes with their tables."""
    check = "integrity_check" if full else "quick_check"
    for (found,) in conn.execute(f"PRAGMA {check}({MOST})"):
        if found != "ok":
            yield Damage(kind=DamageKind.SQLITE_CORRUPT, where=ARCHIVE, detail=str(found))


def check_objects(conn: sqlite3.Connection) -> Iterator[Damage]:
    """Yield what of the schema is missing or differs; what a user added is his own business."""
    found = {row["name"]: row for row in conn.execute(_OBJECTS)}
    with closing(fresh_archive()) as fresh:
        for wanted in fresh.execute(_OBJECTS):
            name, there = wanted["name"], found.get(wanted["name"])
            if there is None:
                yield _missing(wanted["type"], name)
            elif normal(there["sql"]) != normal(wanted["sql"]):
                yield Damage(
                    kind=DamageKind.SCHEMA_OBJECT_DIFFERS,
                    where=f"{wanted['type']} {name}",
                    detail="is not as this Broadsheet makes it",
                    key=name,
                )
        yield from _check_constants(conn, fresh, found)


def fresh_archive() -> sqlite3.Connection:
    """Give an empty archive in memory, of today's schema."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    conn.row_factory = sqlite3.Row
    conn.deserialize(_fresh_image())
    return conn


@cache
def _fresh_image() -> bytes:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as conn:
        conn.row_factory = sqlite3.Row
        migrate(conn, _ANY_TIME)
        return bytes(conn.serialize())


def normal(sql: str | None) -> str:
    """Return a statement without comments, and with one kind of blank."""
    return " ".join(re.sub(r"--[^\n]*|IF NOT EXISTS ", "", sql or "").split())


def _missing(kind: str, name: str) -> Damage:
    is_trigger = kind == "trigger" and name.startswith(_TRIGGER)
    return Damage(
        kind=DamageKind.INDEX_TRIGGER_MISSING if is_trigger else DamageKind.SCHEMA_OBJECT_MISSING,
        where=f"{kind} {name}",
        detail="is missing: articles may be changed without their index"
        if is_trigger
        else "is missing",
        key=name,
    )


def _check_constants(
    conn: sqlite3.Connection, fresh: sqlite3.Connection, found: dict[str, sqlite3.Row]
) -> Iterator[Damage]:
    for table, columns in TABLES_OF_CONSTANTS.items():
        query = f"SELECT group_concat({columns}) FROM (SELECT * FROM {table} ORDER BY 1)"  # noqa: S608
        if (
            table in found
            and conn.execute(query).fetchone()[0] != fresh.execute(query).fetchone()[0]
        ):
            yield Damage(
                kind=DamageKind.SCHEMA_OBJECT_DIFFERS,
                where=f"table {table}",
                detail="has other rows than this Broadsheet gives it",
                key=table,
            )
