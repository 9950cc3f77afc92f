"""`broadsheet verify`: do rows, files, search index, clusters, pictures and raw pages agree?

Nothing is written but, for `full`, a copy of the archive, beside it where that may be, removed
afterwards: FTS5 compares its words with the articles only on a connection that may write. Readers
and a writer go on meanwhile.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from pathlib import Path

from archive.database.connect import connect
from archive.errors import ArchiveDamaged, ArchiveError
from archive.folder import ARCHIVE, PAGES, DataFolder
from archive.images.store import ImageStore
from archive.migrate import check_schema
from archive.schema import SCHEMA_VERSION
from archive.upkeep.verify import contents, files, images, index, objects, pages, rows
from archive.upkeep.verify.damage import Damage, DamageKind

SAMPLE = 300  # articles that are looked at closely without `full`, and as many pages
NEWEST = 100  # of these: where a crash would show
SHOWN = 20  # examples of each kind that a report keeps

Watch = Callable[[str], None]  # told what is being compared, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What to compare: an archive folder, and where its files are."""

    data: Path
    directory: Path  # of the Markdown files
    full: bool = False
    # Whether another process writes just now: what is owed is then its business.
    busy: Callable[[], bool] = lambda: False


@dataclass(slots=True)
class Findings:
    """How much of each kind was found, with some examples: a file of 1 GB may miss 100,000."""

    counts: Counter[DamageKind] = field(default_factory=Counter)
    examples: list[Damage] = field(default_factory=list)

    @classmethod
    def of(cls, found: Iterable[Damage]) -> Findings:
        report = cls()
        for damage in found:
            report.add(damage)
        return report

    def add(self, damage: Damage) -> Damage:
        self.counts[damage.kind] += 1
        if self.counts[damage.kind] <= SHOWN:
            self.examples.append(damage)
        return damage


def check(what: Scope, *, now: datetime, watch: Watch = lambda _: None) -> Iterator[Damage]:
    """Yield whatever disagrees. `now` moves the sample, so that nightly checks see other parts.

    Raises ArchiveError where something can't be opened (which is no damage), or there is no room
    for the copy.
    """
    try:
        live = connect(DataFolder(what.data).archive, readonly=True, foreign=True)
    except ArchiveDamaged as error:
        yield _corrupt(str(error))
        return
    with closing(live):
        _require_today(live, what)
        if not what.full:
            yield from _check_archive(live, what, now, watch)
        else:
            watch("copying the archive")
            with tempfile.TemporaryDirectory(dir=_copies(what.data), prefix=".verify-") as folder:
                yield from _check_copy(live, DataFolder(Path(folder)).archive, what, now, watch)
        yield from _check_files(live, what, now, watch)
        yield from _check_images(live, what, now, watch)
        yield from _check_pages(live, what, now, watch)


def _copies(data: Path) -> Path | None:
    """Where a copy of the archive is made: beside it, else where this system keeps such files."""
    return data if os.access(data, os.W_OK) else None


def _require_today(live: sqlite3.Connection, what: Scope) -> None:
    version = check_schema(live)
    if version < SCHEMA_VERSION:
        raise ArchiveError(
            f"{DataFolder(what.data).archive} has schema {version}, this Broadsheet "
            f"{SCHEMA_VERSION}: a command that writes, such as `broadsheet render`, brings it there"
        )


def _check_copy(
    live: sqlite3.Connection, copy: Path, what: Scope, now: datetime, watch: Watch
) -> Iterator[Damage]:
    try:
        live.execute("VACUUM INTO ?", (str(copy),))
    except sqlite3.OperationalError as error:
        raise ArchiveError(
            f"{copy.parent.parent} has no room for the copy that --full checks: {error}"
        ) from error
    except sqlite3.DatabaseError as error:
        yield _corrupt(f"can't be copied: {error}")
        yield from _check_archive(live, replace(what, full=False), now, watch)
        return
    # VACUUM writes each index anew: only the file itself shows what was wrong with it
    yield from _guarded("the file", objects.check_file(live, full=True))
    with closing(connect(copy, synchronous="normal")) as conn:
        yield from _check_archive(conn, what, now, watch)


def _check_archive(
    conn: sqlite3.Connection, what: Scope, now: datetime, watch: Watch
) -> Iterator[Damage]:
    watch("the database")
    if not what.full:
        yield from _guarded("the file", objects.check_file(conn, full=False))
    schema = list(_guarded("the schema", objects.check_objects(conn)))
    yield from schema
    gone = {str(damage.key) for damage in schema}
    for kind in rows.RULES:
        watch(kind.value)
        yield from _guarded(kind.value, rows.check_rule(conn, kind), missing=gone)
    yield from _guarded("references", rows.check_references(conn), missing=gone)
    watch("the search index")
    yield from _guarded("the search index", _check_index(conn, what, now), missing=gone)
    yield from _guarded("the articles", _check_contents(conn, what, now, watch), missing=gone)


