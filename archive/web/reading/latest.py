"""Everything in the order of its publication, flash news in full."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from datetime import timedelta

from archive.database.times import from_text, to_text
from archive.web.face.answers import View, nothing_there
from archive.web.face.cards import CARD, Card, feed_item, gather_cards, with_marks
from archive.web.face.face import Face
from archive.web.face.feed_formats import Feed
from archive.web.reading.list_filters import MATCHES, Narrowing, narrowing_lists

PAGE = 60
NARROWED_SPAN = timedelta(days=30)  # a page of a narrowed list looks so far back, in an index
COUNTED_SPAN = timedelta(days=1)  # before the newest, of which its facets are
_LATEST = f"""
SELECT {CARD} FROM articles WHERE published < :until AND held IS NULL AND copy_of IS NULL
ORDER BY published DESC, id DESC LIMIT :limit
"""  # noqa: S608
_BEHIND = f"""
SELECT {CARD} FROM articles WHERE published <= :published AND held IS NULL AND copy_of IS NULL
  AND (published < :published OR id < :id)
ORDER BY published DESC, id DESC LIMIT :limit
"""  # noqa: S608
# Copies, too, of an outlet that is asked for: they are what it published
_NARROWED = f"""
SELECT id, published FROM articles WHERE published <= :published AND published >= :since
  AND held IS NULL AND (copy_of IS NULL OR :outlet <> '')
  AND (published < :published OR id < :id) AND {MATCHES}
ORDER BY published DESC, id DESC LIMIT :limit
"""  # noqa: S608
_NEWEST = """
SELECT published AS last FROM articles WHERE published < '9999' AND held IS NULL
ORDER BY published DESC LIMIT 1
"""
_OLDER = "SELECT 1 FROM articles WHERE published < :since AND held IS NULL LIMIT 1"
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
    more = _place(cards[-1].published, cards[-1].id) if len(found) > limit else ""
    return cards, more


def narrowed_cards(
    conn: sqlite3.Connection, narrowing: Narrowing, *, newest: str, behind: str, limit: int
) -> tuple[Sequence[Card], str]:
    """Give what fulfils a narrowing, as `latest_cards` does: of 30 days, from the place `behind` or
    else from the `newest` article on."""
    place = _PLACE.fullmatch(behind)
    at = place[1] if place else newest
    since = to_text(from_text(at) - NARROWED_SPAN)
    values = {"published": at, "id": int(place[2]) if place else 2**62, "since": since}
    found = conn.execute(_NARROWED, values | narrowing.values() | {"limit": limit + 1}).fetchall()
    cards = gather_cards(conn, [row["id"] for row in found[:limit]])
    if len(found) > limit:
        more = _place(found[limit - 1]["published"], found[limit - 1]["id"])
    else:
        more = _place(since, 0) if conn.execute(_OLDER, {"since": since}).fetchone() else ""
    return [cards[row["id"]] for row in found[:limit]], more


def latest_page(conn: sqlite3.Connection, face: Face) -> View:
    """Answer /-/latest?behind=PLACE&outlet=&section=&lang=."""
    behind, narrowing = face.asked.get("behind", ""), Narrowing.of(face)
    found = conn.execute(_NEWEST).fetchone()
    if found is None:
        return nothing_there("archive", 200, section="/-/latest")
    newest = found["last"]
    if narrowing:
        cards, more = narrowed_cards(conn, narrowing, newest=newest, behind=behind, limit=PAGE)
    else:
        cards, more = latest_cards(conn, behind=behind, limit=PAGE)
    first = cards[0].published if cards else newest
    since = to_text(from_text(first) - COUNTED_SPAN)
    until = to_text(from_text(first) + timedelta(seconds=1))
    return View(
        template="latest.html",
        values={
            "section": "/-/latest",
            "live": not behind and not narrowing,
            "days": _by_day(cards, face),
            "more": face.url("/-/latest", **narrowing.values(), behind=more) if more else "",
            "facet_lists": narrowing_lists(conn, face, "/-/latest", since, until),
            "narrowing": narrowing,
            "span": NARROWED_SPAN.days,
        },
        feed=Feed(
            title=face.say("Latest"),
            path=face.url("/-/latest", **narrowing.values()),
            stem="/-/latest",
            items=[feed_item(card, face) for card in cards],
        ),
    )


def _by_day(cards: Sequence[Card], face: Face) -> list[tuple[str, list[Card]]]:
    days: list[tuple[str, list[Card]]] = []
    for card in cards:
        day = face.named_day(face.day(card.published))
        if not days or days[-1][0] != day:
            days.append((day, []))
        days[-1][1].append(card)
    return days


def _place(published: str, article_id: int) -> str:
    return f"{published}_{article_id}"
