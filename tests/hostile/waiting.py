"""Waiting for a condition inside an event loop, for a bounded time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

LOOKS, PAUSE_S = 1000, 0.01


async def until(condition: Callable[[], object]) -> None:
    for _ in range(LOOKS):
        if condition():
            return
        await asyncio.sleep(PAUSE_S)
    raise AssertionError("the condition did not come true in time")
