"""The house's end of a desk over Redis: tasks laid out in slots, and what workers tell, read.

One daemon at a time is the house of a broker; its archive's own lock is another thing: two archives
can't share a broker either.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

from archive.errors import BrokerError, ForeignMessage
from config.model import Source
from crawler.fetch.tasks import Task
from crawler.run.redis.broker import (
    FORMER,
    GROUP,
    HOUSE,
    LEASE_S,
    MARK,
    REFUSALS,
    RESULTS,
    WORKERS,
    Broker,
    Fields,
    begun_key,
    slot_key,
    slot_of,
    tasks_key,
)
from crawler.run.redis.desk_notes import WORKER
from crawler.run.redis.desk_state import WorkerState
from crawler.run.redis.reports import LARGEST, TaskMessage, pack_task, size_of, unpack_task
from crawler.run.redis.terms import WorkerTerms, laid_slots

logger = logging.getLogger(__name__)

BATCH = 64  # messages in one reply: booked together, or laid out
DRAIN_S = 0.5  # how often it is asked whether former slots are free
_LAID = 500  # tasks in one reply, when what lies there is looked through
_HOUSE = "house"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Laid:
    """A task that lies at the broker until it is settled."""

    task: Task
    message: TaskMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotLine:
    """What the broker has of a slot."""

    worker: str  # '' for nobody
    lease_s: float
    taken: int


class RedisHouse:
    """`archive` names the archive: what another one's daemon left is none of ours."""

    def __init__(self, broker: Broker, *, terms: WorkerTerms, archive: str, name: str):
        self._broker, self._terms, self._archive, self._name = broker, terms, archive, name
        self._lock = broker.lock(HOUSE, LEASE_S)
        self._after = "0"
        self.draining = ""

    # The one house

    async def own(self) -> None:
        """Be the house. Raises BrokerError where another daemon is: a dead one's lock ends by
        itself."""
        if await self._lock.owned():
            return
        waits = LEASE_S + 2
        if not await self._lock.acquire(blocking=True, blocking_timeout=waits, token=self._name):
            other = (await self._broker.redis.get(HOUSE) or b"another one").decode()
            raise BrokerError(
                f"a daemon works at {self._broker.place} already ({other}): stop it, or give each"
                " archive a database of its own (redis://host/1)"
            )

    async def renew(self) -> None:
        """Stay the house; ends with one of the broker's errors."""
        while True:
            await asyncio.sleep(LEASE_S / 4)
            await self.stay()

    async def stay(self) -> None:
        await self._lock.reacquire()

    async def leave(self) -> None:
        try:
            if await self._lock.owned():
                await self._lock.release()
        except self._broker.errors:
            return  # it ends by itself

    async def agree(self) -> None:
        """Lay down the terms, and what is read."""
        before, slots = await laid_slots(self._broker), self._terms.slots
        if before is not None and before != slots:
            await self._broker.redis.sadd(FORMER, before)  # first: we may die at any moment
        await self._broker.redis.srem(FORMER, slots)
        await self._terms.lay(self._broker)
        for number in range(slots):
            await self._broker.make_group(tasks_key(slots, number))
        await self._broker.make_group(RESULTS)
        self._after = "0"

    # Another number of slots

    async def former(self) -> list[int]:
        """The numbers of slots of before that are not cleared yet."""
        return sorted(int(slots) for slots in await self._broker.redis.smembers(FORMER))

    async def let_go(self, before: int) -> None:
        """Another number of slots moves hosts between workers: wait until those of before have let
        go, so that none is asked by two."""
        words = f"slots {before} -> {self._terms.slots}"
        logger.warning("%s: workers let go of those of before", words)
        try:
            while held := await self._held(before):
                self.draining = f"{words}: {held} still held by workers"
                await self.stay()
                await asyncio.sleep(DRAIN_S)
        finally:
            self.draining = ""

    async def _held(self, slots: int) -> int:
        return int(await self._broker.redis.exists(*(slot_key(slots, n) for n in range(slots))))

    async def clear(self, slots: int) -> None:
        """Nothing lies in these slots any more."""
        keys = [key(slots, n) for n in range(slots) for key in (tasks_key, begun_key)]
        await self._broker.redis.delete(*keys)
        await self._broker.redis.srem(FORMER, slots)

    # What lies there

    async def forgot(self) -> bool:
        """Whether what lay there is lost, or another archive's."""
        return bool(await self._broker.redis.get(MARK) != self._archive.encode())

    async def remember(self) -> None:
        """Begin anew: nothing lies there, and the loss of it will be noticed."""
        await self._broker.redis.delete(RESULTS)
        for slots in (self._terms.slots, *await self.former()):
            await self.clear(slots)
        await self.agree()
        await self._broker.redis.set(MARK, self._archive)

    async def laid(self, slots: int = 0) -> list[Laid]:
        """What an earlier process of this house laid out, oldest first; `slots`: in those of
        before."""
        found, slots = [], slots or self._terms.slots
        for number in range(slots):
            stream, after = tasks_key(slots, number), "-"
            while messages := await self._broker.redis.xrange(stream, after, "+", count=_LAID):
                for id_, fields in messages:
                    message = TaskMessage(slots, number, id_.decode())
                    try:
                        task = unpack_task(fields)
                    except ForeignMessage:
                        await self.take_back(message)
                    else:
                        found.append(Laid(task=task, message=message))
                after = f"({messages[-1][0].decode()}"
        return found

    async def take_back(self, message: TaskMessage) -> None:
        pipe = self._broker.redis.pipeline(transaction=True)
        pipe.xack(message.stream, GROUP, message.id)
        pipe.xdel(message.stream, message.id)
        await pipe.execute()

    async def are_there(self, laid: Sequence[Laid]) -> set[Laid]:
        """Which of these lie there still."""
        there: set[Laid] = set()
        for begin in range(0, len(laid), _LAID):
            pipe = self._broker.redis.pipeline(transaction=False)
            part = laid[begin : begin + _LAID]
            for message in (one.message for one in part):
                pipe.xrange(message.stream, message.id, message.id)
            found = await pipe.execute()
            there |= {one for one, messages in zip(part, found, strict=True) if messages}
        return there

    async def offer(self, tasks: Sequence[tuple[Task, Source | None]]) -> list[Laid | None]:
        """Lay tasks out, all or none, each with its source as it is written; None in the place of
        one that is too large for that."""
        packed = [pack_task(task, as_written) for task, as_written in tasks]
        small = [size_of(fields) <= LARGEST for fields in packed]
        pipe, slots = self._broker.redis.pipeline(transaction=True), self._terms.slots
        for (task, _), fields in compress(zip(tasks, packed, strict=True), small):
            pipe.xadd(tasks_key(slots, slot_of(task.host, slots)), fields)
        ids = iter(await pipe.execute())
        return [
            Laid(
                task=task, message=TaskMessage(slots, slot_of(task.host, slots), next(ids).decode())
            )
            if is_small
            else None
            for (task, _), is_small in zip(tasks, small, strict=True)
        ]

    # What comes back

    async def told(self) -> list[tuple[str, Fields]]:
        """What workers told, oldest first: what was read and not settled, then what is new."""
        messages = await self._broker.read(RESULTS, _HOUSE, self._after, BATCH)
        if self._after != ">":
            self._after = messages[-1][0] if messages else ">"
        return messages

    async def settle(self, told: Sequence[str], ended: Sequence[TaskMessage]) -> None:
        """Forget these messages, and those of the tasks that have ended, which whoever told it has
        taken off the list of what he has: what follows is committed, or counts no more."""
        streams: dict[str, list[str]] = {}
        for message in ended:
            streams.setdefault(message.stream, []).append(message.id)
        pipe = self._broker.redis.pipeline(transaction=True)
        pipe.xack(RESULTS, GROUP, *told)
        for stream, ids in {RESULTS: told, **streams}.items():
            pipe.xdel(stream, *ids)
        await pipe.execute()

    # How it fares

    async def slot_lines(self) -> list[SlotLine]:
        pipe, slots = self._broker.redis.pipeline(transaction=False), self._terms.slots
        for number in range(slots):
            pipe.get(slot_key(slots, number))
            pipe.pttl(slot_key(slots, number))
            pipe.xpending(tasks_key(slots, number), GROUP)
        replies = await pipe.execute(raise_on_error=False)
        return [_slot_line(*replies[at : at + 3]) for at in range(0, 3 * slots, 3)]

    async def workers(self) -> list[WorkerState]:
        keys = [key async for key in self._broker.redis.scan_iter(match=f"{WORKERS}*", count=1000)]
        lines = await self._broker.redis.mget(keys) if keys else []
        found = [WORKER.validate_json(line) for line in lines if line]
        return sorted(found, key=lambda worker: worker.name)

    async def counts(self) -> tuple[int, int]:
        """How many messages wait to be booked, and how many were refused."""
        waiting = await self._broker.redis.xlen(RESULTS)
        return int(waiting), int(await self._broker.redis.get(REFUSALS) or 0)


def _slot_line(
    token: bytes | Exception | None, lease_ms: int | Exception, pending: dict[str, int] | Exception
) -> SlotLine:
    """Of the replies about a slot. One without a stream yet has nothing taken."""
    if isinstance(token, Exception):
        raise token
    if isinstance(lease_ms, Exception):
        raise lease_ms
    return SlotLine(
        worker=(token or b"").decode().partition(" ")[0],
        lease_s=max(0, lease_ms) / 1000,
        taken=0 if isinstance(pending, Exception) else int(pending["pending"]),
    )
