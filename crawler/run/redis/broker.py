"""The broker: how Redis is reached, what its keys are called, and which slot a host belongs to.

A slot is one stream of tasks; one worker at a time owns it, by a lock. Whatever lies here may be
lost at any moment: the archive owes every entry until it is closed.
"""

from __future__ import annotations

import asyncio
import logging
import zlib
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from archive.errors import BrokerError

if TYPE_CHECKING:
    from collections.abc import Sequence

logger = logging.getLogger(__name__)

LEASE_S = 10.0  # of a slot: a worker that is silent for so long has lost it
BLOCK_MS = 1000  # how long a read waits for something new; below TIMEOUT_S
TIMEOUT_S = 5.0
GROUP = "broadsheet"
_KEEP = 100  # messages that were refused, the last ones, kept to be looked at

Fields = dict[bytes, bytes]


class Broker:
    """A connection that comes back by itself. `errors` are what means: begin anew.

    Replies that only say that a key is gone (after FLUSHALL, NOGROUP) are among them.
    """

    def __init__(self, url: str):
        try:
            import redis

            from crawler.run.redis.client import CancellableRedis
        except ImportError as error:
            raise BrokerError(
                "the distributed form needs redis-py: pip install 'broadsheet[distributed]'"
            ) from error
        try:
            self.redis: Any = CancellableRedis.from_url(
                url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, protocol=2
            )
        except ValueError as error:
            raise BrokerError(f"--redis {place_of(url)}: {error}") from error
        self.place, self.is_away = place_of(url), False
        self.errors: tuple[type[Exception], ...] = (
            redis.exceptions.RedisError,
            OSError,
            asyncio.TimeoutError,
        )
        self.lock_lost: type[Exception] = redis.exceptions.LockError  # one of these errors

    async def close(self) -> None:
        await self.redis.aclose()

    def note(self, error: Exception | None) -> None:
        """It did not answer, or (None) it did: said once, until that changes."""
        if error is not None and not self.is_away:
            logger.warning("%s does not answer (%s); trying again", self.place, error)
        elif error is None and self.is_away:
            logger.warning("%s answers again", self.place)
        self.is_away = error is not None

    def lock(self, name: str, lease_s: float) -> Any:
        """redis-py's Lock, which ends by itself `lease_s` seconds after it was renewed last."""
        return self.redis.lock(name, timeout=lease_s, blocking=False, thread_local=False)

    async def make_group(self, stream: str) -> None:
        """Let a stream be read; one that can be read already stays as it is."""
        try:
            await self.redis.xgroup_create(stream, GROUP, id="0", mkstream=True)
        except self.errors as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def read(
        self, stream: str, consumer: str, after: str, count: int
    ) -> list[tuple[str, Fields]]:
        """Read what this consumer took and never finished (after an id), or (">") what is new.

        A message that was deleted meanwhile has no fields.
        """
        found = await self.redis.xreadgroup(
            GROUP, consumer, {stream: after}, count=count, block=BLOCK_MS if after == ">" else None
        )
        messages: Sequence[tuple[bytes, Fields | None]] = found[0][1] if found else ()
        return [(id_.decode(), fields or {}) for id_, fields in messages]

    async def refuse(self, why: str, message: bytes) -> None:
        """Count a message that can't be used, and keep the beginning of it."""
        pipe = self.redis.pipeline(transaction=False)
        pipe.incr(REFUSALS)
        kept = {"why": why[:500], "message": message[:500]}
        pipe.xadd(REFUSED, kept, maxlen=_KEEP, approximate=True)
        await pipe.execute()


RESULTS = "broadsheet:results"  # stream: what workers tell the house
TERMS = "broadsheet:terms"  # what every worker must know, as JSON
MARK = "broadsheet:mark"  # of the house: where it is gone, everything is
HOUSE = "broadsheet:house"  # lock: the one daemon of this broker
FORMER = "broadsheet:former"  # set: numbers of slots that workers are to let go of
REFUSED, REFUSALS = "broadsheet:refused", "broadsheet:refusals"
WORKERS = "broadsheet:worker:"  # one key a worker, which ends with it


def tasks_key(slots: int, number: int) -> str:
    """The stream of a slot; another number of slots means other streams."""
    return f"broadsheet:tasks:{slots}:{number}"


def begun_key(slots: int, number: int) -> str:
    """Hash: tasks of a slot that are in flight -> how many owners have begun them."""
    return f"broadsheet:begun:{slots}:{number}"


def slot_key(slots: int, number: int) -> str:
    """The lock of a slot; its value names the worker."""
    return f"broadsheet:slot:{slots}:{number}"


def learned_key(hash_: str) -> str:
    """Set of an outlet's own lines, by hash."""
    return f"broadsheet:learned:{hash_}"


def slot_of(host: str, slots: int) -> int:
    """The slot of a host: the same in every process, so that one worker keeps its delay."""
    return zlib.crc32(host.encode()) % slots


def place_of(url: str) -> str:
    """The broker's address as it may be shown: without user and password."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()
