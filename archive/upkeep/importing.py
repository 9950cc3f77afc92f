"""Posts that were written elsewhere become articles, and their files stay byte for byte.

What a post says goes into the archive's columns; the file itself is kept as it was in
`verbatim_posts`, and is what `render` writes until the article has a newer version.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

from archive.articles.save import save_article
from archive.asof.changes import at_now
from archive.database.times import to_text
from archive.entries.owed import file_entry
from archive.files.orders import want_file
from archive.model import Article, Entry, Saved, Verdict

_SOURCE = """
INSERT INTO sources(id, name, kind, url, category, enabled, next_due)
VALUES (:id, :name, 'page', '', :category, 0, :now) ON CONFLICT(id) DO NOTHING
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedPost:
    """A post as it was read. `article.url` names it for ever: its link, else `post:OUTLET/PATH`.

    `source` is the id that the post itself gives, '' without one.
    """

    path: str  # below the folder that was imported, with slashes
    content: bytes = field(repr=False)
    article: Article
    outlet: str
    category: str
    source: str = ""


@at_now
def import_post(conn: sqlite3.Connection, post: ImportedPost, *, now: datetime) -> Saved:
    """Archive a post and keep its file; inside the caller's transaction.

    A post that is archived already, or whose article is (same address, or the outlet's same title
    and text), adds nothing: the verdict says so.
    """
    source_id = _source(conn, post, now)
    entry = Entry(url=post.article.url, raw_url=post.article.url, title=post.article.title)
    owed = file_entry(conn, entry, source_id, now=now)
    saved = save_article(conn, post.article, entry=owed, now=now, learn=False, alone=True)
    if saved.verdict is Verdict.NEW:
        _keep_file(conn, saved, post)
    return saved


def _keep_file(conn: sqlite3.Connection, saved: Saved, post: ImportedPost) -> None:
    """Give the article the post's own path, unless another file has it."""
    taken = conn.execute(
        "SELECT 1 FROM files WHERE path = ? AND article_id <> ?", (post.path, saved.article_id)
    ).fetchone()
    if taken is None:
        conn.execute("DELETE FROM files WHERE article_id = ?", (saved.article_id,))
        conn.execute(
            "UPDATE articles SET markdown_path = ? WHERE id = ?", (post.path, saved.article_id)
        )
    conn.execute(
        "INSERT INTO verbatim_posts(article_id, content) VALUES (?, ?)",
        (saved.article_id, post.content),
    )
    assert saved.article_id is not None
    want_file(conn, saved.article_id)


def _source(conn: sqlite3.Connection, post: ImportedPost, now: datetime) -> str:
    """Return the outlet's source: the post's own, else any of that name, else a new one."""
    known = conn.execute(
        "SELECT id FROM sources WHERE id = :id OR name = :name ORDER BY id <> :id, id LIMIT 1",
        {"id": post.source, "name": post.outlet},
    ).fetchone()
    if known is not None:
        return str(known["id"])
    source_id = post.source or _new_id(post.outlet)
    row = {"id": source_id, "name": post.outlet, "category": post.category, "now": to_text(now)}
    conn.execute(_SOURCE, row)
    return source_id


def _new_id(outlet: str) -> str:
    """Make an id of an outlet's name: its ASCII letters, else a short hash."""
    slug = re.sub(r"[^a-z0-9]+", "-", outlet.lower()).strip("-")[:40]
    return slug or f"outlet-{blake2b(outlet.encode(), digest_size=4).hexdigest()}"
