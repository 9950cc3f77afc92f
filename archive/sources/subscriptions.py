"""Subscriptions to the hubs of feeds that push (WebSub): what was asked, granted, refused.

Neither secret nor callback address is here: the database may be shown to anybody.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from archive.database.times import from_text, to_text

DAY = timedelta(days=1)
FIRST_RETRY = timedelta(minutes=1)  # four times as long after each further attempt, up to a day
FAREWELLS = 3  # times a hub is asked to end a subscription; then its lease does
SHORTEST_LEASE, LONGEST_LEASE = timedelta(minutes=1), timedelta(days=30)
SETTLED = timedelta(hours=1)  # a feed that names other hubs all the time doesn't make us ask them


class State(StrEnum):
    ASKED = "asked"  # the hub has not confirmed it yet
    SUBSCRIBED = "subscribed"
    DENIED = "denied"  # asked for again after a day
    LEAVING = "leaving"  # the hub is asked to end it


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One row of `subscriptions`."""

    id: int
    source_id: str
    hub: str
    topic: str
    callback: str
    state: State
    reason: str
    next_ask: datetime
    attempts: int
    expires: datetime | None
    pushed: datetime | None


def subscriptions(conn: sqlite3.Connection) -> list[Subscription]:
    return [_subscription(row) for row in conn.execute("SELECT * FROM subscriptions ORDER BY id")]


def subscription_of(conn: sqlite3.Connection, source_id: str) -> Subscription | None:
    """Give the source's subscription; one that is being ended is none."""
    row = conn.execute(
        "SELECT * FROM subscriptions WHERE source_id = ? AND state <> 'leaving'", (source_id,)
    ).fetchone()
    return None if row is None else _subscription(row)


def subscription_states(conn: sqlite3.Connection) -> dict[State, int]:
    """Count the subscriptions in each state; a state without any is 0."""
    rows = conn.execute("SELECT state, count(*) FROM subscriptions GROUP BY state")
    counts = dict(map(tuple, rows))
    return {state: counts.get(state, 0) for state in State}


def live_states(conn: sqlite3.Connection) -> dict[str, State]:
    """Give the state of each source's subscription; one that is being ended is none."""
    rows = conn.execute("SELECT source_id, state FROM subscriptions WHERE state <> 'leaving'")
    return {source_id: State(state) for source_id, state in rows}


def name_hubs(
    conn: sqlite3.Connection,
    named: Mapping[str, tuple[str, str]],
    *,
    callback: str,
    now: datetime,
) -> None:
    """Note which hub and topic each source's feed names."""
    for source_id, (hub, topic) in named.items():
        name_hub(conn, source_id, hub, topic, callback=callback, now=now)


def name_hub(
    conn: sqlite3.Connection, source_id: str, hub: str, topic: str, *, callback: str, now: datetime
) -> None:
    """Note that a source's feed names this hub ('': none); the subscription to another one ends."""
    row = conn.execute(
        "SELECT * FROM subscriptions WHERE source_id = ? AND state <> 'leaving'", (source_id,)
    ).fetchone()
    if row is not None:
        known = (row["hub"], row["topic"], row["callback"])
        if known == (hub, topic, callback) or now - from_text(row["made"]) < SETTLED:
            return
        _leave(conn, row["id"], now)
    if hub:
        _insert(conn, source_id, hub, topic, callback, now)


def keep_subscriptions(
    conn: sqlite3.Connection, source_ids: Collection[str], *, callback: str, now: datetime
) -> None:
    """End the subscriptions of all other sources; make those anew that have another callback."""
    for one in subscriptions(conn):
        if one.state is State.LEAVING:
            continue
        if one.source_id not in source_ids or one.callback != callback:
            _leave(conn, one.id, now)
            if one.source_id in source_ids:
                _insert(conn, one.source_id, one.hub, one.topic, callback, now)


def due_subscriptions(conn: sqlite3.Connection, *, now: datetime, limit: int) -> list[Subscription]:
    """Give what hubs are to be asked now, at most one a hub, longest due first."""
    rows = conn.execute(
        "SELECT *, min(next_ask) FROM subscriptions WHERE next_ask <= ?"
        " GROUP BY hub ORDER BY next_ask, id LIMIT ?",
        (to_text(now), limit),
    )
    return [_subscription(row) for row in rows]


