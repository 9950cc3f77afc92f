"""Which stored article a fetched one is: by its addresses, a guid, or the very same text."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.articles.boilerplate import is_all_between
from archive.articles.revisions import Version, likeness_form
from archive.database.times import from_text, to_text
from archive.model import Article, Entry
from archive.text.hosts import same_host

COPY_WITHIN = timedelta(days=2)
COPY_MIN_CHARS = 200  # a shorter text may honestly recur: "Markets are closed today."

# Sources of equal name are one outlet.
_SAME_TEXT = """
SELECT id, title, published, fetched FROM articles WHERE text_hash = :hash
  AND source_id IN (SELECT id FROM sources WHERE name = :outlet) ORDER BY id
"""
_SAME_TITLE = """
SELECT id, title, text FROM articles
WHERE source_id IN (SELECT id FROM sources WHERE name = :outlet)
  AND published BETWEEN :from AND :to AND title = :title ORDER BY id
"""
_SAME_GUID = """
SELECT DISTINCT article_id FROM entries INDEXED BY entries_same_guid
WHERE guid = :guid AND guid <> '' AND article_id IS NOT NULL
  AND source_id IN (SELECT id FROM sources WHERE name = :outlet)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Where an article belongs."""

    article_id: int | None  # None: not known under any of its addresses
    url: str  # of the row, should there be a new one
    addresses: tuple[str, ...]  # that led to it, `url` included


def match_article(
    conn: sqlite3.Connection,
    article: Article,
    version: Version,
    *,
    entry: Entry,
    outlet: str,
    aliases: Sequence[str],
    claimed: bool,
) -> Match:
    """Find the stored article, by the addresses that were fetched before any that is claimed.

    `claimed`: article.url is only what the page says of itself. A claim that leads to an article
    with another title and another text is ignored (some sites give every page one canonical), and
    so is one to a URL that is still owed: the page there is to speak for itself.
    What another site's address once led to is not revised by what that address gives now.
    """
    asked = _asked(conn, entry, aliases)
    known = _entry_article(conn, entry) or _article_at(conn, asked)
    url = article.url
    if claimed and _is_doubtful(conn, url, entry, version):
        url = entry.url
    elif claimed:
        known = known or _article_at(conn, [url])
    else:
        known = _article_at(conn, [url]) or _after_redirect(conn, known, url, version, asked)
    known = known or _article_with_guid(conn, entry, outlet, version)
    if known is not None and not _may_revise(conn, known, article.url, version, (url, *asked)):
        known = None
    return Match(article_id=known, url=url, addresses=tuple(dict.fromkeys((url, *asked))))


def find_copy(
    conn: sqlite3.Connection, article: Article, version: Version, *, outlet: str, now: datetime
) -> int | None:
    """Return the outlet's article with the same title and text from the same days, if any.

    One that was stored with lines that have since been learned to be the site's is the same.
    """
    if len(article.text) < COPY_MIN_CHARS:
        return None
    rows = conn.execute(
        _SAME_TEXT,
        {"hash": version.text_hash, "outlet": outlet},
    )
    title = likeness_form(article.title)
    for row in rows:
        if likeness_form(row["title"]) == title and _is_near(row, article, now):
            return int(row["id"])
    return _copy_with_boilerplate(conn, article, outlet) if article.boilerplate else None


def _copy_with_boilerplate(conn: sqlite3.Connection, article: Article, outlet: str) -> int | None:
    assert article.published is not None
    first, last = article.published - COPY_WITHIN, article.published + COPY_WITHIN
    days = {"from": to_text(first), "to": to_text(last)}
    rows = conn.execute(_SAME_TITLE, days | {"outlet": outlet, "title": article.title})
    fetched = (article.title, article.text)
    return next(
        (
            int(row["id"])
            for row in rows
            if is_all_between((row["title"], row["text"]), fetched, article.boilerplate)
        ),
        None,
    )


def _asked(conn: sqlite3.Connection, entry: Entry, aliases: Sequence[str]) -> tuple[str, ...]:
    row = conn.execute("SELECT aliases FROM entries WHERE id = ?", (entry.id,)).fetchone()
    announced = json.loads(row["aliases"]) if row is not None else []
    return tuple(dict.fromkeys((entry.url, entry.raw_url, *announced, *aliases)))


def _entry_article(conn: sqlite3.Connection, entry: Entry) -> int | None:
    row = conn.execute("SELECT article_id FROM entries WHERE id = ?", (entry.id,)).fetchone()
    return None if row is None else row["article_id"]


def _article_at(conn: sqlite3.Connection, urls: Iterable[str]) -> int | None:
    for url in urls:
        row = conn.execute("SELECT article_id FROM article_urls WHERE url = ?", (url,)).fetchone()
        if row is not None:
            return int(row["article_id"])
    return None


def _after_redirect(
    conn: sqlite3.Connection,
    known: int | None,
    url: str,
    version: Version,
    asked: Sequence[str],
) -> int | None:
    """Doubt what an old address led to when it now leads elsewhere: `/today` is another text daily.

    An article that moved is recognised by its title or its text.
    """
    if known is None or url in asked[:2] or _agrees(conn, known, version):
        return known
    return None


def _may_revise(
    conn: sqlite3.Connection, known: int, fetched: str, version: Version, addresses: Sequence[str]
) -> bool:
    """Tell whether a page speaks for a stored article.

    It does on the article's own host, with the very same content, or when the article's own
    address led to it. An address that only redirected there once does not.
    """
    row = conn.execute(
        "SELECT url, title, text, content_hash FROM articles WHERE id = ?", (known,)
    ).fetchone()
    own = str(row["url"])
    return own in addresses or same_host(own, fetched) or version.says(*row[1:])


def _is_doubtful(conn: sqlite3.Connection, url: str, entry: Entry, version: Version) -> bool:
    known = _article_at(conn, [url])
    if known is not None:
        return not _agrees(conn, known, version)
    waits = conn.execute(
        "SELECT 1 FROM entries WHERE url = ? AND state = 'owed' AND url <> ?", (url, entry.url)
    ).fetchone()
    return waits is not None


def _article_with_guid(
    conn: sqlite3.Connection, entry: Entry, outlet: str, version: Version
) -> int | None:
    """Find the guid at another source of the outlet; title or text must agree: some only count."""
    if not entry.guid:
        return None
    rows = conn.execute(
        _SAME_GUID,
        {"guid": entry.guid, "outlet": outlet},
    )
    return next((r["article_id"] for r in rows if _agrees(conn, r["article_id"], version)), None)


def _agrees(conn: sqlite3.Connection, article_id: int, version: Version) -> bool:
    row = conn.execute(
        "SELECT title, text_hash FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    same_text = bool(version.text.strip()) and row["text_hash"] == version.text_hash
    title = likeness_form(version.title)
    return same_text or (title != "" and likeness_form(row["title"]) == title)


def _is_near(row: sqlite3.Row, article: Article, now: datetime) -> bool:
    assert article.published is not None
    published, fetched = from_text(str(row["published"])), from_text(str(row["fetched"]))
    return abs(article.published - published) <= COPY_WITHIN or abs(now - fetched) <= COPY_WITHIN
