"""Another number of slots: workers let go first, and nothing that they did is lost."""

from __future__ import annotations

from archive.model import EntryState
from crawler.fetch.http.outcomes import Failed
from crawler.fetch.tasks import Closed
from tests.crawler.fetch.harness import Archive, announce
from tests.crawler.run.redis.scene import house_at, owed, run, take_one, until, worker_of
from tests.redis_server import RedisServer

WEB = "https://x.example.com/"
GONE = Closed(failed=Failed(reason="HTTP 410", state=EntryState.GONE, final=True))


def test_what_workers_bring_while_slots_are_drained_is_booked(
    archive: Archive, server: RedisServer
) -> None:
    """Also where the daemon dies in the midst of it, and starts again."""
    announce(archive, "a", [WEB + "1", WEB + "2", WEB + "3"])

    async def scenario() -> None:
        async with worker_of(server) as desk:
            async with house_at(archive, server):
                first, second = await take_one(desk), await take_one(desk)
            await desk.done(first, GONE)
            async with house_at(archive, server, slots=2, opens=False) as dispatch:
                await until(lambda: dispatch.house.draining)
                assert dispatch.house.draining == "slots 1 -> 2: 1 still held by workers"
                assert owed(archive) == 3
            await desk.done(second, GONE)
            async with house_at(archive, server, slots=2, opens=False) as dispatch:
                await until(lambda: dispatch.house.draining)
                await desk.close("finished")
                await until(lambda: dispatch.room.is_open)
                assert dispatch.house.draining == ""
                assert owed(archive) == 1
                assert dispatch.counts.stale == 0
                await until(lambda: dispatch.room.out_of(0) + dispatch.room.out_of(1) == 1)
                assert server.ask("EXISTS", "broadsheet:tasks:1:0", "broadsheet:former") == "0"

    run(server, scenario)
