"""What an archive of some size costs who asks it: commands, pages, bytes."""

from __future__ import annotations

import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

from benchmarks.cpu import Cost
from benchmarks.speed.measure import broadsheet, cost_of
from tests.archive.web.browsing import Browser

COMMANDS = {
    "search": ("search", "copper concentrate"),
    "show URL": ("show", "https://o3.example.com/300"),
    "status": ("status",),
    "stats": ("stats",),
}
PAGES = {
    "front page": "/",
    "latest": "/-/latest",
    "search page": "/-/search?q=copper",
    "an article": "/-/article/1",
    "table articles": "/archive/articles",
    "table revisions": "/archive/revisions",
}


def measure(folder: Path) -> dict[str, float]:
    """Processor time in milliseconds of each command and page; bytes an article."""
    found = {f"{name}, ms": _command(folder, *words) for name, words in COMMANDS.items()}
    with Browser(folder / "archive.db") as browser:
        browser.get("/-/latest")  # what only the first one pays
        for name, path in PAGES.items():
            found[f"{name}, ms"] = _page(browser, path)
    found["bytes an article"] = _bytes(folder / "archive.db")
    return found


def _command(folder: Path, *words: str) -> float:
    where = ("--config", str(folder / "broadsheet.toml"), "--data", str(folder))
    cost: Cost = cost_of(broadsheet(*words, *where), folder / "log", exits=(0, 1))
    return cost.cpu_s * 1000


def _page(browser: Browser, path: str) -> float:
    began = time.process_time()
    answer = browser.get(path)
    took = (time.process_time() - began) * 1000
    if answer.status_code != 200:
        sys.exit(f"{path}: HTTP {answer.status_code}")
    return round(took, 1)


def _bytes(path: Path) -> float:
    with closing(sqlite3.connect(path)) as conn:
        articles = conn.execute("SELECT count(*) FROM articles").fetchone()[0]
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return round(path.stat().st_size / articles)
