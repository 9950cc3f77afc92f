"""`?as_of=`: a page of the plugin as of a moment, on a connection that nobody uses afterwards."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from archive.asof.past_moments import read_past
from archive.reader import open_reader
from archive.web.query_limits import bound_queries

T = TypeVar("T")


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

    def answer_then() -> T:
        with closing(open_reader(Path(database.path), moment)) as conn:
            bound_queries(conn)
            return function(conn)

    return await asyncio.get_running_loop().run_in_executor(None, answer_then)
