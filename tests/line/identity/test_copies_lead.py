"""Who leads a story that a mirror has beside its outlet, and what of the mirror is never hidden."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

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
    search,
    sentences,
    slow,
    story,
    titles,
    toml,
)
from tests.line.web import Web


@dataclass(frozen=True, kw_only=True)
class Mirrored:
    """A story and what its mirror makes of it. `word`: by which all versions are found."""

    lang: str
    title: str
    sentence: str
    turned: str  # the sentence once its two words are turned
    offer: str  # what the mirror adds, with a link to buy
    sold: str  # a word of the offer and of nothing else
    word: str
    label: str  # how the mirror names the outlet

    def texts(self, *, turned: bool = False) -> list[str]:
        rest = sentences(self.lang, 130)
        return [*rest[:2], self.turned if turned else self.sentence, *rest[2:]]


STORIES = {
    "en": Mirrored(
        lang="en",
        title="Quillon sets its dividend",
        sentence="Quillon said that it will raise the dividend before the end of the year.",
        turned="Quillon said that it will cancel the dividend before the end of the year.",
        offer="Readers of this page buy Zorbcoin at a discount with the code below.",
        sold="Zorbcoin",
        word="Quillon",
        label="Source: Courier",
    ),
    "zh": Mirrored(
        lang="zh",
        title="奎隆公布分红方案",
        sentence="奎隆表示，公司将在年底之前提高股息，具体方案由股东大会审议。",
        turned="奎隆表示，公司将在年底之前取消股息，具体方案由股东大会审议。",
        offer="本站读者可凭下方优惠码以折扣价购买佐布币，名额有限。",
        sold="佐布币",
        word="奎隆",
        label="来源：Courier",
    ),
}
HOWS = ("named", "linked", "trusted", "mistrusted", "nothing")
LEADING = HOWS[:4]  # what tells that the outlet leads


def _print(web: Web, other_web: Web, desk: Desk, case: Mirrored, how: str, *, turned: bool) -> None:
    """The outlet is at `other_web`; its mirror, polled first, dates its page a minute earlier."""
    original = story(case.title, prose(case.texts()), lang=case.lang)
    link = other_web.put("/news/130", original)
    put_feed(other_web, "rss", Told(title=case.title, link=link, guid="130"))
    body = prose(case.texts(turned=turned))
    if not turned:
        body += f'<p>{case.offer} <a href="{web.url("/buy")}">{case.sold}</a></p>'
    if how == "named":
        body += f"<p>{case.label}</p>"
    if how == "linked":
        body += f'<p><a href="{link}">{case.title}</a></p>'
    earlier = EARLIER - timedelta(minutes=1)
    copy = web.put("/copied/1", story(case.title, body, when=earlier, lang=case.lang))
    put_feed(web, "rss", Told(title=case.title, link=copy, guid="1", when=earlier))
    trust = {"trusted": ([], ["trust = 9"]), "mistrusted": (["trust = 1"], [])}
    of_mirror, of_outlet = trust.get(how, ([], []))
    desk.configure(
        toml("mirror", web.url("/feed"), *of_mirror),
        toml("courier", other_web.url("/feed"), *of_outlet),
    )


def _crawl_mirror_first(desk: Desk) -> None:
    desk.crawl("mirror")
    desk.crawl("courier")


@pytest.mark.parametrize("how", LEADING)
@pytest.mark.parametrize("lang", STORIES)
@slow
def test_the_outlet_leads_a_mirror_that_came_first(
    web: Web, other_web: Web, desk: Desk, lang: str, how: str
) -> None:
    case = STORIES[lang]
    _print(web, other_web, desk, case, how, turned=False)
    _crawl_mirror_first(desk)
    link = other_web.url("/news/130")
    assert desk.rows("SELECT url, source_id FROM stories") == [(link, "courier")]
    assert [hit["url"] for hit in search(desk, case.word)] == [link]
    ((head, body),) = posts(desk)
    assert head["link"] == link
    assert head["also"] == [web.url("/copied/1")]
    assert case.sold not in body
    assert found(desk, case.sold) != []  # the mirror's own words are found, too


@pytest.mark.parametrize("lang", STORIES)
@slow
def test_without_evidence_both_are_found_by_their_source(
    web: Web, other_web: Web, desk: Desk, lang: str
) -> None:
    case = STORIES[lang]
    _print(web, other_web, desk, case, "nothing", turned=False)
    _crawl_mirror_first(desk)
    assert desk.rows("SELECT count(*) FROM articles WHERE copy_of IS NOT NULL") == [(1,)]
    assert titles(desk) == [case.title]
    for query in (
        case.word,
        case.sold,
        f"{case.word} source:mirror",
        f"{case.word} source:courier",
    ):
        assert set(found(desk, query)) == {case.title}, query


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("lang", STORIES)
@slow
def test_a_copy_that_turns_a_sentence_is_a_story_of_its_own(
    web: Web, other_web: Web, desk: Desk, lang: str, how: str
) -> None:
    case = STORIES[lang]
    _print(web, other_web, desk, case, how, turned=True)
    _crawl_mirror_first(desk)
    stories = desk.rows("SELECT source_id, text FROM stories ORDER BY source_id")
    assert [source for source, _ in stories] == ["courier", "mirror"]
    assert [case.sentence in text for _, text in stories] == [True, False]
    assert [case.turned in text for _, text in stories] == [False, True]
    assert len(desk.files()) == 2
    assert len(search(desk, case.word)) == 2


@pytest.mark.parametrize("lang", ["en", pytest.param("zh", marks=slow)])
def test_a_person_says_who_leads(web: Web, other_web: Web, desk: Desk, lang: str) -> None:
    case = STORIES[lang]
    _print(web, other_web, desk, case, "nothing", turned=False)
    _crawl_mirror_first(desk)
    ((copy, url),) = desk.rows("SELECT id, url FROM articles WHERE copy_of IS NOT NULL")
    desk.run("copies", "lead", str(copy))
    assert desk.rows("SELECT id FROM stories") == [(copy,)]
    assert [head["link"] for head, _ in posts(desk)] == [url]
    desk.crawl()
    assert desk.rows("SELECT id FROM stories") == [(copy,)]


@pytest.mark.parametrize("how", ["named", "trusted"])
@needs_clock
@slow
def test_the_file_of_a_story_keeps_its_path_whoever_leads(
    web: Web, other_web: Web, desk: Desk, how: str
) -> None:
    _print(web, other_web, desk, STORIES["en"], how, turned=False)
    desk.crawl("mirror")
    paths = desk.files()
    let_pass(desk, 0.5)
    desk.crawl("courier")
    assert desk.files() == paths
    assert [head["link"] for head, _ in posts(desk)] == [other_web.url("/news/130")]
