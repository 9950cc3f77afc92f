"""The desk: the one port between those that fetch and the house that keeps the archive.

Facts go over it, and no questions: complete tasks out, one outcome back for each. `desk_local` is
the house in the same process; `crawler.run.redis` has both ends of a desk between processes. What
only the house does (declaring sources, migrating, files, health, retention, WebSub) is no part of
it. The rules that every desk keeps stand in tests/crawler/fetch/test_desk.py, and run against each.

A message is JSON: {"version": 1, "task": …} or {"version": 1, "outcome": …, "task_id": …,
"attempt": …}. A source's own headers and cookies are never in it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Protocol

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from archive.errors import ForeignMessage
from crawler.fetch.tasks import Outcome, Task

VERSION = 1  # of the messages: raised when a field changes its meaning, or a new one is needed
AHEAD = 8  # pages of one host that are out at a time: a slow host fills nobody's room

_BYTES = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
_TASK: TypeAdapter[Task] = TypeAdapter(Annotated[Task, Field(discriminator="kind")], config=_BYTES)
_OUTCOME: TypeAdapter[Outcome] = TypeAdapter(
    Annotated[Outcome, Field(discriminator="form")], config=_BYTES
)


class Room(Protocol):
    """What a worker can take now. A desk that can choose asks it for each task."""

    def takes_poll(self, host: str, source_id: str, *, probe: bool) -> bool: ...
    def takes_page(self, host: str, source_id: str) -> bool: ...
    def takes_recheck(self, host: str, source_id: str) -> bool: ...
    def hold_s(self, host: str) -> float:
        """Seconds for which the host asked to be left alone (Retry-After); 0 for none."""
        ...

    def delay_s(self, host: str) -> float:
        """The pause between two requests to the host, in seconds, as far as it is known."""
        ...

    def turn_s(self, host: str) -> float:
        """Seconds until the host's delay has passed; 0 where nothing but room is missing."""
        ...


class Desk(Protocol):
    """The worker's end."""

    async def open(self) -> None:
        """Be ready to hand out; called once, when the engine runs."""
        ...

    def tasks(self, room: Room) -> AsyncIterator[Task]:
        """Hand out what is due and has room, for ever, or until all of it has been done.

        At most AHEAD pages of a host are out; those of a host come in the order in which they
        fell due, newest first. It ends when nothing is due and nothing is out (a finite crawl),
        or after `stop`. What is out and never done comes again; where the house can't know whether
        somebody does it still, under a higher attempt.
        """
        ...

    async def done(self, task: Task, outcome: Outcome) -> None:
        """Hand over what came of a task, and forget it. It counts once, while the task is owed."""
        ...

    def release(self, task: Task) -> None:
        """Give a task back as it was: nothing came of it, and it stays owed."""
        ...

    async def learned(self, hash: str) -> frozenset[str]:
        """The lines and images that are an outlet's own, not its articles'; none for ''."""
        ...

    async def slow(self, source_id: str, reason: str) -> None:
        """What a source gives takes very long to read, so that it rests while others wait."""
        ...

    async def unreachable(self, tasks: Sequence[Task], *, since: datetime) -> None:
        """It was our own network: what these tasks' outcomes counted since then is taken back."""
        ...

    def wake(self) -> None:
        """Room has become free: `tasks` looks again."""
        ...

    def stop(self) -> None:
        """Hand out nothing more; what is out may no longer be begun."""
        ...

    async def close(self, reason: str) -> None:
        """End; `reason` is Scrapy's (finished, shutdown). A second call does nothing."""
        ...

    def abandon(self) -> None:
        """End at once, outside the loop; nothing after `close`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An outcome on its way to the house."""

    task_id: str
    attempt: int
    outcome: Outcome


def write_task(task: Task) -> bytes:
    """Put a task into JSON, without secrets."""
    fields = _TASK.dump_python(
        task, mode="json", exclude={"live": True, "source": {"headers": True, "cookies": True}}
    )
    return _message({"task": fields})


def read_task(message: bytes) -> Task:
    """Take a task out of its message; raises ForeignMessage."""
    task: Task = _validated(_TASK, _open(message), "task")
    return task


def write_outcome(task: Task, outcome: Outcome) -> bytes:
    fields = _OUTCOME.dump_python(outcome, mode="json")
    return _message({"task_id": task.id, "attempt": task.attempt, "outcome": fields})


def read_outcome(message: bytes) -> Delivery:
    """Take an outcome out of its message; raises ForeignMessage."""
    fields = _open(message)
    outcome = _validated(_OUTCOME, fields, "outcome")
    return Delivery(task_id=fields["task_id"], attempt=fields["attempt"], outcome=outcome)


def _message(fields: dict[str, Any]) -> bytes:
    return json.dumps({"version": VERSION, **fields}, ensure_ascii=False).encode()


def _open(message: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(message)
        version = fields["version"]
    except (ValueError, TypeError, KeyError) as error:
        raise ForeignMessage(f"a message on the desk is none of ours: {message[:80]!r}") from error
    if version != VERSION:
        raise ForeignMessage(
            f"a message on the desk has version {version}, this program knows {VERSION}:"
            " run the same release everywhere"
        )
    return dict(fields)


def _validated(adapter: TypeAdapter[Any], fields: dict[str, Any], name: str) -> Any:
    try:
        return adapter.validate_json(json.dumps(fields[name]))
    except (KeyError, ValidationError) as error:
        raise ForeignMessage(f"a message on the desk holds no {name}: {error}") from error
