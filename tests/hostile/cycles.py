"""What the product does to its files, as cycles that a fault may end at any step.

Each makes a folder ready, does its work in a child process, and says what is wrong afterwards: it
is done again without a fault, as the next start would, and then nothing may be lost, doubled, or
reported that isn't so.
"""

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

from archive.articles.save import save_article
from archive.database.connect import connect, transaction
from archive.entries.owed import file_entry
from archive.errors import BroadsheetError
from archive.files.orders import write_owed
from archive.folder import DataFolder
from archive.migrate import migrate
from archive.model import Article, Declaration, Entry, RawPage, Validators
from archive.pages.store import PageStore
from archive.schema import SCHEMA_VERSION
from archive.sources.declarations import declare
from archive.upkeep.backup import backup, restore
from archive.upkeep.forgetting import find_target, forget
from archive.upkeep.merge.merge import merge, opened
from archive.upkeep.merge.takedown import plan_takedown
from archive.upkeep.verify.check import Scope, check
from archive.upkeep.verify.damage import DamageKind
from config.model import ArchiveSettings, Config, CrawlSettings, Source
from crawler.fetch.desk_local import LocalDesk
from crawler.fetch.options import Options
from crawler.fetch.tasks import Announced, Answered, Extracted, Listed, PageTask, Poll
from tests.archive.schemas import FOLDER as SCHEMAS
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

    def turn_s(self, host: str) -> float:
        return 0.0


def _extracted(url: str, title: str = "") -> Extracted:
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
                await desk.done(task, _extracted(task.url))
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


def fill(data: Path, *urls: str) -> None:
    """An archive of these, with files and raw pages."""
    data.mkdir(parents=True, exist_ok=True)
    with (
        closing(connect(DataFolder(data).archive)) as conn,
        closing(PageStore(DataFolder(data).pages)) as pages,
    ):
        migrate(conn, NOW)
        with transaction(conn):
            declare(conn, [Declaration(id="a", name="A", url=f"{WEB}feed", kind="feed")], now=NOW)
        for url in urls:
            made = _extracted(url)
            page_id = pages.save(made.raw[0])
            with transaction(conn):
                entry = file_entry(conn, Entry(url=url, raw_url=url), "a", now=NOW)
                saved = save_article(conn, made.article, entry=entry, now=NOW, page_id=page_id)
            assert saved.article_id is not None
            pages.link(page_id, saved.article_id)
        write_owed(conn, data / "articles")


@dataclass(frozen=True)
class Backup:
    """A backup over an older one: the new one is whole, or the old one is there."""

    def prepare(self, folder: Path) -> None:
        fill(folder / "data", f"{WEB}1")
        backup(folder / "data", folder / "b.tar", now=NOW)
        fill(folder / "data", f"{WEB}2", f"{WEB}3")

    def run(self, folder: Path, report: Report) -> None:
        backup(folder / "data", folder / "b.tar", now=NOW)
        report("made")

    def problems(self, folder: Path, reported: set[str]) -> Iterator[str]:
        yield from verified(folder / "data")
        brought = restore(folder / "b.tar", folder / "new")
        if brought.articles not in ((3,) if reported else (1, 3)):
            yield f"the backup has {brought.articles} articles, reported {reported}"
        backup(folder / "data", folder / "b.tar", now=NOW)
        if restore(folder / "b.tar", folder / "again").articles != 3:
            yield "a backup after the fault is not whole"


@dataclass(frozen=True)
class Restore:
    """A backup brought back over an archive that is moved aside."""

    def prepare(self, folder: Path) -> None:
        fill(folder / "other", f"{WEB}1", f"{WEB}2")
        backup(folder / "other", folder / "b.tar", now=NOW)
        fill(folder / "data", f"{WEB}3")

    def run(self, folder: Path, report: Report) -> None:
        restore(folder / "b.tar", folder / "data", aside=folder / "data/aside")
        report("restored")

    def problems(self, folder: Path, reported: set[str]) -> Iterator[str]:
        data = folder / "data"
        there = {True: 2, False: 0}[reported == {"restored"}]
        if reported and len(rows(data, "SELECT 1 FROM articles")) != there:
            yield "restored, and the articles are not there"
        aside = folder / "data/aside2" if DataFolder(data).archive.exists() else None
        restore(folder / "b.tar", data, aside=aside)
        if len(rows(data, "SELECT 1 FROM articles")) != 2:
            yield "restoring again doesn't bring the articles"
        kept = [
            p for p in (data / "aside", data / "aside2", data) if DataFolder(p).archive.exists()
        ]
        urls = {str(row[0]) for place in kept for row in rows(place, "SELECT url FROM articles")}
        if urls != {f"{WEB}1", f"{WEB}2", f"{WEB}3"}:
            yield f"the archive that was there is lost: {urls}"


