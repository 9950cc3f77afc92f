"""One story under many addresses: headlines, slugs, sections and parameters that change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.line.conftest import Desk
from tests.line.identity.making import (
    EARLIER,
    Told,
    bare,
    found,
    let_pass,
    needs_clock,
    posts,
    prose,
    put_feed,
    sentences,
    several_webs,
    slow,
    states,
    story,
    titles,
    toml,
    versions,
)
from tests.line.web import Web

ENGLISH = (
    "Harbour dredging runs over budget",
    "Harbour dredging now twice as dear",
    "Dredging bill doubles, harbour admits",
)
CHINESE = ("港口疏浚工程超出预算", "港口疏浚费用翻倍", "疏浚费用翻倍 港口方面承认")
SLUGS = ("/2026/dredging-over-budget", "/2026/dredging-twice-as-dear", "/2026/bill-doubles")


@dataclass(frozen=True, kw_only=True)
class Renamed:
    """A story whose headline changes twice, its address with it. `old`: what old ones answer."""

    kind: str
    paths: tuple[str, str, str]
    old: int | str
    lang: str = "en"
    canonical: bool = True
    guid: str = ""  # '': the address

    @property
    def titles(self) -> tuple[str, str, str]:
        return CHINESE if self.lang == "zh" else ENGLISH

    def publish(self, web: Web, number: int) -> None:
        """The site, once it has given the story headline `number`."""
        path, title = self.paths[number], self.titles[number]
        body = prose(sentences(self.lang, 41, 20))
        canonical = web.url(path) if self.canonical else ""
        page = story(title, body, canonical=canonical, lang=self.lang)
        link = web.put(path, page)
        for former in self.paths[:number]:
            if isinstance(self.old, str):
                web.put(former, page)
            elif self.old == 404:
                web.refuse(former, 404)
            else:
                web.refuse(former, self.old, Location=link)
        put_feed(web, self.kind, Told(title=title, link=link, guid=self.guid or link))


PERCENT = ("/a/%E8%B6%85%E9%A2%84%E7%AE%97", "/a/%E7%BF%BB%E5%80%8D", "/a/%E6%89%BF%E8%AE%A4")
QUERIES = ("/story?slug=over-budget", "/story?slug=twice-as-dear", "/story?slug=bill-doubles")
REDIRECTED = {
    "slugs": Renamed(kind="rss", paths=SLUGS, old=301),
    "Chinese slugs": Renamed(kind="atom", paths=PERCENT, old=302, lang="zh"),
    "parameters": Renamed(kind="json", paths=QUERIES, old=308, canonical=False),
}
ONE_GUID = {
    "old addresses give the page": Renamed(kind="rss", paths=SLUGS, old="the page", guid="p41"),
    "old addresses are gone": Renamed(kind="json", paths=PERCENT, old=404, lang="zh", guid="p41"),
    "parameters": Renamed(kind="atom", paths=QUERIES, old=404, guid="tag:daily,2026:41"),
}


@pytest.mark.parametrize("renamed", [*REDIRECTED.values(), *ONE_GUID.values()], ids=[
    *(f"redirected, {name}" for name in REDIRECTED), *(f"one guid, {name}" for name in ONE_GUID)
])  # fmt: skip
@needs_clock
@slow
def test_a_headline_that_changes_with_its_address_is_one_article(
    web: Web, desk: Desk, renamed: Renamed
) -> None:
    desk.configure(toml("daily", web.url("/feed")))
    for number in range(3):
        renamed.publish(web, number)
        desk.crawl()
        let_pass(desk, 2)  # a page is asked for once an hour at most
    newest = renamed.titles[2]
    assert versions(desk) == list(renamed.titles)
    assert titles(desk) == [newest]
    assert found(desk, "承认" if renamed.lang == "zh" else "admits") == [newest]
    assert [head["title"] for head, _ in posts(desk)] == [newest]
    assert desk.rows("SELECT status FROM sources") == [("ok",)]


SESSIONS = {
    "rss": ("rss", "/2026/dredging?mod=rss&sid={}", "en"),
    "time": ("rss", "/news/41.html?_t=17643{:05}", "zh"),
    "path": ("rss", "/view;tok=9f{:02}a/dredging", "en"),
}


@pytest.fixture(scope="module")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Seven polls of feeds without guids, whose links are others at each."""
    desk = Desk(folder=tmp_path_factory.mktemp("sessions"))
    with several_webs(len(SESSIONS)) as webs:
        outlets = list(zip(webs, SESSIONS.items(), strict=True))
        desk.configure(*(toml(name, web.url("/feed")) for web, (name, _) in outlets))
        for poll in range(7):
            for number, (web, (_, (kind, path, lang))) in enumerate(outlets):
                text = prose(sentences(lang, 41 + number))  # each its own: no copies of one another
                page = story("Harbour dredging", text, lang=lang)
                link = web.put(path.format(poll), page)
                put_feed(web, kind, Told(title="Harbour dredging", link=link))
            desk.crawl()
        yield desk


