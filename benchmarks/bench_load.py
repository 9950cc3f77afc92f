"""A day's load four times over through one daemon, while 10 % of all answers fail.

    .venv/bin/python benchmarks/bench_load.py [--articles N] [--folder F]

20,000 articles of 7 hosts in 70 sources of the newsroom. Every tenth answer, feeds included, is a
500, 502 or 503, a closed connection, silence beyond the timeout, half a page or half a header.
Exit 1 where
 - an article is lost, doubled, has two versions or no file, or the archive fails `verify`,
 - an entry doesn't end within --hang-s seconds of the last one that did,
 - main takes more than 250 MB, or the daemon doesn't end cleanly.
CPU is told, not judged.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.peaks import Peaks  # noqa: E402
from benchmarks.soak.running import running  # noqa: E402
from tests.site.process import Site, running_site  # noqa: E402

HOSTS = ("ledger", "haichuan", "jinling", "taiping", "wire", "magazine", "plain")
SOURCES = 10  # of a host
FAILING_PERCENT = 10
MAX_MAIN_MB = 250.0
HANG_S = 300.0
LOOK_S = 2.0
CONFIG = """\
[crawl]
allow_networks = ["127.0.0.0/8"]
download_delay_s = 0
timeout_s = 3
retry = ["2s", "5s", "10s", "20s", "40s", "60s"]
look_again = []
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, help="keep config, archive and log here")
    parser.add_argument("--hang-s", type=float, default=HANG_S)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, running_site() as site:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        site.post({"do": "fail_often", "percent": FAILING_PERCENT})
        faults = [*_load(site, folder, options.articles, options.hang_s)]
    print("\n".join(faults) or "nothing lost, nothing doubled, all within bounds")
    return 1 if faults else 0


def _load(site: Site, folder: Path, articles: int, hang_s: float) -> Iterator[str]:
    config, data = folder / "broadsheet.toml", folder / "data"
    count = _write_config(config, site, articles)
    begun = time.monotonic()
    where = ["--config", str(config), "--data", str(data)]
    with running(["crawler.run.cli", "daemon", *where], folder / "log") as daemon:
        peaks = Peaks.of(daemon.pid)
        yield from _await(daemon, data / "archive.db", count, hang_s)
        print("status, while it runs: " + _troubled(_command("status", *where)[1]))
        peaks.look()
        peaks.stop()
    failed = site.post({"do": "fail_often", "percent": 0})
    print(f"answers that failed: {sum(map(int, map(str, failed.values()))):,} {failed}")
    print(
        f"main: peak {peaks.main_mb:.0f} MB, CPU {peaks.main_cpu_s:.0f} s; the largest worker"
        f" {peaks.worker_mb:.0f} MB, workers' CPU {peaks.workers_cpu_s:.0f} s;"
        f" {time.monotonic() - begun:.0f} s in all at load {os.getloadavg()[0]:.1f}"
    )
    if daemon.returncode != 0:
        yield f"the daemon ended with exit code {daemon.returncode}: see {folder / 'log'}"
    if peaks.main_mb > MAX_MAIN_MB:
        yield f"main took {peaks.main_mb:.0f} MB"
    yield from _wrong(data, count)
    code, told = _command("verify", *where)
    if code:
        yield f"verify: {told}"


def _write_config(path: Path, site: Site, articles: int) -> int:
    """Sources of distinct articles; their number."""
    each = max(1, articles // (len(HOSTS) * SOURCES))
    tables = []
    for number, (host, part) in enumerate((h, p) for h in HOSTS for p in range(SOURCES)):
        url = site.url(host, f"/bulk/feed.xml?n={each}&start={number * each}")
        tables.append(
            f'\n[[source]]\nid = "{host}{part}"\nname = "{host}"\nurl = "{url}"\ninterval = "30s"\n'
        )
    path.write_text(CONFIG + "".join(tables))
    return each * len(tables)


def _await(daemon: psutil.Popen, archive: Path, count: int, hang_s: float) -> Iterator[str]:
    """Until every entry has ended; a fault where nothing ends for too long."""
    ended, since, told = 0, time.monotonic(), 0
    while ended < count:
        if daemon.poll() is not None:
            yield f"the daemon ended early with exit code {daemon.returncode}"
            return
        if time.monotonic() - since > hang_s:
            yield f"{ended:,} of {count:,} have ended, and none for {hang_s:.0f} s"
            return
        time.sleep(LOOK_S)
        now = _count(archive, "SELECT count(*) FROM entries WHERE state <> 'owed'")
        if now != ended:
            ended, since = now, time.monotonic()
        if ended * 10 // count > told:
            told = ended * 10 // count
            print(f"{ended:,} of {count:,} have ended", flush=True)


def _wrong(data: Path, count: int) -> Iterator[str]:
    archive = data / "archive.db"
    stored = _count(archive, "SELECT count(*) FROM articles")
    distinct = _count(archive, "SELECT count(DISTINCT url) FROM articles")
    texts = _count(archive, "SELECT count(DISTINCT content_hash) FROM articles")
    versions = _count(archive, "SELECT count(*) FROM revisions")
    files = sum(1 for _ in (data / "articles").rglob("*.md"))
    retried = _count(archive, "SELECT coalesce(sum(attempts), 0) FROM entries")
    visits = _rows(archive, "SELECT coalesce(status, error), count(*) FROM visits GROUP BY 1")
    lost, doubled = count - distinct, stored - min(distinct, texts)
    print(
        f"{stored:,} archived, {lost} lost, {doubled} doubled, {versions:,} versions, {files:,}"
        f" files; {retried:,} tries of entries failed; visits {dict(visits)}"
    )
    for number, what in (
        (lost, "lost"),
        (doubled, "doubled"),
        (versions - count, "versions too many"),
        (count - files, "files missing"),
    ):
        if number:
            yield f"{number} {what}"
    ended = _rows(archive, "SELECT state, reason, count(*) FROM entries GROUP BY 1, 2")
    if len(ended) > 1:
        yield f"entries: {ended}"


def _command(*words: str) -> tuple[int, str]:
    """The exit code of a command and what it said."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "crawler.run.cli", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def _troubled(status: str) -> str:
    """What `status` says in all, and of the sources that are not well."""
    return "\n".join(line for line in status.splitlines()[2:] if line and "  ok  " not in line)


def _count(archive: Path, query: str) -> int:
    return int(_rows(archive, query)[0][0])


def _rows(archive: Path, query: str) -> list[tuple[Any, ...]]:
    """Nothing as yet counts as 0."""
    try:
        with closing(sqlite3.connect(f"file:{archive}?mode=ro", uri=True, timeout=10)) as conn:
            return conn.execute(query).fetchall()
    except sqlite3.OperationalError:
        return [(0,)]


if __name__ == "__main__":
    sys.exit(main())
