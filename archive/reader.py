"""Read an archive from Python: `open_archive(folder)`, beside whatever writes it."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from archive.articles.columns import StoredArticle
from archive.asof.changes import changes_since
from archive.asof.moment import dated_since, past_after, past_at, stand_at
from archive.copies.links import contraries
from archive.database.connect import connect
from archive.database.json_cells import list_in
from archive.database.times import from_text, to_text
from archive.errors import ArchiveError
from archive.folder import DataFolder
from archive.migrate import check_schema
from archive.model import Change, ChangeKind
from archive.schema import SCHEMA_VERSION
from archive.search.answer import Hit, Order, find, unknown_sources

if TYPE_CHECKING:
    from archive.sources.coverage import Coverage
    from archive.sources.latency import Latency
    from archive.upkeep.frames import Library
    from archive.upkeep.overview import Overview

__all__ = ["Archive", "StoredArticle", "StoredRevision", "open_archive"]

_STORIES = """
    SELECT * FROM articles WHERE copy_of IS NULL AND held IS NULL AND published >= :since
    ORDER BY published DESC, id DESC LIMIT :limit
"""
_STORIES_OF_SOURCE = """
    SELECT * FROM articles WHERE copy_of IS NULL AND held IS NULL AND published >= :since
      AND source_id = :source
    ORDER BY published DESC, id DESC LIMIT :limit
