"""The archive as it stood: a connection whose `articles`, `revisions`, `entries` are those of then.

Temporary views stand before the tables, so that every query that names no schema asks the past. An
article is today's row with the later events undone (`changes.detail.was`, the earliest later event
goes before); its text is today's or a superseded version's. A connection that was put back in time
stays there: nobody else may use it afterwards.

Under the promise: articles, versions, clusters, leads, holds, search (the same articles; their
order where it is by time), lists, exports, and coverage by entries. Not: ranks, visits, statistics,
the addresses that led to an article, names and settings of sources, `checked`, a file's place, and
how late an entry came by what its feed claims today. What was taken down is gone from the past.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from archive.articles.columns import COLUMNS, VERSIONED
from archive.asof.triggers import BODY, DATED
from archive.database.json_cells import sound_json
from archive.database.times import from_text, to_text

# `at` never goes back
_LAST_UNTIL = "SELECT seq FROM changes WHERE at <= ? ORDER BY at DESC, seq DESC LIMIT 1"
_AT_OF = "SELECT at FROM changes WHERE seq <= ? ORDER BY seq DESC LIMIT 1"
_NEWEST = "SELECT max(article_id) FROM changes WHERE seq <= ?"
_SINCE = "SELECT applied FROM main.migrations WHERE version = 3"
_TOUCHED = """
SELECT 1 FROM main.changes AS c JOIN temp.moment AS m
WHERE c.seq > ? AND (coalesce(c.article_id, 0) <= m.newest OR c.at <= m.at) LIMIT 1
"""

# What was changed later of articles that were there, and those that only came later.
_TABLES = """
CREATE TEMP TABLE moment AS SELECT {seq} AS seq, {newest} AS newest, '{at}' AS at;
CREATE TEMP TABLE changed_later AS SELECT article_id AS id, NOT EXISTS (SELECT 1
    FROM main.changes AS b WHERE b.article_id = c.article_id AND b.seq <= {seq}) AS came_later
  FROM main.changes AS c WHERE seq > {seq} AND article_id <= {newest} GROUP BY article_id;
CREATE UNIQUE INDEX temp.changed_later_id ON changed_later(id);
CREATE TEMP TABLE was(article_id INTEGER, name TEXT, value, PRIMARY KEY (name, article_id))
  WITHOUT ROWID;
INSERT INTO temp.was(article_id, name, value)
  SELECT article_id, name, value FROM (
    SELECT c.article_id, j.key AS name, j.value, min(c.seq)
    FROM main.changes AS c CROSS JOIN json_each({detail}, '$.was') AS j
    WHERE c.seq > {seq} AND c.kind <> 'reopened' AND c.article_id IN (
      SELECT id FROM temp.changed_later WHERE NOT came_later)
    GROUP BY c.article_id, j.key);
CREATE TEMP TABLE hashes AS SELECT a.id, coalesce((SELECT w.value FROM temp.was AS w
    WHERE w.article_id = a.id AND w.name = 'content_hash'), a.content_hash) AS hash
  FROM main.articles AS a WHERE a.id IN (
    SELECT w.article_id FROM temp.was AS w WHERE w.name = 'revision');
CREATE UNIQUE INDEX temp.hashes_id ON hashes(id);
CREATE TEMP TABLE reworded(id INTEGER PRIMARY KEY, version INTEGER);
INSERT INTO temp.reworded SELECT r.article_id AS id, coalesce(
    (SELECT s.id FROM main.superseded AS s JOIN temp.hashes AS h ON h.id = s.article_id
     WHERE s.article_id = r.article_id AND s.number = r.value AND s.content_hash = h.hash),
    (SELECT max(s.id) FROM main.superseded AS s JOIN temp.hashes AS h ON h.id = s.article_id
     WHERE s.article_id = r.article_id AND s.content_hash = h.hash),
    (SELECT s.id FROM main.superseded AS s
     WHERE s.article_id = r.article_id AND s.number = r.value)) AS version
  FROM temp.was AS r WHERE r.name = 'revision' AND EXISTS (SELECT 1 FROM temp.was AS w
    WHERE w.article_id = r.article_id AND w.name IN ('title', 'text', 'markdown'));
