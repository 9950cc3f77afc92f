"""An archive that grows, and what it costs at each size: curves for docs/performance.md.

    .venv/bin/python -P -m benchmarks.scale [--sizes 1000,3000,10000] [--svg FILE] [--json FILE]
                                            [--folder F]

Processor time: of an article saved (with its entry, index rows, bands and order, no disk waits), of
commands as processes, of pages within Datasette, of look-ups in this process. `--sizes
10000,100000,1000000` takes hours and 25 GB: a million articles have some 8 GB, and are backed up.
An archive in `--folder` grows on from where it is. Figures of earlier runs stay in `--json`, but
for those of a size that is measured again. Exit 1 where saving at the largest size is slower than
1 / 0.7 of the smallest, or where what a person opens takes over half a second more than there.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks.scale.building import Builder
from benchmarks.scale.curves import svg
from benchmarks.scale.figures import measure

SLOWER, MORE_MS = 0.7, 500.0
Curves = dict[str, list[tuple[int, float]]]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sizes", default="1000,3000,10000", metavar="N,N,…")
    parser.add_argument("--svg", type=Path, metavar="FILE")
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="figures of this and earlier runs"
    )
    parser.add_argument("--folder", type=Path, help="where the archive is left")
    options = parser.parse_args()
    sizes = sorted(int(size) for size in options.sizes.split(","))
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        curves = _curves(folder, sizes, options.json)
    for name, points in curves.items():
        print(f"{name:22}" + "".join(f"{value:10.4g}" for _, value in points))
    if options.svg:
        options.svg.write_text(svg(curves), encoding="utf-8")
    problems = _problems(curves)
    print("\n".join(problems))
    return 1 if problems else 0


def _curves(folder: Path, sizes: list[int], kept: Path | None) -> Curves:
    """By figure, points (articles, value); `kept` has those of earlier runs, by figure and size."""
    figures = json.loads(kept.read_text("utf-8")) if kept and kept.exists() else {}
    builder = Builder(folder)
    for size in sizes:
        saved_ms = builder.grow(size)
        found = {"an article saved, ms": round(saved_ms, 2)} if saved_ms else {}
        print(f"{size:,} articles", file=sys.stderr, flush=True)
        for name, value in (found | measure(folder)).items():
            figures.setdefault(name, {})[str(size)] = value
        if kept:
            kept.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    builder.close()
    return {
        name: sorted((int(size), value) for size, value in points.items())
        for name, points in figures.items()
    }


def _problems(curves: Curves) -> list[str]:
    found = []
    for name, points in curves.items():
        first, last = points[0][1], points[-1][1]
        if name.startswith("an article saved") and last > first / SLOWER:
            found.append(f"{name}: {last} at {points[-1][0]:,} articles, {first} at the first size")
        elif name.endswith(", ms") and name != "verify, ms" and last > first + MORE_MS:
            found.append(f"{name}: {last:.0f} at {points[-1][0]:,} articles")
    return found


if __name__ == "__main__":
    sys.exit(main())
