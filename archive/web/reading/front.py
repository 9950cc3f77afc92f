"""The front page: the stories of 24 hours, what came in, what was changed, who needs somebody."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime, timedelta

from archive.database.times import from_text, to_text
from archive.web.face.answers import View, nothing_there
from archive.web.face.cards import feed_item
from archive.web.face.face import Face
from archive.web.face.feed_formats import Feed
from archive.web.reading.changed_headlines import last_changes
from archive.web.reading.latest import latest_cards, narrowed_cards
from archive.web.reading.list_filters import Narrowing, narrowing_lists
from archive.web.reading.story_order import gather_stories, rank_stories
from archive.web.sources import facts

SPAN = timedelta(hours=24)  # not "today": at nine in the morning a calendar day is empty
PAIRS = 4
STORIES = 24  # of the page, the lead included
RIVER = 26  # at most: as many as stand beside the stories
CHANGED = 6
_LAST = """
SELECT published AS last FROM articles WHERE published < :until AND held IS NULL
ORDER BY published DESC LIMIT 1
"""


def front_page(conn: sqlite3.Connection, face: Face) -> View:
    """Answer /: of the 24 hours before the page's moment; where nothing came in them, before the
    last that came."""
    until = face.now + timedelta(minutes=1)  # of the minute that is printed
    found = conn.execute(_LAST, {"until": to_text(until)}).fetchone()
    if found is None:
        return nothing_there("archive", 200, section="/")
    last = found["last"]
    is_late = from_text(last) < face.now - SPAN
    if is_late:
        until = from_text(last) + timedelta(seconds=1)
    since, narrowing = to_text(until - SPAN), Narrowing.of(face)
    ranking = rank_stories(conn, since, to_text(until), until, narrowing)
    stories = gather_stories(conn, ranking, 0, STORIES)
    changes, marked = last_changes(conn, since, "9999", CHANGED)
    sources = [] if face.as_of else facts.all_sources(conn, to_text(face.now))
    beside = min(RIVER, len(stories) + 4)
    if narrowing:
        river, _ = narrowed_cards(conn, narrowing, newest=to_text(until), behind="", limit=beside)
    else:
        river, _ = latest_cards(conn, until=to_text(until), limit=beside)
    return View(
        template="front.html",
        values={
            "section": "/",
            "live": True,
            "stories": stories,
            "pairs": PAIRS,
            "count": ranking,
            "rest": max(0, len(ranking.stories) - len(stories)),
            "day": face.day(until),
            "days": _days(face, until),
            "late": from_text(last) if is_late else None,
            "river": river,
            "changes": changes,
            "marked": marked,
            "troubled": facts.in_trouble(sources, face.failing_after),
            "number": sum(source.is_polled for source in sources),
            "others_well": all(source.is_well for source in sources if source.is_polled),
            "narrowing": narrowing,
            "facet_lists": narrowing_lists(conn, face, "/", since, to_text(until)),
        },
        feed=Feed(
            title="Broadsheet",
            path=face.url("/", **narrowing.values()),
            stem="/-/front",
            items=[feed_item(story.card, face) for story in stories],
        ),
    )


def _days(face: Face, until: datetime) -> list[date]:
    """Give the four days before the last one shown."""
    last = face.day(until)
    return [last - timedelta(days=back) for back in range(1, 5)]