"""
_BATCH = 100  # articles in memory at a time while iterating


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRevision:
    """One version of an article; `kind` is `first`, `edit`, `minor` or `extraction`."""

    article_id: int
    number: int
    seen: datetime
    kind: str
    title: str
    text: str = field(repr=False)
    markdown: str = field(repr=False)
    content_hash: str
    author: str | None  # None, here and below: of a version from before it was kept
    published: datetime | None
    updated: datetime | None
    language: str | None
    section: str | None
    tags: tuple[str, ...] | None
    summary: str | None
    image: str | None
    paywalled: bool | None
    confidence: float | None
    url: str | None
    source_id: str | None


def open_archive(path: Path | str, as_of: datetime | int | None = None) -> Archive:
    """Open the archive in a data folder, or an archive file, for reading.

    `as_of`: the moment that it is to show, an aware time or the number of a change, after which it
    stood so; archive.asof.moment says what that holds for. Such an archive keeps a read transaction
    open until it is closed. Needs no lock and disturbs no writer. Raises ArchiveError where there
    is none, where the file is no archive, and where its schema is not the program's.
    """
    file = Path(path)
    return Archive(open_reader(DataFolder(file).archive if file.is_dir() else file, as_of))


def open_reader(file: Path, as_of: datetime | int | None = None) -> sqlite3.Connection:
    """Give a read-only connection to an archive file, as `open_archive` opens it."""
    conn = connect(file, readonly=True)
    try:
        _require_schema(conn, file)
        if as_of is not None:
            if isinstance(as_of, int):
                stand_at(conn, past_after(conn, as_of))
            else:
                stand_at(conn, past_at(conn, as_of))
    except BaseException:
        conn.close()
        raise
    return conn


class Archive:
    """An open archive. Its answers are values; close it, or use it as a context manager."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn

    def get(self, article: int | str) -> StoredArticle | None:
        """Find an article by its id, or by any address that ever led to it."""
        row = self._conn.execute(
            "SELECT * FROM articles WHERE id = ?", (self._id(article),)
        ).fetchone()
        return None if row is None else StoredArticle.of(row)

    def stories(
        self,
        *,
        source: str | None = None,
        since: datetime | None = None,
        limit: int | None = None,
    ) -> list[StoredArticle]:
        """List stories, newest first: of one source, published at `since` (aware) or later."""
        rows = self._conn.execute(
            _STORIES if source is None else _STORIES_OF_SOURCE,
            {
                "source": source,
                "since": to_text(since) or "",
                "limit": -1 if limit is None else max(limit, 0),
            },
        )
        return [StoredArticle.of(row) for row in rows]

    def revisions(self, article: int | str) -> list[StoredRevision]:
        """List every version of an article, the first one first; none for an unknown article."""
        rows = self._conn.execute(
            "SELECT * FROM revisions WHERE article_id = ? ORDER BY number", (self._id(article),)
        )
        return [_revision(row) for row in rows]

    def copies(self, article: int | str) -> list[StoredArticle]:
        """List the copies of a story, the first archived first; none for a copy."""
        rows = self._conn.execute(
            "SELECT * FROM articles WHERE copy_of = ? ORDER BY id", (self._id(article),)
        )
        return [StoredArticle.of(row) for row in rows]

    def contraries(self, article: int | str) -> list[tuple[StoredArticle, str]]:
        """List what says the contrary of a story in sentences equal else, and what each says."""
        article_id = self._id(article)
        found = [] if article_id is None else contraries(self._conn, article_id)
        rows = ((self.get(other), reason) for other, reason in found)
        return [(other, reason) for other, reason in rows if other is not None]

    def iterate(self) -> Iterator[StoredArticle]:
        """Yield every article by its id, copies included, in constant memory.

        No transaction stays open between two articles, so that a slow reader stops no checkpoint.
        """
        last = -1
        while True:
            rows = self._conn.execute(
                "SELECT * FROM articles WHERE id > ? ORDER BY id LIMIT ?", (last, _BATCH)
            ).fetchall()
            if not rows:
                return
            yield from map(StoredArticle.of, rows)
            last = rows[-1]["id"]

    def search(
        self,
        query: str,
        limit: int = 20,
        *,
        copies: bool = False,
        order: Order = Order.BEST,
        offset: int = 0,
    ) -> list[Hit]:
        """Search titles and texts; archive.search.query has the grammar.

        One that asks for nothing finds nothing. Raises QueryError with words for what can't be
        understood, such as `after:` without a date.
        """
        return find(self._conn, query, limit=limit, copies=copies, order=order, offset=offset)

    def frame(
        self,
        query: str = "",
        *,
        source: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        copies: bool = False,
        versions: bool = False,
        library: Library | None = None,
    ) -> Any:
        """Give articles as a table for analysis, the oldest published first.

        A pandas.DataFrame, polars.DataFrame or pyarrow.Table, of `library` or of the first that is
        installed; its columns are those of `broadsheet export`. `query` as in `search`, '' for all;
        `since` and `until` (aware) bound `published`; `versions`: a row a version. Raises
        QueryError, and ExtraMissing where no such library is installed.
        """
        from archive.upkeep.export import ExportSelection, records
        from archive.upkeep.frames import table_of

        chosen = ExportSelection(
            query=query, source=source, since=since, until=until, copies=copies, versions=versions
        )
        return table_of(records(self._conn, chosen), library)

    def unknown_sources(self, query: str) -> tuple[str, ...]:
        """Name what a query asks of `source:` that is no source's id or name here."""
        return unknown_sources(self._conn, query)

    def stats(self) -> Overview:
        """Count what the archive holds."""
        from archive.upkeep.overview import overview

        return overview(self._conn)

    def dated_since(self) -> datetime | None:
        """Say since when every event is dated: see archive.asof.moment."""
        return dated_since(self._conn)

    def changes(
        self, since: int = 0, *, kinds: Collection[ChangeKind] = (), limit: int | None = None
    ) -> Iterator[Change]:
        """Yield the numbered events after number `since`, oldest first. Going on with the last
        `seq` that one got, one gets every event once."""
        return changes_since(self._conn, since, kinds=kinds, limit=limit)

    def coverage(self, *sources: str, since: datetime | None = None) -> Coverage:
        """Say what sources (none named: all) announced at `since` (aware) or later and what came
        of it, by day; and what may be missing."""
        from archive.sources.coverage import read_coverage

        return read_coverage(self._conn, sources, since=since)

    def latencies(self, period: timedelta, *, now: datetime) -> list[Latency]:
        """Say how late the news of each source was here in a period that ends at `now` (aware)."""
        from archive.sources.latency import latencies

        found = latencies(self._conn, period, now=now)
        return [found[source_id] for source_id in sorted(found)]

    def securities(self, limit: int) -> dict[str, int]:
        """Count the articles that mention each security, the most mentioned first."""
        from archive.search.mention_counts import most_mentioned

        found = most_mentioned(self._conn, limit=limit)
        return {each.code: each.articles for each in found}

    def source_ids(self) -> frozenset[str]:
        """Name all sources that have a row."""
        return frozenset(row[0] for row in self._conn.execute("SELECT id FROM sources"))

    def close(self) -> None:
        self._conn.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _id(self, article: int | str) -> int | None:
        if isinstance(article, int):
            return article if article.bit_length() < 64 else None  # SQLite's integers
        if article.isascii() and article.isdigit():
            return self._id(int(article))
        row = self._conn.execute(
            "SELECT id FROM articles WHERE url = :url"
            " UNION ALL SELECT article_id FROM article_urls WHERE url = :url",
            {"url": article},
        ).fetchone()
        return None if row is None else int(row[0])


def _require_schema(conn: sqlite3.Connection, file: Path) -> None:
    version = check_schema(conn)
    if version == 0:
        raise ArchiveError(f"{file} is empty: crawl first, or name another folder with --data")
    if version < SCHEMA_VERSION:
        raise ArchiveError(
            f"{file} has the older schema {version}: any command that writes, such as"
            " broadsheet crawl, upgrades it"
        )


def _revision(row: sqlite3.Row) -> StoredRevision:
    values = dict(row)
    for name in ("seen", "published", "updated"):
        values[name] = from_text(values[name])
    if values["tags"] is not None:
        values["tags"] = tuple(list_in(values["tags"]))
    if values["paywalled"] is not None:
        values["paywalled"] = bool(values["paywalled"])
    return StoredRevision(**values)
