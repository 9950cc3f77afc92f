"""Owed pages are handed out until nothing is due, whenever they were announced."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from typing import Any

import pytest

from archive.model import Entry
from crawler.fetch.house.owed_pages import Out, OwedPages
from crawler.fetch.http.clock import CLOCK


class Rows:
    """Reader and writer of an archive that owes `ids`; `while_read` comes while it is asked."""

    def __init__(self, *ids: int) -> None:
        self.ids = list(ids)
        self.while_read: list[tuple[OwedPages, int]] = []

    async def run(
        self, _: Any, asked: Any, *, now: Any = None, exclude: Collection[int] = ()
    ) -> Any:
        if now is None:  # the writer raises attempts
            return dict.fromkeys(asked, 1)
        rooms: Sequence[tuple[str, str, int]] = asked
        due = [entry(i) for i in self.ids if i not in exclude][: rooms[0][2]]
        for pages, late in self.while_read:
            self.ids.append(late)
            pages.add("s", ["a.example"])
        self.while_read = []
        return due


class Room:
    def takes_page(self, host: str, source_id: str) -> bool:
        return True

    def hold_s(self, host: str) -> float:
        return 0.0


def entry(number: int) -> Entry:
    url = f"https://a.example/{number}"
    return Entry(id=number, url=url, raw_url=url, source_id="s")


def handed_out(rows: Rows, pages: OwedPages, out: Out) -> int | None:
    found = asyncio.run(pages.next(Room(), out))  # type: ignore[arg-type]
    if found is None:
        return None
    assert found.id is not None
    out.ids.add(found.id)
    return found.id


@pytest.mark.parametrize("late", ["while others are at hand", "while others are read"])
def test_what_is_announced_for_a_host_that_is_being_served_is_not_lost(late: str) -> None:
    rows, out = Rows(1, 2), Out()
    pages = OwedPages(reader=rows, writer=rows, clock=CLOCK)  # type: ignore[arg-type]
    pages.add("s", ["a.example"])
    if late == "while others are read":
        rows.while_read = [(pages, 3)]
    assert handed_out(rows, pages, out) == 1
    if late == "while others are at hand":
        rows.ids.append(3)
        pages.add("s", ["a.example"])
    assert handed_out(rows, pages, out) == 2
    assert pages  # a crawl isn't over
    assert handed_out(rows, pages, out) == 3
    assert handed_out(rows, pages, out) is None
    assert not pages


def test_a_visit_without_news_leaves_nothing_to_wait_for() -> None:
    rows = Rows()
    pages = OwedPages(reader=rows, writer=rows, clock=CLOCK)  # type: ignore[arg-type]
    pages.add("s", [])
    assert not pages
