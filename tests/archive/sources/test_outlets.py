"""Whose page an address is, however many sources there are."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from archive.sources.declarations import declare, declared, rename_source
from archive.sources.outlets import list_hosts, list_hosts_of, owner_of, sources_of
from tests.archive.making import NOW, make_archive, make_source, rows


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    return make_archive(
        tmp_path,
        make_source("stcn", hosts=("stcn.example.com", "stcn.example.net")),
        make_source("a", hosts=("platform.example/@a",)),
        make_source("b", hosts=("platform.example/@b",)),
    )


@pytest.mark.parametrize(
    ("url", "owner"),
    [
        ("https://stcn.example.com/1", "stcn"),
        ("https://finance.stcn.example.net/1", "stcn"),
        ("https://example.com/1", None),
        ("https://mystcn.example.com/1", None),
        ("https://platform.example/@b/1", "b"),
        ("https://platform.example/@c/1", None),
        ("mailto:nobody", None),
    ],
)
def test_a_page_is_of_whose_host_it_is_on(
    conn: sqlite3.Connection, url: str, owner: str | None
) -> None:
    assert owner_of(conn, url) == owner


def test_a_source_that_is_disabled_or_not_asked_for_owns_nothing(conn: sqlite3.Connection) -> None:
    assert owner_of(conn, "https://stcn.example.com/1", besides="stcn") is None
    conn.execute("UPDATE sources SET enabled = 0 WHERE id = 'stcn'")
    assert owner_of(conn, "https://stcn.example.com/1") is None


def test_the_hosts_follow_the_source(conn: sqlite3.Connection) -> None:
    declare(conn, [make_source("stcn", hosts=("other.example",))], now=NOW)
    assert owner_of(conn, "https://stcn.example.com/1") is None
    rename_source(conn, "stcn", "new")
    assert owner_of(conn, "https://other.example/1") == "new"
    conn.execute("DELETE FROM sources WHERE id = 'new'")
    listed = rows(conn, "SELECT host, source_id FROM source_hosts ORDER BY source_id")
    assert listed == [("platform.example", "a"), ("platform.example", "b")]


def test_the_list_of_hosts_is_made_anew(conn: sqlite3.Connection) -> None:
    before = rows(conn, "SELECT * FROM source_hosts")
    conn.execute("DELETE FROM source_hosts WHERE source_id = 'a'")
    conn.execute("INSERT INTO source_hosts(host, source_id) VALUES ('x.example', 'b')")
    list_hosts_of(conn, "a")
    by_a = [("platform.example", "a")]
    assert rows(conn, "SELECT * FROM source_hosts WHERE source_id = 'a'") == by_a
    assert rows(conn, "SELECT * FROM source_hosts WHERE host = 'x.example'") == [("x.example", "b")]
    list_hosts(conn)
    assert rows(conn, "SELECT * FROM source_hosts") == before


def test_thousands_of_sources_cost_no_more_than_a_few(conn: sqlite3.Connection) -> None:
    declare(conn, [make_source(f"s{n}") for n in range(2000)], now=NOW)
    state = declared(conn, "s7")
    steps = [0]

    def count() -> int:
        steps[0] += 1
        return 0

    conn.set_progress_handler(count, 100)  # hundreds of SQLite's instructions
    assert owner_of(conn, "https://s7.example.com/1") == "s7"
    assert sources_of(conn, state) == ("s7",)
    assert steps[0] < 5


def test_a_list_of_hosts_that_holds_no_words_is_none(conn: sqlite3.Connection) -> None:
    conn.execute("UPDATE sources SET hosts = 'null' WHERE id = 'a'")
    conn.execute("""UPDATE sources SET hosts = '[null, 7, "x.example"]' WHERE id = 'b'""")
    conn.execute("UPDATE sources SET hosts = '[' WHERE id = 'stcn'")
    assert rows(conn, "SELECT * FROM source_hosts") == [("x.example", "b")]
    list_hosts(conn)
    assert rows(conn, "SELECT * FROM source_hosts") == [("x.example", "b")]
