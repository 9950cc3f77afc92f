"""Listings and endpoints that are read by the user's rules."""

from __future__ import annotations

import json

from tests.line.conftest import Desk
from tests.line.web import Web, article


def test_a_listing_is_followed_to_the_configured_number_of_pages(web: Web, desk: Desk) -> None:
    for page in range(1, 6):
        story = web.put(f"/story/{page}", article(page))
        web.put(
            f"/news/{page}",
            f'<html><body><ul><li><a href="{story}">A headline of page {page}</a></li></ul>'
            f'<a class="next" href="/news/{page + 1}">下一页</a></body></html>',
        )
    rules = '[source.list]\nitems = "li"\nlink = "a"\nnext = "a.next"'
    desk.configure(web.source("/news/1", 'kind = "listing"', "pages = 3", rules))
    desk.crawl()
    assert [p for p in web.paths() if p.startswith("/news/")] == ["/news/1", "/news/2", "/news/3"]
    assert desk.rows("SELECT url FROM articles ORDER BY url") == [
        (web.url(f"/story/{page}"),) for page in (1, 2, 3)
    ]
    assert desk.rows("SELECT found, new, error FROM visits") == [(3, 3, None)]


def test_a_rule_that_matches_nothing_fails_the_visit_by_its_name(web: Web, desk: Desk) -> None:
    answer = json.dumps({"code": 0, "result": {"rows": [{"headline": "Grain", "ident": 4}]}})
    web.put("/api.json", answer, "application/json")
    web.put("/page", "<html><body><a href='/x'>One</a></body></html>")
    desk.configure(
        web.source("/api.json", 'kind = "json"', '[source.list]\nitems = "data.list"', id="items"),
        web.source("/api.json", 'kind = "json"', "[source.list]\n"
                   'items = "result.rows"\nlink = "href"', id="link"),
        web.source("/page", 'kind = "listing"', '[source.list]\nitems = "li.story"', id="page"),
    )  # fmt: skip
    output = desk.crawl(exit_code=3)
    errors = dict(desk.rows("SELECT source_id, error FROM visits"))
    assert errors == {
        "items": "[source.list] items = 'data.list' gives no list;"
        " the answer has the top-level keys code, result",
        "link": "[source.list] link = 'href' gives no address in any item;"
        " the first of 1 has the top-level keys headline, ident",
        "page": "[source.list] items = 'li.story' matches nothing in the page",
    }
    assert "items was not read: [source.list] items = 'data.list'" in output
    assert desk.one("SELECT count(*) FROM entries") == 0


def test_a_json_endpoint_gives_articles_by_template(web: Web, desk: Desk) -> None:
    web.put("/d/41.html", article(41))
    answer = json.dumps({"data": [{"docId": 41, "name": "Copper"}]})
    web.put("/api.json", f"cb({answer});", "application/javascript")
    rules = [
        "[source.list]",
        'items = "data"',
        f'link_template = "{web.base}/d/{{id}}.html"',
        'id = "docId"',
        'title = "name"',
    ]
    desk.configure(web.source("/api.json", 'kind = "json"', *rules))
    desk.crawl()
    assert desk.rows("SELECT url FROM articles") == [(web.url("/d/41.html"),)]
    assert desk.rows("SELECT guid, title FROM entries") == [("41", "Copper")]
