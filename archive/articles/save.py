"""Decide what a fetched article is to the archive, and write all that follows from it at once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from archive.articles import boilerplate
from archive.articles.columns import (
    ADD_REVISION,
    INSERT,
    REVISE,
    Facts,
    first_values,
    kept_of,
    later_values,
)
from archive.articles.identity import Match, find_copy, match_article
from archive.articles.origins import is_hearsay
from archive.articles.placeholders import is_placeholder, undo_placeholder
from archive.articles.revisions import (
    CONTENT_MARK,
    Known,
    RevisionKind,
    Version,
    decide,
    differ_by_noise,
    kind_of_change,
)
from archive.copies import clusters
from archive.database.storable import storable_record
from archive.database.times import to_text
from archive.entries.owed import close_entry
from archive.entries.rechecks import RecheckPlan, note_seen, plan_look
from archive.entries.tombstones import is_forgotten
from archive.errors import ArchiveError
from archive.files.orders import want_file
from archive.model import (
    FOREIGN_FEED,
    Article,
    Entry,
    EntryState,
    Reason,
    Rejection,
    Saved,
    SourceState,
    SourceStatus,
    Verdict,
)
from archive.search import indexing
from archive.sources.declarations import source_state
from archive.sources.health import change_status
from archive.text.hosts import host_of, same_host, same_outlet_host

NO_LOOKS = RecheckPlan()
FLAPPING = 8  # latest versions among which one that returns with other noise is recognised

_LATEST = "SELECT title, text FROM revisions WHERE article_id = ? ORDER BY number DESC LIMIT ?"
_SAME_OR_FORMER = """
SELECT title, text, content_hash FROM revisions
WHERE article_id = ? AND (content_hash = ? OR content_hash NOT LIKE ? || '%')
"""
_KNOWN = "SELECT url, source_id, source_name, title, text, revision FROM articles WHERE id = ?"
_NAME_PAGE = "UPDATE articles SET page_id = ? WHERE id = ?"
_ANNOUNCERS = """
SELECT s.id, s.url FROM entries AS e JOIN sources AS s ON s.id = e.source_id
WHERE e.url IN (SELECT value FROM json_each(?)) ORDER BY e.id
"""
_CLOSE = """
UPDATE entries SET state = :state, reason = :reason, closed = :now, article_id = :article
WHERE id IN (SELECT :entry UNION SELECT e.id FROM json_each(:urls) AS u
  CROSS JOIN entries AS e INDEXED BY entries_url ON e.url = u.value AND e.state = 'owed'
  WHERE :only_of IS NULL OR e.source_id = :only_of)
