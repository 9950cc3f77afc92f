"""What a worker notes at the broker of its tasks: that they are begun, and what came of them.

What is told within a moment goes in one transaction: a message by itself costs both ends, and the
broker between them, several times what it costs among others.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from crawler.run.redis.broker import GROUP, RESULTS, Broker, Fields
from crawler.run.redis.reports import TaskMessage, naming
from crawler.run.redis.slot_streams import PAUSE_S

GATHER_S = 0.1  # between two transactions of a worker; the first after a pause goes at once
LATE_S = 0.5  # for which the broker may be at a transaction before nothing is begun beside it
BATCH = 64  # notes in one transaction: as many don't wait


def _future() -> asyncio.Future[None]:
    return asyncio.get_running_loop().create_future()


@dataclass(frozen=True, slots=True, eq=False)
class _Note:
    """`told` None: the task is begun; {}: it has ended, and nothing came of it."""

    message: TaskMessage
    told: Fields | None
    done: asyncio.Future[None] = field(default_factory=_future)


class TaskNotes:
    """Of tasks, by the messages in which they came. A note is at the broker when its call has
    ended, but for those of `page_begun`. Where one of the broker's errors is raised it may be."""

    def __init__(self, broker: Broker, *, gather_s: float = GATHER_S):
        self._broker, self._gather_s = broker, gather_s
        self._waiting: list[_Note] = []
        self._sending: asyncio.Future[None] | None = None
        self._sent_at = float("-inf")  # of the loop
        self._pages: dict[str, asyncio.Future[None]] = {}  # begun last, of each `learned`
        self._is_closed = False

    async def begun(self, message: TaskMessage) -> None:
        """For the one who comes after our death to know. Raises the broker's errors."""
        await self._put(_Note(message, None))

    def page_begun(self, message: TaskMessage, learned: str) -> None:
        """As `begun`, and nobody waits for it until the page is to be read: see `pages_noted`."""
        noted = self._pages[learned] = self._put(_Note(message, None))

        def forget(_: object) -> None:
            if self._pages.get(learned) is noted:
                del self._pages[learned]
            if not noted.cancelled():
                noted.exception()  # the broker has told of it already

        noted.add_done_callback(forget)

    @property
    def are_late(self) -> bool:
        """What waits has waited for long: the broker may be gone, and nobody has said so yet."""
        since = asyncio.get_running_loop().time() - self._sent_at
        return bool(self._waiting) and since > LATE_S

    async def pages_noted(self, learned: str) -> None:
        """All that are begun, of those that name these lines."""
        if learned in self._pages:
            await asyncio.wait([self._pages[learned]])

    async def given_up(self, message: TaskMessage) -> None:
        """It is not begun any more, and still ours to do."""
        with suppress(*self._broker.errors):
            await self._put(_Note(message, {}))

    async def ended(self, message: TaskMessage, told: Fields) -> None:
        """The outcome in and the task finished, together. Tried until the broker is back: where we
        end before, the task is begun anew by the slot's next owner."""
        while not self._is_closed:
            try:
                await self._put(_Note(message, told))
            except self._broker.errors:
                await asyncio.sleep(PAUSE_S)
            else:
                return

    def abandon(self) -> None:
        self._is_closed = True

    async def close(self) -> None:
        """End at once; nothing of what waits is noted."""
        self._is_closed = True
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)
        _answer(self._waiting, ConnectionError("the worker ends"))

    def _put(self, note: _Note) -> asyncio.Future[None]:
        self._waiting.append(note)
        if self._sending is None or self._sending.done():
            self._sending = asyncio.ensure_future(self._send_all())
        return note.done

    async def _send_all(self) -> None:
        now = asyncio.get_running_loop().time
        while self._waiting:
            if len(self._waiting) < BATCH:
                await asyncio.sleep(self._sent_at + self._gather_s - now())
            self._sent_at, notes = now(), self._waiting[:BATCH]
            failure: Exception | None = None
            try:
                await self._send(notes)
            except Exception as error:  # whoever waits knows what to do about it
                failure = error
            if failure is None or isinstance(failure, self._broker.errors):
                self._broker.note(failure)
            del self._waiting[: len(notes)]
            _answer(notes, failure)

    async def _send(self, notes: Sequence[_Note]) -> None:
        """Of a task that is begun and ends in one batch only the end is noted."""
        begun: dict[TaskMessage, None] = {}
        over: defaultdict[str, list[str]] = defaultdict(list)
        finished: defaultdict[str, list[str]] = defaultdict(list)
        pipe = self._broker.redis.pipeline(transaction=True)
        for note in notes:
            message = note.message
            if note.told is None:
                begun[message] = None
                continue
            begun.pop(message, None)
            over[message.begun].append(message.id)
            if note.told:
                pipe.xadd(RESULTS, naming(note.told, message))
                finished[message.stream].append(message.id)
        for stream, ids in finished.items():
            pipe.xack(stream, GROUP, *ids)
        for key, ids in over.items():
            pipe.hdel(key, *ids)
        for message in begun:
            pipe.hincrby(message.begun, message.id, 1)
        await pipe.execute()


def _answer(notes: Sequence[_Note], error: Exception | None) -> None:
    for note in notes:
        if note.done.done():  # who waited was cancelled
            continue
        if error is None:
            note.done.set_result(None)
        else:
            note.done.set_exception(error)
