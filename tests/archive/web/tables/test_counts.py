"""A table page says how many rows a view has, as counted from indexes."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from archive.web.tables.counts import COUNTS
from tests.archive.making import LONG, NOW, cell, make_archive, make_source, save
from tests.archive.statements import heard_statements
from tests.archive.web.browsing import get_pages


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    """Five articles: one of three versions, a copy of it, one held, and a held copy; two gaps."""
    conn = make_archive(tmp_path, make_source("stcn"), make_source("cnbc"))
    for hours, end in enumerate(("", "其中大型银行降至10%。", "其中中型银行降至8%。")):
        save(conn, "1", f"央行降准{hours}", LONG + end, now=NOW + timedelta(hours=hours))
    for path in "2345":
        save(conn, path, f"标题{path}", text=f"短讯{path}。")
    conn.execute("UPDATE articles SET copy_of = 1 WHERE id IN (2, 4)")
    conn.execute("UPDATE articles SET held = 'doubt' WHERE id IN (3, 4)")
    conn.execute("UPDATE entries SET announced = '2026-11-20T00:00:00Z' WHERE id = 5")
    conn.executemany(
        "INSERT INTO gaps(source_id, started, ended, why, healed)"
        " VALUES ('cnbc', ?, ?, 'asleep', ?)",
        [
            ("2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z", None),
            ("2026-11-21T00:00:00Z", "2026-11-21T01:00:00Z", "2026-11-22T00:00:00Z"),
        ],
    )
    return conn


@pytest.mark.parametrize(
    ("view", "number"),
    [("revisions", 7), ("article_diffs", 2), ("stories", 2), ("coverage", 3), ("articles_fts", 5)],
)
def test_a_view_has_as_many_rows_as_its_indexes_say(
    conn: sqlite3.Connection, view: str, number: int
) -> None:
    assert cell(conn, f"SELECT count(*) FROM {view}") == number
    assert cell(conn, COUNTS[view]) == number


def test_a_table_page_counts_no_view_by_making_it(conn: sqlite3.Connection, tmp_path: Path) -> None:
    pages = [f"/archive/{view}" for view in COUNTS]
    with heard_statements() as statements:
        answers = get_pages(tmp_path / "archive.db", *pages, "/archive/stories?language=zh")
    assert ["rows" in answer.text for answer in answers] == [True] * 6
    assert "7 rows" in answers[0].text
    counted = {s for s in statements if s.lower().startswith("select count(*) from ")}
    views = {s.split()[3] for s in counted} & COUNTS.keys()
    assert views == {"stories"}, "one that is narrowed down is counted as it is"
