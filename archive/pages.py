"""The raw pages, as they came from the wire: `<data>/pages.db`.

A file of its own: it is large, Datasette never opens it, and it can be thrown away. A page is
committed before the archive knows of it: an orphan is harmless, a missing page is not.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from archive.connect import connect, transaction
from archive.model import ArchiveError, RawPage
from archive.times import from_text, to_text

VERSION = 1  # PRAGMA user_version of the file

_SCHEMA = """
CREATE TABLE pages (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,          -- the address that answered, after redirects
    source_id TEXT NOT NULL,    -- sources.id in archive.db
    fetched TEXT NOT NULL,      -- ISO 8601 UTC
    status INTEGER NOT NULL,    -- HTTP
    headers TEXT NOT NULL,      -- of the response: JSON list of [name, value], without cookies
    sha256 TEXT NOT NULL,       -- of the body as it was received
    body BLOB NOT NULL,         -- compressed
    codec TEXT NOT NULL,        -- how: zlib
    dict_id INTEGER,            -- the dictionary that codec needs; NULL for none
    article_id INTEGER          -- articles.id in archive.db; NULL while, or as, none came of it
);
CREATE INDEX pages_url ON pages (url, id);
CREATE INDEX pages_article ON pages (article_id) WHERE article_id IS NOT NULL;
CREATE INDEX pages_fetched ON pages (fetched);
"""

_ZLIB_LEVEL = 6
_DECODERS: dict[str, Callable[[bytes], bytes]] = {"zlib": zlib.decompress}
_COOKIES = frozenset({"set-cookie", "set-cookie2"})  # a session is nobody's business


class PageStore:
    """The pages file, with a connection of its own.

    Opened at the first call, by the thread that makes it; that thread makes all others too.
    Raises ArchiveError, naming the file, where it can't be used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: sqlite3.Connection | None = None

    def save(self, page: RawPage) -> int:
        """Store a page and commit; give its id."""
        row = (
            page.url,
            page.source_id,
            to_text(page.fetched),
            page.status,
            json.dumps(_without_cookies(page.headers), ensure_ascii=False),
            sha256(page.body).hexdigest(),
            zlib.compress(page.body, _ZLIB_LEVEL),
        )
        with transaction(self._conn) as conn:
            saved = conn.execute(
                "INSERT INTO pages (url, source_id, fetched, status, headers, sha256, body, codec)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, 'zlib')",
                row,
            ).lastrowid
        assert saved is not None
        return saved

    def link(self, page_id: int, article_id: int) -> None:
        """Note which article came of a page."""
        with transaction(self._conn) as conn:
            conn.execute("UPDATE pages SET article_id = ? WHERE id = ?", (article_id, page_id))

    def read(self, page_id: int) -> RawPage:
        """Give a page back, bit for bit; ArchiveError where it is missing or damaged."""
        row = self._conn.execute("SELECT * FROM pages WHERE id = ?", (page_id,)).fetchone()
        if row is None:
            raise ArchiveError(f"{self._path} has no page {page_id}; it was removed or never kept")
        return self._page(row)

    def latest(self, url: str) -> RawPage | None:
        """Give the page last fetched from `url`; None where none is kept."""
        row = self._conn.execute(
            "SELECT * FROM pages WHERE url = ? ORDER BY id DESC LIMIT 1", (url,)
        ).fetchone()
        return None if row is None else self._page(row)

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    @property
    def _conn(self) -> sqlite3.Connection:
        if self._opened is None:
            self._opened = _open(self._path)
        return self._opened

    def _page(self, row: sqlite3.Row) -> RawPage:
        return RawPage(
            url=row["url"],
            source_id=row["source_id"],
            fetched=from_text(str(row["fetched"])),
            status=row["status"],
            headers=tuple((name, value) for name, value in json.loads(row["headers"])),
            body=_body(row, self._path),
        )


def _open(path: Path) -> sqlite3.Connection:
    conn = connect(path)
    version = conn.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        conn.close()
        raise ArchiveError(f"{path} was written by a newer Broadsheet; update the program")
    if version < VERSION:
        _create(conn)
    return conn


def _create(conn: sqlite3.Connection) -> None:
    with transaction(conn):
        for statement in _SCHEMA.split(";\n"):
            conn.execute(statement)
        conn.execute(f"PRAGMA user_version = {VERSION}")


def _without_cookies(headers: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in _COOKIES]


def _body(row: sqlite3.Row, path: Path) -> bytes:
    try:
        body = _DECODERS[row["codec"]](row["body"])
    except (KeyError, zlib.error) as error:
        raise ArchiveError(f"{path}: page {row['id']} can't be unpacked: {error}") from error
    if sha256(body).hexdigest() != row["sha256"]:
        raise ArchiveError(f"{path}: page {row['id']} is damaged: its checksum differs")
    return body
