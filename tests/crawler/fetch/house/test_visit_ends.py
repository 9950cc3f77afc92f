"""What the house learns from a visit: against a real archive, without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.entries import announcing
from archive.model import Document, Validators, Visit
from archive.sources import declarations
from crawler.fetch.desk_local import LocalDesk
from crawler.fetch.tasks import Announced, Answered, Listed, NotModified, Poll
from tests.crawler.fetch.harness import NOW, Archive, OpenGate, Worker, archive_in, make_source

URL = "https://news.example.com/feed"
ANSWERED = Answered(status=304, validators=Validators(url=URL))
SAME = NotModified(at=NOW, seconds=0.1, answered=ANSWERED)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with archive_in(tmp_path) as opened:
        yield opened


async def poll(desk: LocalDesk) -> Poll:
    """The task of a visit of the first source."""
    desk.ask(next(iter(desk.visitable.values())))
    task = await Worker(desk, OpenGate(), 8).next()
    assert isinstance(task, Poll)
    return task


def test_a_kind_that_was_found_before_holds_when_nothing_was_modified(archive: Archive) -> None:
    read = Visit(source_id="a", at=NOW, status=200, kind="sitemap", validators=Validators(url=URL))
    desk = archive.desk([make_source("a")])
    archive.call(announcing.announce, read, (), now=NOW)

    async def scenario() -> None:
        task = await poll(desk)
        assert task.document == "sitemap"
        await desk.done(task, SAME)
        assert desk.visitable["a"].kind == "sitemap"

    asyncio.run(scenario())


def test_an_answer_without_a_document_says_nothing_of_its_kind(archive: Archive) -> None:
    desk = archive.desk([make_source("a")])

    async def scenario() -> None:
        await desk.done(await poll(desk), SAME)
        assert desk.visitable["a"].kind is None
        state = archive.call(declarations.source_state, "a")
        assert state is not None
        assert state.kind == ""

    asyncio.run(scenario())


def test_a_source_that_comes_back_is_visited_though_its_sitemap_was_being_read(
    archive: Archive,
) -> None:
    source = make_source("a")
    desk = archive.desk([source])
    listed = Listed(document="sitemap", sitemaps=(Document(url="https://news.example.com/1.xml"),))

    async def scenario() -> None:
        task = await poll(desk)
        answered = Answered(status=200, validators=Validators(url=URL))
        outcome = Announced(at=NOW, seconds=0.1, answered=answered, listed=listed)
        await desk.done(task, outcome)
        assert desk.offers.busy(["a"])
        desk.offers.set_sources({})
        assert not desk.offers.busy(["a"])
        desk.offers.set_sources({"a": source})
        assert (await poll(desk)).source.id == "a"

    asyncio.run(scenario())


def read(etag: str) -> Announced:
    validators = Validators(url=URL, etag=etag)
    answered = Answered(status=200, validators=validators)
    return Announced(at=NOW, seconds=0.1, answered=answered, listed=Listed(document="feed"))


def test_only_a_visit_that_brought_nothing_is_booked_without_waiting_for_the_disk(
    archive: Archive,
) -> None:
    desk = archive.desk([make_source("a")])
    said: list[str] = []
    archive_of = desk.archive.writer

    async def levels(outcome: Announced | NotModified) -> list[str]:
        task = await poll(desk)
        said.clear()
        await desk.done(task, outcome)
        return [words for words in said if words.startswith(("PRAGMA", "COMMIT"))]

    async def scenario() -> None:
        archive_of.call(lambda conn: conn.set_trace_callback(said.append))
        assert await levels(read('"1"')) == ["COMMIT"]
        before, fast, commit, after = await levels(SAME)
        assert (before, fast) == ("PRAGMA synchronous", "PRAGMA synchronous = NORMAL")
        assert (commit, after) == ("COMMIT", "PRAGMA synchronous = 2")

    asyncio.run(scenario())


def test_the_next_visit_knows_what_the_last_one_learned_without_a_read(archive: Archive) -> None:
    desk = archive.desk([make_source("a")])

    async def scenario() -> None:
        first = await poll(desk)
        await desk.done(first, read('"1"'))
        desk.archive.reader.call(lambda conn: conn.set_trace_callback(asked.append))
        second = await poll(desk)
        assert second.attempt == first.attempt + 1
        assert second.validators == Validators(url=URL, etag='"1"')
        assert not [words for words in asked if "FROM sources" in words]

    asked: list[str] = []
    asyncio.run(scenario())


@pytest.mark.parametrize("told", ["push", "reload"])
def test_what_changed_beside_the_visits_is_read_again(archive: Archive, told: str) -> None:
    source = make_source("a")
    desk = archive.desk([source])

    async def scenario() -> None:
        await desk.done(await poll(desk), read('"1"'))
        archive.call(lambda conn: conn.execute("UPDATE sources SET etag = '\"2\"'"))
        if told == "push":
            desk.announced("a", ())
        else:
            desk.offers.set_sources({"a": source})
        assert (await poll(desk)).validators == Validators(url=URL, etag='"2"')

    asyncio.run(scenario())


@pytest.mark.parametrize("told", ["push", "reload"])
def test_what_is_told_while_a_visit_is_out_is_read_again(archive: Archive, told: str) -> None:
    """Whichever of the two comes back from the writer first."""
    source = make_source("a")
    desk = archive.desk([source])

    async def scenario() -> None:
        task = await poll(desk)
        if told == "push":
            desk.announced("a", ())
        else:
            desk.offers.set_sources({"a": source})
        await desk.done(task, read('"1"'))
        archive.call(lambda conn: conn.execute("UPDATE sources SET etag = '\"2\"'"))
        assert (await poll(desk)).validators == Validators(url=URL, etag='"2"')

    asyncio.run(scenario())


def test_what_a_sitemap_lists_at_length_is_not_kept_in_memory(archive: Archive) -> None:
    desk = archive.desk([make_source("a")])
    archive.call(lambda conn: conn.execute("UPDATE sources SET etag = '\"2\"'"))

    async def scenario() -> None:
        state = archive.call(declarations.source_state, "a")
        assert state is not None
        for length, expected in ((16_384, state.attempt + 7), (16_385, state.attempt)):
            desk.offers.states.take("a")
            other = replace(state, listing=" " * length, attempt=state.attempt + 7)
            desk.offers.states.keep(other)
            task = await poll(desk)
            assert task.attempt == expected
            desk.release(task)

    asyncio.run(scenario())
