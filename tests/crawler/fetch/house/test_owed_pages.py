"""Owed pages are handed out until nothing is due, whenever they were announced."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import pytest

from archive.model import Entry
from crawler.fetch.desk import AHEAD
from crawler.fetch.house.owed_pages import Out, OwedPages
from crawler.fetch.http.clock import CLOCK


class Rows:
    """The writer of an archive that owes `ids`; `while_read` comes while it is asked."""

    def __init__(self, *ids: int) -> None:
        self.ids = list(ids)
        self.while_read: list[tuple[OwedPages, int]] = []
        self.asked = 0
        self.landing: list[Out] = []  # of which all lands while it is asked

    async def run(
        self,
        _: Any,
        rooms: Sequence[tuple[str, str, int]],
        *,
        now: Any,
        exclude: Collection[int],
        urls_out: Collection[str],
    ) -> tuple[list[Entry], list[Entry]]:
        self.asked += 1
        due = [entry(i) for i in self.ids if i not in exclude]
        for pages, late in self.while_read:
            self.ids.append(late)
            pages.add("s", ["a.example"])
        self.while_read = []
        for out in self.landing:
            out.urls.clear()
        taken = [replace(e, attempt=1) for e in due if e.url not in urls_out][: rooms[0][2]]
        return taken, [e for e in due if e.url in urls_out]


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


def test_an_address_that_lands_while_the_archive_is_asked_is_asked_for_again() -> None:
    rows, out = Rows(1), Out()
    out.urls["https://a.example/1"] += 1  # another source's
    rows.landing = [out]
    pages = OwedPages(reader=rows, writer=rows, clock=CLOCK)  # type: ignore[arg-type]
    pages.add("s", ["a.example"])
    assert handed_out(rows, pages, out) == 1


def test_an_address_that_is_out_waits_for_it() -> None:
    rows, out = Rows(1), Out()
    out.urls["https://a.example/1"] += 1
    pages = OwedPages(reader=rows, writer=rows, clock=CLOCK)  # type: ignore[arg-type]
    pages.add("s", ["a.example"])
    assert handed_out(rows, pages, out) is None


@pytest.mark.parametrize("others", range(AHEAD))
def test_what_waits_behind_an_address_that_is_out_is_not_asked_for_again(others: int) -> None:
    rows, out = Rows(1), Out()
    out.urls["https://a.example/1"] += 1
    out.hosts["a.example"] += others  # pages of the host that are out: so much less room
    pages = OwedPages(reader=rows, writer=rows, clock=CLOCK)  # type: ignore[arg-type]
    pages.add("s", ["a.example"])
    assert (handed_out(rows, pages, out), rows.asked) == (None, 1)
    rows.ids.append(2)
    pages.add("s", ["a.example"])
    assert (handed_out(rows, pages, out), rows.asked) == (2, 2)


def test_a_visit_without_news_leaves_nothing_to_wait_for() -> None:
    rows = Rows()
    pages = OwedPages(reader=rows, writer=rows, clock=CLOCK)  # type: ignore[arg-type]
    pages.add("s", [])
    assert not pages
