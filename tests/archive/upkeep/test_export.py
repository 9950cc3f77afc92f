"""What an export says, and in which order."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.errors import QueryError
from archive.upkeep.export import ExportSelection, newest, records, write_csv, write_jsonl
from tests.archive.stored import new_archive, put_article


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    return new_archive(tmp_path / "archive.db")


def put(conn: sqlite3.Connection, id: int, published: str, **columns: object) -> None:
    put_article(conn, id=id, url=f"https://a.cn/{id}", published=published, **columns)


def ids(conn: sqlite3.Connection, **selection: object) -> list[object]:
    return [record["id"] for record in records(conn, ExportSelection(**selection))]


def test_articles_come_in_the_order_of_publication(conn: sqlite3.Connection) -> None:
    put(conn, 1, "2021-12-09T14:42:00Z")
    put(conn, 2, "2021-12-08T00:00:00Z")
    put(conn, 3, "2021-12-10T00:00:00Z")
    assert ids(conn) == [2, 1, 3]


def test_no_article_is_lost_or_doubled_where_many_share_a_moment(conn: sqlite3.Connection) -> None:
    for number in range(1, 502):
        put(conn, number, "2021-12-09T14:42:00Z")
    assert sorted(ids(conn)) == list(range(1, 502))


def test_copies_are_left_out_unless_asked_for(conn: sqlite3.Connection) -> None:
    put(conn, 1, "2021-12-09T14:42:00Z")
    put(conn, 2, "2021-12-09T15:00:00Z", copy_of=1)
    assert (ids(conn), ids(conn, copies=True)) == ([1], [1, 2])


def test_since_counts_from_that_moment_and_until_ends_before_it(conn: sqlite3.Connection) -> None:
    put(conn, 1, "2021-12-08T23:59:59Z")
    put(conn, 2, "2021-12-09T00:00:00Z")
    put(conn, 3, "2021-12-10T00:00:00Z")
    day, next_day = datetime(2021, 12, 9, tzinfo=UTC), datetime(2021, 12, 10, tzinfo=UTC)
    assert ids(conn, since=day, until=next_day) == [2]


def test_a_query_chooses_as_search_does(conn: sqlite3.Connection) -> None:
    put(conn, 1, "2021-12-09T14:42:00Z", title="央行降准", text="郑州")
    put(conn, 2, "2021-12-09T14:42:00Z", title="Fed holds", text="rates")
    assert ids(conn, query="降准") == [1]
    assert ids(conn, query="-降准") == [2]
    assert ids(conn, query="rates after:2021-12-09 before:2021-12-10") == [2]
    assert ids(conn, query="--") == []


def test_a_date_that_is_none_is_said(conn: sqlite3.Connection) -> None:
    with pytest.raises(QueryError, match="after: wants a date"):
        ids(conn, query="after:soon")


def test_the_newest_come_first_and_no_more_than_asked_for(conn: sqlite3.Connection) -> None:
    for day in (1, 2, 3):
        put(conn, day, f"2021-12-0{day}T00:00:00Z")
    assert [record["id"] for record in newest(conn, ExportSelection(), 2)] == [3, 2]


def test_a_json_line_has_lists_as_lists(conn: sqlite3.Connection) -> None:
    put(conn, 1, "2021-12-09T14:42:00Z", tags='["人工智能"]', paywalled=1)
    conn.executemany(
        "INSERT INTO mentions VALUES (1, ?, ?, 'bracket', ?)",
        [("300778.XSHE", "300778", 1), ("AAPL.XNAS", "AAPL", 3)],
    )
    file = io.StringIO()
    assert write_jsonl(file, records(conn, ExportSelection())) == 1
    line = json.loads(file.getvalue())
    assert (line["tags"], line["securities"]) == (["人工智能"], ["AAPL.XNAS", "300778.XSHE"])
    assert (line["id"], line["paywalled"], line["copy_of"]) == (1, True, None)


def test_no_cell_of_a_csv_is_a_formula(conn: sqlite3.Connection) -> None:
    put(conn, 1, "2021-12-09T14:42:00Z", title='=HYPERLINK("http://x")', author="@x", text="-1, 2")
    file = io.StringIO(newline="")
    write_csv(file, records(conn, ExportSelection()))
    (row,) = csv.DictReader(io.StringIO(file.getvalue(), newline=""))
    assert row["title"] == '\'=HYPERLINK("http://x")'
    assert (row["author"], row["text"], row["word_count"]) == ("'@x", "'-1, 2", "20")
