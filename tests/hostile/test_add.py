"""`sources add` on sites that mean harm: bounded, guarded, and told in words."""

from __future__ import annotations

import json
import random

import pytest

from tests.line.conftest import Desk
from tests.line.web import XML, Item, Reply, Web, article, rss

pytestmark = pytest.mark.slow
LINK = '<link rel="alternate" type="application/rss+xml" href="{}">'


def looked(desk: Desk, address: str, exit_code: int | None = 0) -> dict:
    output = desk.run("sources", "add", address, "--json", exit_code=exit_code)
    assert "Traceback" not in output
    return json.loads(output[output.index("[\n") : output.rindex("]") + 1])[0]


def test_a_megabyte_of_links_to_feeds_costs_a_few_requests(web: Web, desk: Desk) -> None:
    links = "".join(LINK.format(f"/f{n}.xml") for n in range(16_000))
    home = web.put("/", f"<html><head>{links}</head><body></body></html>")
    desk.configure()
    found = looked(desk, home, exit_code=3)
    assert found["requests"] <= 40
    assert len(web.asked) <= 45  # robots.txt, and the one try more that a lost answer has
    assert len([c for c in found["candidates"] if c["kind"] == "feed"]) == 8


def test_a_feed_that_redirects_to_a_private_address_is_refused(
    web: Web, other_web: Web, desk: Desk
) -> None:
    other_web.put("/secret", rss([Item(url=other_web.url("/a"))]), XML)
    web.refuse("/feed.xml", 302, Location=other_web.url("/secret"))
    links = LINK.format("/feed.xml") + LINK.format(other_web.url("/secret"))
    home = web.put("/", f"<html><head>{links}</head></html>")
    desk.configure()
    text = desk.config.read_text().replace("127.0.0.0/8", "127.0.0.1/32")
    desk.config.write_text(text)
    found = looked(desk, home, exit_code=3)
    problems = [c["problem"] for c in found["candidates"] if c["kind"] == "feed"]
    assert len(problems) == 2
    assert all("is not public" in problem for problem in problems)
    assert other_web.asked == []


def test_an_endless_list_is_read_one_page_deep(web: Web, desk: Desk) -> None:
    def page(n: int) -> str:
        rows = "".join(
            f'<li><a href="/2026/11/{n}-{i}-harrow-plan-draws-more-scrutiny">Harrow Mining plan '
            f"{n} {i} draws scrutiny in Lagos</a></li>"
            for i in range(30)
        )
        return f'<html><body><ul>{rows}</ul><a rel="next" href="/p/{n + 1}">Next</a></body></html>'

    home = web.put("/", page(0))
    for n in range(1, 50):
        web.put(f"/p/{n}", page(n))
    web.pages["/feed"] = Reply(body=page(1).encode(), headers={"Content-Type": "text/html"})
    desk.configure()
    found = looked(desk, home)
    assert (found["candidates"][0]["kind"], found["candidates"][0]["announced"]) == ("listing", 30)
    assert [path for path in web.paths() if path.startswith("/p/")] == []


def test_a_host_that_answers_slowly_is_left_with_what_was_found(web: Web, desk: Desk) -> None:
    for n in range(3):
        web.put(f"/a/{n}", article(n))
    feed = rss([Item(url=web.url(f"/a/{n}"), title=f"Story {n}") for n in range(3)])
    address = web.put("/feed.xml", feed, XML)
    web.put("/", f"<html><head>{LINK.format(address)}</head></html>")
    web.refuse("/a/0", 503, **{"Retry-After": "3600"})
    desk.configure()
    found = looked(desk, web.url("/"))
    assert found["candidates"][0]["url"] == address
    assert found["samples"][0]["problem"].startswith("HTTP 503")


def test_pages_of_random_markup_never_end_in_a_traceback(web: Web, desk: Desk) -> None:
    rng = random.Random(29)
    pieces = [
        *('<link rel="alternate" type="application/atom+xml" href="', "<a href=", "http://[", "//"),
        *("javascript:x", "\x00", "﷽", "<base href='http://user:pw@x/'>", "rss.xml", ">", '"'),
        *("<html>", "<title>", "]]>", "<?xml", "<rss>", "<urlset>", "{", "[", "\ud7ff", "%00"),
        *('<script type=\'application/ld+json\'>{"@type":"NewsArticle"', "</script>", "feed/"),
    ]
    addresses = [web.put(f"/r/{n}", "".join(rng.choices(pieces, k=200))) for n in range(12)]
    desk.configure()
    output = desk.run("sources", "add", *addresses, "--json", exit_code=None)
    assert "Traceback" not in output
    assert len(json.loads(output[output.index("[\n") : output.rindex("]") + 1])) == 12
