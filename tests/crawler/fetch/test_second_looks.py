"""How a look at an archived article ends: against a real archive, without a network."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from twisted.python.failure import Failure

from archive.model import Article, EntryState, RawPage, Reason, Rejection, Validators
from crawler.fetch.article_pages import ArticleFetch, ArticlePages
from crawler.fetch.http.outcomes import Failed
from crawler.fetch.http.own_clock import OwnClock
from crawler.fetch.tasks import (
    Answered,
    Closed,
    Extracted,
    NotModified,
    PageOutcome,
    PageTask,
    Postponed,
    Rejected,
)
from tests.crawler.fetch.harness import NOW, Archive, OpenGate, StoppedClock, Worker, archive_in
from tests.crawler.fetch.harness import make_source as _source
from tests.crawler.fetch.house.test_rechecks import AGES, _archive

URL = "https://x.example.com/1"
SEEN = "SELECT revision, checked, withdrawn, next_check FROM articles"
FIRST, NEXT = "2021-12-09T13:42:00Z", "2021-12-09T19:42:00Z"


RAW = RawPage(url=URL, source_id="a", fetched=NOW, status=200, headers=(), body=b"<p>text</p>")


class Bench:
    """A house with one article that is due for a look, and the look's task."""

    def __init__(self, archive: Archive):
        _archive(archive, "a", URL)
        self.writer, self.desk = archive, archive.desk([_source("a")], look_again=AGES)
        self.tallies = self.desk.tallies
        task = asyncio.run(Worker(self.desk, OpenGate(), 8).next())
        assert task is not None
        self.task = task

    def end(self, outcome: PageOutcome) -> None:
        asyncio.run(self._end(outcome))

    async def _end(self, outcome: PageOutcome) -> None:
        await self.desk.done(self.task, outcome)
        await self.desk.prune_pages()  # notes what was put off

    def give(self, text: str, *hops: str, title: str = URL) -> None:
        article = replace(_article(text), title=title)
        page, hops = Validators(url=URL), hops or (URL,)
        self.end(Extracted(article=article, addresses=hops, page=page, raw=(RAW,)))

    def seen(self) -> tuple[object, ...]:
        return tuple(self.writer.call(lambda conn: conn.execute(SEEN).fetchone()))

    def pages_kept(self) -> int:
        with closing(sqlite3.connect(self.writer.folder / "pages.db")) as pages:
            return int(pages.execute("SELECT count(*) FROM pages").fetchone()[0])


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with archive_in(tmp_path) as archive:
        yield Bench(archive)


def _article(text: str) -> Article:
    return Article(
        url=URL, title=URL, text=text, markdown=text, published=NOW, published_from="meta"
    )


def _count_articles(conn: sqlite3.Connection) -> int:
    return int(conn.execute("SELECT count(*) FROM articles").fetchone()[0])


def test_a_page_that_is_not_modified_is_checked(bench: Bench) -> None:
    answered = Answered(status=304, validators=Validators(url=URL))
    bench.end(NotModified(at=NOW, seconds=0.1, answered=answered))
    assert bench.seen() == (1, "2021-12-09T14:42:00Z", None, NEXT)
    assert bench.tallies.total("checked") == 1


def test_the_same_text_is_checked_and_its_page_not_kept(bench: Bench) -> None:
    bench.give(f"The text of {URL}")
    assert bench.seen() == (1, "2021-12-09T14:42:00Z", None, NEXT)
    assert bench.pages_kept() == 0


def test_another_text_is_a_revision_and_its_page_kept(bench: Bench) -> None:
    bench.give("An edited text")
    assert bench.seen() == (2, "2021-12-09T14:42:00Z", None, NEXT)
    assert (bench.pages_kept(), bench.tallies.total("revised")) == (1, 1)


def test_a_page_that_is_no_article_any_more_changes_nothing(bench: Bench) -> None:
    bench.end(Rejected(rejection=Rejection(reason=Reason.LOGIN_WALL), raw=(RAW,)))
    assert bench.seen() == (1, FIRST, None, NEXT)
    assert (bench.pages_kept(), bench.tallies.total("checked")) == (0, 0)


def test_an_address_that_leads_to_another_article_by_now_changes_nothing(bench: Bench) -> None:
    bench.give("Today's news", URL, "https://x.example.com/today", title="Today")
    assert bench.seen() == (1, FIRST, None, NEXT)
    assert bench.writer.call(_count_articles) == 1


def test_a_page_that_is_gone_marks_its_article(bench: Bench) -> None:
    bench.end(Postponed(failed=Failed(reason="HTTP 404", state=EntryState.GONE)))
    assert bench.seen() == (1, "2021-12-09T14:42:00Z", "2021-12-09T14:42:00Z", NEXT)
    assert (bench.tallies.total("checked"), bench.tallies.total("withdrawn")) == (1, 1)


@pytest.mark.parametrize(
    "outcome",
    [
        Postponed(failed=Failed(reason="HTTP 500")),
        Closed(failed=Failed(reason="robots", state=EntryState.FORBIDDEN, final=True)),
    ],
)
def test_a_failure_changes_nothing_and_waits_for_the_next_age(
    bench: Bench, outcome: PageOutcome
) -> None:
    bench.end(outcome)
    assert bench.seen() == (1, FIRST, None, NEXT)


def test_a_host_that_asks_for_patience_is_asked_when_it_says(bench: Bench) -> None:
    bench.end(Postponed(failed=Failed(reason="HTTP 503", wait_s=90)))
    assert bench.seen() == (1, FIRST, None, "2021-12-09T14:43:30Z")


def test_a_part_that_fails_is_no_revision_of_what_is_stored_whole(bench: Bench) -> None:
    article_pages = ArticlePages(
        pool=None,
        clock=StoppedClock(),
        own_clock=OwnClock(StoppedClock(), lambda: 1),
        learned=bench.desk.learned,
        keep_raw=False,
    )
    reading = ArticleFetch(task=bench.task, url=f"{URL}?page=2", parts=(_article("Part one"),))
    timeout = Failure(TimeoutError("no answer"))
    assert isinstance(asyncio.run(article_pages.failed(reading, timeout)), Postponed)
    first_time = replace(reading, task=_first_time(bench))
    assert isinstance(asyncio.run(article_pages.failed(first_time, timeout)), Extracted)


def test_only_the_first_part_of_a_look_is_asked_for_with_validators(bench: Bench) -> None:
    reading = ArticleFetch(task=bench.task, url=URL)
    assert reading.validators == Validators(url=URL)
    assert replace(reading, parts=(_article("Part one"),)).validators is None
    assert replace(reading, task=_first_time(bench)).validators is None


def _first_time(bench: Bench) -> PageTask:
    return PageTask(source=bench.task.source, attempt=1, delay_s=1.0, entry=bench.task.entry)
