"""One article under many addresses, many addresses with one text, and whose word counts."""

from __future__ import annotations

import pytest

from tests.line.conftest import Desk, feed
from tests.line.web import Item, Web, article, rss
from tests.site.bulk import article_text
from tests.site.demo import demo_config
from tests.site.process import Site


def _state_of(desk: Desk, url: str) -> tuple:
    return desk.rows("SELECT state, coalesce(reason, '') FROM entries WHERE raw_url = ?", url)[0]


def test_every_address_of_an_article_leads_to_its_one_row(
    web: Web, other_web: Web, desk: Desk
) -> None:
    mine = web.url("/story/1")
    canonical = f'<link rel="canonical" href="{mine}">'
    for path in ("/story/1", "/story/1/", "/story/1?utm_source=rss", "/amp/story/1", "/m/story/1"):
        web.put(path, article(1, head=canonical))
    permanent = web.refuse("/old/1", 301, Location="/story/1")
    temporary = web.refuse("/moved/1", 302, Location=mine)
    across = other_web.refuse("/go/1", 302, Location=mine)
    listed = [
        across, permanent, temporary, web.url("/story/1?utm_source=rss"), web.url("/story/1/"),
        web.url("/amp/story/1"), web.url("/m/story/1"),
    ]  # fmt: skip
    title = article_text(1)[0]
    web.put("/feed.xml", rss([Item(url=url, title=title) for url in listed]))
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    assert desk.rows("SELECT url FROM articles") == [(mine,)]
    aliases = {url for (url,) in desk.rows("SELECT url FROM article_urls")}
    assert aliases >= {mine, across, permanent, temporary, web.url("/m/story/1")}
    assert {s for (s,) in desk.rows("SELECT state FROM entries")} <= {"archived", "copy"}
    assert len(desk.files()) == 1


def test_a_meta_refresh_is_not_followed_and_a_foreign_canonical_is_not_believed(
    web: Web, other_web: Web, desk: Desk
) -> None:
    victim = other_web.put("/news/7", article(7))
    refresh = f'<html><head><meta http-equiv="refresh" content="0; url={victim}"></head></html>'
    turned = web.put("/refresh", refresh)
    forged = web.put("/forged", article(8, head=f'<link rel="canonical" href="{victim}">'))
    web.put("/feed.xml", rss([Item(url=turned), Item(url=forged)]))
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    assert _state_of(desk, turned)[0] == "rejected"
    assert other_web.paths() == []
    assert desk.rows("SELECT url FROM articles") == [(forged,)]
    assert desk.rows("SELECT url FROM article_urls") == [(forged,)]


def test_the_same_text_under_another_address_of_the_outlet_is_a_copy_without_a_row(
    web: Web, desk: Desk
) -> None:
    first, second = (web.put(f"/{n}", article(9, "Ferry line seeks funds")) for n in ("a", "b"))
    title = "Ferry line seeks funds"
    web.put("/feed.xml", rss([Item(url=first, title=title), Item(url=second, title=title)]))
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    assert desk.rows("SELECT state, article_id FROM entries ORDER BY state") == [
        ("archived", 1),
        ("copy", 1),
    ]
    assert desk.one("SELECT count(*) FROM articles") == 1
    assert desk.rows("SELECT url FROM article_urls ORDER BY url") == [(first,), (second,)]


@pytest.mark.slow
def test_a_consent_wall_is_recognised_undone_and_held_from_then_on(site: Site, desk: Desk) -> None:
    desk.config.write_text(demo_config(site, consent_wall=True), encoding="utf-8")
    desk.crawl("ledger-consent")
    wall = "SELECT count(*) FROM entries WHERE url LIKE '%consent%' AND state = ? AND reason LIKE ?"
    assert desk.one(wall, "held", "placeholder%") == 6
    assert desk.one("SELECT count(*) FROM articles") == 0
    assert desk.one("SELECT count(*) FROM article_urls") == 0
    assert desk.files() == []
    status, reason = desk.rows("SELECT status, status_reason FROM sources WHERE status <> 'ok'")[0]
    assert status == "blocked"
    assert "a cookie wall" in str(reason)
    desk.run("retry", site.url("ledger", "/consent/1"))
    desk.crawl("ledger-consent")
    assert desk.one(wall, "held", "placeholder%") == 6
    assert desk.one("SELECT count(*) FROM articles") == 0


@pytest.mark.slow
def test_an_edit_makes_a_revision_and_an_equal_text_does_not(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "wire", "/atom.xml", "wire", 'kind = "feed"'))
    desk.crawl()
    ((url, path),) = desk.rows("SELECT url, markdown_path FROM articles ORDER BY id LIMIT 1")
    slug = next(story["slug"] for story in site.expected() if story.get("url") == url)
    edited = desk.data / "articles" / str(path)
    before = edited.read_text(encoding="utf-8")
    addition = "The company later withdrew its forecast for the year and gave no other."
    site.post({"do": "edit", "story": slug, "append": addition})
    site.clear_log()
    desk.crawl()
    assert desk.rows("SELECT revision FROM articles WHERE url = ?", url) == [(2,)]
    assert desk.rows("SELECT number FROM revisions AS r JOIN articles AS a ON a.id = r.article_id"
                     " WHERE a.url = ? ORDER BY 1", url) == [(1,), (2,)]  # fmt: skip
    after = edited.read_text(encoding="utf-8")
    assert addition not in before
    assert addition in after
    assert "revision: 2" in after
    assert desk.one("SELECT count(*) FROM articles WHERE revision > 1") == 1
    site.post({"do": "edit", "story": slug, "replace": []})
    desk.crawl()
    assert desk.rows("SELECT revision FROM articles WHERE url = ?", url) == [(2,)]
    assert edited.read_text(encoding="utf-8") == after
