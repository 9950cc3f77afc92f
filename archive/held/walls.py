"""Texts that stand in for articles: consent walls, and the stubs that a paywall leaves.

They show themselves by coming back under other headlines. A wall shows none of the headlines that
its pages were announced with: such a page is held. A stub stands below headlines that are there:
it is nobody's text, and is cut. Before the third page nothing is known of either. Whatever is done
about them appends a version: what was stored before stays in `revisions`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from archive.articles.columns import version_values
from archive.articles.evidence import MIN_CHARS, Told
from archive.articles.identity import Fetched
from archive.articles.revisions import RevisionKind, Version, likeness_form
from archive.articles.versions import write_version
from archive.copies import clusters
from archive.database.times import from_text, to_text
from archive.files.orders import want_file
from archive.model import Entry, SourceState
from archive.text.headlines import shows_headline, slug_words, tells_slug

HEADLINES = 3  # different ones over one text
NAMELESS = 6  # addresses without headline or slug over one text
STUB_CHARS = 1000  # a longer text is a story's: retitled twice, or with a session in its address

_PAGES = """
SELECT e.url, e.title AS headline, a.title, a.text, a.id AS article, a.title || coalesce((
  SELECT char(10) || group_concat(title, char(10)) FROM superseded WHERE article_id = a.id), '')
  AS titles,  -- not of the view `revisions`: SQLite would read all of it for each article
  a.published, a.published_from, a.published_claimed, a.fetched
FROM articles AS a INDEXED BY articles_text_hash
CROSS JOIN entries AS e INDEXED BY entries_article ON e.article_id = a.id
WHERE a.text_hash = :hash AND a.source_id IN (SELECT value FROM json_each(:outlet))
UNION SELECT e.url, e.title, json_extract(h.version, '$.title'), :text, a.id, '',
  a.published, a.published_from, a.published_claimed, a.fetched
FROM holds AS h INDEXED BY holds_text
CROSS JOIN articles AS a ON a.id = h.article_id
CROSS JOIN entries AS e INDEXED BY entries_article ON e.article_id = a.id
WHERE h.text_hash = :hash AND h.version IS NOT NULL
  AND a.source_id IN (SELECT value FROM json_each(:outlet))
"""
_KNOWN = "SELECT kind FROM placeholders WHERE outlet = ? AND text_hash = ?"
_REMEMBER = """
INSERT INTO placeholders(outlet, text_hash, seen, text, kind) VALUES (?, ?, ?, ?, ?)
ON CONFLICT(outlet, text_hash) DO UPDATE SET kind = excluded.kind, seen = excluded.seen
"""


class TextKind(StrEnum):
    """What is known of a text that came back: `placeholders.kind`."""

    WALL = "wall"
    STUB = "stub"
    RELEASED = "released"  # by hand: it is an article's after all
    FORMER = "former"  # what 0.1 took for a placeholder: judged anew


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSeen:
    """One address that gave the text. `headline`: as announced, '' without one."""

    url: str
    headline: str
    title: str  # the page's own
    text: str
    article: int = 0  # that it is stored as; 0: of this page nothing is
    titles: str = ""  # that the article has had, line by line
    moment: date | None = None  # of publication as it claims it: `Told.moment`

    @property
    def shows_its_own(self) -> bool | None:
        """Whether it is the page that was announced; None where nothing was that tells."""
        titles = (self.title, *self.titles.split("\n"))
        if self.headline:
            return any(shows_headline(title, self.text, self.headline) for title in titles)
        slug = slug_words(self.url)
        return any(tells_slug(title, "", slug) for title in titles) if slug else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBefore:
    """What is known of a page's text before this page."""

    kind: TextKind | None
    pages: Sequence[sqlite3.Row]  # of the outlet that gave it, unless its kind settles it


def is_wall_of(pages: Sequence[PageSeen]) -> bool:
    """Judge a text by all the pages that gave it, the latest first: none of them is the page that
    was announced, and the latest isn't that of another announcement: a headline that changed."""
    if any(page.shows_its_own for page in pages) or _shows_another(pages):
        return False
    nameless = [page for page in pages if page.shows_its_own is None]
    announced = {
        likeness_form(page.headline) or slug_words(page.url)
        for page in pages
        if page.shows_its_own is False
    }
    one_title = len({likeness_form(page.title) for page in nameless}) == 1
    many = len({page.url for page in nameless}) >= NAMELESS
    many = many and all(len(page.text) <= STUB_CHARS for page in nameless)
    return len(announced) >= HEADLINES or (many and one_title)


def _shows_another(pages: Sequence[PageSeen]) -> bool:
    title, text = pages[0].title, pages[0].text
    headlines = {page.headline for page in pages} - {""}
    return any(shows_headline(title, text, headline) for headline in headlines)


