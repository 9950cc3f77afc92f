"""What to request next. What is owed or due stays in SQLite; only what has room is handed out."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from archive import entries as owing
from archive.model import Entry
from archive.writer import Writer
from config.model import Kind, Source
from crawler.fetch.clock import Clock
from crawler.fetch.looking import Looking
from crawler.fetch.tasks import Fetch, Poll, Task, hostname

PER_HOST = 2  # one in transfer, one that waits out the delay
SLOW_DELAY_S = 5.0  # hosts that pause longer get one request, and only when its turn has come
LOOK_AGAIN_S = 5.0  # how often entries whose not_before has passed are looked for
EXTRA = 16  # hosts beyond `concurrency`: neither pages nor polls can starve the other


class HostGate(Protocol):
    """When a host may be asked (see politeness.Gate); all in seconds."""

    def hold_s(self, host: str) -> float: ...
    def delay_s(self, host: str) -> float: ...
    def turn_s(self, host: str) -> float: ...


class Work:
    """Hands out polls and owed entries, in turn where both wait, and looks at archived articles.

    At most `PER_HOST` requests a host, `concurrency` polls, `concurrency` hosts asked for pages,
    and `EXTRA` hosts more than that in all: a daemon that can't keep up with its polls archives all
    the same.
    Looks take only hosts that nothing else is asked of, and up to half of `concurrency`.

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
        look_again: Sequence[timedelta] = (),
    ):
        self._writer, self._gate, self._clock = writer, gate, clock
        self._concurrency, self._endless = concurrency, endless
        self._looks = max(1, concurrency // 2)  # hosts up to which one is asked for a look
        self.sources = dict(sources)
        self._looking = Looking(writer=writer, clock=clock, ages=look_again)
        self._looking.set_sources(self.sources)
        self._polls: dict[str, Poll] = {}
        self._extra: deque[Fetch] = deque()
        # Which hosts of which source may owe something due, both in the order of their turn: a
        # source that owes on 5,000 hosts gets one turn to another's one.
        self._ready: dict[str, dict[str, None]] = {}
        self._hosts: Counter[str] = Counter()
        self._polling: set[str] = set()  # sources whose poll is in flight
        self._flying: dict[Task, None] = {}
        self._flying_ids: set[int] = set()
        self._flying_urls: Counter[str] = Counter()
        self._wake = asyncio.Event()
        self._looked_at = float("-inf")
        self._stopped = self._paused = self._polled_last = False

    # What the rest of the line tells it

    def poll(self, source: Source, *, probe: bool = False) -> None:
        """Ask for a visit; one that waits or flies already is not doubled.

        A probe goes out during a pause, too, and turns a visit that waits into one.
        """
        if source.id in self._polling:
            return
        if probe or source.id not in self._polls:
            self._polls[source.id] = Poll(source=source, probe=probe)
            self._wake.set()

    def pause(self) -> None:
        """Hand out nothing but probes until `resume`; what is in flight ends."""
        self._paused = True

    def resume(self) -> None:
        self._paused = False
        self._wake.set()

    def set_sources(self, sources: Mapping[str, Source]) -> None:
        """Go on with these: what waits of others is dropped, what is in flight ends.

        A kind that was learned (see `learn_kind`) is kept while the source's address is the same.
        """
        self.sources = {i: _with_kind(s, self.sources.get(i)) for i, s in sources.items()}
        self._polls = {
            i: replace(poll, source=self.sources[i])
            for i, poll in self._polls.items()
            if i in sources
        }
        self._ready = {i: hosts for i, hosts in self._ready.items() if i in sources}
        self._looking.set_sources(self.sources)
        self._looked_at = float("-inf")  # a source that is new here may owe something
        self._wake.set()

    def busy(self, source_ids: Collection[str]) -> bool:
        """True while a poll or owed page of one of these waits, may be due, or is in flight.

        Looks don't count: nobody asked for them, and a busy source always has some.
        """
        carried = (*self._flying, *self._extra)
        return any(i in self._polls or i in self._ready for i in source_ids) or any(
            task.source.id in source_ids and not getattr(task, "look", None) for task in carried
        )

    def fetch(self, task: Fetch) -> None:
        """Hand out this very entry, before all others (the page and warc spiders)."""
        self._extra.append(task)
        self._wake.set()

    def learn_kind(self, source: Source, kind: Kind) -> None:
        """The kind that the config leaves open: what it is says what its dates are worth."""
        if source.id in self.sources:  # it may have gone while it was visited
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
            self._landed(task)
        else:
            self._polling.discard(task.source.id)
        self._wake.set()

    def _landed(self, task: Fetch) -> None:
        self._flying_ids.discard(task.entry.id or 0)
        _take_one(self._flying_urls, task.entry.url)
        if task.look is not None:
            self._looking.ended(task.look)
        else:
            self._add((task.source.id, task.host))

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
            task = await self._next_task()
            if task is not None:
                return self._launch(task)
            if self._is_over():
                return None
            await self._wait()
        return None

    async def _next_task(self) -> Task | None:
        await self._look_for_owed()
        if self._paused:
            return self._next_poll()
        extra = self._next_extra()
        if extra is not None:
            return extra
        if self._polled_last:
            return await self._next_fetch() or self._next_poll() or await self._next_look()
        return self._next_poll() or await self._next_fetch() or await self._next_look()

    def _is_over(self) -> bool:
        waiting = self._polls or self._extra or self._ready or self._looking
        return not (self._flying or waiting or self._endless)

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
        else:
            self._polling.add(task.source.id)
        self._polled_last = isinstance(task, Poll)
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
        room = self._concurrency + EXTRA
        if not self._paused and len(self._polling) >= self._concurrency:
            return None
        for source_id, poll in self._polls.items():
            if self._paused and not poll.probe:
                continue
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
            if entry is not None and source and source_id in self.sources:
                return Fetch(source=source, entry=entry)
        return None

    async def _next_of(self, source_id: str) -> Entry | None:
        """A due entry of the source, on the first of its hosts that has room."""
        hosts = self._ready.get(source_id, {})
        for host in tuple(hosts):
            if self._gate.hold_s(host):
                del hosts[host]  # found again by _look_for_owed once the hold is over
            elif self._has_room(host, hosts=self._concurrency + min(EXTRA, len(self._polling))):
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

    async def _next_look(self) -> Fetch | None:
        """A look at an article, on a host that nothing else is asked of."""
        held = []
        for look in await self._looking.waiting():
            host = hostname(look.page.url)
            if look.entry.url in self._flying_urls:  # owed again: that is a look, too
                self._looking.drop(look)
            elif self._gate.hold_s(host):
                held.append((look, self._gate.hold_s(host)))
            elif host not in self._hosts and self._has_room(host, hosts=self._looks):
                return self._looking.take(look)
        for look, hold in held:
            await self._looking.put_off(look, hold)
        return None

    async def _look_for_owed(self) -> None:
        if self._clock.monotonic() - self._looked_at < LOOK_AGAIN_S:
            return
        self._looked_at = self._clock.monotonic()
        self._looking.refresh()
        for pair in await self._writer.run(owing.owed_hosts, tuple(self.sources)):
            self._add(tuple(pair))

    def _add(self, pair: tuple[str, str]) -> None:
        if pair[0] in self.sources:
            self._ready.setdefault(pair[0], {}).setdefault(pair[1])


def _with_kind(source: Source, before: Source | None) -> Source:
    if source.kind is None and before is not None and before.kind and before.url == source.url:
        return source.model_copy(update={"kind": before.kind})
    return source


def _take_one(counter: Counter[str], key: str) -> None:
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]
