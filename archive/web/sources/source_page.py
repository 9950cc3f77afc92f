"""The page of a source: is it well, when does it publish, what was refused, what may be missing."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches

from archive.database.times import to_text
from archive.sources.coverage import CoverageDay, read_coverage
from archive.text.strings import without_commands
from archive.web.face.answers import View, nothing_there
from archive.web.face.cards import feed_item, gather_cards
from archive.web.face.charts import Bar, bar_chart, strip_chart
from archive.web.face.face import Face
from archive.web.face.feed_formats import Feed
from archive.web.face.typography import lang_tag
from archive.web.sources import facts
from archive.web.sources.rhythm import by_day, day_bars, days_until_now, week_of

RHYTHM, REFUSED, COVERED = timedelta(days=90), timedelta(days=30), timedelta(days=14)
DAYS, VISITS, STEPS, ARTICLES, FEED, CAUSES, GAPS = 30, 50, 8, 10, 40, 12, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLine:
    """A time of which something may be missing."""

    started: str
    ended: str | None
    why: str
    missing: int | None
    healed: str | None
    detail: str


def source_page(conn: sqlite3.Connection, face: Face) -> View:
    """Answer /-/source/ID, and its newest articles as a feed."""
    until = to_text(face.now)
    source = facts.one_source(conn, face.asked["source"], until)
    if source is None:
        return _no_such_source(conn, face)
    path = f"/-/source/{source.id}"
    newest = facts.newest_of_source(
        conn, source.id, until, limit=FEED if "format" in face.asked else ARTICLES
    )
    cards = list(gather_cards(conn, newest).values())
    cards.sort(key=lambda card: newest.index(card.id))
    values = {
        "section": "/-/sources",
        "source": source,
        "tag": lang_tag(source.name, source.language),
        "articles": facts.number_of_articles(conn, source.id),
        "open": facts.open_entries(conn, until).get(source.id, facts.OpenEntries()),
        "cards": cards[:ARTICLES],
        "rows_url": face.table("articles", source_id=source.id, _sort_desc="published"),
        **_when(conn, face, source.id),
        **_what_became(conn, face, source.id),
        **_how_it_was(conn, face, source.id, until),
    }
    feed = Feed(
        title=source.name,
        path=face.url(path),
        stem=path,
        items=[feed_item(card, face) for card in cards],
    )
    return View(template="source.html", values=values, feed=feed)


def _when(conn: sqlite3.Connection, face: Face, source_id: str) -> dict[str, object]:
    hours = facts.articles_by_hour(conn, source_id, face.before(RHYTHM), to_text(face.now))
    days = days_until_now(face, DAYS)
    numbers = by_day(hours, days, face)
    return {
        "week": week_of(hours, face),
        "days": days,
        "most": max(numbers),
        "today": numbers[-1],
        "day_chart": bar_chart(day_bars(days, numbers, face), face.say("Articles a day")),
    }


def _what_became(conn: sqlite3.Connection, face: Face, source_id: str) -> dict[str, object]:
    found = read_coverage(conn, [source_id], since=face.now - COVERED)
    gaps = [
        GapLine(
            started=to_text(gap.started),
            ended=to_text(gap.ended),
            why=gap.why.value,
            missing=gap.missing if gap.missing is None else max(gap.missing - gap.found, 0),
            healed=to_text(gap.healed),
            detail=without_commands(gap.detail),
        )
        for gap in found.gaps
        if not gap.windowless
    ]
    announced = {day.day: day for day in found.days}
    span = [to_text(face.now - timedelta(days=back))[:10] for back in range(COVERED.days, -1, -1)]
    days = [announced.get(day, day) for day in span]
    return {
        "refused": facts.refusals(conn, source_id, face.before(REFUSED), limit=CAUSES),
        "covered": tuple(reversed(found.days)),
        "span": span,
        "cover_chart": _cover_chart(days, face),
        "gaps": gaps[:GAPS],
        "more_gaps": max(len(gaps) - GAPS, 0),
    }


def _cover_chart(days: Sequence[CoverageDay | str], face: Face) -> object:
    label = face.say("What became of what it announced, by day")
    return bar_chart([_cover_bar(day, face) for day in days], label)


def _cover_bar(day: CoverageDay | str, face: Face) -> Bar:
    if isinstance(day, str):  # on which it announced nothing
        return Bar(parts=(), title=f"{day}: 0")
    refused = day.rejected + day.forbidden + day.failed + day.gone
    words = face.say(
        "{day}: {archived} archived, {refused} refused, {owed} owed",
        day=day.day,
        archived=day.archived,
        refused=refused,
        owed=day.owed,
    )
    parts = (("new", day.archived), ("held", day.owed), ("fail", refused))
    return Bar(parts=parts, title=words)


def _how_it_was(
    conn: sqlite3.Connection, face: Face, source_id: str, until: str
) -> dict[str, object]:
    visits = facts.latest_visits(conn, source_id, until, limit=VISITS)
    ticks = [
        (visit.outcome, f"{face.short_time(visit.at)}: {visit.answer}, {visit.new}")
        for visit in visits
    ]
    return {
        "visits": visits,
        "visit_chart": strip_chart(ticks, face.say("Visits, the oldest first")),
        "steps": facts.health_steps(conn, source_id, until, limit=STEPS),
    }


def _no_such_source(conn: sqlite3.Connection, face: Face) -> View:
    known = [source.id for source in facts.all_sources(conn, to_text(face.now))]
    near = get_close_matches(face.asked["source"], known, 3, 0.5)
    return nothing_there("source", near=near, asked=face.asked["source"])
