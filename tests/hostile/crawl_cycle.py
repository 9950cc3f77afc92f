"""A crawl as a cycle that a fault may end at any step; what every cycle is asked afterwards."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol

from archive.database.connect import connect
from archive.errors import BroadsheetError
from archive.folder import DataFolder
from archive.model import Article, Entry, RawPage, Validators
from archive.upkeep.verify.check import Scope, check
from archive.upkeep.verify.damage import DamageKind
from config.model import ArchiveSettings, Config, CrawlSettings, Source
from crawler.fetch.desk_local import LocalDesk
from crawler.fetch.options import Options
from crawler.fetch.tasks import Announced, Answered, Extracted, Listed, PageTask, Poll
from tests.crawler.fetch.harness import Nobody, StoppedClock

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
WEB = "https://a.example.com/"
Report = Callable[[str], None]
# What a killed process leaves to the next start, which does it by itself.
OWED = frozenset({DamageKind.FILE_NOT_WRITTEN})
FAILED = (BroadsheetError, sqlite3.Error, OSError)


class Cycle(Protocol):
    """`run` reports what it was told is done; `problems` looks after the fault is over."""

    def prepare(self, folder: Path) -> None: ...
    def run(self, folder: Path, report: Report) -> None: ...
    def problems(self, folder: Path, reported: set[str]) -> Iterator[str]: ...


def text_of(url: str) -> str:
    """A text of its own for each address, so that none is a copy."""
    seed = sum(url.encode())
    return f"On {url} it says " + " ".join(f"w{seed * 100 + n}" for n in range(60)) + "."


def verified(data: Path, *, allowed: frozenset[DamageKind] = frozenset()) -> Iterator[str]:
    """What `verify --full` finds."""
    scope = Scope(data=data, directory=data / "articles", full=True)
    for damage in check(scope, now=NOW):
        if damage.kind not in allowed:
            yield f"{damage.kind.value}: {damage.where} {damage.detail}"


def rows(data: Path, query: str) -> list[tuple[object, ...]]:
    with closing(connect(DataFolder(data).archive, readonly=True)) as conn:
        return [tuple(row) for row in conn.execute(query)]


class AllRoom:
    """A worker that takes whatever it is given."""

    def takes_poll(self, host: str, source_id: str, *, probe: bool) -> bool:
        return True

    def takes_page(self, host: str, source_id: str) -> bool:
        return True

    def takes_recheck(self, host: str, source_id: str) -> bool:
        return True

    def hold_s(self, host: str) -> float:
        return 0.0

    def delay_s(self, host: str) -> float:
        return 0.0

    def turn_s(self, host: str) -> float:
        return 0.0


def extracted(url: str, title: str = "") -> Extracted:
    """What a worker makes of an address."""
    text = text_of(url)
    article = Article(
        url=url,
        title=title or f"Title of {url}",
        text=text,
        markdown=text,
        published=NOW,
        published_from="meta",
    )
    raw = RawPage(url=url, source_id="a", fetched=NOW, status=200, headers=(), body=text.encode())
    return Extracted(article=article, addresses=(url,), raw=(raw,))


async def crawl(
    data: Path,
    urls: tuple[str, ...],
    report: Report,
    *,
    synchronous: Literal["full", "normal"] = "full",
) -> None:
    """Announce, save and file, as a crawl does: all of the house, a worker without a network."""
    source = Source(id="a", name="A", url=f"{WEB}feed", since="all")
    config = Config(
        archive=ArchiveSettings(synchronous=synchronous),
        crawl=CrawlSettings(look_again=()),
        source=(source,),
    )
    desk = LocalDesk(
        Options(
            config=config,
            data=data,
            markdown_dir=data / "articles",
            sources=config.source,
            command="crawl",
        ),
        clock=StoppedClock(),
        listener=Nobody(),
    )
    try:
        await desk.open()
        async for task in desk.tasks(AllRoom()):
            if isinstance(task, Poll):
                entries = tuple(Entry(url=url, raw_url=url, title="") for url in urls)
                listed = Listed(document="feed", entries=entries, found=len(urls))
                answered = Answered(status=200, validators=Validators(url=source.url, etag="e"))
                await desk.done(
                    task, Announced(at=NOW, seconds=0.1, answered=answered, listed=listed)
                )
            else:
                assert isinstance(task, PageTask)
                await desk.done(task, extracted(task.url))
                report(task.url)
        await desk.close("finished")
        report("finished")
    except BaseException:
        with suppress(*FAILED):
            desk.abandon()
        raise


@dataclass(frozen=True)
class Crawl:
    """A visit that announces, pages that are saved, files that are written."""

    urls: tuple[str, ...] = (f"{WEB}3", f"{WEB}4")
    synchronous: Literal["full", "normal"] = "full"

    def prepare(self, folder: Path) -> None:
        asyncio.run(crawl(folder / "data", (f"{WEB}1", f"{WEB}2"), lambda _: None))

    def run(self, folder: Path, report: Report) -> None:
        asyncio.run(crawl(folder / "data", self.urls, report, synchronous=self.synchronous))

    def problems(self, folder: Path, reported: set[str]) -> Iterator[str]:
        data = folder / "data"
        yield from verified(data, allowed=OWED)
        stored = {str(row[0]) for row in rows(data, "SELECT url FROM articles")}
        for url in reported - {"finished"} - stored:
            yield f"{url} was reported stored and is not"
        asyncio.run(crawl(data, self.urls, lambda _: None))
        yield from verified(data)
        yield from self._counted(data)

    def _counted(self, data: Path) -> Iterator[str]:
        wanted = Counter((f"{WEB}1", f"{WEB}2", *self.urls))
        found = Counter(str(row[0]) for row in rows(data, "SELECT url FROM articles"))
        if found != wanted:
            yield f"articles: {found}, wanted {wanted}"
        versions = "SELECT article_id FROM revisions GROUP BY 1 HAVING count(*) > 1"
        yield from (f"article {row[0]} has two versions" for row in rows(data, versions))
        owed = "SELECT url, state, reason FROM entries WHERE state <> 'archived'"
        yield from (f"entry {row}" for row in rows(data, owed))
        if len(list((data / "articles").rglob("*.md"))) != len(wanted):
            yield "a file is missing, or one too many"


@dataclass(frozen=True)
class FirstCrawl(Crawl):
    """The same in a folder that has no archive yet."""

    def prepare(self, folder: Path) -> None:
        (folder / "data").mkdir(parents=True)

    def run(self, folder: Path, report: Report) -> None:
        asyncio.run(crawl(folder / "data", (f"{WEB}1", f"{WEB}2"), report))

    def problems(self, folder: Path, reported: set[str]) -> Iterator[str]:
        data = folder / "data"
        stored: set[str] = set()
        with suppress(BroadsheetError, sqlite3.Error):  # it may not be there yet
            stored = {str(row[0]) for row in rows(data, "SELECT url FROM articles")}
        for url in reported - {"finished"} - stored:
            yield f"{url} was reported stored and is not"
        asyncio.run(crawl(data, (f"{WEB}1", f"{WEB}2"), lambda _: None))
        asyncio.run(crawl(data, self.urls, lambda _: None))
        yield from verified(data)
        yield from self._counted(data)
