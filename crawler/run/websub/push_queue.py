"""Documents that hubs push (WebSub): they wait here for their turn, and are announced as a visit's.

Counted in `Tallies.pushes`: announced, unreadable, dropped (the source is gone or rests, or we
failed).
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from archive.entries.announcing import announce_push
from archive.errors import ArchiveError
from archive.model import Entry, SourceState, Visit
from archive.sources import declarations
from archive.sources.subscriptions import note_push
from archive.sources.window import listed_items
from config.model import Source
from crawler.discover.model import Discovered
from crawler.discover.select import select_entries
from crawler.fetch.desk_local import LocalDesk
from crawler.fetch.http.clock import Clock
from crawler.fetch.http.stopping import Stopping
from crawler.fetch.workers.pool import ExtractionPool
from crawler.timing.offsets import dated
from crawler.timing.rhythm import Rhythm, learn_rhythm

logger = logging.getLogger(__name__)

WAITING_BYTES = 32 * 2**20
REST = 20  # times as long as a push was read in vain its source's further ones are dropped
SLOW_S = 10.0  # a shorter while costs nobody much
WAITING, WAITING_A_SOURCE = 64, 8  # documents; one source's hub can't crowd out the others


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A document whose signature was checked."""

    subscription: int  # its id
    source_id: str
    at: datetime
    content_type: str
    body: bytes = field(repr=False)


class Waiting:
    """Pushes that wait for their turn: only so many, only so much, and no hub takes all."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Push] = asyncio.Queue()
        self._bytes = 0
        self._of_source: Counter[str] = Counter()

    def put(self, push: Push) -> bool:
        """False: too much waits, the hub shall try again."""
        if (
            self._of_source.total() >= WAITING
            or self._of_source[push.source_id] >= WAITING_A_SOURCE
            or self._bytes + len(push.body) > WAITING_BYTES
        ):
            return False
        self._bytes += len(push.body)
        self._of_source[push.source_id] += 1
        self._queue.put_nowait(push)
        return True

    async def get(self) -> Push:
        """Give the one that came first; it counts as waiting until it is `done`."""
        return await self._queue.get()

    def done(self, push: Push) -> None:
        self._bytes -= len(push.body)
        self._of_source -= Counter([push.source_id])


class Pushes:
    """Reads one document after the other, so that polls find the reading worker free in between."""

    def __init__(self, *, desk: LocalDesk, pool: ExtractionPool, clock: Clock):
        self._desk, self._pool, self._clock = desk, pool, clock
        self.waiting = Waiting()
        self._resting: dict[str, float] = {}  # sources, and until when

    async def announce_all(self) -> None:
        """Announce what comes, for ever. A push that fails is dropped: the next visit finds it."""
        while True:
            push = await self.waiting.get()
            try:
                outcome = await self._announce(push)
            except ArchiveError:
                raise
            except Stopping:
                return
            except Exception:
                logger.exception("a push for %s failed", push.source_id)
                outcome = "dropped"
            finally:
                self.waiting.done(push)
            self._desk.tallies.pushes[outcome] += 1

    async def _announce(self, push: Push) -> str:
        source, archive = self._desk.visitable.get(push.source_id), self._desk.archive
        state = await archive.reader.run(declarations.source_state, push.source_id)
        if source is None or state is None:
            return "dropped"
        await archive.writer.run(note_push, push.subscription, now=push.at)
        started = self._clock.monotonic()
        if started < self._resting.get(source.id, 0.0):
            return "dropped"
        read = await self._pool.read(
            push.body,
            # as a visit reads it: same base, same entries
            url=state.validators.url if state.validators else source.url,
            content_type=push.content_type,
            source=source,
            kind="feed",
            now=push.at,
        )
        if read.error:
            self._rest(source.id, self._clock.monotonic() - started)
            logger.warning("what a hub pushed for %s is unreadable: %s", source.id, read.error)
            return "unreadable"
        entries, _ = dated(read.entries, source, now=push.at, known=state.offset_s)
        read = replace(read, entries=entries)
        await self._save(push, source, read, seconds=self._clock.monotonic() - started)
        return "announced"

    def _rest(self, source_id: str, seconds: float) -> None:
        """Documents made to be slow would else keep the one reading worker from all visits."""
        if seconds > SLOW_S:
            self._resting[source_id] = self._clock.monotonic() + REST * seconds

    async def _save(self, push: Push, source: Source, read: Discovered, *, seconds: float) -> None:
        selection = select_entries(read.entries, source=source, now=push.at)
        visit = Visit(
            source_id=source.id,
            at=push.at,
            status=200,
            found=read.found,
            dropped=selection.dropped,
            items=listed_items(read.entries),
            bytes=len(push.body),
            seconds=round(seconds, 3),
        )
        announced = await self._desk.archive.writer.run(
            announce_push,
            visit,
            selection.entries,
            now=self._clock.now(),
            max_owed=source.max_owed,
            learn=_learning(push.at, read.entries),
        )
        new, deferred = announced.new, announced.deferred
        tallies = self._desk.tallies
        tallies.announced(
            source.id,
            found=read.found,
            new=new,
            deferred=deferred,
            dropped=selection.dropped,
            unaddressed=read.unaddressed,
        )
        self._desk.announced(source.id, announced.hosts)
        self._desk.visits.pushed.add(source.id)
        logger.info("pushed: %s: %d found, %d new", source.id, read.found, new)


def _learning(at: datetime, entries: tuple[Entry, ...]) -> Callable[[SourceState, int], str]:
    dates = [date for entry in entries if (date := entry.published or entry.updated)]

    def rhythm(before: SourceState, new: int) -> str:
        learned = learn_rhythm(Rhythm.parse(before.rhythm), at=at, new=new, published=dates)
        return learned.text()

    return rhythm
