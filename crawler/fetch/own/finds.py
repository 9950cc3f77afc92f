"""What a site spider finds: announced as entries of its source, fetched in the same run."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime

from scrapy.http import Response

from archive.entries.announcing import announce_found
from archive.model import Entry, Visit
from config.model import Source
from crawler.discover.select import left_out, select_entries
from crawler.fetch.desk_local import LocalDesk
from crawler.fetch.http.clock import Clock
from crawler.fetch.tasks import Task
from crawler.text.addresses import canonical_url

logger = logging.getLogger(__name__)


class Finds:
    """Its run is one visit of the source, whatever the number of pages that it reads."""

    def __init__(self, desk: LocalDesk, source: Source, *, spider: str, clock: Clock):
        self._desk, self._clock, self._spider = desk, clock, spider
        self.source = source
        self._visit_id: int | None = None
        self._one_by_one = asyncio.Lock()  # the first find begins the visit
        self._pages: dict[Task, Response] = {}

    async def announce(self, entries: Sequence[Entry]) -> None:
        """Announce entries under the source's rules. What is known already changes nothing."""
        async with self._one_by_one:
            await self._announce(entries)

    async def _announce(self, entries: Sequence[Entry]) -> None:
        now, source = self._clock.now(), self.source
        chosen = select_entries(entries, source=source, now=now)
        found = len(entries)
        entered = await self._desk.archive.writer.run(
            announce_found,
            Visit(source_id=source.id, at=now, status=200, found=found, dropped=chosen.dropped),
            chosen.entries,
            spider=self._spider,
            visit_id=self._visit_id,
            now=now,
            max_owed=source.max_owed,
        )
        self._visit_id = entered.visit_id
        new, deferred = entered.new, entered.deferred
        self._desk.tallies.of(source.id, source.name)
        self._desk.tallies.announced(
            source.id, found=found, new=new, deferred=deferred, dropped=chosen.dropped
        )
        self._desk.announced(source.id, entered.hosts)
        _say(source, found, new, deferred, left_out(chosen.unused))

    async def archive(self, response: Response) -> None:
        """Have a page that came already archived, as if it had just been fetched for its entry."""
        url = canonical_url(response.url)
        if not url:
            logger.warning("%s: %s is no address of a page", self.source.id, response.url)
            return
        entry = Entry(url=url, raw_url=response.url)
        task = await self._desk.file(entry, self.source, now=self._clock.now())
        self._pages[task] = response
        self._desk.hand_out(task)

    def page_of(self, task: Task) -> Response | None:
        """Give the page that came already for a task, once."""
        return self._pages.pop(task, None)


def found_entry(
    url: str, *, title: str = "", published: datetime | None = None, summary: str = ""
) -> Entry | None:
    """Build the entry of an absolute address; None where a page can't be there."""
    canonical = canonical_url(url)
    if not canonical:
        return None
    return Entry(url=canonical, raw_url=url, title=title, published=published, summary=summary)


def _say(source: Source, found: int, new: int, deferred: int, unused: str) -> None:
    later = f", {deferred} left for the next run: max_owed = {source.max_owed}" if deferred else ""
    because = f" ({unused})" if unused else ""
    logger.info("%s: %d found, %d new%s%s", source.id, found, new, later, because)
