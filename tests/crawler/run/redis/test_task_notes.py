"""What a worker notes of its tasks goes together, and each that waits knows what became of it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable

import pytest

from crawler.run.redis.broker import Broker
from crawler.run.redis.reports import TaskMessage
from crawler.run.redis.task_notes import TaskNotes
from tests.crawler.run.redis.scene import until
from tests.redis_server import RedisServer

FIRST, SECOND = TaskMessage(2, 0, "1-0"), TaskMessage(2, 1, "2-0")
TOLD = {b"fact": b"{}"}
BEGUN = "broadsheet:begun:2:0"


def noting(server: RedisServer, scenario: Callable[[TaskNotes], Awaitable[None]]) -> None:
    async def run() -> None:
        broker = Broker(server.url)
        notes = TaskNotes(broker, gather_s=0.05)
        await scenario(notes)
        await notes.close()
        await broker.close()

    server.flush()
    asyncio.run(run())


def test_what_is_told_within_a_moment_goes_in_one_transaction(server: RedisServer) -> None:
    async def scenario(notes: TaskNotes) -> None:
        await notes.begun(FIRST)
        server.ask("CONFIG", "RESETSTAT")
        ended = [notes.ended(message, TOLD) for message in (FIRST, SECOND)]
        notes.page_begun(TaskMessage(2, 0, "3-0"), "lines")
        await asyncio.gather(*ended)
        assert "cmdstat_exec:calls=1," in server.ask("INFO", "commandstats")
        assert server.ask("XLEN", "broadsheet:results") == "2"
        assert server.ask("HGETALL", BEGUN).split() == ["3-0", "1"]

    noting(server, scenario)


def test_a_task_that_was_given_up_and_begun_again_is_in_flight_once(server: RedisServer) -> None:
    async def scenario(notes: TaskNotes) -> None:
        await notes.begun(FIRST)
        await asyncio.gather(notes.given_up(FIRST), notes.begun(FIRST))
        assert server.ask("HGET", BEGUN, "1-0") == "1"
        await asyncio.gather(notes.begun(SECOND), notes.given_up(SECOND))
        assert server.ask("EXISTS", "broadsheet:begun:2:1") == "0"
        assert server.ask("XLEN", "broadsheet:results") == "0"

    noting(server, scenario)


def test_before_a_page_is_read_it_is_noted_that_it_was_begun(server: RedisServer) -> None:
    async def scenario(notes: TaskNotes) -> None:
        await notes.begun(SECOND)
        notes.page_begun(FIRST, "lines")
        await notes.pages_noted("others")
        assert server.ask("EXISTS", BEGUN) == "0"
        await notes.pages_noted("lines")
        assert server.ask("HGET", BEGUN, "1-0") == "1"

    noting(server, scenario)


def test_a_broker_that_stands_still_is_noticed_before_it_is_given_up(
    server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.run.redis.task_notes.LATE_S", 0.1)

    async def scenario(notes: TaskNotes) -> None:
        await notes.begun(SECOND)
        server.process.send_signal(signal.SIGSTOP)
        notes.page_begun(FIRST, "lines")
        await until(lambda: notes.are_late)
        server.process.send_signal(signal.SIGCONT)
        await notes.pages_noted("lines")
        assert not notes.are_late

    noting(server, scenario)


def test_an_outcome_waits_until_the_broker_takes_it(
    server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.run.redis.task_notes.PAUSE_S", 0.01)

    async def scenario(notes: TaskNotes) -> None:
        server.ask("CONFIG", "SET", "maxmemory", "1")
        ended = [asyncio.ensure_future(notes.ended(m, TOLD)) for m in (FIRST, SECOND)]
        with pytest.raises(notes._broker.errors, match="maxmemory"):
            await notes.begun(FIRST)
        assert not any(future.done() for future in ended)
        server.ask("CONFIG", "SET", "maxmemory", "0")
        await asyncio.gather(*ended)
        assert server.ask("XLEN", "broadsheet:results") == "2"

    noting(server, scenario)


def test_an_outcome_waits_no_longer_than_its_worker(server: RedisServer) -> None:
    async def scenario(notes: TaskNotes) -> None:
        await notes.begun(FIRST)
        begun = asyncio.ensure_future(notes.begun(SECOND))
        await asyncio.sleep(0)
        await notes.close()
        with pytest.raises(ConnectionError, match="the worker ends"):
            await begun
        await notes.ended(FIRST, TOLD)
        assert server.ask("XLEN", "broadsheet:results") == "0"

    noting(server, scenario)
