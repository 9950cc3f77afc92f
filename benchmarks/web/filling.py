"""A year of a newspaper's life, generated: articles, copies, versions, mentions, entries, visits.

Rows are put in as they stand, not as a crawl finds them out: 200,000 take some eight minutes of
CPU, most of it the index's. The last article is of the moment given, so that the front page, which
shows the last 24 hours, has a day's work.
"""

from __future__ import annotations

import random
import sqlite3
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from archive.database.connect import connect, transaction
from archive.database.times import to_text
from archive.migrate import migrate
from archive.model import Declaration
from archive.search import indexing
from archive.sources.declarations import declare
from benchmarks.search.corpus import articles

YEAR = timedelta(days=365)
OUTLETS, SOURCES = 25, 60
CODES = tuple(f"{600000 + 7 * n}.XSHG" for n in range(3_000))
SECTIONS = ("要闻", "公司", "基金", "markets", "economy", "")
REASONS = ("too short: 57 characters", "robots.txt", "HTTP 404", "no article: a list of links")
_BATCH = 500
_ADD = """
INSERT INTO articles(url, source_id, source_name, title, published, published_from, fetched,
  checked, first_seen, version_seen, language, section, text, markdown, word_count, content_hash,
  text_hash, copy_of)
VALUES (:url, :source, :outlet, :title, :published, 'meta', :seen, :seen, :seen, :seen, :language,
  :section, :text, :text, 300, :url, :url, :copy_of)
"""
_REVISE = """
UPDATE articles SET title = title || ' (2)', text = text || ' Revised.', revision = 2,
  version_kind = 'edit', version_seen = :seen, content_hash = content_hash || '2' WHERE id = :id
"""
_ENTRY = """
INSERT INTO entries(source_id, url, raw_url, host, announced, published, state, reason, not_before,
  closed, article_id) VALUES (?, ?, ?, '', ?, ?, ?, ?, ?, ?, ?)
"""


def fill(folder: Path, count: int, *, now: datetime, seed: int = 1) -> sqlite3.Connection:
    """Make an archive of `count` articles that were published in the year before `now`."""
    conn = connect(folder / "archive.db", synchronous="normal")
    migrate(conn, now - YEAR)
    declare(conn, [_source(number) for number in range(SOURCES)], now=now - YEAR)
    with transaction(conn):
        conn.executemany(
            "INSERT INTO instruments(code, exchange, symbol, name, first_seen, last_seen)"
            " VALUES (?, 'XSHG', ?, ?, '', '')",
            [(code, code[:6], f"公司{code[3:6]}") for code in CODES],
        )
        _visit(conn, now)
    rows, draw, number = articles(count, seed), random.Random(seed), 0
    while batch := list(islice(rows, _BATCH)):
        with transaction(conn):
            for row in batch:
                number += 1
                _put(conn, draw, row, number, now - YEAR * (1 - number / count))
    return conn


def _source(number: int) -> Declaration:
    name = f"Outlet {number % OUTLETS}"
    return Declaration(id=f"s{number}", name=name, url=f"https://s{number}.example/", kind="feed")


def _put(
    conn: sqlite3.Connection, draw: random.Random, row: dict[str, str], number: int, at: datetime
) -> None:
    source, seen = draw.randrange(SOURCES), to_text(at + timedelta(minutes=5))
    is_copy = number > 200 and number % 10 > 0 and draw.random() < 0.2
    values = row | {
        "source": f"s{source}",
        "outlet": f"Outlet {source % OUTLETS}",
        "published": to_text(at),
        "seen": seen,
        "section": draw.choice(SECTIONS),
        "copy_of": _story(draw, number) if is_copy else None,
    }
    indexing.insert(conn, _ADD, values)
    if draw.random() < 0.1:
        conn.execute(_REVISE, {"id": number, "seen": to_text(at + timedelta(hours=1))})
    mentioned = {draw.choice(CODES[: 1 + draw.randrange(len(CODES))]) for _ in range(2)}
    conn.executemany(
        "INSERT INTO mentions VALUES (?, ?, ?, 'bracket', 1)",
        [(number, code, code) for code in mentioned],
    )
    told = (f"s{source}", row["url"], row["url"], values["published"], values["published"])
    conn.execute(_ENTRY, (*told, "archived", "new", seen, seen, number))
    if draw.random() < 0.1:
        refused = (told[0], f"{row['url']}/refused", f"{row['url']}/refused", *told[3:])
        conn.execute(_ENTRY, (*refused, "rejected", draw.choice(REASONS), seen, seen, None))


def _story(draw: random.Random, number: int) -> int:
    """Choose a story of the hours before: every tenth number is one that is copied."""
    return (number - draw.randrange(20, 200)) // 10 * 10 or 10


def _visit(conn: sqlite3.Connection, now: datetime) -> None:
    conn.executemany(
        "INSERT INTO visits(source_id, at, status, found, new) VALUES (?, ?, ?, 20, ?)",
        [
            (f"s{source}", to_text(now - timedelta(minutes=15 * n)), 200 if n % 7 else 503, n % 3)
            for source in range(SOURCES)
            for n in range(50)
        ],
    )
    conn.execute(
        "UPDATE sources SET status = 'failing', status_reason = 'HTTP 503', failures = 3"
        " WHERE id IN ('s3', 's17')"
    )
