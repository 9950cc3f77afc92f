"""What becomes of an entry: its article is saved, or it is closed, or asked for again later."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from archive import articles, files, looks
from archive import entries as owing
from archive.health import change_status
from archive.looks import DueLook, LookAgain
from archive.model import (
    Article,
    Entry,
    EntryState,
    Reason,
    Rejection,
    Saved,
    SourceStatus,
    Verdict,
)
from archive.pages import PageStore
from archive.writer import Writer
from crawler.fetch.clock import Clock
from crawler.fetch.outcomes import Failed
from crawler.fetch.pool import ExtractionPool
from crawler.fetch.reading import learned_of
from crawler.fetch.tally import Tallies
from crawler.fetch.tasks import Fetch, NotModified, PageItem
from crawler.fetch.work import Work
from crawler.text.addresses import article_address, canonical_url

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
        look_again: Sequence[timedelta],
        markdown_dir: Path,
    ):
        self._writer, self._pages, self._pool, self._work = writer, pages, pool, work
        self._tallies, self._clock, self._retry = tallies, clock, tuple(retry)
        self._look_again = tuple(look_again)
        self._markdown_dir = markdown_dir
        self.observers: list[Observer] = []

    async def save(self, item: PageItem) -> None:
        try:
            if item.page_ids:
                self._tallies.fetched(item.task.source.id)
            if item.task.look is not None:
                await self._looked(item, item.task.look)
            elif isinstance(item.outcome, Rejection):
                await self._close(item.task, item.outcome, item.state)
            elif isinstance(item.outcome, Article):
                await self._save(item, item.outcome)
        finally:
            self._work.done(item.task)

    async def give_up(self, task: Fetch, failed: Failed) -> None:
        """No page came: the feed's full text stands in, or the entry is closed or owed again."""
        try:
            if task.look is not None:
                await self._look_failed(task, task.look, failed)
            elif failed.final or self._is_last(task.entry):
                await self._stand_in_or_close(task, failed)
            else:
                await self._postpone(task, failed)
        finally:
            self._work.done(task)

    async def _looked(self, item: PageItem, look: DueLook) -> None:
        """A second look: only an article changes what is stored, no refusal does."""
        if isinstance(item.outcome, Article):
            saved = await self._archive(item, item.outcome)
            await self._seen_again(item, look, saved)
        else:
            is_same = isinstance(item.outcome, NotModified)
            await self._move_on(item.task, look, still_there=True if is_same else None)
            await self._forget_pages(item.page_ids)
            if not is_same:
                logger.info("looked again at %s: %s", item.url, item.outcome)

    async def _seen_again(self, item: PageItem, look: DueLook, saved: Saved) -> None:
        if saved.rejected is not None:
            logger.info("looked again at %s: %s", item.url, saved.rejected)
            await self._move_on(item.task, look, still_there=None)
        else:
            self._tallies.looked(item.task.source.id, saved)
        if saved.verdict is Verdict.REVISED:
            await self._after(look.article_id, item.page_ids)
        else:
            await self._forget_pages(item.page_ids)

    async def _look_failed(self, task: Fetch, look: DueLook, failed: Failed) -> None:
        logger.info("looked again at %s: %s", task.url, failed.reason)
        if failed.state is EntryState.GONE:
            await self._move_on(task, look, still_there=False)
        elif failed.wait_s is None:
            await self._move_on(task, look, still_there=None)
        else:
            await self._writer.run(
                looks.put_off,
                look.article_id,
                now=self._clock.now(),
                wait=timedelta(seconds=failed.wait_s),
                ages=self._look_again,
            )

    async def _move_on(self, task: Fetch, look: DueLook, *, still_there: bool | None) -> None:
        if still_there is not None:
            self._tallies.looked(task.source.id, is_gone=not still_there)
        await self._writer.run(
            looks.looked,
            look.article_id,
            now=self._clock.now(),
            ages=self._look_again,
            still_there=still_there,
        )

    async def _forget_pages(self, page_ids: Sequence[int]) -> None:
        """What a look brought and nothing came of: it would else be kept up to four times."""
        if self._pages is not None:
            for page_id in page_ids:
                await self._writer.aside(self._pages.drop, page_id)

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
            await self._writer.run(
                change_status,
                task.source.id,
                SourceStatus.BLOCKED,
                words,
                now=self._clock.now(),
            )
        self._ended(task, why, state, reason)

    def _ended(self, task: Fetch, why: Rejection | Failed, state: EntryState, reason: str) -> None:
        self._tallies.closed(task.source.id, state, reason)
        logger.info("%s %s: %s", state, task.url, reason)
        for observer in self.observers:
            observer(task, why, state)

    async def _save(self, item: PageItem, article: Article) -> None:
        saved = await self._archive(item, article)
        self._tallies.saved(item.task.source.id, saved)
        for observer in self.observers:
            observer(item.task, article, saved)
        if saved.article_id is not None:
            await self._after(saved.article_id, item.page_ids)
        elif saved.rejected is not None and saved.rejected.reason is Reason.FORGOTTEN:
            await self._forget_pages(item.page_ids)

    async def _archive(self, item: PageItem, article: Article) -> Saved:
        entry, look = item.task.entry, item.task.look
        fetched = item.addresses or (item.url,)
        url, aliases = article_address(fetched, article.canonical)
        now = item.fetched or self._clock.now()
        return await self._writer.run(
            articles.save_article,
            replace(article, url=url),
            entry=entry,
            aliases=(*aliases, *_addresses(item.further, besides=(url, *aliases))),
            now=now,
            claimed=url not in {canonical_url(address) for address in fetched},
            learn=item.task.source.body.learn,
            look=LookAgain(
                page=item.page,
                ages=self._look_again,
                article_id=look.article_id if look else None,
            ),
            page_id=item.page_ids[0] if item.page_ids else None,
        )

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