CREATE INDEX temp.reworded_version ON reworded(version);
CREATE TEMP TABLE closed_later(id INTEGER PRIMARY KEY, state TEXT, reason TEXT, closed TEXT);
INSERT INTO temp.closed_later SELECT entry, json_extract(detail, '$.was.state'),
    json_extract(detail, '$.was.reason'), json_extract(detail, '$.was.closed')
  FROM (SELECT json_extract(detail, '$.entry') AS entry, detail, min(seq) FROM main.changes
        WHERE seq > {seq} AND kind = 'reopened' AND json_valid(detail) GROUP BY 1)
  WHERE json_extract(detail, '$.was.closed') <= '{at}';
"""


@dataclass(frozen=True, slots=True)
class PastMoment:
    """The state after event `seq`; `at` is the time that is asked for, in UTC."""

    seq: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Undone:
    """Up to which event a connection in the past has undone what followed, of which schema."""

    seq: int
    schema: int


def past_at(conn: sqlite3.Connection, at: datetime) -> PastMoment:
    """Find the last event up to an aware time; one before the first is an empty archive."""
    row = conn.execute(_LAST_UNTIL, (to_text(at),)).fetchone()
    return PastMoment(row["seq"] if row else 0, at)


def past_after(conn: sqlite3.Connection, seq: int) -> PastMoment:
    """Name a moment by its last event; entries are those of that event's time."""
    row = conn.execute(_AT_OF, (seq,)).fetchone()
    return PastMoment(seq, from_text(row["at"] if row else "1970-01-01T00:00:00Z"))


def dated_since(conn: sqlite3.Connection) -> datetime | None:
    """Since when every event is dated: None, from the beginning; else the day of the upgrade, and
    what is older has the versions' times alone."""
    row = conn.execute(_SINCE).fetchone()
    applied = from_text(row["applied"])
    older = conn.execute(
        "SELECT 1 FROM main.changes WHERE at < ? LIMIT 1", (row["applied"],)
    ).fetchone()
    return applied if older is not None else None


def stand_at(conn: sqlite3.Connection, moment: PastMoment) -> None:
    """Let a reader's connection show the archive as it stood at a moment, for good.

    A read transaction stays open: what is written later is not undone.
    """
    conn.execute("BEGIN")
    newest = int(conn.execute(_NEWEST, (moment.seq,)).fetchone()[0] or 0)
    at = to_text(moment.at)
    tables = _TABLES.format(
        seq=moment.seq, newest=newest, at=at, detail=sound_json("c.detail")
    ).split(";\n")
    views = _views(moment.seq, newest, at).split(";\n")
    for statement in (*tables, *_rows_then(conn, at), *views):
        conn.execute(statement)


def pause(conn: sqlite3.Connection) -> Undone:
    """Let go of the read transaction of a connection that was put back in time, so that it hinders
    no checkpoint while nobody asks it anything; `resume` goes on with it."""
    undone = _undone(conn)
    conn.execute("COMMIT")
    return undone


def resume(conn: sqlite3.Connection, undone: Undone) -> bool:
    """Begin to read again; False where something has happened since to what was there at the
    moment, or within its second: what was made of it then holds no longer, and the connection is of
    no more use."""
    conn.execute("BEGIN")
    if _undone(conn).schema != undone.schema:
        return False
    return conn.execute(_TOUCHED, (undone.seq,)).fetchone() is None


def _undone(conn: sqlite3.Connection) -> Undone:
    (seq,) = conn.execute("SELECT coalesce(max(seq), 0) FROM main.changes").fetchone()
    (schema,) = conn.execute("PRAGMA main.schema_version").fetchone()
    return Undone(seq, schema)


def is_in_past(conn: sqlite3.Connection) -> bool:
    """Tell whether a connection shows the past."""
    found = conn.execute("SELECT 1 FROM sqlite_temp_master WHERE name = 'moment'").fetchone()
    return found is not None


