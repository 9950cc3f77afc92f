"""Articles whose text nobody is sure of: held below `[crawl] hold_below`.

A new one is held whole, with the evidence; a later version that is less sure than that, of an
article that was not, is held beside it. By hand it is shown or refused; by itself when its page is
read again and is sure enough. All run in the caller's transaction.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from archive.articles.revisions import Version
from archive.copies import clusters
from archive.database.times import to_text
from archive.files.orders import want_file
from archive.held.holds import (
    UNSURE,
    add_hold,
    hold_version,
    keep_back,
    release_article,
)
from archive.model import BY_HAND, Article, EntryState

_SHOWN = "SELECT source_name, confidence FROM articles WHERE id = ? AND held IS NULL"
_UNSURE_HOLD = """
SELECT id, reason FROM holds WHERE article_id = ? AND version IS NULL AND text_hash = ''
  AND (reason LIKE 'not sure enough%' OR reason LIKE 'refused by hand: not sure enough%')
"""
_END_ENTRIES = """
UPDATE entries SET state = :state, reason = :reason, closed = :now
WHERE article_id = :article AND state IN ('archived', 'held', 'rejected')
"""
_EVIDENCE = ("text", "title", "published", "authors")


def is_unsure(article: Article, below: float) -> bool:
    """Tell whether an article is to be held; what a feed carried is its own word."""
    return article.confidence < below and not article.is_of_feed


def why_unsure(article: Article, below: float) -> str:
    """Say how sure an article is, and by what evidence."""
    known = dict(article.evidence)
    told = [known["confidence"]] if known.get("confidence") else []
    told += [f"{name} from {known[name]}" for name in _EVIDENCE if known.get(name)]
    told += ["paywalled"] if article.paywalled else []
    words = f"{UNSURE}: {article.confidence:.3g}, below {below:g}"
    return f"{words}: {'; '.join(told)}" if told else words


def settle_unsure(
    conn: sqlite3.Connection,
    article_id: int,
    article: Article,
    *,
    below: float,
    outlet: str,
    now: datetime,
) -> str:
    """Leave a stored article held or show it, by its page; why it is held, '' where it isn't."""
    known = _unsure_hold(conn, article_id)
    refused = known is not None and str(known["reason"]).startswith(BY_HAND)
    if refused or (known is not None and is_unsure(article, below)):
        return hold_unsure(conn, article_id, article, below=below, outlet=outlet, now=now)
    if known is not None and not article.is_of_feed:
        _release(conn, article_id, now=now)
    return ""


def hold_unsure_version(
    conn: sqlite3.Connection,
    article_id: int,
    article: Article,
    version: Version,
    *,
    below: float,
    now: datetime,
) -> str:
    """Hold a version that is not sure enough beside an article that was; why, '' where it isn't."""
    row = conn.execute(_SHOWN, (article_id,)).fetchone()
    if row is None or row["confidence"] < below or not is_unsure(article, below):
        return ""
    reason, outlet = why_unsure(article, below), row["source_name"]
    hold_version(conn, article_id, article, version, outlet=outlet, reason=reason, now=now)
    return reason


def _unsure_hold(conn: sqlite3.Connection, article_id: int) -> sqlite3.Row | None:
    """The hold (id, reason) of an article that nobody was sure of."""
    found: sqlite3.Row | None = conn.execute(_UNSURE_HOLD, (article_id,)).fetchone()
    return found


def hold_unsure(
    conn: sqlite3.Connection,
    article_id: int,
    article: Article,
    *,
    below: float,
    outlet: str,
    now: datetime,
) -> str:
    """Hold an article that nobody is sure of, or leave it as it was refused by hand; give why."""
    known, reason = _unsure_hold(conn, article_id), why_unsure(article, below)
    if known is None:
        add_hold(conn, reason, outlet, "", now, article_id=article_id)
    elif known["reason"].startswith(BY_HAND):
        reason = known["reason"]
    else:
        conn.execute("UPDATE holds SET reason = ? WHERE id = ?", (reason, known["id"]))
    keep_back(conn, article_id, reason, now)
    state = EntryState.REJECTED if reason.startswith(BY_HAND) else EntryState.HELD
    _end_entries(conn, article_id, state, reason, now)
    return reason


def _release(conn: sqlite3.Connection, article_id: int, *, now: datetime) -> None:
    """An article is sure enough by now: it is shown."""
    known = _unsure_hold(conn, article_id)
    if known is None:
        return
    conn.execute("DELETE FROM holds WHERE id = ?", (known["id"],))
    release_article(conn, article_id)
    _end_entries(conn, article_id, EntryState.ARCHIVED, "sure enough by now", now)
    clusters.file_new(conn, article_id, now=now)
    want_file(conn, article_id)


def _end_entries(
    conn: sqlite3.Connection, article_id: int, state: EntryState, reason: str, now: datetime
) -> None:
    values = {"article": article_id, "state": state.value, "reason": reason, "now": to_text(now)}
    conn.execute(_END_ENTRIES, values)
