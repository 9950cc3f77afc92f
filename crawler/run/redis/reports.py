"""What goes over the broker, packed: tasks one way, and what workers tell the house the other way.

The fields of a message: `message` is the JSON of `crawler.fetch.desk`, compressed; a raw page's
body, or a picture, is a field of its own, compressed too. One too large for the broker is claimed.
`of` names the message in which the task came: nobody will do that one again, whatever becomes of
the outcome.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import zstandard
from pydantic import TypeAdapter, ValidationError

from archive.errors import ForeignMessage
from config.model import Source
from crawler.fetch.desk import VERSION, read_outcome, read_task, write_outcome, write_task
from crawler.fetch.tasks import Extracted, ImageFetched, Outcome, Rejected, Task
from crawler.run.redis.broker import Fields, begun_key, tasks_key
from crawler.run.redis.claims import BodyFolder

LARGEST = 256 * 1024  # bytes of a message, as the broker keeps them all in memory
_CLAIMED = 16 * 1024  # bytes from which on a field of a too large message is claimed
_UNPACKED = 512 * 2**20  # that a field may become
_LEVEL = 3
_OF = re.compile(rb"(\d{1,5}):(\d{1,5}):(\d{1,20}-\d{1,20})")


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBack:
    """Nothing came of a task: it stays owed. `hold_s`: its host asked to be left alone so long."""

    form: Literal["given back"] = "given back"
    hold_s: float = 0.0
    too_large: bool = False  # for the broker: the house itself is to fetch it


@dataclass(frozen=True, slots=True, kw_only=True)
class Slow:
    """What a source gives takes very long to read (see `Desk.slow`)."""

    form: Literal["slow"] = "slow"
    source_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable:
    """It was the worker's own network (see `Desk.unreachable`)."""

    form: Literal["unreachable"] = "unreachable"
    tasks: tuple[str, ...]
    since: datetime


Fact = GivenBack | Slow | Unreachable
_FACT: TypeAdapter[Fact] = TypeAdapter(Fact)


