"""`broadsheet sources check`: what a source would bring, without an archive."""

from __future__ import annotations

import pytest

from tests.line.conftest import Desk, feed
from tests.site.process import Site


def test_check_shows_what_a_source_would_bring_and_stores_nothing(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=3", "good"))
    output = desk.run("sources", "check", "good")
    assert "good: ok" in output
    assert "feed: 3 items, 3 would be announced" in output
    assert "first page: " in output
    assert not desk.data.exists()


def test_check_names_what_is_wrong_with_each_source(site: Site, desk: Desk) -> None:
    desk.configure(
        feed(site, "plain", "/odd/status/404", "missing"),
        feed(site, "plain", "/bulk/1", "page", 'kind = "feed"'),
    )
    output = desk.run("sources", "check", exit_code=3)
    assert "missing: HTTP 404" in output
    assert "page: " in output
    assert "page: ok" not in output


@pytest.mark.slow
def test_a_spider_visits_what_turned_out_to_be_of_its_kind(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=2"))
    first = desk.run("scrapy", "crawl", "feed")
    assert "not visited, as their kind is unknown: s" in first
    desk.crawl()
    desk.run("scrapy", "crawl", "feed")
    assert desk.rows("SELECT status FROM visits") == [(200,), (304,)]
