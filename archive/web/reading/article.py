"""An article, typeset: the text, whence and when it came, what became of it, who else has it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from archive.copies.links import contraries
from archive.database.json_cells import list_in, object_in
from archive.files.orders import file_content
from archive.files.posts import FileSettings
from archive.model import FOREIGN_FEED
from archive.text.strings import without_commands
from archive.web.face.answers import View, nothing_there
from archive.web.face.cards import CARD, Card, gather_cards, with_marks
from archive.web.face.face import Face
from archive.web.face.headline_changes import HeadlineChange, headline_change
from archive.web.face.typography import lang_tag
from archive.web.reading.picture import pictures_of
from archive.web.reading.prose import image_html, prose
from archive.web.reading.versions import compare

OF_A_FEED = ("feed", FOREIGN_FEED)  # what `evidence` says of a text that no page gave
SHOWN = 5  # versions in the margin with what they changed
_EXCERPTS = 3  # of one version
_COMPARED_CHARS = 40_000  # of two texts that the margin compares
_OTHERS = 40
_NEAR = 5

_ARTICLE = f"""
SELECT {CARD}, published_from, published_claimed, updated, fetched, checked, page_id, category,
  tags, markdown, text, image, origin, lead_reason, confidence, version_kind, evidence
FROM articles WHERE id = ?
"""  # noqa: S608
_WHOLE = "SELECT * FROM articles WHERE id = ?"
_TAKEN_DOWN = """
SELECT at FROM main.changes WHERE article_id = ? AND kind = 'forgotten' ORDER BY seq DESC
"""  # `main`: what was taken down is gone from the past, too
_VERSIONS = """
SELECT number, seen, kind, title, text FROM superseded WHERE article_id = ?
ORDER BY number DESC LIMIT ?
"""
_MEMBERS = f"""
SELECT {CARD} FROM articles WHERE id = :story
UNION ALL SELECT {CARD} FROM articles WHERE copy_of = :story
ORDER BY published, id LIMIT :limit
"""  # noqa: S608
_OLDER = """
SELECT id, title, language, published FROM articles
WHERE published <= :at AND (published < :at OR id < :id)
  AND copy_of IS NULL AND held IS NULL ORDER BY published DESC, id DESC LIMIT 1
"""
_NEWER = """
SELECT id, title, language, published FROM articles
WHERE published >= :at AND (published > :at OR id > :id)
  AND copy_of IS NULL AND held IS NULL ORDER BY published, id LIMIT 1
"""
_ON_THE_SAME = """
SELECT DISTINCT m.article_id AS id FROM mentions AS own
CROSS JOIN mentions AS m ON m.code = own.code
WHERE own.article_id = ? AND m.article_id <> own.article_id ORDER BY 1 DESC LIMIT ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionNote:
    """One version in an article's margin: what it changed in the one before it."""

    number: int
    seen: str
    kind: str
    previous: int | None = None  # the version it is compared with; None: it is the first
    title: HeadlineChange | None = None
    excerpts: Sequence[Markup] = ()
    more: int = 0  # places that changed, too
    is_long: bool = False  # too long to be compared here


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """The article before or after this one."""

    id: int
    title: str
    tag: str


def article_page(conn: sqlite3.Connection, face: Face) -> View:
    """Answer /-/article/ID."""
    article_id = int(face.asked["article"])
    row = conn.execute(_ARTICLE, (article_id,)).fetchone()
    if row is None:
        return missing_article(conn, article_id)
    (card,) = with_marks(conn, [row])
    members = with_marks(
        conn, conn.execute(_MEMBERS, {"story": card.story, "limit": _OTHERS}).fetchall()
    )
    others = [each for each in members if each.id != card.id and not each.held]
    place = {"at": row["published"], "id": article_id}
    kept = pictures_of(conn, article_id, face)
    is_apart = row["image"] in kept and f"]({row['image']}" not in row["markdown"]
    return View(
        template="article.html",
        values={
            "article": card,
            "read": article_id,  # a browser that keeps what was read notes it
            "row": row,
            "claimed": without_commands(row["published_claimed"]),
            "origin": without_commands(row["origin"]),
            "tags": [without_commands(str(tag)) for tag in list_in(row["tags"])],
            "only_feed": str(object_in(row["evidence"]).get("text")) in OF_A_FEED,
            "lead": image_html(face, kept[row["image"]], "") if is_apart else "",
            "body": prose(row["markdown"], face, kept),
            "versions": _versions(conn, row),
            "others": others,
            "outlets": len({each.outlet for each in (card, *others)}),
            "contrary": contrary_stories(conn, article_id),
            "near": _on_the_same(conn, card),
            "older": _neighbour(conn.execute(_OLDER, place).fetchone()),
            "newer": _neighbour(conn.execute(_NEWER, place).fetchone()),
        },
    )


