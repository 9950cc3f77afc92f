"""Visits that are asked for, and the files of a sitemap index that follow one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from config.model import Source
from crawler.fetch.desk import Room
from crawler.fetch.tasks import Child, Poll, Visiting, hostname


@dataclass(frozen=True, slots=True)
class AskedVisit:
    source: Source
    probe: bool


class AskedVisits:
    """A source has at most one visit: it waits, or is out with all that follows it.

    A visit whose host asked to be left alone is none: it waits, and where `waits` is False (a
    finite crawl) it is done without. `put_off` is told which source that is, and why.
    """

    def __init__(self, *, waits: bool, put_off: Callable[[str, str], None]):
        self._waits, self._put_off = waits, put_off
        self._asked: dict[str, AskedVisit] = {}
        self._on_hold: set[str] = set()  # sources of these
        self._children: dict[str, Child] = {}  # the next file of each sitemap index, by source
        self._out: set[str] = set()  # sources whose visit is out

    def ask(self, source: Source, *, probe: bool) -> bool:
        """A visit that waits or is out is not doubled: False; a probe turns one that waits into
        one."""
        is_news = source.id not in self._out and (probe or source.id not in self._asked)
        if is_news:
            self._asked[source.id] = AskedVisit(source, probe)
        return is_news

    def keep(self, sources: Mapping[str, Source]) -> None:
        """Go on with these: what waits of others is dropped, what is out ends."""
        self._asked = {
            i: replace(asked, source=sources[i]) for i, asked in self._asked.items() if i in sources
        }
        self._on_hold &= sources.keys()
        gone = self._children.keys() - sources.keys()
        self._children = {i: child for i, child in self._children.items() if i not in gone}
        self._out -= gone  # their visits end here

    def follow(self, child: Child) -> None:
        """A visit goes on with a file of its sitemap index."""
        self._children[child.source.id] = child
        self._out.add(child.source.id)

    def began(self, task: Visiting) -> None:
        self._out.add(task.source.id)

    def landed(self, task: Visiting, *, given_back: bool) -> None:
        """A visit is out no more; one that is given back waits again."""
        if task.source.id not in self._children:
            self._out.discard(task.source.id)
        if given_back and isinstance(task, Poll):
            self.ask(task.source, probe=False)

    def is_busy(self, source_id: str) -> bool:
        """True while a visit waits that may be made, or a file of one."""
        is_asked = source_id in self._asked and source_id not in self._on_hold
        return is_asked or source_id in self._children

    def hosts(self) -> set[str]:
        return {hostname(asked.source.url) for asked in self._asked.values()}

    def __bool__(self) -> bool:
        return bool(self._asked or self._children)

    def next(self, room: Room) -> Child | AskedVisit | None:
        """What there is room for; its source's visit counts as out from now on."""
        for source_id, child in self._children.items():
            if room.takes_poll(child.host, source_id, probe=False):
                del self._children[source_id]
                return child
        for source_id, asked in tuple(self._asked.items()):
            if self._is_on_hold(asked, room):
                continue
            if room.takes_poll(hostname(asked.source.url), source_id, probe=asked.probe):
                del self._asked[source_id]
                self._out.add(source_id)  # before anything is awaited
                return asked
        return None

    def _is_on_hold(self, asked: AskedVisit, room: Room) -> bool:
        source_id, host = asked.source.id, hostname(asked.source.url)
        hold_s = room.hold_s(host)
        if not hold_s:
            self._on_hold.discard(source_id)
            return False
        if source_id not in self._on_hold:
            words = f"not visited: {host} asked to be left alone for another {hold_s:.0f} s"
            self._put_off(source_id, words)
        if self._waits:
            self._on_hold.add(source_id)
        else:
            del self._asked[source_id]
        return True
