"""How often a process looks for garbage in circles: it is the collector that looks, at everything.

What a page or a poll leaves behind is let go by itself; of 60 pages nothing was left to collect but
what each new connection leaves. Python looks after 700 new objects, and now and then at all 130,000
that a crawl has imported and opened: 0.4 ms a page, and 9 % of a start.
"""

from __future__ import annotations

import gc

MADE = 10_000  # objects more than were let go: then the new ones are looked at


def collect_rarely() -> None:
    """Look less often, from now on."""
    gc.set_threshold(MADE, 10, 10)


def keep_for_good() -> None:
    """What is there now stays to the end of the process, and is not looked at again."""
    gc.freeze()
