"""A cancel ends a loop over commands, at whatever step of a command it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from crawler.run.redis.broker import Broker
from tests.redis_server import redis_server


async def ask_for_ever(broker: Broker) -> None:
    while True:
        await broker.redis.get("a")


async def ask_together_for_ever(broker: Broker) -> None:
    while True:
        pipe = broker.redis.pipeline()
        pipe.get("a")
        await pipe.execute()


async def ask_what_fails_for_ever(broker: Broker) -> None:
    while True:
        with suppress(*broker.errors):
            await broker.redis.evalsha("0" * 40, 0)


@pytest.mark.parametrize("asking", [ask_for_ever, ask_together_for_ever, ask_what_fails_for_ever])
def test_a_cancel_is_never_lost(asking: Callable[[Broker], Awaitable[None]]) -> None:
    async def ends(url: str, steps: int) -> bool:
        broker = Broker(url)
        task = asyncio.ensure_future(asking(broker))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        done, _ = await asyncio.wait([task], timeout=2)
        while not task.done():  # one that was lost: so that the test ends
            task.cancel()
            await asyncio.wait([task], timeout=0.1)
        await broker.close()
        return bool(done)

    async def lost(url: str) -> list[int]:
        return [steps for steps in range(60) if not await ends(url, steps)]

    with redis_server() as server:
        assert asyncio.run(lost(server.url)) == []
