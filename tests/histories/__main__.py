"""Look at histories: `python -P -m tests.histories --seeds 0-199`, or `--seed 7 --explain`."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.histories.real import run_real
from tests.histories.report import explain, report, run_seeds


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.histories", description=__doc__)
    parser.add_argument("--seeds", default="0-199", help="A-B, both included")
    parser.add_argument("--seed", type=int, help="one history")
    parser.add_argument("--explain", action="store_true", help="its events and rows")
    parser.add_argument("--kind", default="", help="only violations of this kind, all of them")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--real", action="store_true", help="--seed as real crawls")
    given = parser.parse_args()
    if given.real:
        with tempfile.TemporaryDirectory() as folder:
            print(*run_real(given.seed or 0, Path(folder)), sep="\n")
        return
    if given.seed is not None:
        print(explain(given.seed, events=given.explain))
        return
    first, _, last = given.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    print(report(run_seeds(seeds, processes=given.processes), kind=given.kind))


if __name__ == "__main__":
    main()
