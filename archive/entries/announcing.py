"""Announce what a visit found: from that moment no entry can be lost."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from archive.articles.origins import is_hearsay
from archive.asof.changes import at_now
from archive.database.storable import storable_record
from archive.database.times import to_text
from archive.entries.items import (
    is_another_item,
    is_newer,
    is_same_item,
    newest_first,
    with_own_address,
    without_shared_guids,
    worth_a_look,
)
from archive.entries.row import entry_columns
from archive.entries.shown import shown_of, shows_other
from archive.entries.sitemap_children import (
    is_listed,
    list_documents,
    list_more,
    mark_read,
    no_room_words,
)
from archive.entries.tombstones import forgotten_of
from archive.held.holds import probe
from archive.model import (
    Document,
    Entry,
    EntryState,
    HealthRules,
    Plan,
    SourceState,
    Visit,
)
from archive.sources.declarations import declared
from archive.sources.gaps import judge_visit
from archive.sources.outlets import is_of
from archive.sources.visits import (
    add_to_visit,
    forget_validators,
    keep_plan,
    record_find,
    record_push,
    record_visit,
    succeeded,
)
from archive.sources.window import Window
from archive.text.hosts import host_of

WOLF = 20  # vain looks in a row, after which a source is believed in titles and numbers alone
_NOT_LOOKED_AT = (EntryState.OWED, EntryState.FORBIDDEN, EntryState.GONE, EntryState.HELD)
MAX_ALIASES = 20  # of an entry: a feed with a session in its links must not grow a row for ever

_INSERT = """
INSERT INTO entries(source_id, guid, url, raw_url, host, title, published, updated, payload,
                    announced, not_before, shown, state, reason, closed, article_id)
VALUES (:source_id, :guid, :url, :raw_url, :host, :title, :published, :updated, :payload,
        :now, :now, :shown, iif(:article_id IS NULL, 'owed', 'archived'),
        iif(:article_id IS NULL, NULL, 'already archived'),
        iif(:article_id IS NULL, NULL, :now), :article_id)
"""
_ARTICLE_AT = """
SELECT a.id, a.source_id, a.url, a.evidence, s.hosts FROM article_urls AS u
  JOIN articles AS a ON a.id = u.article_id JOIN sources AS s ON s.id = a.source_id
WHERE u.url = ?
"""
_ANNOUNCED_IT = "SELECT 1 FROM entries WHERE article_id = ? AND source_id = ? LIMIT 1"
_REFRESH = """
UPDATE entries SET title = :title, published = coalesce(:published, published),
  updated = :updated, payload = :payload, shown = :shown WHERE id = :id
"""
_REOPEN = """
UPDATE entries SET state = 'owed', reason = NULL, attempts = 0, closed = NULL, not_before = ?
WHERE id = ?
"""
_OWED_UP_TO = """
SELECT count(*) FROM (SELECT 1 FROM entries INDEXED BY entries_owed
                      WHERE source_id = ? AND state = 'owed' LIMIT ?)
"""


# From the source as it was before the visit (this one's failure counted), the number of new entries
# and the longest interval at which its document lets nothing go unseen, in seconds (None: any), to
# when it is to be visited again.
Planner = Callable[[SourceState, int, float | None], Plan]
_USUAL = HealthRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What an announcement did. `hosts`: those that have an entry to fetch because of it.

    `before`: the source as it was. `plan`: None where no planner was given.
    """

    visit_id: int
    new: int
    merged: int  # met for the first time, and known already under another address
    deferred: int  # not announced because the source owes max_owed; the next visit sees them again
    hosts: tuple[str, ...]
    before: SourceState
    plan: Plan | None
    note: str = ""  # what its list says that a person should know: a gap, no window


@at_now
def announce(
    conn: sqlite3.Connection,
    visit: Visit,
    entries: Sequence[Entry],
    *,
    now: datetime,
    documents: Sequence[Document] = (),
    max_owed: int = 5000,
    plan: Planner | None = None,
    rules: HealthRules = _USUAL,
) -> Entered:
    """Write the visit, its entries, the children of an index, and what the source learns.

    `plan` says when to look again; without one that stays as it was. The validators are stored
    only when the document was readable and nothing was deferred. Raises ArchiveError for a source
    that was never declared.
    """
    batch = _Batch(conn, visit.source_id, now, max_owed)
    batch.take(entries)
    good = succeeded(visit)
    is_index = bool(documents) or "sitemap" in (visit.kind, batch.source.kind)
    left_out = list_documents(conn, visit.source_id, documents) if good and is_index else 0
    failures = 0.0 if good else batch.source.failures + visit.weight
    judged = judge_visit(visit, batch.source) if good and visit.items else None
    cap_s = judged.window.cap_s if judged else Window.cap_of(batch.source.listing)
    planned = plan and plan(replace(batch.source, failures=failures), batch.new, cap_s)
    visit_id, note = record_visit(
        conn,
        visit,
        batch.source,
        new=batch.new,
        deferred=batch.deferred,
        plan=planned,
        rules=rules,
        judged=judged,
    )
    probed = probe(conn, visit.source_id, now=now) if good else ()
    if left_out:
        note = "; ".join(filter(None, (note, no_room_words(left_out))))
    return batch.result(visit_id, planned, note=note, further=probed)


