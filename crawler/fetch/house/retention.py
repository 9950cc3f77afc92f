"""How long raw pages are kept: `[pages]` in force."""

from __future__ import annotations

import logging
from datetime import datetime

from archive.database.writer import Writer
from archive.pages.store import PageStore
from config.model import PagesSettings

logger = logging.getLogger(__name__)


async def prune_pages(
    writer: Writer, pages: PageStore, settings: PagesSettings, now: datetime
) -> None:
    """Delete what is past its age or room, step by step: what is to be saved comes in between."""
    deleted = freed = 0
    done = False
    while not done:
        step = await writer.aside(
            pages.prune,
            now=now,
            max_age=settings.max_age,
            rejected_max_age=settings.rejected_max_age,
            max_bytes=None if settings.max_gb is None else int(settings.max_gb * 1e9),
        )
        deleted, freed, done = deleted + step.pages, freed + step.bytes, step.done
    if deleted:
        logger.info("raw pages removed: %d, %.1f MB ([pages])", deleted, freed / 1e6)
