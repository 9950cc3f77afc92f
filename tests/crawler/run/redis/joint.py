"""A house and a worker at a broker, both in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path

from config.model import Config, Source
from crawler.fetch.desk_local import LocalDesk
from crawler.fetch.http.clock import CLOCK
from crawler.fetch.tasks import Outcome, Task
from crawler.run.redis.broker import Broker
from crawler.run.redis.claims import BodyFolder
from crawler.run.redis.desk_redis import RedisDesk
from crawler.run.redis.house.dispatch import Dispatch
from crawler.run.redis.house.house_redis import RedisHouse
from crawler.run.redis.house.receipts import Receipts
from crawler.run.redis.house.slot_room import SlotRoom
from crawler.run.redis.terms import WorkerTerms


def dispatch_over(
    desk: LocalDesk,
    url: str,
    *,
    slots: int,
    as_written: Iterable[Source],
    bodies: Path | None = None,
) -> Dispatch:
    broker, written = Broker(url), Config(source=tuple(as_written))
    terms = WorkerTerms.of(written, slots=slots)
    house = RedisHouse(broker, terms=terms, archive="archive of the test", name="house")
    room = SlotRoom(slots, clock=CLOCK, is_paused=lambda: False)
    receipts = Receipts(
        *(desk, broker, house, room),
        clock=CLOCK,
        claims=BodyFolder(bodies) if bodies else None,
        failed=lambda task, error: None,
    )
    dispatch = Dispatch(desk, broker, house, room, receipts, clock=CLOCK)
    dispatch.take(Config())
    return dispatch


def worker_at(
    url: str,
    *,
    slots: int,
    most: int | None = None,
    name: str = "worker",
    lease_s: float = 10.0,
    bodies: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> RedisDesk:
    return RedisDesk(
        Broker(url),
        count=slots,
        most=most or slots,
        name=name,
        clock=CLOCK,
        claims=BodyFolder(bodies) if bodies else None,
        lease_s=lease_s,
        environ=environ or {},
    )


class BookedDesk(RedisDesk):
    """Waits until the house has booked what is handed over: the contract looks at once."""

    def __init__(self, url: str, dispatch: Dispatch):
        super().__init__(Broker(url), count=1, most=1, name="worker", clock=CLOCK)
        self._dispatch, self._is_open = dispatch, False

    async def open(self) -> None:
        if not self._is_open:
            self._is_open = True
            while not self._dispatch.room.is_open:  # noqa: ASYNC110  # the broker is being set up
                await asyncio.sleep(0.005)
            await super().open()

    async def tasks(self, room):  # type: ignore[no-untyped-def]
        await self.open()
        async for task in super().tasks(room):
            yield task

    def die(self) -> None:
        for future in self._serving:
            future.cancel()

    async def done(self, task: Task, outcome: Outcome) -> None:
        await super().done(task, outcome)
        async with asyncio.timeout(5):
            while (await self._dispatch.house.counts())[0]:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
