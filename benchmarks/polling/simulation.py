"""Visits against publications: polls a day, and how long articles waited."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.polling.kinds import DAY, DAYS, KINDS, published
from benchmarks.polling.policies import LISTED, Policy


@dataclass(frozen=True, slots=True)
class Outcome:
    polls: int
    delays: tuple[float, ...]  # seconds, of every article published while the simulation ran

    def polls_a_day(self, sources: int) -> float:
        return self.polls / DAYS / sources

    def mean(self) -> float:
        return sum(self.delays) / len(self.delays) / 60

    def quantile(self, share: float) -> float:
        """In minutes; the smallest delay that `share` of the articles do not exceed."""
        ranked = sorted(self.delays)
        return ranked[min(int(share * len(ranked)), len(ranked) - 1)] / 60


def simulate(policy: Policy, moments: Sequence[float], offset: float) -> Outcome:
    """Fourteen days from the first visit, which is at `offset`; waits beyond the end count too."""
    at, seen, polls = offset, 0, 0
    delays: list[float] = []
    while True:
        listed_to = bisect_right(moments, at)
        fresh = moments[seen:listed_to]
        delays += [at - moment for moment in fresh if moment > offset]
        listed = moments[max(0, listed_to - LISTED) : listed_to]
        at_end = at >= DAYS * DAY
        if at_end:
            return Outcome(polls, tuple(delays))
        polls += 1
        at += policy.visit(at, min(len(fresh), len(listed)), listed)
        seen = listed_to


def run(make: Callable[[], Policy], seeds: int) -> dict[str, Outcome]:
    """The outcome of each kind of source over all seeds."""
    outcomes = {}
    for kind in KINDS:
        parts = [simulate(make(), published(kind, seed), 600.0 * seed) for seed in range(seeds)]
        outcomes[kind] = joined(parts)
    return outcomes


def joined(parts: Sequence[Outcome]) -> Outcome:
    delays = tuple(delay for part in parts for delay in part.delays)
    return Outcome(sum(part.polls for part in parts), delays)
