"""What is planned for a time that no plan reaches: a wrong clock made it."""

from __future__ import annotations

import logging
import sqlite3
from datetime import datetime, timedelta

from archive.database.times import to_text

logger = logging.getLogger(__name__)

_PLANS = (
    "UPDATE entries SET not_before = :now WHERE state IN ('owed', 'held') AND not_before > :last",
    "UPDATE articles SET next_check = :now WHERE next_check > :last",
    "UPDATE sources SET next_due = :now WHERE next_due > :last",
)


def bring_plans_back(conn: sqlite3.Connection, *, now: datetime, longest: timedelta) -> int:
    """Let be due now what lies farther ahead than any wait; give how many. Nothing is ever planned
    for so late: the clock was ahead when it was, and nobody would see it for years."""
    values = {"now": to_text(now), "last": to_text(now + longest)}
    count = sum(conn.execute(sql, values).rowcount for sql in _PLANS)
    if count:
        logger.warning(
            "%d visits, pages and looks were planned by a clock that was ahead: they are due now",
            count,
        )
    return count
