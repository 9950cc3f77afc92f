"""How outcomes reach the disk: their raw pages, then one transaction, then the Markdown.

All of it is one trip to the writer's thread, for all that wait there. What may be lost without harm
(which raw page is whose article's, that a file lies there) is noted with the next outcome, or at
the end.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from archive.database.connect import transaction, unsynced
from archive.database.group import Group, apart
from archive.database.writer import Writer
from archive.entries import owed
from archive.files import orders
from archive.model import RawPage
from archive.pages.store import PageStore
from crawler.fetch.house.closing import Closing, Ending
from crawler.fetch.house.visit_book import Booked, VisitBook
from crawler.fetch.tasks import (
    Extracted,
    Fetching,
    NotModified,
    PageOutcome,
    Rejected,
    Visiting,
    VisitOutcome,
)

logger = logging.getLogger(__name__)

T = TypeVar("T")


_Result = Ending | Booked | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """An outcome that waits; `book` takes the id of its first raw page, where it has any."""

    book: Callable[..., _Result]
    raw: tuple[RawPage, ...] = ()
    entry_id: int | None = None
    is_vital: bool = True  # must be on the disk before it counts


class Bookkeeper:
    """Books outcomes. Its memory belongs to the writer's thread, and changes after the COMMIT."""

    def __init__(
        self,
        *,
        writer: Writer,
        pages: PageStore | None,
        savings: Closing,
        visits: VisitBook,
        markdown_dir: Path,
    ):
        self._writer, self._pages = writer, pages
        self._group: Group[_Job, Any] = Group(writer, self._book)  # a job gives what its book gives
        self._savings, self._visits = savings, visits
        self._markdown_dir = markdown_dir
        self._links: dict[int, int] = {}  # raw pages whose article is still to be noted
        self._dropped: set[int] = set()  # raw pages that are not needed after all
        self._done: dict[str, orders.Done] = {}  # files that are written, and not noted yet
        self._unwritable: set[str] = set()  # that the file system refused: tried again at the end
        self._is_said = False  # that it refuses them
        self.unwritten = ""  # how many it refused at the last try of all, and how

    def page(
        self, task: Fetching, outcome: PageOutcome, *, now: datetime
    ) -> Awaitable[Ending | None]:
        """Book what came of a page; None where it doesn't count."""
        raw = outcome.raw if isinstance(outcome, Extracted | Rejected) else ()
        book = partial(self._savings.book, task=task, outcome=outcome, page_id=None, now=now)
        return self._group.put(_Job(book=book, raw=raw, entry_id=task.entry.id))

    def visit(
        self,
        task: Visiting,
        outcome: VisitOutcome,
        *,
        tried: set[str],
        pushed: bool,
        now: datetime,
    ) -> Awaitable[Booked | None]:
        """Book what came of a visit; None where it doesn't count."""
        book = partial(self._visits.book, task=task, outcome=outcome, tried=tried, now=now)
        # nothing was announced: where the power fails, it is as if nobody had asked
        is_vital = not isinstance(outcome, NotModified)
        return self._group.put(_Job(book=partial(book, pushed=pushed), is_vital=is_vital))

    async def image(self, book: Callable[[sqlite3.Connection], bool]) -> bool:
        """Book what came of a picture, and write the files that lead to it; False where it doesn't
        count."""

        def book_it(conn: sqlite3.Connection) -> Ending | None:
            return Ending(still_there=True) if book(conn) else None

        return await self._group.put(_Job(book=book_it)) is not None

    async def catch_up(self) -> None:
        """Write the files that are owed, and note what is still to be noted: what an earlier
        process was killed over, or this one has put off."""
        await self._writer.outside(self._catch_up)

    async def flush(self) -> None:
        """Note what is still to be noted."""
        await self._writer.outside(self._flush)

    def _book(self, conn: sqlite3.Connection, jobs: Sequence[_Job]) -> list[_Result | Exception]:
        kept = self._keep(jobs)
        parts = [
            partial(job.book, page_id=page_ids[0]) if page_ids else job.book
            for job, page_ids in zip(jobs, kept, strict=True)
        ]
        with nullcontext() if any(job.is_vital for job in jobs) else unsynced(conn):
            results = self._in_transaction(conn, lambda: [apart(conn, part) for part in parts])
        for result, page_ids in zip(results, kept, strict=True):
            if page_ids:
                self._settle_pages(page_ids, result)
        if any(isinstance(result, Ending) and result.may_order for result in results):
            self._write(conn)
        return results

    def _settle_pages(self, page_ids: tuple[int, ...], result: _Result | Exception) -> None:
        """Remember what is to be noted of the raw pages of an outcome."""
        ended = result if isinstance(result, Ending) else None
        if ended is None or not ended.keep_pages:
            self._dropped.update(page_ids)
        elif ended.article_id is not None:
            self._links.update(dict.fromkeys(page_ids, ended.article_id))

    def _keep(self, jobs: Sequence[_Job]) -> list[tuple[int, ...]]:
        """Commit the raw pages: the archive may name only what is there."""
        if self._pages is None or not any(job.raw for job in jobs):
            return [()] * len(jobs)
        ids = self._pages.settle(
            [(job.raw, job.entry_id) for job in jobs], links=self._links, dropped=self._dropped
        )
        self._links, self._dropped = {}, set()
        return ids

    def _in_transaction(self, conn: sqlite3.Connection, book: Callable[[], T]) -> T:
        done = tuple(self._done.values())
        with transaction(conn):
            if done:
                orders.note_done(conn, done)
            booked = book()
        for order in done:
            del self._done[order.path]
        return booked

    def _write(self, conn: sqlite3.Connection) -> None:
        """Write the files that the transaction ordered, this article's and its story's."""
        carried = orders.carry_out(
            conn, self._markdown_dir, besides=self._done.keys() | self._unwritable
        )
        self._done |= {order.path: order for order in carried.done}
        self._unwritable |= set(carried.written.refused)
        self._say(carried.written)

    def _flush(self, conn: sqlite3.Connection) -> None:
        if self._done:
            self._in_transaction(conn, lambda: None)
        if self._pages is not None and (self._links or self._dropped):
            self._pages.settle((), links=self._links, dropped=self._dropped)
            self._links, self._dropped = {}, set()

    def _catch_up(self, conn: sqlite3.Connection) -> None:
        if self._pages is not None:
            unlinked = self._pages.unlinked()
            named = owed.articles_of(conn, {page.first_id: page.entry_id for page in unlinked})
            linked = {p.id: named[p.first_id] for p in unlinked if p.first_id in named}
            self._links = linked | self._links
        self._flush(conn)
        self._unwritable = set()
        written = orders.write_owed(conn, self._markdown_dir)
        self._say(written)
        self.unwritten = ""
        if written.problems:
            number = orders.files_left(conn)
            self.unwritten = f"{number} Markdown files not written: {written.problems[0]}"

    def _say(self, written: orders.Written) -> None:
        """Say the first: a folder that can't be written refuses all its files."""
        if written.problems and not self._is_said:
            logger.error("%s", written.problems[0])
        self._is_said = bool(written.problems) or (self._is_said and not written.count)
