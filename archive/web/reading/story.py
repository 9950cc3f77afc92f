"""A story: which outlets carried it when, and what each added to what stood elsewhere before."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from archive.copies.sentences import is_outlets_line
from archive.database.times import from_text
from archive.text.lines import letters
from archive.text.strings import without_commands
from archive.web.face.answers import View
from archive.web.face.cards import CARD, Card, feed_item, with_marks
from archive.web.face.face import Face
from archive.web.face.feed_formats import Feed
from archive.web.reading.article import contrary_stories, missing_article

MOST = 60  # members of a story that its page shows
MOST_CHARS = 20_000  # of a text that is compared
_LEAST = 6  # letters: a shorter sentence may stand in any text
_SHOWN = 4  # sentences that a member added
_END = re.compile(r"(?<=[。！？；])[”\"』」]?|(?<=[.!?])[\"”’')\]]*\s+|\n+")

_LEAD = "SELECT coalesce(copy_of, id) AS story FROM articles WHERE id = ?"
_MEMBERS = f"""
SELECT {CARD}, text, origin FROM articles WHERE id = :story
UNION ALL SELECT {CARD}, text, origin FROM articles WHERE copy_of = :story
ORDER BY published, id LIMIT :limit
"""  # noqa: S608
_COUNT = "SELECT count(*) + 1 FROM articles WHERE copy_of = ?"
_WHY = "SELECT lead_reason FROM articles WHERE id = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """One article of a story, in the order of publication."""

    card: Card
    lag: timedelta  # since the first
    added: Sequence[str]  # sentences that none before it has
    more: int  # of these, that are not shown
    left_out: int  # sentences of the first that it doesn't have
    same_headline: bool
    origin: str  # whom it names as its origin


def story_page(conn: sqlite3.Connection, face: Face) -> View:
    """Answer /-/story/ID; the number of a copy leads to its story."""
    asked = int(face.asked["article"])
    row = conn.execute(_LEAD, (asked,)).fetchone()
    if row is None:
        return missing_article(conn, asked)
    story = int(row["story"])
    if story != asked:
        return View(leads_to=face.url(f"/-/story/{story}{face.ending}"))
    rows = conn.execute(_MEMBERS, {"story": story, "limit": MOST}).fetchall()
    cards = {card.id: card for card in with_marks(conn, rows)}
    steps = list(_appearances(rows, cards))
    lead = cards.get(story, steps[0].card)
    outlets = list(dict.fromkeys(step.card.outlet for step in steps))
    return View(
        template="story.html",
        values={
            "lead": lead,
            "steps": steps,
            "outlets": outlets,
            "count": conn.execute(_COUNT, (story,)).fetchone()[0],
            "span": steps[-1].lag,
            "why": without_commands(conn.execute(_WHY, (story,)).fetchone()[0]),
            "contrary": contrary_stories(conn, story),
            "rows_url": face.table("articles", copy_of=story, _sort="published"),
        },
        feed=Feed(
            title=lead.title,
            path=face.url(f"/-/story/{story}"),
            stem=f"/-/story/{story}",
            items=[feed_item(step.card, face) for step in reversed(steps)],
        ),
    )


def _appearances(rows: Sequence[sqlite3.Row], cards: dict[int, Card]) -> Iterator[Appearance]:
    known: set[str] = set()
    first: dict[str, str] = {}
    for row in rows:
        card = cards[row["id"]]
        mine = _sentences(row["text"])
        new = [written for key, written in mine.items() if known and key not in known]
        known |= set(mine)
        is_first = not first
        first = first or mine
        yield Appearance(
            card=card,
            lag=from_text(card.published) - from_text(str(rows[0]["published"])),
            added=new[:_SHOWN],
            more=max(0, len(new) - _SHOWN),
            left_out=0 if is_first else len(set(first) - set(mine)),
            same_headline=not is_first and letters(card.title) == letters(rows[0]["title"]),
            origin=without_commands(row["origin"]),
        )


def _sentences(text: str) -> dict[str, str]:
    """Give the sentences of a text by their letters, outlets' own lines left out."""
    lines = without_commands(text[:MOST_CHARS]).split("\n")
    said = "\n".join(line for line in lines if not is_outlets_line(line))
    parts = (part.strip() for part in _END.split(said) if part)
    return {key: part for part in parts if len(key := letters(part)) >= _LEAST}
