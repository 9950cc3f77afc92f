"""Decide what a fetched article is to the archive, and write all that follows from it at once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from archive.articles import boilerplate
from archive.articles.bearer import attribute, is_post, refile
from archive.articles.columns import INSERT, Facts, first_values, refuse_size
from archive.articles.evidence import SAME_ADDRESS
from archive.articles.identity import Fetched, Match, find_twin, match_article
from archive.articles.known import Placed, doubt, fetched_of, is_told, known_of, settle_doubt
from archive.articles.revisions import RevisionKind, decide
from archive.articles.versions import put_version
from archive.asof.changes import at_now
from archive.copies import clusters
from archive.database.times import to_text
from archive.entries.owed import ask_copies_again, close_entry
from archive.entries.rechecks import RecheckPlan, note_seen, plan_look
from archive.entries.tombstones import forgotten_of
from archive.files.orders import want_file
from archive.held.holds import (
    came_back,
    forget_versions,
    hold_entry,
    hold_second_row,
    hold_wall,
    release_article,
)
from archive.held.stubs import cut_stub, hold_stub
from archive.held.unsure import hold_unsure, is_unsure
from archive.held.walls import (
    TextBefore,
    is_stub,
    is_wall,
    restore_honest,
    text_before,
    with_text,
)
from archive.model import (
    Article,
    Entry,
    EntryState,
    Reason,
    Rejection,
    Saved,
    SourceStatus,
    Verdict,
)
from archive.search import indexing
from archive.sources.declarations import declared
from archive.sources.health import change_status
from archive.sources.outlets import bearer_of, is_of, owner_of
from archive.text.sentences import share_in_common

NO_LOOKS = RecheckPlan()

_NEWER_ADDRESS = """
UPDATE articles SET url = :url WHERE id = :id AND NOT EXISTS (
  SELECT 1 FROM articles WHERE url = :url AND id <> :id)
"""
_NAME_PAGE = "UPDATE articles SET page_id = ? WHERE id = ?"
_CLOSE = """
UPDATE entries SET state = :state, reason = :reason, closed = :now, article_id = :article,
  vain = iif(:vain, vain + 1, 0)
WHERE id IN (SELECT :entry UNION SELECT e.id FROM json_each(:urls) AS u
  CROSS JOIN entries AS e INDEXED BY entries_url ON e.url = u.value AND e.state = 'owed'
  WHERE :only_of IS NULL OR e.source_id = :only_of)
