"""How late the news of a source is here: the publisher's part of it, and ours."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.database.times import to_text

PERIODS = (timedelta(days=1), timedelta(days=30))

# Nearest rank: the smallest value that so many of all are not above.
_LATENCIES = """
WITH archived AS MATERIALIZED (
  SELECT s.id AS source_id,
    max(0, strftime('%s', e.announced) - strftime('%s', e.published)) AS publisher,
    strftime('%s', a.first_seen) - strftime('%s', e.announced) AS ours
  FROM sources AS s CROSS JOIN entries AS e INDEXED BY entries_announced
    ON e.source_id = s.id AND e.announced >= :since
  JOIN articles AS a ON a.id = e.article_id AND a.first_seen >= e.announced
  WHERE e.state IN ('archived', 'copy')
), ranked AS (
  SELECT source_id, publisher, ours,
    row_number() OVER (PARTITION BY source_id ORDER BY ours) AS place,
    count(*) OVER (PARTITION BY source_id) AS number,
    row_number() OVER (PARTITION BY source_id, publisher IS NULL ORDER BY publisher) AS dated_place,
    count(publisher) OVER (PARTITION BY source_id) AS dated
  FROM archived
)
SELECT source_id, max(number) AS articles,
  min(publisher) FILTER (WHERE dated_place * 2 >= dated) AS publisher_p50_s,
  min(publisher) FILTER (WHERE dated_place * 20 >= dated * 19) AS publisher_p95_s,
  min(ours) FILTER (WHERE place * 2 >= number) AS ours_p50_s,
  min(ours) FILTER (WHERE place * 20 >= number * 19) AS ours_p95_s
FROM ranked GROUP BY source_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Of the articles that a source announced in the last `days`: median and 95 %, in seconds.

    `publisher`: from the claimed time to the announcement, None where nothing was dated; it has the
    wait for our next poll in it. `ours`: from the announcement until the article was stored.
    """

    source_id: str
    days: int
    articles: int
    publisher_p50_s: int | None
    publisher_p95_s: int | None
    ours_p50_s: int
    ours_p95_s: int


def latencies(conn: sqlite3.Connection, period: timedelta, *, now: datetime) -> dict[str, Latency]:
    """Measure every source that announced something in a period which was archived first by it."""
    rows = conn.execute(_LATENCIES, {"since": to_text(now - period)})
    return {row["source_id"]: Latency(days=period.days, **dict(row)) for row in rows}
