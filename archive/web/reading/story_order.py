"""The order of stories: how many outlets have one, was its headline changed, how old is it?

    weight = (outlets + 2 if a headline was changed) x 0.5 ^ (hours since it was published / 12)

No hits, no learning, nothing of who reads: the archive knows spread and time, and says so.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
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
from archive.web.reading.list_filters import MATCHES, Narrowing

HALF_LIFE_H = 12
CHANGED = 2  # outlets that a changed headline counts for

_STORIES = f"""
SELECT coalesce(copy_of, id) AS story, count(DISTINCT source_name) AS outlets, count(*) AS articles,
  min(published) AS first, max(revision) AS versions
FROM articles WHERE published >= :since AND published < :until AND held IS NULL GROUP BY 1
HAVING max({MATCHES})
"""  # noqa: S608
_COUNT = f"""
SELECT count(*) AS articles, count(DISTINCT source_name) AS outlets FROM articles
WHERE published >= :since AND published < :until AND held IS NULL AND {MATCHES}
"""  # noqa: S608
_REVISED = """
SELECT id, coalesce(copy_of, id) AS story, title, revision FROM articles
WHERE published >= :since AND published < :until AND held IS NULL AND revision > 1
"""
_FIRST_COPY = """
SELECT copy_of AS story, id, published FROM articles
WHERE copy_of IN (SELECT value FROM json_each(?)) AND held IS NULL ORDER BY published, id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """Why a story stands where it does: what its weight is made of."""

    outlets: int
    first: str  # when its first article of the time was published
    changed: bool  # one of its headlines was


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedStory:
    """A story of some time: the article that leads it, who else has it, why it stands there."""

    id: int
    card: Card
    weight: Weight
    others: Sequence[OtherOutlet] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The stories of a time, by their ids, the weightiest first; and what was counted."""

    weights: Mapping[int, Weight]  # of each, the weightiest first
    articles: int
    outlets: int

    @property
    def stories(self) -> tuple[int, ...]:
        return tuple(self.weights)


def rank_stories(
    conn: sqlite3.Connection,
    since: str,
    until: str,
    now: datetime,
    narrowing: Narrowing = Narrowing(),  # noqa: B008 (frozen)
) -> Ranking:
    """Rank what was published at `since` or later and before `until`, seen from `now`: the stories
    of which an article fulfils a narrowing."""
    window = {"since": since, "until": until}
    revised = conn.execute(_REVISED, window).fetchall()
    before = former_titles(conn, {row["id"]: row["revision"] for row in revised})
    changed = {
        row["story"]
        for row in revised
        if any(not is_only_marked(old, row["title"]) for old in before.get(row["id"], ()))
    }
    weights: dict[int, Weight] = {}
    heavy: dict[int, float] = {}
    for row in conn.execute(_STORIES, window | narrowing.values()):
        story, first, outlets = row["story"], str(row["first"]), row["outlets"]
        age_h = max(0.0, (now - from_text(first)).total_seconds() / 3600)
        weights[story] = Weight(outlets=outlets, first=first, changed=story in changed)
        heavy[story] = (outlets + CHANGED * (story in changed)) * 0.5 ** (age_h / HALF_LIFE_H)
    counted = conn.execute(_COUNT, window | narrowing.values()).fetchone()
    order = sorted(heavy, key=lambda story: (-heavy[story], -story))
    return Ranking(
        weights={story: weights[story] for story in order},
        articles=counted["articles"],
        outlets=counted["outlets"],
    )


def gather_stories(
    conn: sqlite3.Connection, ranking: Ranking, first: int, last: int
) -> list[RankedStory]:
    """Give the stories of a ranking from its place `first` to before `last`, with their leads; in
    the place of one that is held, its first copy."""
    stories = ranking.stories[first:last]
    cards = gather_cards(conn, stories)
    shown = {story: card for story in stories if (card := cards.get(story)) and not card.held}
    shown |= _led_by_a_copy(conn, [story for story in stories if story not in shown])
    others = other_outlets(conn, shown)
    return [
        RankedStory(
            id=story,
            card=shown[story],
            weight=ranking.weights[story],
            others=tuple(others.get(story, ())),
        )
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
