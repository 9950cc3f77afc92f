"""The house of a distributed crawl: its tasks go to the broker, and what comes back is booked.

Whatever the broker loses is offered again: all of it when the house's mark is gone, and single
tasks that have not been there for a while (`_sweep`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace

from config.model import Config, Source
from crawler.fetch.desk_local import LocalDesk
from crawler.fetch.http.clock import Clock
from crawler.fetch.tasks import PageTask, Task
from crawler.run.redis.broker import Broker
from crawler.run.redis.house.house_redis import BATCH, Laid, RedisHouse
from crawler.run.redis.house.receipts import Receipts
from crawler.run.redis.house.slot_room import SlotRoom
from crawler.run.redis.learned_lines import LaidLines
from crawler.run.redis.secret_names import travels
from crawler.run.redis.slot_streams import PAUSE_S

logger = logging.getLogger(__name__)

GATHER_S = (
    0.1  # between two batches that are not full, either way: see docs/decisions/distributed.md
)
LOOK_S = 2.0  # how often the broker's memory is asked for
SWEEP_S = 30.0  # how often each task that is out is looked for


class Dispatch:
    """Joins the local desk, which knows what is due, and the broker."""

    def __init__(
        self,
        desk: LocalDesk,
        broker: Broker,
        house: RedisHouse,
        room: SlotRoom,
        receipts: Receipts,
        *,
        clock: Clock,
    ):
        self._desk, self._broker, self.house, self.room = desk, broker, house, room
        self._clock = clock
        self._lines = LaidLines(broker)
        self._as_written: Mapping[str, Source] = {}
        self._receipts, self._out, self.counts = receipts, receipts.out, receipts.counts
        self._has_met, self._swept_at = False, clock.monotonic()

    def take(self, as_written: Config) -> None:
        """Go on with the sources of this config, secrets as they are written there."""
        self._as_written = {source.id: source for source in as_written.source}
        kept = [source for source in as_written.enabled() if not travels(source)]
        for source in kept:
            logger.warning(
                "%s is fetched by the daemon alone: its headers or cookies stand in the config;"
                ' write "env:NAME" there, so that workers may fetch it',
                source.id,
            )
        self._desk.shares.make(kept)

    async def run(self) -> None:
        """Until cancelled. Raises BrokerError where another daemon works there, or ArchiveError."""
        try:
            while True:
                try:
                    await self.house.own()
                    await self.house.agree()
                    await self._meet()
                    await self._work()
                except self._broker.errors as error:
                    self._broker.note(error)
                    await asyncio.sleep(PAUSE_S)
        finally:
            await self.house.leave()
            await self._broker.close()

    async def _meet(self) -> None:
        """See what the broker still has, and go on from there."""
        former = await self.house.former()
        for slots in former:
            await self.house.let_go(slots)
        if await self.house.forgot():
            if self._has_met:
                self.counts.wipes += 1
                logger.warning(
                    "%s has lost what lay there: %d tasks are offered again",
                    *(self._broker.place, len(self._out)),
                )
            for out in self._out.all():
                self._out.give_back(out)
            self._lines.forget()
            await self.house.remember()
        else:
            for slots in former:
                await self._drain(slots)
            if not self._has_met:
                await self._adopt(await self.house.laid())
                if self._out:
                    logger.info("%d pages are out with workers still", len(self._out))
        self._has_met = True
        self._broker.note(None)

    async def _drain(self, slots: int) -> None:
        """Workers have let go of slots that are no more: what they brought is booked, and the rest
        is offered again."""
        await self._adopt(await self.house.laid(slots))
        while (await self.house.counts())[0]:
            await self.house.stay()
            messages = await self.house.told()
            if messages:
                await _to_its_end(self._receipts.book(messages))
        for out in self._out.all():
            self._out.give_back(out)
        await self.house.clear(slots)

    async def _adopt(self, found: list[Laid]) -> None:
        """Go on with what an earlier process of the house laid out, as far as it is owed under
        that attempt. The rest has been booked, or was laid out once more since."""
        found = [laid for laid in found if not self._out.of(laid.message)]  # we may begin anew
        pages = {laid: laid.task for laid in found if isinstance(laid.task, PageTask)}
        adopted = await self._desk.offers.adopt([*pages.values()])
        now = self._clock.monotonic()
        for laid in found:
            if pages.get(laid) in adopted:
                self.room.launched(laid.task)
                self._out.launch(laid, now)
            else:
                await self.house.take_back(laid.message)

    async def _work(self) -> None:
        """All of it until a part ends: mostly as the broker is away, or has lost what lay there.
        Then nothing of it: what is given back must not go into what is cleared."""
        parts: list[Coroutine[object, object, None]] = [
            *(self._lay_out(), self._book_all(), self._look_after(), self.house.renew())
        ]
        tasks = [asyncio.ensure_future(part) for part in parts]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            self.room.is_open = False
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    # Out

    async def _lay_out(self) -> None:
        """What there is room for, a batch at a time: single messages cost their readers most."""
        lent = self._desk.lent(self.room, self.room, most=BATCH)
        async with aclosing(lent) as batches:
            async for tasks in batches:
                began = self._clock.monotonic()
                await _to_its_end(self._offer(tasks))
                await self._gather(len(tasks), began)
        await asyncio.Event().wait()  # the desk is stopping: what comes back is booked still

    async def _offer(self, tasks: Sequence[Task]) -> None:
        """Lay tasks out; where that fails they are as they were."""
        try:
            found = await self._lay(tasks)
        except BaseException:
            for task in tasks:
                self._not_laid(task)
            raise
        for task, laid in zip(tasks, found, strict=True):
            if laid is None:
                logger.warning("%s is too large for the broker: the daemon does it itself", task.id)
                self._desk.shares.keep(task.host)
                self._not_laid(task)
            else:
                self._out.launch(replace(laid, task=task), self._clock.monotonic())

    def _not_laid(self, task: Task) -> None:
        self.room.landed(task)
        self._desk.release(task)

    async def _lay(self, tasks: Sequence[Task]) -> list[Laid | None]:
        now = self._clock.monotonic()
        for hash_ in dict.fromkeys(getattr(task, "learned", "") for task in tasks):
            if self._lines.are_due(hash_, now):
                await self._lines.lay(hash_, await self._desk.learned(hash_), now)
        return await self.house.offer(
            [(self._delayed(task), self._as_written.get(task.source.id)) for task in tasks]
        )

    def _delayed(self, task: Task) -> Task:
        """With the delay that its host asked workers for."""
        delay_s = max(task.delay_s, self._receipts.delay_s(task.host))
        return task if delay_s == task.delay_s else replace(task, delay_s=delay_s)

    async def _gather(self, count: int, began: float) -> None:
        """Let the next batch gather, where the last one was no full one."""
        if count < BATCH:
            await asyncio.sleep(GATHER_S - (self._clock.monotonic() - began))

    # Back

    async def _book_all(self) -> None:
        """Nothing is offered before what waits is booked: an offer would make it count no more."""
        while True:
            if not self.room.is_open and not (await self.house.counts())[0]:
                self.room.is_open = True
                self._desk.wake()
            messages, began = await self.house.told(), self._clock.monotonic()
            if messages:
                await _to_its_end(self._receipts.book(messages))
                if self.room.is_open:
                    await self._gather(len(messages), began)

    # What is lost

    async def _look_after(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            if await self.house.forgot():
                return
            if self._clock.monotonic() - self._swept_at >= SWEEP_S:
                self._swept_at = self._clock.monotonic()
                await self._sweep()

    async def _sweep(self) -> None:
        """A task that was missing twice is lost: a message goes only when its outcome is booked."""
        outs = self._out.all()
        there = await self.house.are_there([out.laid for out in outs])
        for out in self._out.lost(outs, there, self._clock.monotonic()):
            self.counts.swept += 1
            logger.warning("%s is lost at the broker: offered again", out.laid.task.id)
            self._out.give_back(out)

    def oldest_s(self, number: int) -> float:
        """For how long a slot's oldest task has been out; 0 where none is."""
        return self._out.oldest_s(number, self._clock.monotonic())


async def _to_its_end(step: Coroutine[object, object, None]) -> None:
    """Await what must not stop halfway, though who awaits it is cancelled: a task that was laid
    out and not noted, an outcome that was booked and not settled. What fails then is tried again
    by the next round."""
    task = asyncio.ensure_future(step)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        with suppress(Exception):
            await task
        raise
