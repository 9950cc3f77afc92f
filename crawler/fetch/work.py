"""What to request next. Everything owed stays in SQLite; only what has room is handed out."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from typing import Protocol

from archive import entries as owing
from archive.model import Entry
from archive.writer import Writer
from config.model import Kind, Source
from crawler.fetch.clock import Clock
from crawler.fetch.tasks import Fetch, Poll, Task

PER_HOST = 2  # one in transfer, one that waits out the delay
SLOW_DELAY_S = 5.0  # hosts that pause longer get one request, and only when its turn has come
LOOK_AGAIN_S = 5.0  # how often entries whose not_before has passed are looked for
EXTRA_FOR_POLLS = 16  # hosts beyond `concurrency` that a poll may open: pages never starve polls


class HostGate(Protocol):
    """When a host may be asked (see politeness.Gate); all in seconds."""

    def hold_s(self, host: str) -> float: ...
    def delay_s(self, host: str) -> float: ...
    def turn_s(self, host: str) -> float: ...


class Work:
    """Hands out polls and owed entries: at most `PER_HOST` a host and `concurrency` hosts at once.

    A finite work (`endless=False`) is over when every poll was made and nothing is due; hosts that
    asked to be left alone (Retry-After) are not waited for, their entries stay owed.
    """

    def __init__(
        self,
        *,
        writer: Writer,
        sources: Mapping[str, Source],
        gate: HostGate,
        concurrency: int,
        clock: Clock,
        endless: bool,
    ):
        self._writer, self._gate, self._clock = writer, gate, clock
        self._concurrency, self._endless = concurrency, endless
        self.sources = dict(sources)
        self._polls: dict[str, Poll] = {}
        self._extra: deque[Fetch] = deque()
        # Which hosts of which source may owe something due, both in the order of their turn: a
        # source that owes on 5,000 hosts gets one turn to another's one.
        self._ready: dict[str, dict[str, None]] = {}
        self._hosts: Counter[str] = Counter()
        self._flying: dict[Task, None] = {}
        self._flying_ids: set[int] = set()
        self._flying_urls: Counter[str] = Counter()
        self._wake = asyncio.Event()
        self._looked_at = float("-inf")
        self._stopped = False

    # What the rest of the line tells it

    def poll(self, source: Source) -> None:
        """Ask for a visit; one that waits or flies already is not doubled."""
        flying = any(isinstance(t, Poll) and t.source.id == source.id for t in self._flying)
        if not flying:
            self._polls.setdefault(source.id, Poll(source=source))
            self._wake.set()

    def fetch(self, task: Fetch) -> None:
        """Hand out this very entry, before all others (the page and warc spiders)."""
        self._extra.append(task)
        self._wake.set()

    def learn_kind(self, source: Source, kind: Kind) -> None:
        """The kind that the config leaves open: what it is says what its dates are worth."""
        self.sources[source.id] = source.model_copy(update={"kind": kind})

    def announced(self, source_id: str, hosts: Iterable[str]) -> None:
        """New entries are owed on these hosts."""
        for host in hosts:
            self._add((source_id, host))
        self._wake.set()

    def done(self, task: Task) -> None:
        """The task has ended, however; its host has room again. A second call does nothing."""
        if task not in self._flying:
            return
        del self._flying[task]
        _take_one(self._hosts, task.host)
        if isinstance(task, Fetch):
            self._flying_ids.discard(task.entry.id or 0)
            _take_one(self._flying_urls, task.entry.url)
            self._add((task.source.id, task.host))
        self._wake.set()

    def stop(self) -> None:
        """Hand out nothing more."""
        self._stopped = True
        self._wake.set()

    @property
    def in_flight(self) -> int:
        return len(self._flying)

    # What the spider asks

    async def next(self) -> Task | None:
        """The next task, as soon as there is room for one; None when the work is over."""
        while not self._stopped:
            self._wake.clear()
            await self._look_for_owed()
            task = self._next_extra() or self._next_poll() or await self._next_fetch()
            if task is not None:
                return self._launch(task)
            if self._is_over():
                return None
            await self._wait()
        return None

    def _is_over(self) -> bool:
        idle = not (self._flying or self._polls or self._extra or self._ready)
        return idle and not self._endless

    async def _wait(self) -> None:
        waiting = {host for hosts in self._ready.values() for host in hosts}
        waiting |= {poll.host for poll in self._polls.values()}
        turns = (self._gate.turn_s(host) for host in waiting if host not in self._hosts)
        pause = min([*(turn for turn in turns if turn > 0), LOOK_AGAIN_S])
        try:
            async with asyncio.timeout(pause):
                await self._wake.wait()
        except TimeoutError:
            return

    def _launch(self, task: Task) -> Task:
        self._flying[task] = None
        self._hosts[task.host] += 1
        if isinstance(task, Fetch):
            self._flying_ids.add(task.entry.id or 0)
            self._flying_urls[task.entry.url] += 1
        return task

    def _has_room(self, host: str, *, hosts: int) -> bool:
        flying = self._hosts.get(host, 0)
        if not flying and len(self._hosts) >= hosts:
            return False
        if self._gate.delay_s(host) > SLOW_DELAY_S:
            return not flying and self._gate.turn_s(host) <= 0
        return flying < PER_HOST

    def _next_extra(self) -> Fetch | None:
        for _ in range(len(self._extra)):
            task = self._extra.popleft()
            if self._has_room(task.host, hosts=self._concurrency):
                return task
            self._extra.append(task)
        return None

    def _next_poll(self) -> Poll | None:
        room = self._concurrency + EXTRA_FOR_POLLS
        for source_id, poll in self._polls.items():
            if self._has_room(poll.host, hosts=room):
                del self._polls[source_id]
                return poll
        return None

    async def _next_fetch(self) -> Fetch | None:
        for source_id in tuple(self._ready):
            source = self.sources.get(source_id)
            entry = await self._next_of(source_id) if source else None
            hosts = self._ready.pop(source_id, {})
            if hosts and source:
                self._ready[source_id] = hosts  # behind the others
            if entry is not None and source:
                return Fetch(source=source, entry=entry)
        return None

    async def _next_of(self, source_id: str) -> Entry | None:
        """A due entry of the source, on the first of its hosts that has room."""
        hosts = self._ready[source_id]
        for host in tuple(hosts):
            if self._gate.hold_s(host):
                del hosts[host]  # found again by _look_for_owed once the hold is over
            elif self._has_room(host, hosts=self._concurrency):
                del hosts[host]
                entry = await self._owed(source_id, host)
                if entry is not None:
                    hosts[host] = None
                    return entry
        return None

    async def _owed(self, source_id: str, host: str) -> Entry | None:
        """The pair's next due entry. Two sources may owe one URL: it is fetched once."""
        exclude = set(self._flying_ids)
        while True:
            found = await self._writer.run(
                owing.owed, source_id, host, now=self._clock.now(), limit=1, exclude=exclude
            )
            if not found or found[0].url not in self._flying_urls:
                return found[0] if found else None
            exclude.add(found[0].id)

    async def _look_for_owed(self) -> None:
        if self._clock.monotonic() - self._looked_at < LOOK_AGAIN_S:
            return
        self._looked_at = self._clock.monotonic()
        for pair in await self._writer.run(owing.owed_hosts, tuple(self.sources)):
            self._add(tuple(pair))

    def _add(self, pair: tuple[str, str]) -> None:
        if pair[0] in self.sources:
            self._ready.setdefault(pair[0], {}).setdefault(pair[1])


def _take_one(counter: Counter[str], key: str) -> None:
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]
