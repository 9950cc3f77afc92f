"""The port's contract, over each desk: a task is done once, and none is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Protocol

import pytest

from archive.model import (
    EntryState,
)
from crawler.fetch.desk import Desk, read_task, write_task
from crawler.fetch.http.outcomes import Failed
from crawler.fetch.tasks import (
    Closed,
    Postponed,
    Task,
)
from tests.crawler.fetch.desk_memory import Ledger, MemoryDesk
from tests.crawler.fetch.harness import Archive, announce, archive_in, make_source
from tests.crawler.run.redis.joint import BookedDesk, dispatch_over
from tests.redis_server import RedisServer, redis_server

SOURCE = make_source("a", headers={"Authorization": "Bearer s3cret"}, cookies={"session": "c00kie"})
GONE = Closed(failed=Failed(reason="HTTP 410", state=EntryState.GONE, final=True))
LATER = Postponed(failed=Failed(reason="HTTP 500"))
WEB = "https://x.example.com/"


class House(Protocol):
    """What a desk stands on, and what outlives it. `ends`: its tasks do, when all is done."""

    ends: bool

    def owe(self, *urls: str) -> None: ...
    def desk(self) -> Desk:
        """A desk of a new process; the one before has died."""
        ...

    async def close(self) -> None: ...
    def owed(self) -> set[str]: ...
    def tries(self, url: str) -> int: ...


class LocalHouse:
    ends = True

    def __init__(self, archive: Archive):
        self._archive = archive

    def owe(self, *urls: str) -> None:
        announce(self._archive, "a", list(urls))

    def desk(self) -> Desk:
        self._archive.desks.close()
        return self._archive.desk([SOURCE], retry=("10m", "1h"))

    async def close(self) -> None:
        """The archive's desks are closed with it."""

    def owed(self) -> set[str]:
        return {row[0] for row in self._rows("SELECT url FROM entries WHERE state = 'owed'")}

    def tries(self, url: str) -> int:
        return int(self._rows(f"SELECT attempts FROM entries WHERE url = '{url}'")[0][0])

    def _rows(self, query: str) -> list[tuple[object, ...]]:
        return self._archive.call(lambda conn: [tuple(row) for row in conn.execute(query)])


class MemoryHouse:
    ends = True

    def __init__(self) -> None:
        self._ledger = Ledger()

    def owe(self, *urls: str) -> None:
        self._ledger.owe(SOURCE, *urls)

    def desk(self) -> Desk:
        return MemoryDesk(self._ledger)

    async def close(self) -> None:
        """Nothing is open."""

    def owed(self) -> set[str]:
        return {o.entry.url for o in self._ledger.owed.values() if o.entry and o.is_open}

    def tries(self, url: str) -> int:
        return sum(o.tries for o in self._ledger.owed.values() if o.entry and o.entry.url == url)


class BrokerHouse(LocalHouse):
    """An archive, and a broker between its house and the desk of a worker."""

    ends = False

    def __init__(self, archive: Archive, server: RedisServer):
        super().__init__(archive)
        self._server = server
        self._running: list[asyncio.Task[None]] = []
        self._desks: list[BookedDesk] = []

    def desk(self) -> Desk:
        for running in self._running:
            running.cancel()
        for desk in self._desks:
            desk.die()
        self._archive.desks.close()
        # the lease of the dead has run out
        self._server.ask("DEL", "broadsheet:slot:1:0", "broadsheet:house")
        local = self._archive.desk(
            [SOURCE], endless=True, retry=("10m", "1h"), download_delay_s=0.0
        )
        dispatch = dispatch_over(local, self._server.url, slots=1, as_written=[SOURCE])
        self._running.append(asyncio.ensure_future(dispatch.run()))
        self._desks.append(BookedDesk(self._server.url, dispatch))
        return self._desks[-1]

    async def close(self) -> None:
        for running in self._running:
            running.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        for desk in self._desks:
            await desk.close("finished")


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with redis_server() as started:
        yield started


