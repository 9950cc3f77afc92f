"""Group commit: who waits shares a transaction, and answers for himself."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from archive.database.connect import connect, transaction
from archive.database.group import Group, apart
from archive.database.writer import Writer
from archive.errors import ArchiveError


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    with Writer(tmp_path / "archive.db") as opened:
        opened.call(lambda conn: conn.execute("CREATE TABLE t (n INTEGER)"))
        yield opened


def insert(conn: sqlite3.Connection, number: int) -> int:
    conn.execute("INSERT INTO t VALUES (?)", (number,))
    if number < 0:
        raise ValueError(number)
    return number * 10


def answers(group: Group[int, int], *jobs: int) -> list[int | BaseException]:
    async def ask() -> list[int | BaseException]:
        return await asyncio.gather(*map(group.put, jobs), return_exceptions=True)

    return asyncio.run(ask())


def grouped(writer: Writer, groups: list[list[int]]) -> Group[int, int]:
    def book(conn: sqlite3.Connection, jobs: Sequence[int]) -> list[int | Exception]:
        groups.append(list(jobs))
        with transaction(conn):
            return [apart(conn, partial(insert, number=job)) for job in jobs]

    return Group(writer, book)


def test_what_waits_is_committed_together_and_answered_one_by_one(
    writer: Writer, tmp_path: Path
) -> None:
    groups: list[list[int]] = []
    group = grouped(writer, groups)
    results = answers(group, *range(60))
    assert results == [number * 10 for number in range(60)]
    assert [n for jobs in groups for n in jobs] == list(range(60))
    assert len(groups) < 60
    assert max(map(len, groups)) <= 50
    reader = connect(tmp_path / "archive.db", readonly=True)
    assert reader.execute("SELECT count(*) FROM t").fetchone()[0] == 60
    reader.close()


def test_one_that_fails_leaves_no_trace_and_costs_none_of_the_others(writer: Writer) -> None:
    group = grouped(writer, [])
    first, failed, last = answers(group, 1, -2, 3)
    assert (first, last) == (10, 30)
    assert isinstance(failed, ValueError)
    assert writer.call(lambda c: [r[0] for r in c.execute("SELECT n FROM t")]) == [1, 3]


def test_what_ends_the_transaction_ends_all_of_them(writer: Writer) -> None:
    def book(conn: sqlite3.Connection, jobs: Sequence[int]) -> list[int | Exception]:
        with transaction(conn):
            assert [apart(conn, partial(insert, number=job)) for job in jobs] == [10, 20]
            raise sqlite3.OperationalError("database or disk is full")

    group: Group[int, int] = Group(writer, book)
    results = answers(group, 1, 2)
    assert [type(result) for result in results] == [ArchiveError, ArchiveError]
    assert "can't be written: database or disk is full" in str(results[0])
    assert writer.call(lambda c: c.execute("SELECT count(*) FROM t").fetchone()[0]) == 0
