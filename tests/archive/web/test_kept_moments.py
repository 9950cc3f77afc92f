"""A moment that is asked for again is not made again, and is never one that no longer holds."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archive.entries.rechecks import withdraw
from archive.reader import open_reader
from archive.upkeep.forgetting import find_target, forget
from archive.web import past
from tests.archive.making import LONG, NOW, make_archive, make_source, save
from tests.archive.web.browsing import Browser

HOUR = timedelta(hours=1)
THEN = "as_of=2026-11-23T08:30Z"
OTHER = "交易所修订上市规则，要求发行人披露风险，自公布之日起施行。" * 10
PAGE = f"/-/latest?{THEN}"


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    conn = make_archive(tmp_path, make_source("stcn"))
    save(conn, "1", "央行降准", LONG)
    save(conn, "2", "央行再降准", OTHER)
    save(conn, "1", "央行降准0.5个百分点", LONG, now=NOW + HOUR)
    return conn


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[datetime]]:
    """The moments for which a connection was put back in time."""
    moments: list[datetime] = []

    def noted(file: Path, moment: datetime) -> sqlite3.Connection:
        moments.append(moment)
        return open_reader(file, moment)

    monkeypatch.setattr(past, "open_reader", noted)
    past._KEPT.close_unused(math.inf)
    yield moments
    past._KEPT.close_unused(math.inf)


def test_page_after_page_of_a_moment_uses_one_connection(
    conn: sqlite3.Connection, opened: list[datetime]
) -> None:
    with Browser(conn) as browser:
        pages = [browser.get(path) for path in (PAGE, f"/-/article/1?{THEN}", PAGE, PAGE)]
    assert [page.status_code for page in pages] == [200] * 4
    assert pages[0].text == pages[2].text == pages[3].text
    assert len(opened) == 1


def test_news_of_other_articles_changes_nothing_of_then(
    conn: sqlite3.Connection, opened: list[datetime]
) -> None:
    with Browser(conn) as browser:
        first = browser.get(PAGE)
        save(
            conn,
            "3",
            "央行又降准",
            "人民币中间价今日上调，市场预期改善，成交活跃。" * 10,
            now=NOW + 2 * HOUR,
        )
        again = browser.get(PAGE)
    assert again.text == first.text
    assert len(opened) == 1


def test_what_comes_within_the_second_of_the_moment_is_of_it(
    conn: sqlite3.Connection, opened: list[datetime]
) -> None:
    page = "/-/latest?as_of=2026-11-23T09:00Z"
    with Browser(conn) as browser:
        assert "央行又降准" not in browser.get(page).text
        save(conn, "3", "央行又降准", "人民币中间价今日上调，成交活跃。" * 10, now=NOW + HOUR)
        assert "央行又降准" in browser.get(page).text
    assert len(opened) == 2


def test_what_is_edited_later_still_reads_as_it_did(
    conn: sqlite3.Connection, opened: list[datetime]
) -> None:
    with Browser(conn) as browser:
        first = browser.get(PAGE)
        save(conn, "2", "央行降准：详情", OTHER + "全文如下。", now=NOW + 2 * HOUR)
        withdraw(conn, 1, now=NOW + 2 * HOUR)
        again = browser.get(PAGE)
    assert "央行再降准" in first.text
    assert again.text == first.text
    assert len(opened) == 2


def test_what_is_forgotten_is_gone_from_a_moment_that_was_kept(
    conn: sqlite3.Connection, opened: list[datetime]
) -> None:
    with Browser(conn) as browser:
        assert browser.get(f"/-/article/1?{THEN}").status_code == 200
        forget(conn, find_target(conn, "1", ()), reason="takedown", now=NOW + 2 * HOUR)
        assert browser.get(f"/-/article/1?{THEN}").status_code == 410
        assert browser.get(f"/-/article/2?{THEN}").status_code == 200


def test_another_file_in_its_place_is_read_anew(
    conn: sqlite3.Connection, opened: list[datetime], tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = make_archive(tmp_path / "other", make_source("stcn"))
    save(other, "1", "别的文章", "别的文章，" + LONG)
    with Browser(conn) as browser:
        browser.get(PAGE)
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        other.close()
        (tmp_path / "other" / "archive.db").replace(tmp_path / "archive.db")
        browser.get(PAGE)
    assert len(opened) == 2


def test_few_are_kept_and_none_for_long(conn: sqlite3.Connection, opened: list[datetime]) -> None:
    with Browser(conn) as browser:
        for minute in range(30, 36):
            browser.get(f"/-/search?q=降准&as_of=2026-11-23T08:{minute}Z")
        assert len(past._KEPT._idle) == past.MOST_KEPT == 3
        last = max(idle.since for idle in past._KEPT._idle.values())
        past._KEPT.close_unused(last - past.KEPT_S)
        assert len(past._KEPT._idle) == 3
        past._KEPT.close_unused(last)
        assert len(past._KEPT._idle) == 0


def test_a_kept_moment_hinders_no_checkpoint(
    conn: sqlite3.Connection, opened: list[datetime], tmp_path: Path
) -> None:
    with Browser(conn) as browser, closing(sqlite3.connect(tmp_path / "archive.db")) as other:
        browser.get(PAGE)
        save(
            conn,
            "3",
            "央行又降准",
            "人民币中间价今日上调，市场预期改善，成交活跃。" * 10,
            now=NOW + 2 * HOUR,
        )
        busy, *_ = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert busy == 0
        assert (tmp_path / "archive.db-wal").stat().st_size == 0
