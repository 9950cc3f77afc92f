"""What is due goes to whoever has room for it: the crawl of this process, and workers elsewhere.

A host is asked from one place alone, so that its delay is kept (`Shares`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import suppress

from config.model import Source
from crawler.fetch.desk import Room
from crawler.fetch.house.offers import Offers
from crawler.fetch.tally import Tallies
from crawler.fetch.tasks import Poll, Task, hostname


class Shares:
    """Which hosts the house asks itself, where workers elsewhere ask the others.

    Those of sources that can't travel (their secrets stand in the config), whatever host they lead
    to, and those of which something came back as too large to travel.
    """

    def __init__(self) -> None:
        self.are_made = False
        self._sources: frozenset[str] = frozenset()
        self._hosts: set[str] = set()

    def make(self, at_home: Iterable[Source]) -> None:
        """Keep these sources, and lend the others."""
        kept = tuple(at_home)
        self.are_made = True
        self._sources = frozenset(source.id for source in kept)
        self._hosts |= {hostname(source.url) for source in kept}

    def keep(self, host: str) -> None:
        """Ask this host from here, from now on."""
        self._hosts.add(host)

    def are_ours(self, host: str, source_id: str) -> bool:
        """Whether this is to be asked from here."""
        if source_id in self._sources:
            self._hosts.add(host)
        return host in self._hosts

    def at_home(self, room: Room) -> Room:
        """What of this process's room is for the hosts that it asks itself."""
        return _Part(room, self.are_ours) if self.are_made else room

    def elsewhere(self, room: Room) -> Room:
        return _Part(room, lambda host, source_id: not self.are_ours(host, source_id))


class _Part:
    """A room that takes nothing of a host that is asked from another place."""

    def __init__(self, room: Room, takes: Callable[[str, str], bool]):
        self._room, self._takes = room, takes

    def takes_poll(self, host: str, source_id: str, *, probe: bool) -> bool:
        takes = self._takes(host, source_id)
        return takes and self._room.takes_poll(host, source_id, probe=probe)

    def takes_page(self, host: str, source_id: str) -> bool:
        return self._takes(host, source_id) and self._room.takes_page(host, source_id)

    def takes_recheck(self, host: str, source_id: str) -> bool:
        return self._takes(host, source_id) and self._room.takes_recheck(host, source_id)

    def hold_s(self, host: str) -> float:
        return self._room.hold_s(host)

    def delay_s(self, host: str) -> float:
        return self._room.delay_s(host)

    def turn_s(self, host: str) -> float:
        return self._room.turn_s(host)


class HandOut:
    """Hands out what `offers` has, to each that asks, one at a time."""

    def __init__(self, offers: Offers, tallies: Tallies):
        self._offers, self._tallies = offers, tallies
        self._turn = asyncio.Lock()  # the house looks for one at a time
        self._waiting: set[asyncio.Event] = set()
        self.is_over = False

    async def tasks(self, room: Room, *, lent: bool = False) -> AsyncGenerator[Task]:
        """As `Desk.tasks`. `lent`: for who may be cancelled at any moment, and come again."""
        woken = asyncio.Event()
        self._waiting.add(woken)
        try:
            while not self.is_over:
                woken.clear()
                async with self._turn:
                    task = await (self._found(room) if lent else self._offers.next(room))
                if task is not None:
                    if isinstance(task, Poll):
                        self._tallies.visiting(task.source.id, task.source.name)
                    yield task
                elif self._offers.is_over():
                    return
                else:
                    await self._wait(woken, room)
        finally:
            self._waiting.discard(woken)

    async def _found(self, room: Room) -> Task | None:
        """Look to the end though who asks is cancelled: what is found then is given back. A visit
        that was taken and never handed out would else count as out for ever."""
        looking = asyncio.ensure_future(self._offers.next(room))
        try:
            return await asyncio.shield(looking)
        except asyncio.CancelledError:
            looking.add_done_callback(self._give_back)
            raise

    def _give_back(self, looking: asyncio.Future[Task | None]) -> None:
        task = None if looking.cancelled() or looking.exception() else looking.result()
        if task is not None:
            self._offers.landed(task, given_back=True)

    async def _wait(self, woken: asyncio.Event, room: Room) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._offers.pause_s(room)):
                await woken.wait()

    def wake(self) -> None:
        """Room has become free, or something due. Who waits for the clock alone isn't woken."""
        waiting = [woken for woken in self._waiting if not woken.is_set()]
        if not waiting or (self._offers.is_idle() and not (self.is_over or self._offers.is_over())):
            return
        for woken in waiting:
            woken.set()

    def stop(self) -> None:
        """Hand out nothing more; what is out may no longer be begun."""
        self.is_over = True
        self.wake()
