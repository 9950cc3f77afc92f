"""The house notes when nobody could visit: its network was down, or its machine slept."""

from __future__ import annotations

from datetime import datetime

from archive.database.writer import Writer
from archive.sources import absences
from crawler.fetch.tasks import VisitOutcome


class Outages:
    """The absences of this process. One that an earlier process left open ends with `open`."""

    def __init__(self, writer: Writer):
        self._writer = writer
        self.is_down = False

    async def open(self, now: datetime) -> None:
        await self._writer.run(absences.end_outage, now)

    async def began(self, since: datetime) -> None:
        """Our own network is down; told again, it goes on."""
        self.is_down = True
        await self._writer.run(absences.begin_outage, since)

    async def heard(self, outcome: VisitOutcome) -> None:
        """A visit has ended while it is down: any answer ends that, before the visit is booked."""
        if outcome.answered is not None:
            self.is_down = False
            await self._writer.run(absences.end_outage, outcome.at)

    async def slept(self, started: datetime, ended: datetime) -> None:
        """The machine slept, or its clock was put forward."""
        await self._writer.run(absences.note_sleep, started, ended)
