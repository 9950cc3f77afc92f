"""What the house hands out next. What is owed or due stays in SQLite; a few are kept at hand."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from archive.database.read_connection import ReadConnection
from archive.database.writer import Writer
from archive.model import Document, Entry, SourceState
from archive.sources.declarations import source_state
from config.model import Kind, Source
from config.values import Since
from crawler.discover.model import Hints
from crawler.fetch.desk import Room
from crawler.fetch.house.asked_visits import AskedVisit, AskedVisits
from crawler.fetch.house.outlets import Outlets
from crawler.fetch.house.owed_pages import Out, OwedPages, take_one
from crawler.fetch.house.rechecks import DueRechecks
from crawler.fetch.http.clock import Clock
from crawler.fetch.images.due_images import DueImages
from crawler.fetch.tally import Tallies
from crawler.fetch.tasks import Child, ImageTask, PageTask, Poll, Recheck, Task, Visiting

LOOK_AGAIN_S = 5.0  # how often entries whose not_before has passed are looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the config says of all tasks."""

    delay_s: float
    tries: int  # failures after which an entry is closed
    look_again: Sequence[timedelta]
    image_bytes: int = 0  # that a picture may have; 0: none is kept


class KeptStates:
    """Sources as their last visit left them: a read less for the next one."""

    MOST, LISTING_BYTES = 500, 16_384  # of sources, and of what one listed

    def __init__(self) -> None:
        self._states: dict[str, SourceState] = {}
        self._visited: set[str] = set()  # sources that are, and nothing else was told of since

    def take(self, source_id: str) -> SourceState | None:
        """Give a source's state, if it is kept, for a visit that begins."""
        self._visited.add(source_id)
        return self._states.pop(source_id, None)

    def keep(self, state: SourceState) -> None:
        """A visit has left its source so. That may be older than what was told meanwhile."""
        if state.id in self._visited and len(state.listing) <= self.LISTING_BYTES:
            self._states[state.id] = state
            if len(self._states) > self.MOST:
                del self._states[next(iter(self._states))]
        self._visited.discard(state.id)

    def drop(self, source_id: str) -> None:
        """Something else was told of a source: a push."""
        self._visited.discard(source_id)
        self._states.pop(source_id, None)

    def clear(self) -> None:
        self._visited.clear()
        self._states.clear()


