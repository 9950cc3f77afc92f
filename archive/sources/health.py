"""The health of sources: what a visit says of it, what is told to people, what is taken back.

Every change of `sources.status` goes through `change_status`, and leaves a row in
`health_changes`. All run inside the caller's transaction.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from archive.asof.changes import at_now
from archive.database.times import from_text, to_text
from archive.model import HealthChange, HealthRules, SourceState, SourceStatus, Visit

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SILENT_AT_LEAST = DAY  # whatever the rhythm: a wire that sleeps a night isn't broken
QUIET_AFTER, QUIET_AT_LEAST = 3.0, 12 * HOUR  # times the usual gap
MOVED_POLLS = 3  # visits in a row led to one address, before it is believed
BLOCKED_ENTRIES = 5  # closed in a row without an article
LATEST_ENTRIES = 20  # of which the reasons are counted
KEPT_FOR = timedelta(days=90)  # changes that were told

BY_CONFIG = frozenset({SourceStatus.DISABLED, SourceStatus.REMOVED})
WELL = frozenset({SourceStatus.OK, SourceStatus.QUIET, SourceStatus.SLOW})
# the gravest first
NEEDING = (SourceStatus.FAILING, SourceStatus.GONE, SourceStatus.BLOCKED, SourceStatus.SILENT)

Health = tuple[SourceStatus, str | None]  # the status, and why in words

_LATEST = """
SELECT state, reason FROM entries INDEXED BY entries_closed
WHERE source_id = ? AND closed IS NOT NULL ORDER BY closed DESC, id DESC LIMIT ?
"""
_UNTOLD = """
SELECT h.*, s.name, s.failures,
  h.id = (SELECT max(id) FROM health_changes WHERE source_id = h.source_id) AS newest
FROM health_changes AS h INDEXED BY health_changes_untold
JOIN sources AS s ON s.id = h.source_id WHERE h.told IS NULL ORDER BY h.id
"""
_TAKE_BACK = """
UPDATE sources SET failures = :failures, status = :status, status_reason = :reason,
  moved_to = :moved_to, moved_polls = :moved_polls, next_due = iif(next_due IS NULL, NULL, :now)
