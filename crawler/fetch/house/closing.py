"""The house books pages: an article is saved, or its entry is closed, or asked for again later."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from archive.articles import origins, save
from archive.entries import attempts, owed, rechecks
from archive.entries.rechecks import RecheckPlan
from archive.files.orders import want_file
from archive.held import guesses, holds
from archive.images.rows import want_images
from archive.model import (
    FOREIGN_FEED,
    Article,
    EntryState,
    Reason,
    Rejection,
    Saved,
    SourceStatus,
    Verdict,
)
from archive.sources import outlets
from archive.sources.health import change_status
from config.model import Config
from crawler.fetch.http.outcomes import NOT_MADE, Failed
from crawler.fetch.tasks import (
    Closed,
    Extracted,
    Fetching,
    NotModified,
    PageOutcome,
    PageTask,
    Postponed,
    Recheck,
    Rejected,
)
from crawler.text.addresses import canonical_url
from crawler.text.page_address import file_page


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What became of a page's entry, or of a recheck."""

    saved: Saved | None = None  # where an article was saved
    state: EntryState | None = None  # where an entry was closed or postponed without one
    reason: str = ""
    still_there: bool | None = None  # of a recheck that brought no article
    article_id: int | None = None  # whose the raw pages are
    keep_pages: bool = True  # False: nothing came of the raw pages

    @property
    def may_order(self) -> bool:
        """Whether files may be owed because of it."""
        return self.saved is not None or self.still_there is not None


