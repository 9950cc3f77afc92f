"""Pages that a guess refused: no certain sign says that they are no article.

A form, a notice, a list or a short text may be what stands there for an hour, or an article after
all. Its entry is held with the reason and asked for again as walls are: one page of a source a day,
and when it is an article, all that gave the same text. Released by hand, that text is taken.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from archive.articles.revisions import Version
from archive.asof.changes import at_now
from archive.held.holds import add_hold, hold_entry, is_counted
from archive.held.walls import TextKind, known_text
from archive.model import BY_HAND, Article
from archive.sources.declarations import declared

_END = """
DELETE FROM holds WHERE entry_id = ? AND article_id IS NULL AND version IS NULL
  AND reason NOT LIKE ?
"""


def is_released(conn: sqlite3.Connection, article: Article, *, source_id: str) -> bool:
    """Whether a person said of this text that it is an article's."""
    return known_text(conn, declared(conn, source_id), _text(article)) is TextKind.RELEASED


@at_now
def hold_guess(
    conn: sqlite3.Connection,
    article: Article,
    reason: str,
    *,
    source_id: str,
    entry_id: int,
    now: datetime,
) -> None:
    """Hold an entry whose page is `article` if the guess is wrong; looks at it are counted."""
    outlet, text_hash = declared(conn, source_id).name, _text(article).text_hash
    hold_entry(conn, entry_id, reason, now)
    if not is_counted(conn, entry_id, text_hash):
        end_guess(conn, entry_id)
        add_hold(conn, reason, outlet, text_hash, now, entry_id=entry_id)


def end_guess(conn: sqlite3.Connection, entry_id: int) -> None:
    """What an entry was held for is over: its page is certainly none, or gives another text."""
    conn.execute(_END, (entry_id, f"{BY_HAND}%"))


def _text(article: Article) -> Version:
    return Version.of(article.title, article.text, article.markdown)
