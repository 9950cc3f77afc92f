"""The tasks that are out at the broker, as the house knows them: by id, and by their message."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from crawler.fetch.desk_local import LocalDesk
from crawler.run.redis.house.house_redis import Laid
from crawler.run.redis.house.slot_room import SlotRoom
from crawler.run.redis.reports import TaskMessage

LONGEST_S = 7200.0  # that a task may be out: a slow host's eight take a quarter of an hour


@dataclass(slots=True, eq=False)
class OutTask:
    """A task that lies at the broker. Mutable: the sweep marks it."""

    laid: Laid
    at: float  # monotonic
    is_missing: bool = False


class TasksOut:
    """Keeps `room` true to what is out."""

    def __init__(self, desk: LocalDesk, room: SlotRoom):
        self._desk, self._room = desk, room
        self._by_id: dict[str, OutTask] = {}
        self._by_message: dict[TaskMessage, OutTask] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def all(self) -> tuple[OutTask, ...]:
        return tuple(self._by_id.values())

    def launch(self, laid: Laid, now: float) -> None:
        """`now`: monotonic. `room` has counted it. An earlier message of the same task counts no
        more."""
        before = self._by_id.get(laid.task.id)
        if before is not None:
            self.land(before)
        out = OutTask(laid, now)
        self._by_id[laid.task.id] = self._by_message[laid.message] = out

    def land(self, out: OutTask) -> None:
        """A second call does nothing."""
        if self._by_id.get(out.laid.task.id) is out:
            del self._by_id[out.laid.task.id]
            del self._by_message[out.laid.message]
            self._room.landed(out.laid.task)

    def give_back(self, out: OutTask) -> None:
        """It stays owed, and is offered again under a higher attempt."""
        self.land(out)
        self._desk.release(out.laid.task)
        self._desk.wake()

    def under(self, task_id: str, attempt: int) -> OutTask | None:
        """The task, where it is out under this attempt."""
        out = self._by_id.get(task_id)
        return out if out is not None and out.laid.task.attempt == attempt else None

    def of(self, message: TaskMessage | None) -> OutTask | None:
        """The task that came in this message, where it is out by it."""
        return self._by_message.get(message) if message else None

    def lost(self, looked: Sequence[OutTask], there: Collection[Laid], now: float) -> list[OutTask]:
        """Those that were missing at two looks, or have been out for too long."""
        found = []
        for out in looked:
            if self._by_id.get(out.laid.task.id) is not out:
                continue  # it has ended meanwhile
            is_there = out.laid in there and now - out.at < LONGEST_S
            if not is_there and out.is_missing:
                found.append(out)
            out.is_missing = not is_there
        return found

    def oldest_s(self, number: int, now: float) -> float:
        """For how long a slot's oldest task has been out; 0 where none is."""
        ages = (now - out.at for out in self._by_id.values() if out.laid.message.number == number)
        return max(ages, default=0.0)