WHERE id = :id
"""


def needs_somebody(status: str, failures: float, *, failing_after: float) -> bool:
    """Say whether somebody should look, by a source's status and its weighed failures in a row.

    One failed visit alone is no trouble; one that moved answers still, at its old address.
    """
    if status == SourceStatus.FAILING:
        return failures >= failing_after
    return status in NEEDING


def change_status(
    conn: sqlite3.Connection,
    source_id: str,
    status: SourceStatus,
    reason: str | None,
    *,
    now: datetime,
    by_user: bool = False,
    failing_after: float = 0.0,
) -> None:
    """Set a source's status and reason; a status that is another one is noted, to be told.

    Not told are: what the user did himself in the config, `quiet`, `slow`, and a `failing` that
    ends before `failing_after` weighed failures (nor is that end). Reads `failures` as they were.
    """
    row = conn.execute("SELECT status, failures FROM sources WHERE id = ?", (source_id,)).fetchone()
    conn.execute(
        "UPDATE sources SET status = ?, status_reason = ? WHERE id = ?",
        (status.value, reason, source_id),
    )
    was = SourceStatus(row["status"])
    if was is status:
        return
    mute = {was, status} <= WELL
    if was is SourceStatus.FAILING and row["failures"] < failing_after:
        before = _mute_failing(conn, source_id, now)
        mute = before is status or (before in WELL and status in WELL)
    if by_user or status in BY_CONFIG:
        _mute_all(conn, source_id, now)
        mute = True
    conn.execute(
        "INSERT INTO health_changes(source_id, at, was, status, reason, told)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (source_id, to_text(now), was, status, reason, to_text(now) if mute else None),
    )
    conn.execute(
        "DELETE FROM health_changes WHERE source_id = ? AND at < ? AND told IS NOT NULL",
        (source_id, to_text(now - KEPT_FOR)),
    )


def note_slow(conn: sqlite3.Connection, source_id: str, reason: str, *, now: datetime) -> None:
    """What a well source gives takes very long to read: its status, and a remark on its last
    visit. The next good visit ends it."""
    row = conn.execute("SELECT status FROM sources WHERE id = ?", (source_id,)).fetchone()
    if row is not None and SourceStatus(row["status"]) in WELL:
        change_status(conn, source_id, SourceStatus.SLOW, reason, now=now)
    conn.execute(
        "UPDATE visits SET remark = ? WHERE remark IS NULL"
        " AND id = (SELECT max(id) FROM visits WHERE source_id = ?)",
        (f"slow: {reason}", source_id),
    )


def tell_gap(conn: sqlite3.Connection, source_id: str, words: str, *, now: datetime) -> None:
    """Note that news may be missing: a row whose status is the one before, to be told once."""
    conn.execute(
        "INSERT INTO health_changes(source_id, at, was, status, reason)"
        " SELECT id, ?, status, status, ? FROM sources WHERE id = ?",
        (to_text(now), words, source_id),
    )


def untold(conn: sqlite3.Connection, *, failing_after: float) -> list[HealthChange]:
    """The changes that people are still to be told of, oldest first.

    A source that began to fail is among them once its weighed failures reach `failing_after`.
    """
    return [
        _change(row)
        for row in conn.execute(_UNTOLD).fetchall()
        if not (
            row["status"] == SourceStatus.FAILING
            and row["newest"]
            and row["failures"] < failing_after
        )
    ]


def told(conn: sqlite3.Connection, ids: Collection[int], *, now: datetime) -> None:
    """Note that the alerts of these changes went out."""
    conn.executemany(
        "UPDATE health_changes SET told = ? WHERE id = ?", [(to_text(now), id) for id in ids]
    )


def after_failure(before: SourceState, visit: Visit) -> Health:
    """What a failed visit says. A source that is gone stays so until it answers again."""
    if before.status in BY_CONFIG or visit.weight == 0:
        return before.status, before.status_reason
    if visit.status == 410:
        return SourceStatus.GONE, "HTTP 410: its publisher took it down for good"
    if before.status is SourceStatus.GONE:
        return before.status, before.status_reason
    reason = visit.error or (f"HTTP {visit.status}" if visit.status else "no answer")
    return SourceStatus.FAILING, reason


def after_success(
    conn: sqlite3.Connection,
    before: SourceState,
    visit: Visit,
    *,
    new: int,
    moved_to: str | None,
    usual_gap_s: float | None,
    rules: HealthRules,
) -> Health:
    """What a good visit says: the gravest of what is wrong with the source, else OK."""
    if before.status in BY_CONFIG:
        return before.status, before.status_reason
    gap = None if usual_gap_s is None else timedelta(seconds=usual_gap_s)
    grave = _blocked(conn, before) or _silent(before, visit, new, gap, rules.silent_after)
    if grave is not None:
        return grave
    if moved_to is not None:
        words = f"moved to {moved_to} for good: change url in the config"
        return SourceStatus.MOVED, words
    quiet = None if new or gap is None else _quiet(before, visit, gap)
    return quiet or (SourceStatus.OK, None)


def follow_move(before: SourceState, visit: Visit, *, good: bool) -> tuple[str | None, int]:
    """`moved_to` and `moved_polls` after a visit.

    An address is believed after MOVED_POLLS good visits in a row that only permanent redirects
    led there. What is believed already outlives a failure: the source isn't back by failing.
    """
    if not good:
        return (before.moved_to, before.moved_polls) if before.moved_to else (None, 0)
    if not visit.led_to:
        return None, 0
    # the address that answered last time; it is forgotten when something was deferred
    answered = before.moved_to or (before.validators and before.validators.url)
    same = before.moved_polls and visit.led_to == answered
    polls = before.moved_polls + 1 if same else 1
    return (visit.led_to if polls >= MOVED_POLLS else None), polls


def end_silence(conn: sqlite3.Connection, source_id: str, *, now: datetime) -> None:
    """A further document of the visit brought something new."""
    row = conn.execute("SELECT status FROM sources WHERE id = ?", (source_id,)).fetchone()
    if row["status"] in (SourceStatus.SILENT, SourceStatus.QUIET):
        change_status(conn, source_id, SourceStatus.OK, None, now=now)


@at_now
def take_back(
    conn: sqlite3.Connection,
    befores: Sequence[SourceState],
    tries: Sequence[tuple[int, int]],
    *,
    since: datetime,
    now: datetime,
) -> None:
    """Undo what failures of our own network counted since then.

    `befores`: sources as they were before; they are due now. `tries`: entries with the attempts
    that they had; those that became no article are owed, due now, with those attempts.
    """
    for before in befores:
        _restore(conn, before, since, now)
    for entry_id, attempts in tries:
        conn.execute(
            "UPDATE entries SET state = 'owed', reason = NULL, closed = NULL, attempts = ?,"
            " not_before = ? WHERE id = ? AND state IN ('owed', 'failed')",
            (attempts, to_text(now), entry_id),
        )


def _restore(conn: sqlite3.Connection, before: SourceState, since: datetime, now: datetime) -> None:
    conn.execute(
        _TAKE_BACK,
        {
            "id": before.id,
            "failures": before.failures,
            "status": before.status.value,
            "reason": before.status_reason,
            "moved_to": before.moved_to,
            "moved_polls": before.moved_polls,
            "now": to_text(now),
        },
    )
    conn.execute(
        "DELETE FROM health_changes WHERE source_id = ? AND at >= ? AND told IS NULL",
        (before.id, to_text(since)),
    )


def _blocked(conn: sqlite3.Connection, before: SourceState) -> Health | None:
    """None of its latest pages became an article; a page that did ends it."""
    reasons: Counter[str] = Counter()
    for row in conn.execute(_LATEST, (before.id, LATEST_ENTRIES)):
        if row["state"] in ("archived", "copy"):
            break
        if row["state"] in ("rejected", "forbidden", "held"):
            reasons[(row["reason"] or row["state"]).partition(":")[0]] += 1
    if reasons.total() >= BLOCKED_ENTRIES:
        counts = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
        return SourceStatus.BLOCKED, f"its last {reasons.total()} pages gave no article: {counts}"
    if reasons and before.status is SourceStatus.BLOCKED:  # by a consent wall, at the third page
        return before.status, before.status_reason
    return None


def _silent(
    before: SourceState, visit: Visit, new: int, gap: timedelta | None, silent_after: float
) -> Health | None:
    """It answers, and has nothing new for far longer than usual. Only a new entry ends it."""
    patience = None if gap is None else max(silent_after * gap, SILENT_AT_LEAST)
    if patience and visit.newest and visit.at - visit.newest > patience:
        words = f"serves only old items: the newest is of {visit.newest:%Y-%m-%d}"
        return SourceStatus.SILENT, words
    if new:
        return None
    if before.status is SourceStatus.SILENT:
        return before.status, before.status_reason
    if gap is None or patience is None:
        return None
    return _nothing_new(SourceStatus.SILENT, before, visit, patience, gap)


def _quiet(before: SourceState, visit: Visit, gap: timedelta) -> Health | None:
    patience = max(QUIET_AFTER * gap, QUIET_AT_LEAST)
    return _nothing_new(SourceStatus.QUIET, before, visit, patience, gap)


def _nothing_new(
    status: SourceStatus, before: SourceState, visit: Visit, patience: timedelta, gap: timedelta
) -> Health | None:
    last = before.last_new
    if last is None or visit.at - last <= patience:
        return None
    usual = f"{gap / DAY:.0f} days" if gap >= 2 * DAY else f"{max(gap / HOUR, 1):.0f} h"
    return status, f"nothing new since {last:%Y-%m-%d %H:%M} UTC, usually within {usual}"


def _mute_failing(conn: sqlite3.Connection, source_id: str, now: datetime) -> SourceStatus | None:
    """Let nobody hear of the failing that ends; return what the source was before it."""
    row = conn.execute(
        "SELECT id, was, status, told FROM health_changes WHERE source_id = ?"
        " ORDER BY id DESC LIMIT 1",
        (source_id,),
    ).fetchone()
    if row is None or row["status"] != SourceStatus.FAILING or row["told"] is not None:
        return None
    told(conn, [row["id"]], now=now)
    return SourceStatus(row["was"])


def _mute_all(conn: sqlite3.Connection, source_id: str, now: datetime) -> None:
    """The user has taken the matter in hand."""
    conn.execute(
        "UPDATE health_changes SET told = ? WHERE source_id = ? AND told IS NULL",
        (to_text(now), source_id),
    )


def _change(row: sqlite3.Row) -> HealthChange:
    return HealthChange(
        id=row["id"],
        source_id=row["source_id"],
        name=row["name"],
        at=from_text(row["at"]),
        was=SourceStatus(row["was"]),
        status=SourceStatus(row["status"]),
        reason=row["reason"],
    )
