"""Whether anything still ends: a crawl that stands still must not look alive."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

from crawler.fetch.http.clock import Clock
from crawler.fetch.work import Work

logger = logging.getLogger(__name__)

LOOKS = 4  # within the time that is allowed
SHORTEST_S, LONGEST_S = 0.1, 15.0  # between two of them


class StallWatch:
    """Nothing moved for `limit` while tasks were in flight: it is told, and after twice the time
    the crawl is stopped. `words` say it meanwhile; '' while all goes on."""

    def __init__(
        self,
        *,
        work: Work,
        clock: Clock,
        limit: timedelta,
        tell: Callable[[str], None],
        stop: Callable[[str], None],
    ):
        self._work, self._clock, self._tell, self._stop = work, clock, tell, stop
        self._limit_s = limit.total_seconds()
        self.words = ""

    async def watch(self) -> None:
        while True:
            await asyncio.sleep(min(max(self._limit_s / LOOKS, SHORTEST_S), LONGEST_S))
            self.look()

    def look(self) -> None:
        stalled_s = self._work.stalled_s
        if stalled_s < self._limit_s:
            if self.words:
                logger.warning("the crawl goes on")
                self.words = ""
                self._tell("")
            return
        if not self.words:
            since = self._clock.now() - timedelta(seconds=stalled_s)
            self.words = f"no progress since {since:%H:%M:%S} UTC: {self._work.in_flight_words()}"
            logger.error("%s", self.words)
            self._tell(self.words)
        if stalled_s >= 2 * self._limit_s:
            self._stop(self.words)
