"""Reads of a running crawl: a connection and a thread of their own, so that none waits for a write.

What it gives is advice and display; what decides a write is read inside that write's transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from archive.database.connect import connect, snapshot
from archive.database.connection_thread import ConnectionThread

P = ParamSpec("P")
T = TypeVar("T")


class ReadConnection(ConnectionThread):
    """Runs functions of the archive, each `function(conn, …)` on one state of it.

    Raises ArchiveError where the file can't be opened or read.
    """

    _WHO, _FAILED = "reader", "can't be read"
    _CLOSED = "nothing more can be read"

    def __init__(self, path: Path) -> None:
        super().__init__(path, partial(connect, path, readonly=True))

    async def run(
        self,
        function: Callable[Concatenate[sqlite3.Connection, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Await what the function reads: everything that was committed before the call."""
        return await self._in_time(self._submit(self._read, function, *args, **kwargs))

    def call(
        self,
        function: Callable[Concatenate[sqlite3.Connection, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Do the same, blocking: for code outside the event loop."""
        return self._submit(self._read, function, *args, **kwargs).result()

    def _read(
        self,
        function: Callable[Concatenate[sqlite3.Connection, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        with snapshot(self._conn):
            return function(self._conn, *args, **kwargs)