"""


@at_now
def save_article(
    conn: sqlite3.Connection,
    article: Article,
    *,
    entry: Entry,
    aliases: Sequence[str] = (),
    now: datetime,
    claimed: bool = False,
    claim: str = "",
    led: bool | None = None,
    learn: bool = True,
    look: RecheckPlan = NO_LOOKS,
    page_id: int | None = None,
    alone: bool = False,
    hold_below: float = 0.0,
) -> Saved:
    """Write row, revision, aliases and file order, and close every owed entry of that URL.

    `entry`: what was fetched, with its id. `aliases`: further addresses that led there. `claimed`,
    `claim`, `led`: see `identity.Fetched`. `learn`: a new one teaches what its outlet's articles
    have in common. `look`: when to look at it again; a look at one article makes no other, and its
    entry stays as it was closed. `page_id`: of its raw page. `alone`: a new one stays a story,
    whatever it is a copy of. `hold_below`: confidence (0-1) below which it is held, as walls are,
    and versions that show nothing of their article: `Saved.held` says why. Raises ValueError when
    article.published is not settled.
    """
    fetched = fetched_of(
        conn, article, entry, now=now, aliases=aliases, claimed=claimed, claim=claim, led=led
    )
    entry, speaker, version = fetched.entry, fetched.speaker, fetched.version
    before = None if fetched.from_feed else text_before(conn, speaker, fetched.outlet, version)
    if before is not None and is_wall(before, version, entry=entry):
        return _hold_wall(conn, fetched, look=look, now=now)
    match = match_article(conn, fetched, now=now)
    if look.article_id is not None and not _is_of(look.article_id, match):
        return _led_elsewhere(fetched.article)
    if refused := refuse_size(fetched.article) or _taken_down(conn, match):
        return _refuse(conn, fetched, refused, now)
    if look.article_id is not None:
        fetched = replace(fetched, entry=replace(entry, id=None))
    placed = whole = Placed.at(match, fetched, alone=alone, learn=learn, hold_below=hold_below)
    if before is not None:
        placed = _without_stub(conn, whole, before)
    known = match.article_id
    saved = _add(conn, placed) if known is None else _meet(conn, placed, known)
    if placed is not whole and saved.article_id is not None:
        hold_stub(conn, saved.article_id, fetched.article, outlet=speaker.name, now=now)
    _after_page(conn, saved, look=look, page_id=page_id, now=now)
    return saved


def _is_of(article_id: int, match: Match) -> bool:
    return not match.elsewhere and article_id in (match.article_id, match.other)


def _after_page(
    conn: sqlite3.Connection,
    saved: Saved,
    *,
    look: RecheckPlan,
    page_id: int | None,
    now: datetime,
) -> None:
    """Plan the next look at an article's page, and name the raw page that its version is of."""
    if saved.article_id is not None and saved.verdict is not Verdict.COPY and not saved.held:
        plan_look(conn, saved.article_id, look, now=now)
    if page_id is not None and saved.verdict in (Verdict.NEW, Verdict.REVISED):
        conn.execute(_NAME_PAGE, (page_id, saved.article_id))


def _without_stub(conn: sqlite3.Connection, whole: Placed, before: TextBefore) -> Placed:
    """Cut a text that is nobody's; see `stubs`."""
    if not is_stub(before, whole, is_new=whole.match.article_id is None):
        return whole
    article, version = cut_stub(
        conn,
        whole.article,
        whole.version,
        source=whole.speaker,
        outlet=whole.outlet,
        now=whole.now,
    )
    return replace(whole, article=article, version=version)


def _add(conn: sqlite3.Connection, placed: Placed) -> Saved:
    """Store an article that nothing is stored of."""
    match, now, outlet = placed.match, placed.now, placed.source.name
    article, below = placed.article, placed.hold_below
    article_id = _insert(conn, placed)
    unsure, cluster, held = is_unsure(article, below), None, ""
    if placed.alone or unsure:
        clusters.rebuild_bands(conn, article_id)
    else:
        cluster = clusters.file_new(conn, article_id, now=now)
    owed = came_back(conn, placed.entry.id, now=now)
    _add_aliases(conn, article_id, match.addresses, match.reason)
    _close(conn, placed, article_id, Verdict.NEW)
    if unsure:
        held = hold_unsure(conn, article_id, article, below=below, outlet=outlet, now=now)
    want_file(conn, article_id)
    learns = placed.learn and not held
    return Saved(
        article_id=article_id,
        verdict=Verdict.NEW,
        title=article.title,
        cluster=cluster,
        held=held,
        owed=owed,
        taught=learns and boilerplate.learn(conn, outlet, article, now=now),
    )


def _meet(conn: sqlite3.Connection, placed: Placed, article_id: int) -> Saved:
    """Store what was fetched of an article that is stored."""
    match, now, held = placed.match, placed.now, ""
    if match.other is not None:
        outlet, reason = placed.source.name, match.reason
        hold_second_row(conn, match.other, article_id, outlet=outlet, reason=reason, now=now)
    if match.by_content and is_post(conn, article_id):
        return _adopt_post(conn, article_id, placed)
    verdict = decide(placed.article, known_of(conn, article_id, placed))
    if verdict is Verdict.REVISED and (held := doubt(conn, article_id, placed)):
        verdict = Verdict.UNCHANGED
    elif verdict is Verdict.REVISED:
        _revise(conn, article_id, placed)
        article_id = _joined(conn, article_id, placed)
    elif verdict is Verdict.UNCHANGED and not placed.from_feed:
        note_seen(conn, article_id, now=now)
        forget_versions(conn, article_id)
    if attribute(conn, article_id, placed):
        want_file(conn, article_id)
    owed = () if held else came_back(conn, placed.entry.id, now=now)
    _count_vain(conn, placed, verdict)
    _add_aliases(conn, article_id, match.addresses, match.reason)
    _close(conn, placed, article_id, verdict)
    if held and placed.entry.id is not None:  # what its feed announced has not been seen yet
        hold_entry(conn, placed.entry.id, held, now)
    held = held or settle_doubt(conn, article_id, placed, verdict)
    if verdict is Verdict.REVISED:
        want_file(conn, article_id)
    title = placed.article.title
    return Saved(article_id=article_id, verdict=verdict, title=title, held=held, owed=owed)


