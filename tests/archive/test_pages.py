from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import ArchiveError, RawPage
from archive.pages import PageStore

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


@given(st.binary())
def test_any_body_comes_back_bit_for_bit(
    tmp_path_factory: pytest.TempPathFactory, body: bytes
) -> None:
    store = PageStore(tmp_path_factory.mktemp("pages") / "pages.db")
    assert store.read(store.save(with_body(body))).body == body
    store.close()


def test_row_tells_how_the_body_is_stored(store: PageStore, tmp_path: Path) -> None:
    store.save(with_body(b"abc"))
    assert rows(
        tmp_path / "pages.db", "SELECT id, sha256, codec, dict_id, article_id FROM pages"
    ) == [
        (
            1,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "zlib",
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


def test_latest_page_of_an_address_is_the_last_saved(store: PageStore) -> None:
    store.save(with_body(b"old"))
    store.save(with_body(b"new"))
    store.save(with_body(b"other", url="https://news.example.cn/b.html"))
    latest = store.latest(PAGE.url)
    assert latest is not None
    assert latest.body == b"new"


def test_address_never_fetched_has_no_page(store: PageStore) -> None:
    assert store.latest(PAGE.url) is None


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
        ("body = x'00'", "page 1 can't be unpacked"),
        ("codec = 'future'", "page 1 can't be unpacked"),
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
