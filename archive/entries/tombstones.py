"""Addresses that were taken down: what was forgotten doesn't come back. `upkeep` writes them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection


def forgotten_of(conn: sqlite3.Connection, urls: Collection[str]) -> frozenset[str]:
    """Give those of these addresses that were taken down."""
    rows = conn.execute(
        "SELECT url FROM tombstones WHERE url IN (SELECT value FROM json_each(?))",
        (json.dumps(list(urls)),),
    )
    return frozenset(row["url"] for row in rows)
