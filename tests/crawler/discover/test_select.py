from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from archive.model import Entry
from crawler.discover.select import Selection, select_entries, why_nothing
from tests.crawler.discover.documents import source

NOW = datetime(2021, 12, 31, tzinfo=UTC)


def entry(path, *, days=None, updated=None):
    published = None if days is None else NOW - timedelta(days=days)
    url = f"https://x.com/{path}"
    return Entry(url=url, raw_url=url, published=published, updated=updated)


def chosen(entries, **fields):
    selection = select_entries(entries, source=source(**fields), now=NOW)
    return [e.url.removeprefix("https://x.com/") for e in selection.entries], selection.dropped


def test_what_the_rules_drop_is_counted():
    entries = [entry("stock/1"), entry("stock/video/2"), entry("sport/3")]
    assert chosen(entries, include=("/stock/",), exclude=("video",)) == (["stock/1"], 2)


def test_items_older_than_since_are_dropped():
    assert chosen([entry("new", days=29), entry("old", days=31)]) == (["new"], 1)


def test_an_item_without_any_date_is_never_too_old():
    assert chosen([entry("undated")], since=timedelta(days=1)) == (["undated"], 0)


def test_a_sitemap_item_is_as_old_as_its_last_change():
    old = datetime(2020, 1, 1, tzinfo=UTC)
    assert chosen([entry("a", updated=old)], since=date(2021, 1, 1)) == ([], 1)


def test_all_means_all():
    assert chosen([entry("old", days=9999)], since="all") == (["old"], 0)


def test_the_first_of_two_entries_with_one_address_stays_and_no_loss_is_counted():
    twice = [entry("a", days=1), entry("b"), entry("a", days=2)]
    selection = select_entries(twice, source=source(), now=NOW)
    assert selection == Selection(entries=(twice[0], twice[1]), dropped=0)


def test_each_reason_is_counted():
    entries = [entry("a", days=1), entry("old", days=31), entry("video/1", days=1)]
    selection = select_entries(entries, source=source(exclude=("video",)), now=NOW)
    assert selection.unused == {"from before since": 1, "left out by include or exclude": 1}


def test_items_that_differ_in_guid_and_title_are_announced_apart():
    first = replace(entry("live"), guid="1", title="Rates rise")
    other = replace(entry("live"), guid="2", title="Gold falls")
    again = replace(entry("live"), guid="1", title="Rates rise again")
    selection = select_entries([first, other, again], source=source(), now=NOW)
    assert (selection.unused, selection.dropped) == ({}, 0)
    assert [e.url.partition("#")[2] for e in selection.entries] == ["guid=1", "guid=2"]


def test_why_nothing_is_announced_is_told_with_the_commonest_reason_first():
    unused = {"from before since": 2, "without a usable address": 12}
    assert why_nothing(unused, 14) == (
        '14 listed, none announced: 12 without a usable address (set full_content = "feed"),'
        " 2 from before since"
    )
