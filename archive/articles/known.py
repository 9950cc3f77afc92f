"""What is stored of the article whose page was fetched, as `revisions.decide` wants to know it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Self

from archive.articles import boilerplate
from archive.articles.evidence import KEPT, OF_ADDRESS, SAME_MINUTE, is_same_page
from archive.articles.identity import Fetched, Match, told_of
from archive.articles.origins import is_hearsay
from archive.articles.revisions import CONTENT_MARK, Known, Version, differ_by_noise
from archive.database.storable import storable_record
from archive.held.holds import hold_version
from archive.held.unsure import hold_unsure_version, settle_unsure
from archive.held.walls import with_text
from archive.model import FOREIGN_FEED, Article, Entry, Verdict
from archive.sources.declarations import declared, speaker_of
from archive.sources.outlets import sources_of
from archive.text.sentences import share_of

FLAPPING = 8  # latest versions among which one that returns with other noise is recognised
_LATEST = "SELECT title, text FROM revisions WHERE article_id = ? ORDER BY number DESC LIMIT ?"
_APART = "SELECT 1 FROM article_urls WHERE url BETWEEN ? AND ? AND article_id <> ? LIMIT 1"
_SAME_OR_FORMER = """
SELECT title, text, content_hash FROM revisions
WHERE article_id = ? AND (content_hash = ? OR content_hash NOT LIKE ? || '%')
"""
_STORED = """
SELECT title, text, content_hash, word_count, paywalled, evidence, withdrawn
FROM articles WHERE id = ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed(Fetched):
    """A fetched article whose place is known, on its way into the archive."""

    match: Match
    alone: bool = False  # a new one stays a story
    learn: bool = True  # a new one teaches what its outlet's articles have in common
    hold_below: float = 0.0  # confidence below which it is held

    @classmethod
    def at(
        cls, match: Match, fetched: Fetched, *, alone: bool, learn: bool, hold_below: float
    ) -> Self:
        known = {field.name: getattr(fetched, field.name) for field in fields(fetched)}
        return cls(**known, match=match, alone=alone, learn=learn, hold_below=hold_below)


def fetched_of(
    conn: sqlite3.Connection,
    article: Article,
    entry: Entry,
    *,
    now: datetime,
    aliases: Sequence[str] = (),
    claimed: bool = False,
    claim: str = "",
    led: bool | None = None,
) -> Fetched:
    """Make of what was fetched what can be stored, and add whose it is. Raises ValueError when
    article.published is not settled."""
    if article.published is None:
        raise ValueError(f"{article.url}: published must be settled before the archive sees it")
    article, entry = storable_record(article), storable_record(entry)
    source, from_feed = declared(conn, entry.source_id), article.is_of_feed
    speaker = speaker_of(conn, source, article.url, is_page=not from_feed)
    return Fetched(
        article=article,
        version=Version.of(article.title, article.text, article.markdown),
        entry=entry,
        source=source,
        speaker=speaker,
        outlet=sources_of(conn, speaker),
        aliases=aliases,
        claimed=claimed,
        claim=claim,
        led=led,
        from_feed=from_feed,
        now=now,
    )


def known_of(conn: sqlite3.Connection, article_id: int, placed: Placed) -> Known:
    article, version = placed.article, placed.version
    row = conn.execute(_STORED, (article_id,)).fetchone()
    known = Known(
        same=version.says(row["title"], row["text"], row["content_hash"]),
        word_count=row["word_count"],
        paywalled=bool(row["paywalled"]),
        returns=0,
        told=is_hearsay(row["evidence"]),
        hearsay=is_told(article),
        by_content=placed.match.by_content,
        may_change=placed.match.revises and not (placed.from_feed and row["withdrawn"]),
    )
    if known.same:
        return known
    stored, fetched = (row["title"], row["text"]), (article.title, article.text)
    lines = boilerplate.learned(conn, placed.source.name).union(article.boilerplate)
    return replace(
        known,
        returns=_returns(conn, article_id, version),
        same_but_boilerplate=boilerplate.is_all_between(stored, fetched, lines),
        same_but_noise=differ_by_noise(stored, fetched),
    )


def doubt(conn: sqlite3.Connection, article_id: int, placed: Placed) -> str:
    """Why a version is held beside its article; '' where it takes its place."""
    return _shows_nothing(conn, article_id, placed) or hold_unsure_version(
        conn,
        article_id,
        placed.article,
        placed.version,
        below=placed.hold_below,
        now=placed.now,
    )


def _shows_nothing(conn: sqlite3.Connection, article_id: int, placed: Placed) -> str:
    """Why a version is held; '' for one that shows something of its article, or for the second
    time: then an error page has withdrawn it, and a text that is nobody else's is its own. What
    stands at an address that several articles were given may be the next one's at any time."""
    row = conn.execute(
        "SELECT held, source_name, evidence FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    if row["held"] is not None or placed.from_feed or not _is_doubtful(placed):
        return ""
    if is_hearsay(row["evidence"]):
        return ""  # no page has shown what stands there
    page, stored = placed.told, told_of(conn, article_id)
    same = with_text(conn, placed.outlet, placed.version.text_hash)
    others = [other for other in same if other != article_id]
    if others and not (page.has_title_of(stored) or share_of(stored.text, page.text) >= KEPT):
        return f"its page shows article {others[0]}: {placed.article.title[:80]!r}"
    shared = _is_shared_address(conn, article_id)
    if is_same_page(page, stored, placed.headline, shared=shared):
        return ""
    reason = f"its page shows neither its headline nor its text: {placed.article.title[:80]!r}"
    again = hold_version(
        conn,
        article_id,
        placed.article,
        placed.version,
        outlet=row["source_name"],
        reason=reason,
        now=placed.now,
    )
    return "" if again and not shared else reason


def _is_shared_address(conn: sqlite3.Connection, article_id: int) -> bool:
    """Tell whether an article's address was given to another one, too, as a live page's is."""
    url = conn.execute("SELECT url FROM articles WHERE id = ?", (article_id,)).fetchone()[0]
    bare, _, item = str(url).partition("#")
    if item.startswith(("guid=", "seen=")):
        return True
    between = (f"{bare}#guid=", f"{bare}#seen>", article_id)
    return conn.execute(_APART, between).fetchone() is not None


def _is_doubtful(placed: Placed) -> bool:
    """Whether the evidence is the address, or what a feed says, and no word of the page."""
    reason, page = placed.match.reason, placed.told
    return reason in OF_ADDRESS or (reason == SAME_MINUTE and not page.by_page)


def settle_doubt(
    conn: sqlite3.Connection, article_id: int, placed: Placed, verdict: Verdict
) -> str:
    """Leave a stored article held that nobody is sure of, or show it; why, '' where it isn't."""
    if verdict is Verdict.COPY:  # the article is another one
        return ""
    return settle_unsure(
        conn,
        article_id,
        placed.article,
        below=placed.hold_below,
        outlet=placed.source.name,
        now=placed.now,
    )


def is_told(article: Article) -> bool:
    return dict(article.evidence).get("text") == FOREIGN_FEED


def _returns(conn: sqlite3.Connection, article_id: int, version: Version) -> int:
    """Count the latest versions that say what this one says, and all that have its very content."""
    latest = conn.execute(_LATEST, (article_id, FLAPPING)).fetchall()
    alike = sum(differ_by_noise(tuple(row), (version.title, version.text)) for row in latest)
    rows = conn.execute(_SAME_OR_FORMER, (article_id, version.content_hash, CONTENT_MARK))
    return max(alike, sum(version.says(*row) for row in rows))
