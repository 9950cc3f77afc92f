"""The port's contract, over each desk: a task is done once, and none is lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from archive.errors import ForeignMessage
from archive.model import (
    Article,
    Document,
    Entry,
    EntryState,
    GapSearch,
    ListedItem,
    RawPage,
    Reason,
    Rejection,
)
from archive.model import Validators as Version
from crawler.discover.model import Hints
from crawler.fetch.desk import Desk, read_outcome, read_task, write_outcome, write_task
from crawler.fetch.http.outcomes import Failed
from crawler.fetch.tasks import (
    Announced,
    Answered,
    Child,
    Closed,
    Extracted,
    Listed,
    NotModified,
    Outcome,
    PageTask,
    Poll,
    Postponed,
    Recheck,
    Rejected,
    Task,
    Visited,
)
from tests.crawler.fetch.desk_memory import Ledger, MemoryDesk
from tests.crawler.fetch.harness import NOW, Archive, announce, archive_in, make_source

SOURCE = make_source("a", headers={"Authorization": "Bearer s3cret"}, cookies={"session": "c00kie"})
GONE = Closed(failed=Failed(reason="HTTP 410", state=EntryState.GONE, final=True))
LATER = Postponed(failed=Failed(reason="HTTP 500"))
WEB = "https://x.example.com/"


class House(Protocol):
    """What a desk stands on, and what outlives it."""

    def owe(self, *urls: str) -> None: ...
    def desk(self) -> Desk:
        """A desk of a new process; the one before has died."""
        ...

    def owed(self) -> set[str]: ...
    def tries(self, url: str) -> int: ...


class LocalHouse:
    def __init__(self, archive: Archive):
        self._archive = archive

    def owe(self, *urls: str) -> None:
        announce(self._archive, "a", list(urls))

    def desk(self) -> Desk:
        self._archive.desks.close()
        return self._archive.desk([SOURCE], retry=("10m", "1h"))

    def owed(self) -> set[str]:
        return {row[0] for row in self._rows("SELECT url FROM entries WHERE state = 'owed'")}

    def tries(self, url: str) -> int:
        return int(self._rows(f"SELECT attempts FROM entries WHERE url = '{url}'")[0][0])

    def _rows(self, query: str) -> list[tuple[object, ...]]:
        return self._archive.call(lambda conn: [tuple(row) for row in conn.execute(query)])


class MemoryHouse:
    def __init__(self) -> None:
        self._ledger = Ledger()

    def owe(self, *urls: str) -> None:
        self._ledger.owe(SOURCE, *urls)

    def desk(self) -> Desk:
        return MemoryDesk(self._ledger)

    def owed(self) -> set[str]:
        return {o.entry.url for o in self._ledger.owed.values() if o.entry and o.is_open}

    def tries(self, url: str) -> int:
        return sum(o.tries for o in self._ledger.owed.values() if o.entry and o.entry.url == url)


@pytest.fixture(params=["local", "memory"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    if request.param == "memory":
        yield MemoryHouse()
        return
    with archive_in(tmp_path) as archive:
        yield LocalHouse(archive)


class WideRoom:
    """A worker that takes whatever it is given."""

    def takes_poll(self, host: str, source_id: str, *, probe: bool) -> bool:
        return True

    def takes_page(self, host: str, source_id: str) -> bool:
        return True

    def takes_recheck(self, host: str, source_id: str) -> bool:
        return True

    def hold_s(self, host: str) -> float:
        return 0.0

    def turn_s(self, host: str) -> float:
        return 0.0


async def take(desk: Desk, count: int) -> list[Task]:
    """The next tasks; fewer where the desk has no more, or none that may be out now."""
    taken: list[Task] = []
    try:
        async with asyncio.timeout(2), aclosing(desk.tasks(WideRoom())) as tasks:
            while len(taken) < count and (task := await anext(tasks, None)) is not None:
                taken.append(task)
    except TimeoutError:
        pass
    return taken


async def is_exhausted(desk: Desk) -> bool:
    async with asyncio.timeout(2), aclosing(desk.tasks(WideRoom())) as tasks:
        return await anext(tasks, None) is None


def urls(tasks: list[Task]) -> list[str]:
    return [task.url for task in tasks]


def test_a_task_that_was_not_done_at_death_comes_again_under_a_higher_attempt(
    house: House,
) -> None:
    async def scenario() -> None:
        house.owe(WEB + "1")
        (first,) = await take(house.desk(), 1)
        (again,) = await take(house.desk(), 1)
        assert (again.id, again.url) == (first.id, WEB + "1")
        assert again.attempt > first.attempt

    asyncio.run(scenario())


def test_what_is_done_does_not_come_again(house: House) -> None:
    async def scenario() -> None:
        house.owe(WEB + "1")
        desk = house.desk()
        (task,) = await take(desk, 1)
        await desk.done(task, GONE)
        assert house.owed() == set()
        assert await is_exhausted(house.desk())

    asyncio.run(scenario())


def test_an_outcome_that_comes_twice_counts_once(house: House) -> None:
    async def scenario() -> None:
        house.owe(WEB + "1")
        desk = house.desk()
        (task,) = await take(desk, 1)
        await desk.done(task, LATER)
        await desk.done(task, LATER)
        assert house.tries(WEB + "1") == 1

    asyncio.run(scenario())


def test_an_outcome_of_an_old_attempt_is_refused(house: House) -> None:
    async def scenario() -> None:
        house.owe(WEB + "1")
        (old,) = await take(house.desk(), 1)
        desk = house.desk()
        (new,) = await take(desk, 1)
        await desk.done(old, GONE)
        assert house.owed() == {WEB + "1"}
        await desk.done(new, GONE)
        assert house.owed() == set()

    asyncio.run(scenario())


def test_an_outcome_for_what_is_not_owed_is_refused(house: House) -> None:
    async def scenario() -> None:
        house.owe(WEB + "1")
        desk = house.desk()
        (task,) = await take(desk, 1)
        await desk.done(task, GONE)
        await desk.done(task, LATER)
        assert (house.owed(), house.tries(WEB + "1")) == (set(), 0)

    asyncio.run(scenario())


def test_at_most_eight_pages_of_a_host_are_out(house: House) -> None:
    async def scenario() -> None:
        house.owe(*(f"{WEB}{n}" for n in range(12)), "https://y.example.com/1")
        desk = house.desk()
        taken = await take(desk, 13)
        assert sorted(task.host for task in taken) == ["x.example.com"] * 8 + ["y.example.com"]
        first = next(task for task in taken if task.host == "x.example.com")
        await desk.done(first, GONE)
        assert len(await take(desk, 5)) == 1

    asyncio.run(scenario())


def test_the_pages_of_a_host_come_in_the_order_in_which_they_were_announced(house: House) -> None:
    async def scenario() -> None:
        house.owe(*(f"{WEB}{n}" for n in range(4)))
        assert urls(await take(house.desk(), 4)) == [f"{WEB}{n}" for n in range(4)]

    asyncio.run(scenario())


def test_a_task_that_is_given_back_comes_again(house: House) -> None:
    async def scenario() -> None:
        house.owe(WEB + "1")
        desk = house.desk()
        (task,) = await take(desk, 1)
        desk.release(task)
        assert urls(await take(desk, 1)) == [WEB + "1"]
        assert house.tries(WEB + "1") == 0

    asyncio.run(scenario())


def test_nothing_is_begun_after_a_stop(house: House) -> None:
    async def scenario() -> None:
        house.owe(WEB + "1", WEB + "2")
        desk = house.desk()
        (task,) = await take(desk, 1)
        assert task.live()
        desk.stop()
        assert not task.live()
        assert await take(desk, 1) == []

    asyncio.run(scenario())


def test_tasks_end_when_nothing_is_owed_and_nothing_is_out(house: House) -> None:
    async def scenario() -> None:
        house.owe(WEB + "1")
        desk = house.desk()
        (task,) = await take(desk, 1)
        async with aclosing(desk.tasks(WideRoom())) as tasks:
            waiting = asyncio.ensure_future(anext(tasks, None))
            with pytest.raises(TimeoutError):  # it is out: it may come back
                await asyncio.wait_for(asyncio.shield(waiting), 0.2)
            await desk.done(task, GONE)
            assert await asyncio.wait_for(waiting, 5) is None

    asyncio.run(scenario())


def test_a_task_goes_through_json_without_secrets(house: House) -> None:
    async def scenario() -> None:
        house.owe(WEB + "1")
        (task,) = await take(house.desk(), 1)
        message = write_task(task)
        assert b"s3cret" not in message
        assert b"c00kie" not in message
        assert write_task(read_task(message)) == message

    asyncio.run(scenario())


# The messages

ENTRY = Entry(url=WEB + "1", raw_url=WEB + "1", id=7, source_id="a", published=NOW)
VERSION_1 = Version(url=WEB + "1", etag='"1"')
FILE = Document(url=WEB + "news.xml", lastmod=NOW)
ARTICLE = Article(
    url=WEB + "1", title="央行降准", text="一\n\n二", markdown="一", authors=("张三",)
)
RAW = RawPage(url=WEB, source_id="a", fetched=NOW, status=200, headers=(("A", "b"),), body=b"\xff<")
ANSWERED = Answered(status=200, validators=VERSION_1, fresh=timedelta(minutes=3))
LISTED = Listed(
    document="feed",
    entries=(ENTRY,),
    found=1,
    unused=(("from before since", 2),),
    offset_s=28800,
    offset_reason="3 of 6",
    dates=(NOW, None),
    items=(ListedItem(keys=("a1", "b2"), date=NOW), ListedItem(keys=("c3",))),
    search=GapSearch(places=(WEB,), found=4, reached=True),
    hints=Hints(skip_days=frozenset({6})),
)
COMMON = {"source": SOURCE, "attempt": 3, "delay_s": 1.5}
TASKS = [
    Poll(
        **COMMON,
        document="feed",
        validators=VERSION_1,
        anew=True,
        offset_s=28800,
        visited=NOW,
    ),
    Child(**COMMON, sitemap=FILE, visit_id=5),
    PageTask(**COMMON, entry=ENTRY, learned="ab12", last=True),
    Recheck(**COMMON, entry=ENTRY, article_id=9, validators=VERSION_1),
]
VISIT = {"at": datetime(2026, 1, 2, tzinfo=UTC), "seconds": 0.5}
OUTCOMES: list[Outcome] = [
    Announced(**VISIT, answered=ANSWERED, listed=LISTED, hub=WEB, topic=WEB),
    NotModified(**VISIT, answered=ANSWERED),
    Visited(**VISIT, answered=None, failed=Failed(reason="timed out"), listed=Listed()),
    Extracted(article=ARTICLE, addresses=(WEB,), page=VERSION_1, raw=(RAW,)),
    Rejected(rejection=Rejection(reason=Reason.PAYWALL, detail="x"), raw=(RAW,)),
    GONE,
    LATER,
]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.kind)
def test_every_task_comes_out_of_its_message_as_it_went_in(task: Task) -> None:
    again = read_task(write_task(task))
    assert (type(again), again.id, again.attempt, again.url) == (
        type(task),
        task.id,
        3,
        task.url,
    )
    assert again.validators == task.validators
    assert again.source.headers == {}


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: outcome.form)
def test_every_outcome_comes_out_of_its_message_as_it_went_in(outcome: Outcome) -> None:
    delivery = read_outcome(write_outcome(TASKS[2], outcome))
    assert (delivery.task_id, delivery.attempt, delivery.outcome) == ("page:7", 3, outcome)


@pytest.mark.parametrize("message", [b"PING", b"[]", b"{}", b'{"version": 1}'])
def test_what_is_no_message_of_ours_is_refused_aloud(message: bytes) -> None:
    with pytest.raises(ForeignMessage):
        read_task(message)
    with pytest.raises(ForeignMessage):
        read_outcome(message)


def test_a_message_of_another_version_is_refused_aloud() -> None:
    newer = json.loads(write_task(TASKS[0])) | {"version": 2}
    with pytest.raises(ForeignMessage, match="has version 2, this program knows 1"):
        read_task(json.dumps(newer).encode())
