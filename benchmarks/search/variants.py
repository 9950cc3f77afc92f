"""Our index and those beside it: each is built over the same rows and asked the same."""

from __future__ import annotations

import importlib.util
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TypeVar

from archive.database.connect import transaction
from archive.search.answer import find
from archive.search.facets import facets_of
from archive.search.query import parse
from benchmarks.search.queries import CHINESE, QUERIES

T = TypeVar("T")

ROUNDS = 3
SLOW_ROUNDS = 1  # of what takes seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """CPU milliseconds of an answer, index bytes by text bytes, articles indexed a CPU second in
    one go; and of how many Chinese words exactly those articles are found that contain them."""

    p50_ms: float
    p95_ms: float
    max_ms: float
    ratio: float
    indexed_per_s: float | None  # None: measured elsewhere, or no index
    exact: int
    asked: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    reason: str


def text_bytes(conn: sqlite3.Connection) -> int:
    return int(
        conn.execute(
            "SELECT sum(length(CAST(title AS BLOB)) + length(CAST(text AS BLOB))) FROM articles"
        ).fetchone()[0]
    )


def ours(conn: sqlite3.Connection, text: int) -> Figures:
    def count(query: str) -> int:
        node = parse(query)
        return facets_of(conn, node).total if node else 0

    return _figures(
        conn,
        "articles_fts",
        text,
        answer=lambda query: find(conn, query),
        count=count,
        per_s=None,
    )


def trigram(conn: sqlite3.Connection, text: int) -> Figures:
    per_s = _built(conn, "tri", "trigram")
    return _figures(
        conn,
        "tri",
        text,
        answer=lambda query: _ranked(conn, "tri", _quoted(query)),
        count=lambda query: _matches(conn, "tri", _quoted(query)),
        per_s=per_s,
        note="finds nothing shorter than three characters",
    )


def jieba(conn: sqlite3.Connection, text: int) -> Figures | Skipped:
    if importlib.util.find_spec("jieba") is None:
        return Skipped("jieba is not installed")
    import jieba as segmenter

    segmenter.initialize()

    def words(query: str) -> str:
        return " ".join(w for w in segmenter.cut_for_search(query) if w.strip())

    conn.execute("CREATE TABLE jieba_words (id INTEGER PRIMARY KEY, title, text)")
    conn.execute(_fts("jieba_fts", "unicode61", "jieba_words"))
    rows = conn.execute("SELECT id, title, text FROM articles ORDER BY id").fetchall()
    begun = time.process_time()
    with transaction(conn):
        for number, title, body in rows:
            row = (number, words(title), words(body))
            conn.execute("INSERT INTO jieba_words VALUES (?, ?, ?)", row)
            conn.execute("INSERT INTO jieba_fts(rowid, title, text) VALUES (?, ?, ?)", row)
    per_s = len(rows) / (time.process_time() - begun)
    return _figures(
        conn,
        "jieba_fts",
        text,
        answer=lambda query: _ranked(conn, "jieba_fts", _quoted(words(query))),
        count=lambda query: _matches(conn, "jieba_fts", _quoted(words(query))),
        per_s=per_s,
        note="its words' text is stored as well",
    )


def like(conn: sqlite3.Connection, text: int) -> Figures:
    def answer(query: str) -> object:
        return conn.execute(
            "SELECT id, substr(text, 1, 40) FROM articles WHERE text LIKE :q OR title LIKE :q"
            " ORDER BY published DESC LIMIT 20",
            {"q": f"%{query}%"},
        ).fetchall()

    return _figures(
        conn,
        "",
        text,
        answer=answer,
        count=lambda query: _contain(conn, query),
        per_s=None,
        rounds=SLOW_ROUNDS,
        note="newest first, no ranking",
    )


def forget(conn: sqlite3.Connection) -> None:
    """Drop what the variants built: the archive goes on without them."""
    for table in ("tri", "jieba_fts", "jieba_words"):
        conn.execute(f"DROP TABLE IF EXISTS {table}")


VARIANTS: dict[str, Callable[[sqlite3.Connection, int], Figures | Skipped]] = {
    "trigram": trigram,
    "jieba": jieba,
    "like": like,
}


def _figures(
    conn: sqlite3.Connection,
    index: str,
    text: int,
    *,
    answer: Callable[[str], object],
    count: Callable[[str], int],
    per_s: float | None,
    rounds: int = ROUNDS,
    note: str = "",
) -> Figures:
    times = [_cpu_ms(answer, query) for _ in range(rounds) for query in QUERIES]
    return Figures(
        p50_ms=median(times),
        p95_ms=quantiles(times, n=20)[-1],
        max_ms=max(times),
        ratio=_index_bytes(conn, index) / text if index else 0.0,
        indexed_per_s=per_s,
        exact=sum(count(query) == _contain(conn, query) for query in CHINESE),
        asked=len(CHINESE),
        note=note,
    )


def _cpu_ms(work: Callable[[T], object], given: T) -> float:
    begun = time.process_time()
    work(given)
    return (time.process_time() - begun) * 1000


def _contain(conn: sqlite3.Connection, query: str) -> int:
    sql = "SELECT count(*) FROM articles WHERE instr(text, :q) OR instr(title, :q)"
    return int(conn.execute(sql, {"q": query}).fetchone()[0])


def _index_bytes(conn: sqlite3.Connection, index: str) -> int:
    return int(
        conn.execute(
            "SELECT sum(pgsize) FROM dbstat WHERE name GLOB ? AND aggregate = 1", (f"{index}_*",)
        ).fetchone()[0]
    )


def _fts(name: str, tokenizer: str, content: str) -> str:
    return (
        f"CREATE VIRTUAL TABLE {name} USING fts5(title, text, content='{content}',"
        f" content_rowid='id', tokenize='{tokenizer}')"
    )


def _built(conn: sqlite3.Connection, name: str, tokenizer: str) -> float:
    conn.execute(_fts(name, tokenizer, "articles"))
    count = conn.execute("SELECT count(*) FROM articles").fetchone()[0]
    begun = time.process_time()
    conn.execute(f"INSERT INTO {name}({name}) VALUES ('rebuild')")
    return float(count / (time.process_time() - begun))


def _ranked(conn: sqlite3.Connection, name: str, match: str) -> object:
    return conn.execute(
        f"SELECT rowid, snippet({name}, 1, '', '', '…', 40) FROM {name} WHERE {name} MATCH ?"
        " ORDER BY rank LIMIT 20",
        (match,),
    ).fetchall()


def _matches(conn: sqlite3.Connection, name: str, match: str) -> int:
    sql = f"SELECT count(*) FROM {name} WHERE {name} MATCH ?"
    return int(conn.execute(sql, (match,)).fetchone()[0])


def _quoted(query: str) -> str:
    return " ".join(f'"{word}"' for word in query.split())
