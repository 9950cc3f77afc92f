"""The articles of a story as rows: what decides where one belongs, and what people said of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from archive.copies.fingerprints import Words
from archive.database.times import from_text
from archive.errors import ArchiveError

_MEMBER = """
SELECT id, title, text, source_name, published, language, fingerprint, copy_of
FROM articles WHERE id = ?
"""
_LAST_BY_HAND = """
SELECT story FROM cluster_changes WHERE article_id = ? AND by_hand AND NOT led
ORDER BY id DESC LIMIT 1
"""
_HELD_APART = """
SELECT was FROM cluster_changes WHERE article_id = :id AND by_hand AND story IS NULL AND NOT led
UNION SELECT article_id FROM cluster_changes
WHERE was = :id AND by_hand AND story IS NULL AND NOT led
"""
_STORY = "SELECT coalesce(copy_of, id) FROM articles WHERE id = ?"
# Who was made the lead, or the story of others, by a person's last word on any of them.
_PINNED = """
SELECT iif(led, article_id, story) FROM cluster_changes
WHERE article_id IN (SELECT value FROM json_each(?)) AND by_hand AND (led OR story IS NOT NULL)
ORDER BY id DESC
"""


@dataclass(frozen=True, kw_only=True)
class Member:
    """What decides where an article belongs."""

    id: int
    title: str
    text: str
    source_name: str
    published: datetime
    language: str
    copy_of: int | None
    fingerprint: str  # as stored

    @cached_property
    def words(self) -> Words:
        return Words.of(self.text, self.title, self.source_name)

    @property
    def story(self) -> int:
        return self.id if self.copy_of is None else self.copy_of


def member_of(conn: sqlite3.Connection, article_id: int) -> Member:
    """Read what decides where an article belongs; ArchiveError when there is none."""
    member = read_member(conn, article_id)
    if member is None:
        raise ArchiveError(f"there is no article {article_id}: `broadsheet search` finds articles")
    return member


def read_member(conn: sqlite3.Connection, article_id: int) -> Member | None:
    row = conn.execute(_MEMBER, (article_id,)).fetchone()
    if row is None:
        return None
    return Member(**{**dict(row), "published": from_text(str(row["published"]))})


def copies_of(conn: sqlite3.Connection, story: int) -> list[int]:
    """Give the copies of a story, the oldest first."""
    found = conn.execute("SELECT id FROM articles WHERE copy_of = ? ORDER BY id", (story,))
    return [int(row[0]) for row in found]


def is_held(conn: sqlite3.Connection, member: Member) -> bool:
    """Tell whether a person put the copy where it is, or put its lead beside it.

    What they named then may be led by another by now.
    """
    assert member.copy_of is not None
    if _story_now(conn, _put_to(conn, member.id)) == member.copy_of:
        return True
    return _put_to(conn, member.copy_of) == member.id


def kept_apart(conn: sqlite3.Connection, article_id: int) -> set[int]:
    """Give the articles that a person took this one away from, and the stories that they are in."""
    apart = {row[0] for row in conn.execute(_HELD_APART, {"id": article_id})}
    stories = {_story_now(conn, other) for other in apart} - {None, article_id}
    return apart.union(story for story in stories if story is not None)


def pinned(conn: sqlite3.Connection, members: Collection[int]) -> int | None:
    """Give the one of these that a person said leads, None without a word."""
    rows: Iterable[tuple[int]] = conn.execute(_PINNED, (json.dumps(list(members)),))
    return next((article_id for (article_id,) in rows if article_id in members), None)


def _put_to(conn: sqlite3.Connection, article_id: int) -> int | None:
    last = conn.execute(_LAST_BY_HAND, (article_id,)).fetchone()
    return None if last is None else last["story"]


def _story_now(conn: sqlite3.Connection, article_id: int | None) -> int | None:
    row = conn.execute(_STORY, (article_id,)).fetchone()
    return None if row is None else int(row[0])
