"""What today's extraction makes of a stored page, beside what the archive has of it.

The page and its entry are the very ones that were read then; so what is read now takes the place
of what is stored, as a revision of kind `extraction` where title, text or Markdown differ. Nothing
was fetched: `checked`, `withdrawn` and when to look again stay, and so does the article's address.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from archive.articles.columns import COMPUTED, SAID, Value, page_values, without_kept, write_values
from archive.articles.identity import match_article
from archive.articles.known import fetched_of
from archive.articles.revisions import RevisionKind, Version
from archive.articles.versions import facts_of, write_version
from archive.articles.wording import only_wording
from archive.asof.changes import at_moment
from archive.copies import clusters
from archive.database.storable import storable_record
from archive.database.times import from_text, to_text
from archive.entries.row import entry_from_row
from archive.entries.tombstones import forgotten_of
from archive.files.orders import want_file
from archive.held.unsure import settle_unsure
from archive.held.walls import is_wall, text_before
from archive.model import Article, Entry, Reason, Rejection
from archive.pages.store import PageHead
from archive.sources.declarations import declared
from archive.sources.outlets import sources_of
from archive.text.words import count_words

_ENTRY = """
SELECT * FROM entries WHERE id = :entry
  AND (announced <= :fetched OR url = :url OR raw_url = :url)  -- an id may be given twice
"""
_PAGES_READ = """
SELECT count(*) FROM revisions WHERE article_id = ? AND kind <> 'extraction'
"""
_JUDGED = """
UPDATE articles SET confidence = :confidence WHERE id = :id AND confidence <> :confidence
"""
# From a list of differences: told of in words, told already, or no difference to a reader.
_HIDDEN = ("text", "evidence", "confidence", *COMPUTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rereading:
    """A stored page that is worth reading again, and what it was read for."""

    page_id: int
    entry: Entry
    source_id: str
    article_id: int | None  # None: the entry was refused


class Fate(StrEnum):
    """What became of an article or a refused entry."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    NOW_REFUSED = "would be refused today"
    ACCEPTED = "refused then, an article today"
    STILL_REFUSED = "still refused"
    KNOWN = "refused then, archived meanwhile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is read otherwise today. `what` is a column's name, or a kind of change."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """What reading one stored page again gave."""

    fate: Fate
    url: str
    article_id: int | None = None
    title: str = ""
    differences: tuple[Difference, ...] = ()
    why: str = ""  # it is refused


def find_rereading(
    conn: sqlite3.Connection, page: PageHead, last_for: Callable[[int], int | None]
) -> Rereading | None:
    """Return what a page is worth: an article's current version, or the last try of an entry that
    was refused. None for any other. `last_for`: the page fetched last for an entry (PageStore).
    """
    values = {"entry": page.entry_id, "fetched": to_text(page.fetched), "url": page.url}
    entry = conn.execute(_ENTRY, values).fetchone()
    named = page.article_id or (entry["article_id"] if entry is not None else None)
    article = conn.execute(
        "SELECT * FROM articles WHERE id = ? AND page_id = ?", (named, page.id)
    ).fetchone()
    if article is not None:
        known = _entry_like(article, page) if entry is None else entry_from_row(entry)
        return Rereading(
            page_id=page.id, entry=known, source_id=known.source_id, article_id=article["id"]
        )
    if entry is None or not _is_refused(entry) or last_for(entry["id"]) != page.id:
        return None
    found = entry_from_row(entry)
    return Rereading(page_id=page.id, entry=found, source_id=found.source_id, article_id=None)


def reread_article(
    conn: sqlite3.Connection,
    rereading: Rereading,
    outcome: Article | Rejection,
    *,
    now: datetime,
    dry_run: bool,
    hold_below: float = 0.0,
) -> Reread:
    """Compare an article with today's reading, and store that; a refusal changes nothing.

    One that was held as not sure enough is shown where today's confidence is `hold_below` at least.
    """
    row = conn.execute("SELECT * FROM articles WHERE id = ?", (rereading.article_id,)).fetchone()
    if isinstance(outcome, Rejection):
        return _of(row, Fate.NOW_REFUSED, why=str(outcome))
    article = storable_record(outcome)
    version = Version.of(article.title, article.text, article.markdown)
    columns = _columns(conn, row, article, version, now)
    differences = _differences(row, columns)
    if not differences:
        if not dry_run:
            conn.execute(_JUDGED, {"id": row["id"], **columns})
            _settle(conn, row, article, hold_below, now)
        return _of(row, Fate.UNCHANGED)
    refused = _refusal(conn, row, article, version, rereading.entry)
    if refused is not None:
        return _of(row, Fate.NOW_REFUSED, why=str(refused))
    if not dry_run:
        with at_moment(conn, now):
            _store(conn, row, columns, now)
        _settle(conn, row, article, hold_below, now)
    return _of(row, Fate.CHANGED, differences=differences)


