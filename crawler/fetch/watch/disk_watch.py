"""Room on the disk: below `[archive] min_free` nothing more is fetched, as it couldn't be kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from archive.errors import ArchiveError
from archive.folder import DataFolder
from crawler.fetch.work import Pause, Work

logger = logging.getLogger(__name__)

LOOK_S = 10.0  # at 100 MB/s a disk loses 1 GB meanwhile


class DiskWatch:
    """Pauses Work while there is too little room; a finite crawl doesn't wait for it."""

    def __init__(self, data: DataFolder, *, work: Work, min_free: Callable[[], int], endless: bool):
        """`min_free` in bytes, asked anew each time: the config may change."""
        self._data, self._work = data, work
        self._min_free, self._endless = min_free, endless
        self.is_short = False

    async def watch(self) -> None:
        """Look until cancelled. Raises ArchiveError where a finite crawl can't go on."""
        while True:
            self.look()
            await asyncio.sleep(LOOK_S)

    def look(self) -> None:
        """Pause or go on, as there is room now."""
        free, wanted = self._data.free_bytes, self._min_free()
        if free < wanted and not self._endless:
            raise ArchiveError(shortage(self._data, free, wanted))
        if free < wanted and not self.is_short:
            logger.error("%s: fetching pauses", shortage(self._data, free, wanted))
            self._work.pause(Pause.DISK)
        elif free >= wanted and self.is_short:
            logger.warning("%s has room again: fetching goes on", self._data.path)
            self._work.resume(Pause.DISK)
        self.is_short = free < wanted


def shortage(data: DataFolder, free: int, wanted: int) -> str:
    """Say how much is free, and how much [archive] min_free asks for."""
    return (
        f"the disk of {data.path} has {free / 1e9:,.2f} GB free, and [archive] min_free is "
        f"{wanted / 1e9:,.2f} GB"
    )