@pytest.mark.parametrize("source", SESSIONS)
@slow
def test_a_link_with_another_session_at_each_poll_is_one_article(polled: Desk, source: str) -> None:
    assert titles(polled, source) == ["Harbour dredging"]
    assert versions(polled, source) == ["Harbour dredging"]
    assert set(states(polled, source)) <= {"archived", "copy"}
    assert polled.rows("SELECT status FROM sources WHERE id = ?", source) == [("ok",)]


SECTIONS = ("markets", "ports", "world", "companies", "shipping", "asia", "commodities")
MANY = {
    "slugs": ("rss", "en", [f"/dredging-{n}-over-budget" for n in range(12)]),
    "sections": ("atom", "en", [f"/{name}/41.html" for name in SECTIONS]),
    "channels": ("json", "zh", [f"/article?id=41&channel={n}00{n}" for n in range(1, 10)]),
}


@pytest.mark.parametrize(
    "shape", ["slugs", pytest.param("sections", marks=slow), pytest.param("channels", marks=slow)]
)
def test_one_story_under_many_addresses_of_one_feed_is_one_article(
    web: Web, desk: Desk, shape: str
) -> None:
    kind, lang, paths = MANY[shape]
    title = "港口疏浚工程超出预算" if lang == "zh" else "Harbour dredging runs over budget"
    page = story(title, prose(sentences(lang, 41)), lang=lang)
    links = [web.put(path, page) for path in paths]
    put_feed(web, kind, *(Told(title=title, link=link, guid=link) for link in links))
    desk.configure(toml("daily", web.url("/feed")))
    desk.crawl()
    assert titles(desk) == [title]
    assert len(desk.files()) == 1
    aliases = desk.rows("SELECT article_id, url FROM article_urls")
    assert {url for _, url in aliases} >= set(links)
    assert len({article for article, _ in aliases}) == 1
    assert set(states(desk)) <= {"archived", "copy"}


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """A story that is corrected under another address."""

    lang: str
    kind: str
    titles: tuple[str, str]
    wrong: str
    right: str
    words: tuple[str, str]  # to search for the wrong and the right sentence by

    def publish(self, web: Web, *, corrected: bool) -> Told:
        rest = sentences(self.lang, 43, 19)
        told = self.right if corrected else self.wrong
        body = prose([*rest[:3], told, *rest[3:]])
        path = "/story/43-corrected" if corrected else "/story/43"
        title = self.titles[corrected]
        page = story(title, body, canonical=web.url(path), lang=self.lang)
        link = web.put(path, page)
        if corrected:
            web.refuse("/story/43", 301, Location=link)
        return Told(title=title, link=link, guid=link)


