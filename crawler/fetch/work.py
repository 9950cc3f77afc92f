"""What a worker has room for: the tasks that it took from the desk; what came of them goes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from enum import Enum
from typing import Protocol

from crawler.fetch.desk import Desk
from crawler.fetch.http.clock import Clock
from crawler.fetch.tasks import Outcome, Task, Visiting
from crawler.fetch.workers.backlog import Backlog

PER_HOST = 2  # one in transfer, one that waits out the delay
SLOW_DELAY_S = 5.0  # hosts that pause longer get one request, and only when its turn has come
EXTRA = 16  # hosts beyond `concurrency`: neither pages nor visits can starve the other


class HostGate(Protocol):
    """When a host may be asked (see politeness.Gate); all in seconds."""

    def hold_s(self, host: str) -> float: ...
    def delay_s(self, host: str) -> float: ...
    def turn_s(self, host: str) -> float: ...
    def keep_delay(self, host: str, seconds: float) -> None: ...


class Pause(Enum):
    """Why nothing is taken."""

    NETWORK = "our own network is down"
    DISK = "there is no room for what would be fetched"


class Work:
    """The tasks in flight, and the room beside them: a desk asks it before it hands one out.

    At most `PER_HOST` requests a host, `concurrency` visits, `concurrency` hosts asked for pages,
    and `EXTRA` hosts more than that in all: a daemon that can't keep up with its visits archives
    all the same. Rechecks take only hosts that nothing else is asked of, and up to half of
    `concurrency`. While other sources have something in flight, one whose bytes wait for extraction
    (see `Backlog`) or that rests (`rest_s`: seconds, of a source) gets nothing.
    """

    def __init__(
        self,
        *,
        desk: Desk,
        gate: HostGate,
        clock: Clock,
        concurrency: int,
        rest_s: Callable[[str], float],
    ):
        self._desk, self._gate, self._concurrency = desk, gate, concurrency
        self.hold_s, self.delay_s = gate.hold_s, gate.delay_s
        self._clock, self._rest_s, self._backlog = clock, rest_s, Backlog()
        self._moved_at = clock.monotonic()  # when something was answered, or ended
        self._sources: Counter[str] = Counter()  # tasks in flight of each
        self._rechecks = max(1, concurrency // 2)  # hosts up to which one is asked for a recheck
        self._hosts: Counter[str] = Counter()
        self._flying: dict[Task, None] = {}
        self._visits = 0
        self._pauses: set[Pause] = set()

    async def done(self, task: Task, outcome: Outcome) -> None:
        """Hand an outcome over; the task's host has room again, whatever happens."""
        try:
            await self._desk.done(task, outcome)
        finally:
            self._land(task)

    def release(self, task: Task) -> None:
        """Give a task back as it was."""
        self._desk.release(task)
        self._land(task)

    def pause(self, why: Pause = Pause.NETWORK) -> None:
        """Take nothing until `resume`, but probes of the network; what is in flight ends."""
        self._pauses.add(why)

    def resume(self, why: Pause = Pause.NETWORK) -> None:
        self._pauses.discard(why)
        self._desk.wake()

    def is_paused(self, why: Pause) -> bool:
        return why in self._pauses

    def received(self, task: Task, size: int) -> None:
        """An answer of so many bytes came; they wait for extraction until the task has ended."""
        self._moved_at = self._clock.monotonic()
        if task in self._flying:
            is_page = not isinstance(task, Visiting)
            self._backlog.received(task, task.source.id, size, is_page=is_page)

    @property
    def in_flight(self) -> int:
        return len(self._flying)

    @property
    def stalled_s(self) -> float:
        """Seconds for which nothing of what is in flight was answered, or ended."""
        return self._clock.monotonic() - self._moved_at if self._flying else 0.0

    def others_than(self, source_id: str) -> bool:
        """Whether another source has anything in flight."""
        return len(self._sources) > (source_id in self._sources)

    def in_flight_words(self) -> str:
        oldest = next(iter(self._flying), None)
        oldest_words = f", the oldest {oldest.id} of {oldest.source.id}" if oldest else ""
        return f"{len(self._flying)} in flight{oldest_words}"

    # What the desk asks

    def takes_poll(self, host: str, source_id: str, *, probe: bool) -> bool:
        if Pause.DISK in self._pauses:
            return False
        may = probe if self._pauses else self._visits < self._concurrency
        may = may and (probe or self._is_fair(source_id))
        return may and self._has_room(host, self._concurrency + EXTRA)

    def takes_page(self, host: str, source_id: str) -> bool:
        hosts = self._concurrency + min(EXTRA, self._visits)
        return not self._pauses and self._has_room(host, hosts) and self._is_fair(source_id)

    def takes_recheck(self, host: str, source_id: str) -> bool:
        is_free = not self._pauses and host not in self._hosts
        return is_free and self._has_room(host, self._rechecks) and self._is_fair(source_id)

    def turn_s(self, host: str) -> float:
        return 0.0 if host in self._hosts else self._gate.turn_s(host)

    def _is_fair(self, source_id: str) -> bool:
        alone = not self.others_than(source_id)
        if not self._backlog.has_room(source_id, alone=alone):
            return False
        return alone or self._rest_s(source_id) <= 0

    def _has_room(self, host: str, hosts: int) -> bool:
        flying = self._hosts.get(host, 0)
        if not flying and len(self._hosts) >= hosts:
            return False
        if self.delay_s(host) > SLOW_DELAY_S:
            return not flying and self._gate.turn_s(host) <= 0
        return flying < PER_HOST

    def took(self, task: Task) -> None:
        """A task came from the desk, and is in flight until it is done, or released."""
        self._gate.keep_delay(task.host, task.delay_s)
        if not self._flying:
            self._moved_at = self._clock.monotonic()
        self._flying[task] = None
        self._hosts[task.host] += 1
        self._sources[task.source.id] += 1
        self._backlog.sent(task.source.id)
        self._visits += isinstance(task, Visiting)

    def _land(self, task: Task) -> None:
        if task not in self._flying:
            return
        self._moved_at = self._clock.monotonic()
        del self._flying[task]
        self._backlog.ended(task, task.source.id)
        self._sources[task.source.id] -= 1
        if not self._sources[task.source.id]:
            del self._sources[task.source.id]
        self._visits -= isinstance(task, Visiting)
        self._hosts[task.host] -= 1
        if not self._hosts[task.host]:
            del self._hosts[task.host]
        self._desk.wake()
