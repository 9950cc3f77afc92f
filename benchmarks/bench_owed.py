"""100,000 owed entries: what they cost in memory, and what a slow host costs the others.

    .venv/bin/python benchmarks/bench_owed.py [--entries N]

Runs `broadsheet daemon` on loopback twice: with nothing owed, and with N entries owed on hosts that
ask for a Crawl-delay of 60 s; compares the peak resident size of the main process, and measures how
late another host's polls are. Exit 1 above 30 MB or 2 s.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import psutil  # noqa: E402

from tests.site.process import Site, running_site  # noqa: E402

MAX_MB, MAX_LATE_S, INTERVAL_S, RUN_S = 30, 2.0, 2, 40


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=100_000)
    entries = parser.parse_args().entries
    with running_site() as site:
        site.post({"do": "robots", "host": "slow", "text": "User-agent: *\nCrawl-delay: 60\n"})
        empty, late_empty = _measure(site, 0)
        full, late_full = _measure(site, entries)
    print(f"peak RSS: {empty:.1f} MB with nothing owed, {full:.1f} MB with {entries:,} owed")
    print(f"latest poll of another host: {late_empty:.2f} s and {late_full:.2f} s late")
    return 0 if full - empty < MAX_MB and late_full < MAX_LATE_S else 1


def _measure(site: Site, owed: int) -> tuple[float, float]:
    """Peak RSS in MB, and the largest lateness of a poll in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        (data / "broadsheet.toml").write_text(_config(site))
        _run(data, 5)  # makes the archive
        if owed:
            _owe(data, site, owed)
        site.clear_log()
        peak = _run(data, RUN_S)
        polls = [r["monotonic"] for r in site.requests("plain", "/bulk/feed.xml")]
        gaps = [later - earlier for earlier, later in pairwise(polls)]
        print(f"{owed:,} owed: {len(polls)} polls, {len(site.requests('slow'))} slow requests")
        return peak, max(gaps) - INTERVAL_S * 1.1


def _config(site: Site) -> str:
    return f"""
[crawl]
allow_networks = ["127.0.0.0/8"]
download_delay_s = 0.1
[[source]]
id = "quick"
name = "Quick"
url = "{site.url("plain", "/bulk/feed.xml?n=1")}"
kind = "feed"
interval = "{INTERVAL_S}s"
[[source]]
id = "slow"
name = "Slow"
url = "{site.url("slow", "/bulk/feed.xml?n=1")}"
kind = "feed"
interval = "1h"
max_owed = 1000000
"""


def _owe(data: Path, site: Site, count: int) -> None:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    conn = sqlite3.connect(data / "archive.db")
    base = site.base("slow")
    rows = (
        (f"{base}/bulk/{n + 10}", f"{base}/bulk/{n + 10}", site.hosts["slow"], now, now)
        for n in range(count)
    )
    with conn:
        conn.executemany(
            "INSERT INTO entries (source_id, url, raw_url, host, announced, not_before)"
            " VALUES ('slow', ?, ?, ?, ?, ?)",
            rows,
        )
    conn.close()


def _run(data: Path, seconds: float) -> float:
    command = [sys.executable, "-P", "-m", "crawler.run.cli", "daemon"]
    where = ["--config", str(data / "broadsheet.toml"), "--data", str(data)]
    with subprocess.Popen([*command, *where], cwd=ROOT, env=dict(os.environ)) as daemon:
        process, peak, end = psutil.Process(daemon.pid), 0, time.monotonic() + seconds
        while time.monotonic() < end:
            peak = max(peak, process.memory_info().rss)
            time.sleep(0.1)
        daemon.terminate()
        daemon.wait(60)
    return peak / 2**20


if __name__ == "__main__":
    sys.exit(main())
