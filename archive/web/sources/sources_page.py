"""The page of all sources: which need somebody, and what every outlet brings."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive.database.times import to_text
from archive.web.face.answers import View
from archive.web.face.charts import spark_line
from archive.web.face.face import Face
from archive.web.face.typography import lang_tag
from archive.web.sources import facts
from archive.web.sources.rhythm import days_until_now

DAYS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletRow:
    """An outlet with its sources. `spark`: its articles a day; `number`: their sum."""

    name: str
    tag: str
    sources: tuple[facts.SourceFacts, ...]
    number: int
    owed: int
    held: int
    last_new: str
    spark: Markup


def sources_page(conn: sqlite3.Connection, face: Face) -> View:
    """Answer /-/sources."""
    until = to_text(face.now)
    sources = facts.all_sources(conn, until)
    days = days_until_now(face, DAYS)
    numbers = [facts.all_in(conn, *face.bounds(day)) for day in days]
    brought = set().union(*numbers)
    open_entries = facts.open_entries(conn, until)
    polled = [source for source in sources if source.enabled or source.id in brought]
    troubled = facts.in_trouble(sources, face.failing_after)
    outlets: dict[str, list[facts.SourceFacts]] = {}
    for source in polled:
        outlets.setdefault(source.name, []).append(source)
    rows = [_row(each, numbers, open_entries, face) for each in outlets.values()]
    rows.sort(key=lambda row: (-row.number, row.name))
    values = {
        "section": "/-/sources",
        "number": sum(source.is_polled for source in sources),
        "left_out": len(sources) - len(polled),
        "troubled": troubled,
        "others_well": all(each.is_well for each in polled if each not in troubled),
        "outlets": rows,
        "days": DAYS,
        "rows_url": face.table("sources"),
    }
    return View(template="sources.html", values=values)


def _row(
    sources: Iterable[facts.SourceFacts],
    numbers: Sequence[Mapping[str, int]],
    open_entries: Mapping[str, facts.OpenEntries],
    face: Face,
) -> OutletRow:
    of_outlet = tuple(sources)
    by_day = [sum(day.get(source.id, 0) for source in of_outlet) for day in numbers]
    open_of = [open_entries.get(source.id, facts.OpenEntries()) for source in of_outlet]
    name = of_outlet[0].name
    label = face.say("articles a day: {numbers}", numbers=", ".join(map(str, by_day)))
    return OutletRow(
        name=name,
        tag=lang_tag(name, of_outlet[0].language),
        sources=of_outlet,
        number=sum(by_day),
        owed=sum(each.owed for each in open_of),
        held=sum(each.held for each in open_of),
        last_new=max((source.last_new or "" for source in of_outlet), default=""),
        spark=spark_line(by_day, label),
    )
