"""The crawl: the one Scrapy add-on that opens what every crawl needs, and closes it.

Desk, extraction pool and Work belong to it, so that plain `scrapy crawl`, `broadsheet crawl` and
the daemon run the same spiders in the same way. It knows no archive: where no desk is given it asks
for the local one, which opens it.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from functools import partial

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured, ResponseDataLossError
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from archive.errors import ArchiveError, BroadsheetError
from archive.folder import DataFolder
from config.model import Config, CrawlSettings
from crawler.fetch.article_pages import ArticleFetch, ArticlePages
from crawler.fetch.browser.chromium import require_browser
from crawler.fetch.desk import Desk
from crawler.fetch.desk_local import LocalDesk
from crawler.fetch.gap_search import GapRequest
from crawler.fetch.http.clock import CLOCK
from crawler.fetch.http.cut_answers import cut_digest, is_ended
from crawler.fetch.http.guard import guard_addresses
from crawler.fetch.http.outcomes import Failed
from crawler.fetch.http.own_clock import OwnClock
from crawler.fetch.http.politeness import Gate, HostOnHold, RobotsUnreadable
from crawler.fetch.http.stopping import Stopping, StopScope
from crawler.fetch.images.image_fetch import ImageFetch, image_answered, image_failed
from crawler.fetch.network import Network, Schedule
from crawler.fetch.options import Options, lay_settings
from crawler.fetch.own.items import Items, are_wanted
from crawler.fetch.stop_bound import StopBound
from crawler.fetch.supervision import Supervisor
from crawler.fetch.tasks import (
    Child,
    Ended,
    ImageTask,
    Listed,
    Outcome,
    Postponed,
    Task,
    Visited,
    Visiting,
)
from crawler.fetch.visits import ListingRequest, VisitRequest, Visits
from crawler.fetch.watch.disk_watch import DiskWatch
from crawler.fetch.watch.stall_watch import StallWatch
from crawler.fetch.work import Work
from crawler.fetch.workers.pool import ExtractionPool
from crawler.text.addresses import domains_among
from crawler.timing.server_clocks import HOSTS

logger = logging.getLogger(__name__)

# Scrapy signals
crawl_opened = object()  # crawl=Crawl: work can be given to it
crawl_stopping = object()  # no argument: nothing more is handed out, what is in flight ends
source_visited = object()  # source_id=str, next_due=datetime | None: a visit has ended
hub_named = object()  # source_id, hub, topic (all str): a feed was read; hub '': it names none

_NO_CONTACT = (
    "[crawl] contact is empty: a webmaster can't reach you, and may block you instead; set your"
    " address, or a page of yours"
)

# what is to be requested next for a task
Step = VisitRequest | ListingRequest | GapRequest | ArticleFetch | ImageFetch


def _ask_for_contact(crawl: CrawlSettings) -> None:
    if not crawl.contact:
        logger.warning(_NO_CONTACT)


def crawl_of(crawler: Crawler) -> Crawl:
    """The crawl of a crawler whose add-ons are loaded, and whose spider is ours."""
    crawl = crawler.get_addon(Crawl)
    assert crawl is not None, "the spider is none of ours"
    return crawl


class Crawl:
    """Stands aside for spiders that are not ours (`options` is what ours have)."""

    desk: Desk
    work: Work
    visits: Visits
    article_pages: ArticlePages
    network: Network

    def __init__(self, crawler: Crawler):
        options = getattr(crawler.spider, "options", None)
        if not isinstance(options, Options):
            raise NotConfigured
        self.crawler = crawler
        self.options: Options = options
        self.clock = CLOCK
        self.own_clock = OwnClock(self.clock, partial(_domains_of, self))
        self.close_reason = ""
        self.is_stopping = False
        self.items: Items | None = None  # None: nobody takes any

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Crawl:
        return cls(crawler)

    @property
    def config(self) -> Config:
        return self.house.config if isinstance(self.desk, LocalDesk) else self.options.config

    @property
    def house(self) -> LocalDesk:
        """The desk of a crawl that has its archive; a worker without one has none."""
        assert isinstance(self.desk, LocalDesk), "this crawl has no archive of its own"
        return self.desk

    def update_settings(self, settings: BaseSettings) -> None:
        """Lay the user's `[crawl]` over Scrapy's settings, and open the archive.

        Called before the engine exists: a locked or newer archive stops the crawl here.
        """
        lay_settings(settings, self.options.config, endless=self.options.endless)
        try:
            require_browser(self.options.sources)
            self.desk = self.options.desk or LocalDesk(
                self.options,
                clock=self.clock,
                listener=self,
                verdict=lambda: self.own_clock.verdict,
            )
        except BroadsheetError as error:
            if not self.options.exits:
                raise
            logger.error("%s", error)
            raise SystemExit(error.exit_code) from error
        self.supervisor = Supervisor(
            self.crawler, fail=self.fail, release=self.release, wind_down=self.drop_waiting
        )
        self.crawler.signals.connect(self.close, signals.spider_closed)

    async def open(self) -> None:
        """Start the stations; called by the spider when the engine runs."""
        crawl, ending = self.options.config.crawl, self.crawler.get_addon(StopScope)
        guard_addresses(crawl)
        _ask_for_contact(crawl)
        gate = Gate(self.crawler, clock=self.clock)
        self.work = Work(
            desk=self.desk,
            gate=gate,
            clock=self.clock,
            concurrency=crawl.concurrency,
            rest_s=self._rest_s,
        )
        self.pool = ExtractionPool(crawl.extract_workers, ending, others=self.work.others_than)
        self.stall = _stall_watch(self)
        self.supervisor.supervised("stall watch", self.stall.watch())
        self.network = _network(self)
        self.crawler.signals.connect(self.network.answered, signals.headers_received)
        self.crawler.signals.connect(self.own_clock.heard, signals.headers_received)
        self.visits = Visits(pool=self.pool, clock=self.clock, own_clock=self.own_clock)
        self.article_pages = ArticlePages(
            pool=self.pool,
            clock=self.clock,
            own_clock=self.own_clock,
            learned=self.desk.learned,
            keep_raw=self.options.config.pages.keep_raw,
            by_proxy=bool(crawl.proxy),
        )
        await self.desk.open()
        if isinstance(self.desk, LocalDesk):
            self.items = Items(self.desk) if are_wanted(self.crawler) else None
            self.supervisor.supervised("disk watch", _disk_watch(self).watch())
        self.crawler.signals.send_catch_log(crawl_opened, crawl=self)

    def visited(self, source_id: str, next_due: datetime | None) -> None:
        """Tell whoever listens that a visit has ended; called by the desk."""
        self.crawler.signals.send_catch_log(source_visited, source_id=source_id, next_due=next_due)

    def hub_named(self, source_id: str, hub: str, topic: str) -> None:
        """Tell whoever listens which hub pushes a feed; called by the desk."""
        self.crawler.signals.send_catch_log(hub_named, source_id=source_id, hub=hub, topic=topic)

    def _rest_s(self, source_id: str) -> float:
        return self.pool.accounts.rest_s(source_id, now=self.clock.monotonic())

    async def begin(self, task: Task) -> Step | Ended:
        """What a task needs first; its end where nothing is to be fetched."""
        if isinstance(task, Visiting):
            return await self.visits.begin(task)
        if isinstance(task, ImageTask):
            return ImageFetch(task=task)
        return _next(await self.article_pages.begin(task), task)

    async def answered(self, step: Step, response: Response) -> Step | Ended:
        """What follows from a response: the next request, or the task's end."""
        self.work.received(step.task, len(response.body))
        if response.flags and (cut := cut_digest(response)):
            if not step.cut:
                return replace(step, cut=cut)
            if cut != step.cut or not is_ended(response.body):
                return await self._failed(step, Failure(ResponseDataLossError()))
            logger.warning("%s is shorter than its Content-Length: the same twice, read", step.url)
        if isinstance(step, ImageFetch):
            return Ended(step.task, image_answered(step, response))
        if isinstance(step, ArticleFetch):
            return _next(await self.article_pages.answered(step, response), step.task)
        return _next(await self.visits.answered(step, response), step.task)

    async def failed(self, step: Step, failure: Failure) -> Step | Ended | None:
        """What follows where no response came; None where a stop was the reason: it stays owed."""
        if failure.check(Stopping) or _is_held(step, failure, self.work):
            self.release(step.task)
            return None
        return await self._failed(step, failure)

    async def _failed(self, step: Step, failure: Failure) -> Step | Ended:
        if isinstance(step, ImageFetch):
            return Ended(step.task, image_failed(self.own_clock.failed(failure)))
        if isinstance(step, ArticleFetch):
            return _next(await self.article_pages.failed(step, failure), step.task)
        return _next(await self.visits.failed(step, failure), step.task)

    async def finish(self, ended: Ended) -> dict[str, object] | Ended | None:
        """Hand what came of a task over, and whether its source was slow to read.

        Give the item of its article, None where it has none; what came where nobody takes items.
        """
        task, outcome = ended.task, ended.outcome
        failed = outcome.failed if isinstance(outcome, Visited | Postponed) else None
        is_missed = failed is not None and failed.unreachable
        if is_missed and self.network.is_down:
            self.network.spare(task)  # while our own network is down a failure is none
        else:
            await self.work.done(task, outcome)
            if is_missed and not isinstance(task, Child | ImageTask):  # their index, page answered
                since = outcome.at if isinstance(outcome, Visited) else self.clock.now()
                await self.network.missed(task, since=since)
        if slow := self.pool.accounts.untold(task.source.id):
            await self.desk.slow(task.source.id, slow)
        return await self.items.item(task) if self.items else ended

    async def finish_now(self, ended: Ended) -> None:
        """Hand over what ended, instead of yielding it: where nobody takes items, and what start()
        made without a response. Scrapy 2.19 asks whether it may close only after responses, so
        that a stop while such an item is on its way through the pipeline would wait for ever."""
        try:
            made = await self.finish(ended)
            if isinstance(made, dict):
                await _give_away(self.crawler, made)
        except Exception as error:
            if not isinstance(error, ArchiveError):  # that one is said once, without a traceback
                logger.exception("%s could not be saved", ended.task.id)
            self.supervisor.task_failed(ended.task, error)

    def release(self, task: Task) -> None:
        """Give a task back as it was."""
        self.work.release(task)

    async def fail(self, task: Task, reason: str) -> None:
        """End a task that we could not do: a page is owed again later, a visit has failed."""
        failed = Failed(reason=reason, internal=True)
        if isinstance(task, Visiting):
            at = self.clock.now()
            visited = Visited(at=at, seconds=0.0, answered=None, failed=failed, listed=Listed())
            await self.work.done(task, visited)
        elif isinstance(task, ImageTask):
            await self.work.done(task, Postponed(failed=failed))
        else:
            await self.work.done(task, await self.article_pages.given_up(task, failed))

    # The end

    def drop_waiting(self) -> None:
        """A stop has begun: requests that only wait out a host's delay end now, still owed."""
        if self.is_stopping or not hasattr(self, "work"):
            return
        self.is_stopping = True
        self.bound = StopBound(
            self.options.config.daemon.stop_timeout.total_seconds(), self._cut_off
        )
        self.bound.begin()
        self.desk.stop()
        _drop_queued(self.crawler)
        self.crawler.signals.send_catch_log(crawl_stopping)

    def _cut_off(self) -> int:
        """Wait no longer for what is in flight: it ends at once and stays owed. Give its number."""
        _drop_queued(self.crawler)
        ending = self.crawler.get_addon(StopScope)
        return ending.cut_off() if ending else 0

    async def close(self, reason: str = "finished") -> None:
        """Close everything in the order that loses nothing; a second call does nothing."""
        if self.close_reason:
            return
        self.close_reason = reason
        self.supervisor.cancel_tasks()
        if reason == "finished" and not self.supervisor.failure and hasattr(self, "bound"):
            self.bound.end()  # nothing is in flight, and files may take their time
        try:
            await self.supervisor.settled()
            if hasattr(self, "pool"):
                self.pool.kill()
            failure = self.supervisor.failure
            await self.desk.close(f"failed: {failure}" if failure else reason)
        except Exception as error:
            self.supervisor.close_failed(error)
        finally:
            self._abandon()

    def _abandon(self) -> None:
        try:
            self.desk.abandon()
        except Exception as error:
            self.supervisor.close_failed(error)

    def abandon_all(self) -> None:
        """Close after the loop was stopped in mid-flight: what was submitted is committed."""
        if self.close_reason:
            return
        if hasattr(self, "pool"):
            self.pool.kill()
        self._abandon()


