"""What the archive remembers of each source. All run inside the caller's transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from archive.database.times import from_text, to_text
from archive.errors import ArchiveError
from archive.model import Declaration, SourceState, SourceStatus, Validators
from archive.sources.health import BY_CONFIG, change_status
from archive.sources.outlets import is_of, owner_of
from archive.text.hosts import host_of

FILING_KINDS = ("page", "warc")  # rows that no config declares

# A changed address or kind makes the validators worthless: a 304 would hide the new document, or
# keep the old one from being read the new way. The rest of what is remembered stays.
_UPSERT = """
INSERT INTO sources(id, name, kind, url, category, section, language, enabled, trust, next_due,
                    status, domains, hosts)
VALUES (:id, :name, :kind, :url, :category, :section, :language, :enabled, :trust, :now,
        iif(:enabled, 'ok', 'disabled'), :domains, :hosts)
ON CONFLICT(id) DO UPDATE SET
  name = :name, kind = :kind, url = :url, category = :category, section = :section,
  language = :language, enabled = :enabled, trust = :trust, domains = :domains, hosts = :hosts
"""
_FORGET_VALIDATORS = """
UPDATE sources SET etag = NULL, last_modified = NULL, validators_url = NULL, body_digest = NULL,
  listing = '{}'
WHERE id = ?
"""
_NEW_ADDRESS = """
UPDATE sources SET next_due = ?, interval_s = NULL, failures = 0, moved_to = NULL,
  moved_polls = 0, rhythm = '{}', hints = '{}', offset_s = NULL WHERE id = ?
