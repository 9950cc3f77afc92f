"""Write one article of what both archives have of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from archive.articles.columns import (
    COLUMNS,
    Column,
    Later,
    Value,
    version_values,
    write_values,
)
from archive.articles.revisions import RevisionKind, Version, kind_of_change
from archive.copies import clusters
from archive.copies.members import member_of
from archive.database.times import to_text
from archive.files.orders import want_file
from archive.held.holds import hold_article
from archive.model import Reason
from archive.upkeep.merge.harmless_posts import is_harmless
from archive.upkeep.merge.pairing import Component, Pair, knows_addresses
from archive.upkeep.merge.records import (
    Record,
    Stored,
    newest_holder,
    read_record,
    unite_versions,
    without_texts,
)

_CLOSE_OWED = """
UPDATE entries SET state = 'archived', reason = 'already archived', closed = :now, article_id = :id
WHERE state = 'owed' AND article_id IS NULL AND id IN (
  SELECT e.id FROM json_each(:urls) AS u CROSS JOIN entries AS e INDEXED BY entries_url
  ON e.url = u.value)
"""
_POST = """
SELECT markdown_path, content FROM verbatim_posts JOIN articles ON id = article_id
WHERE article_id IN (SELECT value FROM json_each(?)) ORDER BY fetched, id LIMIT 1
"""
_IMAGES = """
INSERT OR IGNORE INTO article_images(article_id, image_id, position)
SELECT ?, image_id, position FROM article_images WHERE article_id = ?
"""
_MENTIONS = "SELECT code, surface, evidence, count FROM mentions WHERE article_id = ?"


@dataclass(slots=True, kw_only=True)
class Sums:
    """What became of their articles."""

    new: int = 0
    grown: int = 0  # ours that got something: a version, an address, an earlier date
    joined: int = 0  # ours that turned out to be another one of ours
    held: int = 0  # that are walls, as one of the two knows
    remade: int = 0  # imported posts whose bytes stayed away


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleMerge:
    """What uniting an article depends on besides the article."""

    pair: Pair
    sources: Mapping[str, str]  # from their ids to ours
    placeholders: Mapping[str, Collection[str]]  # by outlet, hashes of texts that are no articles
    is_free: Callable[[str], bool]  # whether no file lies at a path below markdown.dir
    now: datetime
    trust_posts: bool = False  # keep the bytes of their imported posts, whatever they hold
    sums: Sums = field(default_factory=Sums)

    def unite(self, component: Component) -> None:
        """Write one article for all of these; in the caller's transaction."""
        ours = [read_record(self.pair.ours, i, ours=True) for i in component.ours]
        theirs = [read_record(self.pair.theirs, i, ours=False) for i in component.theirs]
        records = [*ours, *theirs]
        versions = unite_versions(v for record in records for v in self._honest(record))
        walled = not versions
        if walled:  # each of them is a wall: it comes along, and is held
            versions = unite_versions(v for record in records for v in record.versions)
        kept = min(ours, key=_age, default=None)
        for other in ours:
            if other is not kept and kept is not None:
                self._absorb(other, kept)
        columns = self._columns(records, versions)
        if kept is None:
            article_id = self._add(columns)
            self._settle(article_id, records, versions)
        else:
            article_id = kept.id
            if len(ours) > 1 or self._adds(kept, theirs, columns, versions):
                self._change(kept, columns)
                self._settle(kept.id, records, versions)
        if walled or all(record.row["held"] is not None for record in records):
            self._hold(article_id, records, versions[-1])

    def _adds(
        self,
        kept: Record,
        theirs: Sequence[Record],
        columns: Mapping[str, Value],
        versions: Sequence[Stored],
    ) -> bool:
        """Tell whether anything of ours would change."""
        return (
            [v.content for v in kept.versions] != [v.content for v in versions]
            or any(kept.row[name] != value for name, value in columns.items())
            or not all(record.url in kept.addresses for record in theirs)
            or not all(knows_addresses(self.pair.ours, record) for record in theirs)
        )

    def _honest(self, record: Record) -> list[Stored]:
        return without_texts(record.versions, self.placeholders.get(record.outlet, ()))

    def _columns(self, records: Sequence[Record], versions: Sequence[Stored]) -> dict[str, Value]:
        """The first archived says what it is, the newest what it says: see `Later`."""
        first, head = min(records, key=_age), versions[-1]
        holder = newest_holder(records, head)
        last = max(records, key=lambda r: (r.row["checked"], r.ours, r.url))
        latest_first = sorted(records, key=lambda r: (r.row["checked"], r.url), reverse=True)
        asked: dict[Later, Sequence[Record]] = {
            Later.KEEP: [first],
            Later.REPLACE: [holder],
            Later.PAGE: [holder],
            Later.IF_SAID: [holder, *latest_first],  # the newest, else the one checked last
            Later.LATEST: [last],
            Later.CLEAR: [last],
        }
        columns = {c.name: _said(c, asked[c.later]) for c in COLUMNS if c.later in asked}
        columns |= version_values(Version.of(head.title, head.text, head.markdown))
        before = versions[-2] if len(versions) > 1 else None
        return columns | {  # numbers and ids of theirs mean nothing here
            "source_id": self._source_of(first),
            "page_id": holder.row["page_id"] if holder.ours else None,  # named when it is here
            "revision": len(versions),
            "version_seen": head.seen,
            "version_kind": _kind(before, head),
        }

    def _source_of(self, record: Record) -> str:
        source = str(record.row["source_id"])
        return source if record.ours else self.sources[source]

    def _add(self, columns: Mapping[str, Value]) -> int:
        columns = {**columns, "first_seen": to_text(self.now)}  # whatever the other one knew when
        names = ", ".join(columns)
        values = ", ".join(f":{name}" for name in columns)
        added = self.pair.ours.execute(
            f"INSERT INTO articles({names}) VALUES ({values})",  # noqa: S608
            columns,
        ).lastrowid
        assert added is not None
        self.sums.new += 1
        return added

    def _change(self, kept: Record, columns: Mapping[str, Value]) -> None:
        conn = self.pair.ours
        clusters.drop_bands(conn, kept.id)
        write_values(conn, kept.id, columns)
        self.sums.grown += 1

    def _settle(
        self, article_id: int, records: Sequence[Record], versions: Sequence[Stored]
    ) -> None:
        """Write what refers to the row, and put it into its cluster."""
        conn, is_new = self.pair.ours, not any(record.ours for record in records)
        _write_versions(conn, article_id, versions)
        _write_addresses(conn, article_id, records)
        self._write_mentions(article_id, newest_holder(records, versions[-1]))
        urls = [url for record in records for url in record.addresses]
        values = {"now": to_text(self.now), "id": article_id, "urls": json.dumps(urls)}
        conn.execute(_CLOSE_OWED, values)
        if is_new and self._keep_post(article_id, records):
            clusters.rebuild_bands(conn, article_id)  # an imported post stays a story
        elif is_new:
            clusters.file_new(conn, article_id, now=self.now)
        else:
            clusters.after_revision(conn, article_id, now=self.now)
            clusters.rebuild_bands(conn, article_id)
        want_file(conn, article_id)
        story = member_of(conn, article_id).copy_of
        if story is not None:
            want_file(conn, story)

    def _keep_post(self, article_id: int, records: Sequence[Record]) -> bool:
        """Keep the file of a post that was imported there, at its path where that is free.

        Its bytes only where they can do no harm, or are trusted: else it is made of its text.
        """
        ids = json.dumps([record.id for record in records])
        post = self.pair.theirs.execute(_POST, (ids,)).fetchone()
        if post is None:
            return False
        conn, path = self.pair.ours, post["markdown_path"]
        if self.trust_posts or is_harmless(post["content"]):
            conn.execute(
                "INSERT INTO verbatim_posts(article_id, content) VALUES (?, ?)",
                (article_id, post["content"]),
            )
        else:
            self.sums.remade += 1
        ordered = conn.execute("SELECT 1 FROM files WHERE path = ?", (path,)).fetchone()
        if not ordered and self.is_free(path):
            conn.execute("UPDATE articles SET markdown_path = ? WHERE id = ?", (path, article_id))
        return True

    def _write_mentions(self, article_id: int, holder: Record) -> None:
        if holder.ours and holder.id == article_id:
            return
        conn = self.pair.ours
        origin = conn if holder.ours else self.pair.theirs
        found = origin.execute(_MENTIONS, (holder.id,)).fetchall()
        conn.execute("DELETE FROM mentions WHERE article_id = ?", (article_id,))
        conn.executemany(
            "INSERT INTO mentions(article_id, code, surface, evidence, count)"
            " VALUES (?, ?, ?, ?, ?)",
            [(article_id, *row) for row in found],
        )

    def _absorb(self, other: Record, kept: Record) -> None:
        """Take out a row of ours that is the same article as another one."""
        conn = self.pair.ours
        for table in ("entries", "article_urls"):
            conn.execute(
                f"UPDATE {table} SET article_id = ? WHERE article_id = ?",  # noqa: S608
                (kept.id, other.id),
            )
        conn.execute(_IMAGES, (kept.id, other.id))
        self._delete(other.id, "it is the same article as another one")
        self.sums.joined += 1

    def _hold(self, article_id: int, records: Sequence[Record], head: Stored) -> None:
        """Nothing but walls, or held in both archives: `broadsheet held` lists it."""
        conn, version = self.pair.ours, Version.of(head.title, head.text)
        row = conn.execute("SELECT held FROM articles WHERE id = ?", (article_id,)).fetchone()
        if row["held"] is not None:
            return
        known = next((r.row["held"] for r in records if r.row["held"] is not None), "")
        reason = known or f"{Reason.PLACEHOLDER}: a wall, as the other archive knows"
        outlet = records[0].outlet
        hold_article(conn, article_id, version, outlet=outlet, reason=reason, now=self.now)
        self.sums.held += 1

    def _delete(self, article_id: int, reason: str) -> None:
        conn = self.pair.ours
        clusters.dissolve(conn, article_id, now=self.now, reason=reason)
        conn.execute("DELETE FROM articles WHERE id = ?", (article_id,))
        want_file(conn, article_id)