class Offers:
    """Hands out visits and owed pages, in turn where both wait, and rechecks when neither does;
    last of all pictures.

    A finite one (`endless=False`) is over when every visit was made and nothing is due; hosts that
    asked to be left alone (Retry-After) are not waited for, their entries stay owed.
    """

    def __init__(
        self,
        *,
        reader: ReadConnection,
        writer: Writer,
        outlets: Outlets,
        clock: Clock,
        sources: Mapping[str, Source],
        since: Mapping[str, Since],
        terms: Terms,
        endless: bool,
        live: Callable[[], bool],
        tallies: Tallies,
    ):
        """`tallies` are told which source is visited, and which isn't now, and why."""
        self._reader, self._writer, self._outlets = reader, writer, outlets
        self._clock, self._terms, self._endless, self._live = clock, terms, endless, live
        self._tallies = tallies
        self._visits = AskedVisits(waits=endless, put_off=tallies.put_off)
        self.sources = dict(sources)
        self.since = dict(since)  # of each source, as the config has it
        self._looking = DueRechecks(
            reader=reader, writer=writer, clock=clock, ages=terms.look_again
        )
        self._looking.set_sources(self.sources)
        self.images = DueImages(
            reader, writer, clock, live, max_bytes=terms.image_bytes, delay_s=terms.delay_s
        )
        self.images.set_sources(self.sources.values())
        self._extra: deque[PageTask] = deque()
        self._owed = OwedPages(reader=reader, writer=writer, clock=clock)
        self.states = KeptStates()
        self._out: dict[str, Task] = {}
        self._pages_out = Out()
        self._looked_at = float("-inf")
        self._visited_last = False

    # What is told to it

    def ask(self, source: Source, *, probe: bool = False) -> bool:
        """Ask for a visit; one that waits or is out already is not doubled: False. A probe goes out
        while all else waits, and turns a visit that waits into one."""
        return self._visits.ask(source, probe=probe)

    def set_sources(self, sources: Mapping[str, Source]) -> None:
        """Go on with these: what waits of others is dropped, what is out ends.

        A kind that was learned (see `learn_kind`) is kept while the source's address is the same.
        """
        self.sources = {i: _with_kind(s, self.sources.get(i)) for i, s in sources.items()}
        self._visits.keep(self.sources)
        self._owed.keep(sources)
        self._looking.set_sources(self.sources)
        self.images.set_sources(self.sources.values())
        self._looked_at = float("-inf")  # a source that is new here may owe something
        self.states.clear()  # another address makes of a source another one

    def learn_kind(self, source: Source, kind: Kind) -> None:
        """The kind that the config leaves open: what it is says what its dates are worth."""
        if source.id in self.sources:  # it may have gone while it was visited
            self.sources[source.id] = source.model_copy(update={"kind": kind})

    def announced(self, source_id: str, hosts: Iterable[str]) -> None:
        """New entries are owed on these hosts."""
        if source_id in self.sources:
            self._owed.add(source_id, hosts)

    def add(self, page: PageTask) -> None:
        """Hand out this very page, before all others (the page and warc spiders)."""
        self._extra.append(page)

    async def adopt(self, pages: Sequence[PageTask]) -> set[PageTask]:
        """An earlier process of the house has handed these out; give those that are out still."""
        found = {page.id: page for page in await self._owed.still_owed(pages)}
        adopted = {page for id_, page in found.items() if id_ not in self._out}
        for page in adopted:
            self._launch(page)
        return adopted

    def follow(self, visit: Visiting, sitemap: Document, attempt: int, visit_id: int) -> None:
        """A visit goes on with a file of its sitemap index."""
        child = Child(
            source=visit.source,
            attempt=attempt,
            delay_s=self._terms.delay_s,
            live=self._live,
            sitemap=sitemap,
            visit_id=visit_id,
            offset_s=visit.offset_s,
        )
        self._visits.follow(child)

    def landed(self, task: Task, *, given_back: bool = False) -> None:
        """A task is out no more, however it ended; a second call does nothing."""
        if self._out.get(task.id) is not task:
            return
        del self._out[task.id]
        if isinstance(task, Visiting):
            again = given_back and task.source.id in self.sources
            self._visits.landed(task, given_back=again)
            return
        if isinstance(task, ImageTask):
            self.images.ended(task)
            return
        take_one(self._pages_out.urls, task.entry.url)
        self._pages_out.ids.discard(task.entry.id or 0)
        if isinstance(task, Recheck):
            self._looking.ended(task.article_id, task.source.id)
        else:
            take_one(self._pages_out.hosts, task.host)
            if task.source.id in self.sources:
                self._owed.landed(task, owed=given_back)

    def busy(self, source_ids: Collection[str]) -> bool:
        """True while a visit or owed page of one of these waits, may be due, or is out.

        Rechecks and pictures don't count: nobody asked for them, and a busy source always has some.
        """
        carried = (*self._out.values(), *self._extra)
        return any(self._owed.may_have(i) or self._visits.is_busy(i) for i in source_ids) or any(
            t.source.id in source_ids and not isinstance(t, Recheck | ImageTask) for t in carried
        )

    # What is next

    async def next(self, room: Room) -> Task | None:
        """The next task that there is room for; None when there is none now."""
        if self._clock.monotonic() - self._looked_at >= LOOK_AGAIN_S:
            await self._look_for_owed()
        in_turn = (self._next_visit, self._next_page)
        first, second = reversed(in_turn) if self._visited_last else in_turn
        task = (
            (self._next_extra(room) if self._extra else None)
            or await first(room)
            or await second(room)
            or await self._next_recheck(room)
            or await self.images.next(room)
        )
        if task is not None:
            self._launch(task)
        return task

    def is_over(self) -> bool:
        """True when a finite crawl has nothing more to hand out, and nothing is out."""
        return not (self._endless or self._out) and self.is_idle()

    def is_idle(self) -> bool:
        """True while there is nothing to hand out, whatever room there is."""
        waiting = (self._extra, self._visits, self._owed, self._looking, self.images)
        return not any(waiting)

    def pause_s(self, room: Room) -> float:
        """Seconds until the turn of a host for which something waits."""
        turns = (room.turn_s(host) for host in self._owed.hosts() | self._visits.hosts())
        return min([*(turn for turn in turns if turn > 0), LOOK_AGAIN_S])

    def _launch(self, task: Task) -> None:
        self._out[task.id] = task
        self._visited_last = isinstance(task, Visiting)
        if isinstance(task, Visiting):
            self._visits.began(task)
            return
        if isinstance(task, ImageTask):
            return
        self._pages_out.urls[task.entry.url] += 1
        self._pages_out.ids.add(task.entry.id or 0)
        if isinstance(task, PageTask):
            self._pages_out.hosts[task.host] += 1

    def _next_extra(self, room: Room) -> PageTask | None:
        for _ in range(len(self._extra)):
            page = self._extra.popleft()
            if room.takes_page(page.host, page.source.id):
                return page
            self._extra.append(page)
        return None

    async def _next_visit(self, room: Room) -> Visiting | None:
        found = self._visits.next(room)
        return await self._poll(found) if isinstance(found, AskedVisit) else found

    async def _poll(self, asked: AskedVisit) -> Poll:
        source = asked.source
        self._tallies.visiting(source.id, source.name)
        state = self.states.take(source.id) or await self._reader.run(source_state, source.id)
        # whether `crawl --since` reaches elsewhere than the config: all that is listed counts again
        anew = self.since.get(source.id, source.since) != source.since
        return Poll(
            source=source,
            attempt=state.attempt if state else 0,
            delay_s=self._terms.delay_s,
            live=self._live,
            document=source.kind or kind_of(state),
            validators=None if anew or state is None else state.validators,
            listing=state.listing if state else "{}",
            hints=Hints.parse(state.hints if state else "{}"),
            visited=state.last_success if state else None,
            anew=anew,
            probe=asked.probe,
            offset_s=state.offset_s if state else None,
        )

    async def _next_page(self, room: Room) -> PageTask | None:
        entry = await self._owed.next(room, self._pages_out)
        return None if entry is None else await self.page(self.sources[entry.source_id], entry)

    async def page(self, source: Source, entry: Entry) -> PageTask:
        """The task of an owed entry whose attempt was raised."""
        return PageTask(
            source=source,
            attempt=entry.attempt,
            delay_s=self._terms.delay_s,
            live=self._live,
            entry=entry,
            learned=await self._outlets.hash_of(source),
            last=entry.attempts >= self._terms.tries,
        )

    async def _look_for_owed(self) -> None:
        self._looked_at = self._clock.monotonic()
        self._looking.refresh()
        self.images.refresh()
        await self._owed.look(self.sources)

    async def _next_recheck(self, room: Room) -> Recheck | None:
        """A look at an archived article, on a host that nothing else is asked of."""
        found = await self._looking.next(room, besides=self._pages_out.urls)
        if found is None:
            return None
        look, attempt = found
        source = self.sources[look.source_id]
        return Recheck(
            source=source,
            attempt=attempt,
            delay_s=self._terms.delay_s,
            live=self._live,
            entry=look.entry,
            article_id=look.article_id,
            validators=look.page,
            learned=await self._outlets.hash_of(source),
        )


def _with_kind(source: Source, before: Source | None) -> Source:
    if source.kind is None and before is not None and before.kind and before.url == source.url:
        return source.model_copy(update={"kind": before.kind})
    return source


def kind_of(state: SourceState | None) -> Kind | None:
    """What the archive says that a source is; None while nobody knows."""
    return cast("Kind", state.kind) if state and state.kind else None
