"""What the daemon has beside its crawl where workers elsewhere do the fetching."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from archive.database.times import to_text
from archive.folder import DataFolder
from config.model import Config
from crawler.fetch.crawl import Crawl
from crawler.fetch.work import Pause
from crawler.run.redis.broker import Broker
from crawler.run.redis.claims import BodyFolder
from crawler.run.redis.desk_notes import forget_state, note_state
from crawler.run.redis.desk_state import DeskState, SlotState
from crawler.run.redis.house.dispatch import Dispatch
from crawler.run.redis.house.house_redis import RedisHouse, SlotLine
from crawler.run.redis.house.receipts import Receipts
from crawler.run.redis.house.slot_room import SlotRoom
from crawler.run.redis.terms import WorkerTerms

logger = logging.getLogger(__name__)

NOTE_S = 2.0  # how often the state is noted
CLAIMS_S = 3600.0  # how often bodies that nobody came for are looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerSetup:
    """What the command line says."""

    url: str
    slots: int
    bodies: Path | None


class Distribution:
    """Lends the house's tasks to workers, notes how they fare, and tells what is wrong.

    Raises BrokerError where the config can't be laid at a broker.
    """

    def __init__(self, setup: BrokerSetup, as_written: Config):
        self._setup, self._as_written = setup, as_written
        self._terms = WorkerTerms.of(as_written, slots=setup.slots)
        self._claims = BodyFolder(setup.bodies) if setup.bodies else None
        self._broker = Broker(setup.url)
        self._served_at: dict[int, float] = {}  # slots: when they had an owner last, monotonic
        self._told: tuple[str, ...] = ()

    def open(self, crawl: Crawl, tell: Callable[[str], Awaitable[None]]) -> None:
        """Begin, before the crawl takes its first task. `tell` reaches people."""
        self._crawl, self._tell = crawl, tell
        room = SlotRoom(
            self._setup.slots,
            clock=crawl.clock,
            is_paused=lambda: crawl.work.is_paused(Pause.DISK),
        )
        name = f"{os.uname().nodename}-{os.getpid()}"
        self._house = RedisHouse(
            self._broker, terms=self._terms, archive=_mark(crawl.options.data), name=name
        )
        desk, broker, house, clock = crawl.house, self._broker, self._house, crawl.clock
        failed = crawl.supervisor.task_failed
        receipts = Receipts(
            *(desk, broker, house, room), clock=clock, claims=self._claims, failed=failed
        )
        self._dispatch = Dispatch(desk, broker, house, room, receipts, clock=clock)
        self._room = room
        self._dispatch.take(self._as_written)
        crawl.supervisor.supervised("broker", self._dispatch.run())
        crawl.supervisor.supervised("desk state", self._note())

    def take(self, as_written: Config) -> None:
        """Go on with the sources of a changed config."""
        self._dispatch.take(as_written)

    async def _note(self) -> None:
        data, swept_at = self._crawl.options.data, float("-inf")
        try:
            while True:
                state = await self._state()
                await asyncio.to_thread(note_state, data, state)
                await self._tell_trouble(state)
                if self._claims and self._crawl.clock.monotonic() - swept_at > CLAIMS_S:
                    swept_at = self._crawl.clock.monotonic()
                    await asyncio.to_thread(self._claims.sweep)
                await asyncio.sleep(NOTE_S)
        finally:
            forget_state(data)

    async def _state(self) -> DeskState:
        at, counts = to_text(self._crawl.clock.now()) or "", self._dispatch.counts
        try:
            lines = await self._house.slot_lines()
            workers, (results, refused) = await self._house.workers(), await self._house.counts()
        except self._broker.errors:
            return DeskState(at=at, broker=self._broker.place, reached=False, wipes=counts.wipes)
        return DeskState(
            at=at,
            broker=self._broker.place,
            reached=True,
            draining=self._house.draining,
            slots=self._slots(lines),
            workers=tuple(workers),
            results=results,
            stale=counts.stale,
            refused=refused,
            wipes=counts.wipes,
            swept=counts.swept,
        )

    def _slots(self, lines: Sequence[SlotLine]) -> tuple[SlotState, ...]:
        now = self._crawl.clock.monotonic()
        for number, line in enumerate(lines):
            if line.worker or number not in self._served_at:
                self._served_at[number] = now
        return tuple(
            SlotState(
                number=number,
                worker=line.worker,
                lease_s=line.lease_s,
                out=self._room.out_of(number),
                taken=line.taken,
                oldest_s=round(self._dispatch.oldest_s(number), 1),
                unserved_s=round(now - self._served_at[number], 1),
            )
            for number, line in enumerate(lines)
        )

    async def _tell_trouble(self, state: DeskState) -> None:
        """Each once, when it begins; and that all is well again."""
        kinds = state.kinds_of_trouble
        if kinds == self._told:
            return
        fresh, self._told = set(kinds) - set(self._told), kinds
        words = " ".join(state.trouble())
        if fresh:
            logger.warning("%s", words)
            await self._tell(words)
        elif not kinds:
            logger.warning("every slot has its worker again")
            await self._tell("Every slot has its worker again.")


def _mark(data: Path) -> str:
    """Names an archive; one that was put in its place from a backup is another."""
    file = DataFolder(data).archive
    whose = f"{os.uname().nodename} {file.resolve()} {file.stat().st_ino}"
    return sha256(whose.encode()).hexdigest()[:32]
