"""What an outlet took down stays marked; a page that says so with status 200 counts, too."""

from __future__ import annotations

import pytest

from tests.line.conftest import Desk
from tests.line.identity.making import (
    Told,
    bare,
    let_pass,
    make_due,
    needs_clock,
    posts,
    prose,
    put_feed,
    search,
    sentences,
    slow,
    story,
    toml,
)
from tests.line.web import Web

# status of the page, form of the feed that still carries the text, what the user retries
GONE = {
    "410": (410, "rss", ("--state", "archived")),
    "404": (404, "json", ("--state", "archived")),
    "by address": (410, "atom", ("{link}",)),
}


@pytest.mark.parametrize("shape", GONE)
@needs_clock
@slow
def test_what_was_withdrawn_stays_so_while_another_feed_carries_its_text(
    web: Web, desk: Desk, shape: str
) -> None:
    status, kind, retry = GONE[shape]
    body = prose(sentences("en", 160))
    link = web.put("/a/160", story("Delmar recalls its soup", body))
    told = Told(title="Delmar recalls its soup", link=link, guid="160")
    put_feed(web, "rss", told, at="/feed")
    put_feed(web, kind, Told(title=told.title, link=link, guid="160", content=body), at="/full")
    desk.configure(
        toml("pages", web.url("/feed"), name="Daily"),
        toml("full", web.url("/full"), 'full_content = "feed"', name="Daily"),
    )
    desk.crawl("pages")
    desk.crawl("full")
    web.refuse("/a/160", status)
    let_pass(desk, 2)
    desk.crawl()
    assert _withdrawn(desk) == [told.title]
    desk.run("retry", *(word.format(link=link) for word in retry))
    desk.crawl()
    assert _withdrawn(desk) == [told.title]
    assert desk.rows("SELECT count(*) FROM articles") == [(1,)]
    assert [bool(head.get("withdrawn")) for head, _ in posts(desk)] == [True]
    assert [bool(hit["withdrawn"]) for hit in search(desk, "Delmar OR soup")] == [True]


def _withdrawn(desk: Desk) -> list[str]:
    rows = desk.rows("SELECT title FROM stories WHERE withdrawn IS NOT NULL")
    return [title for (title,) in rows]


def test_a_withdrawn_story_says_so_in_its_file(web: Web, desk: Desk) -> None:
    link = web.put("/a/161", story("Delmar recalls its soup", prose(sentences("en", 161))))
    put_feed(web, "rss", Told(title="Delmar recalls its soup", link=link))
    desk.configure(toml("daily", web.url("/feed")))
    desk.crawl()
    assert ["withdrawn" in head for head, _ in posts(desk)] == [False]
    web.refuse("/a/161", 410)
    make_due(desk)
    desk.crawl()
    assert [bool(head.get("withdrawn")) for head, _ in posts(desk)] == [True]


SORRY = """\
Sorry, the page that you are looking for is not here. It may have been moved, or its address may
have been typed with a slip. Try the search above, or begin again at the front page."""
SOFT = {
    "bare": bare("Page not found", prose([SORRY])),
    "long": bare("404 - Page not found", prose([SORRY, *sentences("en", 162)])),
    "Chinese": bare(
        "页面不存在", prose(["抱歉，您访问的文章不存在或已被删除，请返回首页。"]), lang="zh"
    ),
}


def _announce(web: Web, desk: Desk) -> str:
    page = story("Alder insures the dam", prose(sentences("en", 163)))
    put_feed(web, "rss", Told(title="Alder insures the dam", link=web.put("/a/163", page)))
    desk.configure(toml("daily", web.url("/feed")))
    desk.crawl()
    return page


def _story(desk: Desk) -> list[tuple]:
    return desk.rows("SELECT title, text, revision FROM stories")


@pytest.mark.parametrize("soft", SOFT)
@needs_clock
@slow
def test_an_error_page_at_two_looks_is_a_withdrawal(web: Web, desk: Desk, soft: str) -> None:
    _announce(web, desk)
    before = _story(desk)
    web.put("/a/163", SOFT[soft])
    let_pass(desk, 2)
    desk.crawl()
    assert desk.rows("SELECT withdrawn FROM articles") == [(None,)]
    assert _story(desk) == before
    let_pass(desk, 6)
    desk.crawl()
    assert _withdrawn(desk) == ["Alder insures the dam"]
    assert _story(desk) == before
    ((head, body),) = posts(desk)
    assert head["withdrawn"]
    assert sentences("en", 163)[0] in body


@pytest.mark.parametrize("soft", SOFT)
@needs_clock
@slow
def test_an_error_page_at_one_look_is_none(web: Web, desk: Desk, soft: str) -> None:
    page = _announce(web, desk)
    before = _story(desk)
    for answer in (SOFT[soft], page, SOFT[soft]):
        web.put("/a/163", answer)
        let_pass(desk, 8 if answer == page else 2)
        make_due(desk)
        desk.crawl()
        assert desk.rows("SELECT withdrawn FROM articles") == [(None,)]
        assert _story(desk) == before
