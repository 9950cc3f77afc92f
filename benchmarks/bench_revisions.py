"""How well a second look is understood: noise, a minor correction, or an edit.

    .venv/bin/python benchmarks/bench_revisions.py [--show]

Every pair of benchmarks/revisions/pairs.txt is decided twice: as texts, and as two HTML pages
through extraction. Prints the share decided rightly of each kind and the CPU time of a decision,
also for an article of 20,000 characters and for hostile texts of a megabyte. --show lists what was
decided wrongly. Exit 1 where a kind falls below 98 %, or a usual decision costs more than 5 ms.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.revisions.deciding import HOSTILE, corrected, decided, timed_ms  # noqa: E402
from benchmarks.revisions.pairs import pairs  # noqa: E402

MIN_RIGHT, MAX_MS = 0.98, 5.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    right: dict[str, list[bool]] = defaultdict(list)
    spent: list[float] = []
    for pair in pairs():
        for form, version in (("text", pair.version), ("page", pair.extracted)):
            old, new = version(0), version(1)
            started = time.process_time()
            kind = decided(old, new)
            spent.append((time.process_time() - started) * 1000)
            right[pair.kind].append(kind == pair.kind)
            if options.show and kind != pair.kind:
                print(f"{form}: {kind} for {pair.kind}: {pair.change}")
    for kind, outcomes in right.items():
        print(f"{kind:6} {sum(outcomes)} of {len(outcomes)}: {_share(outcomes):.1%}")
    usual = min(timed_ms(*corrected(2_500)) for _ in range(5))
    print(f"a decision: {sum(spent) / len(spent):.2f} ms on average, {usual:.1f} ms for 2,500")
    print(f"characters, {timed_ms(*corrected(20_000)):.0f} ms for 20,000", flush=True)
    for name, (old, new) in HOSTILE.items():
        print(f"hostile, {name}: {timed_ms(('', old), ('', new)):,.0f} ms", flush=True)
    good = all(_share(outcomes) >= MIN_RIGHT for outcomes in right.values())
    return 0 if good and usual < MAX_MS else 1


def _share(outcomes: list[bool]) -> float:
    return sum(outcomes) / len(outcomes)


if __name__ == "__main__":
    sys.exit(main())
