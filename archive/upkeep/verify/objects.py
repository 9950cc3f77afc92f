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
from archive.pages.store import SCHEMAS as PAGES_SCHEMAS
from archive.schema import MIGRATIONS, SCHEMA_VERSION
from archive.upkeep.verify.damage import Damage, DamageKind

MOST = 100  # complaints that SQLite makes of one file
# What the search index is made with, and how to compare their rows.
INDEXES = ("articles_fts", "superseded_fts")  # of articles, and of their superseded versions
TABLES_OF_CONSTANTS = {"_nums": "n", "_fold": "variant || ' ' || simplified"}
_OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT GLOB 'sqlite_*'"
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_TRIGGER = "articles_fts_"


def check_file(conn: sqlite3.Connection, *, full: bool) -> Iterator[Damage]:
    """Yield what SQLite itself says of the file; `full` compares its indexes with their tables."""
    check = "integrity_check" if full else "quick_check"
    for (found,) in conn.execute(f"PRAGMA {check}({MOST})"):
        if found != "ok":
            yield Damage(kind=DamageKind.SQLITE_CORRUPT, where=ARCHIVE, detail=str(found))


def check_objects(conn: sqlite3.Connection) -> Iterator[Damage]:
    """Yield what of the schema is missing or differs, and what was added that acts of its own."""
    yield from foreign_objects(conn)
    found = {row["name"]: row for row in conn.execute(_OBJECTS)}
    with closing(fresh_archive()) as fresh:
        for wanted in fresh.execute(_OBJECTS):
            there = found.get(wanted["name"])
            if there is None:
                yield _missing(wanted["type"], wanted["name"])
            elif wanted["type"] == "table" == there["type"] and (
                normal(there["sql"]) != normal(wanted["sql"])
            ):
                yield _differs(wanted, "is not as this Broadsheet makes it")
        yield from _check_constants(conn, fresh, found)


def foreign_objects(conn: sqlite3.Connection, *, version: int = SCHEMA_VERSION) -> list[Damage]:
    """Give what an archive of a version holds that acts when others read or write, and that
    Broadsheet didn't make: triggers, views, indexes of our tables, a table in place of a view.

    A further table only lies there: it is its maker's business.
    """
    with closing(fresh_archive(version)) as fresh:
        return list(_foreign(conn, fresh))


def foreign_pages_objects(pages: sqlite3.Connection) -> list[Damage]:
    """The same of a pages.db."""
    with closing(sqlite3.connect(":memory:")) as fresh:
        fresh.row_factory = sqlite3.Row
        for script in PAGES_SCHEMAS:
            fresh.executescript(script)
        return list(_foreign(pages, fresh))


def _foreign(conn: sqlite3.Connection, fresh: sqlite3.Connection) -> Iterator[Damage]:
    wanted = {row["name"]: row for row in fresh.execute(_OBJECTS)}
    for row in conn.execute(_OBJECTS):
        ours = wanted.get(row["name"])
        acts = row["type"] in ("trigger", "view")
        if ours is None and (acts or (row["type"] == "index" and row["tbl_name"] in wanted)):
            yield Damage(
                kind=DamageKind.SCHEMA_OBJECT_FOREIGN,
                where=f"{row['type']} {row['name']}",
                detail=f"is none of Broadsheet's: {normal(row['sql']):.120}",
                key=row["name"],
            )
        elif ours is not None and (damage := _difference(row, ours)) is not None:
            yield damage


def _difference(there: sqlite3.Row, wanted: sqlite3.Row) -> Damage | None:
    """What is another thing than ours of that name; of a table, its columns may differ."""
    if there["type"] != wanted["type"]:
        return _differs(wanted, f"is a {there['type']}")
    if wanted["type"] != "table" and normal(there["sql"]) != normal(wanted["sql"]):
        return _differs(wanted, "is not as this Broadsheet makes it")
    return None


def fresh_archive(version: int = SCHEMA_VERSION) -> sqlite3.Connection:
    """Give an empty archive in memory, of the schema of a version."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    conn.row_factory = sqlite3.Row
    conn.deserialize(_fresh_image(version))
    return conn


@cache
def _fresh_image(version: int) -> bytes:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as conn:
        conn.row_factory = sqlite3.Row
        migrate(conn, _ANY_TIME, migrations=MIGRATIONS[:version])
        return bytes(conn.serialize())


def normal(sql: str | None) -> str:
    """Return a statement without comments, and with one kind of blank."""
    return " ".join(re.sub(r"--[^\n]*|IF NOT EXISTS ", "", sql or "").split())


def _differs(wanted: sqlite3.Row, detail: str) -> Damage:
    return Damage(
        kind=DamageKind.SCHEMA_OBJECT_DIFFERS,
        where=f"{wanted['type']} {wanted['name']}",
        detail=detail,
        key=wanted["name"],
    )


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
