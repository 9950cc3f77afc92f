"""Repairs of the schema and of the search index."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from archive.upkeep.verify.objects import INDEXES, TABLES_OF_CONSTANTS, fresh_archive

_REPLACEABLE = ("index", "view", "trigger")  # what holds no rows of its own


def mend_object(conn: sqlite3.Connection, name: str) -> None:
    """Make what is missing; what differs is made anew, unless it is a table with rows."""
    with closing(fresh_archive()) as fresh:
        index = next((i for i in INDEXES if name == i or name.startswith(f"{i}_")), None)
        if index is not None and not _is(fresh, name, "trigger"):
            rebuild_index(conn, index)
        elif name in TABLES_OF_CONSTANTS:
            _refill(conn, fresh, name)
        else:
            _make(conn, fresh, name)


def take_out_object(conn: sqlite3.Connection, name: str, keep_in: Path) -> None:
    """Drop a trigger, view or index that is none of ours; its SQL is kept in a file."""
    kind, sql = conn.execute(
        "SELECT type, sql FROM sqlite_master WHERE name = ?", (name,)
    ).fetchone()
    keep_in.parent.mkdir(parents=True, exist_ok=True)
    with keep_in.open("a", encoding="utf-8") as file:
        file.write(f"{sql};\n")
    quoted = name.replace('"', '""')
    conn.execute(f'DROP {kind} "{quoted}"')


def rebuild_index(conn: sqlite3.Connection, index: str) -> None:
    """Make a search index anew, from nothing but the rows that it is of."""
    try:
        conn.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")  # noqa: S608
    except sqlite3.DatabaseError:  # so damaged that it can't even be opened
        _drop_index(conn, index)
        _make_index(conn, index)
        conn.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")  # noqa: S608


def index_article(conn: sqlite3.Connection, article_id: int) -> None:
    """Add an article that has no row in the index."""
    conn.execute(
        "INSERT INTO articles_fts(rowid, title, text)"
        " SELECT id, title, text FROM articles_seg WHERE id = ?",
        (article_id,),
    )


def _drop_index(conn: sqlite3.Connection, index: str) -> None:
    # DROP TABLE opens the index first, which is what failed: its rows in the schema go instead
    names = conn.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB ?", (f"{index}_*",)
    ).fetchall()
    conn.execute("PRAGMA writable_schema = ON")
    conn.execute("DELETE FROM sqlite_master WHERE name = ?", (index,))
    conn.execute("PRAGMA writable_schema = RESET")
    for (name,) in names:
        conn.execute(f"DROP TABLE {name}")


def _make_index(conn: sqlite3.Connection, index: str) -> None:
    with closing(fresh_archive()) as fresh:
        sql = fresh.execute("SELECT sql FROM sqlite_master WHERE name = ?", (index,)).fetchone()
        rank = fresh.execute(f"SELECT v FROM {index}_config WHERE k = 'rank'").fetchone()  # noqa: S608
    conn.execute(sql[0])
    conn.execute(f"INSERT INTO {index}({index}, rank) VALUES ('rank', ?)", (rank[0],))  # noqa: S608


def _make(conn: sqlite3.Connection, fresh: sqlite3.Connection, name: str) -> None:
    wanted = fresh.execute("SELECT type, sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    if wanted["type"] in _REPLACEABLE:
        _make_room(conn, name)
    elif _is(conn, name, "table"):
        return  # altering it could lose rows: what is left of it stays as it is
    conn.execute(wanted["sql"])


def _make_room(conn: sqlite3.Connection, name: str) -> None:
    """Drop what has a name, but a table: that is renamed, for it may hold rows of somebody's."""
    there = conn.execute("SELECT type FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    if there is None:
        return
    if there[0] != "table":
        conn.execute(f"DROP {there[0]} {name}")
        return
    number = 1
    while _is(conn, f"set_aside_{name}_{number}", "table"):
        number += 1
    conn.execute("PRAGMA legacy_alter_table = ON")  # what reads the name shall read ours
    conn.execute(f"ALTER TABLE {name} RENAME TO set_aside_{name}_{number}")
    conn.execute("PRAGMA legacy_alter_table = OFF")


def _refill(conn: sqlite3.Connection, fresh: sqlite3.Connection, name: str) -> None:
    if not _is(conn, name, "table"):
        _make(conn, fresh, name)
    rows = fresh.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608
    conn.execute(f"DELETE FROM {name}")  # noqa: S608
    marks = ", ".join("?" * len(rows[0]))
    conn.executemany(f"INSERT INTO {name} VALUES ({marks})", map(tuple, rows))  # noqa: S608


def _is(conn: sqlite3.Connection, name: str, kind: str) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE name = ? AND type = ?"
    return conn.execute(query, (name, kind)).fetchone() is not None
