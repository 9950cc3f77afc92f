"""The raw pages, as they came from the wire: `<data>/pages.db`.

A file of its own: it is large, Datasette never opens it, and it can be thrown away. A page is
committed before the archive knows of it: an orphan is harmless, a missing page is not.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from archive.database.connect import connect, transaction
from archive.database.times import from_text, to_text
from archive.errors import ArchiveError
from archive.model import RawPage
from archive.pages import compression
from archive.pages.compression import Damaged, Packer
from archive.text.hosts import host_of

VERSION = 1  # PRAGMA user_version of the file

# The body stands last: to read a column behind it, SQLite reads all of it.
_PAGES = """
CREATE TABLE pages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: articles.page_id refers to it
    url TEXT NOT NULL,          -- the address that answered, after redirects
    source_id TEXT NOT NULL,    -- sources.id in archive.db
    fetched TEXT NOT NULL,      -- ISO 8601 UTC
    status INTEGER NOT NULL,    -- HTTP
    sha256 TEXT NOT NULL,       -- of the body as it was received
    codec TEXT NOT NULL,        -- how it is compressed: zstd (zlib)
    dict_id INTEGER,            -- dicts.id, which codec needs; NULL for none
    article_id INTEGER,         -- articles.id in archive.db; NULL while, or as, none came of it
    entry_id INTEGER,           -- entries.id in archive.db: what it was fetched for
    first_id INTEGER,           -- pages.id of the article's first part; NULL for that itself
    headers TEXT NOT NULL,      -- of the response: JSON list of [name, value], without cookies
    body BLOB NOT NULL          -- compressed
);
CREATE INDEX pages_url ON pages (url, id);
CREATE INDEX pages_article ON pages (article_id) WHERE article_id IS NOT NULL;
CREATE INDEX pages_entry ON pages (entry_id, id) WHERE entry_id IS NOT NULL AND first_id IS NULL;
CREATE INDEX pages_first ON pages (first_id) WHERE first_id IS NOT NULL;
CREATE INDEX pages_dict ON pages (dict_id) WHERE dict_id IS NOT NULL;
CREATE INDEX pages_fetched ON pages (fetched);
CREATE INDEX pages_refused ON pages (fetched) WHERE article_id IS NULL;
"""

SCHEMAS = (_PAGES, compression.SCHEMA)
BATCH = 200  # pages deleted in one transaction
RELINKED = 500  # of the last pages, those whose link a killed process owes are looked for
SHRINK_BLOCKS = 5000  # of the file that are given back at a time
_COOKIES = frozenset({"set-cookie", "set-cookie2"})  # a session is nobody's business


UNLINKED = """
SELECT id, first_id, entry_id FROM pages WHERE id > (SELECT max(id) FROM pages) - ?
  AND article_id IS NULL AND entry_id IS NOT NULL ORDER BY id
"""
_OF_VERSION = """
SELECT * FROM pages WHERE article_id = ? AND first_id IS NULL AND fetched <= ?
ORDER BY id DESC LIMIT 1
"""
_FIRSTS = """
FROM pages WHERE id > :after AND first_id IS NULL AND fetched >= :since
  AND source_id = coalesce(:source, source_id)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHead:
    """What is known of a stored page, or of the first of an article's, without its content."""

    id: int
    url: str
    source_id: str
    fetched: datetime
    article_id: int | None
    entry_id: int | None