def begin_asking(conn: sqlite3.Connection, id: int, *, now: datetime) -> Subscription | None:
    """Note a request before it is made, as the hub may confirm it before it answers.

    It is asked again after a pause unless the hub confirms; a lease that is over is no subscription
    any more. None when there is nothing to ask: an
    end that was asked for often enough is left to the lease.
    """
    row = conn.execute("SELECT * FROM subscriptions WHERE id = ?", (id,)).fetchone()
    if row is None or (row["state"] == State.LEAVING and row["attempts"] >= FAREWELLS):
        conn.execute("DELETE FROM subscriptions WHERE id = ?", (id,))
        return None
    pause = min(FIRST_RETRY * 4 ** min(row["attempts"], 10), DAY)
    conn.execute(
        "UPDATE subscriptions SET attempts = attempts + 1, next_ask = ?,"
        " state = iif(state = 'leaving' OR expires > ?, state, 'asked') WHERE id = ?",
        (to_text(now + pause), to_text(now), id),
    )
    return _subscription(row)


def note_refusal(conn: sqlite3.Connection, id: int, reason: str) -> None:
    """Note why a request came to nothing; it is made again as planned."""
    conn.execute("UPDATE subscriptions SET reason = ? WHERE id = ?", (reason, id))


def confirm(
    conn: sqlite3.Connection, id: int, topic: str, *, lease: timedelta, now: datetime
) -> bool:
    """Take over the hub's confirmation of a subscription; False: it was not asked for so.

    It is renewed when two thirds of its lease are over.
    """
    lease = min(max(lease, SHORTEST_LEASE), LONGEST_LEASE)
    changed = conn.execute(
        "UPDATE subscriptions SET state = 'subscribed', reason = NULL, attempts = 0,"
        " next_ask = ?, expires = ? WHERE id = ? AND topic = ?"
        " AND state IN ('asked', 'subscribed')",
        (to_text(now + lease * 2 / 3), to_text(now + lease), id, topic),
    )
    return changed.rowcount > 0


def confirm_end(conn: sqlite3.Connection, id: int, topic: str) -> bool:
    """Take over the hub's confirmation that a subscription has ended; False: nobody asked."""
    changed = conn.execute(
        "DELETE FROM subscriptions WHERE id = ? AND topic = ? AND state = 'leaving'", (id, topic)
    )
    return changed.rowcount > 0


def deny(conn: sqlite3.Connection, id: int, topic: str, reason: str, *, now: datetime) -> bool:
    """Take over the hub's refusal; False: it is of another topic."""
    changed = conn.execute(
        "UPDATE subscriptions SET state = 'denied', reason = ?, expires = NULL, next_ask = ?"
        " WHERE id = ? AND topic = ? AND state <> 'leaving'",
        (reason, to_text(now + DAY), id, topic),
    )
    return changed.rowcount > 0 or confirm_end(conn, id, topic)


def note_push(conn: sqlite3.Connection, id: int, *, now: datetime) -> None:
    conn.execute("UPDATE subscriptions SET pushed = ? WHERE id = ?", (to_text(now), id))


def _insert(
    conn: sqlite3.Connection, source_id: str, hub: str, topic: str, callback: str, now: datetime
) -> None:
    conn.execute(
        "INSERT INTO subscriptions(source_id, hub, topic, callback, state, made, next_ask)"
        " VALUES (?, ?, ?, ?, 'asked', ?, ?)",
        (source_id, hub, topic, callback, to_text(now), to_text(now)),
    )


def _leave(conn: sqlite3.Connection, id: int, now: datetime) -> None:
    """One that no hub ever confirmed needs no end."""
    conn.execute("DELETE FROM subscriptions WHERE id = ? AND expires IS NULL", (id,))
    conn.execute(
        "UPDATE subscriptions SET state = 'leaving', reason = NULL, attempts = 0, next_ask = ?"
        " WHERE id = ?",
        (to_text(now), id),
    )


def _subscription(row: sqlite3.Row) -> Subscription:
    return Subscription(
        id=row["id"],
        source_id=row["source_id"],
        hub=row["hub"],
        topic=row["topic"],
        callback=row["callback"],
        state=State(row["state"]),
        reason=row["reason"] or "",
        next_ask=from_text(row["next_ask"]),
        attempts=row["attempts"],
        expires=from_text(row["expires"]),
        pushed=from_text(row["pushed"]),
    )
