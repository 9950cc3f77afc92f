"""The archive as files for other programs: JSON Lines and CSV, in the order of publication."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from archive.articles.columns import VERSIONED
from archive.database.times import to_text
from archive.record import FIELDS, Record, record_of, select_records
from archive.search.answer import matching_sql, stories_of
from archive.search.query import parse
from archive.search.query_sql import plan
from archive.text.words import count_words

_VERSIONS = "SELECT * FROM revisions WHERE article_id = ? ORDER BY number"
_BATCH = 200  # rows in memory; no transaction stays open between two batches
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula's start


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSelection:
    """Which articles: stories alone, or with `copies` all; `since` and `until` bound published."""

    since: datetime | None = None
    until: datetime | None = None
    source: str | None = None
    query: str = ""
    copies: bool = False
    versions: bool = False  # each version as a row of its own, the first one first
    changes_since: int | None = None  # only what an event after this number tells of


def records(conn: sqlite3.Connection, selection: ExportSelection) -> Iterator[Record]:
    """Yield the articles chosen, the oldest first. Raises QueryError for a query that is none."""
    for row in rows(conn, selection):
        if selection.versions:
            yield from _versions(conn, row)
        else:
            yield record_of(row)


def newest(conn: sqlite3.Connection, selection: ExportSelection, limit: int) -> list[Record]:
    """Give the `limit` articles published last, the newest first."""
    condition, values = _condition(selection, matching_sql(conn))
    found = conn.execute(
        f"{select_records(condition)} ORDER BY published DESC, id DESC LIMIT :limit",
        values | {"limit": limit},
    )
    return [record_of(row) for row in found]


def rows(conn: sqlite3.Connection, selection: ExportSelection) -> Iterator[sqlite3.Row]:
    """Yield whole rows of `articles`, with `securities`, the oldest first, in constant memory."""
    condition, values = _condition(selection, matching_sql(conn))
    after = "published >= :after AND (published > :after OR id < :below)"
    statement = (
        f"{select_records(f'{after} AND {condition}')} ORDER BY published, id DESC LIMIT {_BATCH}"
    )
    place = {"after": "", "below": 0}
    while batch := conn.execute(statement, values | place).fetchall():
        yield from batch
        place = {"after": batch[-1]["published"], "below": batch[-1]["id"]}


def write_jsonl(file: TextIO, found: Iterable[Record]) -> int:
    """Write one JSON object a line; give the number of articles."""
    return sum(1 for record in found if file.write(json.dumps(record, ensure_ascii=False) + "\n"))


def write_csv(file: TextIO, found: Iterable[Record]) -> int:
    """Write RFC 4180 with a header; give the number of articles.

    A cell that a spreadsheet would run as a formula begins with an apostrophe (OWASP, CSV
    injection); lists are JSON.
    """
    writer = csv.DictWriter(file, FIELDS, lineterminator="\r\n")
    writer.writeheader()
    lines = ({name: _cell(value) for name, value in record.items()} for record in found)
    return sum(1 for line in lines if writer.writerow(line))


def _condition(selection: ExportSelection, words: str) -> tuple[str, dict[str, str | int]]:
    parts = ["held IS NULL"] if selection.copies else ["copy_of IS NULL AND held IS NULL"]
    values: dict[str, str | int] = {}
    if selection.query.strip():
        found = _searched(selection.query, values, words)
        # as a search does: a story also by what only a copy of it has
        parts.append(found if selection.copies else f"id IN ({stories_of(found)})")
    if selection.source is not None:
        parts.append("source_id = :source")
        values["source"] = selection.source
    if selection.changes_since is not None:
        parts.append("id IN (SELECT article_id FROM changes WHERE seq > :changes_since)")
        values["changes_since"] = selection.changes_since
    for name, moment, sign in (("since", selection.since, ">="), ("until", selection.until, "<")):
        if moment is not None:
            parts.append(f"published {sign} :{name}")
            values[name] = to_text(moment)
    return " AND ".join(parts), values


def _searched(query: str, values: dict[str, str | int], words: str) -> str:
    node = parse(query)
    if node is None:
        return "0"  # what asks for nothing finds nothing
    chosen = plan(node, words=words)
    values.update(chosen.parameters)
    parts = [chosen.condition] if chosen.condition else []
    if chosen.match:
        values["match"] = chosen.match
        parts.append(f"id IN ({words.format(match=':match')})")
    return " AND ".join(parts)


def _versions(conn: sqlite3.Connection, article: sqlite3.Row) -> Iterator[Record]:
    """Give what each version said; what is not known of an old one is left empty."""
    values = dict(article)
    empty = {name: "[]" if name == "tags" else None for name in VERSIONED}
    for row in conn.execute(_VERSIONS, (article["id"],)):
        said = {name: row[name] for name in VERSIONED if row[name] is not None}
        version = {
            **values,
            **empty,
            "paywalled": 0,
            **said,
            "published": article["published"],  # by which rows are in order, and Parquet's months
            "version": row["number"],
            "version_seen": row["seen"],
            "word_count": count_words(row["text"]),
        }
        yield record_of(version)


def _cell(value: object) -> object:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
