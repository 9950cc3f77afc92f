"""The page of differences and the links to it, over HTTP."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

from tests.archive.stored import new_archive, put_article

HOSTILE = '<b>"x"&\'</b>\u202egnp.exe <script>alert(1)</script>'
FORBIDDEN = ("<b>", "<script>alert", "javascript:", "\u202e")


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    conn = new_archive(tmp_path / "archive.db")
    put_article(conn, title="央行宣布降准", text="降准0.5个百分点。")
    put_versions(conn, 896, ("央行宣布降息", "降息。"))
    return conn


def put_versions(conn: sqlite3.Connection, article: int, *versions: tuple[str, str]) -> None:
    """Let an article have these versions, the last of them as its current one."""
    statement = (
        "UPDATE articles SET revision = revision + 1, version_kind = 'edit',"
        " version_seen = '2026-11-23T12:00:00Z', title = ?, text = ? WHERE id = ?"
    )
    with conn:
        conn.executemany(statement, [(*version, article) for version in versions])


def get(conn: sqlite3.Connection, path: str) -> Any:
    file = conn.execute("PRAGMA database_list").fetchone()["file"]

    async def ask() -> Any:
        datasette = Datasette([file])
        try:
            await datasette.invoke_startup()
            return await datasette.client.get(path)
        finally:
            for database in datasette.databases.values():
                database.close()
            datasette.executor.shutdown()

    return asyncio.run(ask())


def test_a_version_is_shown_by_what_it_changed(conn: sqlite3.Connection) -> None:
    answer = get(conn, "/-/diff/896")
    assert answer.status_code == 200
    assert "<h3>央行宣布降<del>准</del><ins>息</ins></h3>" in answer.text
    assert "seen 2026-11-23T12:00:00Z; against version 1" in answer.text
    assert "降<del>准0.5个百分点</del><ins>息</ins>。" in answer.text


def test_many_versions_are_shown_page_by_page(conn: sqlite3.Connection) -> None:
    put_versions(conn, 896, *((f"题{n}", "降息。") for n in range(3, 14)))
    newest = get(conn, "/-/diff/896").text
    assert newest.count("broadsheet-change") == 10
    assert '<a href="?until=3" rel="next">' in newest
    assert get(conn, "/-/diff/896?until=3").text.count("broadsheet-change") == 2


@pytest.mark.parametrize(("path", "status"), [("9" * 18, 404), ("896?until=x", 200)])
def test_an_address_that_leads_nowhere_says_so(
    conn: sqlite3.Connection, path: str, status: int
) -> None:
    assert get(conn, f"/-/diff/{path}").status_code == status


def test_a_mistyped_query_prints_no_traceback(
    conn: sqlite3.Connection, capfd: pytest.CaptureFixture[str]
) -> None:
    assert get(conn, "/archive/articles?_search=after:soon").status_code == 400
    assert "Traceback" not in "".join(capfd.readouterr())


def test_texts_too_long_to_compare_are_not_compared(conn: sqlite3.Connection) -> None:
    put_versions(conn, 896, ("央行宣布降息", "a" * 200_000))
    assert "too long to be compared here" in get(conn, "/-/diff/896").text


def test_nothing_from_a_version_becomes_a_tag(conn: sqlite3.Connection) -> None:
    put_article(conn, id=13, url="javascript:alert(1)", title="题", text="文")
    put_versions(conn, 13, (HOSTILE, HOSTILE))
    page = get(conn, "/-/diff/13").text
    assert "&lt;b&gt;" in page
    assert [word for word in FORBIDDEN if word in page] == []


@pytest.mark.parametrize(
    ("table", "number"), [("articles/896", 2), ("stories", 2), ("headline_changes", 2)]
)
def test_the_number_of_a_later_version_leads_there(
    conn: sqlite3.Connection, table: str, number: int
) -> None:
    page = get(conn, f"/archive/{table}").text
    assert f'<a href="/-/diff/896?until={number}">{number}</a>' in page


def test_changed_headlines_can_be_asked_for(conn: sqlite3.Connection) -> None:
    found = get(conn, "/archive/headline_changes.json?_shape=array").json()
    assert [(row["old_title"], row["new_title"]) for row in found] == [
        ("央行宣布降准", "央行宣布降息")
    ]
