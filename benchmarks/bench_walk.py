"""The way of one article through the code: calls, moves between files, files, functions.

    .venv/bin/python benchmarks/bench_walk.py [--runs 3] [--files]

Counted from the feed's request to the Markdown file on disk (benchmarks/walk/walking.py), each run
in a process of its own; of a figure the least of all runs counts, since a busy machine only adds
(timers, threads that take turns oftener). Beside them the median and the 90th percentile of the
product's functions in lines of code. Exit 1 where a figure is more than 2 % above what
benchmarks/walk/figures.toml holds; after a gain lower it there.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.walk.ceilings import above, load_figures  # noqa: E402
from benchmarks.walk.lengths import median_and_p90  # noqa: E402
from benchmarks.walk.runs import walked  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3, metavar="N")
    parser.add_argument("--files", action="store_true", help="the files, in their order")
    options = parser.parse_args()
    runs = [walked() for _ in range(options.runs)]
    known = load_figures()
    counts = {name: [run.counted[name] for run in runs] for name in runs[0].counted}
    least = {name: min(of_runs) for name, of_runs in counts.items()}
    lengths = median_and_p90()
    print(f"{'':10}{'least':>8}{'most':>8}{'known':>8}")
    for name, of_runs in counts.items():
        print(f"{name:10}{least[name]:8g}{max(of_runs):8g}{known[name]:8g}")
    for name, length in lengths.items():
        print(f"{name:10}{length:8g}{'':8}{known[name]:8g}  lines of code of a function")
    if options.files:
        print(" -> ".join(runs[-1].files))
    if problems := above(least | lengths, known):
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
