"""What is written of a security: from `mentions`, which says nothing of a past before its article.

Read of the newest articles that mention it, by their numbers; the number of all is exact.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass

from archive.search.mention_counts import SecurityCount, securities_in
from archive.text.strings import without_commands

MOST_READ = 1_000  # articles of a security: each is a row with its text in it

_CODE = "SELECT code, exchange, symbol, name, learned_from FROM instruments WHERE code = ?"
_NUMBER = "SELECT count(*) FROM mentions WHERE code = ?"
_ARTICLES = """
SELECT id, published, source_name, coalesce(copy_of, id) AS story FROM articles
WHERE held IS NULL AND id IN (SELECT article_id FROM mentions WHERE code = :code
                              ORDER BY article_id DESC LIMIT :most)
ORDER BY published DESC, id DESC
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """What is written of a security. `stories`: their numbers, the newest first; `hours`: UTC."""

    code: str
    name: str
    articles: int
    read: int  # of these, the newest, of which all else is
    stories: tuple[int, ...]
    latest: str
    first: str
    hours: Counter[str]
    outlets: tuple[tuple[str, int], ...]
    beside: tuple[SecurityCount, ...]


def mentions_of(conn: sqlite3.Connection, code: str, *, beside: int) -> Mentions | None:
    """Read what is written of a security; None where no article mentions it."""
    named = conn.execute(_CODE, (code,)).fetchone()
    rows = conn.execute(_ARTICLES, {"code": code, "most": MOST_READ}).fetchall()
    if not rows:
        return None
    number = int(conn.execute(_NUMBER, (code,)).fetchone()[0])
    outlets = Counter(without_commands(row["source_name"]) for row in rows)
    return Mentions(
        code=code,
        name=without_commands(named["name"]) if named else "",
        articles=number if number > MOST_READ else len(rows),  # held ones left out
        read=len(rows),
        stories=tuple(dict.fromkeys(row["story"] for row in rows)),
        latest=rows[0]["published"],
        first=rows[-1]["published"],
        hours=Counter(row["published"][:13] for row in rows),
        outlets=tuple(sorted(outlets.items(), key=lambda each: (-each[1], each[0]))),
        beside=securities_in(conn, [row["id"] for row in rows], without=code, limit=beside),
    )
