"""The days of sources, found one after the other, as SQL: of the view `coverage`, and of its asker.

A row reads the entries of its own day alone, and a query with a LIMIT those of the rows it takes.
"""

from __future__ import annotations

# char(1114111), of all characters the last, stands behind all times of a day.
_THE_DAY = """e.source_id = {row}.source_id AND e.announced >= {row}.day
    AND e.announced < {row}.day || char(1114111)"""
_DAYS = """
WITH RECURSIVE lost AS (
  SELECT source_id, substr(coalesce(ended, started), 1, 10) AS day, count(*) AS gaps
  FROM {gaps} WHERE healed IS NULL AND NOT windowless GROUP BY 1, 2
), announcing(source_id, day) AS (
  SELECT s.id, (SELECT substr(min(announced), 1, 10) FROM entries AS e
    WHERE e.source_id = s.id AND e.announced >= {since})
  FROM {sources} AS s
  UNION SELECT a.source_id, (SELECT substr(min(announced), 1, 10) FROM entries AS e
    WHERE e.source_id = a.source_id AND e.announced >= a.day || char(1114111))
  FROM announcing AS a WHERE a.day IS NOT NULL
), days AS (
  SELECT source_id, day FROM announcing WHERE day IS NOT NULL
  UNION ALL SELECT source_id, day FROM lost WHERE NOT EXISTS (
    SELECT 1 FROM entries AS e WHERE {of_lost} AND e.announced >= {since})
)
"""
_COUNTED = """
SELECT d.source_id, d.day,
  (SELECT count(*) FROM entries AS e WHERE {of_it}) AS announced,
  (SELECT count(*) FROM entries AS e WHERE {of_it} AND state IN ('archived', 'copy')) AS archived,
  (SELECT count(*) FROM entries AS e WHERE {of_it} AND state = 'rejected') AS rejected,
  (SELECT count(*) FROM entries AS e WHERE {of_it} AND state = 'forbidden') AS forbidden,
  (SELECT count(*) FROM entries AS e WHERE {of_it} AND state = 'failed') AS failed,
  (SELECT count(*) FROM entries AS e WHERE {of_it} AND state = 'gone') AS gone,
  (SELECT count(*) FROM entries AS e WHERE {of_it} AND state IN ('owed', 'held')) AS owed,
  (SELECT CAST(round(avg(delay)) AS INTEGER) FROM (
    SELECT delay, count(*) OVER () AS dated, row_number() OVER (ORDER BY delay) AS place FROM (
      SELECT max(0, strftime('%s', announced) - strftime('%s', published)) AS delay
      FROM entries AS e WHERE {of_it} AND strftime('%s', published) IS NOT NULL))
    WHERE place IN ((dated + 1) / 2, (dated + 2) / 2)) AS late,
  coalesce((SELECT l.gaps FROM lost AS l WHERE l.source_id = d.source_id AND l.day = d.day), 0)
    AS gaps
FROM days AS d
"""
_NUMBER = "SELECT count(*) FROM days"


def coverage(*, sources: str = "sources", gaps: str = "gaps", since: str = "''") -> str:
    """The view's statement; narrowed, all as SQL, to some sources and gaps and to days `since`."""
    counted = _COUNTED.format(of_it=_THE_DAY.format(row="d"))
    return _days(sources, gaps, since) + counted


def number_of_days() -> str:
    """How many rows the view has, counted without making them."""
    return _days("sources", "gaps", "''") + _NUMBER


def _days(sources: str, gaps: str, since: str) -> str:
    of_lost = _THE_DAY.format(row="lost")
    return _DAYS.format(sources=sources, gaps=gaps, since=since, of_lost=of_lost)
