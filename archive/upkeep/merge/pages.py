"""Their raw pages, read back and packed anew: the dictionaries of two files don't fit together."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from archive.articles.revisions import Version
from archive.database.connect import transaction
from archive.errors import ArchiveError
from archive.model import RawPage
from archive.pages.store import PageHead, PageStore
from archive.upkeep.merge.pairing import Pair
from archive.upkeep.merge.takedown import is_taken_down

BATCH = 200  # pages listed at a time

# Named where the article has no page, and its newest version is the one that the page gave.
_NAME = "UPDATE articles SET page_id = ? WHERE id = ?"
_UNNAMED = "SELECT title, text, content_hash FROM articles WHERE id = ? AND page_id IS NULL"
_ARTICLE = "SELECT id, url, page_id, title, text FROM articles WHERE id = ?"
_ENTRY = "SELECT source_id, url FROM entries WHERE id = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFiles:
    """Both pages files; `theirs` is opened for reading only."""

    ours: PageStore
    theirs: PageStore

    @classmethod
    def open(cls, ours: Path, theirs: Path) -> PageFiles:
        return cls(ours=PageStore(ours), theirs=PageStore(theirs, readonly=True))

    def close(self) -> None:
        self.ours.close()
        self.theirs.close()


@dataclass(slots=True)
class PageSums:
    new: int = 0
    damaged: int = 0  # theirs that can't be read back


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCopier:
    """Copies pages with what they belong to; the articles and entries are here already."""

    pair: Pair
    shelves: PageFiles
    sources: Mapping[str, str]
    taken_down: frozenset[str]
    sums: PageSums

    def copy_all(self) -> None:
        """Copy every page that ours doesn't have, each in a transaction of its own."""
        last = 0
        while heads := self.shelves.theirs.firsts(after=last, limit=BATCH):
            for head in heads:
                article = self._article(head)
                if not self._is_taken_down(head, article):
                    self._copy_with_parts(head, article)
            last = heads[-1].id

    def _article(self, head: PageHead) -> sqlite3.Row | None:
        """Their article, which may be gone since."""
        row: sqlite3.Row | None = self.pair.theirs.execute(_ARTICLE, (head.article_id,)).fetchone()
        return row

    def _is_taken_down(self, head: PageHead, article: sqlite3.Row | None) -> bool:
        if head.url in self.taken_down:
            return True
        theirs, urls = self.pair.theirs, self.taken_down
        return article is not None and is_taken_down(theirs, article["id"], urls)

    def _copy_with_parts(self, head: PageHead, article: sqlite3.Row | None) -> None:
        article_id = None if article is None else self._ours(article["url"])
        first = self._copy(head.id, self._entry(head), None, article_id)
        if first is None:
            return
        for part in self.shelves.theirs.parts(head.id):
            self._copy(part, self._entry(head), first, article_id)
        if article is not None and article_id is not None and article["page_id"] == head.id:
            version = Version.of(article["title"], article["text"])
            with transaction(self.pair.ours) as conn:
                ours = conn.execute(_UNNAMED, (article_id,)).fetchone()
                if ours is not None and version.says(*ours):
                    conn.execute(_NAME, (first, article_id))

    def _copy(
        self, page_id: int, entry_id: int | None, first_id: int | None, article_id: int | None
    ) -> int | None:
        """Give the page's number in ours; None for one that can't be read."""
        page = self._read(page_id)
        if page is None:
            return None
        ours = self.shelves.ours
        known = ours.find(page)
        if known is None:
            number = ours.save(page, entry_id=entry_id, first_id=first_id)
            self.sums.new += 1
        else:
            number = known.id
        if article_id is not None and (known is None or known.article_id != article_id):
            ours.link(number, article_id)
        return number

    def _read(self, page_id: int) -> RawPage | None:
        try:
            page = self.shelves.theirs.read(page_id)
        except (ArchiveError, sqlite3.DatabaseError):  # of theirs: it can only be read
            self.sums.damaged += 1
            return None
        return replace(page, source_id=self.sources.get(page.source_id, page.source_id))

    def _ours(self, url: str) -> int | None:
        row = self.pair.ours.execute(
            "SELECT article_id FROM article_urls WHERE url = ?", (url,)
        ).fetchone()
        return None if row is None else int(row["article_id"])

    def _entry(self, head: PageHead) -> int | None:
        theirs = self.pair.theirs.execute(_ENTRY, (head.entry_id,)).fetchone()
        if theirs is None:
            return None
        ours = self.pair.ours.execute(
            "SELECT id FROM entries WHERE source_id = ? AND url = ?",
            (self.sources[theirs["source_id"]], theirs["url"]),
        ).fetchone()
        return None if ours is None else int(ours["id"])
