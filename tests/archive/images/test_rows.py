"""Which pictures are owed, in what order, and what becomes of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from archive.images.rows import (
    age_images,
    due_images,
    image_is_out,
    image_totals,
    note_refused,
    put_off_image,
    raise_image,
    retry_images,
    settled_articles,
    want_images,
)
from tests.archive.keeping import keep_picture
from tests.archive.making import DAY, LONG, NOW, make_archive, make_source, save
from tests.site.images import png

A, B = "https://a.example/{}.png", "https://b.example/{}.png"


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Two articles of two sources."""
    with closing(make_archive(tmp_path, make_source("stcn"), make_source("cls"))) as conn:
        save(conn, "1", "央行降准", LONG)
        save(conn, "https://cls.example.com/2", "Fed", "The Fed held. " * 40, source_id="cls")
        yield conn


def due(conn: sqlite3.Connection, *sources: str, **given: object) -> list[str]:
    values = {"now": NOW, "after": "", **given}
    return [image.url for image in due_images(conn, sources or ("stcn", "cls"), **values)[0]]


def test_a_host_gives_four_at_a_time_and_those_that_are_out_count(conn: sqlite3.Connection) -> None:
    want_images(conn, 1, [A.format(n) for n in range(6)], most=20, now=NOW)
    want_images(conn, 2, [B.format(1)], most=20, now=NOW)
    assert due(conn) == [*(A.format(n) for n in range(4)), B.format(1)]
    assert due(conn, exclude={1, 2}) == [A.format(2), A.format(3), B.format(1)]
    assert due(conn, after="a.example") == [B.format(1)]


def test_only_sources_that_are_visited_get_theirs(conn: sqlite3.Connection) -> None:
    want_images(conn, 1, [A.format(1)], most=20, now=NOW)
    want_images(conn, 2, [A.format(2)], most=20, now=NOW)
    assert due(conn, "cls") == [A.format(2)]


def test_the_lead_image_is_the_first_and_no_more_than_some_are_wanted(
    conn: sqlite3.Connection,
) -> None:
    want_images(conn, 1, [A.format(9), A.format(1), A.format(9), A.format(2)], most=2, now=NOW)
    rows = conn.execute(
        "SELECT url, position FROM article_images JOIN images ON id = image_id ORDER BY position"
    )
    assert [tuple(row) for row in rows] == [(A.format(9), 0), (A.format(1), 1)]


@pytest.mark.parametrize(
    "url", ["", "data:image/png;base64,AA", "/a.png", "https://x/" + "a" * 9000]
)
def test_what_is_no_address_is_not_wanted(conn: sqlite3.Connection, url: str) -> None:
    assert not want_images(conn, 1, [url], most=9, now=NOW)
    assert due(conn) == []


def test_what_is_put_off_waits_and_what_is_refused_is_asked_for_by_hand_alone(
    conn: sqlite3.Connection,
) -> None:
    want_images(conn, 1, [A.format(1), A.format(2)], most=9, now=NOW)
    put_off_image(conn, 1, "HTTP 500", now=NOW, wait=timedelta(hours=1))
    note_refused(conn, 2, "too large", now=NOW)
    assert due(conn) == []
    assert due(conn, now=NOW + timedelta(hours=1)) == [A.format(1)]
    assert retry_images(conn, source_id="cls", now=NOW) == 0
    assert retry_images(conn, source_id="stcn", now=NOW) == 1
    assert due(conn) == [A.format(2)]


def test_an_outcome_counts_once_under_the_attempt_it_was_handed_out_with(
    conn: sqlite3.Connection,
) -> None:
    want_images(conn, 1, [A.format(1)], most=9, now=NOW)
    attempt = raise_image(conn, 1)
    assert attempt == 1
    assert image_is_out(conn, 1, 1)
    raise_image(conn, 1)
    assert not image_is_out(conn, 1, 1)
    note_refused(conn, 1, "too large", now=NOW)
    assert raise_image(conn, 1) is None


def test_a_file_is_ordered_when_each_of_its_pictures_was_tried(conn: sqlite3.Connection) -> None:
    want_images(conn, 1, [A.format(1), A.format(2)], most=9, now=NOW)
    note_refused(conn, 1, "too large", now=NOW)
    assert settled_articles(conn, 1) == []
    put_off_image(conn, 2, "HTTP 500", now=NOW, wait=timedelta(hours=1))
    assert settled_articles(conn, 2) == [1]


def test_what_is_past_its_age_goes_and_a_file_that_another_needs_stays(
    conn: sqlite3.Connection, tmp_path: Path
) -> None:
    keep_picture(tmp_path, conn, 1, A.format(1), png(9, 9), NOW - 9 * DAY)
    keep_picture(tmp_path, conn, 1, A.format(2), png(8, 8), NOW - 9 * DAY)
    keep_picture(tmp_path, conn, 2, B.format(1), png(9, 9), NOW)
    aged = age_images(conn, NOW - DAY, limit=50)
    assert (aged.count, aged.articles, len(aged.unnamed)) == (2, (1,), 1)
    assert image_totals(conn).files == 1
    assert due(conn) == []
    want_images(conn, 2, [A.format(1)], most=9, now=NOW)  # a new article shows it, too
    assert due(conn) == [A.format(1)]
