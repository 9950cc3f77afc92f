"""redis-py's client, in which a cancel is never lost (needs the extra distributed).

`asyncio.wait_for`, through which redis-py writes, forgets a cancel that comes while its own result
is there already (python/cpython#86296, until Python 3.12): a loop over commands would go on for
ever, and who waits for its end with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

T = TypeVar("T")


class CancellableRedis(Redis):  # type: ignore[misc]  # follow_imports = "skip"
    async def execute_command(self, *args: Any, **options: Any) -> Any:
        return await _heeding(super().execute_command(*args, **options))

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        return _Pipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)


class _Pipeline(Pipeline):  # type: ignore[misc]  # as above
    async def execute(self, raise_on_error: bool = True) -> list[Any]:
        return await _heeding(super().execute(raise_on_error))


async def _heeding(command: Awaitable[T]) -> T:
    """Raises CancelledError where the task was cancelled meanwhile, whatever came of the command:
    an error, too, may be one that the caller goes on from."""
    task = asyncio.current_task()
    before = task.cancelling() if task else 0
    try:
        return await command
    finally:
        if task and task.cancelling() > before:
            raise asyncio.CancelledError