"""


def save_article(
    conn: sqlite3.Connection,
    article: Article,
    *,
    entry: Entry,
    aliases: Sequence[str] = (),
    now: datetime,
    claimed: bool = False,
    learn: bool = True,
    look: RecheckPlan = NO_LOOKS,
    page_id: int | None = None,
    alone: bool = False,
) -> Saved:
    """Write row, revision, aliases and file order, and close every owed entry of that URL.

    `entry`: what was fetched, with its id. `aliases`: further addresses that led there. `claimed`:
    article.url is only a canonical link's word (see `match_article`). `learn`: a new one teaches
    what its outlet's articles have in common. `look`: when to look at it again; a look at one
    article makes no other, and its entry stays as it was closed. `page_id`: of its raw page.
    `alone`: a new one stays a story, whatever it is a copy of. A text that turns out to be a
    placeholder is refused and what was made of it is undone: `Saved.rejected` says so. Raises
    ValueError when article.published is not settled.
    """
    if article.published is None:
        raise ValueError(f"{article.url}: published must be settled before the archive sees it")
    article, entry = storable_record(article), storable_record(entry)
    version = Version.of(article.title, article.text, article.markdown)
    source = _source(conn, entry.source_id)
    outlet = source.name
    match = match_article(
        conn, article, version, entry=entry, outlet=outlet, aliases=aliases, claimed=claimed
    )
    if look.article_id not in (None, match.article_id):
        return _led_elsewhere(article)
    if is_forgotten(conn, (match.url, *match.addresses)):
        return _refuse_forgotten(conn, article, entry, now)
    address = _stored_url(conn, match)
    if is_placeholder(conn, outlet, version, url=address, entry=entry):
        return _refuse(conn, article, version, entry=entry, source=source, now=now)
    if look.article_id is not None:
        entry = replace(entry, id=None)
    saved = _write(conn, article, version, match, entry=entry, source=source, now=now, alone=alone)
    if saved.article_id is not None and saved.verdict is not Verdict.COPY:
        plan_look(conn, saved.article_id, look, now=now)
    if page_id is not None and saved.verdict in (Verdict.NEW, Verdict.REVISED):
        conn.execute(_NAME_PAGE, (page_id, saved.article_id))
    if learn and saved.verdict is Verdict.NEW:
        return replace(saved, taught=boilerplate.learn(conn, outlet, article, now=now))
    return saved


def _write(
    conn: sqlite3.Connection,
    article: Article,
    version: Version,
    match: Match,
    *,
    entry: Entry,
    source: SourceState,
    now: datetime,
    alone: bool,
) -> Saved:
    article_id = match.article_id
    if article_id is None:
        article_id = find_copy(conn, article, version, outlet=source.name, now=now)
    known = None
    if match.article_id is not None:
        known = _known(conn, match.article_id, article, version, source)
    verdict = decide(article, known=known, is_copy=article_id is not None)
    cluster = None
    if article_id is None:
        article_id = _add(conn, article, version, match, source, now)
        if alone:
            clusters.rebuild_bands(conn, article_id)
        else:
            cluster = clusters.file_new(conn, article_id)
    elif verdict is Verdict.REVISED:
        _revise(conn, article_id, article, version, source, now)
        clusters.after_revision(conn, article_id, now=now)
    elif verdict is Verdict.UNCHANGED:
        note_seen(conn, article_id, now=now)
    _add_aliases(conn, article_id, match.addresses)
    only_of = source.id if _is_told(article) else None
    _close(conn, entry, article_id, verdict, match.addresses, now, only_of=only_of)
    if verdict in (Verdict.NEW, Verdict.REVISED):
        want_file(conn, article_id)
    return Saved(article_id=article_id, verdict=verdict, title=article.title, cluster=cluster)


def _refuse(
    conn: sqlite3.Connection,
    article: Article,
    version: Version,
    *,
    entry: Entry,
    source: SourceState,
    now: datetime,
) -> Saved:
    undo_placeholder(conn, source.name, version, source_id=source.id, now=now)
    if entry.id is not None:
        close_entry(conn, entry.id, EntryState.REJECTED, Reason.PLACEHOLDER.value, now=now)
    rejection = Rejection(reason=Reason.PLACEHOLDER, detail=version.text[:80])
    return Saved(article_id=None, verdict=None, rejected=rejection, title=article.title)


def _led_elsewhere(article: Article) -> Saved:
    """The page of an archived article now gives another one: it may be announced, some day."""
    rejection = Rejection(reason=Reason.ELSEWHERE, detail=article.url)
    return Saved(article_id=None, verdict=None, rejected=rejection, title=article.title)


def _refuse_forgotten(
    conn: sqlite3.Connection, article: Article, entry: Entry, now: datetime
) -> Saved:
    """What was taken down doesn't come back under any address that leads to it."""
    rejection = Rejection(reason=Reason.FORGOTTEN)
    if entry.id is not None:
        close_entry(conn, entry.id, EntryState.REJECTED, str(rejection), now=now)
    return Saved(article_id=None, verdict=None, rejected=rejection, title=article.title)


def _source(conn: sqlite3.Connection, source_id: str) -> SourceState:
    source = source_state(conn, source_id)
    if source is None:
        raise ArchiveError(f"source {source_id!r} is not declared in the archive")
    return source


def _stored_url(conn: sqlite3.Connection, match: Match) -> str:
    if match.article_id is None:
        return match.url
    row = conn.execute("SELECT url FROM articles WHERE id = ?", (match.article_id,)).fetchone()
    return str(row["url"])


def _known(
    conn: sqlite3.Connection,
    article_id: int,
    article: Article,
    version: Version,
    source: SourceState,
) -> Known:
    row = conn.execute(
        "SELECT title, text, content_hash, word_count, paywalled, evidence FROM articles"
        " WHERE id = ?",
        (article_id,),
    ).fetchone()
    known = Known(
        same=version.says(row["title"], row["text"], row["content_hash"]),
        word_count=row["word_count"],
        paywalled=bool(row["paywalled"]),
        returns=0,
        told=is_hearsay(row["evidence"]),
        hearsay=_is_told(article),
    )
    if known.same:
        return known
    stored, fetched = (row["title"], row["text"]), (article.title, article.text)
    lines = boilerplate.learned(conn, source.name).union(article.boilerplate)
    return replace(
        known,
        returns=_returns(conn, article_id, version),
        same_but_boilerplate=boilerplate.is_all_between(stored, fetched, lines),
        same_but_noise=differ_by_noise(stored, fetched),
    )


