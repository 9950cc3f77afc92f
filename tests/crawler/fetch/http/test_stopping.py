"""A stop that waits no longer: what is awaited ends, what comes later doesn't begin."""

from __future__ import annotations

import asyncio

import pytest

from crawler.fetch.http.stopping import Stopping, StopScope


def test_what_ends_in_time_is_given_back() -> None:
    async def answer() -> int:
        return 7

    assert asyncio.run(StopScope().or_stop(answer())) == 7


def test_what_is_awaited_is_cut_off_and_what_comes_later_too() -> None:
    async def run() -> tuple[int, list[object]]:
        ending = StopScope()
        never = asyncio.get_running_loop().create_future()
        awaiting = asyncio.ensure_future(ending.or_stop(never))
        await asyncio.sleep(0)
        dropped = ending.cut_off()
        later = ending.or_stop(asyncio.sleep(60))
        return dropped, await asyncio.gather(awaiting, later, return_exceptions=True)

    dropped, ends = asyncio.run(run())
    assert dropped == 1
    assert [type(end) for end in ends] == [Stopping, Stopping]


def test_a_cancelled_caller_is_cancelled_not_stopping() -> None:
    async def run() -> None:
        awaiting = asyncio.ensure_future(StopScope().or_stop(asyncio.sleep(60)))
        await asyncio.sleep(0)
        awaiting.cancel()
        await awaiting

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run())
