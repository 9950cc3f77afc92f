"""A poll's cost: the daemon and Scrapy poll the same hosts at the same pace, at the same time."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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
ITEMS = {"once": ONCE_ITEMS, "still": STILL_ITEMS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What a poll took each of the two, in milliseconds of the tree's processor time."""

    what: str
    ours_ms: float
    peer_ms: float
    ratio: float
    polls: int
    pss_mb: int  # of the daemon's tree


def measure(what: str, folder: Path, *, hosts: int, interval_s: float, polls: int) -> Polled:
    """`what`: once (304) or still (200, the body unchanged)."""
    folder.mkdir()
    with running_web(hosts) as port:
        source = f'interval = "{interval_s:g}s"\n'
        config = write_config(folder / "broadsheet.toml", port, hosts, what, source=source)
        daemon = broadsheet("daemon", "--config", str(config), "--data", str(folder / "data"))
        words = [str(port), str(hosts), str(interval_s), what]
        peer = [sys.executable, "-P", str(PEERS / "scrapy_polls.py"), *words]
        with going(daemon, folder / "log") as ours:
            _settle(port, what, hosts)
            with going(peer, folder / "peer.log") as theirs:
                return _window(what, port, ours, theirs, hosts, polls)


def _settle(port: int, what: str, hosts: int) -> None:
    """Wait until every entry was fetched, and found gone."""
    wait_until(
        lambda: requests_of(port).get("ours/gone", 0) >= hosts * ITEMS[what], "pages that are gone"
    )


def _window(what: str, port: int, ours: Going, peer: Going, hosts: int, polls: int) -> Polled:
    names = f"ours/{what}", f"peer/{what}"
    warm = {name: requests_of(port).get(name, 0) + WARM_POLLS * hosts for name in names}
    _wait_for(port, warm)
    before, began = requests_of(port), (ours.cpu_s(), peer.cpu_s())
    _wait_for(port, {name: before[name] + polls for name in names})
    after, ended = requests_of(port), (ours.cpu_s(), peer.cpu_s())
    ours_ms, peer_ms = (
        (end - begin) * 1000 / (after[name] - before[name])
        for name, begin, end in zip(names, began, ended, strict=True)
    )
    return Polled(
        what=what,
        ours_ms=round(ours_ms, 2),
        peer_ms=round(peer_ms, 2),
        ratio=round(ours_ms / peer_ms, 2),
        polls=after[names[0]] - before[names[0]],
        pss_mb=round(ours.shared_mb()),
    )


def _wait_for(port: int, wanted: Mapping[str, int]) -> None:
    def reached() -> bool:
        time.sleep(0.2)
        counts = requests_of(port)
        return all(counts.get(name, 0) >= count for name, count in wanted.items())

    wait_until(reached, "polls")
