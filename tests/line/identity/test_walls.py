"""Pages that stand in for articles: held and let go by themselves; nothing archived is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import pytest

from tests.line.conftest import Desk
from tests.line.identity.making import (
    Told,
    bare,
    found,
    held,
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
from tests.line.web import XML, Web, urlset

# As long as a short story, so that its length gives nothing away.
CONSENT = """\
We and our commercial friends would like to store small files on this device and read them again,
so that the pages which you open here may be paid for by advertisers.

Some of these files are needed for the site to work at all, and they are stored in any case.
Others measure which headlines are read in which town, and for how long.

If you agree, the choice is kept for thirteen months and holds for every page of this site,
whichever device you use, as long as you are signed in with the same account.

If you do not agree, you can still read the site with a monthly pass, which costs less than
a cup of coffee and can be ended at any time in the settings of the account.

More about who receives what can be read in the notice that is linked at the foot of each page,
together with the address of the officer who answers questions about it.

Press the button below to go on to the page that you wanted to open, or the smaller one beside it
in order to choose one by one what may be stored and what may not."""
GERMAN = """\
Wir und unsere Geschäftsfreunde möchten kleine Dateien auf diesem Gerät speichern und wieder lesen,
damit die Seiten, die Sie hier öffnen, von Werbung bezahlt werden können.

Einige dieser Dateien braucht die Seite, um überhaupt zu arbeiten. Andere messen, welche
Überschriften in welcher Stadt gelesen werden und wie lange jemand bei ihnen bleibt.

Ihre Wahl gilt dreizehn Monate lang für jede Seite dieses Hauses. Wer nicht zustimmt, kann
mit einem Monatspass weiterlesen, der weniger kostet als eine Tasse Kaffee am Bahnhof.

Drücken Sie auf den Knopf unten, um zu der Seite zu gelangen, die Sie öffnen wollten, oder auf den
kleineren daneben, um einzeln zu wählen, was gespeichert werden darf."""
CHINESE = """\
您的访问来自一个繁忙的网络，为了保护本站读者的使用体验，我们需要确认您是真实的读者。

请按住下方的滑块并拖动到最右侧，完成拼图后页面会自动跳转到您想要打开的文章。

如果长时间没有跳转，请刷新页面后重新操作，或者更换网络环境之后再次打开本页。

您也可以扫描右侧的二维码，在手机客户端中继续浏览，客户端中的内容与网站同步更新。"""
WELCOME = """\
We publish an edition of this site for more than thirty places, each with the prices, currencies
and opening hours that are of use to those who live there.

Choose one in the list below, and we will remember it on this device the next time that you come.
You can change it at any time at the foot of every page.