def _adopt_post(conn: sqlite3.Connection, article_id: int, placed: Placed) -> Saved:
    """A page is that of an imported post: from now on it speaks for it, under its own address.

    Its file stays as it was written, until the page is edited.
    """
    kind = RevisionKind.EXTRACTION
    put_version(conn, article_id, placed.article, now=placed.now, kind=kind)
    refile(conn, article_id, placed)
    conn.execute(_NEWER_ADDRESS, {"url": placed.match.url, "id": article_id})
    _add_aliases(conn, article_id, placed.match.addresses, placed.match.reason)
    _close(conn, placed, article_id, Verdict.UNCHANGED)
    want_file(conn, article_id)
    return Saved(article_id=article_id, verdict=Verdict.UNCHANGED, title=placed.article.title)


def _hold_wall(
    conn: sqlite3.Connection, fetched: Fetched, *, look: RecheckPlan, now: datetime
) -> Saved:
    source, wall = fetched.speaker, fetched.version
    made = with_text(conn, fetched.outlet, wall.text_hash)
    reason = hold_wall(
        conn,
        wall,
        outlet=source.name,
        source_id=source.id,
        entry_id=fetched.entry.id if look.article_id is None else None,
        articles=[i for i in made if not restore_honest(conn, i, wall.text_hash, now=now)],
        now=now,
    )
    return Saved(article_id=None, verdict=None, held=reason, title=fetched.article.title)


def _led_elsewhere(article: Article) -> Saved:
    """The page of an archived article now gives another one: it may be announced, some day."""
    rejection = Rejection(reason=Reason.ELSEWHERE, detail=article.url)
    return Saved(article_id=None, verdict=None, rejected=rejection, title=article.title)


def _taken_down(conn: sqlite3.Connection, match: Match) -> Rejection | None:
    """What was taken down doesn't come back under any address that leads to it."""
    forgotten = forgotten_of(conn, (match.url, *match.addresses))
    return Rejection(reason=Reason.FORGOTTEN) if forgotten else None


def _refuse(
    conn: sqlite3.Connection, fetched: Fetched, rejection: Rejection, now: datetime
) -> Saved:
    if fetched.entry.id is not None:
        close_entry(conn, fetched.entry.id, EntryState.REJECTED, str(rejection), now=now)
    return Saved(article_id=None, verdict=None, rejected=rejection, title=fetched.article.title)


def _insert(conn: sqlite3.Connection, placed: Placed) -> int:
    match, source, now = placed.match, placed.source, placed.now
    named = bearer_of(conn, match.url, match.addresses, is_page=not placed.from_feed)
    at_hand = {state.id: state for state in (placed.speaker, source)}
    bearer = source if named is None else at_hand.get(named) or declared(conn, named)
    facts = Facts(
        article=placed.article,
        version=placed.version,
        url=match.url,
        bearer=bearer,
        outlet=bearer.name,
        now=to_text(now),
    )
    cursor = indexing.insert(conn, INSERT, first_values(facts))
    assert cursor.lastrowid is not None
    conn.execute(  # whatever it led to before: see `match_article`
        "INSERT OR REPLACE INTO article_urls(url, article_id) VALUES (?, ?)",
        (match.url, cursor.lastrowid),
    )
    speaker = placed.speaker
    if speaker.status is SourceStatus.BLOCKED:  # its pages are articles again
        change_status(conn, speaker.id, SourceStatus.OK, None, now=now)
    return cursor.lastrowid


