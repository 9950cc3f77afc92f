"""Make a damaged database anew from the rows that can still be read."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from archive.copies.clusters import rebuild_bands
from archive.sources.outlets import list_hosts
from archive.upkeep.verify.mend_objects import rebuild_index
from archive.upkeep.verify.objects import INDEXES, TABLES_OF_CONSTANTS

BATCH = 500  # rows of one INSERT
_BANDS = "near_bands"
# What is made of other rows, and of what the program knows.
_DERIVED = frozenset({_BANDS, "source_hosts", "_indexing", "_moment", *TABLES_OF_CONSTANTS})
_PLAIN_TABLES = """
SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'
  AND sql NOT LIKE 'CREATE VIRTUAL%'
"""
_INDEXES_OF = "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql <> ''"
_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
_HIGHEST_ID = """
SELECT max(coalesce((SELECT max(id) FROM articles), 0),
  coalesce((SELECT max(article_id) FROM entries), 0),
  coalesce((SELECT max(article_id) FROM files), 0), ?)
"""

Watch = Callable[[str], None]
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """What of a table can't be read: `where` it lies, and how many rows (None: nobody can tell)."""

    table: str
    where: str
    rows: int | None

    def __str__(self) -> str:
        count = "an unknown number of" if self.rows is None else f"{self.rows:,}"
        return f"table {self.table}: {count} rows can't be read ({self.where})"


def copy_readable_rows(
    damaged: sqlite3.Connection, fresh: sqlite3.Connection, *, watch: Watch = lambda _: None
) -> list[Lost]:
    """Copy what can be read into `fresh`, which has the schema and no rows; give what can't be.

    Tables of the user's own come along, triggers and views that aren't ours don't. What is derived
    is not copied: `make_derived` makes it.
    """
    damaged.text_factory = lambda value: value.decode("utf-8", "replace")
    fresh.execute("PRAGMA foreign_keys = OFF")
    triggers = fresh.execute(_TRIGGERS).fetchall()
    for name, _ in triggers:
        fresh.execute(f"DROP TRIGGER {name}")
    lost: list[Lost] = []
    fresh.execute("BEGIN")
    _make_other_tables(damaged, fresh)
    for name, _ in _plain_tables(fresh):
        watch(f"table {name}")
        lost += _Table(damaged, fresh, name).copy()
    _keep_highest_id(damaged, fresh)
    for _, sql in triggers:
        fresh.execute(sql)
    fresh.execute("COMMIT")
    return lost


def make_derived(conn: sqlite3.Connection, *, watch: Watch = lambda _: None) -> None:
    """Make the search index and near bands of an archive from its articles, and the list of hosts
    from its sources, in a transaction."""
    list_hosts(conn)
    watch("the search index")
    for index in INDEXES:
        rebuild_index(conn, index)
    for number, (article_id,) in enumerate(conn.execute("SELECT id FROM articles").fetchall()):
        if number % 1000 == 0:
            watch(f"near copies: {number:,}")
        rebuild_bands(conn, article_id)


def _plain_tables(conn: sqlite3.Connection) -> list[tuple[str, str]]:
    rows = [(str(row[0]), str(row[1])) for row in conn.execute(_PLAIN_TABLES)]
    below = tuple(f"{index}_" for index in INDEXES)
    return [row for row in rows if row[0] not in _DERIVED and not row[0].startswith(below)]


def _make_other_tables(damaged: sqlite3.Connection, fresh: sqlite3.Connection) -> None:
    """Make the user's own tables; those behind a virtual one of his go with it."""
    query = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'"
    virtual = tuple(f"{row[0]}_" for row in damaged.execute(query))
    ours = {name for name, _ in _plain_tables(fresh)}
    for name, sql in _plain_tables(damaged):
        if name not in ours and not name.startswith(virtual):
            fresh.execute(sql)
            for (index,) in damaged.execute(_INDEXES_OF, (name,)).fetchall():
                fresh.execute(index)


def _keep_highest_id(damaged: sqlite3.Connection, fresh: sqlite3.Connection) -> None:
    """No id is given twice, that of a lost article neither."""
    for table in ("articles", "pages"):
        exists = "SELECT 1 FROM sqlite_master WHERE name = ?"
        if fresh.execute(exists, (table,)).fetchone() is None:
            continue
        try:
            row = damaged.execute(
                "SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)
            ).fetchone()
        except sqlite3.DatabaseError:
            row = None
        highest = int(row[0]) if row is not None else 0
        if table == "articles":
            highest = fresh.execute(_HIGHEST_ID, (highest,)).fetchone()[0]
        fresh.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        fresh.execute("INSERT INTO sqlite_sequence(name, seq) VALUES (?, ?)", (table, highest))


