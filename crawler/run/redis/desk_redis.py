"""The worker's end of a desk over Redis: tasks off the streams of its slots, outcomes back.

Three rules keep it right, whatever dies: an outcome counts once, while its task is owed under its
attempt (the house's); nothing is begun, nor read, after the lease of its slot; and a new owner of a
slot rests for one delay of each host, as it can't know when the last owner asked it.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections import OrderedDict
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from config.model import Source
from crawler.fetch.browser.chromium import has_browser
from crawler.fetch.desk import Room
from crawler.fetch.http.clock import Clock
from crawler.fetch.tasks import Fetching, Outcome, Poll, Task, internal_failure
from crawler.run.redis.at_hand import AtHand, Held
from crawler.run.redis.broker import (
    LEASE_S,
    RESULTS,
    Broker,
    Fields,
)
from crawler.run.redis.claims import BodyFolder
from crawler.run.redis.learned_lines import LearnedLines
from crawler.run.redis.reports import (
    LARGEST,
    Fact,
    GivenBack,
    Slow,
    TaskMessage,
    Unreachable,
    claim_large,
    pack_fact,
    pack_outcome,
    size_of,
)
from crawler.run.redis.secret_names import missing, resolved
from crawler.run.redis.slot_streams import PAUSE_S, SlotStreams
from crawler.run.redis.slots import Slot, Slots
from crawler.run.redis.task_notes import TaskNotes

logger = logging.getLogger(__name__)

ROOM = 512  # of one slot that are at hand or in flight
LOOK_S = 5.0
ALONE, GIVEN_UP = 2, 3  # owners that died while a task was in flight: see `_admit`
KEPT = 256  # sources that were visited last


class RedisDesk:
    """Owns up to `most` of `count` slots. `lacks`: what tasks need and this machine hasn't."""

    def __init__(
        self,
        broker: Broker,
        *,
        count: int,
        most: int,
        name: str,
        clock: Clock,
        claims: BodyFolder | None = None,
        lease_s: float = LEASE_S,
        environ: Mapping[str, str] = os.environ,
    ):
        self._broker, self._count, self.most = broker, count, most
        self._clock, self._claims, self._environ = clock, claims, environ
        self.slots = Slots(broker, count=count, owner=name, lease_s=lease_s)
        self._at_hand = AtHand()
        self._flying: dict[Task, Held] = {}
        self._notes = TaskNotes(broker)
        self._learned = LearnedLines(broker)
        self._wake, self._is_stopped, self._is_closed = asyncio.Event(), False, False
        self._room: Room | None = None
        self._serving: set[asyncio.Future[None]] = set()
        self._beside: set[asyncio.Future[None]] = set()
        self._failure: BaseException | None = None
        self._sources: OrderedDict[str, Source] = OrderedDict()  # of visits, the latest
        self.pages = 0
        self.lacks: set[str] = set()

    async def open(self) -> None:
        streams = SlotStreams(
            self._broker,
            self.slots,
            count=self._count,
            admit=self._admit,
            at_hand=self._waiting,
            known=self._known,
            lost=self._at_hand.drop,
        )
        for _ in range(min(self.most, self._count)):
            self._aside(streams.serve(), self._serving)

    # What is handed out

    async def tasks(self, room: Room) -> AsyncIterator[Task]:
        self._room = room
        while not self._is_stopped:
            self._wake.clear()
            if self._failure is not None:
                raise self._failure
            is_alone = any(flying.alone for flying in self._flying.values())
            held = None if is_alone else self._at_hand.next(room, is_idle=not self._flying)
            if held is None:
                await self._wait(room)
            elif hold_s := room.hold_s(held.task.host):
                self._return([held, *self._at_hand.take_all_of(held.task.host)], hold_s)
            elif await self._begin(held):
                yield held.task

    async def _wait(self, room: Room) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._at_hand.pause_s(room, LOOK_S)):
                await self._wake.wait()

    async def _begin(self, held: Held) -> bool:
        """Note that a task is begun, for the one who comes after our death to know. Of a page that
        is seen to before it is read (`learned`): notes that nobody waits for go together."""
        if not held.slot.is_live():
            return False
        self._flying[held.task] = held
        is_certain = not (held.alone or self._broker.is_away or self._notes.are_late)
        if isinstance(held.task, Fetching) and is_certain:
            self._notes.page_begun(self._message(held), held.task.learned)
        elif not await self._is_noted(held):
            return False
        lacking = _lacking(held.task, self._environ)
        if lacking:
            await self._hand_over(held.task, self._without(held.task, lacking))
        return not lacking

    async def _is_noted(self, held: Held) -> bool:
        try:
            await self._notes.begun(self._message(held))
        except self._broker.errors:
            del self._flying[held.task]
            self._at_hand.add(held, first=True)
            await asyncio.sleep(PAUSE_S)
            return False
        return True

    def _without(self, task: Task, names: Sequence[str]) -> Outcome:
        if not self.lacks.issuperset(names):
            self.lacks |= {*names}
            logger.error("%s: this worker has no %s", task.source.id, ", no ".join(names))
        reason = f"the worker on {os.uname().nodename} has no {', no '.join(names)}"
        return internal_failure(task, reason, now=self._clock.now())

    def _return(self, of_host: Sequence[Held], hold_s: float) -> None:
        """What is for a host that asked to be left alone goes back to the house."""
        for held in of_host:
            fact = pack_fact(GivenBack(hold_s=hold_s), held.task)
            self._aside(self._notes.ended(self._message(held), fact))

    # What comes back

    async def done(self, task: Task, outcome: Outcome) -> None:
        self.pages += isinstance(task, Fetching)
        await self._hand_over(task, outcome)

    async def _hand_over(self, task: Task, outcome: Outcome) -> None:
        held = self._flying.get(task)
        if held is None:
            return
        try:
            delay_s = self._room.delay_s(task.host) if self._room else 0.0
            fields = pack_outcome(task, outcome, delay_s=delay_s)
            small: Fields | None = fields
            if size_of(fields) > LARGEST:
                small = await asyncio.to_thread(claim_large, fields, self._claims)
            told = small or pack_fact(GivenBack(too_large=True), task)
            await self._notes.ended(self._message(held), told)
        finally:
            self._flying.pop(task, None)
            self.wake()

    def release(self, task: Task) -> None:
        held = self._flying.pop(task, None)
        if held is None:
            return
        self._aside(self._notes.given_up(self._message(held)))
        if held.slot.is_live() and not self._is_stopped:
            self._at_hand.add(held, first=True)
        self.wake()

    def _message(self, held: Held) -> TaskMessage:
        return TaskMessage(self._count, held.slot.number, held.id)

    async def learned(self, hash: str) -> frozenset[str]:
        """Nothing is read before its beginning is noted: it may be what ends us."""
        await self._notes.pages_noted(hash)
        return await self._learned.get(hash)

    async def slow(self, source_id: str, reason: str) -> None:
        await self._tell(Slow(source_id=source_id, reason=reason))

    async def unreachable(self, tasks: Sequence[Task], *, since: datetime) -> None:
        await self._tell(Unreachable(tasks=tuple(task.id for task in tasks), since=since))

    async def _tell(self, fact: Fact) -> None:
        try:
            await self._broker.redis.xadd(RESULTS, pack_fact(fact))
        except self._broker.errors as error:
            self._broker.note(error)

    # What may be visited, to see whether our own network is there (`network.Schedule`)

    @property
    def visitable(self) -> Mapping[str, Source]:
        return self._sources

    def ask(self, source: Source, *, probe: bool = False) -> None:
        """Let a visit that is at hand go out while all else waits."""
        if probe and self._at_hand.make_probe():
            self.wake()

    # What comes in

    async def _admit(self, task: Task, slot: Slot, id_: str, deaths: int) -> None:
        """A task that was in flight when its worker died may be why: after ALONE such deaths it
        runs alone, after GIVEN_UP it is put off as the archive puts off what fails."""
        source = task.source
        if not missing(source, self._environ):
            source = resolved(source, self._environ)
        task = replace(task, source=source, live=lambda: slot.is_live() and not self._is_stopped)
        rested = slot.since + task.delay_s
        held = Held(task=task, id=id_, slot=slot, not_before=rested, alone=deaths >= ALONE)
        if isinstance(task, Poll):
            self._sources[source.id] = source
            while len(self._sources) > KEPT:
                self._sources.popitem(last=False)
        if deaths >= GIVEN_UP:
            reason = f"{deaths} workers ended while it was in flight"
            logger.error("%s is put off: %s", task.id, reason)
            self._flying[task] = held
            failure = internal_failure(task, reason, now=self._clock.now())
            await self._hand_over(task, failure)
        else:
            self._at_hand.add(held)
            self.wake()

    def _waiting(self) -> int | None:
        """How many tasks are at hand; None where there is no room for more."""
        waiting = len(self._at_hand)
        is_full = waiting + len(self._flying) >= ROOM * len(self.slots.owned)
        return None if is_full else waiting

    def _known(self, number: int) -> set[str]:
        """At hand, or in flight, maybe from before the slot was lost and taken again."""
        return self._at_hand.ids(number) | {
            held.id for held in self._flying.values() if held.slot.number == number
        }

    # The end

    def wake(self) -> None:
        self._wake.set()

    def stop(self) -> None:
        self._is_stopped = True
        self.wake()

    async def close(self, reason: str) -> None:
        if self._is_closed:
            return
        self.stop()
        if self._beside:
            await asyncio.wait(self._beside, timeout=PAUSE_S)
        self._is_closed = True
        ending = [*self._serving, *self._beside]
        for future in ending:
            future.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        await self._notes.close()
        await self._broker.close()

    def abandon(self) -> None:
        self._is_closed = True
        self._notes.abandon()

    def _aside(
        self,
        coroutine: Coroutine[object, object, None],
        kept: set[asyncio.Future[None]] | None = None,
    ) -> None:
        futures = self._beside if kept is None else kept
        future = asyncio.ensure_future(coroutine)
        futures.add(future)
        future.add_done_callback(futures.discard)
        future.add_done_callback(self._ended)

    def _ended(self, future: asyncio.Future[None]) -> None:
        if not future.cancelled() and future.exception() is not None:
            self._failure = future.exception()
            self.wake()


def _lacking(task: Task, environ: Mapping[str, str]) -> tuple[str, ...]:
    """What a task needs and this worker doesn't have."""
    variables = tuple(f"environment variable {name}" for name in missing(task.source, environ))
    is_rendered = isinstance(task, Fetching) and task.source.render == "playwright"
    needs_browser = is_rendered and not has_browser()
    return (*variables, "browser (the extra browser)") if needs_browser else variables
