"""Headlines that outlets changed: those of a time, for other pages; and all, page by page."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from markupsafe import Markup

from archive.database.json_cells import sound_json
from archive.text.strings import without_commands
from archive.web.face.answers import View
from archive.web.face.face import Face
from archive.web.face.feed_formats import Feed, FeedItem
from archive.web.face.headline_changes import HeadlineChange, headline_change, is_only_marked
from archive.web.face.typography import clauses, lang_tag

PAGE = 30  # changes of a page
MARKED = 12
_MOST = 400  # that are read to fill it: some are no change of a headline

# The index changes_edits holds the events of these two kinds. `at` never goes back along `seq`.
_FIRST_SINCE = "SELECT seq FROM changes WHERE at >= ? ORDER BY at, seq LIMIT 1"
_DETAIL = sound_json("c.detail")
_CHANGES = f"""
SELECT c.seq, c.at, c.article_id, c.number, json_extract({_DETAIL}, '$.was.revision') AS previous,
  json_extract({_DETAIL}, '$.was.title') AS old,
  iif(a.revision = c.number, a.title, (SELECT s.title FROM main.superseded AS s
    WHERE s.article_id = c.article_id AND s.number = c.number)) AS new,
  a.source_id, a.source_name, a.language, a.published, a.url
FROM changes AS c CROSS JOIN articles AS a ON a.id = c.article_id
WHERE c.kind IN ('edit', 'minor') AND c.seq >= :first AND c.seq < :before
  AND json_extract({_DETAIL}, '$.was.title') IS NOT NULL AND a.held IS NULL
ORDER BY c.seq DESC LIMIT :limit
"""  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedHeadline:
    """One change of one headline, at the moment it was seen."""

    seq: int
    at: str
    article_id: int
    number: int  # of the version that has the new one
    previous: int
    change: HeadlineChange
    title: str
    tag: str
    source_id: str
    outlet: str
    outlet_tag: str
    published: str
    url: str

    @property
    def headline(self) -> Markup:
        return clauses(self.change.new)


@dataclass(frozen=True, slots=True)
class TitleEvent:
    """An event that changed a title, not yet compared."""

    row: sqlite3.Row
    only_marked: bool  # it says nothing new

    @property
    def seq(self) -> int:
        return int(self.row["seq"])

    def shown(self) -> ChangedHeadline:
        """Compare the two headlines."""
        return _changed(self.row)


def title_events(
    conn: sqlite3.Connection,
    *,
    since: str = "",
    until: str = "9999",
    before: int = 2**62,
    limit: int = _MOST,
) -> list[TitleEvent]:
    """Give the changes of headlines seen in a time, before event number `before`, the newest first;
    those that say nothing, too."""
    first, last = (conn.execute(_FIRST_SINCE, (at,)).fetchone() for at in (since, until))
    if first is None:
        return []
    asked = {
        "first": first["seq"],
        "before": before if last is None else min(before, last["seq"]),
        "limit": limit,
    }
    return [
        TitleEvent(row, is_only_marked(row["old"], row["new"]))
        for row in conn.execute(_CHANGES, asked)
        if row["new"] is not None
    ]


def _changed(row: sqlite3.Row) -> ChangedHeadline:
    title, outlet = without_commands(row["new"]), without_commands(row["source_name"])
    tag = lang_tag(title, row["language"])
    return ChangedHeadline(
        seq=row["seq"],
        at=row["at"],
        article_id=row["article_id"],
        number=row["number"],
        previous=row["previous"] or row["number"] - 1,
        change=headline_change(row["old"], row["new"]),
        title=title,
        tag=tag,
        source_id=row["source_id"],
        outlet=outlet,
        outlet_tag=lang_tag(outlet, "zh" if tag.startswith("zh") else ""),
        published=row["published"],
        url=row["url"],
    )


def last_changes(
    conn: sqlite3.Connection, since: str, until: str, most: int
) -> tuple[Sequence[ChangedHeadline], int]:
    """Give the last changes of headlines seen in a time, and how many more only mark an update."""
    found = title_events(conn, since=since, until=until)
    said = [each.shown() for each in islice((e for e in found if not e.only_marked), most)]
    return said, sum(each.only_marked for each in found)


def changes_page(conn: sqlite3.Connection, face: Face) -> View:
    """Answer /-/changes?before=SEQ: changed headlines, the newest first."""
    before = face.asked.get("before", "")
    known = before.isascii() and before.isdigit() and len(before) < 19
    found = title_events(conn, before=int(before) if known else 2**62)
    said = [each for each in found if not each.only_marked]
    shown = [each.shown() for each in said[:PAGE]]
    more = len(said) > PAGE or len(found) == _MOST
    last = shown[-1].seq if len(said) > PAGE else found[-1].seq if found else 0
    marked = [each.shown() for each in found if each.only_marked and each.seq >= last][:MARKED]
    return View(
        template="changes.html",
        values={
            "section": "/-/changes",
            "changes": shown,
            "marked": marked,
            "older": last if more else None,
            "rows_url": face.table("article_diffs", _sort_desc="seen"),
        },
        feed=Feed(
            title=face.say("Changed headlines"),
            path=face.url("/-/changes"),
            stem="/-/changes",
            items=[_item(each, face) for each in shown],
        ),
    )


def _item(changed: ChangedHeadline, face: Face) -> FeedItem:
    return FeedItem(
        id=f"{changed.url}#version-{changed.number}",
        path=face.url(
            f"/-/article/{changed.article_id}/diff",
            **{"from": changed.previous, "to": changed.number},
        ),
        title=changed.title,
        summary=f"{face.say('Headline before:')} {changed.change.old.striptags()}",
        author=changed.outlet,
        published=changed.at,
        updated=changed.at,
        language=changed.tag,
    )
