"""The streams of the slots that a worker owns: read while the lease lasts, and not after."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from archive.errors import ForeignMessage
from crawler.fetch.tasks import Task
from crawler.run.redis.broker import GROUP, Broker, begun_key, tasks_key
from crawler.run.redis.reports import unpack_task
from crawler.run.redis.slots import Slot, Slots, lease_now

logger = logging.getLogger(__name__)

READ = 64  # tasks in one reply
PAUSE_S = 1.0  # before the broker is asked again that did not answer
LOOK_S = 5.0  # how often the pending list is compared with what is known here
MOST_PENDING = 1024
PLENTY = 128  # tasks at hand, for a second and more: who has them reads what comes in batches
GATHER_S = 0.5  # between two of them, and before it is asked again whether there is room
_CONSUMER = "slot"  # whoever owns a slot reads what its last owner left, too

Admit = Callable[[Task, Slot, str, int], Awaitable[None]]


class SlotStreams:
    """Owns one slot after another, and gives each task that it reads to `admit`, with its slot, its
    message's id, and how many owners of the slot have gone while it was in flight.

    `at_hand`: how many tasks wait in this process, None where no more is to be read. `known`:
    messages of a slot that this process has already. `lost`: a slot is not ours any more.
    """

    def __init__(
        self,
        broker: Broker,
        slots: Slots,
        *,
        count: int,
        admit: Admit,
        at_hand: Callable[[], int | None],
        known: Callable[[int], set[str]],
        lost: Callable[[Slot], None],
    ):
        self._broker, self._slots, self._count = broker, slots, count
        self._admit, self._at_hand, self._known = admit, at_hand, known
        self._lost = lost

    async def serve(self) -> None:
        while True:
            try:
                slot = await self._slots.own()
                logger.info("serves slot %d of %d", slot.number, self._count)
                try:
                    await self._serve_slot(slot)
                except self._broker.errors as error:
                    self._broker.note(error)
                finally:
                    self._lost(slot)
                    await self._slots.leave(slot)
                logger.warning("slot %d is lost: others may serve it now", slot.number)
            except self._broker.errors as error:
                self._broker.note(error)
                await asyncio.sleep(PAUSE_S)

    async def _serve_slot(self, slot: Slot) -> None:
        renewing = asyncio.ensure_future(self._slots.renew(slot))
        try:
            await self._read(slot)
        finally:
            renewing.cancel()
            with suppress(asyncio.CancelledError):
                await renewing

    async def _read(self, slot: Slot) -> None:
        """First what the slot's owners took and never finished, then what is new. A stale owner
        reads no more: it would hide tasks."""
        stream = tasks_key(self._count, slot.number)
        await self._broker.make_group(stream)
        begun = await self._broker.redis.hgetall(begun_key(self._count, slot.number))
        after, looked_at = "0", lease_now()
        while slot.is_live():
            if after == ">" and lease_now() - looked_at > LOOK_S:
                looked_at = lease_now()
                after = "0" if await self._are_hidden(slot, stream) else after
            if self._at_hand() is None:
                await asyncio.sleep(GATHER_S)
                continue
            messages = await self._broker.read(stream, _CONSUMER, after, READ)
            self._broker.note(None)
            known = self._known(slot.number) if after != ">" else set()
            for id_, fields in messages:
                deaths = int(begun.get(id_.encode(), 0)) if after != ">" else 0
                if id_ not in known:
                    await self._take(slot, stream, id_, fields, deaths)
            if after != ">":
                after = messages[-1][0] if messages else ">"
            elif messages and (self._at_hand() or 0) >= PLENTY:
                await asyncio.sleep(GATHER_S)

    async def _are_hidden(self, slot: Slot, stream: str) -> bool:
        """Whether the pending list has what nobody here knows: where the broker lost the locks, an
        owner of before may have read once more, after we had looked."""
        pending = await self._broker.redis.xpending_range(stream, GROUP, "-", "+", MOST_PENDING)
        ids = [line["message_id"].decode() for line in pending]
        return not self._known(slot.number).issuperset(ids)

    async def _take(
        self, slot: Slot, stream: str, id_: str, fields: dict[bytes, bytes], deaths: int
    ) -> None:
        if not fields:  # the house took it back
            await self._drop(stream, id_)
            return
        try:
            task = unpack_task(fields)
        except ForeignMessage as error:
            logger.error("refused: %s", error)
            await self._broker.refuse(str(error), fields.get(b"message", b""))
            await self._drop(stream, id_)
            return
        await self._admit(task, slot, id_, deaths)

    async def _drop(self, stream: str, id_: str) -> None:
        pipe = self._broker.redis.pipeline(transaction=True)
        pipe.xack(stream, GROUP, id_)
        pipe.xdel(stream, id_)
        await pipe.execute()
