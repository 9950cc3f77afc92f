"""?as_of= on the plugin's pages, and /-/events.json, by a real Datasette."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

from archive.entries.rechecks import withdraw
from tests.archive.making import LONG, NOW, make_archive, make_source, save

HOUR = timedelta(hours=1)
NEWER = LONG + "其中大型银行降至10%，即日起执行。"


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    conn = make_archive(tmp_path, make_source("stcn"))
    save(conn, "1", "央行降准", LONG)
    save(conn, "1", "央行降准0.5个百分点", NEWER, now=NOW + HOUR)
    withdraw(conn, 1, now=NOW + 2 * HOUR)
    return conn


def get(conn: sqlite3.Connection, *paths: str) -> list[Any]:
    file = conn.execute("PRAGMA database_list").fetchone()["file"]

    async def ask() -> list[Any]:
        datasette = Datasette([file])
        try:
            await datasette.invoke_startup()
            return [await datasette.client.get(path) for path in paths]
        finally:
            for database in datasette.databases.values():
                database.close()
            datasette.executor.shutdown()

    return asyncio.run(ask())


def test_a_search_of_then_finds_the_words_of_then(conn: sqlite3.Connection) -> None:
    then, now, wrong = get(
        conn,
        "/-/search?q=即日起执行&as_of=2026-11-23T08:30Z",
        "/-/search?q=即日起执行",
        "/-/search?q=降准&as_of=yesterday",
    )
    assert "Nothing was found" in then.text
    assert "As of 23 Nov 2026, 08:30." in then.text
    assert "1 article" in now.text
    assert wrong.status_code == 400
    assert "as_of is a time with its zone" in wrong.text


def test_a_title_of_then_is_shown_as_of_then(conn: sqlite3.Connection) -> None:
    (page,) = get(conn, "/-/search?q=降准&as_of=2026-11-23T16:30%2B08:00")
    assert "0.5个百分点" not in page.text
    assert "1 article" in page.text


def test_an_age_is_a_moment_that_stays_in_what_the_page_leads_to(conn: sqlite3.Connection) -> None:
    now, then = get(conn, "/-/article/1?as_of=1s", "/-/article/1?as_of=10000d")
    assert (now.status_code, then.status_code) == (200, 404)
    assert re.search(r"/diff\?as_of=2\d{3}-\d\d-\d\dT\d\d%3A\d\d%3A\d\dZ", now.text)
    assert "as_of=1s" not in now.text


def test_a_day_before_the_archive_began_is_empty(conn: sqlite3.Connection) -> None:
    search, diff = get(
        conn, "/-/search?q=降准&as_of=2026-11-23", "/-/article/1/diff?as_of=2026-11-23T07:00Z"
    )
    assert "Nothing was found" in search.text
    assert diff.status_code == 404


def test_versions_of_then_are_those_until_then(conn: sqlite3.Connection) -> None:
    then, now = get(conn, "/-/article/1/diff?as_of=2026-11-23T08:30Z", "/-/article/1/diff")
    assert "There is one version of it." in then.text
    assert "Version 2" in now.text


def test_a_program_gets_every_event_once(conn: sqlite3.Connection) -> None:
    (first,) = get(conn, "/-/events.json?limit=2")
    assert [event["kind"] for event in first.json()["events"]] == ["new", "reopened"]
    assert (first.json()["next"], first.json()["more"]) == (2, True)
    (rest,) = get(conn, "/-/events.json?since=2")
    assert [event["seq"] for event in rest.json()["events"]] == [3, 4]
    assert rest.json()["more"] is False
    (none,) = get(conn, "/-/events.json?since=4")
    assert none.json() == {"events": [], "next": 4, "more": False}


def test_where_there_is_no_archive_every_page_says_so(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE t (x)")
    other.row_factory = sqlite3.Row
    pages = get(other, "/-/events.json", "/-/search?q=a", "/-/article/1/diff")
    assert [page.status_code for page in pages] == [404, 404, 404]
    assert pages[0].json() == {"error": "There is no archive here."}


def test_events_are_chosen_by_kind(conn: sqlite3.Connection) -> None:
    chosen, wrong, odd = get(
        conn,
        "/-/events.json?kind=withdrawn&kind=held",
        "/-/events.json?kind=deleted",
        "/-/events.json?since=-1",
    )
    assert [(e["kind"], e["at"]) for e in chosen.json()["events"]] == [
        ("withdrawn", "2026-11-23T10:00:00Z")
    ]
    assert (wrong.status_code, odd.status_code) == (400, 400)
    assert "kind is one of new, edit" in wrong.json()["error"]
