"""What a feed shows of an item says that it was edited; clocks and counters say nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.line.conftest import Desk
from tests.line.identity.making import (
    EARLIER,
    Told,
    found,
    let_pass,
    needs_clock,
    posts,
    prose,
    put_feed,
    sentences,
    several_webs,
    slow,
    story,
    toml,
    versions,
)
from tests.line.web import NOW, Web

# form of the feed, text before, text after, what is searched
EDITS = {
    "content": (
        "rss",
        "Tamarack said that its prices will rise by 10 percent from the first of March.",
        "Tamarack said that its prices will rise by 1 percent from the first of March.",
    ),
    "json": (
        "json",
        "塔马拉克表示，自三月一日起产品价格将上调百分之十，新合同同样适用。",
        "塔马拉克表示，自三月一日起产品价格将上调百分之一，新合同同样适用。",
    ),
    "negation": (
        "atom",
        "The ministry said that the export licence of Tamarack has been renewed in full.",
        "The ministry said that the export licence of Tamarack has not been renewed in full.",
    ),
}


@pytest.mark.parametrize("field", ["content", "summary"])
@pytest.mark.parametrize("edit", EDITS)
@needs_clock
@slow
def test_a_text_that_changes_in_a_feed_that_is_the_article_is_a_revision(
    web: Web, desk: Desk, edit: str, field: str
) -> None:
    kind, before, after = EDITS[edit]
    rest = sentences("zh" if edit == "json" else "en", 140)[:5]
    desk.configure(toml("daily", web.url("/feed"), 'full_content = "feed"'))
    for text in (before, after):
        told = Told(title="Tamarack", link=web.url("/t"), guid="t1")
        put_feed(web, kind, replace(told, **{field: prose([*rest, text])}))
        desk.crawl()
        let_pass(desk, 2)
    assert desk.rows("SELECT count(*), max(revision) FROM articles") == [(1, 2)]
    texts = [str(text) for (text,) in desk.rows("SELECT text FROM revisions ORDER BY number")]
    assert [before in texts[0], after in texts[1]] == [True, True]
    assert [after in body for _, body in posts(desk)] == [True]


@needs_clock
def test_so_is_a_title_that_changes_there(web: Web, desk: Desk) -> None:
    desk.configure(toml("daily", web.url("/feed"), 'full_content = "feed"'))
    texts = sentences("en", 141)
    for title in ("Solway to close its plant", "Solway to keep its plant"):
        told = Told(title=title, link=web.url("/s"), guid="s1", content=prose(texts))
        put_feed(web, "rss", told)
        desk.crawl()
        let_pass(desk, 2)
    assert versions(desk) == ["Solway to close its plant", "Solway to keep its plant"]
    assert found(desk, "Solway") == ["Solway to keep its plant"]


FIVE_DAYS_AGO = NOW - timedelta(days=5)
# by outlet: form of the feed, what changes in it, whether the page changes
OLD = {
    "all": ("rss", ("title", "summary", "when"), True),
    "title": ("json", ("title",), True),
    "summary": ("atom", ("summary",), True),
    "page-stays": ("rss", ("title", "summary", "when"), False),
}


@pytest.fixture(scope="module")
def reread(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, dict[str, int]]]:
    """Articles that no look is planned of any more, then their feeds changed; requests by then."""
    desk = Desk(folder=tmp_path_factory.mktemp("edits"))
    with several_webs(len(OLD)) as webs:
        outlets = dict(zip(OLD, webs, strict=True))
        sources = (toml(name, web.url("/feed")) for name, web in outlets.items())
        desk.configure(*sources, crawl='look_again = ["1h"]')
        for changed in (False, False, True):
            for name, web in outlets.items():
                _publish_old(web, name, changed=changed)
            asked = {name: web.paths().count("/old") for name, web in outlets.items()}
            desk.crawl()
            let_pass(desk, 2)
        yield desk, {n: web.paths().count("/old") - asked[n] for n, web in outlets.items()}


def _publish_old(web: Web, name: str, *, changed: bool) -> None:
    kind, fields, edited = OLD[name]
    new = {"title": "Kestrel sells jets", "summary": "It sells ten.", "when": EARLIER}
    texts = sentences("en", 142)
    title = new["title"] if changed and edited and "title" in fields else "Kestrel buys jets"
    body = prose([*texts, *sentences("en", 143, 4)] if changed and edited else texts)
    link = web.put("/old", story(str(title), body, when=FIVE_DAYS_AGO))
    told = Told(
        title="Kestrel buys jets",
        link=link,
        guid="k1",
        summary="It buys ten.",
        when=FIVE_DAYS_AGO,
    )
    change = {field: new[field] for field in fields}
    put_feed(web, kind, replace(told, **change) if changed else told)


@pytest.mark.parametrize("source", OLD)
@needs_clock
@slow
def test_a_page_is_looked_at_again_when_its_feed_tells_another_story_of_it(
    reread: tuple[Desk, dict[str, int]], source: str
) -> None:
    desk, asked = reread
    assert asked[source] >= 1
    revision = 1 if source == "page-stays" else 2
    rows = desk.rows("SELECT revision FROM articles WHERE source_id = ?", source)
    assert rows == [(revision,)]


RESTLESS = {
    "hours": ("rss", "{} hours ago. {} people have read about the tug strike in the bay."),
    "comments": ("json", "The tugs lie idle in the bay. {1} comments, the last {0} minutes ago"),
    "reads": ("atom", "拖轮停运进入第二周。{}分钟前 阅读{}"),
}


@pytest.fixture(scope="module")
def restless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, dict[str, Web]]]:
    """Ten polls, a quarter of an hour apart, of feeds that stamp and count at each."""
    desk = Desk(folder=tmp_path_factory.mktemp("restless"))
    with several_webs(len(RESTLESS)) as webs:
        outlets = dict(zip(RESTLESS, webs, strict=True))
        desk.configure(*(toml(name, web.url("/feed")) for name, web in outlets.items()))
        for poll in range(10):
            moment = NOW + timedelta(minutes=15 * poll)
            for name, web in outlets.items():
                _publish_restless(web, name, poll, moment)
            desk.crawl()
            let_pass(desk, 0.25)
        yield desk, outlets


def _publish_restless(web: Web, name: str, poll: int, moment: datetime) -> None:
    kind, form = RESTLESS[name]
    lang = "zh" if name == "reads" else "en"
    told = []
    for n in (1, 2):
        link = web.put(f"/tugs/{n}", story(f"Tugs {n}", prose(sentences(lang, 150 + n)), lang=lang))
        summary = form.format(3 + poll, 1000 + 37 * poll)
        told.append(Told(title=f"Tugs {n}", link=link, guid=f"t{n}", summary=summary, when=moment))
    put_feed(web, kind, *told)


@pytest.mark.parametrize("source", RESTLESS)
@needs_clock
@slow
def test_clocks_and_counters_in_a_feed_make_no_requests(
    restless: tuple[Desk, dict[str, Web]], source: str
) -> None:
    desk, outlets = restless
    paths = outlets[source].paths()
    assert paths.count("/feed") == 10
    assert [paths.count(f"/tugs/{n}") <= 3 for n in (1, 2)] == [True, True]
    assert sorted(versions(desk, source)) == ["Tugs 1", "Tugs 2"]
