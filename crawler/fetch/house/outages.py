"""The house notes when nobody could visit: its network was down, or its machine slept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime

from archive.database.writer import Writer
from archive.model import SourceState
from archive.sources import absences, health
from crawler.fetch.tasks import PageTask, Task, VisitOutcome

MISSES = 1000  # visits and pages without an answer whose counts can be taken back


class Outages:
    """The absences of this process. One that an earlier process left open ends with `open`."""

    def __init__(self, writer: Writer):
        self._writer = writer
        self.is_down = False
        self._misses: OrderedDict[Task, SourceState] = OrderedDict()  # the sources as they were

    async def open(self, now: datetime) -> None:
        await self._writer.run(absences.end_outage, now)

    def missed(self, task: Task, before: SourceState) -> None:
        """Nothing answered; the source as it was before that was counted."""
        self._misses[task] = before
        if len(self._misses) > MISSES:
            self._misses.popitem(last=False)

    async def began(self, tasks: Sequence[Task], *, since: datetime, now: datetime) -> None:
        """Our own network is down; told again, it goes on. What these tasks' outcomes counted
        since then is taken back."""
        self.is_down = True
        await self._writer.run(absences.begin_outage, since)
        befores: dict[str, SourceState] = {}
        tries: dict[int, int] = {}
        for task in reversed(tasks):  # of several the first one knows what was before
            before = self._misses.pop(task, None)
            if before is not None:
                befores[before.id] = before
            elif isinstance(task, PageTask) and task.entry.id is not None:
                tries[task.entry.id] = task.entry.attempts
        found = tuple(befores.values()), tuple(tries.items())
        await self._writer.run(health.take_back, *found, since=since, now=now)

    async def heard(self, outcome: VisitOutcome) -> None:
        """A visit has ended while it is down: any answer ends that, before the visit is booked."""
        if outcome.answered is not None:
            self.is_down = False
            await self._writer.run(absences.end_outage, outcome.at)

    async def slept(self, started: datetime, ended: datetime) -> None:
        """The machine slept, or its clock was put forward."""
        await self._writer.run(absences.note_sleep, started, ended)
