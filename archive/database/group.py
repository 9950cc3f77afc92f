"""Group commit: what waits for the writer's thread shares a transaction, each part on its own.

A disk's sync is most of what a small transaction takes; while one goes on, others come. Whoever
waits is answered after the COMMIT that holds his part.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from archive.database.writer import Writer

MOST = 50  # parts of a transaction: nobody waits long for the others

J = TypeVar("J")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, eq=False)
class _Place(Generic[J, R]):
    job: J
    answer: Future[R] = field(default_factory=Future)


class Group(Generic[J, R]):
    """`book` is given the jobs that wait, in their order, in the writer's thread; it gives what
    came of each, or the error that its part alone ended with. What it raises ends them all."""

    def __init__(
        self,
        writer: Writer,
        book: Callable[[sqlite3.Connection, Sequence[J]], Sequence[R | Exception]],
    ) -> None:
        self._writer, self._book = writer, book
        self._waiting: deque[_Place[J, R]] = deque()

    def put(self, job: J) -> asyncio.Future[R]:
        """Await a job's booking. A cancelled caller doesn't undo what has already begun."""
        place: _Place[J, R] = _Place(job)
        self._waiting.append(place)
        self._writer.later(self._take)
        return asyncio.wrap_future(place.answer)

    def _take(self, conn: sqlite3.Connection) -> None:
        """Book what waits; nothing where an earlier call has taken it along."""
        taken: list[_Place[J, R]] = []
        while self._waiting and len(taken) < MOST:
            place = self._waiting.popleft()
            if place.answer.set_running_or_notify_cancel():
                taken.append(place)
        if not taken:
            return
        try:
            results = self._book(conn, [place.job for place in taken])
        except BaseException as error:
            for place in taken:
                place.answer.set_exception(self._writer.told(error))
            return
        for place, result in zip(taken, results, strict=True):
            if isinstance(result, Exception):
                place.answer.set_exception(self._writer.told(result))
            else:
                place.answer.set_result(result)


def apart(conn: sqlite3.Connection, book: Callable[[sqlite3.Connection], R]) -> R | Exception:
    """Book a part within the caller's transaction; one that fails leaves no trace, and costs
    itself: the error is given.

    Raises what ended the transaction as a whole: a full disk.
    """
    conn.execute("SAVEPOINT part")
    try:
        booked = book(conn)
    except Exception as error:
        if not conn.in_transaction:  # SQLite itself has rolled all of it back
            raise
        conn.execute("ROLLBACK TO part")
        conn.execute("RELEASE part")
        return error
    conn.execute("RELEASE part")
    return booked
