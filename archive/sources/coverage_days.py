"""What became of the entries that a source announced on a day: the rows of `coverage`, as SQL.

Twice, with the same rows: for whoever reads some of them, as the view does a page, one day is found
after the other, and a row reads the entries of its own day alone; for whoever reads all of some
sources and a time, they are summed in one pass (on a view of the past, too, into which SQLite
carries no condition on another row).
"""

from __future__ import annotations

# char(1114111), of all characters the last, stands behind all times of a day.
_THE_DAY = """e.source_id = {row}.source_id AND e.announced >= {row}.day
    AND e.announced < {row}.day || char(1114111)"""
_DAYS = """
WITH RECURSIVE lost AS (
  SELECT source_id, substr(coalesce(ended, started), 1, 10) AS day, count(*) AS gaps
  FROM gaps WHERE healed IS NULL AND NOT windowless GROUP BY 1, 2
), announcing(source_id, day) AS (
  SELECT s.id, (SELECT substr(min(announced), 1, 10) FROM entries AS e WHERE e.source_id = s.id)
  FROM sources AS s
  UNION SELECT a.source_id, (SELECT substr(min(announced), 1, 10) FROM entries AS e
    WHERE e.source_id = a.source_id AND e.announced >= a.day || char(1114111))
  FROM announcing AS a WHERE a.day IS NOT NULL
), days AS (
  SELECT source_id, day FROM announcing WHERE day IS NOT NULL
  UNION ALL SELECT source_id, day FROM lost
  WHERE NOT EXISTS (SELECT 1 FROM entries AS e WHERE {of_lost})
)
""".format(of_lost=_THE_DAY.format(row="lost"))  # noqa: S608
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
FROM days AS d""".format(of_it=_THE_DAY.format(row="d"))  # noqa: S608
VIEW = (_DAYS + _COUNTED).strip()
NUMBER = f"{_DAYS}SELECT count(*) FROM days"  # noqa: S608

# Of `entries` and `gaps`, tables or queries.
SUMMED = """
WITH delays AS (
  SELECT source_id, substr(announced, 1, 10) AS day,
    max(0, strftime('%s', announced) - strftime('%s', published)) AS delay
  FROM {entries} WHERE strftime('%s', published) IS NOT NULL
), ordered AS (
  SELECT source_id, day, delay, count(*) OVER (PARTITION BY source_id, day) AS dated,
    row_number() OVER (PARTITION BY source_id, day ORDER BY delay) AS place FROM delays
)
SELECT source_id, day, sum(announced) AS announced,
  sum(state IN ('archived', 'copy')) AS archived, sum(state = 'rejected') AS rejected,
  sum(state = 'forbidden') AS forbidden, sum(state = 'failed') AS failed,
  sum(state = 'gone') AS gone, sum(state IN ('owed', 'held')) AS owed,
  CAST(round(avg(late)) AS INTEGER) AS late, sum(gaps) AS gaps
FROM (
  SELECT source_id, substr(announced, 1, 10) AS day, 1 AS announced, state, NULL AS late, 0 AS gaps
  FROM {entries}
  UNION ALL SELECT source_id, day, 0, '', delay, 0 FROM ordered
  WHERE place IN ((dated + 1) / 2, (dated + 2) / 2)
  UNION ALL SELECT source_id, substr(coalesce(ended, started), 1, 10), 0, '', NULL, 1
  FROM {gaps} WHERE healed IS NULL AND NOT windowless
) GROUP BY 1, 2
"""
