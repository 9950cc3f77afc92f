"""The numbered changes: whoever reads them goes on where he stopped, without loss and without
double.

Triggers write them (archive.asof.triggers); what writes says in `at_moment` when it does so.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from archive.database.connect import transaction
from archive.database.json_cells import object_in
from archive.database.times import from_text, to_text
from archive.model import Change, ChangeKind

P = ParamSpec("P")
T = TypeVar("T")

_BATCH = 500  # rows in memory; no transaction stays open between two batches
_BEGIN = "INSERT OR IGNORE INTO _moment(id, at, via) VALUES (1, ?, ?)"
_TOLD = "changes.told"  # of `settings`: the last event that the daemon's alerts told
_FOLLOW = f"""
INSERT OR IGNORE INTO settings(key, value)
SELECT '{_TOLD}', coalesce(max(seq), 0) FROM changes
"""  # noqa: S608
_END = "DELETE FROM _moment"
_SINCE = """
SELECT * FROM changes WHERE seq > :seq
  AND (:kinds IS NULL OR kind IN (SELECT value FROM json_each(:kinds)))
ORDER BY seq LIMIT :limit
"""


@contextmanager
def at_moment(
    conn: sqlite3.Connection, now: datetime, *, via: ChangeKind | None = None
) -> Iterator[None]:
    """Date what is written within as of `now`, in the caller's transaction or, where there is none,
    in its own: a kill must not leave the sign behind. An outer one goes before.

    `via`: the kind of whatever comes in or gets another version; None: as it is. What is written
    outside of it, as by any other client, is dated by SQLite's clock.
    """
    with nullcontext() if conn.in_transaction else transaction(conn):
        if not conn.execute(_BEGIN, (to_text(now), via)).rowcount:
            yield
            return
        try:
            yield
        finally:
            if conn.in_transaction:  # SQLite itself rolls back on a full disk
                conn.execute(_END)


def at_now(
    function: Callable[Concatenate[sqlite3.Connection, P], T],
) -> Callable[Concatenate[sqlite3.Connection, P], T]:
    """Let a function of a connection, with a keyword `now`, run within `at_moment`."""

    @wraps(function)
    def run(conn: sqlite3.Connection, /, *args: P.args, **kwargs: P.kwargs) -> T:
        now = kwargs["now"]
        assert isinstance(now, datetime)
        with at_moment(conn, now):
            return function(conn, *args, **kwargs)

    return run


def changes_since(
    conn: sqlite3.Connection,
    seq: int = 0,
    *,
    kinds: Collection[ChangeKind] = (),
    limit: int | None = None,
) -> Iterator[Change]:
    """Yield the events after number `seq`, oldest first; of these `kinds`, or all."""
    wanted = json.dumps(sorted(kinds)) if kinds else None
    left = limit
    while left is None or left > 0:
        size = _BATCH if left is None else min(left, _BATCH)
        rows = conn.execute(_SINCE, {"seq": seq, "kinds": wanted, "limit": size}).fetchall()
        yield from map(_change, rows)
        if len(rows) < size:
            return
        seq, left = rows[-1]["seq"], None if left is None else left - len(rows)


def follow_from(conn: sqlite3.Connection) -> None:
    """Let the daemon's alerts begin with what happens from now on, where they never did before."""
    conn.execute(_FOLLOW)


def followed_to(conn: sqlite3.Connection, seq: int) -> None:
    """Remember that the daemon's alerts told every event up to a number."""
    conn.execute("UPDATE settings SET value = ? WHERE key = ?", (str(seq), _TOLD))


def new_changes(
    conn: sqlite3.Connection, kinds: Collection[ChangeKind], limit: int
) -> list[Change]:
    """Give the first events of these kinds that the daemon's alerts did not tell."""
    seq = int(conn.execute("SELECT value FROM settings WHERE key = ?", (_TOLD,)).fetchone()[0])
    return list(changes_since(conn, seq, kinds=kinds, limit=limit))


def change_fields(change: Change) -> dict[str, object]:
    """Give an event as JSON has it."""
    return {
        "seq": change.seq,
        "at": to_text(change.at),
        "kind": change.kind.value,
        "article_id": change.article_id,
        "number": change.number,
        "detail": dict(change.detail),
    }


def _change(row: sqlite3.Row) -> Change:
    return Change(
        seq=row["seq"],
        at=from_text(str(row["at"])),
        kind=_kind(row["kind"]),
        article_id=row["article_id"],
        number=row["number"],
        detail=object_in(row["detail"]),
    )


def _kind(word: str) -> ChangeKind:
    """Read a kind; a word that is none, of a damaged cell, says that something changed: an edit."""
    return ChangeKind(word) if word in list(ChangeKind) else ChangeKind.EDIT
