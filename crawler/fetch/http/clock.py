"""The one place from which the Scrapy components read the time."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import partial


class Clock:
    """`now()` is the current moment, aware, in UTC; `monotonic()` seconds that never run back."""

    now = staticmethod(partial(datetime.now, UTC))
    monotonic = staticmethod(time.monotonic)


CLOCK = Clock()  # the machine's; Scrapy makes its components without arguments
