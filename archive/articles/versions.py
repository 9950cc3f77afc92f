"""Another version of an article: its row says it, and `revisions` keeps it."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from archive.articles.columns import ADD_REVISION, REVISE, Facts, kept_of, later_values
from archive.articles.revisions import RevisionKind, Version, kind_of_change
from archive.copies import clusters
from archive.database.times import to_text
from archive.files.orders import want_file
from archive.model import Article
from archive.sources.declarations import declared

_KNOWN = """
SELECT url, source_id, source_name, title, text, revision FROM articles WHERE id = ?
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
    facts = Facts(
        article=article,
        version=version,
        url=row["url"],
        bearer=declared(conn, row["source_id"]),
        outlet=row["source_name"],
        now=now,
    )
    kind = kind or kind_of_change(Version.of(row["title"], row["text"]), version)
    conn.execute(REVISE, later_values(facts) | {"id": article_id})
    add_revision(conn, article_id, row["revision"] + 1, kind, version, now)
    clusters.after_revision(conn, article_id, now=now)
    want_file(conn, article_id)


def add_revision(
    conn: sqlite3.Connection,
    article_id: int,
    number: int,
    kind: RevisionKind,
    version: Version,
    now: datetime,
) -> None:
    """Add a row to `revisions`; the article's own row is the caller's."""
    values = (article_id, number, to_text(now), kind.value, *kept_of(version))
    conn.execute(ADD_REVISION, values)
