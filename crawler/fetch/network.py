"""Our own network: when nothing answers any more, no source is to blame, and visits wait."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from config.model import Source
from crawler.fetch.desk import Desk
from crawler.fetch.house.planning import has_own_clock
from crawler.fetch.http.clock import Clock
from crawler.fetch.tasks import Poll, Task, Visiting, hostname
from crawler.fetch.work import Work

logger = logging.getLogger(__name__)

HOSTS = 5  # that don't answer, one after the other: it isn't them
FEWEST_HOSTS = 2  # where there are fewer sources' hosts, all of them, but never only one
WINDOW_S = 120.0
LATELY_S = 30.0  # an answer of that age shows that the network was there
FIRST_PROBE_S, LONGEST_PROBE_S = 15.0, 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A visit or a page to which nothing answered."""

    task: Task
    moment: float  # monotonic seconds
    since: datetime


@runtime_checkable
class Schedule(Protocol):
    """What can be visited, to see whether anything answers: the house in the same process, or
    what a worker elsewhere has at hand."""

    @property
    def visitable(self) -> Mapping[str, Source]: ...
    def ask(self, source: Source, *, probe: bool = False) -> None: ...


class Network:
    """Pauses Work while nothing answers. Without a schedule (a finite crawl) errors are kept.

    `answered` is Scrapy's signal headers_received: an HTTP answer of any host, whatever it says.
    """

    def __init__(self, *, desk: Desk, work: Work, clock: Clock, schedule: Schedule | None):
        self._desk, self._work, self._clock, self._schedule = desk, work, clock, schedule
        self._misses: list[Miss] = []  # since something answered last, within WINDOW_S
        self._spared: set[str] = set()  # sources to be visited when it is back
        self._dead_hosts: set[str] = set()
        self._probes = self._asked = 0
        self._answered_at = float("-inf")
        self.down_since: datetime | None = None

    @property
    def is_down(self) -> bool:
        return self.down_since is not None

    def spare(self, task: Task) -> None:
        """Give a task back that failed while the network is down: it counts for nothing."""
        self._work.release(task)
        if isinstance(task, Visiting):
            self._spared.add(task.source.id)

    def answered(self) -> None:
        self._answered_at = self._clock.monotonic()
        self._misses.clear()
        if self.down_since is None:
            return
        minutes = (self._clock.now() - self.down_since).total_seconds() / 60
        logger.warning("the network is back after %.0f min; visits go on", minutes)
        self.down_since = None
        self._work.resume()
        spared, self._spared = self._spared, set()
        for source_id in spared & self._sources.keys():
            self._ask(self._sources[source_id])

    async def missed(self, task: Task, *, since: datetime) -> None:
        """Nothing answered: a visit that began then, or a page. Its failure was counted."""
        if self._schedule is None:
            return
        miss = Miss(task=task, moment=self._clock.monotonic(), since=since)
        if self.is_down:
            await self._take_back([miss])
            return
        recent = (m for m in self._misses if miss.moment - m.moment <= WINDOW_S)
        self._misses = [*recent, miss]
        # by their sources: the pages of one feed may lead to any number of dead hosts
        hosts = {hostname(m.task.source.url) for m in self._misses}
        if len(hosts) >= FEWEST_HOSTS and len(hosts) >= self._enough():
            await self._go_down(hosts)
        elif miss.moment - self._answered_at > LATELY_S:
            self._ask_others(hosts)

    def _ask_others(self, hosts: set[str]) -> None:
        """Visit another host early, then as many as it takes: where sources are few, it would
        else be an hour before it is clear who is to blame."""
        sources = _one_a_host(self._sources.values())
        others = [s for s in sources if hostname(s.url) not in hosts and not has_own_clock(s)]
        count = min(len(others), 1 if len(hosts) == 1 else HOSTS - len(hosts))
        for n in range(count):
            self._ask(others[(self._asked + n) % len(others)])
        self._asked += count

    def _enough(self) -> int:
        hosts: set[str] = set()
        for source in self._sources.values():
            hosts.add(hostname(source.url))
            if len(hosts) == HOSTS:
                break
        return len(hosts)

    async def _go_down(self, hosts: set[str]) -> None:
        logger.error(
            "nothing answers (%s): our own network seems to be down. Visits wait until something"
            " answers, and no source is blamed",
            ", ".join(sorted(hosts)[:HOSTS]),
        )
        self.down_since = self._clock.now()
        self._dead_hosts, self._probes = hosts, 0
        self._work.pause()
        self._probe_later(FIRST_PROBE_S)
        misses, self._misses = self._misses, []
        await self._take_back(misses)

    async def _take_back(self, misses: Sequence[Miss]) -> None:
        tasks = [miss.task for miss in misses]
        self._spared |= {task.source.id for task in tasks if isinstance(task, Poll)}
        await self._desk.unreachable(tasks, since=min(miss.since for miss in misses))

    def _probe_later(self, seconds: float) -> None:
        asyncio.get_running_loop().call_later(seconds, self._probe, seconds)

    def _probe(self, waited_s: float) -> None:
        """Visit one source after the other, hosts that were not missed first."""
        if not self.is_down:
            return
        candidates = sorted(_one_a_host(self._sources.values()), key=self._was_missed)
        if candidates:
            self._ask(candidates[self._probes % len(candidates)], probe=True)
            self._probes += 1
        self._probe_later(min(2 * waited_s, LONGEST_PROBE_S))

    @property
    def _sources(self) -> Mapping[str, Source]:
        return self._schedule.visitable if self._schedule else {}

    def _ask(self, source: Source, *, probe: bool = False) -> None:
        if self._schedule is not None:
            self._schedule.ask(source, probe=probe)

    def _was_missed(self, source: Source) -> bool:
        return hostname(source.url) in self._dead_hosts


def _one_a_host(sources: Iterable[Source]) -> list[Source]:
    return list({hostname(source.url): source for source in sources}.values())
