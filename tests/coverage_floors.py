"""How much of the pure parts the tests go through, branches included: `make coverage` asks.

A share is coverage.py's: lines and branches that ran, of all there are. Tests that start the whole
program (tests/line, tests/run) are not counted: what they alone go through is not tested closely.
"""

from __future__ import annotations

import sys
from pathlib import Path

from coverage import Coverage

ROOT = Path(__file__).resolve().parents[1]
# Percent. Raised when the figure has risen; never lowered without a reason in docs/decisions.
FLOORS = {
    "archive": 96.5,
    "crawler/discover": 95.0,
    "crawler/extract": 95.0,
    "crawler/text": 97.0,
}


def share(coverage: Coverage, folder: str) -> float:
    """Give the percentage of a folder; prints its files below the floor."""
    print(f"\n{folder}")
    return coverage.report(
        include=[f"{ROOT / folder}/*"], skip_covered=True, sort="cover", file=sys.stdout
    )


def main() -> int:
    coverage = Coverage(config_file=str(ROOT / "pyproject.toml"))
    coverage.load()
    shares = {folder: share(coverage, folder) for folder in FLOORS}
    print()
    for folder, found in shares.items():
        print(f"{folder}: {found:.1f} % of lines and branches, at least {FLOORS[folder]:g} %")
    return int(any(found < FLOORS[folder] for folder, found in shares.items()))


if __name__ == "__main__":
    sys.exit(main())