class Unlinked(NamedTuple):
    """A page whose article is not noted, where one came of it."""

    id: int
    first_id: int  # of the page of the article's first part: its own for that
    entry_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What one step of `prune` deleted."""

    pages: int
    bytes: int
    done: bool  # nothing is left to delete, nor to give back


class PageStore:
    """The pages file, with a connection of its own.

    `readonly` opens it `mode=ro`, beside its writer. Opened at the first call, by the thread that
    makes it; that thread makes all others too. Raises ArchiveError, naming the file, where it can't
    be used.
    """

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        self._path, self._readonly = path, readonly

    def save(
        self, page: RawPage, *, entry_id: int | None = None, first_id: int | None = None
    ) -> int:
        """Store a page and commit; give its id.

        `entry_id`: what it was fetched for. `first_id`: the page of the article's first part.
        """
        with transaction(self._conn):
            return self._insert(page, entry_id, first_id)

    def settle(
        self,
        kept: Sequence[tuple[Sequence[RawPage], int | None]],
        *,
        links: Mapping[int, int],
        dropped: Collection[int],
    ) -> list[tuple[int, ...]]:
        """Store the parts of articles, each with its entry's id, link earlier pages to their
        articles and drop those not needed after all, at once; give the ids of each one's parts."""
        with transaction(self._conn) as conn:
            conn.executemany(
                "UPDATE pages SET article_id = ? WHERE id = ?",
                [(article, page) for page, article in links.items()],
            )
            conn.executemany("DELETE FROM pages WHERE id = ?", [(page,) for page in dropped])
            return [self._insert_parts(parts, entry_id) for parts, entry_id in kept]

    def _insert_parts(self, parts: Sequence[RawPage], entry_id: int | None) -> tuple[int, ...]:
        first = [self._insert(part, entry_id, None) for part in parts[:1]]
        return (*first, *(self._insert(part, entry_id, first[0]) for part in parts[1:]))

    def _insert(self, page: RawPage, entry_id: int | None, first_id: int | None) -> int:
        packed = self._packer.pack(page.body, host_of(page.url))
        saved = self._conn.execute(
            "INSERT INTO pages (url, source_id, fetched, status, sha256, codec, dict_id,"
            " entry_id, first_id, headers, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(page.url, page.source_id, to_text(page.fetched), page.status),
                *(sha256(page.body).hexdigest(), packed.codec, packed.dict_id),
                *(entry_id, first_id),
                json.dumps(_without_cookies(page.headers), ensure_ascii=False),
                packed.body,
            ),
        ).lastrowid
        assert saved is not None
        return saved

    def link(self, page_id: int, article_id: int) -> None:
        """Note which article came of a page."""
        with transaction(self._conn) as conn:
            conn.execute("UPDATE pages SET article_id = ? WHERE id = ?", (article_id, page_id))

    def unlinked(self) -> list[Unlinked]:
        """The latest pages that no article is known to have come of, oldest first."""
        if "_conn" not in vars(self) and not self._path.exists():
            return []
        rows = self._conn.execute(UNLINKED, (RELINKED,))
        return [Unlinked(row["id"], row["first_id"] or row["id"], row["entry_id"]) for row in rows]

    def rename_source(self, old: str, new: str) -> None:
        """Give the pages of a source its new id."""
        with transaction(self._conn) as conn:
            conn.execute("UPDATE pages SET source_id = ? WHERE source_id = ?", (new, old))

    def read(self, page_id: int) -> RawPage:
        """Give a page back, bit for bit; ArchiveError where it is missing or damaged."""
        row = self._conn.execute("SELECT * FROM pages WHERE id = ?", (page_id,)).fetchone()
        if row is None:
            raise ArchiveError(f"{self._path} has no page {page_id}; it was removed or never kept")
        return self._page(row)

    def iterate(
        self, *, source_id: str | None = None, since: datetime | None = None
    ) -> Iterator[RawPage]:
        """Yield the pages in the order they were kept, one in memory at a time.

        Raises ArchiveError at a page that is damaged.
        """
        last = 0
        while True:
            row = self._conn.execute(
                "SELECT * FROM pages WHERE id > :last AND fetched >= :since"
                " AND source_id = coalesce(:source, source_id) ORDER BY id LIMIT 1",
                {"last": last, "since": to_text(since) or "", "source": source_id},
            ).fetchone()
            if row is None:
                return
            yield self._page(row)
            last = row["id"]

    def firsts(
        self,
        *,
        after: int = 0,
        source_id: str | None = None,
        since: datetime | None = None,
        limit: int,
    ) -> list[PageHead]:
        """Give the pages behind page `after`, in the order they were kept; further parts of
        articles are left out (`parts`)."""
        values = {"after": after, "since": to_text(since) or "", "source": source_id}
        rows = self._conn.execute(
            "SELECT id, url, source_id, fetched, article_id, entry_id"
            f"{_FIRSTS} ORDER BY id LIMIT :limit",
            values | {"limit": limit},
        )
        return [_head(row) for row in rows]

    def count_firsts(
        self, *, after: int = 0, source_id: str | None = None, since: datetime | None = None
    ) -> int:
        """Count what `firsts` would give."""
        values = {"after": after, "since": to_text(since) or "", "source": source_id}
        return int(self._conn.execute(f"SELECT count(*) {_FIRSTS}", values).fetchone()[0])

    def parts(self, page_id: int) -> list[int]:
        """Give the pages of the article's further parts, in reading order."""
        rows = self._conn.execute("SELECT id FROM pages WHERE first_id = ? ORDER BY id", (page_id,))
        return [int(row["id"]) for row in rows]

    def last_for(self, entry_id: int) -> int | None:
        """Give the page that was fetched last for an entry; None where none is kept."""
        found = self._conn.execute(
            "SELECT max(id) FROM pages WHERE entry_id = ? AND first_id IS NULL", (entry_id,)
        ).fetchone()[0]
        return None if found is None else int(found)

    def find(self, page: RawPage) -> PageHead | None:
        """Give this very page, if it is kept: of the same address and time, with the same body."""
        row = self._conn.execute(
            "SELECT id, url, source_id, fetched, article_id, entry_id FROM pages"
            " WHERE url = ? AND fetched = ? AND sha256 = ? ORDER BY id LIMIT 1",
            (page.url, to_text(page.fetched), sha256(page.body).hexdigest()),
        ).fetchone()
        return None if row is None else _head(row)

    def forget(self, article_id: int | None, urls: Collection[str]) -> int:
        """Remove every page of an article and of its addresses, so that no byte of them stays.

        Dictionaries that were made of such a page go, too. Give the number of pages.
        """
        self._conn.execute("PRAGMA secure_delete = ON").fetchall()
        with transaction(self._conn) as conn:
            found = conn.execute(
                "SELECT id, sha256 FROM pages WHERE article_id = ?"
                " OR url IN (SELECT value FROM json_each(?))",
                (article_id, json.dumps(list(urls))),
            ).fetchall()
            conn.executemany("DELETE FROM pages WHERE id = ?", [(row["id"],) for row in found])
            for digest in {row["sha256"] for row in found}:
                self._packer.forget(digest)
        self._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return len(found)

    def prune(
        self,
        *,
        now: datetime,
        max_age: timedelta,
        rejected_max_age: timedelta,
        max_bytes: int | None = None,
    ) -> Pruned:
        """Delete pages past their age, then the oldest until the content fits `max_bytes`.

        One step, of a batch at most, so that nobody waits long behind it: to be called until it
        is done. `rejected_max_age` is that of pages that became no article. The room is given
        back to the file system.
        """
        before, free = self._room()
        pages = self._delete_batch("fetched < ?", to_text(now - max_age))
        if not pages:
            rejected = "article_id IS NULL AND fetched < ?"
            pages = self._delete_batch(rejected, to_text(now - rejected_max_age))
        if not pages and max_bytes is not None and before > max_bytes:
            pages = self._delete_batch("1 = ?", 1)
        self._delete_dictionaries()
        after, _ = self._room()
        self._conn.execute(f"PRAGMA incremental_vacuum({SHRINK_BLOCKS})").fetchall()
        _, left = self._room()
        done = not pages and left in (0, free)
        return Pruned(pages=pages, bytes=max(0, before - after), done=done)

    def close(self) -> None:
        if "_conn" in vars(self):
            self._conn.close()
            vars(self).pop("_packer", None)
            del self._conn

    @cached_property
    def _conn(self) -> sqlite3.Connection:
        return _open(self._path, readonly=self._readonly)

    @cached_property
    def _packer(self) -> Packer:
        return Packer(self._conn)

    def _delete_batch(self, condition: str, value: object) -> int:
        """Delete the oldest pages that fulfil a condition, in a transaction of its own."""
        with transaction(self._conn) as conn:
            return conn.execute(
                "DELETE FROM pages WHERE id IN (SELECT id FROM pages"  # noqa: S608
                f" WHERE {condition} ORDER BY fetched, id LIMIT {BATCH})",
                (value,),
            ).rowcount

    def _delete_dictionaries(self) -> None:
        """Those that no page needs, but the one that a host's next page will be packed with."""
        with transaction(self._conn) as conn:
            conn.execute(
                "DELETE FROM dicts WHERE id NOT IN (SELECT max(id) FROM dicts GROUP BY host)"
                " AND NOT EXISTS (SELECT 1 FROM pages WHERE dict_id = dicts.id)"
            )

    def _room(self) -> tuple[int, int]:
        """Give the bytes of the content, and how many blocks are free."""
        count, free, size = (
            int(self._conn.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("page_count", "freelist_count", "page_size")
        )
        return (count - free) * size, free

    def _page(self, row: sqlite3.Row) -> RawPage:
        try:
            body = self._packer.unpack(row)
        except Damaged as error:
            raise ArchiveError(f"{self._path}: page {row['id']} is damaged: {error}") from error
        return RawPage(
            url=row["url"],
            source_id=row["source_id"],
            fetched=from_text(str(row["fetched"])),
            status=row["status"],
            headers=tuple((name, value) for name, value in json.loads(row["headers"])),
            body=body,
        )


def page_of_version(store: PageStore, article_id: int, seen: str) -> RawPage | None:
    """Give the last page that was fetched for an article up to the time its version was seen; None
    where none is kept, ArchiveError where it is damaged."""
    row = store._conn.execute(_OF_VERSION, (article_id, seen)).fetchone()
    return None if row is None else store._page(row)


def _head(row: sqlite3.Row) -> PageHead:
    return PageHead(
        id=row["id"],
        url=row["url"],
        source_id=row["source_id"],
        fetched=from_text(str(row["fetched"])),
        article_id=row["article_id"],
        entry_id=row["entry_id"],
    )


def _open(path: Path, *, readonly: bool) -> sqlite3.Connection:
    conn = connect(path, readonly=readonly)
    version = conn.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        conn.close()
        raise ArchiveError(f"{path} was written by a newer Broadsheet; update the program")
    if version < VERSION:
        _create(conn)
    return conn


def _create(conn: sqlite3.Connection) -> None:
    conn.execute("PRAGMA auto_vacuum = INCREMENTAL")
    conn.execute("VACUUM")  # makes it so, while the file is empty
    with transaction(conn):
        for statement in ";\n".join(SCHEMAS).split(";\n"):
            conn.execute(statement)
        conn.execute(f"PRAGMA user_version = {VERSION}")


def _without_cookies(headers: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in _COOKIES]
