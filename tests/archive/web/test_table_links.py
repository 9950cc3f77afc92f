"""Links from tables to what a version changed, and a query that is none, over HTTP."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.archive.stored import new_archive, put_article
from tests.archive.web.browsing import get_pages


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


def test_a_mistyped_query_prints_no_traceback(
    conn: sqlite3.Connection, capfd: pytest.CaptureFixture[str]
) -> None:
    assert get_pages(conn, "/archive/articles?_search=after:soon")[0].status_code == 400
    assert "Traceback" not in "".join(capfd.readouterr())


def test_the_number_of_a_later_version_leads_there(conn: sqlite3.Connection) -> None:
    tables = ("articles/896", "stories", "headline_changes")
    for page in get_pages(conn, *(f"/archive/{table}" for table in tables)):
        assert '<a href="/-/article/896/diff?to=2">2</a>' in page.text


def test_changed_headlines_can_be_asked_for(conn: sqlite3.Connection) -> None:
    (answer,) = get_pages(conn, "/archive/headline_changes.json?_shape=array")
    found = answer.json()
    assert [(row["old_title"], row["new_title"]) for row in found] == [
        ("央行宣布降准", "央行宣布降息")
    ]