def _joined(conn: sqlite3.Connection, article_id: int, placed: Placed) -> int:
    """Join an article to the row that says by now what it says; give the one that is shown."""
    twin = find_twin(conn, placed, article_id, placed.now)
    if twin.article_id is None or placed.from_feed:
        return article_id
    first, second = sorted((article_id, twin.article_id))
    hold_second_row(
        conn, second, first, outlet=placed.source.name, reason=twin.reason, now=placed.now
    )
    if (
        first != article_id
        and decide(placed.article, known_of(conn, first, placed)) is Verdict.REVISED
    ):
        put_version(conn, first, placed.article, now=placed.now)
    return first


def _count_vain(conn: sqlite3.Connection, placed: Placed, verdict: Verdict) -> None:
    """Count the second looks of a source in a row that found nothing; the entry is still open."""
    if placed.entry.id is None or verdict not in (Verdict.UNCHANGED, Verdict.REVISED):
        return
    again = conn.execute(
        "SELECT 1 FROM entries WHERE id = ? AND article_id IS NOT NULL", (placed.entry.id,)
    ).fetchone()
    if again is not None:
        conn.execute(
            "UPDATE sources SET vain = iif(?, vain + 1, 0) WHERE id = ?",
            (verdict is Verdict.UNCHANGED, placed.source.id),
        )


def _revise(conn: sqlite3.Connection, article_id: int, placed: Placed) -> None:
    row = conn.execute("SELECT held, text FROM articles WHERE id = ?", (article_id,)).fetchone()
    if row["held"] is not None:
        release_article(conn, article_id)
        refile(conn, article_id, placed)
    if row["text"] and not share_in_common(row["text"], placed.article.text):
        ask_copies_again(conn, article_id, now=placed.now)
    put_version(conn, article_id, placed.article, now=placed.now)
    forget_versions(conn, article_id)
    if placed.match.reason not in ("", SAME_ADDRESS):
        conn.execute(_NEWER_ADDRESS, {"url": placed.match.url, "id": article_id})


def _add_aliases(
    conn: sqlite3.Connection, article_id: int, urls: Sequence[str], reason: str
) -> None:
    conn.executemany(
        "INSERT OR IGNORE INTO article_urls(url, article_id, reason) VALUES (?, ?, ?)",
        ((url, article_id, reason) for url in urls if url),
    )


def _close(conn: sqlite3.Connection, placed: Placed, article_id: int, verdict: Verdict) -> None:
    """Close the entry, and every owed one at these addresses; of one source alone, if another is
    to speak for its page."""
    state = EntryState.COPY if verdict is Verdict.COPY else EntryState.ARCHIVED
    reason, match = verdict.value, placed.match
    if match.reason not in ("", SAME_ADDRESS):
        reason = f"{reason}: {match.reason}"
    elif match.elsewhere:
        reason = f"{reason}: it leads to {match.url}"
    is_alone = is_told(placed.article) or _is_foreign(conn, placed)
    conn.execute(
        _CLOSE,
        {
            "state": state.value,
            "reason": reason,
            "now": to_text(placed.now),
            "article": article_id,
            "entry": placed.entry.id,
            "urls": json.dumps(match.addresses),
            "only_of": placed.source.id if is_alone else None,
            "vain": verdict is Verdict.UNCHANGED,
        },
    )


def _is_foreign(conn: sqlite3.Connection, placed: Placed) -> bool:
    """Tell whether an article is filed at an address of another source's."""
    source, url = placed.source, placed.match.url
    if url == placed.article.url and not placed.from_feed:
        return placed.speaker.id != source.id
    return not is_of(source.hosts, url) and owner_of(conn, url, besides=source.id) is not None
