"""`?as_of=`: a page of the plugin as of a moment, on a connection that shows nothing else.

Who reads of a moment asks for page after page of it, and to undo what followed takes a third of a
second where 10,000 articles changed since: so the connections of the last moments are kept for
a while, and used again where nothing has happened since to what was there.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from archive.asof.moment import Undone, pause, resume
from archive.asof.past_moments import read_past
from archive.database.connect import must_be_immutable
from archive.reader import open_reader
from archive.web.query_limits import bound_queries

T = TypeVar("T")
MOST_KEPT = 3  # connections, 2 MB each and what was undone
KEPT_S = 60.0  # unused: what is forgotten is not to stand in a temporary table for long


@dataclass(frozen=True, slots=True)
class _Key:
    file: Path
    device: int
    inode: int  # another file may have taken its place
    at: datetime


@dataclass(frozen=True, slots=True)
class _Idle:
    conn: sqlite3.Connection
    undone: Undone
    since: float


class _Kept:
    """Connections that nobody uses just now; each is taken by one at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._idle: OrderedDict[_Key, _Idle] = OrderedDict()

    def take(self, key: _Key) -> sqlite3.Connection | None:
        """Give one that shows its moment truly, within a read transaction; None without one."""
        with self._lock:
            found = self._idle.pop(key, None)
        if found is None:
            return None
        with suppress(sqlite3.Error):  # another one is opened, and says what is wrong
            if resume(found.conn, found.undone):
                return found.conn
        found.conn.close()
        return None

    def keep(self, key: _Key, conn: sqlite3.Connection, now_s: float) -> None:
        try:
            idle = _Idle(conn, pause(conn), now_s)
        except sqlite3.Error:
            conn.close()
            return
        with self._lock:
            others = [self._idle.pop(key, None)]
            self._idle[key] = idle
            while len(self._idle) > MOST_KEPT:
                others.append(self._idle.popitem(last=False)[1])
        for other in filter(None, others):
            other.conn.close()

    def close_unused(self, since_s: float) -> None:
        """Close those that nobody has used since."""
        with self._lock:
            old = [key for key, idle in self._idle.items() if idle.since <= since_s]
            others = [self._idle.pop(key) for key in old]
        for other in others:
            other.conn.close()


_KEPT = _Kept()


def asked_moment(text: str, now: datetime) -> datetime | None:
    """Read the parameter; None where there is none. Raises NoMoment."""
    # the blank is the + of +08:00, in an address that nobody quoted
    return read_past(text.replace(" ", "+"), now) if text else None


async def ask(
    datasette: Any, name: str, moment: datetime | None, function: Callable[[sqlite3.Connection], T]
) -> T:
    """Answer by a function of a connection to the archive `name`, as it stood at a moment."""
    database = datasette.get_database(name)
    if moment is None:
        answer: T = await database.execute_fn(function)
        return answer

    loop = asyncio.get_running_loop()

    def answer_then() -> T:
        with _at(Path(database.path), moment, clock=loop.time) as conn:
            return function(conn)

    answer = await loop.run_in_executor(None, answer_then)
    loop.call_later(KEPT_S, _KEPT.close_unused, loop.time())
    return answer


@contextmanager
def _at(
    file: Path, moment: datetime, *, clock: Callable[[], float]
) -> Iterator[sqlite3.Connection]:
    key = _key(file, moment)
    conn = _KEPT.take(key) if key else None
    if conn is None:
        conn = open_reader(file, moment)
        bound_queries(conn)
    try:
        yield conn
    except BaseException:
        conn.close()
        raise
    if key is None:
        conn.close()
    else:
        _KEPT.keep(key, conn, clock())


def _key(file: Path, moment: datetime) -> _Key | None:
    """None for a file that would not be read as it is then: one that is gone, or is immutable
    only until its writer comes."""
    try:
        found = file.stat()
    except OSError:
        return None
    if must_be_immutable(file):
        return None
    return _Key(file, found.st_dev, found.st_ino, moment)
