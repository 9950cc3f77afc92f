"""What `find` answers; the queries of tests/archive/search/searchable.py, worked out by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.errors import QueryError
from archive.search.answer import (
    Hit,
    Order,
    find,
    fts_query,
    unknown_sources,
)
from archive.search.facets import facets_of
from archive.search.query import parse
from tests.archive.search.searchable import (
    ALL,
    EVERY_DOOR,
    GRAMMAR,
    PLAIN,
    RESEARCH,
    make_searchable,
)
from tests.archive.stored import new_archive, put_article

VIEW = "SELECT id FROM search WHERE q = json_quote(?) ORDER BY id"


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    conn = make_searchable(tmp_path_factory.mktemp("search") / "archive.db")
    yield conn
    conn.close()


def ids(conn: sqlite3.Connection, query: str) -> list[int]:
    return sorted(hit.id for hit in find(conn, query))


def test_the_queries_are_35_of_the_research_and_40_of_our_own() -> None:
    assert (len(RESEARCH), len(PLAIN + GRAMMAR), len(dict(ALL))) == (35, 40, 75)


@pytest.mark.parametrize(("query", "found"), ALL)
def test_a_query_finds_what_a_person_means(
    conn: sqlite3.Connection, query: str, found: list[int]
) -> None:
    assert ids(conn, query) == found


@pytest.mark.parametrize(("query", "found"), EVERY_DOOR)
def test_the_view_finds_the_same_without_us(
    conn: sqlite3.Connection, query: str, found: list[int]
) -> None:
    # the view has copies too
    assert [row[0] for row in conn.execute(VIEW, (query,)) if row[0] != 12] == found


@pytest.mark.parametrize(("query", "found"), ALL)
def test_the_counts_add_up_to_what_is_found(
    conn: sqlite3.Connection, query: str, found: list[int]
) -> None:
    node = parse(query)
    assert (facets_of(conn, node).total if node else 0) == len(found)


@pytest.mark.parametrize("query", ["", "   ", "OR", "-", "()", "title:", "source:", '"', "«»"])
def test_what_asks_for_nothing_finds_nothing(conn: sqlite3.Connection, query: str) -> None:
    assert find(conn, query) == []
    node = parse(query)
    assert node is None or facets_of(conn, node).total == 0


@pytest.mark.parametrize(
    ("query", "unknown"),
    [
        ("央行 source:nosuch", ("nosuch",)),
        ('source:STCN OR (source:nosuch "降准" source:"no such")', ("nosuch", "no such")),
        ("央行 -source:nosuch", ()),
        ("", ()),
    ],
)
def test_a_source_that_is_none_is_named(
    conn: sqlite3.Connection, query: str, unknown: tuple[str, ...]
) -> None:
    assert unknown_sources(conn, query) == unknown


def test_words_that_must_not_occur_leave_the_rest(conn: sqlite3.Connection) -> None:
    assert ids(conn, "-after:2021-12-08 -降准") == [2]


def test_a_bad_date_is_told_in_words(conn: sqlite3.Connection) -> None:
    with pytest.raises(QueryError, match=r"after: wants a date such as 2021-12-09.*'yesterday'"):
        find(conn, "央行 after:yesterday")


def test_a_hit_says_everything_a_list_needs(conn: sqlite3.Connection) -> None:
    assert find(conn, "期貨 郑州") == [
        Hit(
            id=2,
            url="https://stcn.example/2",
            title="郑州商品交易所调整手续费",
            published=datetime(2021, 12, 7, 8, tzinfo=UTC),
            first_seen=datetime(2021, 12, 9, 14, 50, tzinfo=UTC),
            withdrawn=None,
            source="stcn",
            snippet="白糖期货手续费标准下调。央行逆回购维持不变，人民币汇率走稳。",
            title_marks=((0, 2),),
            snippet_marks=((2, 4),),
        )
    ]


def test_a_snippet_shows_the_original_characters(conn: sqlite3.Connection) -> None:
    hit = find(conn, "证监会 ETF")[0]
    begin, end = hit.snippet_marks[1]
    assert (hit.id, hit.snippet[begin:end]) == (5, "ＥＴＦ")
    assert hit.snippet.startswith("中國人民銀行表示")


def test_the_view_shows_the_original_characters(conn: sqlite3.Connection) -> None:
    row = conn.execute("SELECT title, snippet FROM search WHERE q = '\"郑州 企业\"'").fetchone()
    assert tuple(row) == (
        "[鄭州]暴雨影響物流",
        "中國人民銀行表示，將支持[鄭州]的[企業]。證監會亦有回應，Ａ股ＥＴＦ資金流入１０８２億元。",
    )


def test_the_title_counts_for_more_than_the_text(conn: sqlite3.Connection) -> None:
    assert [hit.id for hit in find(conn, "央行")] == [1, 2]


def test_order_by_time_puts_the_newest_first(conn: sqlite3.Connection) -> None:
    assert [hit.id for hit in find(conn, "郑州", order=Order.NEWEST)] == [11, 5, 2]


def test_recent_prefers_the_newer_of_two_that_match_alike(tmp_path: object) -> None:
    conn = new_archive(tmp_path / "archive.db")  # type: ignore[operator]
    for number, day in ((1, "2021-01-01"), (2, "2022-01-01")):
        put_article(
            conn, id=number, url=f"https://a.example/{number}", published=f"{day}T00:00:00Z"
        )
    assert [hit.id for hit in find(conn, "东北")] == [1, 2]
    assert [hit.id for hit in find(conn, "东北", order=Order.RECENT)] == [2, 1]
    conn.close()


def test_without_words_the_newest_come_first(conn: sqlite3.Connection) -> None:
    assert [hit.id for hit in find(conn, "source:hk")] == [10, 5]


def test_copies_are_found_on_demand(conn: sqlite3.Connection) -> None:
    assert sorted(hit.id for hit in find(conn, "全面降准", copies=True)) == [1, 12]


def test_limit_and_offset_part_the_answer(conn: sqlite3.Connection) -> None:
    whole = [hit.id for hit in find(conn, "郑州")]
    parts = [find(conn, "郑州", limit=2), find(conn, "郑州", limit=2, offset=2)]
    assert [hit.id for part in parts for hit in part] == whole
    assert find(conn, "郑州", limit=-1) == []


def test_counts_are_per_outlet_the_largest_first(conn: sqlite3.Connection) -> None:
    node = parse("郑州 OR 降准")
    assert node is not None
    assert facets_of(conn, node).outlets == (("证券时报网", 2), ("Wire", 1), ("港聞", 1))


def test_a_chinese_run_is_a_phrase_of_characters() -> None:
    assert fts_query("A股 降準 -x*") == '(("A 股" AND "降 准") NOT ("x" *))'


def test_what_fts5_cannot_answer_alone_matches_nothing_there() -> None:
    assert fts_query("央行 source:stcn") == '""'


def test_what_many_have_is_walked_to_from_the_newest(tmp_path: Path) -> None:
    conn = new_archive(tmp_path / "archive.db")
    put_article(conn, id=1, url="https://a.example/1", title="央行降准", published="2021-12-01")
    put_article(conn, id=2, url="https://a.example/2", title="央行降息", published="2021-12-03")
    put_article(
        conn, id=3, url="https://a.example/3", title="央行", copy_of=1, published="2022-01-01"
    )
    put_article(conn, id=4, url="https://a.example/4", title="央行", held="unsure", text="央行")
    plain = [hit.id for hit in find(conn, "央行", order=Order.NEWEST)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("archive.search.answer._COMMON", 1)
        assert [hit.id for hit in find(conn, "央行", order=Order.NEWEST)] == plain == [2, 1]
        every = find(conn, "央行", order=Order.NEWEST, copies=True)
        assert [hit.id for hit in every] == [3, 2, 1]
    conn.close()


def test_of_a_word_that_very_many_have_the_newest_are_ranked_and_the_others_follow(
    tmp_path: Path,
) -> None:
    conn = new_archive(tmp_path / "archive.db")
    texts = ("央行", "央行央行央行", "央行开会讨论其他事情", "央行", "央行没有这件事情的消息")
    for number, text in enumerate(texts, 1):
        url = f"https://a.example/{number}"
        put_article(conn, id=number, url=url, title="消息", text=text)
    put_article(conn, id=6, url="https://a.example/6", title="央行", held="unsure", text="央行")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("archive.search.answer.MOST_RANKED", 3)  # 6, which is held, 5 and 4
        assert [hit.id for hit in find(conn, "央行")] == [4, 5, 3, 2, 1]
        assert [hit.id for hit in find(conn, "央行", offset=1, limit=3)] == [5, 3, 2]
        narrowed = [hit.id for hit in find(conn, "央行 source:stcn")]
    assert narrowed == [hit.id for hit in find(conn, "央行")] == [2, 1, 4, 3, 5]
    conn.close()
