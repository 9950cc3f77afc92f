"""Reads of a running crawl: a connection and a thread of their own, so that none waits for a write.

What it gives is advice and display; what decides a write is read inside that write's transaction.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from archive.connect import connect, snapshot
from archive.errors import ArchiveError

P = ParamSpec("P")
T = TypeVar("T")


class ReadConnection:
    """Runs functions of the archive, each `function(conn, …)` on one state of it.

    Raises ArchiveError where the file can't be opened or read.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._closed = path, False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="archive-reader")
        try:
            self._conn = self._thread.submit(connect, path, readonly=True).result()
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
        """Await what the function reads: everything that was committed before the call."""
        reading = self._thread.submit(self._read, function, *args, **kwargs)
        return await asyncio.wrap_future(reading)

    def call(
        self,
        function: Callable[Concatenate[sqlite3.Connection, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Do the same, blocking: for code outside the event loop."""
        return self._thread.submit(self._read, function, *args, **kwargs).result()

    def close(self) -> None:
        """Finish what was asked, and close. May be repeated."""
        if self._closed:
            return
        self._closed = True
        self._thread.submit(self._conn.close).result()
        self._thread.shutdown()

    def _read(
        self,
        function: Callable[Concatenate[sqlite3.Connection, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        try:
            with snapshot(self._conn):
                return function(self._conn, *args, **kwargs)
        except sqlite3.OperationalError as error:
            raise ArchiveError(f"{self._path} can't be read: {error}") from error
