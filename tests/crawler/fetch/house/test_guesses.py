"""Pages that a guess refused are held, asked for again, and taken: by themselves or by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.held.holds import probe
from archive.held.rows import held_rows
from archive.model import Article, Reason, Rejection
from archive.upkeep.holds_by_hand import refuse_hold, release_hold
from crawler.fetch.desk_local import LocalDesk
from crawler.fetch.tasks import Extracted, PageOutcome, Rejected
from tests.crawler.fetch.harness import (
    NOW,
    Archive,
    OpenGate,
    Worker,
    announce,
    archive_in,
    make_source,
)

ONE, TWO = "https://news.example.com/1", "https://news.example.com/2"
NOTICE = "The desk is being repaired tonight, please try again in an hour or so, we are sorry."
STORY = "Norrland stopped selling its first telephone on Monday, its spokesman told the paper."
DETAIL = "says please try again in, try again in"
STATES = "SELECT state, reason FROM entries ORDER BY id"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with archive_in(tmp_path) as opened:
        announce(opened, "a", [ONE])
        yield opened


def article(url: str, text: str) -> Article:
    return Article(
        url=url, title="Title", text=text, markdown=text, published=NOW, published_from="meta"
    )


def guessed(url: str = ONE, text: str = NOTICE) -> Rejected:
    rejection = Rejection(reason=Reason.ERROR_PAGE, detail=DETAIL, article=article(url, text))
    return Rejected(rejection=rejection)


def extracted(url: str = ONE) -> Extracted:
    return Extracted(article=article(url, STORY), addresses=(url,))


async def end(desk: LocalDesk, outcome: PageOutcome) -> None:
    task = await Worker(desk, OpenGate(), 8).next()
    assert task is not None
    await desk.done(task, outcome)


def fetch(archive: Archive, *outcomes: PageOutcome) -> None:
    desk = archive.desk([make_source("a")])
    for outcome in outcomes:
        asyncio.run(end(desk, outcome))
    archive.desks.close()


def again(archive: Archive) -> None:
    """The day after, one held page is asked for."""
    later = NOW + timedelta(days=2)
    assert archive.call(lambda conn: probe(conn, "a", now=later)) == ("news.example.com",)
    archive.call(
        lambda conn: conn.execute("UPDATE entries SET not_before = '2020-01-01T00:00:00Z'")
    )


def rows(archive: Archive, query: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in archive.call(lambda conn: conn.execute(query).fetchall())]


def holds(archive: Archive) -> list[tuple[int, str]]:
    return [(hold.id, hold.reason) for hold in archive.call(held_rows)]


def test_a_guess_is_held_with_its_reason_and_counts_once(archive: Archive) -> None:
    fetch(archive, guessed())
    assert rows(archive, STATES) == [("held", f"error page: {DETAIL}")]
    assert holds(archive) == [(1, f"error page: {DETAIL}")]
    again(archive)
    fetch(archive, guessed())
    assert holds(archive) == [(1, f"error page: {DETAIL}")]
    assert rows(archive, "SELECT state FROM entries") == [("held",)]


def test_a_page_that_is_an_article_later_is_archived(archive: Archive) -> None:
    fetch(archive, guessed())
    again(archive)
    fetch(archive, extracted())
    assert rows(archive, "SELECT state FROM entries") == [("archived",)]
    assert rows(archive, "SELECT text FROM stories") == [(STORY,)]
    assert holds(archive) == []


def test_a_page_that_is_certainly_none_later_is_held_no_more(archive: Archive) -> None:
    fetch(archive, guessed())
    again(archive)
    fetch(archive, Rejected(rejection=Rejection(reason=Reason.TOO_SHORT, detail="3 words")))
    assert rows(archive, STATES) == [("rejected", "too short: 3 words")]
    assert holds(archive) == []


def test_what_is_released_is_asked_for_again_and_taken(archive: Archive) -> None:
    fetch(archive, guessed())
    archive.call(lambda conn: release_hold(conn, 1, now=NOW))
    assert rows(archive, "SELECT state FROM entries") == [("owed",)]
    fetch(archive, guessed())
    assert rows(archive, "SELECT state FROM entries") == [("archived",)]
    assert rows(archive, "SELECT text FROM stories") == [(NOTICE,)]
    assert holds(archive) == []


def test_what_is_refused_by_hand_stays_so(archive: Archive) -> None:
    fetch(archive, guessed())
    archive.call(lambda conn: refuse_hold(conn, 1, now=NOW))
    assert rows(archive, "SELECT state FROM entries") == [("rejected",)]
    assert archive.call(lambda conn: probe(conn, "a", now=NOW + timedelta(days=2))) == ()


def test_a_second_look_at_an_article_holds_nothing(archive: Archive) -> None:
    fetch(archive, extracted())
    archive.call(lambda conn: conn.execute("UPDATE entries SET state = 'owed'"))
    fetch(archive, guessed())
    assert rows(archive, "SELECT state FROM entries") == [("archived",)]
    assert rows(archive, "SELECT text FROM stories") == [(STORY,)]
    assert holds(archive) == []


def test_what_is_certain_is_refused(archive: Archive) -> None:
    certain = replace(guessed().rejection, article=None)
    fetch(archive, Rejected(rejection=certain))
    assert rows(archive, STATES) == [("rejected", f"error page: {DETAIL}")]
