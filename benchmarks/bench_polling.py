"""Polls a day against the delay of articles: our adaptive interval beside others' policies.

    .venv/bin/python benchmarks/bench_polling.py [--seeds N]

Seven kinds of source (benchmarks/polling/kinds.py), 14 virtual days, the same publications for
every policy. Exit 1 unless ours, at each of four settings of `[schedule] interval`, lies on or
below the frontier of all others in mean and 95th percentile, over the seven kinds together.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.polling.kinds import DAY, KINDS  # noqa: E402
from benchmarks.polling.policies import OTHERS, fixed, ours  # noqa: E402
from benchmarks.polling.simulation import Outcome, joined, run  # noqa: E402

SETTINGS = (15.0, 10.0, 30.0, 60.0)  # minutes; the first is the shipped one
MEASURES: dict[str, Callable[[Outcome], float]] = {
    "mean": Outcome.mean,
    "p95": lambda outcome: outcome.quantile(0.95),
}
Outcomes = Mapping[str, Outcome]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=2)
    seeds = parser.parse_args().seeds
    others = {name: run(make, seeds) for name, make in OTHERS.items()}
    started = time.process_time()
    mine = {f"ours, {minutes:g} min": run(partial(ours, minutes), seeds) for minutes in SETTINGS}
    spent = time.process_time() - started
    polls = sum(outcome.polls for outcomes in mine.values() for outcome in outcomes.values())
    _print_totals(others | mine, seeds)
    _print_kinds(others | mine, seeds)
    print(f"\na visit of ours costs {1e6 * spent / polls:.0f} µs of CPU, simulation included")
    faults = [fault for name in mine for fault in _faults(name, mine[name], others, seeds)]
    print("\n".join(faults) or "ours lies below the frontier at every setting")
    return 1 if faults else 0


def _print_totals(policies: Mapping[str, Outcomes], seeds: int) -> None:
    print("seven kinds together      polls/day     mean      p50      p95   (minutes)")
    for name, outcomes in policies.items():
        total = joined([*outcomes.values()])
        numbers = (total.mean(), total.quantile(0.5), total.quantile(0.95))
        polls = total.polls_a_day(seeds * len(KINDS))
        print(f"{name:<24}{polls:>11.1f}" + "".join(f"{n:>9.1f}" for n in numbers))


def _print_kinds(policies: Mapping[str, Outcomes], seeds: int) -> None:
    print("\npolls/day: mean/p95" + " " * 5 + "".join(f"{kind:>17}" for kind in KINDS))
    for name, outcomes in policies.items():
        cells = (
            f"{o.polls_a_day(seeds):.0f}: {o.mean():.1f}/{o.quantile(0.95):.0f}"
            for o in outcomes.values()
        )
        print(f"{name:<24}" + "".join(f"{cell:>17}" for cell in cells))


def _faults(name: str, mine: Outcomes, others: Mapping[str, Outcomes], seeds: int) -> list[str]:
    """Say where ours lies above what others reach with as many polls."""
    total = joined([*mine.values()])
    polls = total.polls_a_day(seeds * len(KINDS))
    rivals = [joined([*outcomes.values()]) for outcomes in others.values()]
    rivals.append(joined([*run(partial(fixed, DAY / polls), seeds).values()]))
    faults = []
    for measure, of in MEASURES.items():
        points = [(rival.polls_a_day(seeds * len(KINDS)), of(rival)) for rival in rivals]
        best = _frontier(points, polls)
        print(f"{name}: {measure} {of(total):.2f} min; the frontier there: {best:.2f}")
        if of(total) > best:
            faults.append(f"{name}: {measure} lies above the frontier")
    return faults


def _frontier(points: list[tuple[float, float]], polls: float) -> float:
    """The least delay to be had with `polls`: of one policy with no more, or between two.

    Between two points the line is straight in logarithms, which is stricter than a mixture of both
    policies would be.
    """
    least = [delay for spent, delay in points if spent <= polls]
    between = (
        _line(left, right, polls)
        for left, right in product(points, points)
        if left[0] < polls < right[0]
    )
    return min([*least, *between])


def _line(left: tuple[float, float], right: tuple[float, float], polls: float) -> float:
    share = math.log(polls / left[0]) / math.log(right[0] / left[0])
    return math.exp((1 - share) * math.log(left[1]) + share * math.log(right[1]))


if __name__ == "__main__":
    sys.exit(main())
