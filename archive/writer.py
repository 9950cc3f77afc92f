"""The single writer: one thread owns the connection, every call is one transaction."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Concatenate, Literal, ParamSpec, Self, TypeVar

from archive.connect import connect, transaction
from archive.errors import ArchiveError

P = ParamSpec("P")
T = TypeVar("T")


class Writer:
    """Runs functions of the archive one after the other, each `function(conn, …)` in BEGIN
    IMMEDIATE … COMMIT. What the function raises rolls back and reaches the caller.
    """

    def __init__(
        self, path: Path | str, *, synchronous: Literal["full", "normal"] = "full"
    ) -> None:
        """Open (or create) the file; raises ArchiveError when that fails. Does not migrate."""
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="archive-writer")
        self._closed = False
        try:
            opening = self._thread.submit(connect, path, synchronous=synchronous)
            self._conn = opening.result()
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
        """Await one transaction. A cancelled caller doesn't undo what has already begun."""
        return await self.aside(self._in_transaction, function, *args, **kwargs)

    def call(
        self,
        function: Callable[Concatenate[sqlite3.Connection, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Do the same, blocking: for code outside the event loop."""
        return self._submit(self._in_transaction, function, *args, **kwargs).result()

    async def outside(
        self,
        function: Callable[Concatenate[sqlite3.Connection, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Await a function that makes its own transactions, such as `files.write_owed`."""
        return await self.aside(function, self._conn, *args, **kwargs)

    async def aside(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Await a call in the writer's thread that has nothing to do with its connection: what
        must stay in order with the transactions, such as the raw page before its article."""
        return await asyncio.wrap_future(self._submit(function, *args, **kwargs))

    def close(self) -> None:
        """Finish what was submitted, then optimise, empty the WAL and close. May be repeated."""
        if self._closed:
            return
        self._closed = True
        try:
            self._thread.submit(_finish, self._conn).result()
        finally:
            self._thread.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        if self._closed:
            raise ArchiveError(f"the writer of {self._path} is closed: nothing more can be saved")
        return self._thread.submit(self._reported, function, *args, **kwargs)

    def _reported(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except sqlite3.OperationalError as error:  # a full disk, a lost one: not a bug of ours
            raise ArchiveError(f"{self._path} can't be written: {error}") from error

    def _in_transaction(
        self,
        function: Callable[Concatenate[sqlite3.Connection, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        with transaction(self._conn):
            return function(self._conn, *args, **kwargs)


def _finish(conn: sqlite3.Connection) -> None:
    try:
        conn.execute("PRAGMA analysis_limit = 400")  # else ANALYZE reads whole indexes
        conn.execute("PRAGMA optimize")
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        conn.close()
