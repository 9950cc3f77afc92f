"""The record of looks at a source: the visit's row, what the source learns from it, pruning."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from archive.database.storable import storable_record
from archive.database.times import from_text, to_text
from archive.entries.sitemap_children import read_all_again
from archive.model import HealthRules, Plan, SourceState, SourceStatus, Validators, Visit
from archive.sources import gaps, health
from archive.sources.window import Judgement
from archive.text.strings import storable

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
SELECT source_id, substr(at, 1, 10), 1 - pushed, ifnull(status = 304, 0), {_FAILED}, new, bytes
FROM visits WHERE id = ?
ON CONFLICT(source_id, day) DO UPDATE SET polls = polls + excluded.polls,
  not_modified = not_modified + excluded.not_modified, failed = failed + excluded.failed,
  new = new + excluded.new, bytes = bytes + excluded.bytes
"""  # noqa: S608

_GOOD = """
UPDATE sources SET failures = 0, last_success = :at, last_new = iif(:new > 0, :at, last_new),
  kind = iif(kind = '', coalesce(:kind, ''), kind), moved_to = :moved_to, moved_polls = :polls
WHERE id = :id
"""
_BAD = """
UPDATE sources SET failures = failures + :weight, moved_to = :moved_to, moved_polls = :polls,
  kind = iif(kind = '', coalesce(:kind, ''), kind)
WHERE id = :id
"""
_PLAN = """
UPDATE sources SET next_due = :next_due, interval_s = coalesce(:interval_s, interval_s),
  rhythm = :rhythm, hints = coalesce(:hints, hints) WHERE id = :id
"""


def succeeded(visit: Visit) -> bool:
    """Tell whether the source answered (2xx or 304) with something readable."""
    return visit.error is None and visit.status is not None and visit.status < 400


def record_visit(
    conn: sqlite3.Connection,
    visit: Visit,
    before: SourceState,
    *,
    new: int,
    deferred: int,
    plan: Plan | None,
    rules: HealthRules,
    judged: Judgement | None = None,
) -> tuple[int, str]:
    """Write the visit and all that its source learns from it; give the visit's id, and what its
    list says that a person should know ('' for nothing).

    `judged`: what a good visit's list says of the list before (`gaps.judge_visit`).
    """
    visit = storable_record(visit)
    visit_id, note = _insert(conn, visit, new=new, deferred=deferred), ""
    if succeeded(visit):
        _note_success(conn, visit, before, new, plan, rules)
    else:
        _note_failure(conn, visit, before, rules)
    if judged is not None:
        expected = plan.expected if plan else None
        note = gaps.note_listing(conn, visit, before, judged, deferred=deferred, expected=expected)
    if plan is not None:
        keep_plan(conn, visit.source_id, plan)
    _keep_validators(conn, visit, deferred)
    if not visit.clock_s:  # by a wrong clock everything is old
        prune_visits(conn, visit.source_id, now=visit.at)
    return visit_id, note


def record_push(
    conn: sqlite3.Connection,
    visit: Visit,
    before: SourceState,
    *,
    new: int,
    deferred: int,
    rhythm: str | None,
) -> int:
    """Write a document that a hub pushed (WebSub), and what it says of the source's news.

    Nothing was asked: validators, failures and the next visit stay as they were.
    """
    visit = storable_record(visit)
    visit_id = _insert(conn, visit, new=new, deferred=deferred, pushed=True)
    gaps.remember_push(conn, visit, before)
    if new:
        _note_news(conn, visit.source_id, visit.at)
    if rhythm is not None:
        conn.execute("UPDATE sources SET rhythm = ? WHERE id = ?", (rhythm, visit.source_id))
    if not visit.clock_s:  # by a wrong clock everything is old
        prune_visits(conn, visit.source_id, now=visit.at)
    return visit_id


def record_find(
    conn: sqlite3.Connection, find: Visit, spider: str, *, new: int, deferred: int
) -> int:
    """Write the run of a spider of a person's own, and what it says of the source's news.

    The source's own address was not asked: its validators, failures and next visit stay as they
    were, and its row is marked as one that a hub brought.
    """
    find = storable_record(find)
    visit_id = _insert(conn, find, new=new, deferred=deferred, pushed=True)
    remark_on(conn, visit_id, f"found by the spider {spider}")
    if new:
        _note_news(conn, find.source_id, find.at)
    prune_visits(conn, find.source_id, now=find.at)
    return visit_id


def keep_plan(conn: sqlite3.Connection, source_id: str, plan: Plan) -> None:
    conn.execute(
        _PLAN,
        {
            "id": source_id,
            "next_due": to_text(plan.next_due),
            "interval_s": plan.interval_s,
            "rhythm": plan.rhythm,
            "hints": plan.hints,
        },
    )


def add_to_visit(
    conn: sqlite3.Connection, visit_id: int, *, found: int, new: int, deferred: int
) -> None:
    """Count what a further document of the same visit brought."""
    conn.execute(
        "UPDATE visits SET found = found + ?, new = new + ?, deferred = deferred + ? WHERE id = ?",
        (found, new, deferred, visit_id),
    )
    if new:
        row = conn.execute("SELECT source_id, at FROM visits WHERE id = ?", (visit_id,)).fetchone()
        _note_news(conn, row["source_id"], from_text(row["at"]))


