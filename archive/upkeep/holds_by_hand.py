"""What a person decides of what is held: `broadsheet held release` and `refuse`."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from archive.articles.evidence import RELEASED
from archive.articles.versions import put_version
from archive.asof.changes import at_now
from archive.copies import clusters
from archive.database.times import from_text, to_text
from archive.errors import ArchiveError
from archive.files.orders import want_file
from archive.held.holds import JOINED, TIMES, UNSURE, owe_all
from archive.held.stubs import is_held_stub, put_back
from archive.held.walls import TextKind
from archive.model import BY_HAND, Article

# of a second row: where the first one has not come to bear it meanwhile
_OWN_ADDRESS = """
UPDATE OR IGNORE articles SET url = substr(url, 1, instr(url, :mark) - 1)
WHERE id = :id AND instr(url, :mark) > 0
"""


_TAKE = """
INSERT INTO placeholders(outlet, text_hash, seen, text, kind) VALUES (?, ?, ?, '', ?)
ON CONFLICT(outlet, text_hash) DO UPDATE SET kind = excluded.kind
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What a release did."""

    pages: int = 0  # that are owed again
    articles: int = 0  # that are stories again
    versions: int = 0  # of articles, that took the place of the ones before


@at_now
def release_hold(conn: sqlite3.Connection, hold_id: int, *, now: datetime) -> Released:
    """Let through what is held under a number, and all that is held for the same text.

    Raises ArchiveError where nothing is.
    """
    hold = _hold_of(conn, hold_id)
    if hold["version"] is not None:
        return _release_version(conn, hold, now)
    if hold["text_hash"]:
        return _release_wall(conn, hold, now)
    if hold["moved"] is not None:
        _take_back(conn, hold["article_id"], json.loads(hold["moved"]))
    _show_again(conn, hold["article_id"], now)
    if UNSURE in hold["reason"]:  # what it is a copy of, nobody has asked yet
        clusters.file_new(conn, hold["article_id"], now=now)
    conn.execute("DELETE FROM holds WHERE id = ?", (hold_id,))
    return Released(articles=1)


@at_now
def refuse_hold(conn: sqlite3.Connection, hold_id: int, *, now: datetime) -> None:
    """Decide that what is held is no article. It stays in the list, and can still be released.

    Raises ArchiveError where nothing is held under the number.
    """
    hold = _hold_of(conn, hold_id)
    reason = hold["reason"].removeprefix(f"{BY_HAND}: ")
    reason = f"{BY_HAND}: {reason}"
    conn.execute("UPDATE holds SET reason = ? WHERE id = ?", (reason, hold["id"]))
    conn.execute(
        "UPDATE entries SET state = 'rejected', reason = ?, closed = ? WHERE state = 'held'"
        " AND (id = ? OR article_id = ?)",
        (reason, to_text(now), hold["entry_id"], hold["article_id"]),
    )
    if hold["article_id"] is not None and hold["version"] is None:
        conn.execute("UPDATE articles SET held = ? WHERE id = ?", (reason, hold["article_id"]))


def _hold_of(conn: sqlite3.Connection, hold_id: int) -> sqlite3.Row:
    """One row of `holds`; ArchiveError where there is none."""
    row: sqlite3.Row | None = conn.execute(
        "SELECT * FROM holds WHERE id = ?", (hold_id,)
    ).fetchone()
    if row is None:
        raise ArchiveError(f"nothing is held under {hold_id}: see `broadsheet held list`")
    return row


def _release_version(conn: sqlite3.Connection, hold: sqlite3.Row, now: datetime) -> Released:
    if is_held_stub(conn, hold["outlet"], hold["text_hash"]):
        return Released(versions=put_back(conn, hold["outlet"], hold["text_hash"], now=now))
    conn.execute("DELETE FROM holds WHERE id = ?", (hold["id"],))
    if not hold["text_hash"]:  # an error page: nothing that could be put anywhere
        return Released()
    put_version(conn, hold["article_id"], _article_of(hold["version"]), now=now)
    return Released(versions=1)


def _release_wall(conn: sqlite3.Connection, hold: sqlite3.Row, now: datetime) -> Released:
    """The text is an article's after all: its pages are owed again, and articles that were held
    for it are stories again."""
    conn.execute(_TAKE, (hold["outlet"], hold["text_hash"], to_text(now), TextKind.RELEASED.value))
    same = conn.execute(
        "SELECT * FROM holds WHERE outlet = ? AND text_hash = ? AND version IS NULL",
        (hold["outlet"], hold["text_hash"]),
    ).fetchall()
    for row in same:
        if row["article_id"] is not None:
            _show_again(conn, row["article_id"], now)
    owe_all(conn, hold["outlet"], hold["text_hash"], now, refused=True)
    conn.executemany("DELETE FROM holds WHERE id = ?", [(row["id"],) for row in same])
    articles = sum(row["article_id"] is not None for row in same)
    return Released(pages=len(same) - articles, articles=articles)


def _take_back(conn: sqlite3.Connection, second: int, moved: dict[str, Any]) -> None:
    """Give a second row the addresses and entries that went over to the first one, where they still
    are: with that, or with the row for which that is held itself."""
    holders = _holders(conn, moved["first"])
    marks, addresses = json.dumps(holders), json.dumps(list(moved["addresses"]))
    conn.execute(
        "UPDATE articles SET url = :bore WHERE id = :first AND url IN (SELECT value"
        " FROM json_each(:addresses)) AND NOT EXISTS (SELECT 1 FROM articles WHERE url = :bore)",
        {"bore": moved["bore"], "first": moved["first"], "addresses": addresses},
    )
    conn.executemany(
        "UPDATE article_urls SET article_id = ?, reason = ? WHERE url = ?"
        " AND article_id IN (SELECT value FROM json_each(?))",
        [(second, reason, url, marks) for url, reason in moved["addresses"].items()],
    )
    conn.executemany(
        "UPDATE entries SET article_id = ? WHERE id = ?"
        " AND article_id IN (SELECT value FROM json_each(?))",
        [(second, entry, marks) for entry in moved["entries"]],
    )
    for holder in holders:
        want_file(conn, holder)


def _holders(conn: sqlite3.Connection, first: int) -> list[int]:
    """A row, the one that it is held for as a second one, and so on."""
    found: list[int] = []
    while first not in found:
        found.append(first)
        row = conn.execute(
            "SELECT moved FROM holds WHERE article_id = ? AND moved IS NOT NULL", (first,)
        ).fetchone()
        first = first if row is None else json.loads(row["moved"])["first"]
    return found


def _show_again(conn: sqlite3.Connection, article_id: int, now: datetime) -> None:
    """An article that is held is a story again, at its own address."""
    conn.execute("UPDATE articles SET held = NULL WHERE id = ?", (article_id,))
    conn.execute(_OWN_ADDRESS, {"id": article_id, "mark": JOINED})
    conn.execute(
        "INSERT INTO article_urls(url, article_id, reason) SELECT url, id, ?"
        " FROM articles WHERE id = ? ON CONFLICT(url) DO UPDATE"
        " SET article_id = excluded.article_id, reason = excluded.reason",
        (RELEASED, article_id),
    )
    conn.execute(
        "UPDATE entries SET state = 'archived', reason = ?, closed = ?"
        " WHERE article_id = ? AND state = 'held'",
        (RELEASED, to_text(now), article_id),
    )
    clusters.rebuild_bands(conn, article_id)
    want_file(conn, article_id)


def _article_of(version: str) -> Article:
    """The version that is held, as it was read."""
    found = json.loads(version)
    known = {field.name for field in fields(Article)}
    for name in TIMES:
        found[name] = from_text(found.get(name))
    values: dict[str, Any] = {
        k: tuple(v) if isinstance(v, list) else v for k, v in found.items() if k in known
    }
    values["evidence"] = tuple((k, v) for k, v in found.get("evidence", ()))
    return Article(**values)
