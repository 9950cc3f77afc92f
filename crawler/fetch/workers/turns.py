"""Whose turn it is at the workers: the source that has used least, and none all of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

LOOKS = 4  # within PATIENCE_S, while something waits
PATIENCE_S = 2.0  # p99 of 150 real pages is 93 ms


@dataclass(slots=True, eq=False)
class WorkerTurn:
    """A task at work, or waiting for it. Mutable: `Turns` owns it."""

    source_id: str
    call: asyncio.Future[None]
    began: float | None = None  # in the loop's time
    is_aside: bool = False
    step_aside: Callable[[], None] = field(default=lambda: None)  # told when it is put aside


class Turns:
    """`places` tasks work at a time. While others wait, a source has its share of them, and a task
    that takes longer than PATIENCE_S is put aside: it goes on beside the places, at most as
    many as there are. A source that is alone may have them all.
    """

    def __init__(
        self,
        places: int,
        *,
        share: int,
        used: Callable[[str], float],
        rests: Callable[[str], bool],
        others: Callable[[str], bool] | None = None,
    ):
        """`share`: places that a source may have while others wait. `used`: the seconds that it
        has used lately. `rests`: whether it is slow, and begins nothing while others wait.
        `others`: whether others than this source are at work anywhere; None: those here count."""
        self._places, self._share = places, share
        self._used, self._rests = used, rests
        self._others = others or self._others_here
        self._timer: asyncio.TimerHandle | None = None
        self._working: dict[WorkerTurn, None] = {}
        self._waiting: dict[WorkerTurn, None] = {}
        self._of_source: Counter[str] = Counter()  # turns that work or wait
        self._at_work: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._working) + len(self._waiting)

    @asynccontextmanager
    async def turn(self, source_id: str) -> AsyncIterator[WorkerTurn]:
        """Wait for a turn; it ends with the block."""
        turn = WorkerTurn(source_id, asyncio.get_running_loop().create_future())
        self._of_source[source_id] += 1
        self._waiting[turn] = None
        try:
            self._call_next()
            await turn.call
            yield turn
        finally:
            self._end(turn)

    def _end(self, turn: WorkerTurn) -> None:
        self._waiting.pop(turn, None)
        ended = [self._of_source]
        if turn in self._working:
            del self._working[turn]
            ended.append(self._at_work)
        for counts in ended:  # of those alone that are above 0
            counts[turn.source_id] -= 1
            if not counts[turn.source_id]:
                del counts[turn.source_id]
        self._call_next()

    def _call_next(self) -> None:
        while self._waiting and (turn := self._next()) is not None:
            del self._waiting[turn]
            self._working[turn] = None
            self._at_work[turn.source_id] += 1
            turn.began = asyncio.get_running_loop().time()
            turn.call.set_result(None)
        if self._waiting and self._timer is None:  # patience ends, and others go, unseen from here
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(PATIENCE_S / LOOKS, self._look_again)

    def _look_again(self) -> None:
        self._timer = None
        self._call_next()

    def _next(self) -> WorkerTurn | None:
        """The turn that may begin, of those the one whose source has used least."""
        able = [turn for turn in self._waiting if not turn.call.done() and self._may(turn)]
        if not able or not (self._has_place() or self._make_place(able)):
            return None
        return min(able, key=lambda turn: self._used(turn.source_id))

    def _may(self, turn: WorkerTurn) -> bool:
        if not self._others(turn.source_id):
            return True
        at_work = self._at_work.get(turn.source_id, 0)
        return at_work < self._share and not self._rests(turn.source_id)

    def _others_here(self, source_id: str) -> bool:
        return len(self._of_source) > (source_id in self._of_source)

    def _has_place(self) -> bool:
        return sum(not turn.is_aside for turn in self._working) < self._places

    def _make_place(self, able: list[WorkerTurn]) -> bool:
        """Put the task aside that works longest, where another source waits for its place."""
        if sum(turn.is_aside for turn in self._working) >= self._places:
            return False
        now, waiting = asyncio.get_running_loop().time(), {turn.source_id for turn in able}
        for turn in self._working:
            long = turn.began is not None and now - turn.began >= PATIENCE_S
            if long and not turn.is_aside and waiting - {turn.source_id}:
                turn.is_aside = True
                turn.step_aside()
                return True
        return False
