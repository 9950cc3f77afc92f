"""What the house hands out next. What is owed or due stays in SQLite; a few are kept at hand."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain, zip_longest

from archive import attempts
from archive import entries as owing
from archive.model import Document, Entry
from archive.read_connection import ReadConnection
from archive.sources import source_state
from archive.writer import Writer
from config.model import Kind, Source
from crawler.fetch.clock import Clock
from crawler.fetch.desk import AHEAD, Room
from crawler.fetch.looking import Looking
from crawler.fetch.outlets import Outlets
from crawler.fetch.tasks import Child, Fetching, Page, Poll, Recheck, Task, Visiting, hostname

LOOK_AGAIN_S = 5.0  # how often entries whose not_before has passed are looked for
BATCH_HOSTS = 16  # whose pages are handed out in one transaction
AT_HAND_HOSTS = 64  # beyond them one page each: 5,000 slow hosts must not fill the memory

Key = tuple[str, str]  # source id, host


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the config says of all tasks."""

    delay_s: float
    tries: int  # failures after which an entry is closed
    look_again: Sequence[timedelta]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A visit that is asked for."""

    source: Source
    probe: bool


class Offers:
    """Hands out visits and owed pages, in turn where both wait, and rechecks when neither does.

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
        terms: Terms,
        endless: bool,
        live: Callable[[], bool],
    ):
        self._reader, self._writer, self._outlets = reader, writer, outlets
        self._clock, self._terms, self._endless, self._live = clock, terms, endless, live
        self.sources = dict(sources)
        self._looking = Looking(reader=reader, writer=writer, clock=clock, ages=terms.look_again)
        self._looking.set_sources(self.sources)
        self._asked: dict[str, _Asked] = {}
        self._children: dict[str, Child] = {}  # the next file of each sitemap index, by source
        self._extra: deque[Page] = deque()
        # Which hosts of which source may owe something due, both in the order of their turn: a
        # source that owes on 5,000 hosts gets one turn to another's one.
        self._ready: dict[str, dict[str, None]] = {}
        self._at_hand: dict[Key, deque[Entry]] = {}  # raised, and waiting for room
        self._out: dict[str, Task] = {}
        self._visiting: set[str] = set()  # sources whose visit is out
        self._pages_out: Counter[str] = Counter()  # by host
        self._urls_out: Counter[str] = Counter()
        self._looked_at = float("-inf")
        self._visited_last = False

    # What is told to it

    def ask(self, source: Source, *, probe: bool = False) -> bool:
        """Ask for a visit; one that waits or is out already is not doubled.

        A probe goes out while all else waits, and turns a visit that waits into one.
        """
        if source.id in self._visiting or not (probe or source.id not in self._asked):
            return False
        self._asked[source.id] = _Asked(source, probe)
        return True

    def set_sources(self, sources: Mapping[str, Source]) -> None:
        """Go on with these: what waits of others is dropped, what is out ends.

        A kind that was learned (see `learn_kind`) is kept while the source's address is the same.
        """
        self.sources = {i: _with_kind(s, self.sources.get(i)) for i, s in sources.items()}
        self._asked = {
            i: replace(asked, source=self.sources[i])
            for i, asked in self._asked.items()
            if i in sources
        }
        self._ready = {i: hosts for i, hosts in self._ready.items() if i in sources}
        self._at_hand = {key: kept for key, kept in self._at_hand.items() if key[0] in sources}
        self._looking.set_sources(self.sources)
        self._looked_at = float("-inf")  # a source that is new here may owe something

    def learn_kind(self, source: Source, kind: Kind) -> None:
        """The kind that the config leaves open: what it is says what its dates are worth."""
        if source.id in self.sources:  # it may have gone while it was visited
            self.sources[source.id] = source.model_copy(update={"kind": kind})

    def announced(self, source_id: str, hosts: Iterable[str]) -> None:
        """New entries are owed on these hosts."""
        for host in hosts:
            self._add((source_id, host))

    def add(self, page: Page) -> None:
        """Hand out this very page, before all others (the page and warc spiders)."""
        self._extra.append(page)

    def follow(self, visit: Visiting, sitemap: Document, attempt: int, visit_id: int) -> None:
        """A visit goes on with a file of its sitemap index."""
        self._children[visit.source.id] = Child(
            source=visit.source,
            attempt=attempt,
            delay_s=self._terms.delay_s,
            live=self._live,
            sitemap=sitemap,
            visit_id=visit_id,
        )
        self._visiting.add(visit.source.id)

    def landed(self, task: Task) -> None:
        """A task is out no more, however it ended; a second call does nothing."""
        if self._out.get(task.id) is not task:
            return
        del self._out[task.id]
        if isinstance(task, Visiting):
            if task.source.id not in self._children:
                self._visiting.discard(task.source.id)
            return
        _take_one(self._urls_out, task.entry.url)
        if isinstance(task, Recheck):
            self._looking.ended(task.article_id, task.source.id)
        else:
            _take_one(self._pages_out, task.host)
            self._add((task.source.id, task.host))

    def busy(self, source_ids: Collection[str]) -> bool:
        """True while a visit or owed page of one of these waits, may be due, or is out.

        Rechecks don't count: nobody asked for them, and a busy source always has some.
        """
        carried = (*self._out.values(), *self._extra)
        return any(
            i in self._asked or i in self._ready or i in self._children for i in source_ids
        ) or any(t.source.id in source_ids and not isinstance(t, Recheck) for t in carried)

    @property
    def out(self) -> int:
        return len(self._out)

    # What is next

    async def next(self, room: Room) -> Task | None:
        """The next task that there is room for; None when there is none now."""
        await self._look_for_owed()
        task = await self._next(room)
        if task is not None:
            self._launch(task)
        return task

    async def _next(self, room: Room) -> Task | None:
        extra = self._next_extra(room)
        if extra is not None:
            return extra
        if self._visited_last:
            found = await self._next_page(room) or await self._next_visit(room)
        else:
            found = await self._next_visit(room) or await self._next_page(room)
        return found or await self._next_recheck(room)

    def is_over(self) -> bool:
        """True when a finite crawl has nothing more to hand out, and nothing is out."""
        waiting = self._asked or self._children or self._extra or self._ready or self._looking
        return not (self._out or waiting or self._endless)

    def pause_s(self, room: Room) -> float:
        """Seconds until the turn of a host for which something waits."""
        hosts = {host for waiting in self._ready.values() for host in waiting}
        hosts |= {hostname(asked.source.url) for asked in self._asked.values()}
        turns = (room.turn_s(host) for host in hosts)
        return min([*(turn for turn in turns if turn > 0), LOOK_AGAIN_S])

    def _launch(self, task: Task) -> None:
        self._out[task.id] = task
        self._visited_last = isinstance(task, Visiting)
        if isinstance(task, Visiting):
            self._visiting.add(task.source.id)
            return
        self._urls_out[task.entry.url] += 1
        if isinstance(task, Page):
            self._pages_out[task.host] += 1

    def _next_extra(self, room: Room) -> Page | None:
        for _ in range(len(self._extra)):
            page = self._extra.popleft()
            if room.takes_page(page.host):
                return page
            self._extra.append(page)
        return None

    # Visits

    async def _next_visit(self, room: Room) -> Visiting | None:
        for source_id, child in self._children.items():
            if room.takes_poll(child.host, probe=False):
                del self._children[source_id]
                return child
        for source_id, asked in self._asked.items():
            if room.takes_poll(hostname(asked.source.url), probe=asked.probe):
                del self._asked[source_id]
                self._visiting.add(source_id)  # before anything is awaited
                return await self._poll(asked)
        return None

    async def _poll(self, asked: _Asked) -> Poll:
        source = asked.source
        state = await self._reader.run(source_state, source.id)
        configured = self.sources.get(source.id)
        anew = configured is not None and configured.since != source.since
        return Poll(
            source=source,
            attempt=state.attempt if state else 0,
            delay_s=self._terms.delay_s,
            live=self._live,
            document=source.kind or _kind(state.kind if state else ""),
            validators=None if anew or state is None else state.validators,
            anew=anew,
            probe=asked.probe,
        )

    # Owed pages

    async def _next_page(self, room: Room) -> Page | None:
        found = self._take_at_hand(room)
        while found is None:
            if not await self._fetch_more(room):
                return None
            found = self._take_at_hand(room)
        (source_id, _), entry = found
        return await self.page(self.sources[source_id], entry)

    async def page(self, source: Source, entry: Entry) -> Page:
        """The task of an owed entry whose attempt was raised."""
        return Page(
            source=source,
            attempt=entry.attempt,
            delay_s=self._terms.delay_s,
            live=self._live,
            entry=entry,
            learned=await self._outlets.hash_of(source),
            last=entry.attempts >= self._terms.tries,
        )

    def _take_at_hand(self, room: Room) -> tuple[Key, Entry] | None:
        """Take an entry of the first host in turn that has room; None where none is at hand."""
        for key in self._ready_keys(room):
            entries = self._at_hand.get(key, ())
            while entries:
                entry = entries.popleft()
                if entry.url not in self._urls_out:  # two sources may owe one address
                    self._to_the_end(key)
                    return key, entry
            self._at_hand.pop(key, None)
            return None
        return None

    def _ready_keys(self, room: Room) -> Iterator[Key]:
        """The sources and hosts that have room, in turn; hosts on hold are left alone."""
        for source_id in tuple(self._ready):
            for host in tuple(self._ready[source_id]):
                key = source_id, host
                if room.hold_s(host):
                    self._forget(key)  # found again by _look_for_owed once the hold is over
                elif room.takes_page(host) and self._pages_out[host] < AHEAD:
                    yield key
            if not self._ready.get(source_id, True):
                del self._ready[source_id]

    async def _fetch_more(self, room: Room) -> bool:
        """Bring what is due on hosts with room to hand: one read, and one transaction."""
        keys = _in_rounds(k for k in self._ready_keys(room) if k not in self._at_hand)
        keys = keys[:BATCH_HOSTS]
        if not keys:
            return False
        due = await self._due(keys)
        if due:
            ids = [entry.id for entry in due if entry.id is not None]
            raised = await self._writer.run(attempts.raise_entries, ids)
            due = [replace(e, attempt=raised[e.id]) for e in due if e.id in raised]
        for entry in due:
            key = entry.source_id, hostname(entry.raw_url)
            if entry.source_id in self.sources:
                self._at_hand.setdefault(key, deque()).append(entry)
        for key in keys:
            if key not in self._at_hand:
                self._forget(key)
        return True

    async def _due(self, keys: Sequence[Key]) -> list[Entry]:
        """Entries that fell due, as many a host as may be out with it. None that is out."""
        most = AHEAD if len(self._at_hand) < AT_HAND_HOSTS else 1
        rooms = [(*key, min(most, AHEAD - self._pages_out[key[1]])) for key in keys]
        out = {t.entry.id for t in self._out.values() if isinstance(t, Fetching) and t.entry.id}
        due = await self._reader.run(owing.owed_of, rooms, now=self._clock.now(), exclude=out)
        return [entry for entry in due if entry.url not in self._urls_out]

    def _to_the_end(self, key: Key) -> None:
        """Its turn is over: behind the other hosts of its source, and that behind the others."""
        hosts = self._ready.pop(key[0])
        hosts[key[1]] = hosts.pop(key[1])
        self._ready[key[0]] = hosts

    def _forget(self, key: Key) -> None:
        self._at_hand.pop(key, None)
        hosts = self._ready.get(key[0], {})
        hosts.pop(key[1], None)
        if not hosts:
            self._ready.pop(key[0], None)

    async def _look_for_owed(self) -> None:
        if self._clock.monotonic() - self._looked_at < LOOK_AGAIN_S:
            return
        self._looked_at = self._clock.monotonic()
        self._looking.refresh()
        for pair in await self._reader.run(owing.owed_hosts, tuple(self.sources)):
            self._add(pair)

    def _add(self, key: Key) -> None:
        if key[0] in self.sources:
            self._ready.setdefault(key[0], {}).setdefault(key[1])

    # Rechecks

    async def _next_recheck(self, room: Room) -> Recheck | None:
        """A look at an archived article, on a host that nothing else is asked of."""
        found = await self._looking.next(room, besides=self._urls_out)
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


def _in_rounds(keys: Iterable[Key]) -> list[Key]:
    """A host of each source, then another one of each."""
    shares: dict[str, list[Key]] = {}
    for key in keys:
        shares.setdefault(key[0], []).append(key)
    rounds = chain.from_iterable(zip_longest(*shares.values()))
    return [key for key in rounds if key is not None]


def _with_kind(source: Source, before: Source | None) -> Source:
    if source.kind is None and before is not None and before.kind and before.url == source.url:
        return source.model_copy(update={"kind": before.kind})
    return source


def _kind(stored: str) -> Kind | None:
    return stored or None  # type: ignore[return-value]  # the archive's word for it


def _take_one(counter: Counter[str], key: str) -> None:
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]
