"""A connection, and the one thread that uses it: what the writer and the reader both stand on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar, ParamSpec, TypeVar

from archive.errors import ArchiveError

P = ParamSpec("P")
T = TypeVar("T")


class ConnectionThread:
    """Opened by `opening` in its thread; raises ArchiveError when that fails."""

    _WHO: ClassVar[str]  # uses it: "writer"
    _FAILED: ClassVar[str]  # what SQLite's errors mean: "can't be …"
    _CLOSED: ClassVar[str]  # what can't be done any more

    def __init__(self, path: Path | str, opening: Callable[[], sqlite3.Connection]) -> None:
        self._path, self._closed = path, False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"archive-{self._WHO}")
        try:
            self._conn = self._thread.submit(opening).result()
        except BaseException:
            self._thread.shutdown()
            raise

    def close(self) -> None:
        """Finish what was submitted, and close. May be repeated."""
        if self._closed:
            return
        self._closed = True
        try:
            self._thread.submit(self._finish).result()
        finally:
            self._thread.shutdown()

    def _finish(self) -> None:
        self._conn.close()

    def _submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        if self._closed:
            raise ArchiveError(f"the {self._WHO} of {self._path} is closed: {self._CLOSED}")
        return self._thread.submit(self._reported, function, *args, **kwargs)

    def _reported(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except sqlite3.OperationalError as error:  # a full disk, a lost one: not a bug of ours
            raise ArchiveError(f"{self._path} {self._FAILED}: {error}") from error
