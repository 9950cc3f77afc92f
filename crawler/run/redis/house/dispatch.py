"""The house of a distributed crawl: its tasks go to the broker, and what comes back is booked.

Whatever the broker loses is offered again: all of it when the house's mark is gone, and single
tasks that have not been there for a while (`_sweep`).
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TypeVar

from archive.errors import ArchiveError, ForeignMessage
from config.model import Config, Source
from crawler.fetch.desk_local import LocalDesk
from crawler.fetch.http.clock import Clock
from crawler.fetch.tasks import Outcome, PageTask, Task
from crawler.run.redis.broker import Broker, Fields
from crawler.run.redis.claims import BodyFolder
from crawler.run.redis.house.house_redis import Laid, RedisHouse
from crawler.run.redis.house.slot_room import SlotRoom
from crawler.run.redis.learned_lines import LaidLines
from crawler.run.redis.reports import (
    GivenBack,
    Slow,
    Unreachable,
    WorkerMessage,
    claimed_by,
    unpack_told,
)
from crawler.run.redis.secret_names import travels
from crawler.run.redis.slot_streams import PAUSE_S

T = TypeVar("T")

logger = logging.getLogger(__name__)

LOOK_S = 2.0  # how often the broker's memory is asked for
SWEEP_S = 30.0  # how often each task that is out is looked for
LONGEST_S = 7200.0  # that a task may be out: a slow host's eight take a quarter of an hour
DELAYS, RECENT = 20_000, 1000  # hosts whose delay is known; tasks that have ended lately


@dataclass(slots=True, kw_only=True)
class DispatchCounts:
    """Since the daemon began. Mutable: one event loop owns it."""

    stale: int = 0
    wipes: int = 0
    swept: int = 0


@dataclass(slots=True, eq=False)
class _Out:
    """A task that lies at the broker. Mutable: the sweep marks it."""

    laid: Laid
    at: float  # monotonic
    is_missing: bool = False


class Dispatch:
    """Joins the local desk, which knows what is due, and the broker.

    `failed` is told of an outcome that could not be booked for a bug of ours.
    """

    def __init__(
        self,
        desk: LocalDesk,
        broker: Broker,
        house: RedisHouse,
        room: SlotRoom,
        *,
        clock: Clock,
        claims: BodyFolder | None,
        failed: Callable[[Task, Exception], None],
    ):
        self._desk, self._broker, self.house, self.room = desk, broker, house, room
        self._clock, self._claims, self._failed = clock, claims, failed
        self._lines = LaidLines(broker)
        self._as_written: Mapping[str, Source] = {}
        self._out: dict[str, _Out] = {}
        self._recent: OrderedDict[str, Task] = OrderedDict()
        self._delays: OrderedDict[str, float] = OrderedDict()
        self._has_met, self._swept_at = False, clock.monotonic()
        self.counts = DispatchCounts()

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
                self.room.is_open = False
                await asyncio.sleep(PAUSE_S)
        finally:
            await self.house.leave()
            await self._broker.close()

    async def _meet(self) -> None:
        """See what the broker still has, and go on from there."""
        if await self.house.forgot():
            if self._has_met:
                self.counts.wipes += 1
                logger.warning(
                    "%s has lost what lay there: %d tasks are offered again",
                    *(self._broker.place, len(self._out)),
                )
            for out in tuple(self._out.values()):
                self._give_back(out)
            self._lines.forget()
            await self.house.remember()
        elif not self._has_met:
            for laid in await self.house.laid():
                assert isinstance(laid.task, PageTask)
                self._desk.offers.adopt(laid.task)
                self._launch(laid)
            if self._out:
                logger.info("%d pages are out with workers still", len(self._out))
        self._has_met = True
        self._broker.note(None)

    async def _work(self) -> None:
        """All of it until a part fails, mostly as the broker is away; then nothing of it."""
        parts: list[Coroutine[object, object, None]] = [
            *(self._lay_out(), self._book_all(), self._look_after(), self.house.renew())
        ]
        tasks = [asyncio.ensure_future(part) for part in parts]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
            for task in done:
                task.result()
        finally:
            self.room.is_open = False
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    # Out

    async def _lay_out(self) -> None:
        async with aclosing(self._desk.tasks_elsewhere(self.room)) as tasks:
            async for task in tasks:
                try:
                    await self._offer(task)
                except BaseException:
                    if task.id not in self._out:
                        self._desk.release(task)
                    raise
        await asyncio.Event().wait()  # the desk is stopping: what comes back is booked still

    async def _offer(self, task: Task) -> None:
        hash_, now = getattr(task, "learned", ""), self._clock.monotonic()
        if self._lines.are_due(hash_, now):
            await self._lines.lay(hash_, await self._desk.learned(hash_), now)
        task_s = max(task.delay_s, self._delays.get(task.host, 0.0))
        sent = task if task_s == task.delay_s else replace(task, delay_s=task_s)
        laid = await self.house.offer(sent, self._as_written.get(task.source.id))
        if laid is None:
            logger.warning("%s is too large for the broker: the daemon does it itself", task.id)
            self._desk.shares.keep(task.host)
            self._desk.release(task)
        else:
            self._launch(replace(laid, task=task))

    def _launch(self, laid: Laid) -> None:
        self._out[laid.task.id] = _Out(laid, self._clock.monotonic())
        self.room.launched(laid.task)

    def _land(self, out: _Out) -> None:
        del self._out[out.laid.task.id]
        self.room.landed(out.laid.task)

    def _give_back(self, out: _Out) -> None:
        """It stays owed, and is offered again under a higher attempt."""
        self._land(out)
        self._desk.release(out.laid.task)
        self._desk.wake()

    # Back

    async def _book_all(self) -> None:
        """Nothing is offered before what waits is booked: an offer would make it count no more."""
        while True:
            if not self.room.is_open and not (await self.house.counts())[0]:
                self.room.is_open = True
                self._desk.wake()
            messages = await self.house.told()
            if messages:
                await self._book(messages)

    async def _book(self, messages: list[tuple[str, Fields]]) -> None:
        ended: list[Laid] = []
        await asyncio.gather(*(self._book_one(id_, fields, ended) for id_, fields in messages))
        await self.house.settle([id_ for id_, _ in messages], ended)
        if self._claims is not None:
            for _, fields in messages:
                for file in claimed_by(fields).values():
                    self._claims.settle(file)

    async def _book_one(self, id_: str, fields: Fields, ended: list[Laid]) -> None:
        try:
            told = unpack_told(id_, fields, self._claims)
        except ForeignMessage as error:
            logger.error("refused: %s", error)
            await self._broker.refuse(str(error), fields.get(b"message", b""))
            return
        match told.what:
            case Slow(source_id=source_id, reason=reason):
                await self._desk.slow(source_id, reason)
            case Unreachable(tasks=ids, since=since):
                tasks = [self._recent[i] for i in ids if i in self._recent]
                if tasks:
                    await self._desk.unreachable(tasks, since=since)
            case _:
                await self._end(told, ended)

    async def _end(self, told: WorkerMessage, ended: list[Laid]) -> None:
        """A result counts once, and only while its task is out under its attempt."""
        out = self._out.get(told.task_id)
        if out is None or out.laid.task.attempt != told.attempt:
            self.counts.stale += 1
            logger.info("%s (attempt %d) is not out: left", told.task_id, told.attempt)
            return
        task = out.laid.task
        ended.append(out.laid)
        if told.delay_s:
            _remember(self._delays, task.host, told.delay_s, most=DELAYS)
        if isinstance(told.what, GivenBack):
            if told.what.too_large:
                logger.warning(
                    "what %s gives is too large for the broker: the daemon asks %s itself;"
                    " start daemon and workers with --bodies, a folder that they share",
                    *(task.source.id, task.host),
                )
                self._desk.shares.keep(task.host)
            if told.what.hold_s:
                self.room.hold(task.host, told.what.hold_s)
            self._give_back(out)
        elif not isinstance(told.what, Slow | Unreachable):
            self._land(out)
            await self._done(task, told.what)

    async def _done(self, task: Task, outcome: Outcome) -> None:
        _remember(self._recent, task.id, task, most=RECENT)
        try:
            await self._desk.done(task, outcome)
        except ArchiveError:
            raise
        except Exception as error:
            logger.exception("%s could not be booked", task.id)
            self._failed(task, error)

    # What is lost

    async def _look_after(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            if await self.house.forgot():
                self.room.is_open = False  # else what is given back would go into what is cleared
                await self._meet()
            if self._clock.monotonic() - self._swept_at >= SWEEP_S:
                self._swept_at = self._clock.monotonic()
                await self._sweep()

    async def _sweep(self) -> None:
        """A task that was missing twice is lost: a message goes only when its outcome is booked."""
        now = self._clock.monotonic()
        outs = tuple(self._out.values())
        there = await self.house.are_there([out.laid for out in outs])
        for out in outs:
            if self._out.get(out.laid.task.id) is not out:
                continue  # it has ended meanwhile
            is_there = out.laid in there and now - out.at < LONGEST_S
            if not is_there and out.is_missing:
                self.counts.swept += 1
                logger.warning("%s is lost at the broker: offered again", out.laid.task.id)
                self._give_back(out)
            out.is_missing = not is_there

    def oldest_s(self, number: int) -> float:
        """For how long a slot's oldest task has been out; 0 where none is."""
        now = self._clock.monotonic()
        return max((now - o.at for o in self._out.values() if o.laid.number == number), default=0.0)


def _remember(kept: OrderedDict[str, T], key: str, value: T, *, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
