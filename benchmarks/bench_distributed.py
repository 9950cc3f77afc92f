"""The distributed form beside one process: stories a second, CPU a story, Redis; and a storm.

    .venv/bin/python benchmarks/bench_distributed.py [--articles N] [--pages N]
        [--workers 1 2 4] [--latency S]
    .venv/bin/python benchmarks/bench_distributed.py --storm [--articles N] [--kills N]

An origin on loopback that waits `--latency` before each answer gives N distinct articles on N / 20
hosts, without a delay between requests: first to one daemon that does all itself, then to a daemon
with a Redis and 1, 2, 4 workers (two slots each). These articles are short (3 KB of plain markup),
so that nearly all of a story is its way, and the way over the broker weighs most; `--pages` then
does the same with N pages of the size and markup of real ones (70 KB, those of benchmarks.speed);
0 leaves either out. CPU is that of each tree of processes between a
tenth and nine tenths of the articles, so that no start counts; compare ratios within one run. Ours:
the share of this machine's cores that the trees took; cores: how busy each of them was, whatever
ran there, the origin too. Then what is wanted: CPU a story at most 1.15 of one process's, both
cores at least 0.85 busy with 2 workers; and how many stories a second that is beside what Media
Cloud publishes. It says where that is not so, and exits 0: a busy machine is no judge.

`--storm`: workers and daemon are killed at random moments, one in four times the daemon, and the
broker is wiped at 30, 60 and 90 %; then it is counted what was lost, what doubled, what was fetched
again, and how many gaps were shorter than the hosts' delay. Exit 1 where anything is lost or
doubled, or more than 1 % of the gaps are short apart from the 15 s after a wipe.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.line.distributed.crew import Crew, crew_at  # noqa: E402
from tests.line.distributed.storm import REST_S, Storm  # noqa: E402
from tests.redis_server import RedisServer, redis_server  # noqa: E402

EACH = 20  # articles a host
WITHIN_S = 3600.0
STORM_DELAY_S = 0.5
MOST_CPU, LEAST_BUSY = 1.15, 0.85


@dataclass(frozen=True, slots=True)
class Moment:
    """When, how many articles, and CPU seconds so far of the crew and of Redis."""

    at: float
    archived: int
    crew_s: float
    redis_s: float
    idle_s: tuple[float, ...]  # of each core, so far


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """`workers` 0: one process. `busy`: each core's share, the least busy one first."""

    workers: int
    stories_s: float
    each_s: float  # CPU a story
    redis_s: float  # a story
    ours: float
    busy: tuple[float, ...]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--latency", type=float, default=0.2)
    parser.add_argument("--storm", action="store_true")
    parser.add_argument("--kills", type=int, default=20)
    options = parser.parse_args()
    load, cores = os.getloadavg()[0], os.cpu_count()
    print(f"{cores} cores, load {load:.1f} when it began", flush=True)
    if options.storm:
        storm(options.articles, options.kills, options.latency)
    else:
        for count, pages in ((options.articles, False), (options.pages, True)):
            if count:
                compare(count, options.workers, options.latency, pages=pages)


def compare(articles: int, workers: list[int], latency_s: float, *, pages: bool) -> None:
    print(f"{articles} {'pages as large as real ones' if pages else 'short articles'}", flush=True)
    head = f"{'stories/s':>10}{'CPU ms':>9}{'beside':>8}{'Redis ms':>10}{'ours':>7}"
    print(f"{'':18}{head}  cores")
    found: list[Measured] = []
    for count in [0, *workers]:
        with joined(articles, latency_s, pages=pages) as (crew, server):
            crew.configure(delay=0.0, extract=1)
            found.append(between(count, *measured(crew, server, count)))
        one, last = found[0], found[-1]
        print(
            f"{name_of(count):18}{last.stories_s:10.1f}{1000 * last.each_s:9.1f}"
            f"{last.each_s / one.each_s:8.2f}{1000 * last.redis_s:10.2f}{last.ours:7.2f}  "
            + " ".join(f"{busy:.2f}" for busy in last.busy),
            flush=True,
        )
    print("\n".join(verdicts(found)))


def name_of(count: int) -> str:
    return f"{count} worker{'s' if count > 1 else ''}" if count else "one process"


