from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.search import Hit, find, fts_query
from tests.archive.stored import new_archive, put_article

ARTICLES = {
    1: ("央行宣布全面降准", "中国人民银行决定下调存款准备金率０.５个百分点，释放资金约１万亿元。"),
    2: ("郑州商品交易所调整手续费", "交易所公告，白糖期货手续费标准下调。央行逆回购维持不变。"),
    3: (
        "Fed holds rates steady",
        "The Federal Reserve left its benchmark rate unchanged. CPI rose.",
    ),
    4: ("港股ETF成交放大", "沪深300指数（000300）上涨，宁德时代300778领涨，CPI同比增长。"),
}


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    conn = new_archive(tmp_path_factory.mktemp("search") / "archive.db")
    for n, (title, text) in ARTICLES.items():
        put_article(conn, id=n, url=f"https://a.example/{n}", title=title, text=text)
    put_article(
        conn, id=5, url="https://b.example/5", title="央行全面降准", text="央行降准", copy_of=1
    )
    yield conn
    conn.close()


def ids(conn: sqlite3.Connection, query: str) -> list[int]:
    return sorted(hit.id for hit in find(conn, query))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("央行", [1, 2]),
        ("降", [1]),
        ("央行 降准", [1]),
        ("行央", []),
        ("人民银行", [1]),
        ("fed", [3]),
        ("federal reserve", [3]),
        ('"reserve federal"', []),
        ('"left its benchmark"', [3]),
        ("CPI", [3, 4]),
        ("cpi -fed", [4]),
        ('cpi -"federal reserve"', [4]),
        ("央行 -降准", [2]),
        ("降准 OR fed", [1, 3]),
        ("rates OR 逆回购 央行", [2]),
        ("unch*", [3]),
        ("unch", []),
        ("沪深300", [4]),
        ("300778", [4]),
        ("3007*", [4]),
        ("0.5个百分点", [1]),
        ("０.５", [1]),
        ("ＣＰＩ", [3, 4]),
        ("-央行", []),
        ("OR", []),
        ("OR fed OR", [3]),
        ("fed AND rates", [3]),
        ('"央行', [1, 2]),
        ("（000300）", [4]),
        ("《》", []),
        ("", []),
        ("   ", []),
    ],
)
def test_query_finds_what_a_person_means(
    conn: sqlite3.Connection, query: str, found: list[int]
) -> None:
    assert ids(conn, query) == found


def test_hit_says_everything_a_list_needs(conn: sqlite3.Connection) -> None:
    assert find(conn, "逆回购") == [
        Hit(
            id=2,
            url="https://a.example/2",
            title="郑州商品交易所调整手续费",
            published=datetime(2021, 12, 9, 14, 42, tzinfo=UTC),
            source="stcn",
            snippet="交易所公告，白糖期货手续费标准下调。央行逆回购维持不变。",
        )
    ]


def test_title_counts_for_more_than_text(conn: sqlite3.Connection) -> None:
    assert [hit.id for hit in find(conn, "央行")] == [1, 2]


def test_copies_are_found_on_demand(conn: sqlite3.Connection) -> None:
    assert sorted(hit.id for hit in find(conn, "降准", copies=True)) == [1, 5]


def test_limit_bounds_the_answer(conn: sqlite3.Connection) -> None:
    assert len(find(conn, "央行", limit=1)) == 1
    assert find(conn, "央行", limit=-1) == []


@given(
    st.one_of(
        st.text(),
        st.text(alphabet="\"-*()^:+{}[]\\/,.;%&|!~'OR AND NOT NEAR央行aé\x00\x01\u200b\ud800😀"),
    )
)
@example('"')
@example("NEAR(a b)")
@example("^央行")
@example("a OR")
@example("title:央行")
@example('* -* "*" (((')
@example("a " * 5000)
@example("a OR " * 5000)
@example("-a " * 5000)
@example("中" * 5000)
def test_anything_typed_gives_an_answer(conn: sqlite3.Connection, query: str) -> None:
    assert all(isinstance(hit, Hit) for hit in find(conn, query))


def test_chinese_is_searched_character_by_character_in_a_phrase() -> None:
    assert fts_query("A股 降准") == '"A 股" AND "降 准"'


def test_exclusion_applies_to_all_that_is_wanted() -> None:
    assert fts_query("a OR b -c -d") == '(("a" OR "b")) NOT ("c" OR "d")'
