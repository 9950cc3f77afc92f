"""A sleep shows in the clock alone: the time that passes for a process stops."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crawler.run.daemon.sleep import SleepWatch

NOW = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)


@dataclass
class Clocks:
    wall: datetime = NOW
    passed: float = 100.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.passed

    def go(self, seconds: float, *, asleep: timedelta = timedelta(0)) -> None:
        self.passed += seconds
        self.wall += timedelta(seconds=seconds) + asleep


def test_a_night_asleep_is_known_from_when_to_when() -> None:
    clocks = Clocks()
    watch = SleepWatch(clocks.now, clocks.monotonic)
    clocks.go(20)
    assert watch.slept() is None
    clocks.go(20, asleep=timedelta(hours=8))
    assert watch.slept() == (NOW + timedelta(seconds=40), NOW + timedelta(hours=8, seconds=40))
    clocks.go(20)
    assert watch.slept() is None


def test_a_corrected_clock_is_no_sleep() -> None:
    clocks = Clocks()
    watch = SleepWatch(clocks.now, clocks.monotonic)
    clocks.go(20, asleep=timedelta(minutes=4))
    assert watch.slept() is None
    clocks.go(20, asleep=timedelta(days=-2500))
    assert watch.slept() is None
