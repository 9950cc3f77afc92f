"""What a query over the web may take: a result, a width, a time; and how it is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from datasette.database import QueryInterrupted

from archive.web.query_limits import bound_queries, limit_met

_TOO_MUCH = "the result has more than 24 MB"


@pytest.fixture
def bounded() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as conn:
        bound_queries(conn)
        yield conn


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("printf('%05.1f|%s', 2.5, 'a')", "002.5|a"),
        ("format('%3d', 7)", "  7"),
        ("printf(1)", None),
        ("printf()", None),
    ],
)
def test_printf_is_sqlite_s(bounded: sqlite3.Connection, expression: str, value: object) -> None:
    assert bounded.execute(f"SELECT {expression}").fetchone()[0] == value


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of the function
@pytest.mark.parametrize("expression", ["printf('%1000d', 1)", "format('%*d', 900000000, 1)"])
def test_a_width_that_is_counted_out_is_refused(
    bounded: sqlite3.Connection, expression: str
) -> None:
    with pytest.raises(sqlite3.OperationalError, match="user-defined function raised"):
        bounded.execute(f"SELECT {expression}").fetchone()


def test_rows_that_add_up_to_too_much_are_refused_and_the_next_query_counts_anew(
    bounded: sqlite3.Connection,
) -> None:
    rows = "SELECT hex(zeroblob(1 << 20)) FROM json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13]')"
    with pytest.raises(sqlite3.OperationalError, match=_TOO_MUCH):
        bounded.execute(rows).fetchall()
    assert len(bounded.execute(f"{rows} LIMIT 11").fetchall()) == 11


def test_one_row_that_is_too_much_is_refused_while_it_is_made(bounded: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.OperationalError, match=_TOO_MUCH):
        bounded.execute("SELECT hex(zeroblob(7 << 20)), hex(zeroblob(7 << 20))").fetchone()


def test_a_value_that_is_too_large_is_told_with_the_limit(bounded: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.DataError) as caught:
        bounded.execute("SELECT zeroblob(17 << 20)").fetchone()
    assert limit_met(caught.value) == (
        "string or blob too big: no value may have more than 16 MB here"
    )


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            MemoryError(),
            "the query needs more memory than this server gives one: ask for less of it",
        ),
        (
            QueryInterrupted(sqlite3.OperationalError("interrupted"), "SELECT 1", {}),
            "the query takes longer than this server gives one: ask for less of it",
        ),
        (ValueError("a bug"), ""),
    ],
)
def test_a_limit_is_told_in_words_and_a_fault_is_none(error: Exception, words: str) -> None:
    assert limit_met(error) == words
