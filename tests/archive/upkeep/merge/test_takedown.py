"""What was taken down in one archive is not brought back by the other, nor its raw pages."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from archive.database.connect import transaction
from archive.model import RawPage
from archive.pages.store import PageStore
from archive.upkeep.forgetting import find_target, forget
from tests.archive.making import LONG, NOW, cell, rows
from tests.archive.upkeep.merge.two import bring, fetch, owe

URL = "https://stcn.example.com/a"
PAGE = RawPage(
    url=URL,
    source_id="stcn",
    fetched=NOW,
    status=200,
    headers=(("Content-Type", "text/html"),),
    body=b"<html>" + b"<p>rates</p>" * 400,
)


def take_down(conn: sqlite3.Connection, url: str = URL) -> None:
    forget(conn, find_target(conn, url, (url,)), reason="a court's order", now=NOW)


def keep(folder: Path, *pages: RawPage, article_id: int | None = None) -> list[int]:
    with closing(PageStore(folder / "pages.db")) as store:
        ids = [store.save(page) for page in pages]
        for page_id in ids if article_id is not None else ():
            store.link(page_id, article_id or 0)
    return ids


def kept(folder: Path) -> list[tuple[str, bytes, int | None]]:
    with closing(PageStore(folder / "pages.db")) as store:
        found = store.firsts(limit=100)
        return [(head.url, store.read(head.id).body, head.article_id) for head in found]


def test_what_ours_took_down_does_not_come_back(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(ours, "a", "降准", LONG)
    take_down(ours)
    fetch(theirs, "b", "降准", LONG, aliases=["a"])
    keep(tmp_path / "theirs", PAGE, replace(PAGE, url=f"{URL}/b"), article_id=1)
    bring(ours, tmp_path / "theirs")
    assert cell(ours, "SELECT count(*) FROM articles") == 0
    assert kept(tmp_path / "ours") == []


def test_what_theirs_took_down_is_taken_down_in_ours(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(ours, "a", "降准", LONG)
    keep(tmp_path / "ours", PAGE, article_id=1)
    fetch(theirs, "a", "降准", LONG)
    take_down(theirs)
    merged = bring(ours, tmp_path / "theirs")
    assert merged.forgotten == 1
    assert cell(ours, "SELECT count(*) FROM articles") == 0
    assert kept(tmp_path / "ours") == []
    assert rows(ours, "SELECT url, reason FROM tombstones") == [(URL, "a court's order")]
    assert rows(ours, "SELECT state, reason FROM entries") == [("gone", "forgotten")]


def test_an_address_that_is_only_owed_is_fetched_by_nobody(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    owe(ours, "a")
    fetch(theirs, "a", "降准", LONG)
    take_down(theirs)
    bring(ours, tmp_path / "theirs")
    assert rows(ours, "SELECT state, reason FROM entries") == [("gone", "forgotten")]


def test_raw_pages_come_bit_for_bit_and_once(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(ours, "z", "小麦", "小麦收割进度快于往年，收购价格保持平稳。" * 10)
    fetch(theirs, "a", "降准", LONG)
    other = replace(PAGE, url=f"{URL}/refused", body=PAGE.body + b"\xff\x00")
    (page_id,) = keep(tmp_path / "theirs", PAGE, article_id=1)
    keep(tmp_path / "theirs", other)
    theirs.execute("UPDATE articles SET page_id = ?", (page_id,))
    keep(tmp_path / "ours", replace(PAGE, url=f"{URL}/z", body=PAGE.body + b"z"), article_id=1)
    merged = bring(ours, tmp_path / "theirs")
    again = bring(ours, tmp_path / "theirs")
    assert kept(tmp_path / "ours") == [
        (f"{URL}/z", PAGE.body + b"z", 1),
        (URL, PAGE.body, 2),
        (f"{URL}/refused", PAGE.body + b"\xff\x00", None),
    ]
    assert cell(ours, "SELECT page_id FROM articles WHERE id = 2") == 2
    assert (merged.pages, again.pages) == (2, 0)


def test_a_page_of_several_parts_stays_one(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(theirs, "a", "降准", LONG)
    with closing(PageStore(tmp_path / "theirs" / "pages.db")) as store:
        first = store.save(PAGE, entry_id=1)
        store.save(replace(PAGE, url=f"{URL}?page=2"), entry_id=1, first_id=first)
    with transaction(ours):
        ours.execute("UPDATE sqlite_sequence SET seq = 0")
    bring(ours, tmp_path / "theirs")
    with closing(PageStore(tmp_path / "ours" / "pages.db")) as store:
        assert [store.read(part).url for part in store.parts(1)] == [f"{URL}?page=2"]
        assert store.last_for(1) == 1


def test_a_damaged_page_is_left_out_and_counted(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    keep(tmp_path / "theirs", PAGE, replace(PAGE, url=f"{URL}/b", body=b"<p>b</p>"))
    with closing(sqlite3.connect(tmp_path / "theirs" / "pages.db")) as conn, conn:
        conn.execute("UPDATE pages SET sha256 = '0' WHERE id = 1")
    merged = bring(ours, tmp_path / "theirs")
    assert (merged.pages, merged.damaged) == (1, 1)
    assert kept(tmp_path / "ours") == [(f"{URL}/b", b"<p>b</p>", None)]
