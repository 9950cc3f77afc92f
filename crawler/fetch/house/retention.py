"""How long raw pages and pictures are kept: `[pages]` and `[images]` in force."""

from __future__ import annotations

import logging
import sqlite3
from datetime import datetime, timedelta

from archive.database.writer import Writer
from archive.files.orders import want_file
from archive.images.rows import age_images
from archive.images.store import ImageStore
from archive.pages.store import PageStore
from config.model import PagesSettings

IMAGES = 50  # removed in one transaction

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


async def prune_images(
    writer: Writer, store: ImageStore, max_age: timedelta | None, now: datetime
) -> None:
    """Delete pictures past their age, some at a time; files that led to them lead to the outlet."""
    deleted = 0
    while max_age is not None:
        count = await writer.run(_prune_some, store, now - max_age)
        deleted += count
        if not count:
            break
    if deleted:
        logger.info("pictures removed: %d ([images] max_age)", deleted)


def _prune_some(conn: sqlite3.Connection, store: ImageStore, before: datetime) -> int:
    aged = age_images(conn, before, limit=IMAGES)
    for article_id in aged.articles:
        want_file(conn, article_id)
    store.remove(aged.unnamed)  # what the transaction then loses is fetched again: `verify`
    return aged.count
