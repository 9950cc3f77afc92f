"""Where a visit looks for what its document let go: each step from what was asked and listed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archive.model import Document, Entry, Validators
from archive.sources.window import LostTime, Window, judge, listed_items
from crawler.discover.model import Discovered
from crawler.fetch.gap_search import (
    GapRequest,
    found_nothing,
    read_further,
    read_robots,
    search_gap,
)
from crawler.fetch.tasks import Announced, Answered, Listed, Poll
from tests.crawler.fetch.harness import make_source

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOW = START + 3 * HOUR
FEED, WEB = "https://a.example.com/feed", "https://a.example.com"


def entries(numbers: Iterable[int], *, dated: bool = True, folder: str = "n") -> list[Entry]:
    urls = [(n, f"{WEB}/{folder}/{n}") for n in numbers]
    moments = {n: START + timedelta(minutes=n) if dated else None for n, _ in urls}
    return [Entry(url=url, raw_url=url, published=moments[n]) for n, url in urls]


def down(first: int, last: int, *, dated: bool = True) -> list[Entry]:
    return entries(range(first, last - 1, -1), dated=dated)


def poll(before: Sequence[Entry], **source: object) -> Poll:
    window = judge(Window(), listed_items(before), at=START).window
    return Poll(
        source=make_source("a", "a.example.com", **source),
        attempt=1,
        delay_s=0.0,
        listing=window.text(),
        visited=START,
    )


def announced(listed: Sequence[Entry]) -> Announced:
    return Announced(
        at=NOW,
        seconds=0.1,
        answered=Answered(status=200, validators=Validators(url=FEED)),
        listed=Listed(
            document="feed",
            entries=tuple(listed),
            found=len(listed),
            items=listed_items(listed),
        ),
    )


def begin(
    listed: Sequence[Entry], *, older: str = "", before: Sequence[Entry] = (), **source: object
) -> GapRequest:
    task = poll(before or down(20, 1), **source)
    request = search_gap(task, announced(listed), older)
    assert isinstance(request, GapRequest)
    return request


def lists(found: Sequence[Entry], kind: str = "sitemap", **more: object) -> Discovered:
    return Discovered(kind=kind, entries=tuple(found), found=len(found), **more)  # type: ignore[arg-type]


def numbers(outcome: object) -> list[int]:
    assert isinstance(outcome, Announced)
    return [int(entry.url.rpartition("/")[2]) for entry in outcome.listed.entries[20:]]


def sitemap(request: GapRequest) -> GapRequest:
    following = read_robots(request, f"Sitemap: {WEB}/news.xml")
    assert isinstance(following, GapRequest)
    return following


def test_a_list_that_joins_on_asks_for_nothing() -> None:
    outcome = announced(down(30, 11))
    assert search_gap(poll(down(20, 1)), outcome, f"{FEED}?page=2") is outcome
    first = replace(poll(down(20, 1)), listing="{}")
    assert search_gap(first, outcome, f"{FEED}?page=2") is outcome


def test_older_pages_are_read_back_to_what_was_known() -> None:
    request = begin(down(80, 61), older=f"{FEED}?page=2")
    assert (request.form, request.kind, request.url) == ("older", "feed", f"{FEED}?page=2")
    following = read_further(request, lists(down(60, 41), "feed", next_page=f"{FEED}?page=3"))
    assert isinstance(following, GapRequest)
    assert following.url == f"{FEED}?page=3"
    outcome = read_further(following, lists(down(40, 18), "feed", next_page=f"{FEED}?page=4"))
    assert numbers(outcome) == list(range(60, 20, -1))
    assert isinstance(outcome, Announced)
    assert outcome.listed.search is not None
    assert (outcome.listed.search.found, outcome.listed.search.reached) == (40, True)


def test_a_page_that_is_older_than_all_that_was_known_ends_the_search() -> None:
    request = begin(down(80, 61), older=f"{FEED}?page=2")
    outcome = read_further(request, lists(down(-5, -20), "feed", next_page=f"{FEED}?page=3"))
    assert numbers(outcome) == []


def test_pages_that_lead_in_a_circle_or_on_for_ever_end() -> None:
    request = begin(down(80, 61), older=f"{FEED}?page=2")
    circle = read_further(request, lists(down(60, 41), "feed", next_page=FEED))
    assert isinstance(circle, GapRequest)
    assert circle.form == "robots"
    pages = 1
    following: object = request
    while isinstance(following, GapRequest) and following.form == "older":
        pages += 1
        url = f"{FEED}?page={pages + 1}"
        following = read_further(following, lists(down(60, 41), "feed", next_page=url))
    assert pages - 1 == 10


@pytest.mark.parametrize("witnesses", [(), (f"{WEB}/all.xml", f"{WEB}/more.xml")])
def test_witnesses_go_before_robots_txt(witnesses: tuple[str, ...]) -> None:
    request = begin(down(80, 61), witness=witnesses)
    asked = []
    following: object = request
    while isinstance(following, GapRequest):
        asked.append(following.url)
        following = found_nothing(following)
    assert asked == [*(witnesses or (f"{WEB}/robots.txt",))]
    assert isinstance(following, Announced)


def test_a_news_sitemap_that_spans_the_gap_gives_what_is_missing() -> None:
    outcome = read_further(sitemap(begin(down(80, 61))), lists(down(90, 1)))
    assert sorted(numbers(outcome)) == [*range(21, 61), *range(81, 91)]
    assert isinstance(outcome, Announced)
    assert outcome.listed.search is not None
    assert outcome.listed.search.spanned


def test_a_sitemap_that_begins_within_the_gap_does_not_span_it() -> None:
    outcome = read_further(sitemap(begin(down(80, 61))), lists(down(80, 50)))
    assert isinstance(outcome, Announced)
    assert outcome.listed.search is not None
    assert (outcome.listed.search.found, outcome.listed.search.spanned) == (11, False)


@pytest.mark.parametrize("turned", [False, True])
def test_without_dates_the_place_says_what_lies_in_between(turned: bool) -> None:
    listed = down(80, 1, dated=False)
    outcome = read_further(sitemap(begin(down(80, 61))), lists(listed[::-1] if turned else listed))
    assert sorted(numbers(outcome)) == list(range(21, 61))


def test_an_undated_sitemap_that_lists_nothing_known_gives_nothing() -> None:
    outcome = read_further(sitemap(begin(down(80, 61))), lists(down(60, 21, dated=False)))
    assert numbers(outcome) == []


def test_of_a_whole_site_only_the_folder_of_the_source_counts() -> None:
    others = entries(range(1, 81), folder="sport")
    outcome = read_further(sitemap(begin(down(80, 61))), lists([*others, *down(80, 1)]))
    assert sorted(numbers(outcome)) == list(range(21, 61))


def test_a_sitemap_of_much_more_than_the_source_counts_for_nothing() -> None:
    mixed = [*entries(range(70, 81), folder="x"), *down(69, 61)]
    others = entries(range(60, 81), folder="y") + entries(range(60, 81), folder="z")
    outcome = read_further(sitemap(begin(mixed)), lists([*others, *down(80, 1)]))
    assert numbers(outcome) == []


def test_the_files_of_an_index_that_may_hold_it_are_read_newest_first() -> None:
    files = (
        Document(url=f"{WEB}/old.xml", lastmod=START - timedelta(days=9)),
        Document(url=f"{WEB}/today.xml", lastmod=NOW),
        Document(url=f"{WEB}/news-1.xml"),
    )
    following: object = read_further(sitemap(begin(down(80, 61))), lists([], documents=files))
    asked = []
    while isinstance(following, GapRequest):
        asked.append(following.url)
        following = found_nothing(following)
    assert asked == [f"{WEB}/news-1.xml", f"{WEB}/today.xml"]


def test_the_rules_of_the_source_hold_for_what_is_found() -> None:
    request = sitemap(begin(down(80, 61), exclude=("/4[0-9]$",)))
    outcome = read_further(request, lists(down(80, 1)))
    assert len(numbers(outcome)) == 30
    assert isinstance(outcome, Announced)
    assert (outcome.listed.found, outcome.listed.dropped) == (60, 10)


def test_a_robots_txt_of_nothing_ends_the_search() -> None:
    outcome = read_robots(begin(down(80, 61)), "User-agent: *\nDisallow: /private/\n")
    assert numbers(outcome) == []


def later(hours: float, tries: int = 0, *, listed: Sequence[Entry] = ()) -> object:
    """The outcome of a visit that joins on, so long after one that could not close its gap."""
    lost = LostTime(started=START, ended=START + timedelta(minutes=80), tries=tries)
    task = poll(down(80, 61))
    window = replace(Window.parse(task.listing), lost=lost)
    outcome = replace(announced(listed or down(85, 66)), at=lost.ended + hours * HOUR)
    return search_gap(replace(task, listing=window.text()), outcome, f"{FEED}?page=2")


@pytest.mark.parametrize(
    ("hours", "tries", "asks"),
    [(0.9, 0, False), (1, 0, True), (5, 1, False), (6, 1, True), (24, 2, True), (99, 3, False)],
)
def test_a_gap_is_searched_for_again_three_times(hours: float, tries: int, asks: bool) -> None:
    request = later(hours, tries)
    assert isinstance(request, GapRequest) is asks
    assert not isinstance(request, GapRequest) or request.form == "robots"


def test_what_is_found_later_lies_within_the_gap() -> None:
    request = later(1)
    assert isinstance(request, GapRequest)
    outcome = read_further(sitemap(request), lists(down(90, 0)))
    assert sorted(numbers(outcome)) == list(range(1, 61))
    assert isinstance(outcome, Announced)
    assert outcome.listed.search is not None
    assert (outcome.listed.search.found, outcome.listed.search.spanned) == (60, True)
    undated = read_further(sitemap(request), lists(down(90, 1, dated=False)))
    assert numbers(undated) == []


def test_a_new_gap_goes_before_an_old_one() -> None:
    request = later(1, listed=down(200, 181))
    assert isinstance(request, GapRequest)
    assert not request.search.is_past
