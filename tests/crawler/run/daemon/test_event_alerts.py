"""Events of the archive over the channels of [health]: in order, from now on, none lost."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import pytest

from archive.database.connect import connect
from archive.database.read_connection import ReadConnection
from archive.database.writer import Writer
from archive.entries.rechecks import withdraw
from archive.model import ChangeKind
from config.values import EventKind
from crawler.run.daemon.channels import Alert
from crawler.run.daemon.event_alerts import EventAlerts
from tests.archive.making import NOW, make_archive, make_source, save


@dataclass
class Taker:
    """A channel that fails as often as it is told to."""

    fails: int = 0
    got: list[Alert] = field(default_factory=list)

    async def send(self, alert: Alert) -> bool:
        self.fails -= 1
        if self.fails < 0:
            self.got.append(alert)
        return self.fails < 0

    @property
    def seqs(self) -> list[object]:
        return [event["seq"] for alert in self.got for event in alert.events]


@dataclass
class Clock:
    seconds: float = 0.0

    def monotonic(self) -> float:
        return self.seconds


@dataclass
class Crawl:
    """What EventAlerts needs of one."""

    writer: Writer
    reader: ReadConnection
    clock: Clock = field(default_factory=Clock)

    @property
    def house(self) -> Any:
        return SimpleNamespace(archive=self)


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    make_archive(tmp_path, make_source("stcn")).close()
    with closing(connect(tmp_path / "archive.db")) as conn:
        save(conn, "1")
        yield conn


@pytest.fixture
def crawl(tmp_path: Path, conn: sqlite3.Connection) -> Iterator[Crawl]:
    with Writer(tmp_path / "archive.db", synchronous="normal") as writer:
        reader = ReadConnection(tmp_path / "archive.db")
        yield Crawl(writer, reader)
        reader.close()


def make(crawl: Crawl, *channels: Taker, kinds: tuple[str, ...] = ("withdrawn",)) -> EventAlerts:
    return EventAlerts(crawl, kinds, channels)  # type: ignore[arg-type]


def send(alerts: EventAlerts) -> int:
    return asyncio.run(alerts.send_new())


def test_the_config_knows_every_kind() -> None:
    assert get_args(EventKind) == tuple(kind.value for kind in ChangeKind)


def test_what_comes_from_now_on_is_told_once(crawl: Crawl, conn: sqlite3.Connection) -> None:
    taker = Taker()
    alerts = make(crawl, taker, kinds=("new", "withdrawn"))
    assert send(alerts) == 0  # what was there before is no news
    withdraw(conn, 1, now=NOW + timedelta(hours=1))
    assert (send(alerts), send(alerts)) == (1, 0)
    (alert,) = taker.got
    assert alert.message == "1 event in the archive:\n- 2 withdrawn: article 1"
    assert [(event["kind"], event["at"]) for event in alert.events] == [
        ("withdrawn", "2026-11-23T09:00:00Z")
    ]
    again = Taker()
    assert send(make(crawl, again)) == 0  # after a restart
    assert again.got == []


def test_a_channel_that_failed_gets_all_of_it_later(crawl: Crawl, conn: sqlite3.Connection) -> None:
    well, ill = Taker(), Taker(fails=2)
    alerts = make(crawl, well, ill, kinds=("new",))
    send(alerts)
    for path in "23":
        save(conn, path, f"标题{path}", text=path * 300)
    assert send(alerts) == 0
    assert send(alerts) == 0  # too soon
    crawl.clock.seconds = 10.0
    assert send(alerts) == 0
    crawl.clock.seconds = 30.0
    assert send(alerts) == 2
    assert well.seqs == ill.seqs == [2, 3]


def test_without_a_kind_or_a_channel_nothing_is_asked(crawl: Crawl) -> None:
    assert send(make(crawl, kinds=("new",))) == 0
    assert send(make(crawl, Taker(), kinds=())) == 0
