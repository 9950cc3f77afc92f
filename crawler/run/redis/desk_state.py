"""How the distributed crawl fares, for people; without pydantic: `status` starts at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crawler.run.terminal.plurals import counted

UNSERVED_S = 60.0  # for which a slot may have no worker before somebody is told: one is restarted


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerState:
    """What a worker says of itself, every few seconds."""

    name: str
    host: str  # the machine
    pid: int
    release: str
    since: str
    slots: tuple[int, ...]
    pages: int  # since it began
    pages_s: float  # a second, lately
    in_flight: int
    lacks: tuple[str, ...] = ()  # what tasks need: environment variables, a browser


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotState:
    """`out`: tasks that were laid there and are not settled; `taken`: of these, by its owner."""

    number: int
    worker: str  # '' for nobody
    lease_s: float  # what is left of it
    out: int
    taken: int
    oldest_s: float  # of what is out
    unserved_s: float  # for how long it has had no owner


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskState:
    """One moment. `reached` False: the broker did not answer."""

    at: str
    broker: str
    reached: bool
    draining: str = ""  # in words, while the number of slots changes
    slots: tuple[SlotState, ...] = ()
    workers: tuple[WorkerState, ...] = ()
    results: int = 0  # that wait to be booked
    stale: int = 0  # outcomes of tasks that were not out any more
    refused: int = 0  # messages that could not be used, since the broker's memory began
    wipes: int = 0  # how often the broker had lost everything
    swept: int = 0  # tasks that it had lost one by one

    @property
    def unserved(self) -> tuple[SlotState, ...]:
        """Slots that nobody serves, and for so long that somebody should look."""
        return tuple(slot for slot in self.slots if slot.unserved_s >= UNSERVED_S)

    @property
    def is_troubled(self) -> bool:
        return not self.reached or bool(self.unserved)

    def lines(self) -> Iterator[str]:
        """How it fares, for people: the whole, each worker, and what is wrong."""
        rate = sum(worker.pages_s for worker in self.workers)
        yield (
            f"At {self.broker}: {counted(len(self.workers), 'worker')} on"
            f" {counted(len(self.slots), 'slot')}, {rate:,.1f} pages a second;"
            f" {sum(slot.out for slot in self.slots):,} out, {self.results:,} to be booked,"
            f" {self.refused:,} refused."
        )
        for worker in self.workers:
            slots = ", ".join(str(number) for number in worker.slots) or "none, a spare"
            yield (
                f"  {worker.name} ({worker.release}): slots {slots}; {worker.pages:,} pages,"
                f" {worker.pages_s:,.1f} a second"
            )
        if self.draining:
            yield f"{self.draining}."
        yield from self.trouble()

    @property
    def kinds_of_trouble(self) -> tuple[str, ...]:
        """What is wrong, without its numbers: told again only when it is something else."""
        away = () if self.reached else ("away",)
        lacking = (f"{w.host} lacks {name}" for w in self.workers for name in w.lacks)
        return (*away, *(f"slot {s.number}" for s in self.unserved), *sorted({*lacking}))

    def trouble(self) -> Iterator[str]:
        """What somebody should do something about, a sentence each."""
        if not self.reached:
            yield f"{self.broker} does not answer: nothing is fetched until it does."
        if self.unserved:
            numbers = ", ".join(str(slot.number) for slot in self.unserved)
            waiting = sum(slot.out for slot in self.unserved)
            yield (
                f"Nobody serves {counted(len(self.unserved), 'slot')} of {len(self.slots)}"
                f" ({numbers}; {waiting:,} waiting): start `broadsheet worker --redis URL`, or let"
                " one serve more (--slots)."
            )
        for worker in self.workers:
            if worker.lacks:
                yield f"The worker {worker.name} has no {', no '.join(worker.lacks)}."
