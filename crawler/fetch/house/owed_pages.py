"""The owed pages of the house: which host's turn it is, and a few entries of each at hand."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest

from archive.database.read_connection import ReadConnection
from archive.database.writer import Writer
from archive.entries import attempts, owed
from archive.model import Entry
from crawler.fetch.desk import AHEAD, Room
from crawler.fetch.http.clock import Clock
from crawler.fetch.tasks import PageTask, hostname

BATCH_HOSTS = 16  # whose pages are handed out in one transaction
AT_HAND_HOSTS = 64  # beyond them one page each: 5,000 slow hosts must not fill the memory

Key = tuple[str, str]  # source id, host


@dataclass(slots=True)
class Out:
    """What of pages is out. Mutable: the house owns it."""

    hosts: Counter[str] = field(default_factory=Counter)  # how many of each
    urls: Counter[str] = field(default_factory=Counter)  # two sources may owe one address
    ids: set[int] = field(default_factory=set)  # of entries


class OwedPages:
    """Hands out owed entries, round the sources and round the hosts of each."""

    def __init__(self, *, reader: ReadConnection, writer: Writer, clock: Clock):
        self._reader, self._writer, self._clock = reader, writer, clock
        # Which hosts of which source may owe something due, both in the order of their turn: a
        # source that owes on 5,000 hosts gets one turn to another's one.
        self._ready: dict[str, dict[str, None]] = {}
        self._at_hand: dict[Key, deque[Entry]] = {}  # raised, and waiting for room
        self._more: set[Key] = set()  # that had more due than was brought to hand
        self._behind: dict[str, set[Key]] = {}  # an address that is out -> who else owes it

    def add(self, source_id: str, hosts: Iterable[str]) -> None:
        """Something may be due on these hosts: more than is at hand, or is just being read."""
        for host in hosts:
            ready = self._ready.setdefault(source_id, {})
            if host in ready:
                self._more.add((source_id, host))
            ready.setdefault(host)

    def landed(self, task: PageTask, *, owed: bool) -> None:
        """A page is out no more; `owed`: as it was before.

        Who else owes its address is asked again: an article has closed all entries of it.
        """
        key = task.source.id, task.host
        url = task.entry.url
        behind = self._behind.pop(url, set()) | self._without(url)
        self._more |= behind
        for source_id, host in behind | ({key} if owed or key in self._more else set()):
            self.add(source_id, (host,))

    def _without(self, url: str) -> set[Key]:
        """Put entries of an address out of hand; give whose they were."""
        found = {key for key, kept in self._at_hand.items() if any(e.url == url for e in kept)}
        for key in found:
            self._at_hand[key] = deque(e for e in self._at_hand[key] if e.url != url)
            if not self._at_hand[key]:
                del self._at_hand[key]
        return found

    def _is_free(self, entry: Entry, out: Out) -> bool:
        """Tell whether its address is not out: one is fetched once, whoever owes it."""
        if entry.url not in out.urls:
            return True
        self._behind.setdefault(entry.url, set()).add(_key(entry))
        return False

    def keep(self, source_ids: Collection[str]) -> None:
        """Go on with these sources alone."""
        self._ready = {i: hosts for i, hosts in self._ready.items() if i in source_ids}
        self._at_hand = {key: kept for key, kept in self._at_hand.items() if key[0] in source_ids}
        self._more = {key for key in self._more if key[0] in source_ids}

    async def look(self, source_ids: Collection[str]) -> None:
        """Ask the archive on which hosts these sources owe anything, due or not."""
        for source_id, host in await self._reader.run(owed.owed_hosts, tuple(source_ids)):
            if source_id in source_ids:
                self.add(source_id, (host,))

    async def still_owed(self, pages: Sequence[PageTask]) -> list[PageTask]:
        """Those of which the entry is owed, and was handed out under this attempt last."""
        ids = [page.entry.id or 0 for page in pages]
        owed = await self._reader.run(attempts.attempts_of, ids)
        return [p for p, i in zip(pages, ids, strict=True) if owed.get(i) == p.attempt]

    def may_have(self, source_id: str) -> bool:
        return source_id in self._ready

    def hosts(self) -> set[str]:
        """The hosts on which something may be due."""
        return {host for waiting in self._ready.values() for host in waiting}

    def __bool__(self) -> bool:
        """True while anything may be due."""
        return bool(self._ready)

    async def next(self, room: Room, out: Out) -> Entry | None:
        """A due entry, its attempt raised, of the first host in turn that has room."""
        while True:
            in_turn = self._with_room(room, out)
            key = next(in_turn, None)
            if key is None:
                return None
            if key not in self._at_hand:
                await self._fetch_more(chain([key], in_turn), out)
                continue
            entry = self._take(key)
            if self._is_free(entry, out):
                return entry

    def _with_room(self, room: Room, out: Out) -> Iterator[Key]:
        """The sources and hosts that have room, in turn; hosts on hold are left alone."""
        for source_id in tuple(self._ready):
            for host in tuple(self._ready.get(source_id, ())):
                if room.hold_s(host):
                    self._forget((source_id, host))  # found again by `look`, after the hold
                elif room.takes_page(host, source_id) and out.hosts[host] < AHEAD:
                    yield source_id, host

    def _take(self, key: Key) -> Entry:
        """Take an entry that is at hand, and let the others have their turn."""
        entries = self._at_hand[key]
        entry = entries.popleft()
        hosts = self._ready.pop(key[0])
        hosts[key[1]] = hosts.pop(key[1])
        self._ready[key[0]] = hosts
        if not entries:
            del self._at_hand[key]
            if key not in self._more:
                self._forget(key)
        return entry

    async def _fetch_more(self, in_turn: Iterable[Key], out: Out) -> None:
        """Bring what is due on hosts with room to hand, in one transaction."""
        keys = _in_rounds(key for key in in_turn if key not in self._at_hand)
        most = AHEAD if len(self._at_hand) < AT_HAND_HOSTS else 1
        rooms = [(*key, min(most, AHEAD - out.hosts[key[1]])) for key in keys[:BATCH_HOSTS]]
        self._more.difference_update((source_id, host) for source_id, host, _ in rooms)
        taken, behind = await self._writer.run(
            owed.hand_out,
            rooms,
            now=self._clock.now(),
            exclude=set(out.ids),
            urls_out=set(out.urls),
        )
        found = Counter(map(_key, taken))
        self._more |= {(source, host) for source, host, n in rooms if found[source, host] >= n}
        for entry in taken:
            key = _key(entry)
            if key[1] in self._ready.get(key[0], ()):
                self._at_hand.setdefault(key, deque()).append(entry)
        self._more |= {_key(entry) for entry in behind if self._is_free(entry, out)}  # by now
        for source_id, host, _ in rooms:
            if not {(source_id, host)} & (self._at_hand.keys() | self._more):
                self._forget((source_id, host))

    def _forget(self, key: Key) -> None:
        self._at_hand.pop(key, None)
        hosts = self._ready.get(key[0], {})
        hosts.pop(key[1], None)
        if not hosts:
            self._ready.pop(key[0], None)


def _key(entry: Entry) -> Key:
    return entry.source_id, hostname(entry.raw_url)


def _in_rounds(keys: Iterable[Key]) -> list[Key]:
    """A host of each source, then another one of each."""
    shares: dict[str, list[Key]] = {}
    for key in keys:
        shares.setdefault(key[0], []).append(key)
    rounds = chain.from_iterable(zip_longest(*shares.values()))
    return [key for key in rounds if key is not None]


def take_one(counter: Counter[str], key: str) -> None:
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]
