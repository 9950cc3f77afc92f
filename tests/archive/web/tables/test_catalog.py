"""What the catalog says of tables, held against the schema and SQLite's own plans."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from archive.web.tables.catalog import QUERIES, TABLES
from tests.archive.stored import new_archive

# Those that have a row for each source, gap or exchange: hundreds, whatever the archive's size.
SMALL = {"sources", "gaps", "health_changes", "instruments", "visits"}


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    return new_archive(tmp_path / "archive.db")


def test_every_name_in_the_catalog_is_in_the_schema(conn: sqlite3.Connection) -> None:
    for name, words in TABLES.items():
        columns = {row[1] for row in conn.execute(f"PRAGMA table_info([{name}])")}
        named = {*words.columns, *words.facets, *words.units, words.newest, words.label} - {""}
        assert named - columns == set(), name


def test_a_declared_facet_reads_no_rows_of_a_large_table(conn: sqlite3.Connection) -> None:
    for name, words in TABLES.items():
        for column in words.facets if name not in SMALL else ():
            sql = f"SELECT {column}, count(*) FROM (SELECT * FROM [{name}]) GROUP BY {column}"
            plan = [row["detail"] for row in conn.execute(f"EXPLAIN QUERY PLAN {sql}")]
            assert "USING COVERING INDEX" in plan[0], (name, column, plan)


@pytest.mark.parametrize("name", QUERIES)
def test_every_canned_query_runs(conn: sqlite3.Connection, name: str) -> None:
    assert conn.execute(QUERIES[name].sql, {"q": "央行"}).fetchall() == []
