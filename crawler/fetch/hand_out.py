"""What is due goes to whoever has room for it: the crawl of this process, and workers elsewhere.

A host is asked from one place alone, so that its delay is kept (`Shares`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from typing import Protocol, TypeVar

from config.model import Source
from crawler.fetch.desk import Room
from crawler.fetch.house.offers import Offers
from crawler.fetch.tasks import Task, hostname

T = TypeVar("T")


class Borrower(Protocol):
    """Who counts what is out elsewhere, so that its room is true from one task to the next."""

    def launched(self, task: Task) -> None: ...
    def landed(self, task: Task) -> None: ...


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

    def __init__(self, offers: Offers):
        self._offers = offers
        self._turn = asyncio.Lock()  # the house looks for one at a time
        self._waiting: set[asyncio.Event] = set()
        self.is_over = False

    def tasks(self, room: Room) -> AsyncGenerator[Task]:
        """As `Desk.tasks`."""
        return self._each(room, lambda: self._offers.next(room))

    def batches(
        self, room: Room, borrower: Borrower, *, most: int
    ) -> AsyncGenerator[tuple[Task, ...]]:
        """What there is room for now, up to `most` at a time; `borrower` counts it from then on.
        For who may be cancelled at any moment, and come again."""
        return self._each(room, lambda: self._batch(room, borrower, most))

    async def _each(self, room: Room, look: Callable[[], Awaitable[T | None]]) -> AsyncGenerator[T]:
        woken = asyncio.Event()
        self._waiting.add(woken)
        try:
            while not self.is_over:
                woken.clear()
                async with self._turn:
                    found = await look()
                if found is not None:
                    yield found
                elif self._offers.is_over():
                    return
                else:
                    await self._wait(woken, room)
        finally:
            self._waiting.discard(woken)

    async def _batch(self, room: Room, borrower: Borrower, most: int) -> tuple[Task, ...] | None:
        """Look to the end though who asks is cancelled: what is found then is given back. A visit
        that was taken and never handed out would else count as out for ever."""
        found: list[Task] = []
        looking = asyncio.ensure_future(self._fill(found, room, borrower, most))
        try:
            await asyncio.shield(looking)
        except BaseException:
            looking.add_done_callback(lambda ended: self._give_back(ended, found, borrower))
            raise
        return tuple(found) or None

    async def _fill(self, found: list[Task], room: Room, borrower: Borrower, most: int) -> None:
        while len(found) < most and (task := await self._offers.next(room)) is not None:
            borrower.launched(task)
            found.append(task)

    def _give_back(
        self, ended: asyncio.Future[None], found: Iterable[Task], borrower: Borrower
    ) -> None:
        if not ended.cancelled():
            ended.exception()  # it is known, or nobody waits for it any more
        for task in found:
            borrower.landed(task)
            self._offers.landed(task, given_back=True)
        self.wake()

    async def _wait(self, woken: asyncio.Event, room: Room) -> None:
        turn = asyncio.get_running_loop().call_later(self._offers.pause_s(room), woken.set)
        try:
            await woken.wait()
        finally:
            turn.cancel()

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