class Closing:
    """Books each outcome of a page, inside the caller's transaction.

    None for one that doesn't count: its task isn't out any more, or was handed out again since.
    """

    def __init__(
        self,
        *,
        retry: Sequence[timedelta],
        look_again: Sequence[timedelta],
        hold_below: float = 0.0,
        images: int = 0,
    ):
        """`images`: pictures of an article that are kept, at most."""
        self._images = images
        self._retry, self._ages, self._hold_below = tuple(retry), tuple(look_again), hold_below

    @classmethod
    def of(cls, config: Config) -> Self:
        crawl, images = config.crawl, config.images
        return cls(
            retry=crawl.retry,
            look_again=crawl.look_again,
            hold_below=crawl.hold_below,
            images=images.per_article if images.keep else 0,
        )

    def book(
        self,
        conn: sqlite3.Connection,
        task: Fetching,
        outcome: PageOutcome,
        *,
        page_id: int | None,
        now: datetime,
    ) -> Ending | None:
        """`page_id`: of the raw page of part 1."""
        if isinstance(task, Recheck):
            if not attempts.book_article(conn, task.article_id, task.attempt):
                return None
            return self._recheck(conn, task, outcome, page_id, now)
        if not attempts.book_entry(conn, _id(task), task.attempt):
            return None
        return self._page(conn, task, outcome, page_id, now)

    def _page(
        self,
        conn: sqlite3.Connection,
        task: PageTask,
        outcome: PageOutcome,
        page_id: int | None,
        now: datetime,
    ) -> Ending:
        match outcome:
            case Extracted():
                return self._save(conn, task, outcome, page_id, now)
            case Rejected():
                return self._reject(conn, task, outcome, page_id, now)
            case Closed(failed=failed):
                return self._close(conn, task, failed.state, failed.reason, now)
            case Postponed(failed=failed):
                return self._postpone(conn, task, failed, now)
            case NotModified():
                raise TypeError(f"{task.id}: nothing was there that could be unmodified")

    def _save(
        self,
        conn: sqlite3.Connection,
        task: PageTask,
        outcome: Extracted,
        page_id: int | None,
        now: datetime,
    ) -> Ending:
        saved = self._archive(conn, task, outcome, page_id, now)
        if saved.held and saved.article_id is None:
            return Ending(saved=saved, state=EntryState.HELD, reason=saved.held)
        forgotten = saved.rejected is not None and saved.rejected.reason is Reason.FORGOTTEN
        return Ending(saved=saved, article_id=saved.article_id, keep_pages=not forgotten)

    def _reject(
        self,
        conn: sqlite3.Connection,
        task: PageTask,
        outcome: Rejected,
        page_id: int | None,
        now: datetime,
    ) -> Ending:
        """What is certainly no article is closed; a guess is held, unless a person released it."""
        rejection, source_id, entry_id = outcome.rejection, task.source.id, _id(task)
        words, doubted = str(rejection), rejection.article
        if doubted is not None and guesses.is_released(conn, doubted, source_id=source_id):
            taken = Extracted(article=doubted, addresses=(task.url,))
            return self._save(conn, task, taken, page_id, now)
        if rejection.reason is Reason.PLACEHOLDER:
            told = f"{rejection.detail} stands where its articles should be"
            change_status(conn, source_id, SourceStatus.BLOCKED, told, now=now)
        if doubted is not None and owed.known_article(conn, entry_id) is None:
            guesses.hold_guess(
                conn, doubted, words, source_id=source_id, entry_id=entry_id, now=now
            )
            return Ending(state=EntryState.HELD, reason=words)
        guesses.end_guess(conn, entry_id)
        return self._close(conn, task, EntryState.REJECTED, words, now)

    def _close(
        self,
        conn: sqlite3.Connection,
        task: PageTask,
        state: EntryState,
        reason: str,
        now: datetime,
    ) -> Ending:
        owed.close_entry(conn, _id(task), state, reason, now=now)
        return Ending(state=state, reason=reason)

    def _postpone(
        self, conn: sqlite3.Connection, task: PageTask, failed: Failed, now: datetime
    ) -> Ending:
        state = owed.postpone(
            conn,
            _id(task),
            failed.reason,
            now=now,
            retry=self._retry,
            last=failed.state,
            wait=None if failed.wait_s is None else timedelta(seconds=failed.wait_s),
            counts=failed.weight > NOT_MADE,
        )
        return Ending(state=state, reason=failed.reason)

    # Rechecks: only an article changes what is stored, no refusal does

    def _recheck(
        self,
        conn: sqlite3.Connection,
        task: Recheck,
        outcome: PageOutcome,
        page_id: int | None,
        now: datetime,
    ) -> Ending:
        match outcome:
            case Extracted():
                return self._seen_again(conn, task, outcome, page_id, now)
            case NotModified():
                return self._move_on(conn, task, "not modified", True, now)
            case Rejected(rejection=rejection):
                return self._refused_again(conn, task, rejection, now)
            case Closed(failed=failed) | Postponed(failed=failed):
                return self._not_seen(conn, task, failed, now)

    def _seen_again(
        self,
        conn: sqlite3.Connection,
        task: Recheck,
        outcome: Extracted,
        page_id: int | None,
        now: datetime,
    ) -> Ending:
        saved = self._archive(conn, task, outcome, page_id, now)
        if saved.rejected is not None or saved.held:
            reason = saved.held or str(saved.rejected)
            ended = self._move_on(conn, task, reason, None, now)
            return replace(ended, saved=saved, keep_pages=bool(saved.held))
        revised = saved.verdict is Verdict.REVISED
        return Ending(saved=saved, article_id=task.article_id, keep_pages=revised)

    def _refused_again(
        self, conn: sqlite3.Connection, task: Recheck, rejection: Rejection, now: datetime
    ) -> Ending:
        """An error page that is there at two looks, sent as if all were well: it is gone."""
        gone = None
        if rejection.reason is Reason.ERROR_PAGE and holds.hold_error_page(
            conn, task.article_id, outlet=task.source.name, now=now
        ):
            gone = False
        return self._move_on(conn, task, str(rejection), gone, now)

    def _not_seen(
        self, conn: sqlite3.Connection, task: Recheck, failed: Failed, now: datetime
    ) -> Ending:
        if failed.state is EntryState.GONE:
            return self._move_on(conn, task, failed.reason, False, now)
        if failed.wait_s is None:
            return self._move_on(conn, task, failed.reason, None, now)
        wait = timedelta(seconds=failed.wait_s)
        rechecks.put_off(conn, task.article_id, now=now, wait=wait, ages=self._ages)
        return Ending(reason=failed.reason)

    def _move_on(
        self,
        conn: sqlite3.Connection,
        task: Recheck,
        reason: str,
        still_there: bool | None,
        now: datetime,
    ) -> Ending:
        rechecks.looked(conn, task.article_id, now=now, ages=self._ages, still_there=still_there)
        return Ending(reason=reason, still_there=still_there, keep_pages=False)

    def _archive(
        self,
        conn: sqlite3.Connection,
        task: Fetching,
        outcome: Extracted,
        page_id: int | None,
        now: datetime,
    ) -> Saved:
        fetched = outcome.addresses or (task.url,)
        filing = file_page(fetched, outcome.article.canonical, entry_url=task.entry.url)
        own = (filing.url, *filing.aliases)
        article = replace(outcome.article, url=filing.url)
        if any(FOREIGN_FEED in found for _, found in article.evidence):
            article = _of_its_own_source(conn, task, article, now)
        saved = save.save_article(
            conn,
            article,
            entry=task.entry,
            aliases=(*filing.aliases, *_addresses(outcome.further, besides=own)),
            now=now,
            claimed=filing.claimed,
            claim=filing.claim,
            led=filing.led,
            learn=task.source.body.learn,
            look=RecheckPlan(
                page=outcome.page,
                ages=self._ages,
                article_id=task.article_id if isinstance(task, Recheck) else None,
            ),
            page_id=page_id,
            hold_below=self._hold_below,
        )
        if self._images:
            self._want_images(conn, saved, article, now)
        return saved

    def _want_images(
        self, conn: sqlite3.Connection, saved: Saved, article: Article, now: datetime
    ) -> None:
        """The pictures of an article that is archived come later, and nothing waits for them."""
        if saved.article_id is None or saved.held:
            return
        if saved.verdict not in (Verdict.NEW, Verdict.REVISED, Verdict.UNCHANGED):
            return
        urls = (*filter(None, [article.image]), *article.images)
        if want_images(conn, saved.article_id, urls, most=self._images, now=now):
            want_file(conn, saved.article_id)


def _of_its_own_source(
    conn: sqlite3.Connection, task: Fetching, article: Article, now: datetime
) -> Article:
    """Drop what another site's feed says of a page, where the page is a source's own."""
    if article.is_of_feed or not outlets.owner_of(conn, article.url, besides=task.source.id):
        return article
    return origins.without_hearsay(article, announced=task.entry.announced or now)


def _addresses(further: Sequence[str], *, besides: Sequence[str]) -> list[str]:
    found = dict.fromkeys(filter(None, map(canonical_url, further)))
    return [url for url in found if url not in besides]


def _id(task: PageTask) -> int:
    assert task.entry.id is not None, "an entry that is fetched came from the archive"
    return task.entry.id
