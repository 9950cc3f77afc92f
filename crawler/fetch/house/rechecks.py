"""The archived articles that are to be looked at again; all but a few stay in SQLite."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from archive.database.read_connection import ReadConnection
from archive.database.writer import Writer
from archive.entries import attempts, rechecks
from archive.entries.rechecks import DueRecheck
from config.model import Source
from crawler.fetch.desk import Room
from crawler.fetch.http.clock import Clock
from crawler.fetch.tasks import hostname

CANDIDATES = 48  # looks in memory that wait for room


class DueRechecks:
    """The looks that are due, in rounds over the sources.

    Nothing is looked at with empty `ages`, nor where the feed's text is the article: its page was
    never read. A source is asked for again when one of its looks has ended, all are by `refresh`.
    """

    def __init__(
        self, *, reader: ReadConnection, writer: Writer, clock: Clock, ages: Sequence[timedelta]
    ):
        self._reader, self._writer = reader, writer
        self._clock, self._ages = clock, tuple(ages)
        self._sources: Mapping[str, Source] = {}
        self._unasked: dict[str, None] = {}  # sources that may have something due, in turn
        self._waiting: dict[int, DueRecheck] = {}
        self._flying: set[int] = set()

    def set_sources(self, sources: Mapping[str, Source]) -> None:
        self._sources = {i: s for i, s in sources.items() if s.full_content != "feed"}
        self._unasked = {i: None for i in self._unasked if i in self._sources}
        self._waiting = {i: w for i, w in self._waiting.items() if w.source_id in self._sources}
        self.refresh()

    def refresh(self) -> None:
        """Time has passed, or the sources are others: ask for all of them."""
        if self._ages:
            self._unasked |= dict.fromkeys(self._sources)

    async def next(self, room: Room, *, besides: Collection[str]) -> tuple[DueRecheck, int] | None:
        """Hand out a look that is due, on a host that nothing else is asked of, with its attempt.

        `besides`: addresses that are out. One that is owed again is looked at by that.
        """
        if self._unasked and len(self._waiting) <= CANDIDATES // 2:
            await self._load()
        held: list[tuple[DueRecheck, float]] = []
        for look in tuple(self._waiting.values()):
            host = hostname(look.page.url)
            if look.entry.url in besides:
                del self._waiting[look.article_id]  # it is found again while it is due
            elif room.hold_s(host):
                held.append((look, room.hold_s(host)))
            elif room.takes_recheck(host, look.source_id):
                return await self._take(look)
        for look, hold in held:
            await self._put_off(look, hold)
        return None

    async def _load(self) -> None:
        """Bring what is due to hand, at most CANDIDATES."""
        limit = CANDIDATES - len(self._waiting)
        found = await self._reader.run(
            rechecks.due_looks,
            tuple(self._unasked),
            now=self._clock.now(),
            limit=limit,
            exclude=self._flying | self._waiting.keys(),
        )
        found = [look for look in found if look.source_id in self._sources]
        self._waiting |= {look.article_id: look for look in found}
        served = {look.source_id: None for look in found}
        rest = {i: None for i in self._unasked if i not in served}
        self._unasked = rest | served if len(found) == limit else {}

    async def _take(self, look: DueRecheck) -> tuple[DueRecheck, int] | None:
        del self._waiting[look.article_id]
        attempt = await self._writer.run(attempts.raise_article, look.article_id)
        if attempt is None:  # the article is gone
            return None
        self._flying.add(look.article_id)
        return look, attempt

    async def _put_off(self, look: DueRecheck, wait_s: float) -> None:
        """Look when the host may be asked again."""
        del self._waiting[look.article_id]
        await self._writer.run(
            rechecks.put_off,
            look.article_id,
            now=self._clock.now(),
            wait=timedelta(seconds=wait_s),
            ages=self._ages,
        )

    def ended(self, article_id: int, source_id: str) -> None:
        self._flying.discard(article_id)
        if source_id in self._sources:
            self._unasked.setdefault(source_id)

    def __bool__(self) -> bool:
        """True while any look waits."""
        return bool(self._waiting)
