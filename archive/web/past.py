"""`?as_of=`: a page of the plugin as of a moment, on a connection that nobody uses afterwards."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

from archive.database.times import to_text
from archive.errors import ArchiveError
from archive.reader import open_reader
from archive.web.query_limits import bound_queries

T = TypeVar("T")

_YEARS = range(1970, 2200)  # so that a page may reckon a few years on from it
FORMS = "as_of is a time with its zone (2026-11-23T09:30Z) or a day (its beginning in UTC)"


def asked_moment(text: str) -> datetime | None:
    """Read the parameter; None where there is none. ArchiveError for what is no moment."""
    if not text:
        return None
    text = text.replace(" ", "+")  # of +08:00, in an address that nobody quoted
    try:
        if len(text) <= len("2026-11-23"):
            day = date.fromisoformat(text)
            if day.year not in _YEARS:
                raise ValueError
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        moment = datetime.fromisoformat(text)
        to_text(moment)
        if moment.year not in _YEARS:
            raise ValueError
    except (ValueError, OverflowError) as error:
        raise ArchiveError(f"{FORMS}, not {text[:60]!r}") from error
    return moment


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