@dataclass(frozen=True, slots=True)
class TaskMessage:
    """The message of a task: in which slot's stream it lies, and its id there."""

    slots: int  # how many there are
    number: int
    id: str

    @property
    def stream(self) -> str:
        return tasks_key(self.slots, self.number)

    @property
    def begun(self) -> str:
        """The hash that has it while its task is in flight."""
        return begun_key(self.slots, self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerMessage:
    """A message of a worker's, as the house reads it."""

    id: str  # of the message
    task_id: str  # '' where it is about none
    attempt: int
    what: Outcome | Fact
    delay_s: float = 0.0  # that the task's host asks for; 0: what the task said
    claimed: tuple[str, ...] = ()


def pack_task(task: Task, as_written: Source | None) -> Fields:
    """`as_written`: its source with "env:NAME" in the place of secrets, for who resolves them."""
    secrets: dict[str, dict[str, str]] = {"headers": {}, "cookies": {}}
    if as_written is not None:
        secrets = {"headers": as_written.headers, "cookies": as_written.cookies}
    fields = {b"message": zstandard.compress(write_task(task), _LEVEL)}
    if any(secrets.values()):
        fields[b"secrets"] = json.dumps(secrets).encode()
    return fields


def unpack_task(fields: Mapping[bytes, bytes]) -> Task:
    """Give a task; its source has "env:NAME" in the place of secrets. Raises ForeignMessage."""
    task = read_task(_unpacked(fields.get(b"message", b"")))
    if b"secrets" not in fields:
        return task
    try:
        secrets = json.loads(fields[b"secrets"])
        source = task.source.model_copy(
            update={name: dict(secrets[name]) for name in ("headers", "cookies")}
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ForeignMessage(f"a task's secrets can't be read: {error!r}") from error
    return replace(task, source=source)


def pack_outcome(task: Task, outcome: Outcome, *, delay_s: float) -> Fields:
    bodies: tuple[bytes, ...] = ()
    if isinstance(outcome, Extracted | Rejected):
        bodies = tuple(page.body for page in outcome.raw)
        outcome = replace(outcome, raw=tuple(replace(page, body=b"") for page in outcome.raw))
    elif isinstance(outcome, ImageFetched):
        bodies, outcome = (outcome.body,), replace(outcome, body=b"")
    message = write_outcome(task, outcome)
    fields = {_body(n): zstandard.compress(body, _LEVEL) for n, body in enumerate(bodies)}
    fields[b"message"] = zstandard.compress(message, _LEVEL)
    if delay_s > task.delay_s:
        fields[b"delay"] = str(delay_s).encode()
    return fields


def naming(fields: Fields, message: TaskMessage) -> Fields:
    """What is told of a task names the message in which that came."""
    return {**fields, b"of": f"{message.slots}:{message.number}:{message.id}".encode()}


def named_by(fields: Mapping[bytes, bytes]) -> TaskMessage | None:
    """The message that was ended by this one; None where it names none."""
    found = _OF.fullmatch(fields.get(b"of", b""))
    return TaskMessage(int(found[1]), int(found[2]), found[3].decode()) if found else None


def pack_fact(fact: Fact, task: Task | None = None) -> Fields:
    named = {"task_id": task.id, "attempt": task.attempt} if task else {}
    message = {"version": VERSION, **named, "fact": _FACT.dump_python(fact, mode="json")}
    return {b"fact": json.dumps(message).encode()}


def unpack_told(
    id_: str, fields: Mapping[bytes, bytes], claims: BodyFolder | None
) -> WorkerMessage:
    """Read a worker's message; raises ForeignMessage."""
    claimed = claimed_by(fields)
    if claimed and claims is None:
        raise ForeignMessage("a worker keeps bodies in a folder: start the daemon with --bodies")
    whole = {**fields, **{name: claims.take(file) for name, file in claimed.items() if claims}}
    if b"fact" in whole:
        return _fact(id_, whole[b"fact"])
    delivery = read_outcome(_unpacked(whole.get(b"message", b"")))
    return WorkerMessage(
        id=id_,
        task_id=delivery.task_id,
        attempt=delivery.attempt,
        what=_with_bodies(delivery.outcome, whole),
        delay_s=_number(whole.get(b"delay", b"0")),
        claimed=tuple(claimed.values()),
    )


def pack_lines(lines: frozenset[str]) -> bytes:
    """What was learned of an outlet."""
    text = "\n".join(sorted(lines))
    return zstandard.compress(text.encode("utf-8", "surrogatepass"), _LEVEL)


def lines_of(packed: bytes) -> frozenset[str]:
    return frozenset(_unpacked(packed).decode("utf-8", "surrogatepass").split("\n"))


def size_of(fields: Mapping[bytes, bytes]) -> int:
    return sum(len(value) for value in fields.values())


def claim_large(fields: Fields, claims: BodyFolder | None) -> Fields | None:
    """The message with its large fields claimed; None where they can't be."""
    if size_of(fields) <= LARGEST:
        return fields
    if claims is None:
        return None
    small = {name: value for name, value in fields.items() if len(value) < _CLAIMED}
    for name, value in fields.items():
        if name not in small:
            file = claims.put(value)
            if file is None:
                return None
            small[b"claim:" + name] = file.encode()
    return small


def claimed_by(fields: Mapping[bytes, bytes]) -> dict[bytes, str]:
    """The fields that lie elsewhere, and the names under which they do."""
    begins = b"claim:"
    return {
        name.removeprefix(begins): value.decode("latin-1")
        for name, value in fields.items()
        if name.startswith(begins)
    }


def _fact(id_: str, message: bytes) -> WorkerMessage:
    try:
        fields = json.loads(message)
        if fields["version"] != VERSION:
            raise ForeignMessage(f"a worker's message has version {fields['version']}")
        fact = _FACT.validate_json(json.dumps(fields["fact"]))
        task_id, attempt = str(fields.get("task_id", "")), int(fields.get("attempt", 0))
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise ForeignMessage(f"a worker's message can't be read: {error!r}") from error
    return WorkerMessage(id=id_, task_id=task_id, attempt=attempt, what=fact)


def _with_bodies(outcome: Outcome, fields: Mapping[bytes, bytes]) -> Outcome:
    if isinstance(outcome, ImageFetched):
        return replace(outcome, body=_unpacked(fields.get(_body(0), b"")))
    if not isinstance(outcome, Extracted | Rejected):
        return outcome
    raw = tuple(
        replace(page, body=_unpacked(fields.get(_body(n), b"")))
        for n, page in enumerate(outcome.raw)
    )
    return replace(outcome, raw=raw)


def _body(number: int) -> bytes:
    return b"body%d" % number


def _unpacked(packed: bytes) -> bytes:
    try:
        if zstandard.frame_content_size(packed) > _UNPACKED:
            raise ForeignMessage("a message on the broker is larger than any of ours")
        return zstandard.decompress(packed, max_output_size=_UNPACKED)
    except zstandard.ZstdError as error:
        raise ForeignMessage(f"a message on the broker is none of ours: {error}") from error


def _number(text: bytes) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise ForeignMessage(f"{text[:40]!r} is no number of seconds") from error
