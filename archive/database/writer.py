"""The single writer: one thread owns the connection, every call is one transaction."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Concatenate, Literal, ParamSpec, Self, TypeVar

from archive.database.connect import connect, transaction
from archive.database.connection_thread import ConnectionThread

P = ParamSpec("P")
T = TypeVar("T")


class Writer(ConnectionThread):
    """Runs each function in BEGIN IMMEDIATE … COMMIT. What it raises rolls back and reaches the
    caller."""

    _WHO, _FAILED = "writer", "can't be written"
    _CLOSED = "nothing more can be saved"

    def __init__(
        self, path: Path | str, *, synchronous: Literal["full", "normal"] = "full"
    ) -> None:
        """Open (or create) the file; raises ArchiveError when that fails. Does not migrate."""
        super().__init__(path, partial(connect, path, synchronous=synchronous), transaction)

    def outside(
        self,
        function: Callable[Concatenate[sqlite3.Connection, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> asyncio.Future[T]:
        """Await a function that makes its own transactions, such as `files.write_owed`. It may
        take its time; what waits behind it does so with a deadline."""
        return self.aside(function, self._conn, *args, **kwargs)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _finish(self) -> None:
        """Empty the WAL and close. No `PRAGMA optimize`: its statistics spoil the plans."""
        try:
            self._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            super()._finish()
