"""When nothing answers: Work waits and probes, and nobody is blamed. Against a real archive."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive.entries import owed
from archive.model import SourceState, Validators
from archive.sources import declarations
from crawler.fetch import network
from crawler.fetch.http.outcomes import Failed
from crawler.fetch.network import Network
from crawler.fetch.tasks import Announced, Answered, Listed, Poll, Postponed, Task, Visited
from tests.crawler.fetch.harness import (
    NOW,
    Archive,
    OpenGate,
    StoppedClock,
    Worker,
    announce,
    archive_in,
    make_source,
)

LOST = Failed(reason="DNS", weight=0.25, unreachable=True)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Archive]:
    with archive_in(tmp_path) as opened:
        yield opened


class Room:
    """A worker and its Network over the sources `ids`."""

    def __init__(self, writer: Archive, ids: str = "abcdef", *, endless: bool = True) -> None:
        sources = [make_source(i, f"{i}.example.com") for i in ids]
        self.desk = writer.desk(sources, endless=endless, retry=("1h",))
        self.clock, self.worker = StoppedClock(), Worker(self.desk, OpenGate(), 8)
        self.network = Network(
            desk=self.desk,
            work=self.worker.room,
            clock=self.clock,
            schedule=self.desk if endless else None,
        )

    async def miss(self, ids: str) -> None:
        """Visits of these sources, one after the other, to which nothing answered."""
        for source_id in ids:
            await self.lose(self.poll(source_id))

    def poll(self, source_id: str) -> Poll:
        state = self.desk.archive.reader.call(declarations.source_state, source_id)
        source = self.desk.visitable[source_id]
        return Poll(source=source, attempt=state.attempt, delay_s=1.0)

    async def lose(self, task: Task) -> None:
        lost = Visited(at=NOW, seconds=0.0, answered=None, failed=LOST, listed=Listed())
        await self.desk.done(task, lost if isinstance(task, Poll) else Postponed(failed=LOST))
        await self.network.missed(task, since=NOW)

    def failures(self) -> list[float]:
        return [state.failures for state in self.states()]

    def states(self) -> list[SourceState]:
        return self.desk.archive.reader.call(declarations.source_states)

    async def polled(self, count: int) -> set[str]:
        tasks = [await asyncio.wait_for(self.worker.next(), 60) for _ in range(count)]
        return {task.source.id for task in tasks if task}


def test_five_hosts_in_a_row_without_an_answer_are_our_own_network(writer: Archive) -> None:
    async def scenario() -> None:
        room = Room(writer)
        await room.miss("abcd")
        early = room.network.is_down
        await room.miss("e")
        assert (early, room.network.is_down) == (False, True)

    asyncio.run(scenario())


def test_a_feed_that_leads_to_dead_hosts_is_not_our_own_network(writer: Archive) -> None:
    async def scenario() -> None:
        room = Room(writer)
        announce(writer, "a", [f"https://dead{number}.example.net/1" for number in range(6)])
        for _ in range(6):
            await room.lose(await room.worker.next())
        assert not room.network.is_down

    asyncio.run(scenario())


def test_nobody_is_blamed_for_it(writer: Archive) -> None:
    async def scenario() -> None:
        room = Room(writer)
        await room.miss("abcde")
        assert room.failures() == [0.0] * 6
        assert {state.status.value for state in room.states()} == {"ok"}

    asyncio.run(scenario())


def test_a_visit_whose_failure_was_written_meanwhile_is_taken_back_too(writer: Archive) -> None:
    async def scenario() -> None:
        room = Room(writer)
        await room.miss("abcdef")
        assert room.failures() == [0.0] * 6

    asyncio.run(scenario())


def test_one_answer_in_between_keeps_the_blame_where_it_is(writer: Archive) -> None:
    async def scenario() -> None:
        room = Room(writer)
        await room.miss("abcd")
        room.network.answered()
        await room.miss("ef")
        assert not room.network.is_down
        assert room.failures() == [0.25] * 6

    asyncio.run(scenario())


def test_one_host_that_fails_again_and_again_is_one_host(writer: Archive) -> None:
    async def scenario() -> None:
        room = Room(writer)
        await room.miss("aaaaaa")
        assert not room.network.is_down

    asyncio.run(scenario())


def test_failures_more_than_two_minutes_apart_are_their_own(writer: Archive) -> None:
    async def scenario() -> None:
        room = Room(writer)
        await room.miss("abcd")
        room.clock.seconds += 121
        await room.miss("e")
        assert not room.network.is_down

    asyncio.run(scenario())


@pytest.mark.parametrize(("ids", "down"), [("a", False), ("ab", True), ("abc", False)])
def test_fewer_hosts_must_all_be_silent_and_one_is_never_enough(
    writer: Archive, ids: str, down: bool
) -> None:
    async def scenario() -> None:
        room = Room(writer, ids)
        await room.miss(ids[:2])
        assert room.network.is_down is down

    asyncio.run(scenario())


def test_while_nothing_answers_another_host_is_asked_and_then_the_others(writer: Archive) -> None:
    async def scenario() -> None:
        room = Room(writer)
        await room.miss("a")
        first = await room.polled(1)
        await room.miss("b")
        assert (first, await room.polled(3)) == ({"b"}, {"d", "e", "f"})

    asyncio.run(scenario())


def test_an_answer_of_late_is_enough_to_ask_nobody(writer: Archive) -> None:
    async def scenario() -> None:
        room = Room(writer)
        room.network.answered()
        await room.miss("a")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(room.worker.next(), 0.05)

    asyncio.run(scenario())


def test_a_finite_crawl_keeps_its_errors(writer: Archive) -> None:
    async def scenario() -> None:
        room = Room(writer, endless=False)
        await room.miss("abcde")
        assert (room.network.is_down, room.failures()[0]) == (False, 0.25)

    asyncio.run(scenario())


def test_a_page_lost_in_it_is_owed_as_it_was(writer: Archive) -> None:
    async def scenario() -> None:
        room = Room(writer)
        announce(writer, "a", ["https://a.example.com/1"])
        await room.lose(await room.worker.next())
        await room.miss("bcde")
        (again,) = await room.desk.archive.reader.run(
            owed.owed, "a", "a.example.com", now=NOW, limit=1
        )
        assert again.attempts == 0

    asyncio.run(scenario())


def test_a_probe_goes_out_and_an_answer_resumes_all(
    writer: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "FIRST_PROBE_S", 0.01)

    async def scenario() -> None:
        room = Room(writer)
        await room.miss("abcde")
        probed = await room.polled(1)
        room.network.spare(room.poll("b"))
        room.network.answered()
        assert probed == {"f"}  # the only host that was not missed
        assert await room.polled(5) == set("abcde")
        assert not room.network.is_down

    asyncio.run(scenario())


def test_an_outage_is_known_from_when_to_when(writer: Archive) -> None:
    async def scenario() -> None:
        room = Room(writer)
        await room.miss("abcdef")
        down = rows(writer)
        good = Answered(status=200, validators=Validators(url="https://a.example.com/feed"))
        at = NOW + timedelta(hours=2)
        answer = Announced(at=at, seconds=0.0, answered=good, listed=Listed(document="feed"))
        await room.desk.done(room.poll("a"), answer)
        assert down == [("outage", "2021-12-09T14:42:00Z", None)]
        assert rows(writer) == [("outage", "2021-12-09T14:42:00Z", "2021-12-09T16:42:00Z")]

    asyncio.run(scenario())


def test_an_outage_that_a_killed_process_left_open_ends_at_the_next_start(writer: Archive) -> None:
    async def scenario() -> None:
        await Room(writer).miss("abcde")
        writer.desks.close()
        await Room(writer).desk.open()
        assert rows(writer) == [("outage", "2021-12-09T14:42:00Z", "2021-12-09T14:42:00Z")]

    asyncio.run(scenario())


def rows(writer: Archive) -> list[tuple[object, ...]]:
    query = "SELECT why, started, ended FROM absences"
    return writer.call(lambda conn: [tuple(row) for row in conn.execute(query)])