def _check_index(conn: sqlite3.Connection, what: Scope, now: datetime) -> Iterator[Damage]:
    yield from index.check_index_rows(conn)
    if what.full:
        yield from index.check_index_fully(conn)
    else:
        yield from index.check_index_totals(conn)
        yield from index.check_index_sample(conn, _sample(conn, "articles", now))


def _check_contents(
    conn: sqlite3.Connection, what: Scope, now: datetime, watch: Watch
) -> Iterator[Damage]:
    checking = contents.Contents.of(conn)
    for number, article_id in enumerate(_articles(conn, what, now)):
        if number % 1000 == 0:
            watch(f"articles: {number:,}")
        yield from checking.check(article_id)
    if what.full:
        yield from contents.check_old_versions(conn)


def _articles(conn: sqlite3.Connection, what: Scope, now: datetime) -> Iterable[int]:
    if not what.full:
        return _sample(conn, "articles", now)
    return (row[0] for row in conn.execute("SELECT id FROM articles"))


def _check_files(
    conn: sqlite3.Connection, what: Scope, now: datetime, watch: Watch
) -> Iterator[Damage]:
    watch("the Markdown files")
    found = files.check_files(
        conn,
        what.directory,
        full=what.full,
        articles=set(_sample(conn, "articles", now)),
        busy=what.busy,
    )
    yield from _guarded(
        "the Markdown files", chain(found, files.check_orphans(conn, what.directory))
    )


def _check_images(
    conn: sqlite3.Connection, what: Scope, now: datetime, watch: Watch
) -> Iterator[Damage]:
    watch("the pictures")
    store, sample = ImageStore(DataFolder(what.data).images), set(_sample(conn, "images", now))
    found = images.check_images(conn, store, full=what.full, images=sample)
    left_over = images.check_image_files(conn, store, busy=what.busy)
    yield from _guarded("the pictures", chain(found, left_over), missing=("images",))


def _check_pages(
    conn: sqlite3.Connection, what: Scope, now: datetime, watch: Watch
) -> Iterator[Damage]:
    path = DataFolder(what.data).pages
    if not path.exists():
        return  # it may be thrown away
    watch("the raw pages")
    try:
        store = connect(path, readonly=True, foreign=True)
    except ArchiveDamaged as error:
        yield Damage(kind=DamageKind.PAGES_CORRUPT, where=PAGES, detail=str(error))
        return
    except ArchiveError as error:
        if os.access(path, os.R_OK):
            raise
        yield Damage(kind=DamageKind.NOT_COMPARED, where=PAGES, detail=str(error))
        return
    with closing(store):
        if not store.execute("PRAGMA user_version").fetchone()[0]:
            return  # a writer is just making it
        found = chain(
            pages.check_pages_file(store, full=what.full),
            pages.check_page_links(conn, store),
            pages.check_named_pages(conn, store, busy=what.busy),
            pages.check_bodies(store, _page_ids(store, what, now)),
        )
        yield from _guarded("the raw pages", found, kind=DamageKind.PAGES_CORRUPT)


def _page_ids(store: sqlite3.Connection, what: Scope, now: datetime) -> Iterator[int]:
    yield from pages.page_ids(store) if what.full else _sample(store, "pages", now)


def _sample(conn: sqlite3.Connection, table: str, now: datetime) -> list[int]:
    """Choose ids: the newest, and others evenly from the rest, which `now` moves day by day."""
    newest = [
        row[0]
        for row in conn.execute(
            f"SELECT id FROM {table} ORDER BY id DESC LIMIT ?",  # noqa: S608
            (NEWEST,),
        )
    ]
    step = max(1, (newest[0] if newest else 0) // (SAMPLE - NEWEST))
    places = range(now.toordinal() % step, newest[-1] if newest else 0, step)
    nearest = f"SELECT id FROM {table} WHERE id >= ? ORDER BY id LIMIT 1"  # noqa: S608
    others = (conn.execute(nearest, (place,)).fetchone()[0] for place in places)
    return sorted({*newest, *others})


def _guarded(
    part: str,
    found: Iterator[Damage],
    *,
    kind: DamageKind = DamageKind.SQLITE_CORRUPT,
    missing: Iterable[str] = (),
) -> Iterator[Damage]:
    """Go on after what a damaged database makes impossible, and say what that was.

    `missing`: tables that are gone already; a check that needs them adds nothing to that.
    """
    try:
        yield from found
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in _NO_DAMAGE:
            raise
        words = str(error)
        if not any(f"no such table: {db}{name}" in words for name in missing for db in _DB):
            yield Damage(kind=kind, where=part, detail=f"can't be read: {words}")


_DB = ("", "main.")
# What the machine or another process refuses at the moment says nothing of the file.
_NO_DAMAGE = frozenset(
    {
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM),
        *(sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY),
    }
)


def _corrupt(detail: str) -> Damage:
    return Damage(kind=DamageKind.SQLITE_CORRUPT, where=ARCHIVE, detail=detail)
