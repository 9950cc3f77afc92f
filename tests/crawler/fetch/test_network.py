"""When nothing answers: Work waits and probes, and nobody is blamed. Against a real archive."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import entries as owing
from archive import sources as known
from archive.model import Declaration, Entry, SourceState, Visit
from archive.schema import migrate
from archive.writer import Writer
from config.model import Source
from crawler.fetch import network
from crawler.fetch.network import Network
from crawler.fetch.tasks import Fetch, Poll
from crawler.fetch.work import Work

NOW = datetime(2021, 12, 9, 14, 42, tzinfo=UTC)
IDS = ("a", "b", "c", "d", "e", "f")


class SetClock:
    seconds = 100.0

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return self.seconds


class OpenGate:
    def hold_s(self, host: str) -> float:
        return 0.0

    def delay_s(self, host: str) -> float:
        return 0.0

    def turn_s(self, host: str) -> float:
        return 0.0


def source(source_id: str) -> Source:
    return Source(id=source_id, name=source_id, url=f"https://{source_id}.example.com/feed")


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    with Writer(tmp_path / "archive.db", synchronous="normal") as opened:
        opened.call(migrate, NOW)
        declared = [Declaration(id=i, name=i, url=source(i).url) for i in IDS]
        opened.call(known.declare, declared, now=NOW)
        yield opened


class Room:
    """A Work and its Network over the sources `ids`."""

    def __init__(self, writer: Writer, ids: str = "abcdef", *, endless: bool = True) -> None:
        self.writer, self.clock = writer, SetClock()
        self.work = Work(
            writer=writer,
            sources={i: source(i) for i in ids},
            gate=OpenGate(),
            concurrency=8,
            clock=self.clock,
            endless=endless,
        )
        self.network = Network(writer=writer, work=self.work, clock=self.clock, endless=endless)

    async def miss(self, ids: str) -> None:
        """Visits of these sources, one after the other, to which nothing answered."""
        for source_id in ids:
            visit = Visit(source_id=source_id, at=NOW, error="DNS", weight=0.25)
            announced = await self.writer.run(owing.announce, visit, (), now=NOW)
            task = Poll(source=source(source_id))
            await self.network.visit_missed(task, announced.before, at=NOW)

    def failures(self) -> list[float]:
        return [state.failures for state in self.states()]

    def states(self) -> list[SourceState]:
        return self.writer.call(known.source_states)

    async def polled(self, count: int) -> set[str]:
        tasks = [await asyncio.wait_for(self.work.next(), 5) for _ in range(count)]
        return {task.source.id for task in tasks if task}


def test_five_hosts_in_a_row_without_an_answer_are_our_own_network(writer: Writer) -> None:
    async def scenario() -> None:
        room = Room(writer)
        await room.miss("abcd")
        early = room.network.is_down
        await room.miss("e")
        assert (early, room.network.is_down) == (False, True)

    asyncio.run(scenario())


def test_a_feed_that_leads_to_dead_hosts_is_not_our_own_network(writer: Writer) -> None:
    async def scenario() -> None:
        room = Room(writer)
        for number in range(6):
            url = f"https://dead{number}.example.net/1"
            entry = Entry(url=url, raw_url=url)
            await room.network.page_missed(Fetch(source=source("a"), entry=entry))
        assert not room.network.is_down

    asyncio.run(scenario())


def test_nobody_is_blamed_for_it(writer: Writer) -> None:
    async def scenario() -> None:
        room = Room(writer)
        await room.miss("abcde")
        assert room.failures() == [0.0] * 6
        assert {state.status.value for state in room.states()} == {"ok"}

    asyncio.run(scenario())


def test_a_visit_whose_failure_was_written_meanwhile_is_taken_back_too(writer: Writer) -> None:
    async def scenario() -> None:
        room = Room(writer)
        await room.miss("abcdef")
        assert room.failures() == [0.0] * 6

    asyncio.run(scenario())


def test_one_answer_in_between_keeps_the_blame_where_it_is(writer: Writer) -> None:
    async def scenario() -> None:
        room = Room(writer)
        await room.miss("abcd")
        room.network.answered()
        await room.miss("ef")
        assert not room.network.is_down
        assert room.failures() == [0.25] * 6

    asyncio.run(scenario())


def test_one_host_that_fails_again_and_again_is_one_host(writer: Writer) -> None:
    async def scenario() -> None:
        room = Room(writer)
        await room.miss("aaaaaa")
        assert not room.network.is_down

    asyncio.run(scenario())


def test_failures_more_than_two_minutes_apart_are_their_own(writer: Writer) -> None:
    async def scenario() -> None:
        room = Room(writer)
        await room.miss("abcd")
        room.clock.seconds += 121
        await room.miss("e")
        assert not room.network.is_down

    asyncio.run(scenario())


@pytest.mark.parametrize(("ids", "down"), [("a", False), ("ab", True), ("abc", False)])
def test_fewer_hosts_must_all_be_silent_and_one_is_never_enough(
    writer: Writer, ids: str, down: bool
) -> None:
    async def scenario() -> None:
        room = Room(writer, ids)
        await room.miss(ids[:2])
        assert room.network.is_down is down

    asyncio.run(scenario())


def test_while_nothing_answers_another_host_is_asked_and_then_the_others(writer: Writer) -> None:
    async def scenario() -> None:
        room = Room(writer)
        await room.miss("a")
        first = await room.polled(1)
        await room.miss("b")
        assert (first, await room.polled(3)) == ({"b"}, {"d", "e", "f"})

    asyncio.run(scenario())


def test_an_answer_of_late_is_enough_to_ask_nobody(writer: Writer) -> None:
    async def scenario() -> None:
        room = Room(writer)
        room.network.answered()
        await room.miss("a")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(room.work.next(), 0.05)

    asyncio.run(scenario())


def test_a_finite_crawl_keeps_its_errors(writer: Writer) -> None:
    async def scenario() -> None:
        room = Room(writer, endless=False)
        await room.miss("abcde")
        assert (room.network.is_down, room.failures()[0]) == (False, 0.25)

    asyncio.run(scenario())


def test_a_page_lost_in_it_is_owed_as_it_was(writer: Writer) -> None:
    async def scenario() -> None:
        room = Room(writer)
        url = "https://a.example.com/1"
        found = [Entry(url=url, raw_url=url)]
        visit = Visit(source_id="a", at=NOW, status=200)
        await writer.run(owing.announce, visit, found, now=NOW)
        (entry,) = await writer.run(owing.owed, "a", "a.example.com", now=NOW, limit=1)
        await writer.run(owing.postpone, entry.id, "DNS", now=NOW, retry=[timedelta(hours=1)])
        await room.network.page_missed(Fetch(source=source("a"), entry=entry))
        await room.miss("bcde")
        (again,) = await writer.run(owing.owed, "a", "a.example.com", now=NOW, limit=1)
        assert again.attempts == 0

    asyncio.run(scenario())


def test_a_probe_goes_out_and_an_answer_resumes_all(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "FIRST_PROBE_S", 0.01)

    async def scenario() -> None:
        room = Room(writer)
        await room.miss("abcde")
        probed = await room.polled(1)
        room.network.spare(Poll(source=source("b")))
        room.network.answered()
        assert probed == {"f"}  # the only host that was not missed
        assert await room.polled(5) == set("abcde")
        assert not room.network.is_down

    asyncio.run(scenario())