def missing_article(conn: sqlite3.Connection, article_id: int) -> View:
    """Give the page for a number that no article has: 410 for one that was taken down here."""
    taken = conn.execute(_TAKEN_DOWN, (article_id,)).fetchone()
    if taken is not None:
        return nothing_there("gone", 410, at=taken["at"])
    return nothing_there("article")


def markdown_file(conn: sqlite3.Connection, face: Face) -> View:
    """Answer /-/article/ID.md: the article's Markdown file, front matter and all."""
    article_id = int(face.asked["article"])
    row = conn.execute(_WHOLE, (article_id,)).fetchone()
    if row is None:
        return missing_article(conn, article_id)
    return View(
        file=file_content(conn, row, FileSettings.read(conn)),
        content_type="text/markdown; charset=utf-8",
    )


def _versions(conn: sqlite3.Connection, row: sqlite3.Row) -> list[VersionNote]:
    """Give the versions, the newest first, the last of them with what they changed."""
    if row["revision"] == 1:
        return []
    before = conn.execute(_VERSIONS, (row["id"], SHOWN)).fetchall()
    current = (row["revision"], row["version_seen"], row["version_kind"], row["title"], row["text"])
    rows = [current, *map(tuple, before)]
    notes = [_note(new, old) for new, old in pairwise(rows)]
    number, seen, kind, *_ = rows[-1]
    if len(before) < SHOWN:
        notes.append(VersionNote(number=number, seen=seen, kind=kind))
    return notes


def _note(new: tuple[object, ...], old: tuple[object, ...]) -> VersionNote:
    number, seen, kind, title, text = new
    titles, texts = (str(old[3]), str(title)), (str(old[4]), str(text))
    is_long = sum(map(len, texts)) > _COMPARED_CHARS
    found = None if is_long or texts[0] == texts[1] else compare(*texts)
    changed = [each for each in found or () if each.kind != "same"]
    return VersionNote(
        number=int(str(number)),
        seen=str(seen),
        kind=str(kind),
        previous=int(str(old[0])),
        title=headline_change(*titles) if titles[0] != titles[1] else None,
        excerpts=[each.excerpt for each in changed[:_EXCERPTS]],
        more=max(0, len(changed) - _EXCERPTS),
        is_long=is_long,
    )


def contrary_stories(conn: sqlite3.Connection, article_id: int) -> list[tuple[Card, str]]:
    """Give the stories that say the contrary in sentences equal else, and what each says."""
    found = dict(contraries(conn, article_id))
    cards = gather_cards(conn, list(found)[:_NEAR])
    return [(card, without_commands(found[id])) for id, card in cards.items() if not card.held]


def _on_the_same(conn: sqlite3.Connection, card: Card) -> list[Card]:
    if not card.securities:
        return []
    ids = [row["id"] for row in conn.execute(_ON_THE_SAME, (card.id, 3 * _NEAR))]
    cards = gather_cards(conn, ids)
    near = [cards[id] for id in ids if id in cards]
    return [each for each in near if each.story != card.story and not each.held][:_NEAR]


def _neighbour(row: sqlite3.Row | None) -> Neighbour | None:
    if row is None:
        return None
    title = without_commands(row["title"])
    return Neighbour(id=row["id"], title=title, tag=lang_tag(title, row["language"]))
