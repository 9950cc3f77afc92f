"""A local desk over an archive in a temporary folder, and one worker's room at it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, aclosing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.database.writer import Writer
from archive.entries import announcing
from archive.model import Declaration, Entry, Visit
from archive.sources import declarations
from config.model import Config, CrawlSettings, Source
from crawler.fetch.desk_local import LocalDesk
from crawler.fetch.options import Options
from crawler.fetch.tasks import Poll, Task
from crawler.fetch.work import Work
from tests.archive.empty import put_empty

NOW = datetime(2021, 12, 9, 14, 42, tzinfo=UTC)


class StoppedClock:
    seconds = 100.0

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return self.seconds


class OpenGate:
    """Every host may be asked, unless a test says otherwise."""

    def __init__(self) -> None:
        self.holds: dict[str, float] = {}
        self.delays: dict[str, float] = {}
        self.turns: dict[str, float] = {}

    def hold_s(self, host: str) -> float:
        return self.holds.get(host, 0.0)

    def delay_s(self, host: str) -> float:
        return self.delays.get(host, 0.0)

    def turn_s(self, host: str) -> float:
        return self.turns.get(host, 0.0)

    def keep_delay(self, host: str, seconds: float) -> None:
        """Every task of these tests has the delay that its host has already."""


class Nobody:
    """Hears what the house tells, and keeps it."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, datetime | None]] = []

    def visited(self, source_id: str, next_due: datetime | None) -> None:
        self.heard.append((source_id, next_due))

    def hub_named(self, source_id: str, hub: str, topic: str) -> None:
        """No test here is about hubs."""


class Archive(Writer):
    """The archive of a test; the desks over it are closed with it."""

    def __init__(self, folder: Path) -> None:
        put_empty(folder / "archive.db", NOW)
        super().__init__(folder / "archive.db", synchronous="normal")
        self.folder, self.desks = folder, ExitStack()
        declared = [Declaration(id=i, name=i, url=f"https://{i}.example.com/") for i in "abcdef"]
        self.call(declarations.declare, declared, now=NOW)

    def desk(
        self, sources: Iterable[Source], *, endless: bool = False, **crawl: object
    ) -> LocalDesk:
        config = Config(crawl=CrawlSettings.model_validate(crawl), source=tuple(sources))
        options = Options(
            config=config,
            data=self.folder,
            markdown_dir=self.folder / "articles",
            sources=config.source,
            poll=False,
            endless=endless,
            command="test",
        )
        desk = LocalDesk(options, clock=StoppedClock(), listener=Nobody())
        self.desks.callback(desk.abandon)
        return desk


@contextmanager
def archive_in(folder: Path) -> Iterator[Archive]:
    with Archive(folder) as opened, opened.desks:
        yield opened


class Worker:
    """The room of one worker, at a desk whose house does what a test says."""

    def __init__(self, desk: LocalDesk, gate: OpenGate, concurrency: int) -> None:
        self.desk = desk
        self.rests: dict[str, float] = {}
        self.room = Work(
            desk=desk,
            gate=gate,
            clock=StoppedClock(),
            concurrency=concurrency,
            rest_s=lambda source_id: self.rests.get(source_id, 0.0),
        )
        self.poll, self.busy, self.announced = desk.ask, desk.offers.busy, desk.announced
        self.pause, self.resume = self.room.pause, self.room.resume
        self.learn_kind = desk.offers.learn_kind

    @property
    def in_flight(self) -> int:
        return self.room.in_flight

    @property
    def sources(self) -> dict[str, Source]:
        return self.desk.offers.sources

    def set_sources(self, sources: dict[str, Source]) -> None:
        self.desk.offers.set_sources(sources)
        self.desk.wake()

    def done(self, task: Task) -> None:
        """It has ended; what became of it the test has booked itself."""
        self.desk.offers.landed(task, given_back=not isinstance(task, Poll))
        self.room.release(task)

    async def next(self) -> Task | None:
        """The next task; None when the desk has nothing more."""
        async with aclosing(self.desk.tasks(self.room)) as tasks:
            async for task in tasks:
                self.room.took(task)
                return task
        return None


def make_source(source_id: str, host: str = "news.example.com", **more: object) -> Source:
    return Source(id=source_id, name=source_id, url=f"https://{host}/feed", **more)


def announce(writer: Writer, source_id: str, urls: list[str]) -> None:
    entries = [Entry(url=url, raw_url=url) for url in urls]
    visit = Visit(source_id=source_id, at=NOW, status=200, found=len(urls))
    writer.call(announcing.announce, visit, entries, now=NOW)


HOUR = timedelta(hours=1)
