"""What storing an article costs: `python -P -m benchmarks.speed.writing ours|peer ARTICLES`.

`ours` books extracted articles as a crawl does, 16 at a time: raw page, row, versions, aliases,
search index, near copies, what the outlet's articles have in common, the entry's end, the Markdown
file. `peer` is sqlite-utils with a row, its full-text index and a file, one article a transaction.
Prints one line of JSON: articles a second of processor time, of the whole process.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import sqlite_utils

from archive.entries import attempts
from archive.entries.announcing import announce
from archive.model import Article, Entry, RawPage, Validators, Visit
from benchmarks.speed.pages import page
from config.model import Config, MarkdownSettings, Source
from crawler.extract.page import Page
from crawler.extract.with_entry import extract_page
from crawler.fetch.desk_local import LocalDesk
from crawler.fetch.http.clock import CLOCK
from crawler.fetch.options import Options
from crawler.fetch.tasks import Extracted, PageTask

HOSTS, AT_ONCE = 20, 16
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


class Nobody:
    """Who listens to nothing."""

    def visited(self, source_id: str, next_due: datetime | None) -> None: ...

    def hub_named(self, source_id: str, hub: str, topic: str) -> None: ...


def _extracted(count: int) -> Iterator[tuple[Source, Entry, Article, bytes]]:
    for number in range(count):
        host = number % HOSTS
        home = f"https://h{host}.example.org"
        source = Source(id=f"h{host}", name=f"Host {host}", url=f"{home}/feed", kind="feed")
        url = f"{home}/p/{number}"
        entry = Entry(source_id=source.id, guid=url, url=url, raw_url=url, title="")
        body = page(host, number)
        given = Page(url=url, body=body, fetched=NOW, source=source, entry=entry)
        article = extract_page(given)
        if isinstance(article, Article):
            yield source, entry, article, body


async def store_articles(count: int, folder: Path) -> float:
    """Book so many articles as a crawl does; give how many a second of processor time."""
    made = list(_extracted(count))
    sources = tuple({source.id: source for source, *_ in made}.values())
    config = Config(source=sources, markdown=MarkdownSettings())
    options = Options(
        config=config,
        data=folder,
        markdown_dir=folder / "articles",
        sources=sources,
        command="speed",
    )
    desk = LocalDesk(options, clock=CLOCK, listener=Nobody())
    writer = desk.archive.writer
    for source in sources:
        entries = [entry for own, entry, *_ in made if own is source or own.id == source.id]
        visit = Visit(
            source_id=source.id, at=NOW, status=200, validators=Validators(url=source.url)
        )
        await writer.run(announce, visit, entries, now=NOW)
    tasks = [await _task(desk, *parts) for parts in made]
    room = asyncio.Semaphore(AT_ONCE)

    async def book(task: PageTask, outcome: Extracted) -> None:
        async with room:
            assert await desk.books.page(task, outcome, now=NOW) is not None

    began = time.process_time()
    await asyncio.gather(*(book(*pair) for pair in tasks))
    rate = len(tasks) / (time.process_time() - began)
    await desk.close("finished")
    return rate


async def _task(
    desk: LocalDesk, source: Source, entry: Entry, article: Article, body: bytes
) -> tuple[PageTask, Extracted]:
    reader, writer = desk.archive.reader, desk.archive.writer
    entry_id = await reader.run(
        lambda conn: conn.execute("SELECT id FROM entries WHERE url = ?", (entry.url,)).fetchone()[
            0
        ]
    )
    raised = await writer.run(attempts.raise_entries, [entry_id])
    raw = RawPage(
        url=entry.url, source_id=source.id, fetched=NOW, status=200, headers=(), body=body
    )
    task = PageTask(
        source=source,
        attempt=raised[entry_id],
        delay_s=0,
        live=lambda: True,
        entry=replace(entry, id=entry_id, attempt=raised[entry_id]),
    )
    outcome = Extracted(
        article=article,
        addresses=(entry.url,),
        page=Validators(url=entry.url),
        raw=(raw,),
        fetched=NOW,
    )
    return task, outcome


def _peer(count: int, folder: Path) -> float:
    made = list(_extracted(count))
    database = sqlite_utils.Database(folder / "peer.db")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    began = time.process_time()
    for number, (_, entry, article, _) in enumerate(made):
        row = {"url": entry.url, "title": article.title, "text": article.text}
        table = database["articles"].insert(row, pk="url")
        if not number:
            table.enable_fts(["title", "text"], create_triggers=True)
        (folder / f"{number}.md").write_text(f"# {article.title}\n\n{article.markdown}\n")
    return len(made) / (time.process_time() - began)


def main() -> None:
    who, count = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        if who == "ours":
            rate = asyncio.run(store_articles(count, Path(folder)))
        else:
            rate = _peer(count, Path(folder))
    print(json.dumps({"who": who, "articles_per_cpu_s": round(rate, 1)}))


if __name__ == "__main__":
    main()
