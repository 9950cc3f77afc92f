"""What the hits of a query are, and why there are none; worked out by hand from searchable.py."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from archive.search.answer import find
from archive.search.empty_answers import explain_nothing
from archive.search.facets import Facets, facets_of
from archive.search.query import Node, parse
from tests.archive.search.searchable import COPY, make_searchable
from tests.archive.stored import put_article


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    conn = make_searchable(tmp_path_factory.mktemp("facets") / "archive.db")
    put_article(
        conn,
        id=40,
        url="https://stcn.example/40",
        title="碳酸锂期货",
        text="碳酸锂期货上市。",
        author="Li Wei, Zhang San",
        section="期货",
        tags='["锂", "Futures"]',
        origin="新华社",
        published="2022-02-02T17:30:00Z",
        fetched="2022-02-03T01:00:00Z",
    )
    with conn:
        conn.execute("INSERT INTO mentions VALUES (40, '002466.XSHE', '天齐锂业', 'bracket', 1)")
    yield conn
    conn.close()


def node(query: str) -> Node:
    parsed = parse(query)
    assert parsed is not None
    return parsed


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("section:期货", [40]),
        ("lang:EN", []),
        ("author:li 锂", [40]),
        ("author:wang", []),
        ("tag:futures", [40]),
        ("tag:future", []),
        ("origin:新华", [40]),
        ("seen-after:2022-02-03", [40]),
        ("seen-before:2022-02-03 碳酸锂", [7]),
        ("碳酸锂 -section:期货", [7]),
        ("Section:期货 OR tag:锂", [40]),
    ],
)
def test_a_field_asks_for_what_an_article_is(
    conn: sqlite3.Connection, query: str, found: list[int]
) -> None:
    assert sorted(hit.id for hit in find(conn, query)) == found


def test_hits_are_counted_by_what_they_are(conn: sqlite3.Connection) -> None:
    found = facets_of(conn, node("碳酸锂"))
    assert (found.total, found.counted) == (2, 2)
    assert found.outlets == (("证券时报网", 2),)
    assert found.sections == (("期货", 1),)
    assert found.hours == (("2022-01-04T08", 1), ("2022-02-02T17", 1))
    assert [(s.code, s.name, s.articles) for s in found.securities] == [
        ("002466.XSHE", "", 1),
        ("002594.XSHE", "", 1),
    ]
    assert facets_of(conn, node("nothing-of-the-kind")) == Facets(total=0, counted=0)


def test_copies_count_as_their_story_unless_they_are_asked_for(conn: sqlite3.Connection) -> None:
    story = facets_of(conn, node("央行宣布全面降准"))
    every = facets_of(conn, node("央行宣布全面降准"), copies=True)
    assert COPY in {hit.id for hit in find(conn, "央行宣布全面降准", copies=True)}
    assert (story.total, every.total) == (1, 2)


def test_an_empty_answer_is_explained_part_by_part(conn: sqlite3.Connection) -> None:
    found = explain_nothing(conn, node("碳酸锂 source:stc 鄭州"))
    assert [(str(part.node), part.alone, part.without) for part in found.parts] == [
        ('"碳酸锂"', 2, 0),
        ('source:"stc"', 0, 0),
        ('"郑州"', 3, 0),
    ]
    assert found.unknown == (("stc", ("stcn",)),)
    assert found.held == 0


def test_what_is_held_back_is_counted_where_nothing_else_is_found(
    conn: sqlite3.Connection,
) -> None:
    with conn:
        conn.execute("UPDATE articles SET held = 'unsure' WHERE id = 40")
    try:
        found = explain_nothing(conn, node("期货上市"))
        assert (found.held, [part.alone for part in found.parts]) == (1, [0])
        assert explain_nothing(conn, node("碳酸锂 期货上市")).parts[1].without == 1
    finally:
        with conn:
            conn.execute("UPDATE articles SET held = NULL WHERE id = 40")
