"""The daemon: one long crawl with its schedule, its config as it changes, and its end."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.crawler import Crawler

from archive.errors import BroadsheetError
from config.load import load_config
from config.model import Config, HealthSettings
from crawler.fetch.crawl import Crawl, crawl_opened, crawl_stopping, source_visited
from crawler.run.daemon.channels import make_channels
from crawler.run.daemon.daemon_socket import Control
from crawler.run.daemon.reload import ConfigFile, after_restart, config_changes
from crawler.run.daemon.schedule import load_markets, make_scheduler, reschedule, sync_sources
from crawler.run.daemon.sleep import SleepWatch
from crawler.run.daemon.systemd import ServiceManager
from crawler.run.memory_limit import MemoryLimit
from crawler.run.terminal.durations import span
from crawler.run.terminal.plurals import counted

if TYPE_CHECKING:
    from crawler.run.daemon.alerts import Alerts
    from crawler.run.daemon.event_alerts import EventAlerts
    from crawler.run.redis.house.distribution import Distribution
    from crawler.run.status.server import StatusServer
    from crawler.run.websub.subscriber import WebSub

logger = logging.getLogger(__name__)

LOOK_S = 2.0  # how often the config file is looked at
TELL_S = 5.0  # how often changed health is told
PRUNE_S = 24 * 3600.0  # how often raw pages past their age are removed
CLOCK_S = 20.0  # how often it is asked whether the machine slept


class Daemon:
    """Everything that runs beside the crawl; it begins and ends by its signals.

    Every task is supervised (see `Supervisor.supervised`): one that fails ends the daemon with
    exit code 1, for the service manager to start it again.
    """

    crawl: Crawl
    control: Control
    alerts: Alerts | None = None
    events: EventAlerts | None = None
    status: StatusServer | None = None
    websub: WebSub | None = None

    def __init__(self, config_path: Path, distribution: Distribution | None = None):
        self._path = config_path
        self._distribution = distribution
        self._file = ConfigFile(config_path)  # from before it is read: no change is missed
        self._asked = asyncio.Event()  # SIGHUP came
        self._reloading = asyncio.Lock()
        self.manager = ServiceManager(os.environ)
        self.scheduler = make_scheduler()

    def attach(self, crawler: Crawler) -> None:
        """Begin when the line of this crawl opens."""
        for receiver, event in (
            (self._opened, crawl_opened),
            (self._visited, source_visited),
            (self._stopping, crawl_stopping),
            (self._closed, signals.spider_closed),
        ):
            crawler.signals.connect(receiver, event)
        self._memory = MemoryLimit(crawler)

    # The beginning

    def _opened(self, crawl: Crawl) -> None:
        self.crawl = crawl
        if self._memory.opened(crawl):
            return
        if self._distribution is not None:
            self._distribution.open(crawl, self._alert)
        # a task: Scrapy would log what a receiver of its signals raises, and go on
        crawl.supervisor.supervised("start", self._start())

    async def _start(self) -> None:
        crawl = self.crawl
        await self._sync()
        await self._run_websub()
        self.scheduler.start()
        self._run_status()
        self._watch_health(crawl.config.health)
        self.control = Control(crawl, self.reload)
        self._accept_hangups()
        for name, task in (
            ("control", self.control.serve()),
            ("config", self._watch_config()),
            ("alerts", self._tell_health()),
            ("watchdog", self._show_life()),
            ("clock", self._notice_sleep()),
            ("retention", self._prune_pages()),
        ):
            crawl.supervisor.supervised(name, task)
        scheduled = len(crawl.house.sources)
        logger.info("sources on schedule: %d; archive in %s", scheduled, crawl.options.data)
        self.manager.ready(self._words())

    async def _sync(self) -> None:
        crawl = self.crawl
        states = await crawl.house.archive.states()
        sync_sources(self.scheduler, crawl.config, states, crawl.house.due, crawl.clock.now())

    def _run_status(self) -> None:
        address = self.crawl.config.daemon.status
        if address:
            from crawler.run.status.server import serve_status

            self.status = serve_status(address, self.crawl)

    async def _run_websub(self) -> None:
        """Before the first visit: its feed may name a hub."""
        if not self.crawl.config.websub.callback:
            return
        from crawler.run.websub.subscriber import WebSub

        self.websub = WebSub(self.crawl)
        await self.websub.start()
        self.crawl.supervisor.supervised("hubs", self.websub.ask_hubs())
        self.crawl.supervisor.supervised("pushes", self.websub.pushes.announce_all())

    def _watch_health(self, settings: HealthSettings) -> None:
        """Made anew only for other settings: it knows what was sent over which channel."""
        from crawler.run.daemon.alerts import Alerts
        from crawler.run.daemon.event_alerts import EventAlerts

        if self.alerts is None or settings != self.crawl.config.health:
            self.alerts = Alerts(self.crawl, settings)
            self.events = EventAlerts(self.crawl, settings.events, self.alerts.channels)

    def _words(self) -> str:
        return f"{counted(len(self.crawl.house.sources), 'source')} on schedule"

    # While it runs

    def _visited(self, source_id: str, next_due: datetime | None) -> None:
        if self.scheduler.running:
            reschedule(self.scheduler, source_id, next_due)

    async def _tell_health(self) -> None:
        while True:
            await asyncio.sleep(TELL_S)
            if self.alerts is not None:
                await self.alerts.send_untold()
            if self.events is not None:
                await self.events.send_new()

    async def _alert(self, words: str) -> None:
        if self.alerts is not None:
            await self.alerts.send(words)

    async def _show_life(self) -> None:
        """From the loop itself: one that stalls is not alive, nor is a crawl that stands still."""
        pause = self.manager.watchdog_s
        told = ""
        while True:
            if pause and not self.crawl.stall.words:
                self.manager.alive()
            if told != self.crawl.stall.words:
                told = self.crawl.stall.words
                self.manager.status(told or self._words())
            await asyncio.sleep(pause / 2 if pause else LOOK_S)

    async def _notice_sleep(self) -> None:
        """What became due in a sleep is visited at once: the scheduler's timer slept, too."""
        clock = self.crawl.clock
        watch = SleepWatch(clock.now, clock.monotonic)
        while True:
            await asyncio.sleep(CLOCK_S)
            slept = watch.slept()
            if slept is not None:
                began, ended = slept
                logger.warning("nothing ran for %s: the machine slept", span(ended - began))
                await self.crawl.house.outages.slept(began, ended)
                self.scheduler.wakeup()

    async def _prune_pages(self) -> None:
        while True:
            await self.crawl.house.prune_pages()
            await asyncio.sleep(PRUNE_S)

    # The config

    def _accept_hangups(self) -> None:
        loop = asyncio.get_running_loop()
        signal.signal(signal.SIGHUP, lambda *_: loop.call_soon_threadsafe(self._asked.set))

    async def _watch_config(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._asked.wait()
            asked = self._asked.is_set()
            self._asked.clear()
            if asked or self._file.changed():
                await self.reload()

    async def reload(self) -> None:
        """Take over the config file as it is now; one with problems is reported and left."""
        async with self._reloading:
            self._file.taken()
            self.manager.reloading()
            try:
                wanted = load_config(self._path)
                await asyncio.to_thread(load_markets, wanted)
                await asyncio.to_thread(make_channels, wanted.health)
                await self._take(wanted)
                if self._distribution is not None:
                    self._distribution.take(load_config(self._path, environ=None))
            except BroadsheetError as error:
                for problem in error.problems:
                    logger.error("%s", problem)
                logger.error("the config was not reloaded: the old one stays in force")
            self.manager.ready(self._words())

    async def _take(self, wanted: Config) -> None:
        if not wanted.enabled():
            logger.warning("no source is enabled: nothing is visited until one is")
        running = self.crawl.config
        self._watch_health(wanted.health)
        await self.crawl.house.reconfigure(wanted)
        await self._sync()
        if self.websub is not None:
            await self.websub.sync()
        logger.info("config reloaded: %s", config_changes(running, wanted))
        later = ", ".join(after_restart(running, wanted))
        if later:
            logger.warning("takes effect after a restart: %s", later)

    # The end

    def _stopping(self) -> None:
        self.manager.stopping("stopping: what is in flight ends")
        if self.scheduler.running:
            self.scheduler.shutdown(wait=False)
        if hasattr(self, "control"):
            self.control.stop()
        if self.websub is not None:
            self.websub.stop()

    def _closed(self) -> None:
        if self.status is not None:
            self.status.stop()
