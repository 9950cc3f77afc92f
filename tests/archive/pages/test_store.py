from __future__ import annotations

import os
import sqlite3
import threading
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import ArchiveError
from archive.model import RawPage
from archive.pages import compression
from archive.pages.store import PageStore

PAGE = RawPage(
    url="https://news.example.cn/a.html",
    source_id="stcn",
    fetched=datetime(2021, 12, 9, 14, 50, tzinfo=UTC),
    status=200,
    headers=(("Content-Type", "text/html; charset=gb2312"), ("X-Name", "财经"), ("X-Name", "b")),
    body="<html><p>郑州入围</p></html>".encode("gb18030"),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PageStore]:
    store = PageStore(tmp_path / "pages.db")
    yield store
    store.close()


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    conn = sqlite3.connect(path)
    try:
        return conn.execute(sql).fetchall()
    finally:
        conn.close()


def with_body(body: bytes, url: str = PAGE.url) -> RawPage:
    return RawPage(
        url=url, source_id="stcn", fetched=PAGE.fetched, status=200, headers=(), body=body
    )


def test_page_comes_back_as_it_was_saved(store: PageStore) -> None:
    assert store.read(store.save(PAGE)) == PAGE


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageStore]:
    store = PageStore(tmp_path_factory.mktemp("pages") / "pages.db")
    store._conn.execute("PRAGMA synchronous = OFF")  # no test of ours cuts the power
    store.save(site_page(0))
    yield store
    store.close()


@given(body=st.binary() | st.builds(lambda end: site_page(1).body + end, st.binary()))
def test_any_body_comes_back_bit_for_bit(shared_store: PageStore, body: bytes) -> None:
    page = with_body(body)
    assert shared_store.read(shared_store.save(page)) == page


def test_row_tells_how_the_body_is_stored(store: PageStore, tmp_path: Path) -> None:
    store.save(with_body(b"abc"))
    assert rows(
        tmp_path / "pages.db", "SELECT id, sha256, codec, dict_id, article_id FROM pages"
    ) == [
        (
            1,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "zstd",
            None,
            None,
        )
    ]


def test_page_is_committed_before_save_returns(store: PageStore, tmp_path: Path) -> None:
    store.save(PAGE)
    assert rows(tmp_path / "pages.db", "SELECT url FROM pages") == [(PAGE.url,)]


def test_cookies_are_not_kept(store: PageStore) -> None:
    page = RawPage(
        url=PAGE.url,
        source_id="stcn",
        fetched=PAGE.fetched,
        status=200,
        headers=(("SET-COOKIE", "session=secret"), ("Server", "x"), ("Set-Cookie2", "a=b")),
        body=b"",
    )
    assert store.read(store.save(page)).headers == (("Server", "x"),)


def test_pages_follow_their_source_to_its_new_id(store: PageStore) -> None:
    store.save(PAGE)
    store.save(replace(PAGE, source_id="other"))
    store.rename_source("stcn", "stcn2")
    assert [page.source_id for page in store.iterate()] == ["stcn2", "other"]


def test_page_is_linked_to_its_article(store: PageStore, tmp_path: Path) -> None:
    store.save(PAGE)
    store.link(store.save(PAGE), 896)
    assert rows(tmp_path / "pages.db", "SELECT id, article_id FROM pages ORDER BY id") == [
        (1, None),
        (2, 896),
    ]


def test_missing_page_is_named(store: PageStore, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=f"{tmp_path}/pages.db has no page 7"):
        store.read(7)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("sha256 = 'other'", "page 1 is damaged"),
        ("body = x'00'", "page 1 is damaged: error when determining content size"),
        ("codec = 'future'", "page 1 is damaged: this Broadsheet knows no codec 'future'"),
        ("dict_id = 7", "page 1 is damaged: its dictionary 7 is missing"),
    ],
)
def test_damaged_page_is_named(store: PageStore, tmp_path: Path, change: str, words: str) -> None:
    store.save(PAGE)
    conn = sqlite3.connect(tmp_path / "pages.db")
    conn.execute(f"UPDATE pages SET {change}")
    conn.commit()
    conn.close()
    with pytest.raises(ArchiveError, match=words):
        store.read(1)


def test_pages_outlive_the_store_that_saved_them(store: PageStore, tmp_path: Path) -> None:
    page_id = store.save(PAGE)
    store.close()
    again = PageStore(tmp_path / "pages.db")
    assert again.read(page_id) == PAGE
    again.close()


def test_store_made_in_one_thread_serves_another(tmp_path: Path) -> None:
    store = PageStore(tmp_path / "pages.db")
    saved: list[int] = []

    def work() -> None:
        saved.append(store.save(PAGE))
        store.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert saved == [1]


def test_file_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    conn = sqlite3.connect(tmp_path / "pages.db")
    conn.execute("PRAGMA user_version = 99")
    conn.close()
    with pytest.raises(ArchiveError, match="newer Broadsheet"):
        PageStore(tmp_path / "pages.db").save(PAGE)


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pages.db").write_bytes(b"not a database, whatever its name says " * 30)
    with pytest.raises(ArchiveError, match=r"pages\.db"):
        PageStore(tmp_path / "pages.db").save(PAGE)


def site_page(number: int, look: str = "a") -> RawPage:
    """A page of which all but one line is its site's."""
    frame = " ".join(f"{look}{n * 7919 % 10007}" for n in range(2000))
    body = f"<html>{frame}<p>article {number} {number * 104729}</p></html>".encode()
    return with_body(body, url=f"https://news.example.cn/{number}")


