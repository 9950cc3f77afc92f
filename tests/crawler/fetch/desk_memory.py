"""A desk without an archive: what is owed is a list, and every message goes through JSON."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from archive.model import Entry
from config.model import Source
from crawler.fetch.desk import (
    AHEAD,
    Room,
    read_outcome,
    read_task,
    write_outcome,
    write_task,
)
from crawler.fetch.tasks import Announced, Outcome, PageTask, Poll, Postponed, Task


@dataclass
class Owed:
    """A page, or (`entry` None) a visit, that somebody is to do."""

    source: Source
    entry: Entry | None = None
    attempt: int = 0
    tries: int = 0
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return not self.outcomes

    def task(self) -> Task:
        common = {"source": self.source, "attempt": self.attempt, "delay_s": 0.0}
        return Poll(**common) if self.entry is None else PageTask(**common, entry=self.entry)


@dataclass
class Ledger:
    """What outlives the house, as the archive does."""

    owed: dict[str, Owed] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def owe(self, source: Source, *urls: str) -> None:
        for url in urls:
            entry = Entry(url=url, raw_url=url, id=len(self.owed) + 1, source_id=source.id)
            owed = Owed(source, entry)
            self.owed[owed.task().id] = owed

    def visit(self, source: Source) -> None:
        owed = Owed(source)
        self.owed[owed.task().id] = owed


class MemoryDesk:
    """A worker takes messages off it, and lays messages on it."""

    def __init__(self, ledger: Ledger):
        self._ledger = ledger
        self._out: dict[str, Task] = {}
        self._wake = asyncio.Event()
        self._stopped = False

    async def open(self) -> None:
        """Nothing is to be opened."""

    async def tasks(self, room: Room) -> AsyncIterator[Task]:
        while not self._stopped:
            self._wake.clear()
            owed = next((o for o in self._ledger.owed.values() if self._may_go(o, room)), None)
            if owed is not None:
                owed.attempt += 1
                task = replace(read_task(write_task(owed.task())), live=self.is_live)
                self._out[task.id] = task
                yield task
            elif not self._out and not any(o.is_open for o in self._ledger.owed.values()):
                return
            else:
                await self._wake.wait()

    def _may_go(self, owed: Owed, room: Room) -> bool:
        task = owed.task()
        if not owed.is_open or task.id in self._out:
            return False
        if isinstance(task, Poll):
            return room.takes_poll(task.host, task.source.id, probe=False)
        out = sum(isinstance(t, PageTask) and t.host == task.host for t in self._out.values())
        return out < AHEAD and room.takes_page(task.host, task.source.id)

    async def done(self, task: Task, outcome: Outcome) -> None:
        delivery = read_outcome(write_outcome(task, outcome))
        owed = self._ledger.owed.get(delivery.task_id)
        if owed is None or not owed.is_open or owed.attempt != delivery.attempt:
            self._ledger.refused.append(delivery.task_id)
        elif isinstance(delivery.outcome, Postponed):
            owed.tries, owed.attempt = owed.tries + 1, owed.attempt + 1
        else:
            owed.outcomes.append(delivery.outcome)
            if isinstance(delivery.outcome, Announced):
                urls = [entry.url for entry in delivery.outcome.listed.entries]
                self._ledger.owe(owed.source, *urls)
        self.release(task)

    def release(self, task: Task) -> None:
        if self._out.get(task.id) is task:
            del self._out[task.id]
        self.wake()

    async def learned(self, hash: str) -> frozenset[str]:
        return frozenset()

    async def slow(self, source_id: str, reason: str) -> None:
        """Nobody looks at a status here."""

    async def unreachable(self, tasks: Sequence[Task], *, since: datetime) -> None:
        """Nobody is blamed here."""

    def is_live(self) -> bool:
        return not self._stopped

    def wake(self) -> None:
        self._wake.set()

    def stop(self) -> None:
        self._stopped = True
        self.wake()

    async def close(self, reason: str) -> None:
        self.stop()

    def abandon(self) -> None:
        self.stop()
