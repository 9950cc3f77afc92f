"""Today's extraction over the stored pages, in the worker processes of a crawl."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from archive.articles.boilerplate import learned
from archive.articles.reextraction import (
    Fate,
    Reread,
    Rereading,
    find_rereading,
    judge_refused,
    reread_article,
)
from archive.articles.save import save_article
from archive.database import runs
from archive.database.connect import transaction
from archive.database.times import to_text
from archive.entries.rechecks import RecheckPlan
from archive.errors import ArchiveError
from archive.files.orders import write_owed
from archive.model import Article, RawPage, Rejection, Validators
from archive.pages.store import PageHead, PageStore
from archive.sources.declarations import source_states
from config.model import Config, Source
from crawler.extract.multipage import join_parts
from crawler.extract.page import Page
from crawler.fetch.house.unannounced import source_of
from crawler.fetch.workers.pool import ExtractionPool
from crawler.text.addresses import canonical_url, same_site
from crawler.text.page_address import file_page

BATCH = 50  # pages stored in one transaction
EXAMPLES = 5  # of each kind of change
AT_ONCE = 32  # pages on their way: enough that no worker waits

FINISHED, INTERRUPTED = "finished", "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which pages are to be read again."""

    source_id: str | None = None
    since: datetime | None = None  # fetched then or later
    dry_run: bool = False

    @property
    def command(self) -> str:
        """The words that name it in the archive's `runs`: the same for the same pages."""
        source = f" --source {self.source_id}" if self.source_id else ""
        since = f" --since {to_text(self.since)}" if self.since else ""
        return f"broadsheet reextract{source}{since}"


@dataclass
class ReextractReport:
    """What came of it: how many of each kind, and some of them."""

    fates: Counter[Fate] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    examples: defaultdict[str, list[Reread]] = field(default_factory=lambda: defaultdict(list))
    unreadable: int = 0
    problems: list[str] = field(default_factory=list)

    def add(self, read: Reread) -> None:
        self.fates[read.fate] += 1
        if read.fate in (Fate.NOW_REFUSED, Fate.ACCEPTED):
            self._show(read.fate.value, read)
        for difference in read.differences:
            self.changes[difference.what] += 1
            self._show(difference.what, replace(read, differences=(difference,)))

    def fail(self, problem: str) -> None:
        self.unreadable += 1
        if len(self.problems) < EXAMPLES:
            self.problems.append(problem)

    def counters(self) -> dict[str, int]:
        """What the archive's `runs` keeps."""
        return {fate.name.lower(): count for fate, count in self.fates.items()}

    def _show(self, kind: str, read: Reread) -> None:
        if len(self.examples[kind]) < EXAMPLES:
            self.examples[kind].append(read)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Extracted:
    rereading: Rereading
    source: Source
    pages: tuple[tuple[int, RawPage], ...] = ()  # with their ids; the first part comes first
    outcome: Article | Rejection | None = None  # None: see `problem`
    problem: str = ""


