"""Pushes wait for their turn, within bounds."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from config.model import Source
from crawler.discover.model import Discovered
from crawler.run.websub.push_queue import (
    REST,
    WAITING,
    WAITING_A_SOURCE,
    WAITING_BYTES,
    Push,
    Pushes,
    Waiting,
)

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def push(source_id: str = "a", body: bytes = b"<rss/>") -> Push:
    return Push(subscription=1, source_id=source_id, at=NOW, content_type="", body=body)


def test_what_came_first_is_read_first() -> None:
    waiting, (first, second) = Waiting(), (push("a"), push("b"))
    assert waiting.put(first)
    assert waiting.put(second)
    assert asyncio.run(waiting.get()) is first
    assert asyncio.run(waiting.get()) is second


def test_the_hub_of_one_source_does_not_crowd_out_the_others() -> None:
    waiting = Waiting()
    taken = [waiting.put(push("a")) for _ in range(WAITING_A_SOURCE + 1)]
    assert taken == [True] * WAITING_A_SOURCE + [False]
    assert waiting.put(push("b"))


def test_there_is_room_again_when_one_is_done() -> None:
    waiting = Waiting()
    while waiting.put(push("a")):
        pass
    waiting.done(asyncio.run(waiting.get()))
    assert waiting.put(push("a"))
    assert not waiting.put(push("a"))


def test_only_so_many_wait() -> None:
    waiting = Waiting()
    taken = [waiting.put(push(f"s{n}")) for n in range(WAITING + 1)]
    assert taken == [True] * WAITING + [False]


def test_only_so_much_waits() -> None:
    waiting, large = Waiting(), b"x" * (WAITING_BYTES // 3 - 9)
    assert [waiting.put(push(f"s{n}", large)) for n in range(4)] == [True, True, True, False]
    assert waiting.put(push("small"))


class Slow:
    """What a push is read by: a clock, and a worker that takes a minute in vain."""

    def __init__(self) -> None:
        self.seconds, self.reads = 0.0, 0

    def monotonic(self) -> float:
        return self.seconds

    async def run(self, *_: object, **__: object) -> SimpleNamespace:
        return SimpleNamespace(validators=None)

    async def read(self, *_: object, **__: object) -> Discovered:
        self.reads += 1
        self.seconds += 60
        return Discovered(kind="feed", error="reading it failed: TimeoutError")


def test_a_source_whose_pushes_are_slow_rests_and_is_read_again() -> None:
    slow: Any = Slow()
    source = Source(id="a", name="A", url="https://a.example/")
    archive = SimpleNamespace(reader=slow, writer=slow)
    desk: Any = SimpleNamespace(visitable={"a": source}, archive=archive)
    pushes = Pushes(desk=desk, pool=slow, clock=slow)
    outcomes = [asyncio.run(pushes._announce(push())) for _ in range(3)]
    assert outcomes == ["unreadable", "dropped", "dropped"]
    slow.seconds += REST * 60
    assert asyncio.run(pushes._announce(push())) == "unreadable"
    assert slow.reads == 2
