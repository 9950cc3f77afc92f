"""The tasks that a worker has taken and not begun: which of them there is room for now."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from crawler.fetch.desk import Room
from crawler.fetch.tasks import PageTask, Poll, Task, Visiting
from crawler.run.redis.slots import Slot, lease_now


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Held:
    """A task, and where it came from."""

    task: Task
    id: str  # of its message
    slot: Slot
    not_before: float  # `lease_now`: a new owner of a slot rests for each host's delay
    alone: bool = False  # workers have died over it: nothing else is in flight beside it


class AtHand:
    """Visits and pages in turn where both wait, then rechecks and pictures; a host's in order."""

    def __init__(self) -> None:
        self._visits: deque[Held] = deque()
        self._pages: dict[str, deque[Held]] = {}  # by host, in the order of their turn
        self._rechecks: deque[Held] = deque()
        self._alone: deque[Held] = deque()
        self._visited_last = False
        self._rests_until = 0.0  # `lease_now`: of all that is at hand

    def __len__(self) -> int:
        return sum(1 for _ in self._all())

    def ids(self, number: int) -> set[str]:
        """The messages of a slot that are at hand."""
        return {held.id for held in self._all() if held.slot.number == number}

    def add(self, held: Held, *, first: bool = False) -> None:
        """`first`: before its like, as it was taken before."""
        self._rests_until = max(self._rests_until, held.not_before)
        queue = self._queue(held)
        (queue.appendleft if first else queue.append)(held)

    def _queue(self, held: Held) -> deque[Held]:
        if held.alone:
            return self._alone
        if isinstance(held.task, Visiting):
            return self._visits
        if isinstance(held.task, PageTask):
            return self._pages.setdefault(held.task.host, deque())
        return self._rechecks

    def next(self, room: Room, *, is_idle: bool) -> Held | None:
        """What there is room for; `is_idle`: nothing is in flight."""
        if self._alone:
            return self._alone.popleft() if is_idle else None
        if self._visited_last:
            found = self._next_page(room) or self._next_visit(room)
        else:
            found = self._next_visit(room) or self._next_page(room)
        found = found or self._next_recheck(room)
        if found is not None:
            self._visited_last = isinstance(found.task, Visiting)
        return found

    def _next_visit(self, room: Room) -> Held | None:
        for held in self._visits:
            task = held.task
            probe = isinstance(task, Poll) and task.probe
            if _is_rested(held) and room.takes_poll(task.host, task.source.id, probe=probe):
                self._visits.remove(held)
                return held
        return None

    def _next_page(self, room: Room) -> Held | None:
        for host, queue in self._pages.items():
            held = queue[0]
            if _is_rested(held) and room.takes_page(host, held.task.source.id):
                queue.popleft()
                del self._pages[host]  # the others have their turn
                if queue:
                    self._pages[host] = queue
                return held
        return None

    def _next_recheck(self, room: Room) -> Held | None:
        for held in self._rechecks:
            task = held.task
            if _is_rested(held) and room.takes_recheck(task.host, task.source.id):
                self._rechecks.remove(held)
                return held
        return None

    def pause_s(self, room: Room, longest_s: float) -> float:
        """Seconds until the turn of a host for which something is at hand."""
        now = lease_now()
        resting = self._all() if now < self._rests_until else ()
        rests = (held.not_before - now for held in resting)
        turns = (room.turn_s(host) for host in self.hosts())
        return min((s for s in (*rests, *turns) if s > 0), default=longest_s)

    def hosts(self) -> set[str]:
        others = (*self._visits, *self._rechecks, *self._alone)
        return {*self._pages, *(held.task.host for held in others)}

    def make_probe(self) -> bool:
        """Let a visit go out while all else waits, to see whether anything answers."""
        for n, held in enumerate(self._visits):
            if isinstance(held.task, Poll):
                self._visits[n] = replace(held, task=replace(held.task, probe=True))
                return True
        return False

    def take_all_of(self, host: str) -> list[Held]:
        """Take out everything of a host."""
        taken = [held for held in self._all() if held.task.host == host]
        self._keep(lambda held: held.task.host != host)
        return taken

    def drop(self, slot: Slot) -> None:
        """The slot is lost: what was not begun is somebody else's."""
        self._keep(lambda held: held.slot is not slot)

    def _keep(self, wanted: Callable[[Held], bool]) -> None:
        self._visits = deque(filter(wanted, self._visits))
        self._rechecks = deque(filter(wanted, self._rechecks))
        self._alone = deque(filter(wanted, self._alone))
        pages = {host: deque(filter(wanted, queue)) for host, queue in self._pages.items()}
        self._pages = {host: queue for host, queue in pages.items() if queue}

    def _all(self) -> Iterator[Held]:
        yield from self._visits
        for queue in self._pages.values():
            yield from queue
        yield from self._rechecks
        yield from self._alone


def _is_rested(held: Held) -> bool:
    return lease_now() >= held.not_before