If the place where you live is not in the list, choose the international edition: it has all
reports in English, with prices in dollars and times as in London."""
WALLS = {
    "en": bare("Before you continue", prose(CONSENT.split("\n\n"), 1)),
    "de": bare("Bevor Sie fortfahren", prose(GERMAN.split("\n\n"), 1), lang="de"),
    "zh": bare("请完成拼图", prose(CHINESE.split("\n\n"), 1), lang="zh"),
    "data": story("Before you continue", prose(CONSENT.split("\n\n"), 1), author="Ann Poe"),
}


@dataclass(frozen=True, kw_only=True)
class Walled:
    """Pages of one site, announced under titles of their own, that a wall hides for a day."""

    kind: str
    lang: str
    wall: str
    pages: int = 9

    def names(self) -> list[str]:
        form = "报道第{}篇" if self.lang == "zh" else "Report number {}"
        return [form.format(n) for n in self._numbers()]

    def _numbers(self) -> range:
        return range(1, self.pages + 1)

    def publish(self, web: Web, *, hidden: bool) -> None:
        told = []
        for n, title in zip(self._numbers(), self.names(), strict=True):
            page = story(title, prose(sentences(self.lang, 80 + n)), lang=self.lang)
            link = web.put(f"/2026/report-{n}", WALLS[self.wall] if hidden else page)
            told.append(Told(title=title, link=link, guid=f"r{n}"))
        put_feed(web, self.kind, *told)


WALLED = {
    "consent": Walled(kind="rss", lang="en", wall="en"),
    "consent in German": Walled(kind="json", lang="en", wall="de"),
    "puzzle": Walled(kind="atom", lang="zh", wall="zh"),
    "with JSON-LD": Walled(kind="rss", lang="en", wall="data"),
}


@pytest.mark.parametrize("shape", WALLED)
@needs_clock
@slow
def test_a_wall_over_many_pages_is_held_and_they_come_the_next_day(
    web: Web, desk: Desk, shape: str
) -> None:
    walled = WALLED[shape]
    walled.publish(web, hidden=True)
    desk.configure(toml("daily", web.url("/feed")))
    desk.crawl()
    assert titles(desk) == []
    assert desk.files() == []
    assert "rejected" not in states(desk)
    _assert_are_held(desk, [web.url(f"/2026/report-{n}") for n in range(1, 10)])
    walled.publish(web, hidden=False)
    _crawl_the_next_day(desk)
    assert titles(desk) == walled.names()
    assert len(desk.files()) == 9
    assert held(desk) == []


def _assert_are_held(desk: Desk, urls: Sequence[str]) -> None:
    listed = held(desk)
    assert sorted({str(one["url"]) for one in listed}) == sorted(urls)
    assert all(one["reason"] for one in listed)


def _crawl_the_next_day(desk: Desk) -> None:
    """By itself: first a probe, and what it makes owed is fetched then or by the next crawl."""
    let_pass(desk, 25)
    desk.crawl()
    desk.crawl()


METALS = ("gold", "silver", "copper", "zinc", "tin", "lead", "iron", "nickel")
UNTITLED = {
    "slugs": [f"/{metal}-market-report" for metal in METALS],
    "numbers": [f"/n/{number}.html" for number in range(4101, 4109)],
    "listing": [f"/c/{number}" for number in range(1, 9)],
}


@pytest.mark.parametrize("shape", UNTITLED)
@needs_clock
@slow
def test_a_wall_over_pages_without_announced_titles_is_held(
    web: Web, desk: Desk, shape: str
) -> None:
    paths = UNTITLED[shape]
    wall = bare("Welcome! Please tell us your country", prose(WELCOME.split("\n\n"), 1))
    links = [web.put(path, wall) for path in paths]
    desk.configure(_announced(web, shape, links))
    desk.crawl()
    assert titles(desk) == []
    assert "rejected" not in states(desk)
    _assert_are_held(desk, links)
    for number, path in enumerate(paths):
        web.put(path, story(f"Report {number}", prose(sentences("en", 90 + number))))
    _crawl_the_next_day(desk)
    assert titles(desk) == [f"Report {number}" for number in range(8)]


def _announced(web: Web, shape: str, links: Sequence[str]) -> str:
    """The TOML of the source that lists them: a listing with link texts, else a sitemap."""
    if shape != "listing":
        web.put("/sitemap.xml", urlset(links), XML)
        return toml("daily", web.url("/sitemap.xml"))
    rows = zip(count(1), links)
    found = "".join(f'<li><a href="{u}">The market report no. {n}</a></li>' for n, u in rows)
    web.put("/list", f"<html><body><ul>{found}</ul></body></html>")
    rules = '[source.list]\nitems = "li"\nlink = "a"'
    return toml("daily", web.url("/list"), 'kind = "listing"', rules)


@pytest.mark.parametrize("wall", WALLS)
@needs_clock
@slow
def test_a_wall_at_a_second_look_changes_nothing_of_the_story(
    web: Web, desk: Desk, wall: str
) -> None:
    title, lang = ("钢厂减产", "zh") if wall == "zh" else ("Steel mills cut output", "en")
    page = story(title, prose(sentences(lang, 99)), lang=lang)
    link = web.put("/steel", page)
    put_feed(web, "rss", Told(title=title, link=link, guid="99"))
    desk.configure(toml("daily", web.url("/feed")))
    desk.crawl()
    before = _story_and_file(desk)
    web.put("/steel", WALLS[wall])
    let_pass(desk, 2)
    desk.crawl()
    assert web.paths().count("/steel") == 2
    assert _story_and_file(desk) == before
    assert found(desk, "拼图" if wall == "zh" else "device OR Gerät") == []
    assert [one["article"] for one in held(desk)] == [1]
    web.put("/steel", page)
    let_pass(desk, 6)
    desk.crawl()
    assert web.paths().count("/steel") == 3
    assert _story_and_file(desk) == before


def _story_and_file(desk: Desk) -> tuple[list[tuple], list[bytes]]:
    rows = desk.rows("SELECT title, text, revision, withdrawn, published FROM stories")
    return rows, [path.read_bytes() for path in desk.files()]


PLAN = """\
Keep reading with a digital plan. It brings you every report of this desk on all of your devices,
the evening letter, and ten years of the printed edition."""
CLIENT = (
    "扫描下方二维码，下载本报客户端，即可继续浏览本篇报道以及每日晨报、晚报和十年来的全部报纸版面。"
)
APP = """\
This report goes on in our app, where our readers find the rest of it together with the charts,
the audio edition and the notes of the reporters who wrote it."""
STUBS = {
    "digital plan": ("rss", "en", PLAN),
    "client": ("json", "zh", CLIENT),
    "app": ("atom", "en", APP),
}


@pytest.mark.parametrize(
    "shape",
    ["digital plan", pytest.param("client", marks=slow), pytest.param("app", marks=slow)],
)
def test_pages_that_share_only_a_stub_are_articles_without_it(
    web: Web, desk: Desk, shape: str
) -> None:
    kind, lang, stub = STUBS[shape]
    names = [("金属报道{}" if lang == "zh" else "Metals report {}").format(n) for n in range(5)]
    told = []
    for n, title in enumerate(names):
        deck = sentences(lang, 110 + n)[1]
        head = f'<meta name="description" content="{deck}">'
        page = story(title, prose([stub]), author=f"Ann Poe{'abcde'[n]}", head=head, lang=lang)
        link = web.put(f"/metals/{n}", page)
        told.append(Told(title=title, link=link, guid=f"m{n}"))
    put_feed(web, kind, *told)
    desk.configure(toml("daily", web.url("/feed")))
    desk.crawl()
    assert titles(desk) == names
    assert desk.rows("SELECT DISTINCT paywalled FROM stories") == [(1,)]
    texts = [str(text) for (text,) in desk.rows("SELECT text FROM stories")]
    assert [text for text in texts if stub[:20] in text] == []
    assert [body for _, body in posts(desk) if stub[:20] in body] == []
