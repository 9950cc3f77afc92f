"""A poll's cost: the daemon and its peers poll the same hosts, at one pace and at the same time."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.speed.measure import (
    PEERS,
    Going,
    broadsheet,
    going,
    requests_of,
    running_web,
    wait_until,
    write_config,
)
from benchmarks.speed.web import ONCE_ITEMS, STILL_ITEMS

WARM_POLLS = 2  # of each source, after its entries are settled: by then all workers have begun
PART_POLLS = 200  # the median of such parts counts: other work disturbs one or two
ITEMS = {"once": ONCE_ITEMS, "still": STILL_ITEMS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What a poll took one of them."""

    what: str
    who: str
    poll_ms: float  # processor time of the tree
    ratio: float  # to Scrapy's, of the same minutes
    polls: int
    pss_mb: int


Command = Callable[[], Sequence[str]]  # to which port, hosts, interval and what are added
OURS, SCRAPY, READER = "ours", "peer", "reader"  # as the first part of the paths that each asks


def scrapy_command() -> list[str]:
    return [sys.executable, "-P", str(PEERS / "scrapy_polls.py")]


def measure(
    what: str,
    folder: Path,
    *,
    hosts: int,
    interval_s: float,
    polls: int,
    peers: Mapping[str, Command],
) -> list[Polled]:
    """`what`: once (304) or still (200, the body unchanged). `peers`: Scrapy, and whoever else."""
    folder.mkdir()
    with running_web(hosts) as port, ExitStack() as stack:
        source = f'interval = "{interval_s:g}s"\n'
        config = write_config(folder / "broadsheet.toml", port, hosts, what, source=source)
        daemon = broadsheet("daemon", "--config", str(config), "--data", str(folder / "data"))
        trees = {OURS: stack.enter_context(going(daemon, folder / "log"))}
        _settle(port, what, hosts)
        words = [str(port), str(hosts), str(interval_s), what]
        for who, command in peers.items():
            begun = going([*command(), *words], folder / f"{who}.log")
            trees[who] = stack.enter_context(begun)
        return _window(what, port, trees, hosts, polls)


def _settle(port: int, what: str, hosts: int) -> None:
    """Wait until every entry was fetched, and found gone."""
    wait_until(
        lambda: requests_of(port).get("ours/gone", 0) >= hosts * ITEMS[what], "pages that are gone"
    )


def _window(
    what: str, port: int, trees: Mapping[str, Going], hosts: int, polls: int
) -> list[Polled]:
    names = {who: f"{who}/{what}" for who in trees}
    warm = {name: requests_of(port).get(name, 0) + WARM_POLLS * hosts for name in names.values()}
    _wait_for(port, warm, trees)
    count = max(1, polls // PART_POLLS)
    parts = [_part(port, names, trees, polls // count) for _ in range(count)]
    return [
        Polled(
            what=what,
            who=who,
            poll_ms=round(median(part[who][1] for part in parts), 2),
            ratio=round(median(part[who][1] / part[SCRAPY][1] for part in parts), 2),
            polls=sum(part[who][0] for part in parts),
            pss_mb=round(tree.shared_mb()),
        )
        for who, tree in trees.items()
    ]


def _part(
    port: int, names: Mapping[str, str], trees: Mapping[str, Going], polls: int
) -> dict[str, tuple[int, float]]:
    """How many polls each made in the next while, at least so many, and what one took, in ms."""
    before, began = requests_of(port), {who: tree.cpu_s() for who, tree in trees.items()}
    _wait_for(port, {name: before[name] + polls for name in names.values()}, trees)
    after, ended = requests_of(port), {who: tree.cpu_s() for who, tree in trees.items()}
    made = {who: after[name] - before[name] for who, name in names.items()}
    return {who: (made[who], (ended[who] - began[who]) * 1000 / made[who]) for who in trees}


def _wait_for(port: int, wanted: Mapping[str, int], trees: Mapping[str, Going]) -> None:
    def reached() -> bool:
        time.sleep(0.2)
        for tree in trees.values():
            tree.check()
        counts = requests_of(port)
        return all(counts.get(name, 0) >= count for name, count in wanted.items())

    wait_until(reached, "polls")
