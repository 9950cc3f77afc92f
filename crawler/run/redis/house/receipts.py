"""What workers tell, booked: each outcome counts once, while its task is out under its attempt."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from archive.errors import ArchiveError, ForeignMessage
from crawler.fetch.desk_local import LocalDesk
from crawler.fetch.http.clock import Clock
from crawler.fetch.tasks import Outcome, Task, internal_failure
from crawler.run.redis.broker import Broker, Fields
from crawler.run.redis.claims import BodyFolder
from crawler.run.redis.house.house_redis import RedisHouse
from crawler.run.redis.house.slot_room import SlotRoom
from crawler.run.redis.house.tasks_out import TasksOut
from crawler.run.redis.reports import (
    GivenBack,
    Slow,
    Unreachable,
    WorkerMessage,
    claimed_by,
    named_by,
    unpack_told,
)

T = TypeVar("T")

logger = logging.getLogger(__name__)

DELAYS, RECENT = 20_000, 1000  # hosts whose delay is known; tasks that have ended lately


@dataclass(slots=True, kw_only=True)
class DispatchCounts:
    """Since the daemon began. Mutable: one event loop owns it."""

    stale: int = 0  # outcomes that came for what was not out any more
    wipes: int = 0
    swept: int = 0


class Receipts:
    """Knows what is out. `failed` is told of an outcome that could not be booked for a bug of
    ours."""

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
        self._desk, self._broker, self._house = desk, broker, house
        self._room, self.out, self.counts = room, TasksOut(desk, room), DispatchCounts()
        self._clock, self._claims, self._failed = clock, claims, failed
        self._recent: OrderedDict[str, Task] = OrderedDict()
        self._delays: OrderedDict[str, float] = OrderedDict()

    def delay_s(self, host: str) -> float:
        """The delay that a host asked for, as workers told; 0 where none did."""
        return self._delays.get(host, 0.0)

    async def book(self, messages: list[tuple[str, Fields]]) -> None:
        await asyncio.gather(*(self._book_one(id_, fields) for id_, fields in messages))
        ended = [named for _, fields in messages if (named := named_by(fields))]
        await self._house.settle([id_ for id_, _ in messages], ended)
        if self._claims is not None:
            for _, fields in messages:
                for file in claimed_by(fields).values():
                    self._claims.settle(file)

    async def _book_one(self, id_: str, fields: Fields) -> None:
        try:
            told = unpack_told(id_, fields, self._claims)
        except ForeignMessage as error:
            await self._refuse(str(error), fields)
            return
        match told.what:
            case Slow(source_id=source_id, reason=reason):
                await self._desk.slow(source_id, reason)
            case Unreachable(tasks=ids, since=since):
                tasks = [self._recent[i] for i in ids if i in self._recent]
                if tasks:
                    await self._desk.unreachable(tasks, since=since)
            case _:
                await self._end(told)

    async def _refuse(self, why: str, fields: Fields) -> None:
        """Nobody can use what came of a task: that counts as its failure, else it would be asked
        for again at once, and for ever."""
        logger.error("refused: %s", why)
        await self._broker.refuse(why, fields.get(b"message", b""))
        out = self.out.of(named_by(fields))
        if out is not None:
            self.out.land(out)
            task = out.laid.task
            await self._done(task, internal_failure(task, why, now=self._clock.now()))

    async def _end(self, told: WorkerMessage) -> None:
        """A result counts once, and only while its task is out under its attempt."""
        out = self.out.under(told.task_id, told.attempt)
        if out is None:
            self.counts.stale += 1
            logger.info("%s (attempt %d) is not out: left", told.task_id, told.attempt)
            return
        task = out.laid.task
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
                self._room.hold(task.host, told.what.hold_s)
            self.out.give_back(out)
        elif not isinstance(told.what, Slow | Unreachable):
            self.out.land(out)
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


def _remember(kept: OrderedDict[str, T], key: str, value: T, *, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