def _age(record: Record) -> tuple[str, str]:
    """Order by the first fetch; two of one second by address, so that both sides agree."""
    return (record.row["fetched"], record.url)


def _said(column: Column, records: Sequence[Record]) -> Value:
    """Give what the first record says that says anything."""
    values: list[Value] = [record.row[column.name] for record in records]
    return next(filter(column.says, values), values[0])


def _write_versions(conn: sqlite3.Connection, article_id: int, versions: Sequence[Stored]) -> None:
    """Write all but the newest, which the article's own row is."""
    conn.execute("DELETE FROM superseded WHERE article_id = ?", (article_id,))
    for before, version in zip((None, *versions), versions[:-1], strict=False):
        values = {
            **dict(version.beside),
            "article_id": article_id,
            "number": version.number,
            "seen": version.seen,
            "kind": _kind(before, version),
            "title": version.title,
            "text": version.text,
            "markdown": version.markdown,
            "content_hash": version.content_hash,
        }
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        conn.execute(f"INSERT INTO superseded({names}) VALUES ({marks})", values)  # noqa: S608


def _kind(before: Stored | None, version: Stored) -> str:
    if before is None:
        return RevisionKind.FIRST.value
    if version.extraction:
        return RevisionKind.EXTRACTION.value
    older, newer = (Version.of(v.title, v.text) for v in (before, version))
    return kind_of_change(older, newer).value


def _write_addresses(conn: sqlite3.Connection, article_id: int, records: Sequence[Record]) -> None:
    """Addresses of their own lead to it whatever they led to; others where they led nowhere."""
    conn.executemany(
        "INSERT OR REPLACE INTO article_urls(url, article_id) VALUES (?, ?)",
        [(record.url, article_id) for record in records],
    )
    conn.executemany(
        "INSERT OR IGNORE INTO article_urls(url, article_id) VALUES (?, ?)",
        [(url, article_id) for record in records for url in record.addresses],
    )
