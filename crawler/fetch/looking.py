"""The archived articles that are to be looked at again; all but a few stay in SQLite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from archive import looks
from archive.looks import DueLook
from archive.writer import Writer
from config.model import Source
from crawler.fetch.clock import Clock
from crawler.fetch.tasks import Fetch

CANDIDATES = 48  # looks in memory that wait for room


class Looking:
    """The looks that are due, in rounds over the sources.

    Nothing is looked at with empty `ages`, nor where the feed's text is the article: its page was
    never read. A source is asked for again when one of its looks has ended, all are by `refresh`.
    """

    def __init__(self, *, writer: Writer, clock: Clock, ages: Sequence[timedelta]):
        self._writer, self._clock, self._ages = writer, clock, tuple(ages)
        self._sources: Mapping[str, Source] = {}
        self._unasked: dict[str, None] = {}  # sources that may have something due, in turn
        self._waiting: dict[int, DueLook] = {}
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

    async def waiting(self) -> tuple[DueLook, ...]:
        """What is due, at most CANDIDATES."""
        if self._unasked and len(self._waiting) <= CANDIDATES // 2:
            await self._load()
        return tuple(self._waiting.values())

    async def _load(self) -> None:
        limit = CANDIDATES - len(self._waiting)
        found = await self._writer.run(
            looks.due_looks,
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

    def take(self, look: DueLook) -> Fetch:
        """Make the task of a look that waits."""
        del self._waiting[look.article_id]
        self._flying.add(look.article_id)
        return Fetch(source=self._sources[look.source_id], entry=look.entry, look=look)

    def drop(self, look: DueLook) -> None:
        """Let go of a look; it is found again while it is due."""
        self._waiting.pop(look.article_id, None)

    async def put_off(self, look: DueLook, wait_s: float) -> None:
        """Look when the host may be asked again."""
        self.drop(look)
        await self._writer.run(
            looks.put_off,
            look.article_id,
            now=self._clock.now(),
            wait=timedelta(seconds=wait_s),
            ages=self._ages,
        )

    def ended(self, look: DueLook) -> None:
        self._flying.discard(look.article_id)
        if look.source_id in self._sources:
            self._unasked.setdefault(look.source_id)

    def __bool__(self) -> bool:
        """True while any look waits."""
        return bool(self._waiting)
