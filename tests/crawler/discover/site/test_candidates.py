"""Which place is the best source, and where its items lead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from archive.model import Entry
from config.model import Kind
from crawler.discover.site.candidates import (
    Listing,
    Named,
    Place,
    SourceCandidate,
    foreign_hosts,
    ranked,
    usual_feeds,
)

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def candidate(
    url: str,
    kind: Kind = "feed",
    *,
    named: Named = Named.HEAD,
    items: int = 10,
    age: timedelta | None = timedelta(hours=1),
    title: str = "A headline",
    problem: str = "",
) -> SourceCandidate:
    published = None if age is None else NOW - age
    entries = tuple(
        Entry(url=f"{url}/{n}", raw_url=f"{url}/{n}", title=title, published=published)
        for n in range(items)
    )
    return SourceCandidate(
        place=Place(url=url, named=named),
        url=url,
        kind=kind,
        listed=Listing(found=items, entries=entries),
        problem=problem,
    )


def order(*candidates: SourceCandidate) -> list[str]:
    return [c.url for c in ranked(candidates, NOW)]


def test_a_feed_before_a_news_sitemap_before_a_list_before_a_bare_sitemap() -> None:
    bare = candidate("bare", "sitemap", title="", age=None, items=2000)
    listing = candidate("list", "listing", named=Named.ASKED, age=None)
    assert order(bare, listing, candidate("news", "sitemap"), candidate("feed")) == [
        *("feed", "news", "list", "bare"),
    ]


def test_what_has_had_nothing_new_for_a_month_comes_behind_what_has() -> None:
    dead = candidate("dead", age=timedelta(days=31))
    assert order(dead, candidate("alive", "listing")) == ["alive", "dead"]


def test_the_page_s_own_word_before_a_guess_then_more_items_before_fewer() -> None:
    guess = candidate("guess", named=Named.USUAL, items=50)
    short = candidate("short", items=3)
    assert order(guess, short, candidate("long", items=12)) == ["long", "short", "guess"]


def test_what_has_a_problem_comes_last() -> None:
    broken = candidate("broken", problem="HTTP 404")
    assert order(broken, candidate("bare", "sitemap", title="")) == ["bare", "broken"]


def leading(*urls: str) -> list[Entry]:
    return [Entry(url=url, raw_url=url) for url in urls]


@pytest.mark.parametrize(
    ("urls", "hosts"),
    [
        (("https://www.wsj.com/a", "https://wsj.com/b", "https://dowjones.io/c"), ("wsj.com",)),
        (("https://feeds.dowjones.io/a", "https://dowjones.io/b"), ()),
        (("https://a.com/1", "https://b.com/2", "https://c.com/3"), ()),  # an aggregator
        (("https://wsj.com/a", "https://dowjones.io/b"), ()),  # a half is not most
        ((), ()),
    ],
)
def test_only_a_domain_that_most_items_lead_to_is_proposed(
    urls: tuple[str, ...], hosts: tuple[str, ...]
) -> None:
    assert foreign_hosts("https://feeds.dowjones.io/rss", leading(*urls)) == hosts


def test_a_section_s_own_feed_is_looked_for_first() -> None:
    assert usual_feeds("https://paper.example/category/markets/")[:3] == (
        "https://paper.example/category/markets/feed",
        "https://paper.example/feed",
        "https://paper.example/rss",
    )
    assert usual_feeds("https://paper.example/")[0] == "https://paper.example/feed"
