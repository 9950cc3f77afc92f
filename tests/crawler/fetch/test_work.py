"""What is handed out when: against a real archive, with a gate whose answers the test sets."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive.entries import owed
from archive.model import EntryState
from crawler.fetch.tasks import PageTask, Task
from tests.crawler.fetch.harness import NOW, Archive, OpenGate, Worker, archive_in
from tests.crawler.fetch.harness import announce as _announce
from tests.crawler.fetch.harness import make_source as _source


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Archive]:
    with archive_in(tmp_path) as opened:
        yield opened


def _work(
    writer: Archive,
    *ids: str,
    gate: OpenGate | None = None,
    concurrency: int = 8,
    endless: bool = False,
) -> Worker:
    desk = writer.desk((_source(i) for i in ids or ("a", "b", "c")), endless=endless)
    return Worker(desk, gate or OpenGate(), concurrency)


def _urls(tasks: list[Task | None]) -> list[str]:
    return [task.entry.url if isinstance(task, PageTask) else "poll" for task in tasks if task]


async def _take(work: Worker, count: int) -> list[Task | None]:
    return [await asyncio.wait_for(work.next(), 60) for _ in range(count)]


async def _nothing_more(work: Worker) -> bool:
    try:
        await asyncio.wait_for(work.next(), 0.1)
    except TimeoutError:
        return True
    return False


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(scenario())


def test_work_without_polls_and_owed_entries_is_over(writer: Archive) -> None:
    async def scenario() -> None:
        assert await _work(writer).next() is None

    run(scenario)


def test_a_daemon_with_nothing_to_hand_out_waits_for_the_clock_alone(writer: Archive) -> None:
    desk = writer.desk([_source("a")], endless=True)

    async def scenario() -> None:
        work = Worker(desk, OpenGate(), 8)
        assert await _nothing_more(work)
        assert desk.offers.is_idle()
        desk.ask(_source("a"))
        assert not desk.offers.is_idle()
        assert _urls(await _take(work, 1)) == ["poll"]
        assert desk.offers.is_idle()

    run(scenario)


def test_a_host_gets_two_requests_at_a_time(writer: Archive) -> None:
    _announce(writer, "a", [f"https://x.example.com/{n}" for n in range(5)])

    async def scenario() -> None:
        work = _work(writer)
        first = await _take(work, 2)
        assert await _nothing_more(work)
        await writer.run(owed.close_entry, first[0].entry.id, EntryState.GONE, "410", now=NOW)
        work.done(first[0])
        assert _urls(await _take(work, 1)) == ["https://x.example.com/2"]

    run(scenario)


def test_work_is_over_when_all_entries_in_flight_are_closed(writer: Archive) -> None:
    _announce(writer, "a", ["https://x.example.com/1"])

    async def scenario() -> None:
        work = _work(writer)
        (task,) = await _take(work, 1)
        over = asyncio.create_task(work.next())
        await writer.run(owed.close_entry, task.entry.id, EntryState.GONE, "HTTP 410", now=NOW)
        work.done(task)
        assert await asyncio.wait_for(over, 60) is None

    run(scenario)


def test_an_entry_whose_time_has_not_come_stays_owed(writer: Archive) -> None:
    _announce(writer, "a", ["https://x.example.com/1"])
    entry = writer.call(owed.owed, "a", "x.example.com", now=NOW, limit=1)[0]
    writer.call(owed.postpone, entry.id, "HTTP 500", now=NOW, retry=[timedelta(minutes=10)])

    async def scenario() -> None:
        assert await _work(writer).next() is None

    run(scenario)


def test_one_url_owed_by_two_sources_flies_once(writer: Archive) -> None:
    _announce(writer, "a", ["https://x.example.com/1"])
    _announce(writer, "b", ["https://x.example.com/1"])

    async def scenario() -> None:
        work = _work(writer)
        assert _urls(await _take(work, 1)) == ["https://x.example.com/1"]
        assert await _nothing_more(work)

    run(scenario)


def test_an_address_that_was_archived_for_one_source_is_not_fetched_for_another(
    writer: Archive,
) -> None:
    urls = [f"https://x.example.com/{n}" for n in range(4)]
    _announce(writer, "a", urls)
    _announce(writer, "b", urls)

    async def scenario() -> None:
        work, fetched = _work(writer), []
        while task := await asyncio.wait_for(work.next(), 60):
            fetched += _urls([task])
            for entry_id in await writer.run(_owed_at, task.entry.url):  # as an article does
                await writer.run(owed.close_entry, entry_id, EntryState.ARCHIVED, "new", now=NOW)
            work.done(task)
        assert sorted(fetched) == urls

    run(scenario)


def test_an_address_that_was_refused_to_one_source_is_fetched_for_another(writer: Archive) -> None:
    _announce(writer, "a", ["https://x.example.com/1"])
    _announce(writer, "b", ["https://x.example.com/1"])

    async def scenario() -> None:
        work, asked = _work(writer), []
        while task := await asyncio.wait_for(work.next(), 60):
            asked.append(task.source.id)
            await writer.run(owed.close_entry, task.entry.id, EntryState.GONE, "410", now=NOW)
            work.done(task)
        assert sorted(asked) == ["a", "b"]

    run(scenario)


def _owed_at(conn: sqlite3.Connection, url: str) -> list[int]:
    rows = conn.execute("SELECT id FROM entries WHERE url = ? AND state = 'owed'", (url,))
    return [row["id"] for row in rows]


def test_at_most_concurrency_hosts_are_busy_and_polls_come_first(writer: Archive) -> None:
    _announce(writer, "a", [f"https://h{n}.example.com/1" for n in range(6)])

    async def scenario() -> None:
        work = _work(writer, concurrency=3)
        await _take(work, 3)
        assert await _nothing_more(work)
        work.poll(_source("b", "other.example.com"))
        assert _urls(await _take(work, 1)) == ["poll"]

    run(scenario)


def test_a_source_that_is_being_polled_is_not_polled_again(writer: Archive) -> None:
    async def scenario() -> None:
        work = _work(writer, endless=True)
        work.poll(_source("a"))
        work.poll(_source("a"))
        (poll,) = await _take(work, 1)
        work.poll(poll.source)
        assert await _nothing_more(work)

    run(scenario)


def test_a_host_on_hold_is_passed_over_and_not_waited_for(writer: Archive) -> None:
    _announce(writer, "a", ["https://held.example.com/1", "https://free.example.com/1"])
    gate = OpenGate()
    gate.holds["held.example.com"] = 3600.0

    async def scenario() -> None:
        work = _work(writer, gate=gate)
        (task,) = await _take(work, 1)
        assert task.entry.url == "https://free.example.com/1"
        await writer.run(owed.close_entry, task.entry.id, EntryState.GONE, "410", now=NOW)
        work.done(task)
        assert await asyncio.wait_for(work.next(), 60) is None

    run(scenario)


def test_a_slow_host_gets_one_request_and_only_in_its_turn(writer: Archive) -> None:
    _announce(writer, "a", [f"https://slow.example.com/{n}" for n in range(3)])
    gate = OpenGate()
    gate.delays["slow.example.com"] = 60.0

    async def scenario() -> None:
        work = _work(writer, gate=gate)
        (first,) = await _take(work, 1)
        assert await _nothing_more(work)
        gate.turns["slow.example.com"] = 50.0
        work.done(first)
        assert await _nothing_more(work)

    run(scenario)


def test_entries_of_sources_that_are_not_in_this_crawl_stay_owed(writer: Archive) -> None:
    _announce(writer, "a", ["https://x.example.com/1"])

    async def scenario() -> None:
        assert await _work(writer, "b").next() is None

    run(scenario)


def test_a_task_may_end_twice(writer: Archive) -> None:
    _announce(writer, "a", ["https://x.example.com/1", "https://x.example.com/2"])

    async def scenario() -> None:
        work = _work(writer)
        (task,) = await _take(work, 1)
        work.done(task)
        work.done(task)
        assert work.in_flight == 0

    run(scenario)


def test_a_source_on_many_hosts_gets_one_turn_to_anothers_one(writer: Archive) -> None:
    _announce(writer, "a", [f"https://h{n}.example.com/1" for n in range(20)])
    _announce(writer, "b", ["https://x.example.com/1", "https://x.example.com/2"])

    async def scenario() -> None:
        taken = await _take(_work(writer, concurrency=32), 4)
        assert [task.source.id for task in taken] == ["a", "b", "a", "b"]

    run(scenario)