def remark_on(conn: sqlite3.Connection, visit_id: int, words: str) -> None:
    """Note what is odd about a visit that was read; behind what was noted before."""
    conn.execute(
        "UPDATE visits SET remark = iif(remark IS NULL, :words, remark || '; ' || :words)"
        " WHERE id = :id",
        {"id": visit_id, "words": storable(words)},
    )


def forget_validators(conn: sqlite3.Connection, source_id: str) -> None:
    """Make sure that the next visit is answered with the document, not with 304."""
    _store_validators(conn, source_id, None)


def forget_digest(conn: sqlite3.Connection, source_id: str) -> None:
    """Make sure that the next visit reads the document, where that is what it was: something is to
    be said of it each time."""
    conn.execute("UPDATE sources SET body_digest = NULL WHERE id = ?", (source_id,))


def read_anew(conn: sqlite3.Connection, source_id: str) -> None:
    """Make the next visit read all that the source lists, also what was read at an earlier one."""
    forget_validators(conn, source_id)
    read_all_again(conn, source_id)


def prune_visits(conn: sqlite3.Connection, source_id: str, *, now: datetime) -> None:
    """Sum into `visit_days` what need not be kept one by one."""
    limits = {"source": source_id, "kept": KEPT_VISITS, "cutoff": to_text(now - KEPT_FOR)}
    for (visit_id,) in conn.execute(_PRUNABLE, limits).fetchall():
        conn.execute(_SUM, (visit_id,))
        conn.execute("DELETE FROM visits WHERE id = ?", (visit_id,))


def _insert(
    conn: sqlite3.Connection, visit: Visit, *, new: int, deferred: int, pushed: bool = False
) -> int:
    cursor = conn.execute(
        "INSERT INTO visits(source_id, at, status, error, found, dropped, deferred, new, bytes,"
        " seconds, pushed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(visit.source_id, to_text(visit.at), visit.status, visit.error, visit.found),
            *(visit.dropped, deferred, new, visit.bytes, visit.seconds, pushed),
        ),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _note_news(conn: sqlite3.Connection, source_id: str, at: datetime) -> None:
    conn.execute("UPDATE sources SET last_new = ? WHERE id = ?", (to_text(at), source_id))
    health.end_silence(conn, source_id, now=at)
    gaps.close_silence(conn, source_id, now=at)


def _note_success(
    conn: sqlite3.Connection,
    visit: Visit,
    before: SourceState,
    new: int,
    plan: Plan | None,
    rules: HealthRules,
) -> None:
    moved_to, polls = health.follow_move(before, visit, good=True)
    found = health.after_success(
        conn,
        before,
        visit,
        new=new,
        moved_to=moved_to,
        usual_gap_s=plan.usual_gap_s if plan else None,
        rules=rules,
    )
    _settle(conn, visit, before, found, rules)
    if found[0] is SourceStatus.SILENT or before.status is not SourceStatus.OK:
        _follow_silence(conn, visit, before, new, found[0])
    values = {"id": visit.source_id, "at": to_text(visit.at), "new": new, "kind": visit.kind}
    conn.execute(_GOOD, values | {"moved_to": moved_to, "polls": polls})


def _follow_silence(
    conn: sqlite3.Connection, visit: Visit, before: SourceState, new: int, status: SourceStatus
) -> None:
    """What a silent source published since its last news may be missing, until it speaks."""
    is_silent = status is SourceStatus.SILENT
    if is_silent and before.status is not SourceStatus.SILENT and before.last_new is not None:
        gaps.open_silence(conn, visit.source_id, before.last_new)
    elif new and before.status is not SourceStatus.OK:
        gaps.close_silence(conn, visit.source_id, now=visit.at)


def _note_failure(
    conn: sqlite3.Connection, visit: Visit, before: SourceState, rules: HealthRules
) -> None:
    moved_to, polls = health.follow_move(before, visit, good=False)
    _settle(conn, visit, before, health.after_failure(before, visit), rules)
    values = {"id": visit.source_id, "weight": visit.weight, "kind": visit.kind}
    conn.execute(_BAD, values | {"moved_to": moved_to, "polls": polls})


def _settle(
    conn: sqlite3.Connection,
    visit: Visit,
    before: SourceState,
    found: health.Health,
    rules: HealthRules,
) -> None:
    if found != (before.status, before.status_reason):
        health.change_status(
            conn, before.id, *found, now=visit.at, failing_after=rules.failing_after
        )


def _keep_validators(conn: sqlite3.Connection, visit: Visit, deferred: int) -> None:
    """A validator must never outrun the entries it vouches for."""
    if visit.status is None or visit.status == 304 or visit.status >= 400:
        return  # nothing was read: what was vouched for before still is
    if deferred or visit.error is not None:
        forget_validators(conn, visit.source_id)
    else:
        _store_validators(conn, visit.source_id, visit.validators)


def _store_validators(
    conn: sqlite3.Connection, source_id: str, validators: Validators | None
) -> None:
    stored = validators and (
        *(validators.etag, validators.last_modified, validators.url, validators.digest),
    )
    conn.execute(
        "UPDATE sources SET etag = ?, last_modified = ?, validators_url = ?, body_digest = ?"
        " WHERE id = ?",
        (*(stored or (None,) * 4), source_id),
    )
