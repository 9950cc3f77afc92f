"""A daemon's end and workers of one broker, for as long as a scenario takes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from crawler.fetch.tasks import Task
from crawler.run.redis.desk_redis import RedisDesk
from crawler.run.redis.house.dispatch import Dispatch
from tests.crawler.fetch.harness import Archive, make_source
from tests.crawler.fetch.test_desk import WideRoom
from tests.crawler.run.redis.joint import dispatch_over, worker_at
from tests.redis_server import RedisServer

SOURCE = make_source("a")


@asynccontextmanager
async def house_at(
    archive: Archive, server: RedisServer, *, slots: int = 1, opens: bool = True
) -> AsyncIterator[Dispatch]:
    """A daemon's end; `opens`: from when it has met what lies there."""
    local = archive.desk([SOURCE], endless=True, download_delay_s=0.0)
    dispatch = dispatch_over(local, server.url, slots=slots, as_written=[SOURCE])
    running = asyncio.ensure_future(dispatch.run())
    if opens:
        await until(lambda: dispatch.room.is_open)
    try:
        yield dispatch
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        local.abandon()


@asynccontextmanager
async def worker_of(server: RedisServer, name: str = "worker") -> AsyncIterator[RedisDesk]:
    desk = worker_at(server.url, slots=1, name=name)
    await desk.open()
    try:
        yield desk
    finally:
        await desk.close("finished")


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  # several processes' worth of state
            await asyncio.sleep(0.005)


async def take_one(desk: RedisDesk) -> Task:
    async with asyncio.timeout(10):
        tasks = desk.tasks(WideRoom())
        task = await anext(tasks)
        await tasks.aclose()
        return task


def owed(archive: Archive) -> int:
    rows = archive.call(
        lambda conn: conn.execute("SELECT count(*) FROM entries WHERE state = 'owed'").fetchone()
    )
    return int(rows[0])


def run(server: RedisServer, scenario: Callable[[], Awaitable[None]]) -> None:
    server.flush()
    asyncio.run(scenario())
