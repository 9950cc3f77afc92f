"""How a look at an archived article ends: against a real archive, without a network."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from twisted.python.failure import Failure

from archive import looks
from archive.model import Article, EntryState, RawPage, Reason, Rejection
from archive.pages import PageStore
from archive.writer import Writer
from crawler.fetch.outcomes import Failed
from crawler.fetch.reading import Readings
from crawler.fetch.savings import Savings
from crawler.fetch.tally import Tallies
from crawler.fetch.tasks import Fetch, NotModified, PageItem, Reading
from crawler.fetch.work import Work
from tests.crawler.fetch.test_looking import AGES, HOUR, _archive
from tests.crawler.fetch.test_work import NOW, OpenGate, StoppedClock, _source, writer

__all__ = ["writer"]

URL = "https://x.example.com/1"
SEEN = "SELECT revision, checked, withdrawn, next_check FROM articles"
FIRST, NEXT = "2021-12-09T13:42:00Z", "2021-12-09T19:42:00Z"


class Bench:
    """Savings over an archive with one article that is due for a look."""

    def __init__(self, writer: Writer, folder: Path):
        _archive(writer, "a", URL)
        self.writer, self.pages, self.tallies = writer, PageStore(folder / "pages.db"), Tallies()
        work = Work(
            writer=writer,
            sources={"a": _source("a")},
            gate=OpenGate(),
            concurrency=8,
            clock=StoppedClock(),
            endless=False,
            look_again=AGES,
        )
        self.savings = Savings(
            writer=writer,
            pages=self.pages,
            pool=None,
            work=work,
            tallies=self.tallies,
            clock=StoppedClock(),
            retry=(HOUR,),
            look_again=AGES,
            markdown_dir=folder / "articles",
        )
        (look,) = writer.call(looks.due_looks, ["a"], now=NOW, limit=1)
        self.task = Fetch(source=_source("a"), entry=look.entry, look=look)

    def end(self, outcome: Article | Rejection | NotModified | Failed, *hops: str) -> None:
        asyncio.run(self._end(outcome, hops or (URL,)))

    async def _end(
        self, outcome: Article | Rejection | NotModified | Failed, hops: tuple[str, ...]
    ) -> None:
        if isinstance(outcome, Failed):
            await self.savings.give_up(self.task, outcome)
            return
        page = RawPage(
            url=URL, source_id="a", fetched=NOW, status=200, headers=(), body=b"<p>text</p>"
        )
        page_id = await self.writer.aside(self.pages.save, page)
        item = PageItem(task=self.task, outcome=outcome, addresses=hops, page_ids=(page_id,))
        await self.savings.save(replace(item, page=looks.Validators(url=URL)))

    def seen(self) -> tuple[object, ...]:
        return tuple(self.writer.call(lambda conn: conn.execute(SEEN).fetchone()))

    def pages_kept(self) -> int:
        return self.writer.call(
            lambda _: self.pages._conn.execute("SELECT count(*) FROM pages").fetchone()[0]
        )


@pytest.fixture
def bench(writer: Writer, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(writer, tmp_path)
    yield bench
    writer.call(lambda _: bench.pages.close())


def _article(text: str) -> Article:
    return Article(
        url=URL, title=URL, text=text, markdown=text, published=NOW, published_from="meta"
    )


def _count_articles(conn: sqlite3.Connection) -> int:
    return int(conn.execute("SELECT count(*) FROM articles").fetchone()[0])


def test_a_page_that_is_not_modified_is_checked(bench: Bench) -> None:
    bench.end(NotModified())
    assert bench.seen() == (1, "2021-12-09T14:42:00Z", None, NEXT)
    assert bench.tallies.total("checked") == 1


def test_the_same_text_is_checked_and_its_page_not_kept(bench: Bench) -> None:
    bench.end(_article(f"The text of {URL}"))
    assert bench.seen() == (1, "2021-12-09T14:42:00Z", None, NEXT)
    assert bench.pages_kept() == 0


def test_another_text_is_a_revision_and_its_page_kept(bench: Bench) -> None:
    bench.end(_article("An edited text"))
    assert bench.seen() == (2, "2021-12-09T14:42:00Z", None, NEXT)
    assert (bench.pages_kept(), bench.tallies.total("revised")) == (1, 1)


def test_a_page_that_is_no_article_any_more_changes_nothing(bench: Bench) -> None:
    bench.end(Rejection(reason=Reason.LOGIN_WALL))
    assert bench.seen() == (1, FIRST, None, NEXT)
    assert (bench.pages_kept(), bench.tallies.total("checked")) == (0, 0)


def test_an_address_that_leads_to_another_article_by_now_changes_nothing(bench: Bench) -> None:
    other = replace(_article("Today's news"), title="Today")
    bench.end(other, URL, "https://x.example.com/today")
    assert bench.seen() == (1, FIRST, None, NEXT)
    assert bench.writer.call(_count_articles) == 1


def test_a_page_that_is_gone_marks_its_article(bench: Bench) -> None:
    bench.end(Failed(reason="HTTP 404", state=EntryState.GONE))
    assert bench.seen() == (1, "2021-12-09T14:42:00Z", "2021-12-09T14:42:00Z", NEXT)
    assert (bench.tallies.total("checked"), bench.tallies.total("withdrawn")) == (1, 1)


@pytest.mark.parametrize(
    "failed",
    [Failed(reason="HTTP 500"), Failed(reason="robots", state=EntryState.FORBIDDEN, final=True)],
)
def test_a_failure_changes_nothing_and_waits_for_the_next_age(bench: Bench, failed: Failed) -> None:
    bench.end(failed)
    assert bench.seen() == (1, FIRST, None, NEXT)


def test_a_host_that_asks_for_patience_is_asked_when_it_says(bench: Bench) -> None:
    bench.end(Failed(reason="HTTP 503", wait_s=90))
    assert bench.seen() == (1, FIRST, None, "2021-12-09T14:43:30Z")


def test_a_part_that_fails_is_no_revision_of_what_is_stored_whole(bench: Bench) -> None:
    readings = Readings(writer=bench.writer, pages=None, pool=None, clock=StoppedClock())
    reading = Reading(task=bench.task, url=f"{URL}?page=2", parts=(_article("Part one"),))
    timeout = Failure(TimeoutError("no answer"))
    assert isinstance(readings.failed(reading, timeout), Failed)
    first_time = replace(reading, task=replace(bench.task, look=None))
    assert isinstance(readings.failed(first_time, timeout), PageItem)


def test_only_the_first_part_of_a_look_is_asked_for_with_validators(bench: Bench) -> None:
    reading = Reading(task=bench.task, url=URL)
    assert reading.validators == (URL, None, None)
    assert replace(reading, parts=(_article("Part one"),)).validators is None
    assert replace(reading, task=replace(bench.task, look=None)).validators is None
