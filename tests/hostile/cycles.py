"""What the product does to its files, as cycles that a fault may end at any step.

Each makes a folder ready, does its work in a child process, and says what is wrong afterwards: it
is done again without a fault, as the next start would, and then nothing may be lost, doubled, or
reported that isn't so.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from archive.articles.save import save_article
from archive.database.connect import connect, transaction
from archive.entries.owed import file_entry
from archive.files.orders import write_owed
from archive.folder import DataFolder
from archive.migrate import migrate
from archive.model import Declaration, Entry
from archive.pages.store import PageStore
from archive.schema import SCHEMA_VERSION
from archive.sources.declarations import declare
from archive.upkeep.backup import backup, restore
from archive.upkeep.forgetting import find_target, forget
from archive.upkeep.merge.merge import merge, opened
from archive.upkeep.merge.takedown import plan_takedown
from archive.upkeep.verify.damage import DamageKind
from tests.archive.schemas import FOLDER as SCHEMAS
from tests.hostile.crawl_cycle import (
    NOW,
    OWED,
    WEB,
    Crawl,
    Cycle,
    FirstCrawl,
    Report,
    extracted,
    rows,
    text_of,
    verified,
)


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
            made = extracted(url)
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
