"""Another version of an article: its row says it, and `superseded` keeps the one before."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from archive.articles.columns import REVISE, Facts, Value, later_values, write_values
from archive.articles.revisions import RevisionKind, Version, kind_of_change
from archive.copies import clusters
from archive.database.times import to_text
from archive.files.orders import want_file
from archive.model import Article
from archive.sources.declarations import declared

_KNOWN = """
SELECT url, source_id, source_name, title, text FROM articles WHERE id = ?
"""


def put_version(
    conn: sqlite3.Connection,
    article_id: int,
    article: Article,
    *,
    now: datetime,
    kind: RevisionKind | None = None,
) -> None:
    """Make a version the article's newest one. `kind`: why it differs; None: by its words."""
    row = conn.execute(_KNOWN, (article_id,)).fetchone()
    version = Version.of(article.title, article.text, article.markdown)
    why = kind or kind_of_change(Version.of(row["title"], row["text"]), version)
    facts = facts_of(conn, row, article, version, now=now)
    conn.execute(REVISE, later_values(replace(facts, kind=why)) | {"id": article_id})
    clusters.after_revision(conn, article_id, now=now)
    want_file(conn, article_id)


def facts_of(
    conn: sqlite3.Connection,
    row: sqlite3.Row,
    article: Article,
    version: Version,
    *,
    now: datetime,
) -> Facts:
    """What is known of a stored article whose page gives this; it stays filed where it is.

    `row`: its url, source_id and source_name."""
    return Facts(
        article=article,
        version=version,
        url=row["url"],
        bearer=declared(conn, row["source_id"]),
        outlet=row["source_name"],
        now=to_text(now),
    )


def write_version(
    conn: sqlite3.Connection,
    article_id: int,
    values: Mapping[str, Value],
    kind: RevisionKind,
    *,
    now: datetime,
) -> None:
    """Write columns of an article as its next version; its cluster and file are the caller's."""
    seen = {"version_seen": to_text(now), "version_kind": kind.value}
    write_values(conn, article_id, {**values, **seen}, is_version=True)