@pytest.fixture(params=["local", "memory", "redis"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    if request.param == "memory":
        yield MemoryHouse()
        return
    with archive_in(tmp_path) as archive:
        if request.param == "local":
            yield LocalHouse(archive)
        else:
            started: RedisServer = request.getfixturevalue("server")
            started.flush()
            yield BrokerHouse(archive, started)


def run(house: House, scenario: Coroutine[object, object, None]) -> None:
    async def and_close() -> None:
        try:
            await scenario
        finally:
            await house.close()

    asyncio.run(and_close())


class WideRoom:
    """A worker that takes whatever it is given."""

    def takes_poll(self, host: str, source_id: str, *, probe: bool) -> bool:
        return True

    def takes_page(self, host: str, source_id: str) -> bool:
        return True

    def takes_recheck(self, host: str, source_id: str) -> bool:
        return True

    def hold_s(self, host: str) -> float:
        return 0.0

    def delay_s(self, host: str) -> float:
        return 0.0

    def turn_s(self, host: str) -> float:
        return 0.0


async def take(desk: Desk, count: int, *, within_s: float = 2) -> list[Task]:
    """The next tasks; fewer where the desk has no more, or none that may be out now."""
    taken: list[Task] = []
    try:
        async with asyncio.timeout(within_s), aclosing(desk.tasks(WideRoom())) as tasks:
            while len(taken) < count and (task := await anext(tasks, None)) is not None:
                taken.append(task)
    except TimeoutError:
        pass
    return taken


async def is_exhausted(house: House) -> bool:
    """Whether a new process gets nothing; where tasks never end, for a while."""
    tasks = house.desk().tasks(WideRoom())
    try:
        async with asyncio.timeout(2 if house.ends else 0.3), aclosing(tasks):
            return await anext(tasks, None) is None
    except TimeoutError:
        return not house.ends


def urls(tasks: list[Task]) -> list[str]:
    return [task.url for task in tasks]


def test_a_task_that_was_not_done_at_death_comes_again_under_a_higher_attempt(
    house: House,
) -> None:
    async def scenario() -> None:
        house.owe(WEB + "1")
        (first,) = await take(house.desk(), 1)
        (again,) = await take(house.desk(), 1)
        assert (again.id, again.url) == (first.id, WEB + "1")
        # at a broker its message lies there still: whichever outcome comes first counts
        assert again.attempt > first.attempt or not house.ends

    run(house, scenario())


def test_what_is_done_does_not_come_again(house: House) -> None:
    async def scenario() -> None:
        house.owe(WEB + "1")
        desk = house.desk()
        (task,) = await take(desk, 1)
        await desk.done(task, GONE)
        assert house.owed() == set()
        assert await is_exhausted(house)

    run(house, scenario())


def test_an_outcome_that_comes_twice_counts_once(house: House) -> None:
    async def scenario() -> None:
        house.owe(WEB + "1")
        desk = house.desk()
        (task,) = await take(desk, 1)
        await desk.done(task, LATER)
        await desk.done(task, LATER)
        assert house.tries(WEB + "1") == 1

    run(house, scenario())


def test_an_outcome_of_an_old_attempt_is_refused(house: House) -> None:
    async def scenario() -> None:
        house.owe(WEB + "1")
        (old,) = await take(house.desk(), 1)
        desk = house.desk()
        (new,) = await take(desk, 1)
        await desk.done(old, GONE)
        assert house.owed() == {WEB + "1"}
        await desk.done(new, GONE)
        assert house.owed() == set()

    run(house, scenario())


def test_an_outcome_for_what_is_not_owed_is_refused(house: House) -> None:
    async def scenario() -> None:
        house.owe(WEB + "1")
        desk = house.desk()
        (task,) = await take(desk, 1)
        await desk.done(task, GONE)
        await desk.done(task, LATER)
        assert (house.owed(), house.tries(WEB + "1")) == (set(), 0)

    run(house, scenario())


def test_at_most_eight_pages_of_a_host_are_out(house: House) -> None:
    async def scenario() -> None:
        house.owe(*(f"{WEB}{n}" for n in range(12)), "https://y.example.com/1")
        desk = house.desk()
        taken = await take(desk, 13, within_s=1)
        assert sorted(task.host for task in taken) == ["x.example.com"] * 8 + ["y.example.com"]
        first = next(task for task in taken if task.host == "x.example.com")
        await desk.done(first, GONE)
        assert len(await take(desk, 5, within_s=1)) == 1

    run(house, scenario())


def test_the_pages_of_a_host_come_in_the_order_in_which_they_were_announced(house: House) -> None:
    async def scenario() -> None:
        house.owe(*(f"{WEB}{n}" for n in range(4)))
        assert urls(await take(house.desk(), 4)) == [f"{WEB}{n}" for n in range(4)]

    run(house, scenario())


def test_a_task_that_is_given_back_comes_again(house: House) -> None:
    async def scenario() -> None:
        house.owe(WEB + "1")
        desk = house.desk()
        (task,) = await take(desk, 1)
        desk.release(task)
        assert urls(await take(desk, 1)) == [WEB + "1"]
        assert house.tries(WEB + "1") == 0

    run(house, scenario())


def test_nothing_is_begun_after_a_stop(house: House) -> None:
    async def scenario() -> None:
        house.owe(WEB + "1", WEB + "2")
        desk = house.desk()
        (task,) = await take(desk, 1)
        assert task.live()
        desk.stop()
        assert not task.live()
        assert await take(desk, 1) == []

    run(house, scenario())


def test_tasks_end_when_nothing_is_owed_and_nothing_is_out(house: House) -> None:
    async def scenario() -> None:
        if not house.ends:
            pytest.skip("a worker waits for ever")
        house.owe(WEB + "1")
        desk = house.desk()
        (task,) = await take(desk, 1)
        async with aclosing(desk.tasks(WideRoom())) as tasks:
            waiting = asyncio.ensure_future(anext(tasks, None))
            with pytest.raises(TimeoutError):  # it is out: it may come back
                await asyncio.wait_for(asyncio.shield(waiting), 0.2)
            await desk.done(task, GONE)
            assert await asyncio.wait_for(waiting, 60) is None

    run(house, scenario())


def test_a_task_goes_through_json_without_secrets(house: House) -> None:
    async def scenario() -> None:
        house.owe(WEB + "1")
        (task,) = await take(house.desk(), 1)
        message = write_task(task)
        assert b"s3cret" not in message
        assert b"c00kie" not in message
        assert write_task(read_task(message)) == message

    run(house, scenario())
