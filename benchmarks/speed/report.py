"""The figures of all rounds as a table and as JSON, and the ratios that fail a run."""

from __future__ import annotations

import os
import platform
import sqlite3
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.speed.crawls import Crawled
from benchmarks.speed.polls import Polled

CEILINGS = Path(__file__).with_name("ceilings.toml")
_PACKAGES = ("broadsheet", "scrapy", "twisted", "trafilatura", "feedparser", "lxml", "sqlite-utils")


@dataclass(frozen=True, slots=True)
class Figure:
    """What one program took for one thing; `ratio` to the peer of the same round."""

    what: str  # page, 304, unchanged 200, written
    who: str
    unit: str
    value: float
    ratio: float
    more: Crawled | Polled | None

    @property
    def key(self) -> str:
        return f"{self.what}: {self.who}"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def medians(rounds: Sequence[Sequence[Figure]]) -> list[Figure]:
    """One figure of each kind; the ratio is the median of the rounds' ratios."""
    found = []
    for same in zip(*rounds, strict=True):
        values, ratios = [f.value for f in same], [f.ratio for f in same]
        first = same[0]
        found.append(
            Figure(
                *(first.what, first.who, first.unit),
                round(median(values), 2),
                round(median(ratios), 2),
                first.more,
            )
        )
    return found


def table(figures: Sequence[Figure]) -> str:
    lines = [f"{'':15}{'':28}{'median':>10}  {'':15}{'ratio':>6}  memory  start"]
    for figure in figures:
        more = figure.more
        memory = f"{more.pss_mb:4} MB" if more and figure.who.startswith("ours") else ""
        start = f"{more.start_s:.1f} s" if isinstance(more, Crawled) else ""
        lines.append(
            f"{figure.what:15}{figure.who:28}{figure.value:10.2f}  {figure.unit:15}"
            f"{figure.ratio:6.2f}  {memory:7} {start}"
        )
    return "\n".join(lines)


def machine() -> dict[str, Any]:
    """What the figures are of: they are comparable within one run only."""
    model = next(
        (
            line.partition(": ")[2]
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "packages": {name: version(name) for name in _PACKAGES},
    }


def load_ceilings(path: Path = CEILINGS) -> Mapping[str, float]:
    found: dict[str, float] = tomllib.loads(path.read_text(encoding="utf-8"))["ratio"]
    return found


def above(figures: Sequence[Figure], ceilings: Mapping[str, float] | None = None) -> list[str]:
    """One line for every ratio above its ceiling; what was not measured is not judged."""
    known = load_ceilings() if ceilings is None else ceilings
    return [
        f"{figure.key}: {figure.ratio:.2f} times its peer, at most {known[figure.key]}"
        for figure in figures
        if figure.key in known and figure.ratio > known[figure.key]
    ]