def judge_refused(
    conn: sqlite3.Connection,
    article: Article,
    *,
    entry: Entry,
    aliases: tuple[str, ...],
    claimed: bool,
    now: datetime,
) -> Reread:
    """Tell, without storing it, what an article would be to the archive whose page was refused."""
    fetched = fetched_of(conn, article, entry, now=now, aliases=aliases, claimed=claimed)
    version = fetched.version
    match = match_article(conn, fetched, now=now)
    if match.article_id is not None and not match.by_content:
        return Reread(fate=Fate.KNOWN, url=entry.url, article_id=match.article_id)
    if forgotten_of(conn, (match.url, *match.addresses)):
        return Reread(fate=Fate.STILL_REFUSED, url=entry.url, why=Reason.FORGOTTEN.value)
    before = text_before(conn, fetched.speaker, fetched.outlet, version)
    if before is not None and is_wall(before, version, entry=fetched.entry):
        return Reread(fate=Fate.STILL_REFUSED, url=entry.url, why=Reason.PLACEHOLDER.value)
    copy, title = match.article_id, article.title
    return Reread(fate=Fate.ACCEPTED, url=entry.url, article_id=copy, title=title)


def _entry_like(article: sqlite3.Row, page: PageHead) -> Entry:
    """What is known of an article's entry that is no longer there: its evidence of a date."""
    announced, published_from = page.fetched, article["published_from"]
    published = from_text(str(article["published"]))
    if published_from == "announced":
        announced = published
    by_feed = published_from in ("feed", "sitemap")
    return Entry(
        url=article["url"],
        raw_url=page.url,
        published=published if by_feed else None,
        published_raw=article["published_claimed"] if by_feed else "",
        language=article["language"],
        source_id=article["source_id"],
        announced=announced,
    )


def _is_refused(entry: sqlite3.Row) -> bool:
    forgotten = str(entry["reason"] or "").startswith(Reason.FORGOTTEN.value)
    return entry["state"] == "rejected" and entry["article_id"] is None and not forgotten


def _columns(
    conn: sqlite3.Connection, row: sqlite3.Row, article: Article, version: Version, now: datetime
) -> dict[str, Value]:
    """Give the columns as they would be today, those left out that are not this page's."""
    values = page_values(facts_of(conn, row, article, version, now=now))
    if conn.execute(_PAGES_READ, (row["id"],)).fetchone()[0] == 1:
        return values
    return without_kept(values)


def _differences(row: sqlite3.Row, columns: dict[str, Value]) -> tuple[Difference, ...]:
    differing = [name for name, value in columns.items() if value != row[name]]
    found = [
        Difference(what=name, before=_words(row[name]), after=_words(columns[name]))
        for name in differing
        if name not in _HIDDEN
    ]
    if "text" in differing:
        found = [d for d in found if d.what != "markdown"]  # it follows the text
        found.insert(0, text_difference(row["text"], str(columns["text"])))
    return tuple(found)


def text_difference(before: str, after: str) -> Difference:
    """Name the kind of change between two texts, and give what one has that the other has not."""
    old, new = before.split("\n\n"), after.split("\n\n")
    lost = [line for line in old if line not in frozenset(new)]
    added = [line for line in new if line not in frozenset(old)]
    if only_wording(before, after):
        what = "text: marks and space"
    elif not added:
        what = "text: paragraphs left out"
    elif not lost:
        what = "text: paragraphs added"
    else:
        what = "text: other words"
    return Difference(what=what, before="\n\n".join(lost), after="\n\n".join(added))


def _refusal(
    conn: sqlite3.Connection, row: sqlite3.Row, article: Article, version: Version, entry: Entry
) -> Rejection | None:
    """Why today's text is not to take the place of the stored one."""
    if article.paywalled and not row["paywalled"] and count_words(article.text) < row["word_count"]:
        return Rejection(reason=Reason.PAYWALL, detail="the stored text is longer")
    if version.text_hash == row["text_hash"]:
        return None
    source = declared(conn, row["source_id"])
    before = text_before(conn, source, sources_of(conn, source), version)
    if before is not None and is_wall(before, version, entry=entry):
        return Rejection(reason=Reason.PLACEHOLDER, detail=version.text[:80])
    return None


def _store(
    conn: sqlite3.Connection,
    row: sqlite3.Row,
    columns: dict[str, Value],
    now: datetime,
) -> None:
    article_id = row["id"]
    moved = columns.get("published", row["published"]) != row["published"]
    if moved:
        clusters.drop_bands(conn, article_id)
    if any(columns[name] != row[name] for name in SAID):
        write_version(conn, article_id, columns, RevisionKind.EXTRACTION, now=now)
    else:
        write_values(conn, article_id, columns)
    clusters.after_revision(conn, article_id, now=now)
    if moved:
        clusters.rebuild_bands(conn, article_id)
    want_file(conn, article_id)


def _settle(
    conn: sqlite3.Connection, row: sqlite3.Row, article: Article, below: float, now: datetime
) -> None:
    settle_unsure(
        conn,
        row["id"],
        article,
        below=below,
        outlet=row["source_name"],
        now=now,
    )


def _words(value: Value) -> str:
    return "" if value is None else str(value)


def _of(
    row: sqlite3.Row, fate: Fate, *, differences: tuple[Difference, ...] = (), why: str = ""
) -> Reread:
    return Reread(
        fate=fate,
        url=row["url"],
        article_id=row["id"],
        title=row["title"],
        differences=differences,
        why=why,
    )
