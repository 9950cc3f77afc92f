"""Many stories under one address, or under addresses that are easily taken for one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.line.conftest import Desk
from tests.line.identity.making import (
    EARLIER,
    Told,
    let_pass,
    needs_clock,
    posts,
    prose,
    put_feed,
    sentences,
    slow,
    states,
    story,
    titles,
    toml,
)
from tests.line.web import Web, article

SHELL = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>Daily</title></head>"
    "<body><div id='app'></div><script src='/app.js'></script></body></html>"
)
FRAGMENTS = {
    "hash": ("rss", "en", "/", "#/detail/{}"),
    "hashbang": ("atom", "en", "/app", "#!/news/{}"),
    "parameter": ("json", "zh", "/m/news", "#/article?id={}"),
}


@pytest.mark.parametrize(
    "shape",
    ["hash", pytest.param("hashbang", marks=slow), pytest.param("parameter", marks=slow)],
)
def test_pages_behind_a_fragment_are_articles_of_the_feeds_text(
    web: Web, desk: Desk, shape: str
) -> None:
    kind, lang, start, fragment = FRAGMENTS[shape]
    web.put(start, SHELL)
    told = [
        Told(
            title=f"Detail {n}",
            link=web.url(start + fragment.format(n)),
            guid=f"d{n}",
            content=prose(sentences(lang, n)),
        )
        for n in (1, 2, 3)
    ]
    put_feed(web, kind, *told)
    desk.configure(toml("daily", web.url("/feed")))
    desk.crawl()
    assert titles(desk) == ["Detail 1", "Detail 2", "Detail 3"]
    assert [head["link"] for head, _ in posts(desk)] == [item.link for item in told]
    texts = [text for (text,) in desk.rows("SELECT text FROM stories ORDER BY title")]
    assert [sentences(lang, n)[0] in text for n, text in enumerate(texts, 1)] == [True] * 3


PARAMETERS = {
    "ref": ("rss", "en", "/article.aspx?ref={}"),
    "share": ("json", "zh", "/show.jsp?share={}"),
    "at_id": ("atom", "en", "/news?at_id={}"),
}


@pytest.mark.parametrize("shape", PARAMETERS)
@slow
def test_a_parameter_that_names_the_page_is_no_tracking(web: Web, desk: Desk, shape: str) -> None:
    kind, lang, path = PARAMETERS[shape]
    numbers = (1000, 1001, 1002)
    told = []
    for n in numbers:
        link = web.put(path.format(n), story(f"Story {n}", prose(sentences(lang, n)), lang=lang))
        told.append(Told(title=f"Story {n}", link=link, guid=f"g{n}"))
    put_feed(web, kind, *told)
    desk.configure(toml("daily", web.url("/feed")))
    desk.crawl()
    assert titles(desk) == ["Story 1000", "Story 1001", "Story 1002"]
    assert [head["link"] for head, _ in posts(desk)] == [web.url(path.format(n)) for n in numbers]


ONE_LINK = {
    "front page": ("rss", "en", "/"),
    "ticker": ("atom", "en", "/live/"),
    "app": ("json", "zh", "/kuaixun.html"),
}


@pytest.mark.parametrize("full", [True, False], ids=["full text", "summary"])
@pytest.mark.parametrize("shape", ONE_LINK)
@needs_clock
@slow
def test_items_that_share_one_link_are_each_noticed(
    web: Web, desk: Desk, shape: str, full: bool
) -> None:
    kind, lang, path = ONE_LINK[shape]
    link = web.put(path, SHELL)
    desk.configure(toml("daily", web.url("/feed")))
    told: list[Told] = []
    for day in range(3):
        texts = sentences(lang, 60 + day)
        item = Told(
            title=f"News of day {day}",
            link=link,
            guid=f"day-{day}",
            summary=texts[1],
            content=prose(texts) if full else "",
            when=EARLIER + timedelta(days=day),
        )
        told.insert(0, item)
        put_feed(web, kind, *told)
        desk.crawl()
        let_pass(desk, 24)
    names = ["News of day 0", "News of day 1", "News of day 2"]
    noticed = desk.rows("SELECT title, state, reason FROM entries ORDER BY title")
    assert [title for title, _, _ in noticed] == names
    assert desk.rows("SELECT new FROM visits ORDER BY id") == [(1,), (1,), (1,)]
    assert all(state != "owed" and reason for _, state, reason in noticed)
    if full:
        assert titles(desk) == names


LIVE = {
    "live page": ("rss", "en", "/markets-live", True),
    "bulletin": ("json", "zh", "/zaocan", True),
    "edition": ("atom", "en", "/briefing?edition=morning", False),
}


@pytest.mark.parametrize("shape", LIVE)
@needs_clock
@slow
def test_an_address_that_is_another_article_each_day_is_an_article_a_day(
    web: Web, desk: Desk, shape: str
) -> None:
    kind, lang, path, canonical = LIVE[shape]
    desk.configure(toml("daily", web.url("/feed")))
    for day in range(3):
        title, when = f"{'早参' if lang == 'zh' else 'Live'} {day}", EARLIER + timedelta(days=day)
        own = web.url(path) if canonical else ""
        body = prose(sentences(lang, 70 + day))
        link = web.put(path, story(title, body, when=when, canonical=own, lang=lang))
        put_feed(web, kind, Told(title=title, link=link, guid=f"live-{day}", when=when))
        desk.crawl()
        let_pass(desk, 24)
    begin = "早参" if lang == "zh" else "Live"
    names = [f"{begin} 0", f"{begin} 1", f"{begin} 2"]
    assert titles(desk) == names
    texts = [text for (text,) in desk.rows("SELECT text FROM stories ORDER BY title")]
    assert [sentences(lang, 70 + n)[0] in text for n, text in enumerate(texts)] == [True] * 3
    assert [head["title"] for head, _ in posts(desk)] == names


@needs_clock
@slow
def test_a_story_that_is_edited_at_its_address_stays_one_article(web: Web, desk: Desk) -> None:
    """The doubt of the tests above must not split what is only edited, headline and all."""
    desk.configure(toml("daily", web.url("/feed")))
    for hour, title in enumerate(("Quake shuts the port", "Port reopens after the quake")):
        texts = sentences("en", 75)
        body = prose([*texts, *sentences("en", 76, 6 * hour)] if hour else texts)
        link = web.put("/quake", story(title, body))
        put_feed(web, "rss", Told(title=title, link=link, guid="quake"))
        desk.crawl()
        let_pass(desk, 2)
    assert titles(desk) == ["Port reopens after the quake"]
    assert states(desk) == ["archived"]


@slow
def test_a_page_with_its_parameters_in_any_order_is_one(web: Web, desk: Desk) -> None:
    """The doubt of the tests above must not split what only tracking tells apart."""
    one, other = "/a?id=7&utm_source=rss", "/a?utm_source=mail&id=7"
    links = [web.put(path, article(7)) for path in (one, other)]
    put_feed(web, "rss", *(Told(title="A story", link=link, guid="7") for link in links))
    desk.configure(toml("daily", web.url("/feed")))
    desk.crawl()
    assert desk.rows("SELECT count(*) FROM articles") == [(1,)]
