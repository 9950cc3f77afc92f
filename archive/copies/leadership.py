"""Hand the lead of a story to the article that leads it: rows, record and the one file."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime, timedelta

from archive.copies.evidence import contenders
from archive.copies.leads import BY_HAND, Contender, Lead, choose_lead, most_trusted
from archive.copies.members import copies_of, pinned
from archive.database.times import to_text
from archive.files.orders import want_file

OPEN_FOR = timedelta(hours=24)  # after its first article was archived; later only trust counts

_RECORD = """
INSERT INTO cluster_changes(at, article_id, was, story, reason, by_hand, led)
VALUES (?, ?, ?, ?, ?, ?, 1)
"""
_REASON = "UPDATE articles SET lead_reason = ? WHERE id = ? AND lead_reason <> ?"
# Stories of which an article is trusted more than the one that leads.
_OUTRANKED = """
SELECT DISTINCT s.id FROM articles AS c INDEXED BY articles_copy_of
  JOIN articles AS s ON s.id = c.copy_of
  JOIN sources AS cs ON cs.id = c.source_id JOIN sources AS ss ON ss.id = s.source_id
WHERE c.copy_of IS NOT NULL AND cs.trust > ss.trust
  AND (cs.id IN (SELECT value FROM json_each(:sources))
       OR ss.id IN (SELECT value FROM json_each(:sources)))
ORDER BY s.id
"""


def settle_lead(conn: sqlite3.Connection, story: int, *, now: datetime) -> int:
    """Decide who leads a story, and let it; return its id.

    Anew for a day after its first article came, or after one that was announced then; later whoever
    is trusted more may still take it. What a person said stands.
    """
    members = [story, *copies_of(conn, story)]
    if len(members) == 1:
        conn.execute(_REASON, ("", story, ""))
        return story
    by_hand = pinned(conn, members)
    lead = _decide(conn, story, now) if by_hand is None else Lead(by_hand, BY_HAND)
    if lead.id != story:
        hand_over(conn, story, lead.id, now=now, reason=lead.reason)
    conn.execute(_REASON, (lead.reason, lead.id, lead.reason))
    return lead.id


def _decide(conn: sqlite3.Connection, story: int, now: datetime) -> Lead:
    known = contenders(conn, story, now=now)
    if _is_open(conn, known, now) or all(
        contender.id != story for contender in most_trusted(known)
    ):
        return choose_lead(known)
    row = conn.execute("SELECT lead_reason FROM articles WHERE id = ?", (story,)).fetchone()
    return Lead(story, row["lead_reason"] or "archived first")


def pin_lead(conn: sqlite3.Connection, article_id: int, story: int, *, now: datetime) -> None:
    """Let an article lead its story for good: a person says so."""
    if article_id == story:
        values = (to_text(now), article_id, None, None, BY_HAND, 1)
        conn.execute(_RECORD, values)
    else:
        hand_over(conn, story, article_id, now=now, reason=BY_HAND, by_hand=True)
    conn.execute(_REASON, (BY_HAND, article_id, BY_HAND))


def after_trust(conn: sqlite3.Connection, sources: list[str], *, now: datetime) -> int:
    """Give the lead of their stories to who is trusted more since; return how many changed."""
    stories = conn.execute(_OUTRANKED, {"sources": json.dumps(sources)}).fetchall()
    return sum(settle_lead(conn, story, now=now) != story for (story,) in stories)


def hand_over(
    conn: sqlite3.Connection,
    story: int,
    lead: int,
    *,
    now: datetime,
    reason: str,
    by_hand: bool = False,
) -> None:
    """Make a copy the story, and the story and its other copies copies of it.

    The one file keeps its path: who links to it finds the story there tomorrow, too.
    """
    at = to_text(now)
    others = [copy for copy in copies_of(conn, story) if copy != lead]
    records = [(lead, story, None), (story, None, lead), *((copy, story, lead) for copy in others)]
    conn.executemany(_RECORD, [(at, *r, reason, int(by_hand and r[0] == lead)) for r in records])
    path = conn.execute("SELECT markdown_path FROM articles WHERE id = ?", (story,)).fetchone()[0]
    conn.execute(
        "UPDATE articles SET copy_of = NULL, markdown_path = coalesce(?, markdown_path)"
        " WHERE id = ?",
        (path, lead),
    )
    conn.execute(
        "UPDATE articles SET copy_of = ?, markdown_path = NULL, lead_reason = '' WHERE id = ?",
        (lead, story),
    )
    conn.execute("UPDATE articles SET copy_of = ? WHERE copy_of = ?", (lead, story))
    conn.execute("UPDATE files SET article_id = ? WHERE path = ?", (lead, path))
    want_file(conn, lead)
    want_file(conn, story)


def _is_open(conn: sqlite3.Connection, known: list[Contender], now: datetime) -> bool:
    """Tell whether who leads may be decided anew: for a day, and for a day after one has come that
    was announced in that time. An imported post stays the story it was."""
    until = min(contender.archived for contender in known) + OPEN_FOR
    late = (c.archived for c in known if c.announced <= until)
    if now > until and now - max(late) > OPEN_FOR:
        return False
    post = "SELECT 1 FROM verbatim_posts WHERE article_id = ?"
    return conn.execute(post, (known[0].id,)).fetchone() is None