def is_stub_of(pages: Collection[PageSeen]) -> bool:
    """Judge a text by pages of different articles: each shows its headline above it."""
    if any(len(page.text) > STUB_CHARS for page in pages):
        return False
    own = [page for page in pages if page.shows_its_own is not False]
    moments = {page.moment for page in own} - {None}
    if len(moments) < 2 and any(len(page.text) >= MIN_CHARS for page in own):
        return False  # nothing tells it from one story that was given other headlines
    shown = {page.article: likeness_form(page.title) for page in own}
    return len(set(shown.values())) >= HEADLINES


def text_before(
    conn: sqlite3.Connection, source: SourceState, outlet: Sequence[str], page: Version
) -> TextBefore | None:
    """Gather what tells walls and stubs of a page's text at its outlet (ids of its sources); None
    where nothing does: no page gave it before."""
    kind, pages = known_text(conn, source, page), list[sqlite3.Row]()
    if page.text.strip() and kind in (None, TextKind.FORMER):  # a flash may be all title
        values = {"hash": page.text_hash, "outlet": json.dumps(outlet), "text": page.text}
        pages = conn.execute(_PAGES, values).fetchall()
    return None if kind is None and not pages else TextBefore(kind=kind, pages=pages)


def is_wall(before: TextBefore, page: Version, *, entry: Entry) -> bool:
    """Tell whether a page's text is a wall at its outlet, or becomes one by this page."""
    if before.kind is TextKind.WALL:
        return bool(page.text.strip())
    pages = before.pages
    return len(pages) > 1 and is_wall_of([_seen(page, entry), *_besides(pages, entry)])


def is_stub(before: TextBefore, fetched: Fetched, *, is_new: bool) -> bool:
    """Tell whether a page's text is a stub. `is_new`: the page is of no stored article."""
    page, entry = fetched.version, fetched.entry
    if before.kind is TextKind.STUB:
        return bool(page.text.strip())
    if not is_new or len(before.pages) <= 1:
        return False
    seen = replace(_seen(page, entry), moment=fetched.told.moment)
    return is_stub_of([seen, *_besides(before.pages, entry)])


def with_text(conn: sqlite3.Connection, outlet: Sequence[str], text_hash: str) -> list[int]:
    """Give the articles of an outlet (ids of its sources) that have this text."""
    rows = conn.execute(
        "SELECT id FROM articles WHERE text_hash = ? AND source_id IN"
        " (SELECT value FROM json_each(?)) ORDER BY id",
        (text_hash, json.dumps(outlet)),
    )
    return [int(row["id"]) for row in rows]


def remember(
    conn: sqlite3.Connection, outlet: str, version: Version, kind: TextKind, *, now: datetime
) -> None:
    """Keep what a text is, and the text: a stub whole, of a wall what tells a person why."""
    values = (outlet, version.text_hash, to_text(now), version.text[:STUB_CHARS], kind.value)
    conn.execute(_REMEMBER, values)


def restore_honest(
    conn: sqlite3.Connection, article_id: int, text_hash: str, *, now: datetime
) -> bool:
    """Put the last version with another text above a wall's; False where there is none."""
    rows = conn.execute(
        "SELECT * FROM revisions WHERE article_id = ? ORDER BY number DESC", (article_id,)
    )
    honest = next((r for r in rows if Version.of("", r["text"]).text_hash != text_hash), None)
    if honest is None:
        return False
    version = Version.of(honest["title"], honest["text"], honest["markdown"])
    append_version(conn, article_id, version, now)
    return True


def known_text(conn: sqlite3.Connection, source: SourceState, page: Version) -> TextKind | None:
    """What is known of a page's text at its outlet."""
    row = conn.execute(_KNOWN, (source.name, page.text_hash)).fetchone()
    return None if row is None else TextKind(row["kind"])


def _seen(page: Version, entry: Entry) -> PageSeen:
    return PageSeen(url=entry.url, headline=entry.title, title=page.title, text=page.text)


def _besides(stored: Sequence[sqlite3.Row], entry: Entry) -> list[PageSeen]:
    return [_page_of(row) for row in stored if row["url"] != entry.url]


def _page_of(row: sqlite3.Row) -> PageSeen:
    told = Told.of(
        row["title"],
        row["text"],
        "",
        byline="",
        published=from_text(row["published"]),
        published_from=row["published_from"],
        claim=row["published_claimed"],
        fetched=from_text(row["fetched"]),
    )
    return PageSeen(
        url=row["url"],
        headline=row["headline"],
        title=row["title"],
        text=row["text"],
        article=row["article"],
        titles=row["titles"],
        moment=told.moment,
    )


def append_version(
    conn: sqlite3.Connection, article_id: int, version: Version, now: datetime
) -> None:
    """Put a version with other words above an article's others; all else stays as it is."""
    write_version(conn, article_id, version_values(version), RevisionKind.EXTRACTION, now=now)
    clusters.after_revision(conn, article_id, now=now)
    want_file(conn, article_id)
