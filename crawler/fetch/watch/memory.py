"""What this process holds in memory, for Scrapy's limit and the daemon's.

Scrapy asks for the peak since the process began, which Linux hands on from whoever started it: a
crawl that a large notebook starts was over its limit before its first request.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from resource import getpagesize

from scrapy.extensions.memusage import MemoryUsage

_OF_THIS_PROCESS = Path("/proc/self/statm")  # pages: whole size, resident, … (man 5 proc)


class ResidentMemory(MemoryUsage):
    """Scrapy's own extension, by what is resident now; by the peak where there is no /proc."""

    def get_virtual_size(self) -> int:
        """Bytes."""
        with suppress(OSError, ValueError, IndexError):
            return int(_OF_THIS_PROCESS.read_text().split()[1]) * getpagesize()
        return super().get_virtual_size()
