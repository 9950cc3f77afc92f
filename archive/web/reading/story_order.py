"""The order of stories: how many outlets have one, was its headline changed, how old is it?

    weight = (outlets + 2 if a headline was changed) x 0.5 ^ (hours since it was published / 12)

No hits, no learning, nothing of who reads: the archive knows spread and time, and says so.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.database.times import from_text
from archive.web.face.cards import (
    Card,
    OtherOutlet,
    former_titles,
    gather_cards,
    other_outlets,
)
from archive.web.face.headline_changes import is_only_marked

HALF_LIFE_H = 12
CHANGED = 2  # outlets that a changed headline counts for

_STORIES = """
SELECT coalesce(copy_of, id) AS story, count(DISTINCT source_name) AS outlets, count(*) AS articles,
  min(published) AS first, max(revision) AS versions
FROM articles WHERE published >= :since AND published < :until AND held IS NULL GROUP BY 1
"""
_COUNT = """
SELECT count(*) AS articles, count(DISTINCT source_name) AS outlets FROM articles
WHERE published >= :since AND published < :until AND held IS NULL
"""
_REVISED = """
SELECT id, coalesce(copy_of, id) AS story, title, revision FROM articles
WHERE published >= :since AND published < :until AND held IS NULL AND revision > 1
"""
_FIRST_COPY = """
SELECT copy_of AS story, id FROM articles WHERE copy_of IN (SELECT value FROM json_each(?))
  AND held IS NULL ORDER BY published, id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedStory:
    """A story of some time: the article that leads it, and who else has it."""

    id: int
    card: Card
    others: Sequence[OtherOutlet] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The stories of a time, by their ids, the weightiest first; and what was counted."""

    stories: tuple[int, ...]
    articles: int
    outlets: int


def rank_stories(conn: sqlite3.Connection, since: str, until: str, now: datetime) -> Ranking:
    """Rank what was published at `since` or later and before `until`, seen from `now`."""
    window = {"since": since, "until": until}
    revised = conn.execute(_REVISED, window).fetchall()
    before = former_titles(conn, {row["id"]: row["revision"] for row in revised})
    changed = {
        row["story"]
        for row in revised
        if any(not is_only_marked(old, row["title"]) for old in before.get(row["id"], ()))
    }
    weights: dict[int, float] = {}
    for row in conn.execute(_STORIES, window):
        age_h = max(0.0, (now - from_text(str(row["first"]))).total_seconds() / 3600)
        weight = row["outlets"] + CHANGED * (row["story"] in changed)
        weights[row["story"]] = weight * 0.5 ** (age_h / HALF_LIFE_H)
    counted = conn.execute(_COUNT, window).fetchone()
    return Ranking(
        stories=tuple(sorted(weights, key=lambda story: (-weights[story], -story))),
        articles=counted["articles"],
        outlets=counted["outlets"],
    )


def gather_stories(conn: sqlite3.Connection, stories: Sequence[int]) -> list[RankedStory]:
    """Give the stories with their leads; in the place of one that is held, its first copy."""
    cards = gather_cards(conn, stories)
    shown = {story: card for story in stories if (card := cards.get(story)) and not card.held}
    shown |= _led_by_a_copy(conn, [story for story in stories if story not in shown])
    others = other_outlets(conn, shown)
    return [
        RankedStory(id=story, card=shown[story], others=tuple(others.get(story, ())))
        for story in stories
        if story in shown
    ]


def _led_by_a_copy(conn: sqlite3.Connection, stories: Sequence[int]) -> dict[int, Card]:
    if not stories:
        return {}
    first: dict[int, int] = {}
    for row in conn.execute(_FIRST_COPY, (json.dumps(stories),)):
        first.setdefault(row["story"], row["id"])
    cards = gather_cards(conn, list(first.values()))
    return {story: cards[copy] for story, copy in first.items()}
