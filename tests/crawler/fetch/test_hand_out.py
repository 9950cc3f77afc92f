"""What is lent to workers elsewhere: as much as there is room for, all of it back in the end."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import aclosing, suppress
from pathlib import Path

from crawler.fetch.desk_local import LocalDesk
from crawler.fetch.tasks import Task
from tests.crawler.fetch.harness import announce, archive_in, make_source
from tests.crawler.fetch.test_desk import WideRoom

SOURCE = make_source("a")
URLS = [f"https://x.example.com/{n}" for n in range(5)]


class RoomForThree(WideRoom):
    """Takes three at a time, as it was told what is out."""

    def __init__(self) -> None:
        self.out: Counter[str] = Counter()

    def takes_page(self, host: str, source_id: str) -> bool:
        return self.out.total() < 3

    def launched(self, task: Task) -> None:
        self.out[task.id] += 1

    def landed(self, task: Task) -> None:
        self.out[task.id] -= 1


def test_as_much_is_lent_as_there_is_room_for(tmp_path: Path) -> None:
    async def scenario(desk: LocalDesk) -> tuple[list[list[str]], int]:
        room, found = RoomForThree(), []
        async with aclosing(desk.lent(room, room, most=2)) as batches:
            async for tasks in batches:
                found.append([task.url for task in tasks])
                if len(found) == 2:
                    return found, room.out.total()
        raise AssertionError("it is endless")

    with archive_in(tmp_path) as archive:
        announce(archive, "a", URLS)
        found, out = asyncio.run(scenario(archive.desk([SOURCE], endless=True)))
    assert [len(urls) for urls in found] == [2, 1]
    assert len({url for urls in found for url in urls}) == out == 3


def test_what_was_found_for_one_who_is_gone_is_lent_to_the_next(tmp_path: Path) -> None:
    """Whatever step of looking the cancel comes at."""

    async def scenario(desk: LocalDesk, steps: int) -> int:
        room = RoomForThree()
        first = asyncio.ensure_future(anext(desk.lent(room, room, most=3)))
        for _ in range(steps):
            await asyncio.sleep(0)
        first.cancel()
        with suppress(asyncio.CancelledError):
            return len(await first)
        async with asyncio.timeout(5), aclosing(desk.lent(room, room, most=3)) as batches:
            found = {task.id for task in await anext(batches)}
        assert {id_ for id_, count in room.out.items() if count} == found
        return len(found)

    with archive_in(tmp_path) as archive:
        announce(archive, "a", URLS)
        for steps in range(12):
            desk = archive.desk([SOURCE], endless=True)
            assert asyncio.run(scenario(desk, steps)) == 3
            archive.desks.close()
