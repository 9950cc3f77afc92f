"""Whether the machine slept: its clock went on, and nothing of ours did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

SLEPT_AT_LEAST = timedelta(minutes=5)  # less costs no source more than a late visit


class SleepWatch:
    """Compares the clock with the time that passed for this process, which stops in a sleep.

    A clock that is put forward looks the same, and means the same: nobody visited in between.
    """

    def __init__(self, now: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        self._now, self._monotonic = now, monotonic
        self._seen, self._passed = now(), monotonic()

    def slept(self) -> tuple[datetime, datetime] | None:
        """Give when a sleep since the last call began and ended; None for none."""
        now, passed = self._now(), self._monotonic()
        awake = timedelta(seconds=passed - self._passed)
        began, self._seen, self._passed = self._seen + awake, now, passed
        return (began, now) if now - began >= SLEPT_AT_LEAST else None
