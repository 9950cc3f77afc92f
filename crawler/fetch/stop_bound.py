"""How long a stop may take: then what is in flight is cut off, then the loop, then the process."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Callable

logger = logging.getLogger(__name__)

FORCE_S = 5.0  # what was cut off has so long to end
LAST_S = 30.0  # and so long what the process does without its loop: a disk may not answer


class StopBound:
    """`cut_off` ends what is in flight, and gives its number."""

    def __init__(self, wait_s: float, cut_off: Callable[[], int]):
        self._wait_s, self._cut_off = wait_s, cut_off
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        self._later(self._wait_s, self._cut)

    def end(self) -> None:
        """All that was in flight has ended by itself."""
        if self._timer is not None:
            self._timer.cancel()

    def _later(self, seconds: float, then: Callable[[], None]) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, then)

    def _cut(self) -> None:
        dropped = self._cut_off()
        logger.warning("still in flight after %.0f s, and owed: %d", self._wait_s, dropped)
        self._later(FORCE_S, self._force)

    def _force(self) -> None:
        from twisted.internet import reactor

        logger.error("the crawl did not end by itself; it is ended")
        last = threading.Timer(LAST_S, _end_the_process)
        last.daemon = True
        last.start()
        reactor.stop()


def _end_the_process() -> None:
    """Nothing is half written by it: SQLite rolls back, files are renamed when they are whole."""
    sys.stderr.write("error: the archive does not answer; the process ends without it\n")
    sys.stderr.flush()
    os._exit(1)