@at_now
def announce_document(
    conn: sqlite3.Connection,
    visit_id: int,
    source_id: str,
    document: Document,
    entries: Sequence[Entry],
    *,
    now: datetime,
    documents: Sequence[Document] = (),
    max_owed: int = 5000,
    plan: Planner | None = None,
) -> Entered:
    """Announce what a further document of the same visit lists (a child sitemap, a next page).

    Marks a listed child as read unless something was deferred. A next page is not listed, so what
    it defers is found again only through the first: the source's validators go.
    """
    batch = _Batch(conn, source_id, now, max_owed)
    batch.take(entries)
    left_out = list_more(conn, source_id, documents)
    if not batch.deferred:
        mark_read(conn, source_id, document, now)
    elif not is_listed(conn, source_id, document.url):
        forget_validators(conn, source_id)
    add_to_visit(conn, visit_id, found=len(entries), new=batch.new, deferred=batch.deferred)
    planned = None
    if plan and batch.new:
        planned = plan(batch.source, batch.new, Window.cap_of(batch.source.listing))
        keep_plan(conn, source_id, planned)
    return batch.result(visit_id, planned, note=no_room_words(left_out) if left_out else "")


@at_now
def announce_push(
    conn: sqlite3.Connection,
    push: Visit,
    entries: Sequence[Entry],
    *,
    now: datetime,
    max_owed: int,
    learn: Callable[[SourceState, int], str],
) -> Entered:
    """Announce what a hub pushed (WebSub); see visits.record_push.

    `learn` gives the source's rhythm from its state and the number of new entries; it is asked
    only when there are any. What is deferred is found again by the next visit.
    """
    batch = _Batch(conn, push.source_id, now, max_owed)
    batch.take(entries)
    rhythm = learn(batch.source, batch.new) if batch.new else None
    visit_id = record_push(
        conn, push, batch.source, new=batch.new, deferred=batch.deferred, rhythm=rhythm
    )
    return batch.result(visit_id, None)


@at_now
def announce_found(
    conn: sqlite3.Connection,
    find: Visit,
    entries: Sequence[Entry],
    *,
    spider: str,
    visit_id: int | None,
    now: datetime,
    max_owed: int,
) -> Entered:
    """Announce what a spider of a person's own found; see visits.record_find.

    `visit_id`: of its run, None at the first find. What is deferred is found by its next run.
    """
    batch = _Batch(conn, find.source_id, now, max_owed)
    batch.take(entries)
    if visit_id is None:
        visit_id = record_find(conn, find, spider, new=batch.new, deferred=batch.deferred)
    else:
        add_to_visit(conn, visit_id, found=find.found, new=batch.new, deferred=batch.deferred)
    return batch.result(visit_id, None)


