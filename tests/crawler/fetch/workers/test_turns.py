"""Who is next at the workers, in real time: what is awaited is a state, never a pause."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from crawler.fetch.workers import turns as module
from crawler.fetch.workers.turns import Turns
from tests.hostile.waiting import until


class Bench:
    """Turns whose tasks end when a test says so."""

    def __init__(self, places: int = 2, share: int = 1, used: dict[str, float] | None = None):
        used = used or {}
        self.resting: set[str] = set()
        self.elsewhere: set[str] = set()  # sources that are at work, though not here
        self.turns = Turns(
            places,
            share=share,
            used=lambda source: used.get(source, 0.0),
            rests=lambda source: source in self.resting,
            others=self._others,
        )
        self.began: list[str] = []
        self.aside: list[str] = []
        self._ends: dict[str, asyncio.Event] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def start(self, *names: str) -> None:
        """Each name is that of a task; its first letter is its source."""
        for name in names:
            self._ends[name] = asyncio.Event()
            self._tasks[name] = asyncio.create_task(self._work(name))
        await self.settle()

    async def end(self, name: str) -> None:
        self._ends[name].set()
        await self._tasks[name]
        await self.settle()

    async def cancel(self, name: str) -> None:
        self._tasks[name].cancel()
        await asyncio.gather(self._tasks[name], return_exceptions=True)
        await self.settle()

    def _others(self, source: str) -> bool:
        return bool(self.elsewhere - {source}) or self.turns._others_here(source)

    async def settle(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)

    async def _work(self, name: str) -> None:
        async with self.turns.turn(name[0]) as turn:
            self.began.append(name)
            turn.step_aside = lambda: self.aside.append(name)
            await self._ends[name].wait()


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(scenario())


def test_a_source_that_is_alone_has_all_places() -> None:
    async def scenario() -> None:
        bench = Bench(places=2)
        await bench.start("a1", "a2", "a3")
        assert bench.began == ["a1", "a2"]

    run(scenario)


def test_while_others_wait_a_source_has_its_share() -> None:
    async def scenario() -> None:
        bench = Bench(places=2)
        await bench.start("a1", "b1", "a2", "a3")
        assert bench.began == ["a1", "b1"]
        await bench.end("b1")
        assert bench.began == ["a1", "b1", "a2"], "nobody else is there any more"

    run(scenario)


def test_others_count_wherever_they_are_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.05)

    async def scenario() -> None:
        bench = Bench(places=2)
        bench.elsewhere = {"b"}
        await bench.start("a1", "a2")
        assert bench.began == ["a1"]
        bench.elsewhere = set()
        await until(lambda: bench.began == ["a1", "a2"])

    run(scenario)


def test_a_slow_source_begins_nothing_while_others_wait() -> None:
    async def scenario() -> None:
        bench = Bench(places=2)
        bench.resting = {"a"}
        await bench.start("b1", "a1")
        assert bench.began == ["b1"]
        await bench.end("b1")
        assert bench.began == ["b1", "a1"]

    run(scenario)


def test_the_source_that_has_used_least_is_next() -> None:
    async def scenario() -> None:
        bench = Bench(places=1, used={"a": 9.0, "b": 0.5, "c": 3.0})
        await bench.start("d1", "a1", "c1", "b1")
        for name in ("d1", "b1", "c1", "a1"):
            await bench.end(name)
        assert bench.began == ["d1", "b1", "c1", "a1"]

    run(scenario)


def test_a_task_that_is_cancelled_leaves_its_place() -> None:
    async def scenario() -> None:
        bench = Bench(places=1)
        await bench.start("a1", "b1", "c1")
        await bench.cancel("b1")
        await bench.cancel("a1")
        assert bench.began == ["a1", "c1"]
        await bench.end("c1")
        assert len(bench.turns) == 0

    run(scenario)


def test_a_long_task_steps_aside_for_another_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.0)

    async def scenario() -> None:
        bench = Bench(places=1, used={"a": 9.0})
        await bench.start("a1")
        await bench.start("a2")
        assert bench.began == ["a1"], "not for its own source"
        await bench.start("b1")
        assert (bench.began, bench.aside) == (["a1", "b1"], ["a1"])
        await bench.start("c1")
        assert bench.began == ["a1", "b1"], "as many aside as there are places, and no more"
        await bench.end("a1")
        assert bench.began == ["a1", "b1", "c1"]

    run(scenario)


def test_patience_ends_without_a_newcomer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.05)

    async def scenario() -> None:
        bench = Bench(places=1)
        await bench.start("a1", "b1")
        assert bench.began == ["a1"]
        await until(lambda: bench.began == ["a1", "b1"])

    run(scenario)
