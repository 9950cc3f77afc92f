"""What befalls a distributed crawl: workers and daemon killed, the broker wiped, while it runs."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field

from tests.line.distributed.crew import SHORT, Crew, Gap
from tests.redis_server import RedisServer

LAST = 0.85  # of all articles, by when all kills are done: those at hand come in heaps
REST_S = 15.0  # after a wipe: a lease, and the rest of a new owner
BACK_S = 1.0  # after which a supervisor has what died started again


@dataclass
class Storm:
    """Kills at random moments, one in each of `kills` equal parts of the run; wipes the broker at
    the given shares of all articles; every `daemon_every`-th kill is the daemon's."""

    crew: Crew
    server: RedisServer
    kills: int
    wipes: tuple[float, ...]
    slots: int
    workers: int
    daemon_every: int = 4
    rng: random.Random = field(default_factory=lambda: random.Random(20261129))
    wiped_at: list[float] = field(default_factory=list)
    killed_at: list[float] = field(default_factory=list)

    def run(self, within_s: float) -> float:
        """Until all is archived; give the seconds that took."""
        began = time.monotonic()
        self.crew.daemon(self.slots)
        for n in range(self.workers):
            self._worker(n)
        goals = [(n + self.rng.random()) / self.kills * LAST for n in range(self.kills)]
        wipes = [*self.wipes]
        while (archived := self.crew.archived()) < self.crew.articles:
            assert time.monotonic() - began < within_s, self._words(archived)
            share = archived / self.crew.articles
            if goals and share >= goals[0]:
                goals.pop(0)
                self._kill(len(self.killed_at))
            elif wipes and share >= wipes[0]:
                wipes.pop(0)
                self.server.flush()
                self.wiped_at.append(time.monotonic())
            else:
                time.sleep(0.1)
        return time.monotonic() - began

    def _kill(self, number: int) -> None:
        is_daemon = number % self.daemon_every == self.daemon_every - 1
        worker = self.rng.randrange(self.workers)
        self.crew.kill("daemon" if is_daemon else f"worker{worker}")
        self.killed_at.append(time.monotonic())
        time.sleep(BACK_S)
        if is_daemon:
            self.crew.daemon(self.slots)
        else:
            self._worker(worker)

    def _worker(self, number: int) -> None:
        self.crew.worker(f"worker{number}", -(-self.slots // self.workers))

    def _words(self, archived: int) -> str:
        return f"{archived} of {self.crew.articles} archived\n{self.crew.tails()}"

    def short_gaps(self, delay_s: float) -> ShortGaps:
        gaps = self.crew.gaps()
        raw = [gap for gap in gaps if gap.seconds < SHORT * delay_s and not self._is_of_wipe(gap)]
        short = [gap for gap in gaps if gap.is_short(delay_s)]
        after_wipe = sum(map(self._is_of_wipe, short))
        return ShortGaps(
            short=len(short) - after_wipe, raw=len(raw), after_wipe=after_wipe, of=len(gaps)
        )

    def _is_of_wipe(self, gap: Gap) -> bool:
        return any(0 <= gap.at - wipe < REST_S for wipe in self.wiped_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortGaps:
    """Gaps between two requests to one host that are shorter than its delay (see `Gap`), those
    within a lease of a wipe apart; `raw`: late arrivals, which shorten the next gap, too."""

    short: int
    raw: int
    after_wipe: int
    of: int