"""


def declare(
    conn: sqlite3.Connection, declarations: Sequence[Declaration], *, now: datetime
) -> None:
    """Make the rows agree with the config: all its sources, and no others enabled.

    What is no longer declared keeps its history, disabled, with status `removed`. Where a source's
    `trust` has changed, who is trusted more takes the lead of its stories.
    """
    trusted = {state.id: state.trust for state in source_states(conn)}
    for declaration in declarations:
        _declare_one(conn, declaration, now)
    changed = [d.id for d in declarations if trusted.get(d.id, d.trust) != d.trust]
    if changed:
        from archive.copies.leadership import after_trust  # Markdown's parser comes with it

        after_trust(conn, changed, now=now)
    declared = {declaration.id for declaration in declarations}
    for state in source_states(conn):
        if state.id not in declared and state.kind not in FILING_KINDS:
            conn.execute("UPDATE sources SET enabled = 0 WHERE id = ?", (state.id,))
            change_status(conn, state.id, SourceStatus.REMOVED, "no longer in the config", now=now)


def source_state(conn: sqlite3.Connection, source_id: str) -> SourceState | None:
    row = conn.execute("SELECT * FROM sources WHERE id = ?", (source_id,)).fetchone()
    return None if row is None else _state(row)


def declared(conn: sqlite3.Connection, source_id: str) -> SourceState:
    """Give a source that must be there; ArchiveError when it was never declared."""
    state = source_state(conn, source_id)
    if state is None:
        raise ArchiveError(f"source {source_id!r} is not declared in the archive")
    return state


def speaker_of(
    conn: sqlite3.Connection, source: SourceState, url: str, *, is_page: bool
) -> SourceState:
    """Give the source that speaks by what `source` announced: its own page, or text, is its word; a
    page of another source's is that one's, whoever listed it."""
    if not is_page or is_of(source.hosts, url):
        return source
    owner = owner_of(conn, url, besides=source.id)
    return source if owner is None else declared(conn, owner)


def source_states(conn: sqlite3.Connection) -> list[SourceState]:
    return [_state(row) for row in conn.execute("SELECT * FROM sources ORDER BY id")]


def ensure_filing_source(
    conn: sqlite3.Connection, *, id: str, kind: str, url: str, now: datetime
) -> SourceState:
    """Return the row under which pages or WARC records are filed, made where it is missing.

    `id`: a registrable domain.
    """
    own = json.dumps([id])
    category = Declaration(id=id, name=id, url=url).category
    conn.execute(
        "INSERT INTO sources(id, name, kind, url, category, enabled, next_due, domains, hosts)"
        " VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?) ON CONFLICT(id) DO NOTHING",
        (id, id, kind, url, category, to_text(now), own, own),
    )
    state = source_state(conn, id)
    assert state is not None
    return state


def rename_source(conn: sqlite3.Connection, old: str, new: str) -> None:
    """Give a source another id; all that refers to it follows (`ON UPDATE CASCADE`).

    A row without any history gives way, so that a rename which a crash cut off between config
    and archive can be repeated. Raises ArchiveError when `old` is unknown or both have a history.
    """
    if source_state(conn, old) is None:
        raise ArchiveError(f"no source {old!r} in the archive: see `broadsheet sources list`")
    if old == new:
        return
    if source_state(conn, new) is not None:
        spare = next((id for id in (new, old) if not _has_history(conn, id)), None)
        if spare is None:
            raise ArchiveError(f"can't rename {old!r}: source {new!r} has a history of its own")
        conn.execute("DELETE FROM sources WHERE id = ?", (spare,))
    conn.execute("UPDATE sources SET id = ? WHERE id = ?", (new, old))


def renamed_by_hand(
    conn: sqlite3.Connection, declarations: Sequence[Declaration]
) -> list[tuple[str, str]]:
    """Find sources that left the config while another id came with their address: (old, new).

    Only while the new one has no history, so that `rename_source` still brings both together.
    """
    ids = {declaration.id for declaration in declarations}
    left = [state for state in source_states(conn) if state.id not in ids]
    gone = {state.url: state.id for state in left if _has_history(conn, state.id)}
    came = [d for d in declarations if d.url in gone]
    return [(gone[d.url], d.id) for d in came if not _has_history(conn, d.id)]


def _declare_one(conn: sqlite3.Connection, declaration: Declaration, now: datetime) -> None:
    before = source_state(conn, declaration.id)
    kind = declaration.kind or _detected_kind(before, declaration)
    conn.execute(
        _UPSERT,
        {
            "id": declaration.id,
            "name": declaration.name,
            "kind": kind,
            "url": declaration.url,
            "category": declaration.category,
            "section": declaration.section,
            "language": declaration.language,
            "enabled": declaration.enabled,
            "domains": json.dumps(declaration.domains),
            "hosts": json.dumps(declaration.hosts or [host_of(declaration.url)]),
            "trust": declaration.trust,
            "now": to_text(now),
        },
    )
    if before is not None:
        _settle_change(conn, before, declaration, kind, now)


def _detected_kind(before: SourceState | None, declaration: Declaration) -> str:
    if before is None or before.url != declaration.url or before.kind in FILING_KINDS:
        return ""
    return before.kind


def _settle_change(
    conn: sqlite3.Connection, before: SourceState, after: Declaration, kind: str, now: datetime
) -> None:
    if before.url != after.url or before.kind != kind:
        conn.execute(_FORGET_VALIDATORS, (after.id,))
    if not after.enabled:
        words = "disabled in the config"
        change_status(conn, after.id, SourceStatus.DISABLED, words, now=now)
    elif before.status in BY_CONFIG or before.url != after.url:
        change_status(conn, after.id, SourceStatus.OK, None, now=now, by_user=True)
    if before.url != after.url:
        conn.execute(_NEW_ADDRESS, (to_text(now), after.id))


def _has_history(conn: sqlite3.Connection, source_id: str) -> bool:
    row = conn.execute(
        "SELECT EXISTS (SELECT 1 FROM entries WHERE source_id = :id)"
        " OR EXISTS (SELECT 1 FROM articles WHERE source_id = :id)"
        " OR EXISTS (SELECT 1 FROM visits WHERE source_id = :id)",
        {"id": source_id},
    ).fetchone()
    return bool(row[0])


def _state(row: sqlite3.Row) -> SourceState:
    url, etag, modified = row["validators_url"], row["etag"], row["last_modified"]
    digest = row["body_digest"]
    known = Validators(url=url, etag=etag, last_modified=modified, digest=digest) if url else None
    return SourceState(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        url=row["url"],
        category=row["category"],
        section=row["section"],
        language=row["language"],
        enabled=bool(row["enabled"]),
        validators=known,
        next_due=from_text(row["next_due"]),
        interval_s=row["interval_s"],
        failures=row["failures"],
        last_success=from_text(row["last_success"]),
        last_new=from_text(row["last_new"]),
        status=SourceStatus(row["status"]),
        status_reason=row["status_reason"],
        moved_to=row["moved_to"],
        moved_polls=row["moved_polls"],
        rhythm=row["rhythm"],
        listing=row["listing"],
        hints=row["hints"],
        attempt=row["attempt"],
        domains=tuple(json.loads(row["domains"])),
        hosts=tuple(json.loads(row["hosts"])),
        vain=row["vain"],
        offset_s=row["offset_s"],
        trust=row["trust"],
    )
