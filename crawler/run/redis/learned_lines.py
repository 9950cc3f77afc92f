"""What was learned of outlets, for workers: lines lie at the broker under the hash of a task."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress

from crawler.run.redis.broker import Broker, learned_key
from crawler.run.redis.reports import lines_of, pack_lines

KEPT = 256  # sets of lines in a worker's memory
AGE_S = 7 * 86_400  # for which they lie at the broker after they were laid there
_AGAIN_S = 86_400.0  # after which the house lays them there again


class LearnedLines:
    """The worker's end: each set is asked for once."""

    def __init__(self, broker: Broker):
        self._broker = broker
        self._known: OrderedDict[str, frozenset[str]] = OrderedDict()

    async def get(self, hash_: str) -> frozenset[str]:
        """The lines of a hash; none where the broker has lost them."""
        if hash_ and hash_ not in self._known:
            with suppress(*self._broker.errors):
                packed = await self._broker.redis.get(learned_key(hash_))
                if packed is not None:
                    self._known[hash_] = lines_of(packed)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return self._known.get(hash_, frozenset())


class LaidLines:
    """The house's end: lays lines at the broker before a task that names them."""

    def __init__(self, broker: Broker):
        self._broker = broker
        self._laid: dict[str, float] = {}  # hash -> when, monotonic

    def are_due(self, hash_: str, now: float) -> bool:
        return bool(hash_) and now - self._laid.get(hash_, float("-inf")) > _AGAIN_S

    async def lay(self, hash_: str, lines: frozenset[str], now: float) -> None:
        await self._broker.redis.set(learned_key(hash_), pack_lines(lines), ex=AGE_S)
        self._laid = {h: at for h, at in self._laid.items() if now - at <= _AGAIN_S}
        self._laid[hash_] = now

    def forget(self) -> None:
        """The broker has lost what lay there."""
        self._laid.clear()
