"""The house books pictures: one is kept, or refused for a reason, or asked for again later."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from archive.files.orders import want_file
from archive.images.rows import (
    image_is_out,
    is_named,
    note_kept,
    note_refused,
    put_off_image,
    raise_image,
    settled_articles,
)
from archive.images.store import ImageFile, ImageStore
from crawler.fetch.house.bookkeeping import Bookkeeper
from crawler.fetch.http.outcomes import NOT_MADE, Failed
from crawler.fetch.tasks import ImageFetched, ImageOutcome, ImageTask

logger = logging.getLogger(__name__)

_RETRY = (timedelta(hours=1),)  # where [crawl] retry names none
MOST_WAITS = 2  # after which a picture that does not come is refused


class ImageBook:
    """Writes the file first, then the row that names it."""

    def __init__(self, books: Bookkeeper, store: ImageStore, *, retry: Sequence[timedelta]):
        self._books, self._store, self._retry = books, store, tuple(retry[:MOST_WAITS]) or _RETRY
        self._is_said = False  # that files can't be written

    async def book(self, task: ImageTask, outcome: ImageOutcome, *, now: datetime) -> bool:
        """Book what came of a picture; False where it doesn't count."""
        stored: ImageFile | None = None
        if isinstance(outcome, ImageFetched):
            try:
                stored = await asyncio.to_thread(
                    self._store.save, outcome.body, outcome.picture.type
                )
            except OSError as error:  # no article fails for it
                failed = Failed(reason=f"its file can't be written: {error.strerror}")
                self._say(failed)
                note = partial(self._not_kept, task, failed)
            else:
                note = partial(self._keep, task, outcome, stored)
        else:
            note = partial(self._not_kept, task, outcome.failed)
        return await self._books.image(partial(self._book, task, note, stored, now))

    def _book(
        self,
        task: ImageTask,
        note: Callable[[sqlite3.Connection, datetime], None],
        stored: ImageFile | None,
        now: datetime,
        conn: sqlite3.Connection,
    ) -> bool:
        """True where it counts; files that lead to it are ordered anew."""
        if not image_is_out(conn, task.image_id, task.attempt):
            if stored is not None and not is_named(conn, stored):  # its article was forgotten
                self._store.remove([stored])
            return False
        raise_image(conn, task.image_id)
        note(conn, now)
        for article_id in settled_articles(conn, task.image_id):
            want_file(conn, article_id)
        return True

    def _keep(
        self,
        task: ImageTask,
        fetched: ImageFetched,
        stored: ImageFile,
        conn: sqlite3.Connection,
        now: datetime,
    ) -> None:
        """In the writer's thread, as the removal of old pictures is: one with the same bytes may
        have gone since."""
        if not self._store.has(stored):
            self._store.save(fetched.body, fetched.picture.type)
        size = len(fetched.body)
        note_kept(conn, task.image_id, stored, fetched.picture, size=size, now=now)

    def _not_kept(
        self, task: ImageTask, failed: Failed, conn: sqlite3.Connection, now: datetime
    ) -> None:
        """Refused at once where that is certain, else after the last wait."""
        tried = conn.execute("SELECT attempts FROM images WHERE id = ?", (task.image_id,))
        tries = int(tried.fetchone()["attempts"])
        counts = failed.weight > NOT_MADE
        if failed.final or (counts and tries >= len(self._retry)):
            note_refused(conn, task.image_id, failed.reason, now=now)
            return
        asked = None if failed.wait_s is None else timedelta(seconds=failed.wait_s)
        wait = asked or self._retry[min(tries, len(self._retry) - 1)]
        put_off_image(conn, task.image_id, failed.reason, now=now, wait=wait, counts=counts)

    def _say(self, failed: Failed) -> None:
        if not self._is_said:
            logger.error("a picture is not kept, %s: see %s", failed.reason, self._store.folder)
        self._is_said = True
