"""What the reading pages cost in a large archive.

    .venv/bin/python benchmarks/bench_web.py [--articles N] [--archive FILE] [--keep FOLDER]

Generates an archive of `--articles` (200,000: some five minutes of CPU and 2.5 GB, removed
afterwards; or takes `--archive`, made by `--keep` before) and asks Datasette, in this process, for
each page 20 times, each time another one of its kind. All times are CPU time of the whole answer,
template and headers included. Exit 1 where a page misses its goal: p95 of 50 ms, of search 200.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from datasette.app import Datasette  # noqa: E402

from benchmarks.search.queries import QUERIES  # noqa: E402
from benchmarks.web.filling import CODES, SOURCES, fill  # noqa: E402

RUNS, GOAL_MS, SEARCH_GOAL_MS = 20, 50, 200


def main() -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--archive", type=Path, help="an archive that --keep left")
    parser.add_argument("--keep", type=Path, help="the folder for the archive, which stays")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = options.archive
        if place is None:
            kept = options.keep or Path(folder)
            kept.mkdir(parents=True, exist_ok=True)
            fill(kept, options.articles, now=datetime.now(UTC)).close()
            place = kept / "archive.db"
        with closing(sqlite3.connect(f"file:{place}?mode=ro", uri=True)) as conn:
            addresses = {name: list(paths) for name, paths in _pages(conn)}
        return asyncio.run(_measure(place, addresses))


async def _measure(place: Path, addresses: dict[str, list[str]]) -> int:
    datasette = Datasette([str(place)], settings={"sql_time_limit_ms": 3000, "num_sql_threads": 3})
    await datasette.invoke_startup()
    missed = 0
    for name, paths in addresses.items():
        times, sizes, statuses = await _ask(datasette, paths)
        p95 = sorted(times)[max(0, round(0.95 * len(times)) - 1)]
        goal = SEARCH_GOAL_MS if name.startswith("search") else GOAL_MS
        good = p95 <= goal and statuses == {200}
        missed += not good
        print(
            f"{name:14} p50 {median(times):6.1f} ms  p95 {p95:6.1f} ms  max {max(times):6.1f} ms"
            f"  {max(sizes) / 1000:5.0f} KB{'' if good else f'  MISSED ({goal} ms; {statuses})'}",
            flush=True,
        )
    return 1 if missed else 0


async def _ask(datasette: Any, paths: list[str]) -> tuple[list[float], list[int], set[int]]:
    """Ask for each page once; before that for the first, so that what is read once is read."""
    await datasette.client.get(paths[0])
    times, sizes, statuses = [], [], set()
    for path in paths:
        begun = time.process_time()
        answer = await datasette.client.get(path)
        times.append((time.process_time() - begun) * 1000)
        sizes.append(len(answer.content))
        statuses.add(answer.status_code)
    return times, sizes, statuses


def _pages(conn: sqlite3.Connection) -> Iterator[tuple[str, list[str]]]:
    """Give RUNS addresses of each kind of page, the same ones for the same archive."""
    draw = random.Random(7)
    newest = int(conn.execute("SELECT max(id) FROM articles").fetchone()[0])
    stories = [
        row[0]
        for row in conn.execute(
            "SELECT copy_of FROM articles WHERE copy_of IS NOT NULL GROUP BY 1"
            " ORDER BY count(*) DESC LIMIT ?",
            (RUNS,),
        )
    ]
    last = datetime.fromisoformat(
        str(conn.execute("SELECT max(published) FROM articles").fetchone()[0])
    )
    yield "front", ["/"] * RUNS
    yield "latest", ["/-/latest"] * RUNS
    yield "changes", ["/-/changes"] * RUNS
    days = [(last - timedelta(days=n + 1)).date().isoformat() for n in range(RUNS)]
    yield "day", [f"/-/day/{day}" for day in days]
    yield "article", [f"/-/article/{draw.randint(1, newest)}" for _ in range(RUNS)]
    yield "story", [f"/-/story/{story}" for story in stories]
    yield "source", [f"/-/source/s{draw.randrange(SOURCES)}" for _ in range(RUNS)]
    yield "sources", ["/-/sources"] * RUNS
    yield "security", [f"/-/security/{draw.choice(CODES)}" for _ in range(RUNS)]
    yield "securities", ["/-/securities"] * RUNS
    queries = (list(QUERIES) * 2)[:RUNS]
    yield "search", [f"/-/search?q={quote(query)}" for query in queries]
    yield "search newest", [f"/-/search?q={quote(query)}&order=newest" for query in queries]
    yield "search page 50", [f"/-/search?q={quote(query)}&page=50" for query in queries]


if __name__ == "__main__":
    sys.exit(main())
