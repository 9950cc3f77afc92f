"""The record of looks at a source: the visit's row, what the source learns from it, pruning."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from archive.model import SourceStatus, Visit
from archive.storable import storable
from archive.times import to_text

KEPT_VISITS = 50  # the latest of each source, whatever they found
KEPT_FOR = timedelta(days=90)  # those beyond them that brought or failed something

_DULL = "new = 0 AND error IS NULL AND status < 400"
_FAILED = "error IS NOT NULL OR status IS NULL OR status >= 400"
# Only the visit that has just left the window can be newly dull, and only the oldest can be too
# old: so a visit costs two look-ups however many rows are kept.
_PRUNABLE = f"""
WITH leaving AS (SELECT id, at, new, error, status FROM visits
                 WHERE source_id = :source ORDER BY at DESC, id DESC LIMIT 1 OFFSET :kept)
SELECT id FROM leaving WHERE {_DULL}
UNION SELECT id FROM visits
  WHERE source_id = :source AND at < :cutoff AND at <= (SELECT at FROM leaving)
"""  # noqa: S608
_SUM = f"""
INSERT INTO visit_days(source_id, day, polls, not_modified, failed, new, bytes)
SELECT source_id, substr(at, 1, 10), 1, ifnull(status = 304, 0), {_FAILED}, new, bytes
FROM visits WHERE id = ?
ON CONFLICT(source_id, day) DO UPDATE SET polls = polls + 1,
  not_modified = not_modified + excluded.not_modified, failed = failed + excluded.failed,
  new = new + excluded.new, bytes = bytes + excluded.bytes
"""  # noqa: S608

# A status that something else than an answer decides stays: the config's (disabled, removed), a
# redirect (moved), pages without articles (blocked). quiet and silent end with a new entry.
_GOOD = """
UPDATE sources SET failures = 0, last_success = :at,
  interval_s = coalesce(:interval_s, interval_s),
  last_new = iif(:new > 0, :at, last_new),
  status_reason = iif(status IN ('failing', 'gone') OR (:new > 0 AND status IN ('quiet', 'silent')),
                      NULL, status_reason),
  status = iif(status IN ('failing', 'gone') OR (:new > 0 AND status IN ('quiet', 'silent')),
               'ok', status)
WHERE id = :id
"""
_BAD = """
UPDATE sources SET failures = failures + 1,
  status_reason = iif(status IN ('disabled', 'removed'), status_reason, :reason),
  status = iif(status IN ('disabled', 'removed'), status, :status)
WHERE id = :id
"""


def succeeded(visit: Visit) -> bool:
    """Tell whether the source answered (2xx or 304) with something readable."""
    return visit.error is None and visit.status is not None and visit.status < 400


def record_visit(conn: sqlite3.Connection, visit: Visit, *, new: int, deferred: int) -> int:
    """Write the visit and all that its source learns from it; return the visit's id."""
    visit = storable(visit)
    cursor = conn.execute(
        "INSERT INTO visits(source_id, at, status, error, found, dropped, deferred, new, bytes,"
        " seconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(visit.source_id, to_text(visit.at), visit.status, visit.error, visit.found),
            *(visit.dropped, deferred, new, visit.bytes, visit.seconds),
        ),
    )
    assert cursor.lastrowid is not None
    _schedule(conn, visit)
    if succeeded(visit):
        _note_success(conn, visit, new)
    else:
        _note_failure(conn, visit)
    _keep_validators(conn, visit, deferred)
    prune_visits(conn, visit.source_id, now=visit.at)
    return cursor.lastrowid


def add_to_visit(
    conn: sqlite3.Connection, visit_id: int, *, found: int, new: int, deferred: int
) -> None:
    """Count what a further document of the same visit brought."""
    conn.execute(
        "UPDATE visits SET found = found + ?, new = new + ?, deferred = deferred + ? WHERE id = ?",
        (found, new, deferred, visit_id),
    )
    if new:
        conn.execute(
            "UPDATE sources SET last_new = v.at FROM visits AS v"
            " WHERE v.id = ? AND sources.id = v.source_id",
            (visit_id,),
        )


def forget_validators(conn: sqlite3.Connection, source_id: str) -> None:
    """Make sure that the next visit is answered with the document, not with 304."""
    _store_validators(conn, source_id, None, None, None)


def prune_visits(conn: sqlite3.Connection, source_id: str, *, now: datetime) -> None:
    """Sum into `visit_days` what need not be kept one by one."""
    limits = {"source": source_id, "kept": KEPT_VISITS, "cutoff": to_text(now - KEPT_FOR)}
    for (visit_id,) in conn.execute(_PRUNABLE, limits).fetchall():
        conn.execute(_SUM, (visit_id,))
        conn.execute("DELETE FROM visits WHERE id = ?", (visit_id,))


def _schedule(conn: sqlite3.Connection, visit: Visit) -> None:
    conn.execute(
        "UPDATE sources SET next_due = coalesce(?, next_due),"
        " kind = iif(kind = '', coalesce(?, ''), kind) WHERE id = ?",
        (to_text(visit.next_due), visit.kind, visit.source_id),
    )


def _note_success(conn: sqlite3.Connection, visit: Visit, new: int) -> None:
    ahead = None if visit.next_due is None else round((visit.next_due - visit.at).total_seconds())
    conn.execute(
        _GOOD, {"id": visit.source_id, "at": to_text(visit.at), "new": new, "interval_s": ahead}
    )


def _note_failure(conn: sqlite3.Connection, visit: Visit) -> None:
    status = SourceStatus.GONE if visit.status == 410 else SourceStatus.FAILING
    reason = visit.error or (f"HTTP {visit.status}" if visit.status else "no answer")
    conn.execute(_BAD, {"id": visit.source_id, "status": status.value, "reason": reason})


def _keep_validators(conn: sqlite3.Connection, visit: Visit, deferred: int) -> None:
    """A validator must never outrun the entries it vouches for."""
    if visit.status is None or visit.status == 304 or visit.status >= 400:
        return  # nothing was read: what was vouched for before still is
    if deferred or visit.error is not None:
        forget_validators(conn, visit.source_id)
    else:
        _store_validators(
            conn, visit.source_id, visit.etag, visit.last_modified, visit.validators_url
        )


def _store_validators(
    conn: sqlite3.Connection,
    source_id: str,
    etag: str | None,
    last_modified: str | None,
    url: str | None,
) -> None:
    conn.execute(
        "UPDATE sources SET etag = ?, last_modified = ?, validators_url = ? WHERE id = ?",
        (etag, last_modified, url, source_id),
    )
