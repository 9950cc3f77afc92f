"""The raw pages in `pages.db` against the articles that came of them.

A page is committed before its article, linked after it, and removed oldest first: what is read
here in that order holds beside a writer as well.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence

from archive.entries.tombstones import forgotten_of
from archive.folder import PAGES
from archive.pages.compression import Damaged, Packer
from archive.pages.store import RELINKED, UNLINKED
from archive.upkeep.verify.damage import Damage, DamageKind
from archive.upkeep.verify.objects import MOST

BATCH = 1000
_PAGES = "SELECT id, url, article_id FROM pages WHERE id > ? ORDER BY id LIMIT ?"
# CAST: what is damaged may have become text, which Python would refuse to decode.
_BODY = """
SELECT id, url, sha256, codec, dict_id, CAST(body AS BLOB) AS body FROM pages WHERE id = ?
"""
_ARTICLES = """
SELECT id, url, fetched, page_id FROM articles WHERE page_id IS NOT NULL AND id > ?
ORDER BY id LIMIT ?
"""
# A day: what was removed by age may have been fetched a moment before its article was saved.
_KEPT_SINCE = """
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', min(fetched), '+1 day') FROM pages
WHERE article_id IS NOT NULL
"""
_LAST_ID = "SELECT seq FROM sqlite_sequence WHERE name = 'articles'"


def check_pages_file(pages: sqlite3.Connection, *, full: bool) -> Iterator[Damage]:
    """Yield what SQLite itself says of pages.db."""
    check = "integrity_check" if full else "quick_check"
    for (found,) in pages.execute(f"PRAGMA {check}({MOST})"):
        if found != "ok":
            yield Damage(kind=DamageKind.PAGES_CORRUPT, where=PAGES, detail=str(found))


def check_page_links(conn: sqlite3.Connection, pages: sqlite3.Connection) -> Iterator[Damage]:
    """Yield pages of articles that never were, and of those that were to be forgotten.

    That an article is gone is no damage: its page may yet give another one (`reextract`).
    """
    last = -1
    while rows := pages.execute(_PAGES, (last, BATCH)).fetchall():
        newest = (conn.execute(_LAST_ID).fetchone() or (0,))[0]
        forgotten = forgotten_of(conn, [row["url"] for row in rows])
        for row in rows:
            if row["url"] in forgotten:
                detail = "was taken down here, and its page is still kept"
                yield _damage(DamageKind.PAGE_OF_FORGOTTEN_ARTICLE, row, detail)
            elif row["article_id"] is not None and row["article_id"] > newest:
                detail = f"is said to be article {row['article_id']}, which never was"
                yield _damage(DamageKind.PAGE_OF_MISSING_ARTICLE, row, detail)
        last = rows[-1]["id"]


def check_named_pages(
    conn: sqlite3.Connection, pages: sqlite3.Connection, *, busy: Callable[[], bool]
) -> Iterator[Damage]:
    """Yield articles whose page is not there, though older pages still are, or isn't linked.

    `busy` tells whether something writes, which links a page after its article is saved. What a
    process left unlinked that was killed in between is no damage: the next one links it.
    """
    last = -1
    owed = {row["id"] for row in pages.execute(UNLINKED, (RELINKED,))}
    while rows := conn.execute(_ARTICLES, (last, BATCH)).fetchall():
        found = _links(pages, [row["page_id"] for row in rows])
        kept_since = pages.execute(_KEPT_SINCE).fetchone()[0]
        for row in rows:
            if row["page_id"] in found:
                if found[row["page_id"]] is not None or row["page_id"] in owed or busy():
                    continue
                detail = f"page {row['page_id']} doesn't name its article {row['id']}"
                yield _of_article(DamageKind.PAGE_UNLINKED, row, detail)
            elif kept_since and row["fetched"] >= kept_since:
                detail = f"page {row['page_id']} of article {row['id']} is not in pages.db"
                yield _of_article(DamageKind.PAGE_MISSING, row, detail)
        last = rows[-1]["id"]


def check_bodies(pages: sqlite3.Connection, ids: Iterator[int]) -> Iterator[Damage]:
    """Unpack pages, and compare each with its checksum."""
    packer = Packer(pages)
    for page_id in ids:
        row = pages.execute(_BODY, (page_id,)).fetchone()
        if row is None:
            continue
        try:
            packer.unpack(row)
        except Damaged as error:
            yield _damage(
                DamageKind.PAGE_DAMAGED, row, f"page {page_id} can't be unpacked: {error}"
            )


def page_ids(pages: sqlite3.Connection) -> Iterator[int]:
    """Give the id of every page; nothing stays open between two of them."""
    last = -1
    while rows := pages.execute(_PAGES, (last, BATCH)).fetchall():
        yield from (row["id"] for row in rows)
        last = rows[-1]["id"]


def _links(pages: sqlite3.Connection, ids: Sequence[int]) -> dict[int, int | None]:
    rows = pages.execute(
        "SELECT id, article_id FROM pages WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(ids),),
    )
    return {row["id"]: row["article_id"] for row in rows}


def _damage(kind: DamageKind, page: sqlite3.Row, detail: str) -> Damage:
    return Damage(kind=kind, where=page["url"], detail=detail, key=page["id"])


def _of_article(kind: DamageKind, article: sqlite3.Row, detail: str) -> Damage:
    return Damage(kind=kind, where=article["url"], detail=detail, key=article["id"])
