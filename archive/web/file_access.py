"""How Datasette opens an archive that can only be read: another user's, or on a read-only mount.

Where nobody has it open Datasette's `mode=ro` fails, and `immutable=1` is true. As soon as a writer
comes, the threads that hold such connections are let go, and new ones open the file as usual.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from datasette.utils.sqlite import sqlite3  # type: ignore[import-untyped]

from archive.database.connect import must_be_immutable
from archive.schema import APPLICATION_ID

# Of each Datasette: the files that it holds open as immutable, as they were when it opened them.
_opened: WeakKeyDictionary[Any, dict[Path, tuple[int, int, int]]] = WeakKeyDictionary()


def open_as_they_are(datasette: Any) -> None:
    """Let a Datasette that starts open archives the way each can be, whenever it opens one."""
    for database in datasette.databases.values():
        if database.path and database.is_mutable and _is_ours(Path(database.path)):
            database.connect = partial(_connect, datasette, database)


def let_go_of_what_changed(datasette: Any) -> None:
    """Close what was opened as immutable and is that no more; asked before each answer."""
    opened = _opened.get(datasette)
    if not opened or all(_is_as_it_was(*each) for each in opened.items()):
        return
    opened.clear()
    for database in datasette.databases.values():
        database._read_connection = None  # of a Datasette without threads
    if datasette.executor is not None:
        # its threads keep their connections for good
        threads, datasette.executor = (
            datasette.executor,
            ThreadPoolExecutor(datasette.setting("num_sql_threads")),
        )
        threads.shutdown(wait=False)


def _connect(datasette: Any, database: Any, write: bool = False) -> Any:
    path = Path(database.path).absolute()
    if write or not must_be_immutable(path):
        return type(database).connect(database, write)
    _opened.setdefault(datasette, {})[path] = _state(path)
    uri = f"{path.as_uri()}?immutable=1"
    conn = sqlite3.connect(uri, uri=True, check_same_thread=False)
    database._all_file_connections.append(conn)  # those that Datasette closes
    return conn


def _is_as_it_was(path: Path, before: tuple[int, int, int]) -> bool:
    return must_be_immutable(path) and _state(path) == before


def _state(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _is_ours(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(72)[68:] == APPLICATION_ID.to_bytes(4, "big")
    except OSError:
        return False