async def _give_away(crawler: Crawler, item: dict[str, object]) -> None:
    """Tell Scrapy of an item that went through no pipeline: `-o FILE` listens."""
    await crawler.signals.send_catch_log_async(
        signals.item_scraped, item=item, response=None, spider=crawler.spider
    )


def _domains_of(crawl: Crawl) -> int:
    homes = (source.url for source in crawl.config.source)
    return crawl.options.domains or domains_among(homes, HOSTS)


def _next(following: Step | Outcome, task: Task) -> Step | Ended:
    if isinstance(following, Step):
        return following
    return Ended(task, following)


def _stall_watch(crawl: Crawl) -> StallWatch:
    def tell(words: str) -> None:
        if isinstance(crawl.desk, LocalDesk):
            crawl.desk.archive.tell_trouble(words)

    limit = crawl.options.config.daemon.stall_timeout
    stop = crawl.supervisor.stop
    return StallWatch(work=crawl.work, clock=crawl.clock, limit=limit, tell=tell, stop=stop)


def _network(crawl: Crawl) -> Network:
    desk, endless = crawl.desk, crawl.options.endless
    schedule = desk if endless and isinstance(desk, Schedule) else None
    return Network(desk=crawl.desk, work=crawl.work, clock=crawl.clock, schedule=schedule)


def _drop_queued(crawler: Crawler) -> None:
    for slot in tuple(crawler.engine.downloader.slots.values()):
        while slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(Failure(Stopping("the crawl is stopping")))


def _is_held(step: Step, failure: Failure, work: Work) -> bool:
    """A request that a hold of its host kept back: its task is as it was, and waits."""
    first = isinstance(step, VisitRequest | ImageFetch)
    first = first or (isinstance(step, ArticleFetch) and not step.parts)
    held = failure.check(HostOnHold) and not failure.check(RobotsUnreadable)
    return bool(first and held and work.hold_s(step.task.host))


def _disk_watch(crawl: Crawl) -> DiskWatch:
    return DiskWatch(
        DataFolder(crawl.options.data),
        work=crawl.work,
        min_free=lambda: crawl.config.archive.min_free,
        endless=crawl.options.endless,
    )
