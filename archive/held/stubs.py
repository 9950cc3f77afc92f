"""What a paywall leaves below headlines that are there: cut out of its articles, and held beside
each of them as a version, until a person says that it is their text after all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from archive.articles.revisions import Version
from archive.held.holds import hold_version
from archive.held.walls import TextKind, append_version, remember, with_text
from archive.model import Article, SourceState

_OF_TEXT = """
SELECT h.id, h.article_id, h.version, a.title FROM holds AS h JOIN articles AS a
  ON a.id = h.article_id
WHERE h.outlet = ? AND h.text_hash = ? AND h.version IS NOT NULL ORDER BY h.id
"""
_IS_STUB = "SELECT 1 FROM placeholders WHERE outlet = ? AND text_hash = ? AND kind = 'stub'"


def cut_stub(
    conn: sqlite3.Connection,
    article: Article,
    version: Version,
    *,
    source: SourceState,
    outlet: Sequence[str],
    now: datetime,
) -> tuple[Article, Version]:
    """Take a stub out of an article, and out of those of its outlet (ids of its sources) that were
    archived with it before.

    Headline, deck and date stay; `paywalled` says that the text is not all there is.
    """
    remember(conn, source.name, version, TextKind.STUB, now=now)
    for article_id in with_text(conn, outlet, version.text_hash):
        row = conn.execute(
            "SELECT url, title, summary, text, markdown, paywalled FROM articles WHERE id = ?",
            (article_id,),
        ).fetchone()
        whole = Article(
            url=row["url"],
            title=row["title"],
            text=row["text"],
            markdown=row["markdown"],
            paywalled=bool(row["paywalled"]),
        )
        hold_stub(conn, article_id, whole, outlet=source.name, now=now)
        conn.execute("UPDATE articles SET paywalled = 1 WHERE id = ?", (article_id,))
        bare = Version.of(row["title"], row["summary"], row["summary"])
        append_version(conn, article_id, bare, now)
    cut = replace(article, text=article.summary, markdown=article.summary, paywalled=True)
    return cut, Version.of(cut.title, cut.text, cut.markdown)


def hold_stub(
    conn: sqlite3.Connection, article_id: int, whole: Article, *, outlet: str, now: datetime
) -> None:
    """Hold the version of an article that has the stub for its text."""
    version = Version.of(whole.title, whole.text, whole.markdown)
    held = Article(
        url=whole.url,
        title=whole.title,
        text=whole.text,
        markdown=whole.markdown,
        paywalled=whole.paywalled,
    )
    reason = f"stub: its text stands below other headlines, too: {whole.text[:80]!r}"
    hold_version(conn, article_id, held, version, outlet=outlet, reason=reason, now=now)


def is_held_stub(conn: sqlite3.Connection, outlet: str, text_hash: str) -> bool:
    """Tell whether a version is held because its text is a stub."""
    return conn.execute(_IS_STUB, (outlet, text_hash)).fetchone() is not None


def put_back(conn: sqlite3.Connection, outlet: str, text_hash: str, *, now: datetime) -> int:
    """A stub is the text of its articles after all, and of those to come; give of how many."""
    conn.execute(
        "UPDATE placeholders SET kind = ? WHERE outlet = ? AND text_hash = ?",
        (TextKind.RELEASED.value, outlet, text_hash),
    )
    rows = conn.execute(_OF_TEXT, (outlet, text_hash)).fetchall()
    for row in rows:
        held = json.loads(row["version"])
        conn.execute(
            "UPDATE articles SET paywalled = ? WHERE id = ?",
            (bool(held.get("paywalled")), row["article_id"]),
        )
        version = Version.of(row["title"], held["text"], held["markdown"])
        append_version(conn, row["article_id"], version, now)
        conn.execute("DELETE FROM holds WHERE id = ?", (row["id"],))
    return len(rows)
