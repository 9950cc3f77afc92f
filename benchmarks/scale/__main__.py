"""An archive that grows, and what it costs at each size: curves for docs/performance.md.

    .venv/bin/python -P -m benchmarks.scale [--sizes 1000,3000,10000] [--svg FILE] [--folder F]

Processor time: of an article saved (with its entry, index rows, bands and order, no disk waits), of
commands as processes, of pages within Datasette. `--sizes 10000,100000,1000000` takes hours; a
million articles have some 13 GB. Exit 1 where saving at the largest size is slower than 1 / 0.7 of
the smallest, or where what a person opens takes over half a second more than at the smallest.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.scale.building import Builder
from benchmarks.scale.curves import svg
from benchmarks.scale.figures import measure

SLOWER, MORE_MS = 0.7, 500.0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sizes", default="1000,3000,10000", metavar="N,N,…")
    parser.add_argument("--svg", type=Path, metavar="FILE")
    parser.add_argument("--folder", type=Path, help="where the archive is left")
    options = parser.parse_args()
    sizes = sorted(int(size) for size in options.sizes.split(","))
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        curves = _curves(folder, sizes)
    for name, points in curves.items():
        print(f"{name:22}" + "".join(f"{value:10.4g}" for _, value in points))
    if options.svg:
        options.svg.write_text(svg(curves), encoding="utf-8")
    problems = _problems(curves)
    print("\n".join(problems))
    return 1 if problems else 0


def _curves(folder: Path, sizes: list[int]) -> dict[str, list[tuple[int, float]]]:
    builder = Builder(folder)
    curves: dict[str, list[tuple[int, float]]] = {}
    for size in sizes:
        found = {"an article saved, ms": round(builder.grow(size), 2)} | measure(folder)
        print(f"{size:,} articles", file=sys.stderr, flush=True)
        for name, value in found.items():
            curves.setdefault(name, []).append((size, value))
    builder.close()
    return curves


def _problems(curves: dict[str, list[tuple[int, float]]]) -> list[str]:
    found = []
    for name, points in curves.items():
        first, last = points[0][1], points[-1][1]
        if name.startswith("an article saved") and last > first / SLOWER:
            found.append(f"{name}: {last} at {points[-1][0]:,} articles, {first} at the first size")
        elif name.endswith(", ms") and last > first + MORE_MS:
            found.append(f"{name}: {last:.0f} at {points[-1][0]:,} articles")
    return found


if __name__ == "__main__":
    sys.exit(main())
