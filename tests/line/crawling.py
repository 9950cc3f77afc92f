"""Run the news spider over a config in this process, looked at from inside; prints JSON.

python -P -m tests.line.crawling WAY CONFIG DATA     WAY: counting, broken or alone
"""

from __future__ import annotations

import gc
import json
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scrapy.crawler import Crawler

from config.load import load_config
from crawler.fetch.crawl import Crawl, crawl_opened
from crawler.fetch.options import Options
from crawler.run.crawling import run_spider
from tests.crawler.fetch.desk_memory import Ledger, MemoryDesk

_CHANGES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class Broken:
    """A pool whose every reading raises, as one whose workers can't start does."""

    async def read(self, *_: object, **__: object) -> object:
        raise RuntimeError("All workers expired")


def count(conn: sqlite3.Connection, name: str, counted: Counter[str]) -> None:
    """Count the write transactions of a connection from now on."""

    def note(statement: str) -> None:
        begun = statement.startswith("BEGIN IMMEDIATE")
        alone = not conn.in_transaction and statement.lstrip().startswith(_CHANGES)
        counted[name] += begun or alone

    conn.set_trace_callback(note)


def counting(config: Path, data: Path) -> dict[str, Any]:
    counted: Counter[str] = Counter({"archive.db": 0, "pages.db": 0})

    def start(crawled: Crawl) -> None:
        archive = crawled.house.archive
        assert archive.pages is not None
        pages = archive.pages
        archive.writer.call(lambda _: count(pages._conn, "pages.db", counted))
        archive.writer.call(count, "archive.db", counted)

    crawl(config, data, start)
    return dict(counted)


def broken(config: Path, data: Path) -> dict[str, Any]:
    def start(crawled: Crawl) -> None:
        crawled.visits._pool = Broken()  # type: ignore[assignment]

    crawled = crawl(config, data, start)
    return {"answered": crawled.house.tallies.all_answered()}


def alone(config: Path, data: Path) -> dict[str, Any]:
    ledger = Ledger()
    for source in load_config(config).enabled():
        ledger.visit(source)
    crawl(config, data, lambda _: None, ledger)
    forms = {i: owed.outcomes[0].form for i, owed in ledger.owed.items() if owed.outcomes}
    still = sum(owed.is_open for owed in ledger.owed.values())
    return {"forms": forms, "open": still, "kept": gc.get_freeze_count()}


def crawl(
    config: Path, data: Path, start: Callable[[Crawl], None], ledger: Ledger | None = None
) -> Crawl:
    loaded = load_config(config)
    options = Options(
        config=loaded,
        data=data,
        markdown_dir=data / "articles",
        sources=loaded.enabled(),
        command="test",
        desk=MemoryDesk(ledger) if ledger else None,
    )

    def attach(crawler: Crawler) -> None:
        crawler.signals.connect(lambda crawl: start(crawl), crawl_opened, weak=False)

    return run_spider("news", options, on_crawler=attach)


if __name__ == "__main__":
    ways = {"counting": counting, "broken": broken, "alone": alone}
    print(json.dumps(ways[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))))
