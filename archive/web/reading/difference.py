"""What one version of an article changed in another: headline and text, paragraph by paragraph."""

from __future__ import annotations

import sqlite3

from archive.web.face.answers import View, nothing_there
from archive.web.face.cards import CARD, with_marks
from archive.web.face.face import Face
from archive.web.face.headline_changes import headline_change
from archive.web.reading.article import missing_article
from archive.web.reading.versions import compare

_CARD = f"SELECT {CARD} FROM articles WHERE id = ?"  # noqa: S608
# Not the view `revisions`, which would be read whole for it as of a moment
_NUMBERS = """
SELECT number, seen, kind FROM superseded WHERE article_id = :id
UNION ALL SELECT revision, version_seen, version_kind FROM articles WHERE id = :id ORDER BY 1 DESC
"""
_TEXT = """
SELECT number, seen, kind, title, text FROM superseded WHERE article_id = :id AND number = :number
UNION ALL SELECT revision, version_seen, version_kind, title, text FROM articles
WHERE id = :id AND revision = :number
"""
_VIEWS = ("text", "side", "changes")


def difference_page(conn: sqlite3.Connection, face: Face) -> View:
    """Answer /-/article/ID/diff?from=N&to=N&view=side: the last two, where none is named."""
    article_id = int(face.asked["article"])
    row = conn.execute(_CARD, (article_id,)).fetchone()
    if row is None:
        return missing_article(conn, article_id)
    (card,) = with_marks(conn, [row])
    versions = conn.execute(_NUMBERS, {"id": article_id}).fetchall()
    numbers = [version["number"] for version in versions]
    to = _number(face.asked.get("to", ""), numbers, default=numbers[0])
    before = [number for number in numbers if number < to]
    since = _number(face.asked.get("from", ""), numbers, default=before[0] if before else to)
    old, new = (
        conn.execute(_TEXT, {"id": article_id, "number": number}).fetchone()
        for number in (since, to)
    )
    if old is None or new is None:  # of a damaged archive: its number is none
        return nothing_there("version", id=article_id, number=since if old is None else to)
    found = None if since == to else compare(old["text"], new["text"])
    view = face.asked.get("view", "")
    return View(
        template="difference.html",
        values={
            "article": card,
            "versions": versions,
            "old": old,
            "new": new,
            "title": headline_change(old["title"], new["title"]),
            "retitled": old["title"] != new["title"],
            "paragraphs": found or [],
            "touched": sum(each.kind != "same" for each in found or []),
            "is_long": since != to and found is None,
            "view": view if view in _VIEWS else _VIEWS[0],
        },
    )


def former_address(_conn: sqlite3.Connection, face: Face) -> View:
    """Answer /-/diff/ID?until=N, as the page was addressed once."""
    until = face.asked.get("until", "")
    number = until if until.isascii() and until.isdigit() else ""
    return View(leads_to=face.url(f"/-/article/{face.asked['article']}/diff", to=number))


def _number(text: str, known: list[int], *, default: int) -> int:
    """Read the number of a version; what is none counts as absent."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    return number if number in known else default
