"""No query of a reading page goes through a table, or an index, from end to end."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from archive.reader import open_reader
from archive.search.query_sql import WORDS_THEN
from archive.web.face.answers import View
from archive.web.face.face import Face
from archive.web.face.words import Language
from archive.web.reading.article import article_page, markdown_file
from archive.web.reading.changed_headlines import changes_page
from archive.web.reading.day import day_page
from archive.web.reading.difference import difference_page
from archive.web.reading.front import front_page
from archive.web.reading.latest import latest_page
from archive.web.reading.received_page import received_page
from archive.web.reading.story import story_page
from archive.web.sources.security_page import securities_page, security_page
from archive.web.sources.source_page import source_page
from archive.web.sources.sources_page import sources_page
from tests.archive.making import HOUR, LONG, NOW, make_archive, make_source, save

GROWING = ("articles", "superseded", "changes", "entries", "mentions", "article_urls", "visits")
PAGES = [
    (front_page, {}),
    (latest_page, {}),
    (latest_page, {"behind": "2026-11-23T08:00:00Z_2"}),
    (latest_page, {"outlet": "Outlet stcn", "section": "x", "lang": "zh"}),
    (front_page, {"outlet": "Outlet stcn", "section": "x", "lang": "zh"}),
    (day_page, {"date": "2026-11-23"}),
    (day_page, {"date": "2026-11-20"}),
    (changes_page, {}),
    (article_page, {"article": "1"}),
    (article_page, {"article": "9"}),
    (markdown_file, {"article": "1"}),
    (difference_page, {"article": "1"}),
    (story_page, {"article": "1"}),
    (received_page, {"article": "1", "n": "1"}),
]


PAGES_OF_SOURCES = [
    (source_page, {"source": "stcn"}),
    (sources_page, {}),
    (security_page, {"code": "300778.XSHE"}),
    (securities_page, {}),
]


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    folder = tmp_path_factory.mktemp("data")
    conn = make_archive(folder, make_source("stcn"), make_source("cls"))
    save(conn, "1", "央行降准", LONG)
    save(conn, "https://cls.example.com/2", "央行降准", LONG, source_id="cls", now=NOW + HOUR)
    save(conn, "1", "央行降准0.5个百分点", LONG + "释放一万亿元。", now=NOW + 2 * HOUR)
    conn.execute("INSERT INTO mentions VALUES (1, '300778.XSHE', '三百', 'name', 1)")
    return conn


def face_for(asked: dict[str, str]) -> Face:
    return Face(
        language=Language.ENGLISH,
        zone=ZoneInfo("UTC"),
        now=datetime(2026, 11, 23, 12, tzinfo=UTC),
        as_of="",
        path=lambda path: path,
        tables="/archive",
        here="/",
        asked=asked,
        images="caption",
        failing_after=3.0,
    )


@pytest.mark.parametrize(("page", "asked"), PAGES)
def test_every_query_of_a_page_goes_through_an_index(
    conn: sqlite3.Connection,
    page: Callable[[sqlite3.Connection, Face], View],
    asked: dict[str, str],
) -> None:
    queries: list[str] = []
    conn.set_trace_callback(queries.append)
    page(conn, face_for(asked))
    conn.set_trace_callback(None)
    assert queries
    assert {query: found for query in queries if (found := scans(conn, query))} == {}


def scans(conn: sqlite3.Connection, query: str) -> list[str]:
    """Give the steps of a query's plan that go through all of a table that grows."""
    plan = [row["detail"] for row in conn.execute(f"EXPLAIN QUERY PLAN {query}")]
    aliases = dict(re.findall(r"\b(\w+) AS (\w+)\b", query))
    names = {alias: table for table, alias in aliases.items()}
    found = []
    for step in plan:
        scanned = re.match(r"SCAN (\w+)", step)
        if scanned and names.get(scanned[1], scanned[1]) in GROWING:
            found.append(step)
    return found


def test_the_rule_sees_a_scan(tmp_path: Path) -> None:
    with closing(make_archive(tmp_path)) as conn:
        assert scans(conn, "SELECT count(*) FROM articles AS a WHERE a.summary = ''") == ["SCAN a"]
        assert scans(conn, "SELECT 1 FROM articles WHERE id = 1") == []


@pytest.fixture(scope="module")
def past(conn: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    file = Path(conn.execute("PRAGMA database_list").fetchone()["file"])
    with closing(open_reader(file, NOW + HOUR)) as past:
        yield past


@pytest.mark.parametrize(("page", "asked"), [*PAGES, *PAGES_OF_SOURCES])
def test_as_of_a_moment_no_query_is_sorted_by_what_it_does_not_give(
    past: sqlite3.Connection,
    page: Callable[[sqlite3.Connection, Face], View],
    asked: dict[str, str],
) -> None:
    queries: list[str] = []
    past.set_trace_callback(queries.append)
    page(past, replace(face_for(asked), now=NOW + HOUR))
    past.set_trace_callback(None)
    assert {query: found for query in queries if (found := hidden_order(query))} == {}


def hidden_order(query: str) -> list[str]:
    """Give what the rows of `articles` or `entries` are sorted by, or the sole aggregate of them,
    that SQLite can't carry into both halves of a view: it would make all of it (600 ms at 200,000
    articles instead of 3)."""
    found = re.match(
        r"\s*SELECT (.*?) FROM (?:articles|entries)\b(.*)", query, re.DOTALL | re.IGNORECASE
    )
    if found is None:
        return []
    columns, rest = found.groups()
    while "(" in rest and (outer := re.sub(r"\([^()]*\)", "", rest)) != rest:
        rest = outer
    alone = re.findall(r"^(?:max|min)\(\w+\)", columns) if "GROUP BY" not in rest else []
    order = re.search(r"ORDER BY (.*?)(?: LIMIT|$)", rest.strip(), re.DOTALL)
    terms = [term.split()[0] for term in order[1].split(",")] if order else []
    return alone + [t for t in terms if not t.isdigit() and not re.search(rf"\b{t}\b", columns)]


def test_the_rule_sees_a_hidden_order() -> None:
    assert hidden_order("SELECT max(published) AS last FROM articles WHERE held IS NULL") == [
        "max(published)"
    ]
    assert hidden_order("SELECT id FROM articles ORDER BY published DESC, id LIMIT 1") == [
        "published"
    ]
    assert hidden_order("SELECT id, published FROM articles ORDER BY published, id") == []


def test_what_was_reworded_later_is_sought_by_its_version(past: sqlite3.Connection) -> None:
    """A plan that reads all of it for each match took 2 s at 10,000 later versions, now 5 ms."""
    plan = past.execute(f"EXPLAIN QUERY PLAN {WORDS_THEN.format(match=repr('a'))}").fetchall()
    assert "SEARCH r USING COVERING INDEX reworded_version (version=?)" in [
        row["detail"] for row in plan
    ]
