"""What an archive of some size costs who asks it: commands, pages, look-ups, bytes."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import quantiles

from archive.database.connect import connect
from archive.search.answer import find
from benchmarks.copies.stored import lookup_ms
from benchmarks.cpu import Cost
from benchmarks.speed.measure import broadsheet, cost_of
from tests.archive.web.browsing import Browser

COMMANDS = {
    "search": ("search", "copper concentrate"),
    "show URL": ("show", "https://o3.example.com/300"),
    "status": ("status",),
    "stats": ("stats",),
    "coverage": ("coverage",),
    "verify": ("verify",),
}
PAGES = {
    "front page": "/",
    "front page then": "/?as_of=2026-01-02",
    "latest": "/-/latest",
    "a day": "/-/day/2026-01-01",
    "search page": "/-/search?q=copper",
    "an article": "/-/article/1",
    "a source": "/-/source/s3",
    "table articles": "/archive/articles",
    "table revisions": "/archive/revisions",
    "table coverage": "/archive/coverage",
}
QUERIES = (  # of the words of tests.site.bulk: on all articles, on a tenth, on one
    *("the", "output", "copper", "copper concentrate", '"copper concentrate"', "Kestrel Airlines"),
    *(
        "Alder Gdansk",
        "wheat OR copper",
        "title:jet",
        "regulator -Osaka",
        "plan 777",
        "Filing 4711",
    ),
    *("survey brokerages", "memory chips Denver", "source:s3 freight", "jet fuel Penang closed"),
    *(
        "extended facility",
        "guidance",
        "million dollars",
        "2031",
        "analysts expected",
        "basis points",
    ),
)
LOOKED_UP = 100  # articles whose copies are looked for
BIGGEST = 6  # tables and indexes that are told by name


def measure(folder: Path) -> dict[str, float]:
    """Processor time in milliseconds of each command, page and look-up; bytes an article."""
    path = folder / "archive.db"
    found = {f"{name}, ms": _command(folder, *words) for name, words in COMMANDS.items()}
    with Browser(path) as browser:
        browser.get("/-/latest")  # what only the first one pays
        for name, page in PAGES.items():
            found[f"{name}, ms"] = _page(browser, page)
    with closing(connect(path, readonly=True)) as conn:
        found["search p95, ms"] = _search_p95(conn)
        found["near copies looked up, ms"] = round(lookup_ms(conn, _newest(conn)), 2)
    found["backup, s"] = _backup_s(folder)
    return found | dict(_bytes(path))


def _command(folder: Path, *words: str) -> float:
    where = ("--config", str(folder / "broadsheet.toml"), "--data", str(folder))
    cost: Cost = cost_of(broadsheet(*words, *where), folder / "log", exits=(0, 1))
    return round(cost.cpu_s * 1000, 1)


def _page(browser: Browser, path: str) -> float:
    began = time.process_time()
    answer = browser.get(path)
    took = (time.process_time() - began) * 1000
    if answer.status_code != 200:
        sys.exit(f"{path}: HTTP {answer.status_code}")
    return round(took, 1)


def _search_p95(conn: sqlite3.Connection) -> float:
    times = []
    for query in QUERIES:
        began = time.process_time()
        find(conn, query)
        times.append((time.process_time() - began) * 1000)
    return round(quantiles(times, n=20)[-1], 1)


def _newest(conn: sqlite3.Connection) -> list[int]:
    rows = conn.execute("SELECT id FROM articles ORDER BY id DESC LIMIT ?", (LOOKED_UP,))
    return [row["id"] for row in rows]


def _backup_s(folder: Path) -> float:
    copy = folder / "backup.tar"
    try:
        return round(_command(folder, "backup", str(copy)) / 1000, 2)
    finally:
        copy.unlink(missing_ok=True)


def _bytes(path: Path) -> Iterator[tuple[str, float]]:
    """Of the file, and of what takes most of it, an article."""
    with closing(sqlite3.connect(path)) as conn:
        articles = conn.execute("SELECT count(*) FROM articles").fetchone()[0]
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield "bytes an article", round(path.stat().st_size / articles)
        sizes = conn.execute(
            "SELECT name, sum(pgsize) FROM dbstat GROUP BY 1 ORDER BY 2 DESC LIMIT ?", (BIGGEST,)
        )
        for name, size in sizes:
            yield f"bytes of {name}", round(size / articles)
