"""What all workers together can take: what is out of each slot and host, counted at the house."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from crawler.fetch.http.clock import Clock
from crawler.fetch.tasks import ImageTask, Recheck, Task, Visiting
from crawler.run.redis.broker import slot_of

MOST = 512  # tasks of a slot that are out: that bounds the broker, and what is fetched twice
HALF = MOST // 2  # beyond it only hosts of which nothing is out: slow ones must not fill a slot
POLLS = 2  # of a host
HOLDS = 20_000


class SlotRoom:
    """Takes nothing while `is_open` is False (the broker is away), or `is_paused` says so."""

    def __init__(self, slots: int, *, clock: Clock, is_paused: Callable[[], bool]):
        self._slots, self._clock, self._is_paused = slots, clock, is_paused
        self._out: Counter[int] = Counter()  # by slot
        self._hosts: Counter[str] = Counter()
        self._polls: Counter[str] = Counter()
        self._rechecks: Counter[int] = Counter()  # by slot, and pictures
        self._holds: dict[str, float] = {}  # host -> until when, monotonic
        self.is_open = False

    def launched(self, task: Task) -> None:
        self._count(task, 1)

    def landed(self, task: Task) -> None:
        self._count(task, -1)

    def _count(self, task: Task, by: int) -> None:
        number = slot_of(task.host, self._slots)
        self._out[number] += by
        self._hosts[task.host] += by
        self._polls[task.host] += by * isinstance(task, Visiting)
        self._rechecks[number] += by * isinstance(task, Recheck | ImageTask)
        for counter in (self._hosts, self._polls):
            if counter[task.host] <= 0:
                del counter[task.host]

    def out_of(self, number: int) -> int:
        return self._out[number]

    def hold(self, host: str, seconds: float) -> None:
        """Its host asked a worker to be left alone."""
        now = self._clock.monotonic()
        self._holds[host] = max(self._holds.get(host, 0.0), now + seconds)
        if len(self._holds) > HOLDS:
            self._holds = {host: until for host, until in self._holds.items() if until > now}

    # What the house asks

    def takes_poll(self, host: str, source_id: str, *, probe: bool) -> bool:
        return self._polls[host] < POLLS and self._has_room(host)

    def takes_page(self, host: str, source_id: str) -> bool:
        return self._has_room(host)

    def takes_recheck(self, host: str, source_id: str) -> bool:
        number = slot_of(host, self._slots)
        return host not in self._hosts and self._rechecks[number] < HALF and self._has_room(host)

    def hold_s(self, host: str) -> float:
        until = self._holds.get(host)
        if until is None:
            return 0.0
        wait = until - self._clock.monotonic()
        if wait <= 0:
            del self._holds[host]
        return max(0.0, wait)

    def delay_s(self, host: str) -> float:
        return 0.0

    def turn_s(self, host: str) -> float:
        return 0.0

    def _has_room(self, host: str) -> bool:
        if not self.is_open or self._is_paused():
            return False
        out = self._out[slot_of(host, self._slots)]
        return out < HALF or (out < MOST and host not in self._hosts)
