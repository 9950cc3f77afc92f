"""What Broadsheet costs beside other programs, in one run.

    .venv/bin/python -P -m benchmarks.speed [--fast] [--runs 3] [--peers] [--json FILE]

Processor time of whole trees of processes (benchmarks/cpu.py), everything on loopback: pages that
are crawled, extracted and stored; polls that are answered with 304, or with the body of last time;
articles that are written. Each figure stands beside a peer that was measured in the same round;
of several rounds the median counts. `--peers` adds programs that have an environment of their own,
installed when they are first needed (benchmarks/speed/environments.py). `--fast`: a small part, in
a minute. Exit 1 where a ratio is above benchmarks/speed/ceilings.toml. Linux only.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.speed import crawls, polls, report
from benchmarks.speed.environments import OTHERS, POLLERS
from benchmarks.speed.measure import ROOT, cost_json, running_web
from benchmarks.speed.report import Figure

FULL = {"hosts": 20, "few": 2, "many": 52, "polls": 1000, "written": 1000}
FAST = {"hosts": 10, "few": 2, "many": 17, "polls": 150, "written": 100}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--peers", action="store_true", help="in environments of their own, too")
    parser.add_argument("--runs", type=int, metavar="N", help="rounds (default: 3; fast: 1)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures")
    options = parser.parse_args()
    sizes = FAST if options.fast else FULL
    runs = options.runs or (1 if options.fast else 3)
    rounds = []
    for number in range(runs):
        print(f"round {number + 1} of {runs}", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            rounds.append(list(_round(Path(folder), sizes, fast=options.fast, peers=options.peers)))
    figures = report.medians(rounds)
    print(report.table(figures))
    if options.json:
        known = {"machine": report.machine(), "figures": [f.as_json() for f in figures]}
        options.json.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n")
    if problems := report.above(figures):
        print("\n".join(problems))
    return 1 if problems else 0


def _round(folder: Path, sizes: dict[str, int], *, fast: bool, peers: bool) -> Iterator[Figure]:
    hosts, few, many = sizes["hosts"], sizes["few"], sizes["many"]
    programs = dict(crawls.PROGRAMS)
    if fast:
        del programs[crawls.BARE], programs[crawls.ROW]
    if peers:
        programs |= OTHERS
    with running_web(hosts) as port:
        found = {
            name: crawls.measure(name, run, folder, port, hosts=hosts, few=few, many=many)
            for name, run in programs.items()
        }
    peer = found[crawls.PEER].page_ms
    for name, crawled in found.items():
        yield Figure("page", name, "ms", crawled.page_ms, crawled.page_ms / peer, crawled)
    pollers = {polls.SCRAPY: polls.scrapy_command} | (POLLERS if peers else {})
    for what, name, scrapy_name in (
        ("once", "304", "scrapy"),
        ("still", "unchanged 200", "scrapy + feedparser"),
    ):
        names = {polls.SCRAPY: scrapy_name}
        for polled in polls.measure(
            *(what, folder / what),
            hosts=5,
            interval_s=0.2,
            polls=sizes["polls"],
            peers=pollers,
        ):
            who = names.get(polled.who, polled.who)
            yield Figure(name, who, "ms", polled.poll_ms, polled.ratio, polled)
    rates = {who: _written(who, sizes["written"]) for who in ("ours", "peer")}
    for who, name in (("ours", "ours"), ("peer", "sqlite-utils")):
        rate = rates[who]
        yield Figure("written", name, "articles/CPU s", rate, rates["peer"] / rate, None)


def _written(who: str, count: int) -> float:
    words = [sys.executable, "-P", "-m", "benchmarks.speed.writing", who, str(count)]
    return float(cost_json(words, ROOT)["articles_per_cpu_s"])


if __name__ == "__main__":
    sys.exit(main())
