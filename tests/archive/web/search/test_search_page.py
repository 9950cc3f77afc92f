"""The search page over HTTP: what narrows, what counts, why there is nothing, and its feeds."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.archive.search.searchable import make_searchable
from tests.archive.web.browsing import get_pages


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    conn = make_searchable(tmp_path_factory.mktemp("search_page") / "archive.db")
    yield conn
    conn.close()


def ask(conn: sqlite3.Connection, *queries: str, language: str = "en") -> list[Any]:
    paths = [query if query.startswith("/") else f"/-/search?{query}" for query in queries]
    return get_pages(conn, *paths, language=language)


def links(page: str) -> list[str]:
    return [href.replace("&amp;", "&") for href in re.findall('href="([^"]*)"', page)]


def test_each_facet_narrows_and_can_be_taken_back(conn: sqlite3.Connection) -> None:
    q = quote("郑州")
    found, narrowed = ask(conn, f"q={q}", f"q={q}&lang=zh&outlet={quote('港聞')}")
    assert ">3 articles<" in found.text
    assert f"/-/search?q={q}&outlet={quote('港聞')}" in links(found.text)
    assert ">1 article<" in narrowed.text
    assert f"/-/search?q={q}&outlet={quote('港聞')}" in links(narrowed.text)  # without lang
    assert "Outlet: 港聞 ×" in narrowed.text


def test_days_are_those_of_the_reader_s_zone(conn: sqlite3.Connection) -> None:
    # published 2021-12-07T08:00Z, which is 16:00 in Shanghai
    q = quote("白糖期货")
    on, next_day, since, wrong = ask(
        conn,
        f"q={q}&day=2021-12-07",
        f"q={q}&after=2021-12-08",
        f"q={q}&after=2021-12-07&before=2021-12-08",
        f"q={q}&day=soon",
    )
    assert ">1 article<" in on.text
    assert "Nothing was found" in next_day.text
    assert ">1 article<" in since.text
    assert wrong.status_code == 400
    assert "day is a day such as 2021-12-09" in wrong.text


def test_bars_lead_to_the_days_they_count(conn: sqlite3.Connection) -> None:
    (page,) = ask(conn, f"q={quote('央行')}")
    assert "/-/search?q=%E5%A4%AE%E8%A1%8C&day=2021-12-06" in links(page.text)
    assert "<title>7 Dec 2021: 1</title>" in page.text
    assert "articles a day, 1 at most" in page.text
    (months,) = ask(conn, "q=300")  # December to January: 26 days
    assert "articles a day" in months.text


def test_nothing_is_explained_by_its_parts(conn: sqlite3.Connection) -> None:
    (page,) = ask(conn, f"q={quote('央行 source:stc zzz')}")
    assert page.status_code == 200
    assert "Nothing was found" in page.text
    assert "No source is called stc." in page.text
    assert '<a href="/-/source/stcn">stcn</a>' in page.text
    assert f"/-/search?q={quote(chr(34) + '央行' + chr(34))}" in links(page.text)
    (chinese,) = ask(conn, f"q={quote('央行 zzz')}", language="zh")
    assert "没有找到" in chinese.text


def test_a_saved_search_is_a_feed_of_the_newest(conn: sqlite3.Connection) -> None:
    q = quote("郑州")
    page, atom, feed = ask(
        conn, f"q={q}", f"/-/search.atom?q={q}&source=wire", f"/-/search.feed.json?q={q}"
    )
    assert f"/-/search.atom?q={q}" in links(page.text)
    assert atom.headers["content-type"].startswith("application/atom+xml")
    assert atom.text.count("<entry>") == 1
    titles = [item["title"] for item in feed.json()["items"]]
    assert titles == ["China steel tariff talks", "鄭州暴雨影響物流", "郑州商品交易所调整手续费"]


def test_what_no_feed_has_makes_no_error(conn: sqlite3.Connection) -> None:
    empty, wrong = ask(conn, "/-/search.atom", "/-/search.feed.json?q=after:x")
    assert empty.status_code == 200
    assert "<entry>" not in empty.text
    assert wrong.status_code == 400


def test_the_table_s_link_gives_the_same_stories(conn: sqlite3.Connection) -> None:
    q = quote("郑州 -tariff")
    (page,) = ask(conn, f"q={q}&lang=zh&after=2021-12-01")
    table = next(link for link in links(page.text) if "/stories.json?" in link)
    (rows,) = ask(conn, f"{table}&_shape=array")
    assert sorted(row["id"] for row in rows.json()) == [2, 5]


def test_the_page_is_a_page_of_fifty(conn: sqlite3.Connection) -> None:
    last, beyond = ask(conn, f"q={quote('央行')}&page=50", f"q={quote('央行')}&page=x")
    assert "There are no further ones." in last.text
    assert ">2 articles<" in beyond.text


def test_words_without_a_query_are_help(conn: sqlite3.Connection) -> None:
    english, chinese = ask(conn, "q="), ask(conn, "q=", language="zh")
    assert "How to ask" in english[0].text
    assert "怎样搜索" in chinese[0].text
    assert "application/atom+xml" not in english[0].text
