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
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, Protocol, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from archive.errors import ForeignMessage
from crawler.fetch.tasks import Outcome, Task

VERSION = 1  # of the messages: raised when a field changes its meaning, or a new one is needed
AHEAD = 8  # pages of one host that are out at a time: a slow host fills nobody's room

T = TypeVar("T", bound="_Message")

_AS_JSON = ConfigDict(
    ser_json_bytes="base64", val_json_bytes="base64", ser_json_inf_nan="constants"
)
_UNSENT: Mapping[str, Any] = {"task": {"live": True, "source": {"headers": True, "cookies": True}}}


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


@dataclass(frozen=True, kw_only=True)
class _Message:
    __pydantic_config__: ClassVar = _AS_JSON

    version: int


@dataclass(frozen=True, kw_only=True)
class _TaskMessage(_Message):
    task: Annotated[Task, Field(discriminator="kind")]


@dataclass(frozen=True, kw_only=True)
class _OutcomeMessage(_Message):
    task_id: str
    attempt: int
    outcome: Annotated[Outcome, Field(discriminator="form")]


_TASK = TypeAdapter(_TaskMessage)
_OUTCOME = TypeAdapter(_OutcomeMessage)


def write_task(task: Task) -> bytes:
    """Put a task into JSON, without secrets."""
    return _TASK.dump_json(_TaskMessage(version=VERSION, task=task), exclude=_UNSENT)


def read_task(message: bytes) -> Task:
    """Take a task out of its message; raises ForeignMessage."""
    return _read(_TASK, message, "task").task


def write_outcome(task: Task, outcome: Outcome) -> bytes:
    return _OUTCOME.dump_json(
        _OutcomeMessage(version=VERSION, task_id=task.id, attempt=task.attempt, outcome=outcome)
    )


def read_outcome(message: bytes) -> Delivery:
    """Take an outcome out of its message; raises ForeignMessage."""
    read = _read(_OUTCOME, message, "outcome")
    return Delivery(task_id=read.task_id, attempt=read.attempt, outcome=read.outcome)


def _read(adapter: TypeAdapter[T], message: bytes, name: str) -> T:
    """Read it in one go; one that is none of ours is looked at again, to say why."""
    try:
        read = adapter.validate_json(message)
    except ValidationError as error:
        _check_version(message)
        raise ForeignMessage(f"a message on the desk holds no {name}: {error}") from error
    if read.version != VERSION:
        _check_version(message)
    return read


def _check_version(message: bytes) -> None:
    """Raises ForeignMessage for what another release has written, or nobody of ours."""
    try:
        version = json.loads(message)["version"]
    except (ValueError, TypeError, KeyError) as error:
        raise ForeignMessage(f"a message on the desk is none of ours: {message[:80]!r}") from error
    if version != VERSION:
        raise ForeignMessage(
            f"a message on the desk has version {version}, this program knows {VERSION}:"
            " run the same release everywhere"
        )