def _is_told(article: Article) -> bool:
    return dict(article.evidence).get("text") == FOREIGN_FEED


def _returns(conn: sqlite3.Connection, article_id: int, version: Version) -> int:
    """Count the latest versions that say what this one says, and all that have its very content."""
    latest = conn.execute(_LATEST, (article_id, FLAPPING)).fetchall()
    alike = sum(differ_by_noise(tuple(row), (version.title, version.text)) for row in latest)
    rows = conn.execute(_SAME_OR_FORMER, (article_id, version.content_hash, CONTENT_MARK))
    return max(alike, sum(version.says(*row) for row in rows))


def _add(
    conn: sqlite3.Connection,
    article: Article,
    version: Version,
    match: Match,
    source: SourceState,
    now: datetime,
) -> int:
    bearer = _bearer(conn, match, source)
    facts = Facts(
        article=article,
        version=version,
        url=match.url,
        bearer=bearer,
        outlet=bearer.name,
        now=now,
    )
    cursor = indexing.insert(conn, INSERT, first_values(facts))
    assert cursor.lastrowid is not None
    conn.execute(  # whatever it led to before: see `match_article`
        "INSERT OR REPLACE INTO article_urls(url, article_id) VALUES (?, ?)",
        (match.url, cursor.lastrowid),
    )
    add_revision(conn, cursor.lastrowid, 1, RevisionKind.FIRST, version, now)
    if source.status is SourceStatus.BLOCKED:  # its pages are articles again
        change_status(conn, source.id, SourceStatus.OK, None, now=now)
    return cursor.lastrowid


def _bearer(conn: sqlite3.Connection, match: Match, source: SourceState) -> SourceState:
    """Return the first source that announced it from its own host, else from its outlet's, else
    the first that did. On a platform many outlets have one domain: a.substack.com, b.substack.com.
    """
    announcers = conn.execute(_ANNOUNCERS, (json.dumps(match.addresses),)).fetchall()
    host = host_of(match.url)
    own = [row for row in announcers if same_host(row["url"], match.url)]
    own += [row for row in announcers if same_outlet_host(host_of(row["url"]), host)]
    bearer = next(iter((*own, *announcers)), None)
    return source if bearer is None else _source(conn, bearer["id"])


def _revise(
    conn: sqlite3.Connection,
    article_id: int,
    article: Article,
    version: Version,
    source: SourceState,
    now: datetime,
) -> None:
    row = conn.execute(_KNOWN, (article_id,)).fetchone()
    kind = kind_of_change(Version.of(row["title"], row["text"]), version)
    same = row["source_id"] == source.id
    facts = Facts(
        article=article,
        version=version,
        url=row["url"],
        bearer=source if same else _source(conn, row["source_id"]),
        outlet=row["source_name"],
        now=now,
    )
    conn.execute(REVISE, later_values(facts) | {"id": article_id})
    add_revision(conn, article_id, row["revision"] + 1, kind, version, now)


def add_revision(
    conn: sqlite3.Connection,
    article_id: int,
    number: int,
    kind: RevisionKind,
    version: Version,
    now: datetime,
) -> None:
    """Add a row to `revisions`; the article's own row is the caller's."""
    values = (article_id, number, to_text(now), kind.value, *kept_of(version))
    conn.execute(ADD_REVISION, values)


def _add_aliases(conn: sqlite3.Connection, article_id: int, urls: Sequence[str]) -> None:
    conn.executemany(
        "INSERT OR IGNORE INTO article_urls(url, article_id) VALUES (?, ?)",
        ((url, article_id) for url in urls if url),
    )


def _close(
    conn: sqlite3.Connection,
    entry: Entry,
    article_id: int,
    verdict: Verdict,
    urls: Sequence[str],
    now: datetime,
    *,
    only_of: str | None,
) -> None:
    """Close the entry, and every owed one at these addresses; of one source alone, if named."""
    state = EntryState.COPY if verdict is Verdict.COPY else EntryState.ARCHIVED
    conn.execute(
        _CLOSE,
        {
            "state": state.value,
            "reason": verdict.value,
            "now": to_text(now),
            "article": article_id,
            "entry": entry.id,
            "urls": json.dumps(urls),
            "only_of": only_of,
        },
    )
