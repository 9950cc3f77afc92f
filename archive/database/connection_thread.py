"""A connection, and the one thread that uses it: what the writer and the reader both stand on."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar

from archive.errors import ArchiveError

P = ParamSpec("P")
T = TypeVar("T")
Scope = Callable[[sqlite3.Connection], AbstractContextManager[Any]]


DEADLINE_S = 300.0  # of what is awaited: a disk that doesn't answer is a fault, not a long wait


class ConnectionThread:
    """Runs functions of the archive one after the other, each `function(conn, …)` within `scope`:
    a transaction, a snapshot.

    Opened by `opening` in its thread; raises ArchiveError when that fails.
    """

    _WHO: ClassVar[str]  # uses it: "writer"
    _FAILED: ClassVar[str]  # what SQLite's errors mean: "can't be …"
    _CLOSED: ClassVar[str]  # what can't be done any more

    def __init__(
        self, path: Path | str, opening: Callable[[], sqlite3.Connection], scope: Scope
    ) -> None:
        self._path, self._scope, self._closed = path, scope, False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"archive-{self._WHO}")
        try:
            self._conn = self._thread.submit(opening).result()
        except BaseException:
            self._thread.shutdown()
            raise

    async def run(
        self,
        function: Callable[Concatenate[sqlite3.Connection, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Await one call. A cancelled caller doesn't undo what has already begun. Raises what it
        raises, and ArchiveError after DEADLINE_S."""
        future = self._submit(self._scope, function, self._conn, *args, **kwargs)
        try:
            async with asyncio.timeout(DEADLINE_S):
                return await asyncio.wrap_future(future)
        except TimeoutError as error:
            what = f"the {self._WHO} of {self._path} has not answered for {DEADLINE_S:.0f} s"
            raise ArchiveError(f"{what}: is its disk there, and not full?") from error

    def call(
        self,
        function: Callable[Concatenate[sqlite3.Connection, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Do the same, blocking: for code outside the event loop."""
        return self._submit(self._scope, function, self._conn, *args, **kwargs).result()

    def later(self, function: Callable[[sqlite3.Connection], None]) -> None:
        """Have a function called in the thread that tells by itself what comes of it."""
        self._submit(nullcontext, function, self._conn)

    def aside(
        self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> asyncio.Future[T]:
        """Await a call in the thread that has nothing to do with its connection: what
        must stay in order with the transactions, such as the raw page before its article."""
        return asyncio.wrap_future(self._submit(nullcontext, function, *args, **kwargs))

    def close(self) -> None:
        """Finish what was submitted, and close; raises ArchiveError. May be repeated."""
        if self._closed:
            return
        self._closed = True
        try:
            self._thread.submit(self._do, nullcontext, self._finish).result()
        finally:
            self._thread.shutdown()

    def _finish(self) -> None:
        self._conn.close()

    def _submit(
        self, scope: Scope, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        if self._closed:
            raise ArchiveError(f"the {self._WHO} of {self._path} is closed: {self._CLOSED}")
        return self._thread.submit(self._do, scope, function, *args, **kwargs)

    def _do(
        self, scope: Scope, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        try:
            with scope(self._conn):
                return function(*args, **kwargs)
        except sqlite3.DatabaseError as error:
            told = self.told(error)
            if told is error:
                raise
            raise told from error

    def told(self, error: BaseException) -> BaseException:
        """The error in our words, where it is the disk's: a full disk, a lost one, a damaged page.
        Others are bugs of ours, and stay as they are."""
        is_disks = isinstance(error, sqlite3.OperationalError) or _is_damage(error)
        if not is_disks:
            return error
        found = ArchiveError(f"{self._path} {self._FAILED}: {error}")
        found.__cause__ = error
        return found


def _is_damage(error: BaseException) -> bool:
    return type(error) is sqlite3.DatabaseError  # SQLITE_CORRUPT, SQLITE_NOTADB