class _Batch:
    """The entries of one document on their way into the archive."""

    def __init__(
        self, conn: sqlite3.Connection, source_id: str, now: datetime, max_owed: int
    ) -> None:
        source = declared(conn, source_id)
        self._conn = conn
        self.source = source
        self._source_id = source_id
        self._now = now
        self._max_owed = max_owed
        self._room: int | None = None  # counted when the first new entry needs it
        self._forgotten: frozenset[str] = frozenset()  # of the addresses it announces
        self._hosts: dict[str, None] = {}
        self.new = 0
        self.merged = 0
        self.deferred = 0

    def result(
        self, visit_id: int, plan: Plan | None, *, note: str = "", further: Sequence[str] = ()
    ) -> Entered:
        return Entered(
            visit_id=visit_id,
            new=self.new,
            merged=self.merged,
            deferred=self.deferred,
            hosts=tuple(dict.fromkeys((*self._hosts, *further))),
            before=self.source,
            plan=plan,
            note=note,
        )

    def take(self, entries: Sequence[Entry]) -> None:
        entries = [storable_record(entry) for entry in entries]
        self._forgotten = forgotten_of(self._conn, [entry.url for entry in entries])
        for entry in newest_first(without_shared_guids(entries)):
            self._take_one(entry)

    def _known(self, entry: Entry) -> sqlite3.Row | None:
        """The entry that an item is: by its guid, where that agrees, else by its address."""
        if entry.guid and is_of(self.source.hosts, entry.url):
            row = self._row("guid = ?", entry.guid)
            if row is not None and is_same_item(row, entry):
                return row
        return self._row("url = ?", entry.url)

    def _row(self, condition: str, value: str) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._conn.execute(
            f"SELECT * FROM entries WHERE source_id = ? AND {condition} ORDER BY id DESC LIMIT 1",  # noqa: S608
            (self._source_id, value),
        ).fetchone()
        return row

    def _take_one(self, entry: Entry) -> None:
        known = self._known(entry)
        if known is not None and is_another_item(known, entry):
            entry = with_own_address(known, entry)
            known = self._row("url = ?", entry.url)
        if known is not None:
            self._meet(known, entry)
        elif entry.url not in self._forgotten:
            self._add(entry)

    def _meet(self, known: sqlite3.Row, entry: Entry) -> None:
        if entry.url != known["url"] and entry.url not in self._forgotten:
            self._add_alias(known, entry)
        shown = shown_of(entry, known["shown"])
        numbers_only = self.source.vain >= WOLF
        changed = shows_other(known["shown"], shown, numbers_only=numbers_only)
        newer = is_newer(known, entry)
        if newer or shown != known["shown"]:
            refreshed = entry_columns(entry) | {"id": known["id"], "shown": shown}
            self._conn.execute(_REFRESH, refreshed)
        if newer or changed:
            self._look_again(known, entry)

    def _add_alias(self, known: sqlite3.Row, entry: Entry) -> None:
        aliases = json.loads(known["aliases"])
        if entry.url in aliases:
            return
        self.merged += 1
        aliases = [*aliases, entry.url][-MAX_ALIASES:]
        self._conn.execute(
            "UPDATE entries SET aliases = ?, raw_url = ?, host = ? WHERE id = ?",
            (json.dumps(aliases), entry.raw_url, host_of(entry.raw_url), known["id"]),
        )
        if known["article_id"] is not None:
            self._conn.execute(
                "INSERT OR IGNORE INTO article_urls(url, article_id) VALUES (?, ?)",
                (entry.url, known["article_id"]),
            )
        if known["state"] == EntryState.OWED:
            self._hosts[host_of(entry.raw_url)] = None

    def _look_again(self, known: sqlite3.Row, entry: Entry) -> None:
        if known["state"] in _NOT_LOOKED_AT:
            return
        due = max(self._now, worth_a_look(known))
        self._conn.execute(_REOPEN, (to_text(due), known["id"]))
        self._hosts[host_of(entry.raw_url)] = None

    def _add(self, entry: Entry) -> None:
        article_id = self._article_at(entry.url)
        if article_id is None and not self._has_room():
            self.deferred += 1
            return
        row = entry_columns(entry)
        self._conn.execute(
            _INSERT,
            row
            | {
                "source_id": self._source_id,
                "now": to_text(self._now),
                "article_id": article_id,
                "shown": shown_of(entry),
            },
        )
        self.new += 1
        if article_id is None:
            self._hosts[row["host"] or ""] = None

    def _has_room(self) -> bool:
        if self._room is None:
            owed = self._conn.execute(_OWED_UP_TO, (self._source_id, self._max_owed)).fetchone()[0]
            self._room = self._max_owed - owed
        self._room -= 1
        return self._room >= 0

    def _article_at(self, url: str) -> int | None:
        """The article that an entry has with its address; None where its page is to be asked:
        what stands there is a foreign feed's word, or was filed before its own source came."""
        row = self._conn.execute(_ARTICLE_AT, (url,)).fetchone()
        if row is None:
            return None
        if row["source_id"] == self._source_id:
            known = self._conn.execute(_ANNOUNCED_IT, (row["id"], self._source_id)).fetchone()
            is_first = known is None and is_of(self.source.hosts, row["url"])
            return None if is_first else int(row["id"])
        foreign = not is_of(json.loads(row["hosts"]), row["url"])
        if is_hearsay(row["evidence"]) or (foreign and is_of(self.source.hosts, row["url"])):
            return None
        return int(row["id"])
