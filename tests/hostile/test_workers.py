"""Workers that are killed, that crash, that chew for ever, or whose crawl is killed."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import psutil
import pytest

from archive.errors import NoWorkers
from crawler.fetch.http.stopping import Stopping, StopScope
from crawler.fetch.workers import process as module
from crawler.fetch.workers.accounts import Accounts
from crawler.fetch.workers.pool import TRIES, Workers
from crawler.fetch.workers.process import WorkerDied, WorkerProcess
from tests.hostile import chores
from tests.hostile.waiting import until


def run(scenario: Callable[[Workers, StopScope], Coroutine[Any, Any, None]]) -> None:
    async def main() -> None:
        ending = StopScope()
        workers = Workers(2, 1, ending, Accounts())
        try:
            async with asyncio.timeout(100):
                await scenario(workers, ending)
        finally:
            workers.kill()

    asyncio.run(main())


@pytest.mark.slow
def test_a_task_that_kills_its_worker_is_given_up_and_costs_no_other() -> None:
    async def scenario(workers: Workers, _: StopScope) -> None:
        crash = workers.run("bad", 5, chores.crash)
        others = (workers.run("good", 5, chores.double, n) for n in range(40))
        died, *doubled = await asyncio.gather(crash, *others, return_exceptions=True)
        assert isinstance(died, WorkerDied)
        assert str(died) == "it was ended by SIGSEGV"
        assert doubled == [2 * n for n in range(40)]

    run(scenario)


def test_a_worker_killed_with_forty_tasks_queued_costs_none(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scenario(workers: Workers, _: StopScope) -> None:
        tasks = [asyncio.ensure_future(workers.run("good", 5, chores.nap, n)) for n in range(40)]
        for n in (5, 15, 25):
            await tasks[n]
            for worker in tuple(workers._all):
                assert worker.pid
                with suppress(ProcessLookupError):  # dead since the last round
                    os.kill(worker.pid, signal.SIGKILL)
        assert await asyncio.gather(*tasks) == list(range(40))

    run(scenario)
    told = [r.getMessage() for r in caplog.records if "worker process is lost" in r.getMessage()]
    assert told == ["a worker process is lost: it was ended by SIGKILL; what it read is read again"]


def test_an_idle_worker_that_was_killed_is_not_missed() -> None:
    async def scenario(workers: Workers, _: StopScope) -> None:
        pid = await workers.run("a", 5, os.getpid)
        os.kill(pid, signal.SIGKILL)
        assert await workers.run("a", 5, os.getpid) != pid

    run(scenario)


def test_a_fork_server_that_was_killed_is_started_anew() -> None:
    async def scenario(workers: Workers, _: StopScope) -> None:
        pid = await workers.run("a", 5, os.getppid)
        queued = [asyncio.ensure_future(workers.run("a", 5, chores.nap, n)) for n in range(10)]
        await queued[0]
        os.kill(pid, signal.SIGKILL)
        assert await asyncio.gather(*queued) == list(range(10))
        assert await workers.run("a", 5, os.getppid) != pid

    run(scenario)


@pytest.mark.slow
def test_processor_time_has_a_limit_that_needs_nobody_to_watch() -> None:
    async def scenario(workers: Workers, _: StopScope) -> None:
        with pytest.raises(TimeoutError):
            await workers.run("a", 1, chores.chew, 60)
        assert await workers.run("a", 5, chores.double, 2) == 4

    run(scenario)


@pytest.mark.slow
def test_a_worker_that_stands_still_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WALL", 1.0)

    async def scenario(workers: Workers, _: StopScope) -> None:
        with pytest.raises(TimeoutError):
            await workers.run("a", 0.5, chores.stand_still)
        assert await workers.run("a", 5, chores.double, 2) == 4

    run(scenario)


@pytest.mark.slow
def test_memory_has_a_limit() -> None:
    async def scenario(workers: Workers, _: StopScope) -> None:
        with pytest.raises(MemoryError):
            await workers.run("a", 5, chores.hoard)
        assert await workers.run("a", 5, chores.double, 2) == 4

    run(scenario)


@pytest.mark.slow
def test_what_a_task_raises_reaches_the_caller_in_words() -> None:
    async def scenario(workers: Workers, _: StopScope) -> None:
        with pytest.raises(ValueError, match="as it should"):
            await workers.run("a", 5, chores.fail)
        with pytest.raises(RuntimeError, match=r"Unportable\(1, 2\)"):
            await workers.run("a", 5, chores.fail_unportably)

    run(scenario)


def test_a_stop_ends_what_is_chewed_and_what_waits() -> None:
    async def scenario(workers: Workers, ending: StopScope) -> None:
        tasks = [asyncio.ensure_future(workers.run("a", 50, chores.chew, 50)) for _ in range(4)]
        await until(lambda: len(workers._all) == 2)
        pids = [worker.pid for worker in workers._all]
        assert ending.cut_off() == 4
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(error) for error in ended] == [Stopping] * 4
        await until(lambda: not any(psutil.pid_exists(pid) for pid in pids))

    run(scenario)


def test_a_machine_without_a_process_to_spare_blames_no_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(*_: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(module, "_launch", refused)
    monkeypatch.setattr(module, "PAUSES_S", ())

    async def scenario(workers: Workers, _: StopScope) -> None:
        with pytest.raises(NoWorkers, match="Resource temporarily unavailable"):
            await workers.run("a", 5, chores.double, 2)

    run(scenario)


@pytest.mark.slow
def test_a_fork_server_that_is_stopped_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(workers: Workers, _: StopScope) -> None:
        server = await workers.run("a", 5, os.getppid)
        workers.kill()
        os.kill(server, signal.SIGSTOP)
        with monkeypatch.context() as short:
            short.setattr(module, "START_S", 0.5)
            short.setattr(module, "PAUSES_S", ())
            with pytest.raises(NoWorkers):
                await WorkerProcess.start()
        assert await workers.run("a", 5, os.getppid) != server

    run(scenario)


def test_a_task_has_three_tries() -> None:
    assert TRIES == 3, "one, and at most twice again (docs/decisions/fairness.md)"