def _views(seq: int, newest: int, at: str) -> str:
    names = [column.name for column in COLUMNS]
    now = ", ".join(f"a.{name}" for name in names)
    then = ", ".join(f"{_then(name)} AS {name}" for name in names)
    before = ", ".join(f"s.{name}" for name in VERSIONED)
    current = ", ".join(VERSIONED)
    gone = "SELECT id FROM temp.changed_later"
    return f"""
CREATE TEMP VIEW articles AS SELECT {now} FROM main.articles AS a
  WHERE +a.id <= {newest} AND a.id NOT IN ({gone})
UNION ALL SELECT {then} FROM temp.rows_then AS t;
CREATE TEMP VIEW stories AS
SELECT a.*, (SELECT count(DISTINCT c.source_name) FROM temp.articles AS c
             WHERE c.copy_of = a.id AND c.source_name <> a.source_name) AS copies
FROM temp.articles AS a WHERE a.copy_of IS NULL AND a.held IS NULL;
CREATE TEMP VIEW superseded AS SELECT s.* FROM main.superseded AS s
  JOIN temp.articles AS a ON a.id = s.article_id AND s.number < a.revision;
CREATE TEMP VIEW revisions AS
SELECT s.article_id, s.number, s.seen, s.kind, {before} FROM temp.superseded AS s
UNION ALL SELECT id, revision, version_seen, version_kind, {current} FROM temp.articles;
CREATE TEMP VIEW entries AS SELECT e.id, e.source_id, e.guid, e.url, e.raw_url, e.title,
  e.published, e.updated, e.announced, iif(e.closed <= '{at}', e.state, 'owed') AS state,
  iif(e.closed <= '{at}', e.reason, NULL) AS reason, iif(e.closed <= '{at}', e.closed, NULL)
  AS closed, iif(e.closed <= '{at}', e.article_id, NULL) AS article_id,
  NULL AS attempts, NULL AS not_before  -- of today alone
FROM main.entries AS e WHERE e.announced <= '{at}'
  AND e.id NOT IN (SELECT id FROM temp.closed_later)
UNION ALL SELECT e.id, e.source_id, e.guid, e.url, e.raw_url, e.title, e.published, e.updated,
  e.announced, l.state, l.reason, l.closed, e.article_id, NULL, NULL
FROM main.entries AS e JOIN temp.closed_later AS l ON l.id = e.id;
CREATE TEMP VIEW changes AS SELECT * FROM main.changes WHERE seq <= {seq};
CREATE TEMP VIEW gaps AS SELECT id, source_id, started, ended, why, missing, found,
  iif(healed <= '{at}', healed, NULL) AS healed, windowless, detail
FROM main.gaps WHERE coalesce(ended, started) <= '{at}'"""  # noqa: S608


def _rows_then(conn: sqlite3.Connection, at: str) -> Iterator[str]:
    """Give SQL for the rows, but for their texts, of what was changed later.

    The columns have the types of `articles`: SQLite carries a query's conditions and order into
    both halves of a UNION ALL only where their affinities agree, and reads whole tables else.
    """
    types = {row["name"]: row["type"] for row in conn.execute("PRAGMA main.table_info(articles)")}
    names = [column.name for column in COLUMNS if column.name not in BODY]
    declared = ", ".join(f"{name} {types[name]}" for name in names if name != "id")
    given = ", ".join(f"min(a.checked, '{at}')" if n == "checked" else f"a.{n}" for n in names)
    yield f"CREATE TEMP TABLE rows_then(id INTEGER PRIMARY KEY, {declared})"
    yield (
        f"INSERT INTO temp.rows_then({', '.join(names)}) SELECT {given} FROM main.articles AS a"  # noqa: S608
        " JOIN temp.changed_later AS l ON l.id = a.id AND NOT l.came_later"
    )
    for name in names:
        if name in DATED:
            said = f"FROM temp.was AS w WHERE w.name = '{name}'"
            yield (
                f"UPDATE temp.rows_then SET {name} = (SELECT w.value {said} AND w.article_id ="  # noqa: S608
                f" rows_then.id) WHERE id IN (SELECT w.article_id {said})"
            )


def _then(name: str) -> str:
    """Give SQL for a column of an article that was changed later."""
    if name not in BODY:
        return f"t.{name}"
    return f"""CAST(coalesce(
    (SELECT w.value FROM temp.was AS w WHERE w.article_id = t.id AND w.name = '{name}'),
    (SELECT s.{name} FROM temp.reworded AS r JOIN main.superseded AS s ON s.id = r.version
     WHERE r.id = t.id), (SELECT a.{name} FROM main.articles AS a WHERE a.id = t.id)) AS TEXT)"""  # noqa: S608
