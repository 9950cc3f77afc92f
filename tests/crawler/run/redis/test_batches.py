"""What workers told, booked in batches."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from crawler.run.redis.broker import GROUP, RESULTS
from tests.crawler.fetch.harness import Archive, announce
from tests.crawler.run.redis.scene import house_at, owed, run, take_one, until, worker_of
from tests.crawler.run.redis.test_redis import GONE, WEB
from tests.redis_server import RedisServer


def test_while_a_batch_is_committed_the_next_is_read(archive: Archive, server: RedisServer) -> None:
    announce(archive, "a", [WEB + "1", WEB + "2"])

    async def scenario() -> None:
        async with house_at(archive, server), worker_of(server) as desk:
            first, second = await take_one(desk), await take_one(desk)
            with _nothing_committed(archive):
                await desk.done(first, GONE)
                await until(lambda: _taken(server) == 1)
                await desk.done(second, GONE)
                await until(lambda: _taken(server) == 2)
            await until(lambda: owed(archive) == 0)
            await until(lambda: _taken(server) == 0)

    run(server, scenario)


@contextmanager
def _nothing_committed(archive: Archive) -> Iterator[None]:
    with closing(sqlite3.connect(archive.folder / "archive.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def _taken(server: RedisServer) -> int:
    """How many messages the house has read and not settled."""
    return int(server.ask("XPENDING", RESULTS, GROUP).split()[0])