def test_pages_of_one_site_cost_next_to_nothing_beside_its_dictionary(
    store: PageStore, tmp_path: Path
) -> None:
    for number in range(5):
        store.save(site_page(number))
    sizes = rows(tmp_path / "pages.db", "SELECT length(body), dict_id FROM pages ORDER BY id")
    assert [dict_id for _, dict_id in sizes] == [1, 1, 1, 1, 1]
    assert all(size < 100 for size, _ in sizes)
    assert store.read(3) == site_page(2)


def test_zlib_pages_of_before_are_read(store: PageStore, tmp_path: Path) -> None:
    store.save(with_body(b"abc"))
    conn = sqlite3.connect(tmp_path / "pages.db")
    conn.execute("UPDATE pages SET codec = 'zlib', body = ?", (zlib.compress(b"abc"),))
    conn.commit()
    conn.close()
    assert store.read(1).body == b"abc"


def test_a_site_with_a_new_look_gets_a_new_dictionary(store: PageStore, tmp_path: Path) -> None:
    for number in range(25):
        store.save(site_page(number))
    for number in range(25, 75):
        store.save(site_page(number, "b"))
    assert rows(tmp_path / "pages.db", "SELECT count(*) FROM dicts") == [(2,)]
    assert store.read(75) == site_page(74, "b")


def prune(store: PageStore, **limits: object) -> int:
    """Prune step by step; the number of pages that went."""
    year = timedelta(days=365)
    total, done = 0, False
    while not done:
        step = store.prune(
            **{"now": PAGE.fetched, "max_age": year, "rejected_max_age": year} | limits
        )
        total, done = total + step.pages, step.done
    return total


def test_the_oldest_pages_go_first_and_the_file_shrinks(
    store: PageStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.pages.store.BATCH", 1)
    for number in range(4):
        page = replace(
            with_body(os.urandom(50_000)), fetched=PAGE.fetched - number * timedelta(days=1)
        )
        store.link(store.save(page), number + 1)
    assert prune(store, max_bytes=220_000) == 1
    assert rows(tmp_path / "pages.db", "SELECT article_id FROM pages") == [(1,), (2,), (3,)]
    assert prune(store, max_bytes=0) == 3
    assert (tmp_path / "pages.db").stat().st_size < 150_000  # of which a dictionary is 50,000


def test_pages_without_an_article_go_sooner(store: PageStore, tmp_path: Path) -> None:
    store.link(store.save(with_body(b"article")), 1)
    store.save(with_body(b"refused"))
    day = timedelta(days=1)
    assert prune(store, now=PAGE.fetched + 31 * day, rejected_max_age=30 * day) == 1
    assert rows(tmp_path / "pages.db", "SELECT article_id FROM pages") == [(1,)]
    assert prune(store, now=PAGE.fetched + 366 * day, rejected_max_age=30 * day) == 1


def test_a_dictionary_goes_with_the_last_page_that_needs_it_unless_it_is_the_hosts_latest(
    store: PageStore, tmp_path: Path
) -> None:
    for number in range(2):
        store.save(site_page(number))
    store._conn.execute("INSERT INTO dicts SELECT 2, host, page, sha256, 0, 1, 1 FROM dicts")
    prune(store)
    assert rows(tmp_path / "pages.db", "SELECT id FROM dicts") == [(1,), (2,)]
    prune(store, max_age=timedelta(days=-1))
    assert rows(tmp_path / "pages.db", "SELECT id FROM dicts") == [(2,)]


def test_the_further_parts_of_an_article_follow_its_first_page(store: PageStore) -> None:
    first = store.save(PAGE, entry_id=7)
    parts = [store.save(PAGE, entry_id=7, first_id=first) for _ in range(2)]
    other = store.save(replace(PAGE, source_id="other"), entry_id=8)
    assert [head.id for head in store.firsts(limit=9)] == [first, other]
    assert [head.id for head in store.firsts(limit=9, source_id="stcn")] == [first]
    assert store.count_firsts(since=PAGE.fetched + timedelta(seconds=1)) == 0
    assert store.count_firsts(after=first) == 1
    assert store.parts(first) == parts
    assert (store.last_for(7), store.last_for(8), store.last_for(9)) == (first, other, None)


def test_no_byte_of_a_forgotten_page_stays(store: PageStore, tmp_path: Path) -> None:
    secret = site_page(0)
    store.link(store.save(secret), 1)
    for number in range(1, 4):
        store.save(site_page(number))
    assert store.forget(1, [secret.url]) == 1
    assert rows(tmp_path / "pages.db", "SELECT id, dict_id FROM pages") == [
        *((2, None), (3, None), (4, None)),
    ]
    assert rows(tmp_path / "pages.db", "SELECT count(*) FROM dicts") == [(0,)]
    assert store.read(2) == site_page(1)


@pytest.mark.parametrize("codec", ["zlib", "zstd"])
def test_a_bomb_is_not_unpacked(
    store: PageStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, codec: str
) -> None:
    store.save(with_body(b"abc"))
    bomb = bytes(3 << 20)
    packed = zlib.compress(bomb) if codec == "zlib" else zstandard.compress(bomb)
    conn = sqlite3.connect(tmp_path / "pages.db")
    conn.execute("UPDATE pages SET codec = ?, body = ?", (codec, packed))
    conn.commit()
    conn.close()
    monkeypatch.setattr(compression, "LARGEST_BODY", 2 << 20)
    with pytest.raises(ArchiveError, match="larger than 2 MB"):
        store.read(1)
