"""Two archives for the tests of merging, and what is compared of them."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from archive.articles.save import save_article
from archive.database.connect import connect, transaction
from archive.entries.announcing import announce
from archive.entries.owed import file_entry
from archive.model import Saved
from archive.upkeep.merge.merge import Merged, merge, opened
from archive.upkeep.merge.takedown import plan_takedown
from tests.archive.making import NOW, make_article, make_entry, make_visit

LATER = NOW.replace(hour=20)


def bring(ours: sqlite3.Connection, other: Path) -> Merged:
    """Merge the archive in folder `other`, and forget whatever it forgot."""
    with opened(ours, other) as pair:
        return merge(pair, folder_of(ours), plan_takedown(pair.ours, pair.theirs), now=LATER)


def folder_of(conn: sqlite3.Connection) -> Path:
    return Path(conn.execute("PRAGMA database_list").fetchone()["file"]).parent


def copy_of(conn: sqlite3.Connection, folder: Path) -> sqlite3.Connection:
    folder.mkdir()
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    shutil.copy(folder_of(conn) / "archive.db", folder)
    copy = connect(folder / "archive.db")
    copy.execute("PRAGMA synchronous = OFF")
    return copy


def fetch(
    conn: sqlite3.Connection,
    path: str,
    title: str,
    text: str,
    hours: int = 0,
    aliases: Sequence[str] = (),
    **changes: object,
) -> Saved:
    """Archive a page of stcn.example.com some hours after eight."""
    now = NOW.replace(hour=NOW.hour + hours)
    with transaction(conn):
        entry = file_entry(conn, make_entry(path), "stcn", now=now)
        led = [make_entry(alias).url for alias in aliases]
        article = make_article(path, title, text, **changes)
        return save_article(conn, article, entry=entry, aliases=led, now=now)


def owe(conn: sqlite3.Connection, *paths: str, source_id: str = "stcn") -> None:
    with transaction(conn):
        announce(conn, make_visit(source_id), [make_entry(path) for path in paths], now=NOW)


def contents(conn: sqlite3.Connection) -> set[tuple[object, ...]]:
    """Give what is archived: each address with its versions. A second row is held where it was
    joined, and doesn't travel."""
    found = conn.execute(
        "SELECT a.url, json_group_array(json_array(r.number, r.seen, r.title, r.text))"
        " FROM articles AS a JOIN revisions AS r ON r.article_id = a.id"
        " WHERE a.url NOT LIKE '%#joined=%' GROUP BY a.id"
    )
    return {tuple(row) for row in found}


def dump(conn: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Give every row of the archive, but those of the search index."""
    tables = [
        row[0]
        for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not row[0].startswith(("articles_fts", "sqlite_", "_"))
    ]
    return {
        table: [tuple(row) for row in conn.execute(f"SELECT * FROM {table}")] for table in tables
    }
