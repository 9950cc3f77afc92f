"""The daemon over 20,000 polls of 300 hosts: memory, files, CPU a poll, nothing lost or doubled.

    .venv/bin/python benchmarks/bench_soak.py [--polls N]

A tenth as many articles as polls are announced; the hosts answer 200, 304, 301, 410, 429, 500, 503
or not at all (benchmarks/soak/hosts.py). Then nothing but 304, on a new connection each, to the
daemon and to bare Scrapy: the cost of a poll. CPU is that of the main process. Exit 1 where
 - the resident size at the end differs by 5 % or more from that after an eighth of the polls (not
   before 1,000),
 - 5 % more files are open in the second half than were in the first,
 - an article is missing, doubled, or was fetched twice,
 - a 304 costs more than twice what it costs bare Scrapy at the same time, or more than 4 ms of CPU.
   Milliseconds are judged on a machine that does nothing else: two busy threads of one core take
   each other's time.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.soak.running import (  # noqa: E402
    Sample,
    Web,
    running,
    running_web,
    sample,
    watch,
    write_config,
)

HOSTS, INTERVAL_S = 300, 3
MAX_GROWTH, MAX_MS, MAX_RATIO = 0.05, 4.0, 2.0
CALM_POLLS = 3_000  # over which the cost of one is measured
BASELINE = 1 / 8  # of the polls: 2,500 of 20,000, but never before
WARM = 1_000  # polls: by then every source was visited, and the workers have begun
SLOWEST = 8.0  # polls a second: slower than that, the machine is too busy for the bench


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--polls", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, help="keep config, archive and log here")
    parser.add_argument(
        "--max-ms", type=float, default=MAX_MS, help="CPU a 304 may cost on an idle machine"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        with running_web(HOSTS, options.polls, options.polls // 10) as web:
            return _soak(web, folder, options.polls, options.max_ms)


def _soak(web: Web, folder: Path, polls: int, max_ms: float) -> int:
    config = write_config(folder, web.port, HOSTS, INTERVAL_S)
    command = ["crawler.run.cli", "daemon", "--config", str(config), "--data", str(folder / "data")]
    with running(command, folder / "log") as daemon:
        samples = watch(daemon, web, lambda s: s.polls >= polls, timeout_s=polls / SLOWEST)
        _wait_for_articles(daemon, web, folder, polls)
        samples.append(sample(daemon, web))
        report = web.report()
        web.calm()
        words = [str(web.port), str(HOSTS), str(INTERVAL_S)]
        with running(["benchmarks.soak.bare", *words], folder / "bare.log") as spider:
            ours, bare = _costs_ms(daemon, spider, web, min(polls, CALM_POLLS))
    faults = [
        *_memory_and_files(samples, polls),
        *_articles(folder / "data" / "archive.db", report),
        *_costs(ours, bare, max_ms),
    ]
    print("\n".join(faults) or "everything is within its bounds")
    return 1 if faults else 0


def _wait_for_articles(daemon: Any, web: Web, folder: Path, polls: int) -> None:
    """Until all that was announced is closed: the last retries take some seconds."""
    announced = polls // 10
    watch(
        daemon,
        web,
        lambda _: len(web.report()["kept"]) and _closed(folder) >= announced,
        timeout_s=120,
    )


def _closed(folder: Path) -> int:
    return int(_rows(folder / "data" / "archive.db", _COUNT_CLOSED)[0][0])


_COUNT_CLOSED = "SELECT count(*) FROM entries WHERE state <> 'owed'"


def _costs_ms(daemon: Any, spider: Any, web: Web, polls: int) -> tuple[float, float]:
    """CPU of a poll of each in ms, side by side: whatever else slows the machine, slows both."""

    def both() -> tuple[Sample, Sample]:
        return sample(daemon, web), sample(spider, web, "bare_polls")

    def wait(goal: int) -> None:
        begun = both()
        watch(spider, web, lambda _: _fewest(begun, both()) >= goal, timeout_s=goal / SLOWEST)

    wait(WARM)
    first = both()
    wait(polls)
    ours, bare = (
        1000 * (late.cpu_s - early.cpu_s) / (late.polls - early.polls)
        for early, late in zip(first, both(), strict=True)
    )
    return ours, bare


def _fewest(before: tuple[Sample, Sample], now: tuple[Sample, Sample]) -> int:
    return min(late.polls - early.polls for early, late in zip(before, now, strict=True))


def _memory_and_files(samples: Sequence[Sample], polls: int) -> Iterator[str]:
    baseline = next(s for s in samples if s.polls >= max(polls * BASELINE, WARM))
    last = samples[-1]
    growth = last.rss_mb / baseline.rss_mb - 1
    halves = [[s.files for s in samples if (s.polls < polls / 2) is half] for half in (True, False)]
    early, late = (max(half) for half in halves)
    print(
        f"{last.polls:,} polls: RSS {baseline.rss_mb:.1f} MB after {baseline.polls:,}, "
        f"{last.rss_mb:.1f} MB at the end ({growth:+.1%}); open files at most {early} in the first "
        f"half, {late} in the second; CPU {last.cpu_s:.0f} s"
    )
    eighths = [next(s for s in samples if s.polls >= polls * n / 8) for n in range(1, 9)]
    print("RSS after each eighth: " + " ".join(f"{s.rss_mb:.1f}" for s in eighths))
    if abs(growth) >= MAX_GROWTH:
        yield f"the resident size changed by {growth:.1%}"
    if late > early * (1 + MAX_GROWTH):
        yield f"{late} open files in the second half, {early} in the first"


def _articles(archive: Path, report: dict[str, Any]) -> Iterator[str]:
    answers = ", ".join(
        f"{count:,} × {'no answer' if status == '0' else status}"
        for status, count in sorted(report["statuses"].items())
    )
    archived = [row[0] for row in _rows(archive, "SELECT url FROM articles")]
    numbers = sorted(int(url.rpartition("/")[2]) for url in archived)
    missing = len({*report["kept"]} - {*numbers})
    doubled = len(numbers) - len({*numbers})
    twice = len(report["served_twice"])
    print(f"answers: {answers}")
    print(f"{report['announced']:,} articles announced, {len(report['kept']):,} of them stay:")
    print(f"  {len(numbers):,} archived, {missing} lost, {doubled} doubled, {twice} fetched twice")
    for count, what in ((missing, "lost"), (doubled, "doubled"), (twice, "fetched twice")):
        if count:
            yield f"{count} articles {what}"


def _costs(ours: float, bare: float, max_ms: float) -> Iterator[str]:
    ratio = ours / bare
    print(f"a 304 costs {ours:.2f} ms of CPU, bare Scrapy's {bare:.2f} ms: {ratio:.2f} times")
    load = os.getloadavg()[0]
    if load > (os.cpu_count() or 1):
        print(f"(the machine is busy, its load is {load:.1f}: milliseconds are not judged)")
    elif ours > max_ms:
        yield f"a poll costs {ours:.2f} ms"
    if ratio > MAX_RATIO:
        yield f"a poll costs {ratio:.2f} times what it costs bare Scrapy"


def _rows(archive: Path, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(f"file:{archive}?mode=ro", uri=True, timeout=10)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