def between(workers: int, began: Moment, ended: Moment) -> Measured:
    stories, seconds = ended.archived - began.archived, ended.at - began.at
    idle = zip(began.idle_s, ended.idle_s, strict=True)
    return Measured(
        workers=workers,
        stories_s=stories / seconds,
        each_s=(ended.crew_s - began.crew_s) / stories,
        redis_s=(ended.redis_s - began.redis_s) / stories if workers else 0.0,
        ours=(ended.crew_s - began.crew_s) / seconds / len(began.idle_s),
        busy=tuple(sorted(1 - (after - before) / seconds for before, after in idle)),
    )


def verdicts(found: list[Measured]) -> Iterator[str]:
    one, *others = found
    for some in others:
        ratio = (some.each_s + some.redis_s) / one.each_s
        words = "" if ratio <= MOST_CPU else f": MORE THAN {MOST_CPU}"
        yield f"{name_of(some.workers)}: with Redis {ratio:.2f} of one process's CPU a story{words}"
        if some.workers == 2 and some.busy[0] < LEAST_BUSY:
            yield f"  the idlest core was {some.busy[0]:.2f} busy: LESS THAN {LEAST_BUSY}"
    best = max(found, key=lambda some: some.stories_s)
    cores = len(best.busy)
    yield (
        f"{best.stories_s:.1f} stories a second on {cores} cores ({name_of(best.workers)};"
        f" {best.stories_s / cores:.1f} a core, which the origin shares) beside Media Cloud's"
        " published 100-125 on 32 cores (3-4 a core)"
    )


@contextmanager
def joined(
    articles: int, latency_s: float, *, pages: bool = False
) -> Iterator[tuple[Crew, RedisServer]]:
    with (
        tempfile.TemporaryDirectory(prefix="broadsheet-") as folder,
        redis_server() as server,
        crew_at(
            Path(folder),
            server.url,
            hosts=articles // EACH,
            each=EACH,
            latency_s=latency_s,
            pages=pages,
        ) as crew,
    ):
        yield crew, server


def measured(crew: Crew, server: RedisServer, workers: int) -> tuple[Moment, Moment]:
    if workers:
        crew.daemon(2 * workers)
        for n in range(workers):
            crew.worker(f"worker{n}", 2)
    else:
        crew.start("daemon", "daemon", redis=False)
    return reached(crew, server, 0.1), reached(crew, server, 0.9)


def reached(crew: Crew, server: RedisServer, share: float) -> Moment:
    crew.wait(lambda: crew.archived() >= share * crew.articles, WITHIN_S, f"{share:.0%}")
    used = sum(cpu_s(process.pid) for process in crew.running.values())
    idle = tuple(core.idle + core.iowait for core in psutil.cpu_times(percpu=True))
    return Moment(time.monotonic(), crew.archived(), used, cpu_s(server.process.pid), idle)


def cpu_s(pid: int) -> float:
    """Of a tree: each process that lives, with those of its children that it has waited for."""
    root = psutil.Process(pid)
    total = 0.0
    for process in [root, *root.children(recursive=True)]:
        try:
            total += sum(process.cpu_times()[:4])
        except psutil.Error:  # it has ended between the list and the question
            continue
    return total


def storm(articles: int, kills: int, latency_s: float) -> None:
    with joined(articles, latency_s) as (crew, server):
        crew.configure(delay=STORM_DELAY_S)
        befell = Storm(crew, server, kills=kills, wipes=(0.3, 0.6, 0.9), slots=6, workers=3)
        seconds = befell.run(WITHIN_S)
        for name in ("worker0", "worker1", "worker2", "daemon"):
            crew.stop(name)
        lost = crew.articles - crew.one("SELECT count(DISTINCT url) FROM articles")
        doubled = crew.one("SELECT count(*) FROM revisions") - crew.articles
        fetched = sum(path != "/feed" for _, path, _ in crew.requests())
        gaps = befell.short_gaps(STORM_DELAY_S)
        states = dict(crew.rows("SELECT state, count(*) FROM entries GROUP BY state"))
    print(f"{len(befell.killed_at)} kills, {len(befell.wiped_at)} wipes, {seconds:.0f} s")
    print(f"entries: {states}; lost {lost}, doubled {doubled}; {fetched} pages fetched")
    print(
        f"short gaps: {gaps.short} of {gaps.of} ({gaps.raw} with those that only follow a late"
        f" request), and {gaps.after_wipe} within {REST_S:.0f} s of a wipe"
    )
    if lost or doubled or gaps.short > 0.01 * gaps.of:
        sys.exit(1)


if __name__ == "__main__":
    main()
