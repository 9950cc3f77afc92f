"""A day: its stories in the order of the front page, by section; its hours; what was changed."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from datetime import date, timedelta

from archive.asof.past_moments import NoMoment, read_day
from archive.database.times import from_text
from archive.web.face.answers import View, nothing_there
from archive.web.face.cards import feed_item
from archive.web.face.charts import Bar, bar_chart
from archive.web.face.face import Face
from archive.web.face.feed_formats import Feed
from archive.web.reading.changed_headlines import last_changes
from archive.web.reading.story_order import RankedStory, gather_stories, rank_stories

TOP = 9  # stories above the sections
PAGE = 80  # stories of a page
CHANGED = 6
_HOURS = """
SELECT substr(published, 1, 13) AS hour, count(*) AS articles FROM articles
WHERE published >= :since AND published < :until AND held IS NULL GROUP BY 1
"""
_BEFORE = """
SELECT published AS at FROM articles WHERE published < :since AND held IS NULL
ORDER BY published DESC LIMIT 1
"""
_AFTER = """
SELECT published AS at FROM articles WHERE published >= :until AND held IS NULL
ORDER BY published LIMIT 1
"""


def day_page(conn: sqlite3.Connection, face: Face) -> View:
    """Answer /-/day/DATE?page=N; `today` and a form's ?day= lead to a date's address."""
    asked = face.asked.get("date") or face.asked.get("day", "")
    if asked in ("", "today"):
        return View(leads_to=face.url(f"/-/day/{face.day(face.now).isoformat()}{face.ending}"))
    try:
        day = read_day(asked)
    except NoMoment:
        return nothing_there("no-day", words=asked[:60])
    if not face.asked.get("date"):
        return View(leads_to=face.url(f"/-/day/{day.isoformat()}"))
    since, until = face.bounds(day)
    ranking = rank_stories(conn, since, until, min(face.now, from_text(until)))
    if not ranking.stories:
        return nothing_there("day", 200, day=day, nearest=_nearest(conn, face, since, until))
    number = _page(face.asked.get("page", ""), len(ranking.stories))
    first = (number - 1) * PAGE
    stories = gather_stories(conn, ranking, first, first + PAGE)
    changes, _ = last_changes(conn, since, until, CHANGED)
    path = f"/-/day/{day.isoformat()}"
    return View(
        template="day.html",
        values={
            "day": day,
            "around": (day - timedelta(days=1), day + timedelta(days=1)),
            "count": ranking,
            "top": stories[:TOP] if number == 1 else (),
            "sections": _by_section(stories[TOP:] if number == 1 else stories),
            "hours": _hours(conn, face, day),
            "changes": changes,
            "page": number,
            "more": first + PAGE < len(ranking.stories),
            "rows_url": face.table("articles", published__gte=since, published__lt=until),
        },
        feed=Feed(
            title=face.full_day(day),
            path=face.url(path),
            stem=path,
            items=[feed_item(story.card, face) for story in stories],
        ),
    )


def _page(text: str, stories: int) -> int:
    number = int(text) if re.fullmatch("[1-9][0-9]{0,3}", text) else 1
    return min(number, (stories + PAGE - 1) // PAGE)


def _by_section(stories: Sequence[RankedStory]) -> list[tuple[str, list[RankedStory]]]:
    """Put stories into their outlets' sections, the largest first; '' holds what has none."""
    found: dict[str, list[RankedStory]] = {}
    for story in stories:
        found.setdefault(story.card.section, []).append(story)
    small = [name for name, these in found.items() if len(these) < 2]
    rest = [story for name in small for story in found.pop(name)]
    if rest:
        found[""] = found.get("", []) + rest
    return sorted(found.items(), key=lambda item: (item[0] == "", -len(item[1]), item[0]))


def _hours(conn: sqlite3.Connection, face: Face, day: date) -> object:
    """Draw how many articles were published in each hour of the day."""
    since, until = face.bounds(day)
    counts: dict[int, int] = {}
    for row in conn.execute(_HOURS, {"since": since, "until": until}):
        hour = face.local(f"{row['hour']}:00:00Z").hour
        counts[hour] = counts.get(hour, 0) + row["articles"]
    each = [(hour, counts.get(hour, 0)) for hour in range(24)]
    drawn = [Bar(parts=(("", count),), title=f"{hour:02d}:00: {count}") for hour, count in each]
    return bar_chart(drawn, face.say("Articles by hour"))


def _nearest(conn: sqlite3.Connection, face: Face, since: str, until: str) -> list[date]:
    """Give the last day before and the first after it that have news."""
    found = [conn.execute(_BEFORE, {"since": since}), conn.execute(_AFTER, {"until": until})]
    return [face.day(row["at"]) for row in (each.fetchone() for each in found) if row]
