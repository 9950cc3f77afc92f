"""A page's cost: feeds and their pages are crawled to the end, few and many, by each program.

The difference of the two is the pages' own; what the few cost is the start.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cpu import Cost
from benchmarks.speed.measure import (
    PEERS,
    SpeedFailed,
    broadsheet,
    cost_of,
    write_config,
)

_ROW_ALONE = "[pages]\nkeep_raw = false\n[markdown]\nenabled = false\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """What a program's pages took."""

    name: str
    page_ms: float  # processor time of the tree
    start_s: float
    pages: int
    pages_per_wall_s: float
    cores: float  # processor time beside wall time: both at work is more than one
    pss_mb: int


Run = Callable[[Path, int, int, int], Cost]  # folder, port, hosts, pages of each


def ours(settings: str = "") -> Run:
    def run(folder: Path, port: int, hosts: int, pages: int) -> Cost:
        config = write_config(
            folder / "broadsheet.toml", port, hosts, f"feed/{pages}", settings=settings
        )
        data = folder / "data"
        command = broadsheet("crawl", "--config", str(config), "--data", str(data))
        found = cost_of(command, folder / "log")
        _check(_stored(data / "archive.db"), hosts * pages, "articles", folder)
        return found

    return run


def scrapy(*words: str) -> Run:
    def run(folder: Path, port: int, hosts: int, pages: int) -> Cost:
        out = folder / "out.jl"
        numbers = [str(number) for number in (port, hosts, pages)]
        script = str(PEERS / "scrapy_pages.py")
        found = cost_of([sys.executable, "-P", script, *numbers, str(out), *words], folder / "log")
        _check(sum(1 for _ in out.open("rb")), hosts * pages, "lines", folder)
        return found

    return run


OURS, ROW, PEER, BARE = "ours", "ours, row alone", "scrapy + trafilatura", "scrapy, nothing done"
PROGRAMS: dict[str, Run] = {
    OURS: ours(),
    PEER: scrapy(),
    ROW: ours(_ROW_ALONE),
    BARE: scrapy("bare"),
}


def measure(
    name: str, run: Run, folder: Path, port: int, *, hosts: int, few: int, many: int
) -> Crawled:
    """`few`, `many`: pages a host."""
    costs = []
    for pages in (few, many):
        place = folder / f"{name.replace(' ', '-')}-{pages}"
        place.mkdir()
        costs.append(run(place, port, hosts, pages))
    less, more = costs
    page_s = (more.cpu_s - less.cpu_s) / (hosts * (many - few))
    return Crawled(
        name=name,
        page_ms=round(page_s * 1000, 2),
        start_s=round(less.cpu_s - page_s * hosts * few, 2),
        pages=hosts * many,
        pages_per_wall_s=round(hosts * many / more.wall_s, 1),
        cores=round(more.cpu_s / more.wall_s, 2),
        pss_mb=more.pss_mb,
    )


def _stored(path: Path) -> int:
    with closing(sqlite3.connect(path)) as conn:
        return int(conn.execute("SELECT count(*) FROM articles").fetchone()[0])


def _check(found: int, expected: int, what: str, folder: Path) -> None:
    if found < 0.99 * expected:
        raise SpeedFailed(f"{found} {what} of {expected}; see {folder}")
