"""Looks at archived articles: behind all else, and only where nothing else is asked."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from archive.articles.save import save_article
from archive.database.writer import Writer
from archive.entries import owed, rechecks
from archive.entries.rechecks import RecheckPlan
from archive.model import Article, Entry, EntryState, Validators
from crawler.fetch.tasks import PageTask, Recheck, Task
from tests.crawler.fetch.harness import HOUR, NOW, Archive, OpenGate, Worker
from tests.crawler.fetch.test_work import _announce, _nothing_more, _source, _take, run, writer

__all__ = ["writer"]

AGES = (HOUR, 6 * HOUR)


def _archive(writer: Writer, source_id: str, *urls: str, fetched: datetime = NOW - HOUR) -> None:
    for url in urls:
        entry = writer.call(owed.file_entry, Entry(url=url, raw_url=url), source_id, now=fetched)
        text = f"The text of {url}"
        article = Article(
            url=url, title=url, text=text, markdown=text, published=NOW, published_from="meta"
        )
        look = RecheckPlan(page=Validators(url=url), ages=AGES)
        writer.call(save_article, article, entry=entry, now=fetched, look=look)


def _work(
    writer: Archive,
    *ids: str,
    gate: OpenGate | None = None,
    concurrency: int = 8,
    ages: tuple[timedelta, ...] = AGES,
    full_content: str = "auto",
) -> Worker:
    sources = [_source(i, full_content=full_content) for i in ids or "abc"]
    return Worker(writer.desk(sources, look_again=ages), gate or OpenGate(), concurrency)


def _seen(tasks: list[Task | None]) -> list[str]:
    words = {Recheck: "look ", PageTask: "page "}
    return [words[type(t)] + t.url if type(t) in words else "poll" for t in tasks if t]


async def _end(writer: Archive, work: Worker, task: Recheck) -> None:
    """What follows once a look was answered."""
    await writer.run(rechecks.looked, task.article_id, now=NOW, ages=AGES, still_there=True)
    work.done(task)


def test_an_archived_article_is_looked_at_once_at_its_age(writer: Archive) -> None:
    _archive(writer, "a", "https://x.example.com/1")

    async def scenario() -> None:
        work = _work(writer)
        (look,) = await _take(work, 1)
        assert _seen([look]) == ["look https://x.example.com/1"]
        await _end(writer, work, look)
        assert await work.next() is None

    run(scenario)


def test_an_article_that_is_not_due_is_not_looked_at(writer: Archive) -> None:
    _archive(writer, "a", "https://x.example.com/1", fetched=NOW)

    async def scenario() -> None:
        assert await _work(writer).next() is None

    run(scenario)


def test_looks_come_after_polls_and_owed_entries(writer: Archive) -> None:
    _archive(writer, "a", "https://x.example.com/1")
    _announce(writer, "b", ["https://y.example.com/2"])

    async def scenario() -> None:
        work = _work(writer)
        work.poll(_source("c", "z.example.com"))
        assert _seen(await _take(work, 3)) == [
            "poll",
            "page https://y.example.com/2",
            "look https://x.example.com/1",
        ]

    run(scenario)


def test_a_host_that_is_asked_for_something_else_is_not_asked_for_a_look(writer: Archive) -> None:
    _archive(writer, "a", "https://x.example.com/1", "https://x.example.com/2")
    _announce(writer, "a", ["https://x.example.com/3"])

    async def scenario() -> None:
        work = _work(writer)
        (page,) = await _take(work, 1)
        assert await _nothing_more(work)
        await writer.run(owed.close_entry, page.entry.id, EntryState.GONE, "410", now=NOW)
        work.done(page)
        assert _seen(await _take(work, 1)) == ["look https://x.example.com/1"]
        assert await _nothing_more(work)

    run(scenario)


def test_looks_take_half_of_the_hosts(writer: Archive) -> None:
    _archive(writer, "a", *(f"https://h{n}.example.com/1" for n in range(4)))

    async def scenario() -> None:
        work = _work(writer, concurrency=4)
        await _take(work, 2)
        assert await _nothing_more(work)

    run(scenario)


def test_all_that_is_due_is_looked_at_however_much_a_source_has(writer: Archive) -> None:
    _archive(writer, "a", *(f"https://x.example.com/{n}" for n in range(11)))
    _archive(writer, "b", *(f"https://y.example.com/{n}" for n in range(3)))

    async def scenario() -> None:
        work = _work(writer)
        seen = []
        while (look := await asyncio.wait_for(work.next(), 60)) is not None:
            seen.append(look.url)
            await _end(writer, work, look)
        assert len(seen) == len(set(seen)) == 14
        assert {url[8] for url in seen[:2]} == {"x", "y"}

    run(scenario)


def test_a_look_on_a_host_that_is_on_hold_is_put_off(writer: Archive) -> None:
    _archive(writer, "a", "https://held.example.com/1")
    gate = OpenGate()
    gate.holds["held.example.com"] = 600.0

    async def scenario() -> None:
        assert await _work(writer, gate=gate).next() is None
        found = await writer.run(
            rechecks.due_looks, ["a"], now=NOW + timedelta(minutes=10), limit=1
        )
        assert [look.page.url for look in found] == ["https://held.example.com/1"]
        assert not await writer.run(
            rechecks.due_looks, ["a"], now=NOW + timedelta(minutes=9), limit=1
        )

    run(scenario)


def test_an_article_whose_entry_is_owed_again_is_fetched_once(writer: Archive) -> None:
    url = "https://x.example.com/1"
    _archive(writer, "a", url)
    writer.call(owed.file_entry, Entry(url=url, raw_url=url), "a", now=NOW)

    async def scenario() -> None:
        work = _work(writer)
        assert _seen(await _take(work, 1)) == [f"page {url}"]
        assert await _nothing_more(work)

    run(scenario)


def test_nothing_is_looked_at_without_ages(writer: Archive) -> None:
    _archive(writer, "a", "https://x.example.com/1")

    async def scenario() -> None:
        assert await _work(writer, ages=()).next() is None

    run(scenario)


def test_nothing_is_looked_at_where_the_feed_has_the_article(writer: Archive) -> None:
    _archive(writer, "a", "https://x.example.com/1")

    async def scenario() -> None:
        assert await _work(writer, full_content="feed").next() is None

    run(scenario)


def test_articles_of_a_source_that_went_are_not_looked_at(writer: Archive) -> None:
    _archive(writer, "a", "https://x.example.com/1", "https://x.example.com/2")

    async def scenario() -> None:
        work = _work(writer)
        (look,) = await _take(work, 1)
        work.set_sources({})
        await _end(writer, work, look)
        assert await work.next() is None

    run(scenario)


def test_looks_do_not_make_a_source_busy(writer: Archive) -> None:
    _archive(writer, "a", "https://x.example.com/1", "https://x.example.com/2")

    async def scenario() -> None:
        work = _work(writer)
        await _take(work, 1)
        assert not work.busy(["a"])

    run(scenario)


def test_a_look_that_was_not_made_is_still_due(writer: Archive) -> None:
    _archive(writer, "a", "https://x.example.com/1")

    async def scenario() -> None:
        work = _work(writer)
        (look,) = await _take(work, 1)
        work.done(look)  # a stop ended its request
        assert _seen(await _take(work, 1)) == ["look https://x.example.com/1"]

    run(scenario)
