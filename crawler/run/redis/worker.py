"""A worker: one crawl without archive or config, beside which it shows that it lives."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from scrapy.crawler import Crawler

from archive.database.times import to_text
from crawler.fetch.crawl import Crawl, crawl_opened, crawl_stopping
from crawler.fetch.http.clock import CLOCK
from crawler.fetch.options import Options
from crawler.run.crawling import run_spider
from crawler.run.daemon.systemd import ServiceManager
from crawler.run.memory_limit import MemoryLimit
from crawler.run.redis.broker import WORKERS, Broker
from crawler.run.redis.claims import BodyFolder
from crawler.run.redis.desk_notes import WORKER
from crawler.run.redis.desk_redis import RedisDesk
from crawler.run.redis.desk_state import WorkerState
from crawler.run.redis.terms import WorkerTerms, laid_terms

logger = logging.getLogger(__name__)

SHOW_S = 2.0  # how often it says how it fares, and asks whether the terms are others
GONE_S = 15  # after which a worker that says nothing is shown no more
WAIT_S = 2.0  # how often a worker asks for the terms of a daemon that is still to start


class Worker:
    """What runs beside a worker's crawl; it begins and ends by its signals.

    `starts_anew`: the daemon's terms have changed, and this process is to begin again with them.
    """

    crawl: Crawl

    def __init__(self, url: str, desk: RedisDesk, terms: WorkerTerms, *, name: str, now: datetime):
        self._url, self._desk, self._terms, self._name = url, desk, terms, name
        self._since = to_text(now) or ""
        self.starts_anew = False
        self.manager = ServiceManager(os.environ)

    def attach(self, crawler: Crawler) -> None:
        for receiver, event in (
            (self._opened, crawl_opened),
            (self._stopping, crawl_stopping),
        ):
            crawler.signals.connect(receiver, event)
        self._memory = MemoryLimit(crawler)

    def _opened(self, crawl: Crawl) -> None:
        self.crawl = crawl
        crawl.supervisor.supervised("presence", self._show())
        crawl.supervisor.supervised("watchdog", self._show_life())
        self.manager.ready(f"serves up to {self._desk.most} slots")
        self._memory.opened(crawl)

    async def _show(self) -> None:
        """Say how it fares, until the crawl closes; and see whether the terms have changed."""
        broker = Broker(self._url)
        try:
            before = self._desk.pages
            while True:
                try:
                    state = self._state((self._desk.pages - before) / SHOW_S)
                    before = self._desk.pages
                    key = f"{WORKERS}{self._name}"
                    await broker.redis.set(key, WORKER.dump_json(state), ex=GONE_S)
                    laid = await laid_terms(broker)
                    if laid is not None and laid != self._terms:
                        self._start_anew()
                        return
                except broker.errors as error:
                    broker.note(error)
                await asyncio.sleep(SHOW_S)
        finally:
            await broker.close()

    def _state(self, pages_s: float) -> WorkerState:
        return WorkerState(
            name=self._name,
            host=os.uname().nodename,
            pid=os.getpid(),
            release=version("broadsheet"),
            since=self._since,
            slots=tuple(sorted(slot.number for slot in self._desk.slots.owned)),
            pages=self._desk.pages,
            pages_s=round(pages_s, 1),
            in_flight=self.crawl.work.in_flight,
            lacks=tuple(sorted(self._desk.lacks)),
        )

    @property
    def pages(self) -> int:
        """That were handed over."""
        return self._desk.pages

    def _start_anew(self) -> None:
        logger.warning("the daemon's terms are others: what is in flight ends, then we start anew")
        self.starts_anew = True
        self.crawl.drop_waiting()
        self._ending = asyncio.ensure_future(self.crawl.crawler.stop_async())

    async def _show_life(self) -> None:
        """From the loop itself: one that stalls is not alive, nor is a crawl that stands still."""
        pause = self.manager.watchdog_s
        while pause:
            if not self.crawl.stall.words:
                self.manager.alive()
            await asyncio.sleep(pause / 2)

    def _stopping(self) -> None:
        self.manager.stopping("stopping: what is in flight ends")


def run_worker(url: str, *, slots: int, bodies: Path | None, now: datetime) -> Worker:
    """Run a worker to its end; `slots` is how many it serves at most. Raises BrokerError."""
    claims = BodyFolder(bodies) if bodies else None
    terms, name = asyncio.run(wait_for_terms(url)), worker_name()
    desk = RedisDesk(
        Broker(url), count=terms.slots, most=slots, name=name, clock=CLOCK, claims=claims
    )
    options = Options(
        config=terms.config(),
        data=Path(os.devnull),  # it has none
        markdown_dir=Path(os.devnull),
        poll=False,
        endless=True,
        desk=desk,
        domains=terms.domains,
        command="broadsheet worker",
    )
    worker = Worker(url, desk, terms, name=name, now=now)
    worker.crawl = run_spider("news", options, on_crawler=worker.attach)
    return worker


def worker_name() -> str:
    """Names this process to people, and no other one."""
    return f"{os.uname().nodename}-{os.getpid()}-{secrets.token_hex(2)}"


async def wait_for_terms(url: str) -> WorkerTerms:
    """The terms of the daemon, which may start after its workers. Raises BrokerError."""
    broker, is_told = Broker(url), False
    try:
        while True:
            try:
                terms = await laid_terms(broker)
                broker.note(None)
            except broker.errors as error:
                broker.note(error)
                terms = None
            if terms is not None:
                return terms
            if not is_told:
                is_told = True
                logger.info("waits for `broadsheet daemon --redis` at %s", broker.place)
            await asyncio.sleep(WAIT_S)
    finally:
        await broker.close()
