"""A page as of a moment is the page of a backup that was taken then."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from archive.asof.changes import at_moment
from archive.database.connect import transaction
from archive.entries.rechecks import withdraw
from archive.web import register_routes
from archive.web.events import PATH as EVENTS
from archive.web.tables.database_list import PATTERN
from tests.archive.making import LONG, NOW, make_archive, make_source, save
from tests.archive.web.browsing import Browser

pytestmark = pytest.mark.slow  # two archives, each page of both

HOUR = timedelta(hours=1)
OWN = "其中大型银行降至百分之十，即日起执行。"
THEN = "as_of=2026-11-23T10:30Z"
FLASH = "沪指高开0.32%，报4010.87点。"

PATHS = (
    *("/", "/-/latest", "/-/changes", "/-/day/2026-11-23", "/-/day/2026-11-22"),
    *("/-/article/1", "/-/article/2", "/-/article/3", "/-/article/4", "/-/article/5"),
    *("/-/article/1/diff", "/-/article/3/diff", "/-/article/1.md", "/-/story/1", "/-/story/3"),
    *("/-/front.atom", "/-/latest.feed.json", "/-/changes.atom", "/-/story/1.atom"),
    *("/?outlet=Outlet+cls", "/-/latest?lang=zh", "/-/latest?outlet=Outlet+cls"),
    *("/-/search?q=降准", "/-/search?q=降准&order=newest&copies=1", "/-/search.atom?q=降准"),
    *("/-/search?q=tag:x", "/-/search?outlet=Outlet+stcn", "/-/search"),
    *("/-/sources", "/-/source/stcn", "/-/source/cls", "/-/source/stcn.atom", "/-/source/none"),
    *("/-/securities", "/-/security/300778.XSHE", "/-/security/300778.XSHE.feed.json"),
    *("/-/security/0700.XHKG", "/-/page/1", "/-/page/3?n=1", "/-/day/2026-11-23.atom"),
    *("/-/day/today", "/-/day", "/-/diff/1?until=2", f"/-/image/ab/{'0' * 62}.png"),
)
OF_NOW = {PATTERN, rf"^{re.escape(EVENTS)}$"}  # of the program, not of a moment


@pytest.fixture(scope="module")
def browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, Browser]]:
    """The archive of today, and the backup of then: what came between changed all of its articles,
    and brought another."""
    conn = make_archive(tmp_path_factory.mktemp("today"), make_source("stcn"), make_source("cls"))
    save(conn, "1", "央行降准", LONG)
    cls = "https://cls.example.com/2"
    save(conn, cls, "央行降准", LONG + OWN, source_id="cls", now=NOW + HOUR, published=NOW + HOUR)
    save(conn, "1", "央行降准0.5个百分点", LONG + "释放一万亿元。", now=NOW + HOUR)
    save(conn, "3", "快讯", FLASH, published=NOW + HOUR)
    save(conn, "4", "Castellan Bank takes $640m charge", "A charge was booked. " * 30)
    conn.execute("INSERT INTO mentions VALUES (1, '300778.XSHE', '', 'name', 1)")
    with closing(sqlite3.connect(tmp_path_factory.mktemp("then") / "archive.db")) as backup:
        conn.backup(backup)
        file = backup.execute("PRAGMA database_list").fetchone()[2]
    save(conn, "1", "央行宣布全面降准", LONG + "今日生效。", now=NOW + 4 * HOUR)
    save(conn, "3", "快讯：沪指", FLASH + "成交活跃。", now=NOW + 4 * HOUR)
    withdraw(conn, 4, now=NOW + 4 * HOUR)
    with transaction(conn), at_moment(conn, NOW + 4 * HOUR):
        conn.execute("UPDATE articles SET held = 'doubtful' WHERE id = 3")
        conn.execute("UPDATE articles SET copy_of = NULL WHERE id = 2")
    save(conn, "5", "后来的文章", LONG[::-1], now=NOW + 5 * HOUR, published=NOW + HOUR)
    with Browser(conn) as today, closing(sqlite3.connect(file)) as copy:
        copy.row_factory = sqlite3.Row
        with Browser(copy) as then:
            yield today, then


def test_every_address_is_asked_for_here() -> None:
    paths = [path.partition("?")[0] for path in PATHS]
    patterns = [pattern for pattern, _ in register_routes() if pattern not in OF_NOW]
    assert len(patterns) > 10
    assert [each for each in patterns if not any(re.match(each, path) for path in paths)] == []


@pytest.mark.parametrize("path", PATHS)
def test_a_page_of_then_is_that_of_a_backup(browsers: tuple[Browser, Browser], path: str) -> None:
    today, then = (
        browser.get(f"{path}{'&' if '?' in path else '?'}{THEN}") for browser in browsers
    )
    assert today.status_code == then.status_code
    assert today.text == then.text
    assert today.headers.get("location") == then.headers.get("location")


def test_today_is_another_page(browsers: tuple[Browser, Browser]) -> None:
    today, _ = browsers
    for path in ("/", "/-/latest", "/-/article/1", "/-/story/1"):
        assert today.get(path).text != today.get(f"{path}?{THEN}").text
