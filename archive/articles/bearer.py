"""What a page of somebody else said of an article gives way: of another source, or a wall's."""

from __future__ import annotations

import sqlite3

from archive.articles.columns import Facts, attributed_values, write_values
from archive.articles.known import Placed, is_told
from archive.copies import clusters
from archive.database.times import to_text
from archive.sources.declarations import declared
from archive.sources.outlets import is_of

_ANNOUNCED_BY = "SELECT id, source_id FROM entries WHERE article_id = ?"


def attribute(conn: sqlite3.Connection, article_id: int, placed: Placed) -> bool:
    """File an article under the source of its own host, when that announces it first: what feeds
    of other sites filled in is dropped."""
    row = conn.execute("SELECT source_id, url FROM articles WHERE id = ?", (article_id,)).fetchone()
    if is_told(placed.article) or not is_of(placed.source.hosts, row["url"]):
        return False
    if row["source_id"] == placed.source.id:
        known = conn.execute(_ANNOUNCED_BY, (article_id,)).fetchall()
        others = {entry["source_id"] for entry in known if entry["id"] != placed.entry.id}
        if not others or placed.source.id in others or placed.entry.id is None:
            return False  # it announced it before, or nobody else did
    elif is_of(declared(conn, row["source_id"]).hosts, row["url"]):
        return False
    refile(conn, article_id, placed)
    return True


def refile(conn: sqlite3.Connection, article_id: int, placed: Placed) -> None:
    """Write anew what page, entry and source say of an article, but for its version: what stands
    there is of a page that wasn't its own."""
    url = conn.execute("SELECT url FROM articles WHERE id = ?", (article_id,)).fetchone()["url"]
    facts = Facts(
        article=placed.article,
        version=placed.version,
        url=url,
        bearer=placed.source,
        outlet=placed.source.name,
        now=to_text(placed.now),
    )
    clusters.drop_bands(conn, article_id)
    write_values(conn, article_id, attributed_values(facts))
    clusters.rebuild_bands(conn, article_id)


def is_post(conn: sqlite3.Connection, article_id: int) -> bool:
    """Tell whether an article was imported and has no address of its own: only its file's name."""
    found = conn.execute("SELECT url FROM articles WHERE id = ?", (article_id,)).fetchone()
    return str(found["url"]).startswith("post:")
