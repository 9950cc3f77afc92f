"""What becomes of an entry: its article is saved, or it is closed, or asked for again later."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from archive import articles, files, sources
from archive import entries as owing
from archive.model import Article, Entry, EntryState, Reason, Rejection, Saved, SourceStatus
from archive.pages import PageStore
from archive.writer import Writer
from crawler.discover.urls import article_address, canonical_url
from crawler.fetch.clock import Clock
from crawler.fetch.outcomes import Failed
from crawler.fetch.pool import ExtractionPool
from crawler.fetch.reading import learned_of
from crawler.fetch.tally import Tallies
from crawler.fetch.tasks import Fetch, PageItem
from crawler.fetch.work import Work

logger = logging.getLogger(__name__)

Observer = Callable[[Fetch, Article | Rejection | Failed, Saved | EntryState], None]


class Savings:
    """Ends tasks. Each method releases the task's host whatever happens.

    `observers` are told of every ending (the page spider explains itself with one).
    """

    def __init__(
        self,
        *,
        writer: Writer,
        pages: PageStore | None,
        pool: ExtractionPool,
        work: Work,
        tallies: Tallies,
        clock: Clock,
        retry: Sequence[timedelta],
        markdown_dir: Path,
    ):
        self._writer, self._pages, self._pool, self._work = writer, pages, pool, work
        self._tallies, self._clock, self._retry = tallies, clock, tuple(retry)
        self._markdown_dir = markdown_dir
        self.observers: list[Observer] = []

    async def save(self, item: PageItem) -> None:
        try:
            if item.page_ids:
                self._tallies.fetched(item.task.source.id)
            if isinstance(item.outcome, Rejection):
                await self._close(item.task, item.outcome, item.state)
            else:
                await self._save(item, item.outcome)
        finally:
            self._work.done(item.task)

    async def give_up(self, task: Fetch, failed: Failed) -> None:
        """No page came: the feed's full text stands in, or the entry is closed or owed again."""
        try:
            if failed.final or self._is_last(task.entry):
                await self._stand_in_or_close(task, failed)
            else:
                await self._postpone(task, failed)
        finally:
            self._work.done(task)

    def _is_last(self, entry: Entry) -> bool:
        return entry.attempts >= len(self._retry)

    async def _stand_in_or_close(self, task: Fetch, failed: Failed) -> None:
        now = self._clock.now()
        article = await self._pool.stand_in(
            task.entry,
            source=task.source,
            fetched=now,
            boilerplate=await learned_of(task.source, self._writer),
        )
        if article is not None:
            await self._save(PageItem(task=task, outcome=article), article)
        elif failed.final:
            await self._close(task, failed, failed.state)
        else:
            await self._postpone(task, failed)

    async def _postpone(self, task: Fetch, failed: Failed) -> None:
        wait = None if failed.wait_s is None else timedelta(seconds=failed.wait_s)
        state = await self._writer.run(
            owing.postpone,
            _id(task.entry),
            failed.reason,
            now=self._clock.now(),
            retry=self._retry,
            last=failed.state,
            wait=wait,
        )
        self._ended(task, failed, state, failed.reason)

    async def _close(self, task: Fetch, why: Rejection | Failed, state: EntryState) -> None:
        reason = str(why) if isinstance(why, Rejection) else why.reason
        await self._writer.run(
            owing.close_entry, _id(task.entry), state, reason, now=self._clock.now()
        )
        if isinstance(why, Rejection) and why.reason is Reason.PLACEHOLDER:
            words = f"{why.detail} stands where its articles should be"
            await self._writer.run(sources.flag, task.source.id, SourceStatus.BLOCKED, words)
        self._ended(task, why, state, reason)

    def _ended(self, task: Fetch, why: Rejection | Failed, state: EntryState, reason: str) -> None:
        self._tallies.closed(task.source.id, state, reason)
        logger.info("%s %s: %s", state, task.entry.raw_url, reason)
        for observer in self.observers:
            observer(task, why, state)

    async def _save(self, item: PageItem, article: Article) -> None:
        entry = item.task.entry
        fetched = item.addresses or (entry.raw_url,)
        url, aliases = article_address(fetched, article.canonical)
        now = item.fetched or self._clock.now()
        saved = await self._writer.run(
            articles.save_article,
            replace(article, url=url),
            entry=entry,
            aliases=(*aliases, *_addresses(item.further, besides=(url, *aliases))),
            now=now,
            claimed=url not in {canonical_url(address) for address in fetched},
            learn=item.task.source.body.learn,
        )
        self._tallies.saved(item.task.source.id, saved)
        for observer in self.observers:
            observer(item.task, article, saved)
        if saved.article_id is not None:
            await self._after(saved.article_id, item.page_ids)

    async def _after(self, article_id: int, page_ids: Sequence[int]) -> None:
        """What may be lost without harm: a file stays owed, an unlinked page is an orphan."""
        if self._pages is not None:
            for page_id in page_ids:
                await self._writer.aside(self._pages.link, page_id, article_id)
        written = await self._writer.outside(
            files.write_owed, self._markdown_dir, article_id=article_id
        )
        for problem in written.problems:
            logger.error("%s", problem)


def _addresses(further: Sequence[str], *, besides: Sequence[str]) -> list[str]:
    found = dict.fromkeys(filter(None, map(canonical_url, further)))
    return [url for url in found if url not in besides]


def _id(entry: Entry) -> int:
    assert entry.id is not None, "an entry that is fetched came from the archive"
    return entry.id
