"""Reads of a running crawl: a connection and a thread of their own, so that none waits for a write.

What it gives is advice and display; what decides a write is read inside that write's transaction.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from archive.database.connect import connect, snapshot
from archive.database.connection_thread import ConnectionThread


class ReadConnection(ConnectionThread):
    """Runs each function on one state of the archive: everything that was committed before it.

    Raises ArchiveError where the file can't be opened or read.
    """

    _WHO, _FAILED = "reader", "can't be read"
    _CLOSED = "nothing more can be read"

    def __init__(self, path: Path) -> None:
        super().__init__(path, partial(connect, path, readonly=True), snapshot)
