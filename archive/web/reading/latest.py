"""Everything in the order of its publication, flash news in full."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence

from archive.web.face.answers import View, nothing_there
from archive.web.face.cards import CARD, Card, feed_item, with_marks
from archive.web.face.face import Face
from archive.web.face.feed_formats import Feed

PAGE = 60
_LATEST = f"""
SELECT {CARD} FROM articles WHERE published < :until AND held IS NULL AND copy_of IS NULL
ORDER BY published DESC, id DESC LIMIT :limit
"""  # noqa: S608
_BEHIND = f"""
SELECT {CARD} FROM articles WHERE published <= :published AND held IS NULL AND copy_of IS NULL
  AND (published < :published OR id < :id)
ORDER BY published DESC, id DESC LIMIT :limit
"""  # noqa: S608
_PLACE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)_(\d{1,18})")


def latest_cards(
    conn: sqlite3.Connection, *, until: str = "9999", behind: str = "", limit: int
) -> tuple[Sequence[Card], str]:
    """Give stories published before `until`, the newest first, and the place to go on `behind`;
    '' where no more are."""
    place = _PLACE.fullmatch(behind)
    if place:
        values = {"published": place[1], "id": int(place[2]), "limit": limit + 1}
        found = conn.execute(_BEHIND, values).fetchall()
    else:
        found = conn.execute(_LATEST, {"until": until, "limit": limit + 1}).fetchall()
    cards = with_marks(conn, found[:limit])
    more = f"{cards[-1].published}_{cards[-1].id}" if len(found) > limit else ""
    return cards, more


def latest_page(conn: sqlite3.Connection, face: Face) -> View:
    """Answer /-/latest?behind=PLACE."""
    behind = face.asked.get("behind", "")
    cards, more = latest_cards(conn, behind=behind, limit=PAGE)
    if not cards and not behind:
        return nothing_there("archive", 200, section="/-/latest")
    days: list[tuple[str, list[Card]]] = []
    for card in cards:
        day = face.named_day(face.day(card.published))
        if not days or days[-1][0] != day:
            days.append((day, []))
        days[-1][1].append(card)
    return View(
        template="latest.html",
        values={"section": "/-/latest", "live": not behind, "days": days, "more": more},
        feed=Feed(
            title=face.say("Latest"),
            path=face.url("/-/latest"),
            stem="/-/latest",
            items=[feed_item(card, face) for card in cards],
        ),
    )
