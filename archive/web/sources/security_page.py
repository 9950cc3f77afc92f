"""The page of a security: how much is written of it, by whom, beside which others; and the list."""

from __future__ import annotations

import re
import sqlite3
from datetime import timedelta

from archive.database.times import to_text
from archive.search.mention_counts import most_mentioned
from archive.web.face.answers import View, nothing_there
from archive.web.face.cards import feed_item, gather_cards, other_outlets
from archive.web.face.charts import bar_chart
from archive.web.face.face import Face
from archive.web.face.feed_formats import Feed
from archive.web.face.typography import lang_tag
from archive.web.sources.rhythm import by_day, day_bars, days_until_now
from archive.web.sources.securities import mentions_of

DAYS, STORIES, BESIDE, OUTLETS, MOST_MENTIONED = 30, 20, 10, 8, 60
_PAGE = re.compile("[1-9][0-9]{0,2}")


def security_page(conn: sqlite3.Connection, face: Face) -> View:
    """Answer /-/security/CODE?page=N, and its stories as a feed."""
    code = face.asked["code"].upper()
    found = mentions_of(conn, code, beside=BESIDE)
    if found is None:
        return nothing_there("security", code=code)
    path = f"/-/security/{code}"
    asked = face.asked.get("page", "")
    page = int(asked) if _PAGE.fullmatch(asked) else 1
    shown = found.stories[(page - 1) * STORIES : page * STORIES]
    cards = gather_cards(conn, shown)
    listed = [cards[story] for story in shown if story in cards]
    days = days_until_now(face, DAYS)
    numbers = by_day(found.hours, days, face)
    values = {
        "section": "/-/securities",
        "found": found,
        "tag": lang_tag(found.name, "zh") if found.name else "en",
        "cards": listed,
        "others": other_outlets(conn, {card.id: card for card in listed}),
        "days": days,
        "most": max(numbers),
        "chart": bar_chart(day_bars(days, numbers, face), face.say("Articles a day")),
        "outlets": found.outlets[:OUTLETS],
        "page": page,
        "more": page * STORIES < len(found.stories),
        "rows_url": face.table("mentions", code=code),
    }
    feed = Feed(
        title=f"{found.name} {code}".strip(),
        path=face.url(path),
        stem=path,
        items=[feed_item(card, face) for card in listed],
    )
    return View(template="security.html", values=values, feed=feed)


def securities_page(conn: sqlite3.Connection, face: Face) -> View:
    """Answer /-/securities: those that the last day's articles mention most."""
    until = to_text(face.now)
    day = most_mentioned(conn, face.before(timedelta(days=1)), until, limit=MOST_MENTIONED)
    week = most_mentioned(conn, face.before(timedelta(days=7)), until, limit=1000)
    in_week = {each.code: each.articles for each in week}
    values = {
        "section": "/-/securities",
        "day": {each.code: each.articles for each in day},
        "in_week": in_week,
        "listed": day or week[:MOST_MENTIONED],
        "lang_tag": lang_tag,
        "rows_url": face.table("instruments"),
    }
    return View(template="securities.html", values=values)