CORRECTED = {
    "en": Corrected(
        lang="en",
        kind="rss",
        titles=("Norwood lifts its payout", "Correction: Norwood lifts its payout"),
        wrong="Norwood will pay its holders a dividend of seventeen cents in the spring.",
        right="Norwood will pay its holders a dividend of seventy cents in the spring.",
        words=("seventeen", "seventy"),
    ),
    "zh": Corrected(
        lang="zh",
        kind="json",
        titles=("诺伍德提高分红", "更正：诺伍德提高分红"),
        wrong="诺伍德将在春季向股东派发每股壹拾柒分的股息。",
        right="诺伍德将在春季向股东派发每股柒拾分的股息。",
        words=("壹拾柒", "柒拾分"),
    ),
}


@pytest.mark.parametrize("order", ["look and news", "look first", "news first"])
@pytest.mark.parametrize("lang", CORRECTED)
@needs_clock
@slow
def test_a_correction_at_a_new_address_takes_the_place_of_what_it_corrects(
    web: Web, desk: Desk, lang: str, order: str
) -> None:
    case = CORRECTED[lang]
    put_feed(web, case.kind, case.publish(web, corrected=False))
    desk.configure(toml("daily", web.url("/feed")))
    desk.crawl()
    correction = case.publish(web, corrected=True)
    if order == "look first":
        let_pass(desk, 2)
        desk.crawl()
    put_feed(web, case.kind, correction)
    if order == "look and news":
        let_pass(desk, 2)
    desk.crawl()
    if order == "news first":
        let_pass(desk, 2)
        desk.crawl()
    assert titles(desk) == [case.titles[1]]
    assert versions(desk) == list(case.titles)
    assert found(desk, case.words[1]) == [case.titles[1]]
    assert found(desk, case.words[0]) == []
    assert [case.right in body for _, body in posts(desk)] == [True]
    first = desk.one("SELECT text FROM revisions WHERE number = 1")
    assert case.wrong in str(first)


TWICE = {
    "equal": ("rss", "en", ("Rail freight slows", "Slow month for freight trains")),
    "near": ("json", "zh", ("铁路货运放缓", "货运列车经历淡季")),
    "undated": ("atom", "en", ("Wheat exports climb", "More wheat leaves the ports")),
}


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, dict[str, list[str]]]]:
    """Portals with one story under two headlines, both live; and their versions after one crawl."""
    desk = Desk(folder=tmp_path_factory.mktemp("twice"))
    with several_webs(len(TWICE)) as webs:
        for web, (name, (kind, lang, heads)) in zip(webs, TWICE.items(), strict=True):
            _print_twice(web, name, kind, lang, heads)
        sources = zip(TWICE, webs, strict=True)
        desk.configure(*(toml(name, web.url("/feed")) for name, web in sources))
        desk.crawl()
        first = {name: versions(desk, name) for name in TWICE}
        for hours in (2, 6, 24, 72):
            let_pass(desk, hours)
            desk.crawl()
        yield desk, first


def _print_twice(web: Web, name: str, kind: str, lang: str, heads: tuple[str, str]) -> None:
    told = []
    for number, title in enumerate(heads):
        texts = sentences(lang, 47)[: -number if name == "near" and number else None]
        body = prose(texts)
        page = bare(title, body) if name == "undated" else story(title, body, lang=lang)
        link = web.put(f"/{('rail', 'freight')[number]}/47{number}", page)
        told.append(Told(title=title, link=link, guid=f"47-{number}", when=EARLIER))
    put_feed(web, kind, *told)


@pytest.mark.parametrize("source", TWICE)
@needs_clock
@slow
def test_one_story_under_two_headlines_is_steady(
    looked: tuple[Desk, dict[str, list[str]]], source: str
) -> None:
    desk, first = looked
    assert desk.rows("SELECT count(*) FROM articles WHERE source_id = ?", source) == [(1,)]
    assert len(first[source]) <= 2  # the second headline may count as a change of the first
    assert versions(desk, source) == first[source]
