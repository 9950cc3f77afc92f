"""The grammar: how a query is read, and the laws that hold for anything typed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.errors import QueryError
from archive.search.answer import Hit, find, fts_query
from archive.search.facets import facets_of
from archive.search.query import MAX_QUERY, parse
from tests.archive.search.searchable import make_searchable

WORDS = st.sampled_from(
    [
        "央行",
        "降准",
        "fed",
        "郑州",
        "rates",
        "300",
        "source:hk",
        "code:T",
        "after:2022",
        "title:fed",
    ]
)
TYPED = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="\"-*()^:+{}[]\\/,.;%&|!~'OR AND NOT NEAR央行aé\x00\x01\u200b\ud800😀（：“"),
    st.lists(
        st.one_of(WORDS, st.sampled_from(["OR", "AND", "NOT", "-", "(", ")", '"', "title:", "*"])),
        max_size=20,
    ).map(" ".join),
)


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    conn = make_searchable(tmp_path_factory.mktemp("query") / "archive.db")
    yield conn
    conn.close()


@pytest.mark.parametrize(
    ("query", "read_as"),
    [
        ("a b", '("a" AND "b")'),
        ("a OR b c", '(("a" OR "b") AND "c")'),
        ("a AND b OR c", '(("a" AND "b") OR "c")'),
        ("a or b", '("a" AND "or" AND "b")'),
        ("a -(b c)", '("a" AND NOT ("b" AND "c"))'),
        ("NOT NOT a", '"a"'),
        ("a-b", '"a-b"'),
        ("f(x)", '("f" AND "x")'),
        ("title:(a OR text:b)", '(title:"a" OR text:"b")'),
        ("TITLE: a", 'title:"a"'),
        ('"subtitle:a"', '"subtitle:a"'),
        ("Fed: up", '("Fed:" AND "up")'),
        ("10:30", '"10:30"'),
        ("https://a.example/b", '"https://a.example/b"'),
        ("Author:“Katya Poe” lang:zh", '(author:"Katya Poe" AND lang:"zh")'),
        ("seen-after:2021-12", 'seen-after:"2021-12-01"'),
        ("“央行 降准”", '"央行降准"'),
        ("鄭州＊", '"郑州"'),
        ("tariff*", '"tariff"*'),
        ('"fed ho"*', '"fed ho"*'),
        ("after:2021/12/9", 'after:"2021-12-09"'),
        ("before:20220101", 'before:"2022-01-01"'),
        ("source:“People's Daily”", 'source:"People\'s Daily"'),
        ("((a", '"a"'),
        ("a))b", '("a" AND "b")'),
    ],
)
def test_a_query_is_read_as_a_person_means_it(query: str, read_as: str) -> None:
    assert str(parse(query)) == read_as


@pytest.mark.parametrize("query", ["after:2021-13", "before:soon", "after:2021-02-30", "after:0"])
def test_a_date_that_is_none_is_refused(query: str) -> None:
    with pytest.raises(QueryError, match="wants a date such as"):
        parse(query)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("subtitle:a", "there is no field subtitle: did you mean title:? Fields are title, text,"),
        ("央行 auther:Poe", "there is no field auther: did you mean author:?"),
        ("zzz:x.example", "no field zzz: Fields are title, text, source, outlet, code, author,"),
        ("-by_line:x", 'to look for the word with its colon put it in quotation marks: "by_line:'),
    ],
)
def test_a_field_that_does_not_exist_is_told_with_the_known_ones(query: str, told: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert told in str(caught.value)


def test_a_query_that_is_too_long_is_refused_with_the_limit() -> None:
    with pytest.raises(QueryError, match=r"has 1,001 characters: shorten it to 1,000"):
        parse("a" * (MAX_QUERY + 1))


def test_parentheses_too_deep_are_refused() -> None:
    with pytest.raises(QueryError, match="more than 20 parentheses"):
        parse("(" * 21 + "a")


@given(TYPED)
@example('* -* "*" (((')
@example("a " * 500)
@example("a OR " * 200)
@example("-a " * 333)
@example("NOT " * 250)
@example("中" * 1000)
@example("source:x OR -after:2021 OR (a -b)")
def test_anything_typed_gives_an_answer_or_words(conn: sqlite3.Connection, query: str) -> None:
    try:
        hits = find(conn, query)
    except QueryError:
        return
    assert all(isinstance(hit, Hit) for hit in hits)
    node = parse(query)
    assert (facets_of(conn, node).total if node else 0) == len(hits)
    match = conn.execute("SELECT rowid FROM articles_fts(?)", (fts_query(query),))
    assert {row[0] for row in match} - {12} <= {hit.id for hit in hits}


@given(TYPED)
def test_a_query_read_again_from_how_it_was_read_is_the_same(query: str) -> None:
    try:
        node = parse(query)
    except QueryError:
        return
    if node is not None and len(str(node)) <= MAX_QUERY:
        assert parse(str(node)) == node


@settings(max_examples=40)
@given(st.text(max_size=60))
def test_the_view_takes_any_text(conn: sqlite3.Connection, query: str) -> None:
    text = query.encode("utf-8", "ignore").decode()
    conn.execute("SELECT title, snippet FROM search WHERE q = json_quote(?)", (text,)).fetchall()


@settings(max_examples=30)
@given(WORDS, WORDS, WORDS)
def test_or_and_not_are_set_operations(conn: sqlite3.Connection, a: str, b: str, c: str) -> None:
    def found(query: str) -> set[int]:
        return {hit.id for hit in find(conn, query)}

    assert found(f"({a} OR {b}) -{c}") == (found(a) | found(b)) - found(c)
    assert found(f"{a} ({b} OR -{c})") == found(a) & (found(b) | (found("-zzz") - found(c)))
