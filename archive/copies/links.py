"""Links between stories that say the contrary in sentences that are equal else."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.copies.contradictions import Turn

_LINKED = """
SELECT other_id FROM story_links WHERE article_id = :id
UNION SELECT article_id FROM story_links WHERE other_id = :id ORDER BY 1
"""
_OF_STORY = """
WITH member(id) AS (SELECT id FROM articles WHERE id = :id OR copy_of = :id)
SELECT other_id, reason FROM story_links
WHERE article_id IN (SELECT id FROM member) AND other_id NOT IN (SELECT id FROM member)
UNION SELECT article_id, reason FROM story_links
WHERE other_id IN (SELECT id FROM member) AND article_id NOT IN (SELECT id FROM member)
ORDER BY 1
"""
_DROP = "DELETE FROM story_links WHERE article_id = ? AND other_id = ?"


def link(conn: sqlite3.Connection, article_id: int, other_id: int, turn: Turn) -> None:
    """Link an article to the one that it turns: `turn` says what that one says, and what it."""
    drop_link(conn, article_id, other_id)
    conn.execute(
        "INSERT INTO story_links(article_id, other_id, reason) VALUES (?, ?, ?)",
        (article_id, other_id, f"{_says(article_id, turn.now)}, {_says(other_id, turn.was)}"),
    )


def _says(article_id: int, words: str) -> str:
    return f"{article_id} says “{words}”" if words else f"{article_id} doesn't"


def drop_link(conn: sqlite3.Connection, article_id: int, other_id: int) -> None:
    """Drop the link between two, whichever was the later."""
    conn.executemany(_DROP, [(article_id, other_id), (other_id, article_id)])


def linked(conn: sqlite3.Connection, article_id: int) -> list[int]:
    """Give the articles that an article is linked to."""
    return [int(row[0]) for row in conn.execute(_LINKED, {"id": article_id})]


def contraries(conn: sqlite3.Connection, article_id: int) -> list[tuple[int, str]]:
    """Give the articles that say the contrary of one, or of a copy of it, and what each says."""
    return [(int(row[0]), str(row[1])) for row in conn.execute(_OF_STORY, {"id": article_id})]
