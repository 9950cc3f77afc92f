"""The pages of sources and securities, over HTTP."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from archive.asof.moment import past_at, stand_at
from archive.database.connect import connect, transaction
from archive.model import SourceStatus
from archive.search.mention_counts import most_mentioned
from archive.sources.health import change_status
from archive.web.sources import facts
from archive.web.sources.securities import mentions_of
from tests.archive.making import DAY, HOUR, LONG, NOW, make_archive, make_source, save
from tests.archive.web.browsing import get_pages

HOSTILE = "<script>alert(1)</script>\u202e"
NEVER = ("<script>alert", "\u202e")


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """Two sources of one outlet and one in trouble; an article, later its copy; a refused page."""
    wire = make_source("wire", name="Wire & Co")
    conn = make_archive(
        tmp_path_factory.mktemp("source_pages"),
        make_source("stcn", name="证券时报网", category="金融"),
        make_source("stcn-two", name="证券时报网"),
        wire,
    )
    save(conn, "1", "央行降准", LONG)
    save(conn, "2", "Second story", "Another text about 600519. " * 20, now=NOW + 2 * HOUR)
    with transaction(conn):
        change_status(conn, "wire", SourceStatus.FAILING, f"HTTP 503 {HOSTILE}", now=NOW + HOUR)
        conn.execute("UPDATE sources SET failures = 3 WHERE id = 'wire'")
        conn.execute(
            "INSERT INTO entries(source_id, url, raw_url, host, announced, state, reason,"
            " not_before, closed) VALUES ('stcn', 'x', 'x', '', ?, 'rejected', ?, '', ?)",
            (at(HOUR), "too short: 57 characters", at(HOUR)),
        )
        conn.execute(
            "INSERT INTO gaps(source_id, started, ended, why, missing) VALUES"
            " ('stcn', ?, ?, 'overflow', 12)",
            (at(-HOUR), at(HOUR)),
        )
        conn.executemany(
            "INSERT INTO visits(source_id, at, status, error, new) VALUES ('stcn', ?, ?, ?, ?)",
            [(at(HOUR), 200, None, 3), (at(2 * HOUR), 503, "HTTP 503", 0)],
        )
        conn.execute(
            "INSERT INTO instruments(code, exchange, symbol, name, first_seen, last_seen)"
            " VALUES ('600519.XSHG', 'XSHG', '600519', '贵州茅台', '', '')"
        )
        conn.execute("INSERT INTO mentions VALUES (2, '600519.XSHG', '600519', 'bracket', 1)")
        conn.execute("INSERT INTO mentions VALUES (2, '000001.XSHE', '000001', 'bracket', 1)")
    yield conn
    conn.close()


def at(later: timedelta) -> str:
    return (NOW + later).strftime("%Y-%m-%dT%H:%M:%SZ")


def get(conn: sqlite3.Connection, *paths: str, language: str = "en") -> list[Any]:
    return get_pages(conn, *paths, language=language)


THEN = "as_of=2026-11-23T11:00Z"  # three hours after NOW


def test_a_source_says_how_it_is_and_what_became_of_its_news(conn: sqlite3.Connection) -> None:
    (page,) = get(conn, f"/-/source/stcn?{THEN}")
    assert '<h1 class="page-title" lang="zh-Hans">证券时报网' in page.text
    assert "2 articles today, 2 in all" in page.text
    assert 'title="Mon 16:00, 2"' in page.text  # 08:00 UTC in Shanghai
    assert "2026-11-23: 2 archived, 1 refused, 0 owed" in page.text
    assert ">too short</a>" in page.text
    assert "reason__startswith=too+short" in page.text
    assert "about 12 articles, it published more than its document shows" in page.text
    assert page.text.count('class="fail"') == 4  # a bar, a visit, two legends
    assert "Second story" in page.text


def test_a_source_has_a_feed(conn: sqlite3.Connection) -> None:
    page, feed = get(conn, "/-/source/stcn", "/-/source/stcn.feed.json")
    assert "/-/source/stcn.atom" in page.text
    assert [item["title"] for item in feed.json()["items"]] == ["Second story", "央行降准"]


def test_a_source_in_trouble_stands_first_and_runs_nothing(conn: sqlite3.Connection) -> None:
    board, page, chinese = (
        *get(conn, "/-/sources", "/-/source/wire"),
        *get(conn, "/-/sources", language="zh"),
    )
    assert "1 of 3 needs somebody." in board.text
    assert "3 个来源中有 1 个需要处理。" in chinese.text
    assert "HTTP 503" in board.text
    assert board.text.index("stcn-two") > board.text.index("HTTP 503")
    for shown in (board, page):
        assert [word for word in NEVER if word in shown.text] == []
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown.text


def test_a_source_as_of_a_moment_knows_nothing_later(conn: sqlite3.Connection) -> None:
    before, wire, board = get(
        conn,
        "/-/source/stcn?as_of=2026-11-23T08:30Z",
        "/-/source/wire?as_of=2026-11-23T08:30Z",
        "/-/sources?as_of=2026-11-23T08:30Z",
    )
    assert "1 article today, 1 in all" in before.text
    assert "Second story" not in before.text
    assert "too short" not in before.text
    assert "HTTP 503" not in wire.text
    assert "No trouble of then is noted." in board.text
    assert "/-/source/stcn?as_of=2026-11-23T08%3A30Z" in board.text


def test_a_source_that_is_none_is_looked_for_among_the_others(conn: sqlite3.Connection) -> None:
    (page,) = get(conn, "/-/source/stcm")
    assert page.status_code == 404
    assert '<a href="/-/source/stcn">stcn</a>' in page.text


def test_a_security_shows_what_is_written_of_it(conn: sqlite3.Connection) -> None:
    page, feed, none, listed = get(
        conn,
        f"/-/security/600519.XSHG?{THEN}",
        "/-/security/600519.xshg.feed.json",
        "/-/security/300778.XSHE",
        f"/-/securities?{THEN}",
    )
    assert '贵州茅台 <span class="meta code" lang="en">600519.XSHG</span>' in page.text
    assert "1 article mentions it" in page.text
    assert "/-/security/000001.XSHE" in page.text
    assert [item["title"] for item in feed.json()["items"]] == ["Second story"]
    assert none.status_code == 404
    assert "/-/search?q=300778" in none.text
    assert '<td class="n">1</td><td class="n">1</td>' in listed.text


def test_where_nothing_was_tagged_the_pages_say_so(tmp_path: Any) -> None:
    empty = make_archive(tmp_path)
    (page,) = get(empty, "/-/securities")
    assert "No article of the last 7 days mentions a security" in page.text
    empty.close()


def test_no_question_of_a_source_reads_a_table_of_articles_or_entries(
    conn: sqlite3.Connection,
) -> None:
    """A scan of a large table is what takes seconds: each statement has its index."""
    scans: list[str] = []
    looked = connect(conn.execute("PRAGMA database_list").fetchone()["file"], readonly=True)
    statements: list[str] = []
    looked.set_trace_callback(statements.append)
    until, since = at(DAY), at(-30 * DAY)
    facts.all_sources(looked, until)
    facts.one_source(looked, "stcn", until)
    facts.health_steps(looked, "stcn", until, limit=8)
    facts.latest_visits(looked, "stcn", until, limit=50)
    facts.articles_by_hour(looked, "stcn", since, until)
    facts.all_in(looked, since, until)
    facts.number_of_articles(looked, "stcn")
    facts.open_entries(looked, until)
    facts.newest_of_source(looked, "stcn", until, limit=10)
    facts.refusals(looked, "stcn", since, limit=12)
    mentions_of(looked, "600519.XSHG", beside=10)
    most_mentioned(looked, since, until, limit=60)
    looked.set_trace_callback(None)
    for statement in statements:
        for row in looked.execute(f"EXPLAIN QUERY PLAN {statement}"):
            large = ("articles", "entries", "visits", "mentions", "changes")
            if row["detail"] in {f"SCAN {name}" for name in large}:
                scans.append(statement)
    looked.close()
    assert len(statements) >= 12
    assert scans == []


def test_what_is_known_then_is_asked_of_views(conn: sqlite3.Connection) -> None:
    looked = connect(conn.execute("PRAGMA database_list").fetchone()["file"], readonly=True)
    stand_at(looked, past_at(looked, NOW + HOUR / 2))
    assert facts.number_of_articles(looked, "stcn") == 1
    assert facts.newest_of_source(looked, "stcn", at(HOUR / 2), limit=9) == [1]
    assert mentions_of(looked, "600519.XSHG", beside=1) is None
    looked.close()
