"""What the reading pages cost in a large archive, now and as of a moment.

    .venv/bin/python benchmarks/bench_web.py --archive FOLDER   # any that exists
    .venv/bin/python benchmarks/bench_web.py [--articles N] [--keep FOLDER]   # or a generated one

Without `--archive` it generates an archive of `--articles` (200,000: some five minutes of CPU and
2.5 GB, removed afterwards but with `--keep`). Asks Datasette, in this process, for each kind of
page `--runs` times (20), each time another one of its kind; what an archive has none of (copies,
mentions) is left out by name. All times are CPU time of the whole answer, template and headers
included. Exit 1 where a page misses its goal: p95 of 50 ms, of search 200; as of a moment four
times that, as the time limit is.
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
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from datasette.app import Datasette  # noqa: E402

from archive.database.times import from_text, to_text  # noqa: E402
from archive.errors import ArchiveError  # noqa: E402
from archive.reader import open_reader  # noqa: E402
from benchmarks.search.queries import QUERIES  # noqa: E402
from benchmarks.web.filling import fill  # noqa: E402

RUNS, GOAL_MS, SEARCH_GOAL_MS, PAST = 20, 50, 200, 4
# How long before an archive's last event the moments are of which its pages are asked
AGES = (timedelta(minutes=10), timedelta(days=1), timedelta(days=30), timedelta(days=180))
_STORIES = (
    "SELECT copy_of FROM articles WHERE copy_of > 0 GROUP BY 1 ORDER BY count(*) DESC LIMIT ?"
)
_CODES = "SELECT code FROM mentions GROUP BY 1 ORDER BY count(*) DESC LIMIT ?"
_SOURCES = "SELECT source_id FROM articles GROUP BY 1 ORDER BY count(*) DESC LIMIT ?"
_REVISED = "SELECT id FROM articles WHERE revision > 1 ORDER BY id DESC LIMIT ?"
_OUTLETS = "SELECT DISTINCT name FROM sources ORDER BY 1 LIMIT ?"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--archive", type=Path, help="an archive that exists: its folder or file")
    parser.add_argument("--articles", type=int, default=200_000, help="of a generated one")
    parser.add_argument("--keep", type=Path, help="the folder for a generated one, which stays")
    parser.add_argument("--runs", type=int, default=RUNS, help="how often each kind is asked for")
    parser.add_argument("--only", default="", help="only kinds of pages whose names begin so")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = options.archive or _generated(options.keep or Path(folder), options.articles)
        file = place / "archive.db" if place.is_dir() else place
        try:
            with closing(open_reader(file)) as conn:
                addresses = dict(_pages(conn, options.runs))
        except ArchiveError as error:
            raise SystemExit(str(error)) from error
        asked = {name: paths for name, paths in addresses.items() if name.startswith(options.only)}
        return asyncio.run(_measure(file, asked))


def _generated(folder: Path, articles: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    fill(folder, articles, now=datetime.now(UTC)).close()
    return folder


async def _measure(file: Path, addresses: dict[str, list[str]]) -> int:
    datasette = Datasette([str(file)], settings={"sql_time_limit_ms": 3000, "num_sql_threads": 3})
    await datasette.invoke_startup()
    missed = 0
    for name, paths in addresses.items():
        if not paths:
            print(f"{name:24} none here", flush=True)
            continue
        times, sizes, statuses = await _ask(datasette, paths)
        p95 = sorted(times)[max(0, round(0.95 * len(times)) - 1)]
        goal = SEARCH_GOAL_MS if name.startswith("search") else GOAL_MS
        goal *= PAST if name.endswith("then") else 1
        good = p95 <= goal and statuses == {200}
        missed += not good
        print(
            f"{name:24} p50 {median(times):7.1f} ms  p95 {p95:7.1f} ms  max {max(times):7.1f} ms"
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


def _pages(conn: sqlite3.Connection, runs: int) -> Iterator[tuple[str, list[str]]]:
    """Give addresses of each kind of page, the same ones for the same archive; then the same as of
    moments, `… then`."""
    kinds = dict(_kinds(conn, runs))
    yield from kinds.items()
    moments = _moments(conn)
    for name, paths in kinds.items():
        if not name.startswith("search page"):
            then = [f"{p}{'&' if '?' in p else '?'}{t}" for p, t in zip(paths, cycle(moments))]
            yield f"{name} then", then if moments else []


def _kinds(conn: sqlite3.Connection, runs: int) -> Iterator[tuple[str, list[str]]]:
    def some(form: str, sql: str) -> list[str]:
        found = [form.format(quote(str(row[0]))) for row in conn.execute(sql, (runs,))]
        return list(islice(cycle(found), runs)) if found else []

    first, newest = conn.execute("SELECT min(id), max(id) FROM articles").fetchone()
    if newest is None:
        raise ArchiveError("the archive has no article: nothing can be measured")
    draw = random.Random(7)
    last = from_text(conn.execute("SELECT max(published) FROM articles").fetchone()[0])
    days = [(last - timedelta(days=n + 1)).date().isoformat() for n in range(runs)]
    yield "front", ["/"] * runs
    yield "front narrowed", some("/?outlet={}", _OUTLETS)
    yield "latest", ["/-/latest"] * runs
    yield "latest narrowed", some("/-/latest?outlet={}", _OUTLETS)
    yield "changes", ["/-/changes"] * runs
    yield "day", [f"/-/day/{day}" for day in days]
    yield "article", [f"/-/article/{draw.randint(first, newest)}" for _ in range(runs)]
    yield "versions", some("/-/article/{}/diff", _REVISED)
    yield "story", some("/-/story/{}", _STORIES)
    yield "source", some("/-/source/{}", _SOURCES)
    yield "sources", ["/-/sources"] * runs
    yield "security", some("/-/security/{}", _CODES)
    yield "securities", ["/-/securities"] * runs
    queries = list(islice(cycle(map(quote, QUERIES)), runs))
    yield "search", [f"/-/search?q={query}" for query in queries]
    yield "search newest", [f"/-/search?q={query}&order=newest" for query in queries]
    yield "search page 50", [f"/-/search?q={query}&page=50" for query in queries]


def _moments(conn: sqlite3.Connection) -> list[str]:
    """Give `as_of=` of moments in which the archive had something."""
    first, last = conn.execute("SELECT min(at), max(at) FROM changes").fetchone()
    if last is None:
        return []
    found = [from_text(last) - age for age in AGES]
    return [f"as_of={to_text(moment)}" for moment in found if to_text(moment) > first]


if __name__ == "__main__":
    sys.exit(main())
