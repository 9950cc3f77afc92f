"""One pass of `broadsheet crawl` over the newsroom."""

from __future__ import annotations

import json

import pytest

from tests.line.conftest import LIMIT_S, Desk, feed, paths
from tests.site.process import Site


def test_every_announced_article_becomes_a_row_and_a_file(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=12"))
    desk.crawl()
    assert desk.one("SELECT count(*) FROM articles") == 12
    assert len(desk.files()) == 12
    assert desk.rows("SELECT state, count(*) FROM entries GROUP BY state") == [("archived", 12)]


def test_a_second_pass_asks_for_the_feed_alone_and_gets_304(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=5"))
    desk.crawl()
    site.clear_log()
    desk.crawl()
    asked = site.requests("plain")
    assert paths(asked) == ["/robots.txt", "/bulk/feed.xml?n=5"]
    assert asked[-1]["status"] == 304
    assert {"if-none-match", "if-modified-since"} <= asked[-1]["headers"].keys()


def test_an_article_announced_by_two_sources_is_fetched_once(site: Site, desk: Desk) -> None:
    desk.configure(
        feed(site, "plain", "/bulk/feed.xml?n=4", "one"),
        feed(site, "plain", "/bulk/sitemap.xml?n=4", "two"),
    )
    desk.crawl()
    fetched = [p for p in paths(site.requests("plain")) if p.removeprefix("/bulk/").isdigit()]
    assert sorted(fetched) == ["/bulk/0", "/bulk/1", "/bulk/2", "/bulk/3"]
    assert desk.one("SELECT count(*) FROM articles") == 4
    assert desk.one("SELECT count(*) FROM entries WHERE state = 'archived'") == 8


def test_the_kind_of_a_source_is_detected_and_stored(site: Site, desk: Desk) -> None:
    desk.configure(
        feed(site, "plain", "/bulk/feed.xml?n=3", "a"),
        feed(site, "plain", "/bulk/sitemap.xml?n=3", "b"),
        feed(site, "plain", "/bulk/list?n=30", "c"),
    )
    desk.crawl()
    kinds = desk.rows("SELECT id, kind FROM sources ORDER BY id")
    assert kinds == [("a", "feed"), ("b", "sitemap"), ("c", "listing")]
    assert desk.one("SELECT count(*) FROM articles") == 30


def test_what_exclude_drops_is_counted_and_not_announced(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=6", "s", "exclude = ['/bulk/[0-3]$']"))
    desk.crawl()
    assert desk.rows("SELECT found, dropped, new FROM visits") == [(6, 4, 2)]
    assert desk.one("SELECT count(*) FROM entries") == 2


@pytest.mark.slow
def test_what_max_owed_defers_comes_with_the_next_visits(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=7", "s", "max_owed = 3"))
    desk.crawl()
    assert desk.one("SELECT count(*) FROM articles") == 3
    desk.crawl()
    desk.crawl()
    assert desk.one("SELECT count(*) FROM articles") == 7


def test_a_page_that_failed_once_is_archived_later(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=3"))
    site.post({"do": "fail", "host": "plain", "path": "/bulk/1", "statuses": [404]})
    desk.crawl()
    assert desk.one("SELECT count(*) FROM articles") == 2
    assert desk.rows("SELECT state, reason, attempts FROM entries WHERE url LIKE '%/bulk/1'") == [
        ("owed", "HTTP 404", 1)
    ]
    desk.crawl("--retry")  # the feed answers 304: the entry is all that remembers the page
    assert desk.one("SELECT count(*) FROM articles") == 3


@pytest.mark.slow
def test_a_page_that_stays_away_is_closed_when_the_retries_are_used_up(
    site: Site, desk: Desk
) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=1"), crawl='retry = ["1s"]')
    site.post({"do": "fail", "host": "plain", "path": "/bulk/0", "statuses": [404] * 9})
    desk.crawl()
    desk.crawl("--retry")
    assert desk.rows("SELECT state, reason FROM entries") == [("gone", "HTTP 404")]


def test_a_page_that_is_gone_is_not_asked_for_again(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=1"))
    site.post({"do": "fail", "host": "plain", "path": "/bulk/0", "statuses": [410]})
    desk.crawl()
    assert desk.rows("SELECT state, reason FROM entries") == [("gone", "HTTP 410")]


def test_a_source_that_can_not_be_read_ends_the_crawl_with_exit_code_3(
    site: Site, desk: Desk
) -> None:
    desk.configure(
        feed(site, "plain", "/bulk/feed.xml?n=2", "good"),
        feed(site, "plain", "/odd/status/500", "bad"),
    )
    output = desk.crawl(exit_code=3)
    assert "bad was not read: HTTP 500" in output
    assert desk.one("SELECT count(*) FROM articles") == 2


def test_an_unknown_source_ends_with_exit_code_2_and_a_near_spelling(
    site: Site, desk: Desk
) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=2", "ledger"))
    assert "did you mean ledger?" in desk.crawl("legder", exit_code=2)
    assert not desk.data.exists()


def test_a_broken_config_changes_nothing(desk: Desk) -> None:
    desk.configure('id = "s"\nname = "S"\nurl = "http://127.0.0.1/"\nintervall = "5m"')
    output = desk.crawl(exit_code=2)
    assert "intervall" in output
    assert "interval" in output
    assert not desk.data.exists()


def test_scrapy_lists_and_runs_the_spiders(site: Site, desk: Desk) -> None:
    assert desk.run("scrapy", "list").split() == [
        "feed",
        "json",
        "listing",
        "news",
        "page",
        "sitemap",
        "warc",
    ]
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=3", "s", 'kind = "feed"'))
    desk.run("scrapy", "crawl", "feed", "-a", "source=s")
    assert desk.one("SELECT count(*) FROM articles") == 3


def test_the_crawl_runs_from_another_directory(site: Site, desk: Desk, tmp_path) -> None:
    import subprocess
    import sys

    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=2"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    command = [sys.executable, "-P", "-m", "crawler.run.cli", "crawl", "--config", str(desk.config)]
    subprocess.run([*command, "--data", str(desk.data)], cwd=elsewhere, check=True, timeout=60)
    assert desk.one("SELECT count(*) FROM articles") == 2


def test_with_json_lines_the_log_alone_is_on_stderr(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=1"))
    process = desk.start("crawl", "--log-format", "json")
    out, err = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 0, out + err
    messages = [json.loads(line)["message"] for line in err.splitlines()]
    assert messages[-1].startswith("finished: 1 visited")


@pytest.mark.slow
def test_the_summary_is_json_where_that_is_asked_for(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=3", "good"))
    process = desk.start("crawl", "--json")
    out, _ = process.communicate(timeout=LIMIT_S)
    summary = json.loads(out)
    (good,) = summary["sources"]
    assert (good["source_id"], good["found"], good["new"], good["archived"]) == ("good", 3, 3, 3)
    assert (summary["owed"], summary["interrupted"], summary["not_archived"]) == (0, False, {})