@dataclass(frozen=True, slots=True)
class _Table:
    """A table that is copied as far as it can be read."""

    damaged: sqlite3.Connection
    fresh: sqlite3.Connection
    name: str

    def copy(self) -> list[Lost]:
        columns = self._columns()
        if columns is None:
            return [Lost(table=self.name, where="the table is gone", rows=None)]
        gaps: list[str] = []
        key = self._key()
        rows = self._by_key(columns, key, gaps) if key else self._by_rowid(columns, gaps)
        self.fresh.execute(f'DELETE FROM "{self.name}"')  # noqa: S608 (what migrating has noted)
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        insert = f'INSERT OR IGNORE INTO "{self.name}"({names}) VALUES ({marks})'  # noqa: S608
        self.fresh.executemany(insert, rows)
        if not gaps:
            return []
        return [Lost(table=self.name, where="; ".join(gaps), rows=self._missing())]

    def _columns(self) -> list[str] | None:
        """Those that both have, quoted; None where the damaged file has no such table."""
        there = {row["name"] for row in self._info(self.damaged)}
        if not there:
            return None
        return [f'"{row["name"]}"' for row in self._info(self.fresh) if row["name"] in there]

    def _info(self, conn: sqlite3.Connection) -> list[sqlite3.Row]:
        return conn.execute(f'PRAGMA table_info("{self.name}")').fetchall()

    def _key(self) -> list[str]:
        """The primary key of a table without rowid; empty for one that has it."""
        sql = self.damaged.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (self.name,)
        ).fetchone()[0]
        if "WITHOUT ROWID" not in sql.upper():
            return []
        parts = sorted((row["pk"], row["name"]) for row in self._info(self.damaged) if row["pk"])
        return [f'"{name}"' for _, name in parts]

    def _by_key(self, columns: Sequence[str], key: Sequence[str], gaps: list[str]) -> Iterator[Row]:
        """From its beginning to the first bad page, then from its end to the last one."""
        select = f'SELECT {", ".join(columns)} FROM "{self.name}" NOT INDEXED ORDER BY '  # noqa: S608
        last: Row | None = None
        try:
            for row in self.damaged.execute(select + ", ".join(key)):
                last = tuple(row)
                yield last
        except sqlite3.DatabaseError as error:
            first: Row | None = None
            try:
                for row in self.damaged.execute(select + ", ".join(f"{k} DESC" for k in key)):
                    first = tuple(row)
                    yield first
            except sqlite3.DatabaseError:
                pass
            gaps.append(f"{error}, between {_shown(last)} and {_shown(first)}")

    def _by_rowid(self, columns: Sequence[str], gaps: list[str]) -> Iterator[Row]:
        """All rows but those of bad pages, round which it finds its way by the numbers of rows."""
        select = f'SELECT rowid, {", ".join(columns)} FROM "{self.name}" NOT INDEXED'  # noqa: S608
        last = -1
        while True:
            try:
                for row in self.damaged.execute(
                    f"{select} WHERE rowid > ? ORDER BY rowid", (last,)
                ):
                    last = row[0]
                    yield tuple(row)[1:]
            except sqlite3.DatabaseError as error:
                following = self._next_readable(f"{select} WHERE rowid >= ? ORDER BY rowid", last)
                end = "the end" if following is None else f"row {following:,}"
                gaps.append(f"{error}, between row {max(last, 0):,} and {end}")
                if following is None:
                    return
                last = following - 1
            else:
                return

    def _next_readable(self, query: str, last: int) -> int | None:
        """Give the first row behind a bad place; None where there is none."""

        def row_from(number: int) -> int | None:
            """The row at or behind a number, 0 for none; None where it can't be read."""
            try:
                row = self.damaged.execute(f"{query} LIMIT 1", (number,)).fetchone()
            except sqlite3.DatabaseError:
                return None
            return 0 if row is None else int(row[0])

        bad, step = last + 1, 1
        while (found := row_from(bad + step)) is None:
            bad, step = bad + step, step * 2
            if bad + step >= 2**63:
                return None
        good = bad + step
        while good - bad > 1:
            middle = (good + bad) // 2
            if (there := row_from(middle)) is None:
                bad = middle
            else:
                good, found = middle, there
        return found or None

    def _missing(self) -> int | None:
        """How many rows an index still counts that didn't come along."""
        count = f'SELECT count(*) FROM "{self.name}"'  # noqa: S608
        copied = int(self.fresh.execute(count).fetchone()[0])
        try:
            wanted = int(self.damaged.execute(count).fetchone()[0])
        except sqlite3.DatabaseError:
            return None
        return max(0, wanted - copied)


def _shown(row: Row | None) -> str:
    return "nothing" if row is None else repr(row[0])[:60]


def is_whole(conn: sqlite3.Connection) -> bool:
    """Whether SQLite finds nothing wrong with tables and their indexes; reads all of them.

    The search index has checks of its own.
    """
    try:
        found = [str(row[0]) for row in conn.execute("PRAGMA integrity_check(100)")]
    except sqlite3.DatabaseError:
        return False
    return all(words == "ok" or "FTS5" in words for words in found)


def reindex(conn: sqlite3.Connection) -> bool:
    """Make every index of a table anew that can be; False where one can't."""
    names = conn.execute("SELECT name FROM sqlite_master WHERE type = 'index'").fetchall()
    done = True
    for (name,) in names:
        try:
            with closing(conn.execute(f'REINDEX "{name}"')):
                pass
        except sqlite3.DatabaseError:
            done = False
    return done
