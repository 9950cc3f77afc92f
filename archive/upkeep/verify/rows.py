"""Rows that must agree with other rows: one SQL statement, and so one snapshot, for each kind."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from archive.schema_growth import HOSTS_OF
from archive.upkeep.verify.damage import Damage, DamageKind

_HOSTS = HOSTS_OF.format(sources="sources")


def _is_time(column: str) -> str:
    return f"{column} IS strftime('%Y-%m-%dT%H:%M:%SZ', {column})"


# Each gives key, where, detail. The key says to archive.upkeep.verify.repair which row it is.
RULES: dict[DamageKind, str] = {
    DamageKind.ALIAS_DANGLING: """
        SELECT url AS key, url AS "where", 'leads to article ' || article_id || ', which is gone'
          AS detail
        FROM article_urls AS u WHERE NOT EXISTS (SELECT 1 FROM articles WHERE id = u.article_id)""",
    DamageKind.ALIAS_MISSING: """
        SELECT id AS key, a.url AS "where", CASE WHEN u.url IS NULL THEN
          'is the address of article ' || id || ' and not among its addresses'
          ELSE 'leads to article ' || u.article_id || ' and is the address of ' || id END AS detail
        FROM articles AS a LEFT JOIN article_urls AS u ON u.url = a.url
        WHERE u.article_id IS NOT a.id AND a.held IS NULL""",
    DamageKind.COPY_OF_MISSING: """
        SELECT id AS key, 'article ' || id AS "where",
          'is a copy of article ' || copy_of || ', which is gone' AS detail
        FROM articles AS a WHERE copy_of IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM articles WHERE id = a.copy_of)""",
    DamageKind.COPY_OF_A_COPY: """
        SELECT a.id AS key, 'article ' || a.id AS "where",
          'is a copy of article ' || s.id || ', which is a copy itself' AS detail
        FROM articles AS a JOIN articles AS s ON s.id = a.copy_of WHERE s.copy_of IS NOT NULL""",
    DamageKind.ENTRY_WITHOUT_ARTICLE: """
        SELECT id AS key, url AS "where", 'entry ' || id || ' became article ' || article_id
          || ', which is gone' AS detail
        FROM entries AS e WHERE article_id IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM articles WHERE id = e.article_id)""",
    DamageKind.ENTRY_ARCHIVED_WITHOUT_ID: """
        SELECT id AS key, url AS "where", 'entry ' || id || ' is ' || state
          || ' and names no article' AS detail
        FROM entries WHERE state IN ('archived', 'copy') AND article_id IS NULL""",
    DamageKind.ENTRY_STATE_WRONG: """
        SELECT id AS key, url AS "where", 'entry ' || id || ' is ' || state || ', closed '
          || coalesce(closed, 'never') AS detail
        FROM entries WHERE (closed IS NULL) <> (state = 'owed') OR state NOT IN
          ('owed', 'archived', 'copy', 'held', 'rejected', 'forbidden', 'gone', 'failed')""",
    DamageKind.MENTION_WITHOUT_ARTICLE: """
        SELECT article_id AS key, code AS "where", 'is mentioned in article ' || article_id
          || ', which is gone' AS detail
        FROM mentions AS m WHERE NOT EXISTS (SELECT 1 FROM articles WHERE id = m.article_id)""",
    DamageKind.MENTION_WITHOUT_INSTRUMENT: """
        SELECT m.code AS key, m.code AS "where", 'is mentioned in article ' || min(m.article_id)
          || ' and no instrument' AS detail
        FROM mentions AS m WHERE NOT EXISTS (SELECT 1 FROM instruments WHERE code = m.code)
        GROUP BY m.code""",
    DamageKind.REVISION_WITHOUT_ARTICLE: """
        SELECT article_id AS key, 'revision ' || number || ' of article ' || article_id AS "where",
          'its article is gone' AS detail
        FROM superseded AS r WHERE NOT EXISTS (SELECT 1 FROM articles WHERE id = r.article_id)""",
    DamageKind.REVISION_GAP: """
        SELECT a.id AS key, 'article ' || a.id AS "where", 'its earlier versions are numbered '
          || coalesce(group_concat(s.number, ', '), 'by none') || ', the last is ' || a.revision
          AS detail
        FROM articles AS a LEFT JOIN superseded AS s ON s.article_id = a.id GROUP BY a.id
        HAVING count(s.number) <> a.revision - 1 OR coalesce(min(s.number), 1) <> 1
          OR coalesce(max(s.number), a.revision - 1) <> a.revision - 1""",
    DamageKind.FILE_NOT_ORDERED: """
        SELECT id AS key, 'article ' || id AS "where", 'is a story without a file' AS detail
        FROM articles AS a WHERE copy_of IS NULL AND held IS NULL
          AND NOT EXISTS (SELECT 1 FROM files WHERE article_id = a.id AND wanted_hash IS NOT NULL)
          AND coalesce((SELECT value FROM settings WHERE key = 'markdown.enabled'), '1') = '1'""",
    DamageKind.FILE_OF_NO_STORY: """
        SELECT f.article_id AS key, f.path AS "where", 'is the file of article ' || f.article_id
          || CASE WHEN a.id IS NULL THEN ', which is gone'
               WHEN a.held IS NOT NULL THEN ', which is held' ELSE ', which is a copy' END AS detail
        FROM files AS f LEFT JOIN articles AS a ON a.id = f.article_id
        WHERE f.wanted_hash IS NOT NULL AND (
          a.id IS NULL OR a.copy_of IS NOT NULL OR a.held IS NOT NULL)""",
    DamageKind.BAND_STALE: """
        SELECT article_id AS key, 'article ' || article_id AS "where",
          'is listed for near copies and gone' AS detail
        FROM (SELECT DISTINCT article_id FROM near_bands) AS b
        WHERE NOT EXISTS (SELECT 1 FROM articles WHERE id = b.article_id)""",
    DamageKind.HOSTS_WRONG: f"""
        SELECT source_id AS key, 'source ' || source_id AS "where",
          'source_hosts lists other hosts than it has' AS detail
        FROM (SELECT * FROM ({_HOSTS} EXCEPT SELECT host, source_id FROM source_hosts)
          UNION SELECT * FROM (SELECT host, source_id FROM source_hosts EXCEPT {_HOSTS}))
        GROUP BY source_id""",  # noqa: S608
    DamageKind.VALUE_MALFORMED: f"""
        SELECT id AS key, 'article ' || id AS "where", 'published ' || published || ', fetched '
          || fetched || ', checked ' || checked || ', tags ' || substr(tags, 1, 40) AS detail
        FROM articles WHERE NOT ({_is_time("published")} AND {_is_time("fetched")}
          AND {_is_time("checked")} AND {_is_time("updated")} AND json_valid(tags)
          AND typeof(title) = 'text' AND typeof(text) = 'text' AND typeof(markdown) = 'text')""",  # noqa: S608
}

_NAMED_ABOVE = frozenset({"article_urls", "articles>articles", "entries>articles", "mentions"})
_NAMED_TOO = frozenset({"superseded", "source_hosts"})


def check_rule(conn: sqlite3.Connection, kind: DamageKind) -> Iterator[Damage]:
    """Yield what breaks one rule; nothing is held in memory."""
    for row in conn.execute(RULES[kind]):
        yield Damage(kind=kind, where=str(row["where"]), detail=row["detail"], key=row["key"])


def check_references(conn: sqlite3.Connection) -> Iterator[Damage]:
    """Yield rows of other tables that refer to a row which isn't there."""
    for table, rowid, parent, _ in conn.execute("PRAGMA foreign_key_check"):
        if not _NAMED_ABOVE.union(_NAMED_TOO) & {table, f"{table}>{parent}"}:
            where = f"row {rowid} of {table}" if rowid is not None else f"a row of {table}"
            yield Damage(
                kind=DamageKind.REFERENCE_DANGLING,
                where=where,
                detail=f"refers to a row of {parent} that is gone",
                key=str(table),
            )
