"""Look over another archive before anything of it is brought in: damaged, or made to do harm.

First what https://sqlite.org/security.html advises for files from elsewhere; then every table that
is read must be as ours is, and every value such as Broadsheet itself writes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import zstandard

from archive.database.connect import connect
from archive.errors import ArchiveError
from archive.pages.compression import LARGEST as LARGEST_DICTIONARY
from archive.pages.store import SCHEMAS as PAGES_SCHEMAS
from archive.pages.store import VERSION as PAGES_VERSION
from archive.schema import MIGRATIONS
from archive.upkeep.merge.column_values import form_of
from archive.upkeep.verify.damage import Damage, DamageKind
from archive.upkeep.verify.objects import foreign_objects, foreign_pages_objects
from archive.upkeep.verify.rows import check_rule

_READ = (
    *("sources", "health_changes", "gaps", "visits", "visit_days", "documents", "articles"),
    *(
        "article_urls",
        "images",
        "article_images",
        "superseded",
        "cluster_changes",
        "instruments",
        "mentions",
        "entries",
    ),
    *(
        "verbatim_posts",
        "placeholders",
        "holds",
        "outlet_lines",
        "boilerplate",
        "tombstones",
        "runs",
    ),
)
_PAGES_READ = ("dicts", "pages")
_REMEDY = "nothing was merged; `broadsheet verify --repair` in its folder may mend it"
_AGREE = (  # of what `broadsheet verify` asks: the rest is computed anew
    *(DamageKind.ALIAS_MISSING, DamageKind.ENTRY_ARCHIVED_WITHOUT_ID, DamageKind.ENTRY_STATE_WRONG),
    *(DamageKind.MENTION_WITHOUT_INSTRUMENT, DamageKind.REVISION_GAP),
)
_SHOWN = 60  # characters of a wrong value


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    name: str
    type: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """A table as this program makes it."""

    columns: tuple[_Column, ...]
    keys: frozenset[tuple[str, ...]]  # columns that are unique
    references: tuple[tuple[str, str, str], ...]  # column, table, its column


def vet_archive(conn: sqlite3.Connection, path: Path) -> None:
    """Raise ArchiveError, naming `path` and what is wrong, unless all of it can be merged."""
    shapes = _shapes(MIGRATIONS)
    with _readable(path):
        for table in _READ:
            _Table(conn, path, table, shapes[table]).vet("integrity_check")
        _refuse_foreign(path, foreign_objects(conn))
        for kind in _AGREE:
            for damage in check_rule(conn, kind):
                what = repr(f"{damage.where} {damage.detail}")[1:-1][: 4 * _SHOWN]
                raise ArchiveError(f"{path}: {what}; {_REMEDY}")


def vet_pages(path: Path) -> None:
    """The same for a pages file, but for its bodies: each has its checksum."""
    shapes = _shapes(PAGES_SCHEMAS)
    with _readable(path), closing(connect(path, readonly=True, foreign=True)) as conn:
        version = conn.execute("PRAGMA user_version").fetchone()[0]
        if version != PAGES_VERSION:
            raise ArchiveError(
                f"{path} has version {version}, this Broadsheet reads {PAGES_VERSION}: update the "
                "older program"
            )
        _refuse_foreign(path, foreign_pages_objects(conn))
        for table in _PAGES_READ:
            _Table(conn, path, table, shapes[table]).vet("quick_check")
        for number, page in conn.execute("SELECT id, page FROM dicts"):
            if _unpacked_bytes(page) > LARGEST_DICTIONARY:  # many of them are in memory at once
                raise ArchiveError(f"{path}: its dictionary {number} is a bomb; {_REMEDY}")


def _refuse_foreign(path: Path, found: list[Damage]) -> None:
    if found:
        what = repr(f"{found[0].where} {found[0].detail}")[1:-1][: 4 * _SHOWN]
        raise ArchiveError(f"{path}: its {what}; {_REMEDY}")


def _unpacked_bytes(frame: bytes) -> int:
    """What a zstd frame says; -1 where it doesn't, or is none: it can't be unpacked then."""
    try:
        return zstandard.frame_content_size(frame)
    except zstandard.ZstdError:
        return -1


@cache
def _shapes(scripts: tuple[str, ...]) -> dict[str, _Shape]:
    """Ask SQLite what these scripts make."""
    with closing(sqlite3.connect(":memory:")) as conn:
        for script in scripts:
            conn.executescript(script)
        tables = conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {table: _shape(conn, table) for (table,) in tables}


def _shape(conn: sqlite3.Connection, table: str) -> _Shape:
    info = conn.execute(
        'SELECT name, type, "notnull", pk FROM pragma_table_info(?) ORDER BY pk', (table,)
    ).fetchall()
    primary = tuple(name for name, _, _, key in info if key)
    indexes = conn.execute(
        'SELECT name FROM pragma_index_list(?) WHERE "unique" AND NOT partial', (table,)
    )
    columns_of = "SELECT name FROM pragma_index_info(?)"
    unique = {tuple(n for (n,) in conn.execute(columns_of, index)) for index in indexes.fetchall()}
    references = conn.execute(
        'SELECT "from", "table", "to" FROM pragma_foreign_key_list(?)', (table,)
    )
    return _Shape(
        columns=tuple(
            _Column(name=name, type=kind, required=bool(filled or key))
            for name, kind, filled, key in info
        ),
        keys=frozenset({primary, *unique} - {()}),
        references=tuple(references.fetchall()),
    )


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter from SQLite's own message
        detail = repr(str(error))[1:-1][: 2 * _SHOWN]  # it may quote what the file holds
        raise ArchiveError(f"{path} can't be read: {detail}; {_REMEDY}") from error


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of theirs."""

    theirs: sqlite3.Connection
    path: Path
    name: str
    shape: _Shape

    def vet(self, check: str) -> None:
        self._vet_kind()
        self._vet_columns()
        found = self.theirs.execute(f"PRAGMA {check}({self.name})").fetchone()[0]
        if found != "ok":
            raise self._error(f"is damaged: {repr(str(found))[1:-1][: 2 * _SHOWN]}")
        self._vet_values()
        for key in self.shape.keys:
            self._vet_key(key)
        for column, table, target in self.shape.references:
            self._vet_reference(column, table, target)

    def _vet_kind(self) -> None:
        """A view or virtual table would run what its maker likes."""
        row = self.theirs.execute(
            "SELECT type, rootpage FROM sqlite_master WHERE name = ? COLLATE NOCASE"
            " AND type IN ('table', 'view')",
            (self.name,),
        ).fetchone()
        if row is None:
            raise self._error("is missing")
        if row["type"] != "table" or not row["rootpage"]:
            raise self._error("is no plain table")

    def _vet_columns(self) -> None:
        rows = self.theirs.execute(f"PRAGMA table_xinfo({self.name})").fetchall()
        stored = {str(row["name"]): not row["hidden"] for row in rows}
        for column in self.shape.columns:
            if column.name not in stored:
                raise self._error(f"has no column {column.name}")
            if not stored[column.name]:
                raise self._error(f"computes its column {column.name}")

    def _vet_values(self) -> None:
        columns = self.shape.columns
        tests = [(c.name, _test(self.name, c)) for c in columns]
        names = ", ".join(_selected(c) for c in columns)
        for row in self.theirs.execute(f"SELECT {names} FROM {self.name}"):  # noqa: S608
            for (name, is_right), value in zip(tests, row, strict=True):
                if not is_right(value):
                    shown = repr(value)[:_SHOWN]
                    raise self._error(f"has what Broadsheet never writes in {name}: {shown}")

    def _vet_key(self, key: tuple[str, ...]) -> None:
        names = ", ".join(key)
        twice = self.theirs.execute(
            f"SELECT 1 FROM {self.name} GROUP BY {names} HAVING count(*) > 1 LIMIT 1"  # noqa: S608
        ).fetchone()
        if twice is not None:
            raise self._error(f"has two rows with the same {names}")

    def _vet_reference(self, column: str, table: str, target: str) -> None:
        found = self.theirs.execute(
            f"SELECT o.{column} FROM {self.name} AS o LEFT JOIN {table} AS t"  # noqa: S608
            f" ON t.{target} = o.{column} WHERE o.{column} IS NOT NULL AND t.{target} IS NULL"
        ).fetchone()
        if found is not None:
            raise self._error(f"refers to {table} {repr(found[0])[:_SHOWN]}, which is not there")

    def _error(self, what: str) -> ArchiveError:
        return ArchiveError(f"{self.path}: its table {self.name} {what}; {_REMEDY}")


def _selected(column: _Column) -> str:
    """A blob isn't read: its length stands for it."""
    name = f'"{column.name}"'
    return name if column.type != "BLOB" else f"iif(typeof({name}) = 'blob', length({name}), 'x')"


def _test(table: str, column: _Column) -> Callable[[object], bool]:
    form = form_of(table, column.name, column.type)
    if column.required:
        return form
    return lambda value: value is None or form(value)
