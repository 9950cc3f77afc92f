"""Which slots a worker owns: one lock a slot, renewed while its owner lives, and nobody's after.

Whoever finds a lock free takes it. There is no registry and no balance: a worker that has as many
slots as it may serve leaves the others to others.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field
from typing import Any

from crawler.run.redis.broker import Broker, slot_key

LOOK_S = 1.0  # how often a spare looks for a slot that is nobody's


def lease_now() -> float:
    """Seconds of a clock that goes on while the machine sleeps, as the broker's does."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass(slots=True, eq=False)
class Slot:
    """A slot from when a worker has it until the lease is over. Mutable: `Slots` owns it."""

    number: int
    since: float  # `lease_now`
    until: float
    lock: Any = field(repr=False)

    def is_live(self) -> bool:
        """Whether the lease lasts: asked before anything is begun or read."""
        return lease_now() < self.until


class Slots:
    """`count` slots in all; `owner` names this worker to whoever looks."""

    def __init__(self, broker: Broker, *, count: int, owner: str, lease_s: float):
        self._broker, self._count = broker, count
        self._owner, self._lease_s = owner, lease_s
        self.owned: list[Slot] = []

    async def own(self) -> Slot:
        """Wait for a slot that is nobody's, and take it."""
        while True:
            numbers = [*range(self._count)]
            random.shuffle(numbers)  # so that spares don't all ask for the same
            for number in numbers:
                if all(slot.number != number for slot in self.owned):
                    slot = await self._try(number)
                    if slot is not None:
                        self.owned.append(slot)
                        return slot
            await asyncio.sleep(LOOK_S)

    async def _try(self, number: int) -> Slot | None:
        lock = self._broker.lock(slot_key(self._count, number), self._lease_s)
        now = lease_now()  # from before it is asked for: the broker counts from later on
        if not await lock.acquire(token=f"{self._owner} {random.getrandbits(64):x}"):
            return None
        return Slot(number=number, since=lease_now(), until=now + self._lease_s, lock=lock)

    async def renew(self, slot: Slot) -> None:
        """Keep a slot until it is lost. While the broker doesn't answer the lease runs out."""
        while slot.is_live():
            await asyncio.sleep(self._lease_s / 4)
            now = lease_now()
            try:
                await slot.lock.reacquire()
            except self._broker.lock_lost:
                slot.until = 0.0
            except self._broker.errors:
                continue
            else:
                if slot.is_live():
                    slot.until = now + self._lease_s

    async def leave(self, slot: Slot) -> None:
        """Let others have it at once."""
        slot.until = 0.0
        if slot in self.owned:
            self.owned.remove(slot)
        try:
            await slot.lock.release()
        except self._broker.errors:
            return  # it is somebody else's already, or ends by itself
