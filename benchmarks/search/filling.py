"""An archive of generated articles, and what writing one article into it costs."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from archive.articles.save import save_article
from archive.database.connect import connect, transaction
from archive.database.times import from_text
from archive.entries.owed import file_entry
from archive.migrate import migrate
from archive.model import Article, Declaration, Entry, RawPage
from archive.pages.store import PageStore
from archive.search import indexing
from archive.sources.declarations import declare
from benchmarks.search.corpus import SOURCES, articles, page

BATCH = 200  # articles in a transaction where the speed is not measured
VISIT = 20  # entries that one visit announces

_ADD = """
INSERT INTO articles(url, source_id, source_name, title, published, published_from, fetched,
  checked, language, text, markdown, word_count, content_hash, text_hash)
VALUES (:url, :source, :source, :title, :published, 'meta', :published,
  :published, :language, :text, '', 0, :url, :url)
"""
Row = dict[str, str]


class Filling:
    """An archive that grows: `bulk` quickly, the others as a crawl writes, and measured.

    Speeds are articles a CPU second.
    """

    def __init__(self, folder: Path, count: int) -> None:
        self.folder, self.written = folder, 0
        self.conn = connect(folder / "archive.db")
        self._rows: Iterator[Row] = articles(count)
        first = datetime.fromisoformat("2021-01-01T00:00:00Z")
        migrate(self.conn, first)
        declared = [Declaration(id=s, name=s.upper(), url=f"https://{s}.example/") for s in SOURCES]
        declare(self.conn, declared, now=first)

    def close(self) -> None:
        self.conn.close()

    def bulk(self, count: int) -> None:
        """Archive `count` articles with everything that a crawl keeps but raw pages."""
        while batch := self._take(min(BATCH, count)):
            count -= len(batch)
            with transaction(self.conn):
                for row in batch:
                    self._save(row, self._announce(row))

    def index_alone(self, count: int, *, by_trigger: bool = False) -> float:
        """Write rows and index, one article a transaction; `by_trigger`: as any client would."""
        write = self.conn.execute if by_trigger else self._insert
        return self._speed(self._take(count), lambda row: self._singly(write, row))

    def everything(self, count: int) -> float:
        """Announce and archive: entry, row, index, revision, fingerprint, cluster, what the site's
        pages have in common, file order. A transaction for each visit and for each article."""
        rows, begun = self._take(count), time.process_time()
        for start in range(0, count, VISIT):
            visit = rows[start : start + VISIT]
            with transaction(self.conn):
                entries = [self._announce(row) for row in visit]
            for row, entry in zip(visit, entries, strict=True):
                with transaction(self.conn):
                    self._save(row, entry)
        return count / (time.process_time() - begun)

    def pages_ratio(self, count: int) -> float:
        """Store raw pages; how many times smaller they are in pages.db, dictionaries included."""
        raw = 0
        with_pages = PageStore(self.folder / "pages.db")
        for row in articles(count, seed=2):
            body = page(row)
            raw += len(body)
            with_pages.save(
                RawPage(
                    url=row["url"],
                    source_id=row["source"],
                    fetched=from_text(row["published"]),
                    status=200,
                    headers=(),
                    body=body,
                )
            )
        with_pages.close()
        return raw / (self.folder / "pages.db").stat().st_size

    def _take(self, count: int) -> list[Row]:
        taken = list(islice(self._rows, count))
        self.written += len(taken)
        return taken

    def _speed(self, rows: list[Row], write: Callable[[Row], None]) -> float:
        begun = time.process_time()
        for row in rows:
            write(row)
        return len(rows) / (time.process_time() - begun)

    def _singly(self, write: Callable[[str, Row], sqlite3.Cursor], row: Row) -> None:
        with transaction(self.conn):
            write(_ADD, row)

    def _insert(self, statement: str, row: Row) -> sqlite3.Cursor:
        return indexing.insert(self.conn, statement, row)

    def _announce(self, row: Row) -> Entry:
        entry = Entry(url=row["url"], raw_url=row["url"])
        return file_entry(self.conn, entry, row["source"], now=_fetched(row))

    def _save(self, row: Row, entry: Entry) -> None:
        save_article(self.conn, article(row), entry=entry, now=_fetched(row))


def article(row: Row) -> Article:
    return Article(
        url=row["url"],
        title=row["title"],
        text=row["text"],
        markdown=row["text"],
        language=row["language"],
        published=from_text(row["published"]),
        published_from="meta",
    )


def _fetched(row: Row) -> datetime:
    return from_text(row["published"]) + timedelta(minutes=5)