class Reextraction:
    """One pass over the pages behind page `position`; `run` may be called once.

    `conn` and `pages` are only read where `wanted.dry_run` says so. `watch` is told of every
    page that is done.
    """

    def __init__(
        self,
        conn: sqlite3.Connection,
        pages: PageStore,
        *,
        config: Config,
        markdown_dir: Path,
        wanted: Wanted,
        position: int = 0,
        watch: Callable[[], None] = lambda: None,
    ):
        self._conn, self._pages, self._wanted, self._watch = conn, pages, wanted, watch
        self._config, self._markdown_dir = config, markdown_dir
        self._sources = {state.id: source_of(state) for state in source_states(conn)}
        self._sources |= {source.id: source for source in config.source}
        self._position = position
        self._to_link: list[tuple[int, int]] = []
        self._run_id: int | None = None  # of a run that stores
        self._noted = {"position": position}
        self.report = ReextractReport()

    def count(self) -> int:
        """Count the pages that are still to be looked at."""
        wanted = self._wanted
        return self._pages.count_firsts(
            after=self._position, source_id=wanted.source_id, since=wanted.since
        )

    async def run(self) -> None:
        """Read, compare and store; what was stored stays when this is cancelled."""
        if not self._wanted.dry_run:
            with transaction(self._conn):
                command = self._wanted.command
                self._run_id = runs.begin(self._conn, command=command, now=_now())
                runs.note(self._conn, self._run_id, self._noted)
        pool = ExtractionPool(self._config.crawl.extract_workers, shared=False)
        try:
            await self._read_all(pool)
        except BaseException:
            self._end(INTERRUPTED)
            raise
        finally:
            pool.kill()
        self._end(FINISHED)

    async def _read_all(self, pool: ExtractionPool) -> None:
        waiting: deque[tuple[int, asyncio.Task[_Extracted] | None]] = deque()
        done: list[_Extracted] = []
        try:
            for head in self._heads():
                found = find_rereading(self._conn, head, self._pages.last_for)
                task = asyncio.create_task(self._extract(found, pool)) if found else None
                waiting.append((head.id, task))
                if len(waiting) >= AT_ONCE:
                    await self._take(waiting, done)
            while waiting:
                await self._take(waiting, done)
            self._save(done)
        except BaseException:
            for _, task in waiting:
                if task is not None:
                    task.cancel()
            raise

    def _heads(self) -> Iterator[PageHead]:
        after = self._position
        while True:
            heads = self._pages.firsts(
                after=after,
                source_id=self._wanted.source_id,
                since=self._wanted.since,
                limit=BATCH,
            )
            if not heads:
                return
            yield from heads
            after = heads[-1].id

    async def _take(
        self, waiting: deque[tuple[int, asyncio.Task[_Extracted] | None]], done: list[_Extracted]
    ) -> None:
        """Take the oldest page that is on its way, so that all before `position` are done."""
        page_id, task = waiting[0]
        if task is not None:
            done.append(await task)
        waiting.popleft()
        self._position = page_id
        self._watch()
        if len(done) >= BATCH:
            self._save(done)
            done.clear()

    async def _extract(self, rereading: Rereading, pool: ExtractionPool) -> _Extracted:
        source = self._sources[rereading.source_id]
        read = _Extracted(rereading=rereading, source=source)
        ids = (rereading.page_id, *self._pages.parts(rereading.page_id))
        pages: list[tuple[int, RawPage]] = []
        parts: list[Article] = []
        for page_id in ids:
            try:
                raw = self._pages.read(page_id)
            except ArchiveError as error:
                return replace(read, problem=str(error))
            outcome = await pool.extract(self._page(raw, rereading, source))
            if isinstance(outcome, Rejection) and not parts:
                return replace(read, outcome=outcome)
            if isinstance(outcome, Rejection) or not _is_part(raw, pages):
                break
            pages.append((page_id, replace(raw, body=b"")))  # its bytes have done their work
            parts.append(outcome)
            if not outcome.next_page:
                break
        return replace(read, outcome=join_parts(parts), pages=tuple(pages))

    def _page(self, raw: RawPage, rereading: Rereading, source: Source) -> Page:
        known = learned(self._conn, source.name) if source.body.learn else frozenset()
        return Page(
            url=raw.url,
            body=raw.body,
            content_type=_header(raw, "content-type") or "",
            fetched=raw.fetched,
            source=source,
            entry=rereading.entry,
            boilerplate=known,
        )

    # What was read is stored

    def _save(self, done: list[_Extracted]) -> None:
        if self._wanted.dry_run:
            for read in done:
                self._judge(read)
            return
        with transaction(self._conn):
            for read in done:
                self._judge(read)
            self._noted = self.report.counters() | {"position": self._position}
            assert self._run_id is not None, "only `run` stores"
            runs.note(self._conn, self._run_id, self._noted)
        for page_id, article_id in self._to_link:
            self._pages.link(page_id, article_id)
        self._to_link.clear()
        self.report.problems += write_owed(self._conn, self._markdown_dir).problems

    def _judge(self, read: _Extracted) -> None:
        if read.outcome is None:
            self.report.fail(read.problem)
        elif read.rereading.article_id is not None:
            dry_run = self._wanted.dry_run
            result = reread_article(
                self._conn,
                read.rereading,
                read.outcome,
                now=_now(),
                dry_run=dry_run,
                hold_below=self._config.crawl.hold_below,
            )
            self.report.add(result)
        elif isinstance(read.outcome, Rejection):
            url, why = read.rereading.entry.url, str(read.outcome)
            self.report.add(Reread(fate=Fate.STILL_REFUSED, url=url, why=why))
        else:
            self.report.add(self._judge_refused(read, read.outcome))

    def _judge_refused(self, read: _Extracted, article: Article) -> Reread:
        entry = read.rereading.entry
        (_, first), *further = read.pages
        fetched = (entry.raw_url, first.url)
        filing = file_page(fetched, article.canonical, entry_url=entry.url)
        parts = (canonical_url(p.url) for _, p in further)
        aliases = tuple(dict.fromkeys((*filing.aliases, *parts)))
        article = replace(article, url=filing.url)
        judged = judge_refused(
            self._conn,
            article,
            entry=entry,
            aliases=aliases,
            claimed=filing.claimed,
            now=first.fetched,
        )
        if judged.fate is not Fate.ACCEPTED or self._wanted.dry_run:
            return judged
        saved = save_article(
            self._conn,
            article,
            entry=entry,
            aliases=aliases,
            now=first.fetched,
            claimed=filing.claimed,
            claim=filing.claim,
            led=filing.led,
            learn=read.source.body.learn,
            look=RecheckPlan(page=_validators(first), ages=self._config.crawl.look_again),
            page_id=read.rereading.page_id,
            hold_below=self._config.crawl.hold_below,
        )
        if saved.article_id is None:
            return replace(judged, fate=Fate.STILL_REFUSED, why=str(saved.rejected))
        self._to_link += [(page_id, saved.article_id) for page_id, _ in read.pages]
        return replace(judged, article_id=saved.article_id)

    def _end(self, reason: str) -> None:
        """What was read and not yet stored is read again by the next run."""
        if self._run_id is not None:
            with transaction(self._conn):
                runs.end(self._conn, self._run_id, reason=reason, counters=self._noted, now=_now())


def _is_part(raw: RawPage, before: list[tuple[int, RawPage]]) -> bool:
    return not before or same_site(raw.url, before[0][1].url)


def _validators(raw: RawPage) -> Validators:
    return Validators(
        url=raw.url, etag=_header(raw, "etag"), last_modified=_header(raw, "last-modified")
    )


def _header(raw: RawPage, name: str) -> str | None:
    return next((value for given, value in raw.headers if given.lower() == name), None)


def _now() -> datetime:
    return datetime.now(UTC)
