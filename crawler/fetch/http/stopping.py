"""The bound of a stop: what is still awaited when its time is up ends at once, and stays owed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from scrapy.exceptions import IgnoreRequest

T = TypeVar("T")


class Stopping(IgnoreRequest):
    """The crawl is stopping; what was asked for stays owed."""


class StopScope:
    """Downloads and extractions are awaited through it, so that a stop can cut them off.

    A Scrapy add-on of its own: whoever needs it asks the crawler for it.
    """

    def __init__(self) -> None:
        self._awaited: set[asyncio.Future[object]] = set()
        self._over = False

    async def or_stop(self, awaitable: Awaitable[T]) -> T:
        """Await a coroutine or future; raises Stopping once `cut_off` was called."""
        future: asyncio.Future[T] = asyncio.ensure_future(awaitable)
        if self._over:
            future.cancel()
        self._awaited.add(future)  # type: ignore[arg-type]  # only ever cancelled
        try:
            return await future
        except asyncio.CancelledError:
            if self._over:
                raise Stopping("the crawl is stopping") from None
            raise
        finally:
            self._awaited.discard(future)

    def cut_off(self) -> int:
        """Cancel all that is awaited, and whatever comes later; give how many there were."""
        self._over = True
        awaited = tuple(self._awaited)
        for future in awaited:
            future.cancel()
        return len(awaited)