@dataclass(frozen=True)
class Merge:
    """Another archive brought in, one article of it known."""

    def prepare(self, folder: Path) -> None:
        fill(folder / "data", f"{WEB}1", f"{WEB}2")
        fill(folder / "other", f"{WEB}2", f"{WEB}3", f"{WEB}4")

    def run(self, folder: Path, report: Report) -> None:
        data = folder / "data"
        with (
            closing(connect(DataFolder(data).archive)) as ours,
            opened(ours, folder / "other") as pair,
        ):
            merge(pair, data, plan_takedown(pair.ours, pair.theirs), now=NOW)
            write_owed(ours, data / "articles")
        report("merged")

    def problems(self, folder: Path, reported: set[str]) -> Iterator[str]:
        data = folder / "data"
        yield from verified(data, allowed=OWED)
        self.run(folder, lambda _: None)
        yield from verified(data)
        yield from verified(folder / "other")
        found = sorted(str(row[0]) for row in rows(data, "SELECT url FROM articles"))
        if found != [f"{WEB}{n}" for n in (1, 2, 3, 4)]:
            yield f"articles: {found}"


@dataclass(frozen=True)
class Forget:
    """A takedown: afterwards no byte of it is left."""

    url: str = f"{WEB}2"

    def prepare(self, folder: Path) -> None:
        fill(folder / "data", f"{WEB}1", self.url, f"{WEB}3")

    def run(self, folder: Path, report: Report) -> None:
        data = folder / "data"
        with (
            closing(connect(DataFolder(data).archive)) as conn,
            closing(PageStore(DataFolder(data).pages)) as pages,
        ):
            found = find_target(conn, self.url, (self.url,))
            forget(conn, found, reason="asked", now=NOW)
            written = write_owed(conn, data / "articles")
            pages.forget(found.article_id, found.addresses)
            if not written.problems:
                report("forgotten")

    def problems(self, folder: Path, reported: set[str]) -> Iterator[str]:
        data = folder / "data"
        if reported:
            yield from self._left(data)
        yield from verified(
            data, allowed=OWED | {DamageKind.PAGE_OF_FORGOTTEN_ARTICLE, DamageKind.PAGE_MISSING}
        )
        self.run(folder, lambda _: None)
        yield from self._left(data)
        yield from verified(data)

    def _left(self, data: Path) -> Iterator[str]:
        word = text_of(self.url).split()[10].encode()
        for path in data.rglob("*"):
            if path.is_file() and word in path.read_bytes():
                yield f"{path.name} still has words of what was forgotten"
        if rows(data, f"SELECT 1 FROM articles WHERE url = '{self.url}'"):
            yield "the article is still there"


@dataclass(frozen=True)
class Migrate:
    """An archive of the first schema, which has 2 articles, and 20 more, upgraded."""

    def prepare(self, folder: Path) -> None:
        (folder / "data").mkdir(parents=True)
        with closing(sqlite3.connect(folder / "data/archive.db")) as conn:
            conn.executescript((SCHEMAS / "0001.sql").read_text("utf-8"))
            conn.execute("PRAGMA journal_mode = WAL").fetchall()
            with conn:
                conn.execute(
                    "INSERT INTO sources(id, name, url) VALUES ('a', 'A', 'https://a.example.com/')"
                )
                conn.executemany(
                    "INSERT INTO articles(url, source_id, source_name, title, published,"
                    " published_from, fetched, checked, text, markdown, word_count, content_hash,"
                    " text_hash) VALUES (?, 'a', 'A', 'T', '2026-11-23T08:00:00Z', 'meta',"
                    " '2026-11-23T08:00:00Z', '2026-11-23T08:00:00Z', 'x', 'x', 1, '', '')",
                    [(f"{WEB}{n}",) for n in range(20)],
                )

    def run(self, folder: Path, report: Report) -> None:
        with closing(connect(folder / "data/archive.db")) as conn:
            migrate(conn, NOW)
        report("migrated")

    def problems(self, folder: Path, reported: set[str]) -> Iterator[str]:
        data = folder / "data"
        version = rows(data, "PRAGMA user_version")[0][0]
        if version != SCHEMA_VERSION and (version != 1 or reported):
            yield f"schema {version}, reported {reported}"
        self.run(folder, lambda _: None)
        if rows(data, "SELECT count(*) FROM articles") != [(22,)]:
            yield "an article is lost"
        if rows(data, "PRAGMA integrity_check") != [("ok",)]:
            yield "the upgraded archive is damaged"
        with closing(sqlite3.connect(data / f"archive.db.before-{SCHEMA_VERSION}")) as copy:
            if copy.execute("SELECT count(*) FROM articles").fetchone() != (22,):
                yield "the copy that was made before is not whole"


CYCLES: dict[str, Cycle] = {
    "crawl": Crawl(),
    "first-crawl": FirstCrawl(),
    "backup": Backup(),
    "restore": Restore(),
    "merge": Merge(),
    "forget": Forget(),
    "migrate": Migrate(),
}
# Loses what it reported when the power fails, as its docs say: whether the shim sees that.
UNSAFE: dict[str, Cycle] = {"unsafe": Crawl(synchronous="normal")}
