"""Whose word counts: an outlet speaks for its own pages, and nobody else does."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.line.conftest import Desk
from tests.line.identity.making import (
    EARLIER,
    Told,
    ask_by_proxy,
    bare,
    prose,
    put_feed,
    sentences,
    slow,
    story,
    titles,
    toml,
)
from tests.line.web import NOW, Web

ELSEWHERE = {
    "front": ("/", 301, True),
    "index": ("/index.html", 302, True),
    "marked": ("/?expired=1", 302, True),
    "section": ("/markets/", 301, False),
}


@pytest.mark.parametrize(
    "where", ["front", *(pytest.param(w, marks=slow) for w in ("index", "marked", "section"))]
)
def test_an_address_that_leads_to_the_front_page_is_no_story(
    web: Web, desk: Desk, where: str
) -> None:
    path, status, is_front = ELSEWHERE[where]
    body = prose(sentences("en", 120)) + '<ul><li><a href="/a">Tin falls again</a></li></ul>'
    web.put(path, bare("The Daily: markets and money", body))
    links = [web.refuse(f"/story/{n}", status, Location=path) for n in (1, 2)]
    put_feed(web, "rss", *(Told(title=f"Story {n}", link=u) for n, u in enumerate(links)))
    desk.configure(toml("daily", web.url("/feed")))
    desk.crawl()
    assert desk.rows("SELECT title FROM articles") == []
    ended = desk.rows("SELECT state, reason FROM entries")
    assert [state for state, _ in ended] == ["rejected", "rejected"]
    assert [reason for _, reason in ended if is_front and "front" not in reason] == []


# who announces it first, whose page it is, the form of the feeds
OUTLETS = {
    "domains": ("http://digest.example.com", "http://outlet.example.org", "rss"),
    "platform": ("http://a.substack.com", "http://b.substack.com", "json"),
    "subdomains": ("http://planet.example.net", "http://news.wire.co.uk", "atom"),
}


@pytest.mark.parametrize("order", ["one after the other", "one pass"])
@pytest.mark.parametrize("pair", OUTLETS)
@slow
def test_what_another_outlets_feed_says_of_a_page_is_not_kept(
    web: Web, desk: Desk, pair: str, order: str
) -> None:
    digest, outlet, kind = OUTLETS[pair]
    page = f"{outlet}/p/tin"
    web.put(page, bare("Tin rises", prose(sentences("en", 121))))
    foreign = Told(
        title="Tin rises",
        link=page,
        guid="d1",
        summary="What the digest has to say about tin.",
        when=NOW - timedelta(days=20),
        tags=["digested"],
        image=f"{digest}/tin.jpg",
    )
    put_feed(web, kind, foreign, at=f"{digest}/feed")
    put_feed(web, "rss", Told(title="Tin rises", link=page, guid="b1"), at=f"{outlet}/feed")
    desk.configure(toml("digest", f"{digest}/feed"), toml("outlet", f"{outlet}/feed"))
    ask_by_proxy(desk, web)
    for names in [("digest",), ("outlet",)] if order == "one after the other" else [()]:
        desk.crawl(*names)
    fields = "source_id, source_name, tags, summary, image, published"
    assert desk.rows(f"SELECT {fields} FROM articles") == [
        ("outlet", "Outlet", "[]", "", "", f"{EARLIER:%Y-%m-%dT%H:%M:%SZ}")
    ]


TEASER = (
    '<html><head><title>Members first</title><script type="application/ld+json">{"@type":'
    ' "NewsArticle", "headline": "Members first", "isAccessibleForFree": false}</script></head>'
    "<body><article><h1>Members first</h1><p>The opening sentence of a story that few may read…"
    '</p><div class="paywall"><p>Subscribe to continue reading.</p></div></article></body></html>'
)
# where the evil feed is, where the other's is, where the other's story is
TENANTS = {
    "github": ("http://evil.github.io/feed", "http://victim.github.io/feed", "/p/1"),
    "blogs": ("http://evil.blogspot.com/feed", "http://victim.blogspot.com/feed", "/p/1.html"),
    "medium": ("http://medium.com/feed/@evil", "http://medium.com/feed/@victim", "/@victim/q1"),
}


@pytest.mark.parametrize("full_content", ["auto", "feed"])
@pytest.mark.parametrize("platform", TENANTS)
@slow
def test_a_text_for_another_tenants_page_leaves_that_page_to_be_asked(
    web: Web, desk: Desk, platform: str, full_content: str
) -> None:
    evil, victim, path = TENANTS[platform]
    page = "/".join(victim.split("/")[:3]) + path
    forged = Told(title="Bank fails", link=page, content=prose(sentences("en", 122)))
    put_feed(web, "rss", forged, at=evil)
    honest = replace(forged, title="Bank holds", content=prose(sentences("en", 123)))
    put_feed(web, "rss", honest, at=victim)
    web.put(page, TEASER)
    mode = f'full_content = "{full_content}"'
    desk.configure(toml("evil", evil, mode), toml("victim", victim))
    ask_by_proxy(desk, web)
    desk.crawl("evil")
    before = web.paths().count(page)
    if full_content == "auto":
        assert desk.rows("SELECT title FROM articles") == []
    desk.crawl("victim")
    assert web.paths().count(page) == before + 1
    if platform != "medium":  # a tenant by its path speaks for no page without being told to
        stories = desk.rows("SELECT source_id, text FROM stories WHERE source_id = 'victim'")
        assert [sentences("en", 123)[0] in text for _, text in stories] == [True]


CLAIMS = {
    "canonical": '<link rel="canonical" href="{}">',
    "og:url": '<meta property="og:url" content="{}"><link rel="canonical" href="{}">',
    "json": '<script type="application/ld+json">{{"@type": "NewsArticle",'
    ' "mainEntityOfPage": "{0}", "url": "{0}"}}</script><link rel="canonical" href="{0}">',
}


def _claim(web: Web, claim: str, *, host: str, title: str) -> tuple[str, str]:
    """Two tenants of one host; a page of the first claims to be the other's. Their addresses."""
    victim, evil = f"{host}/@victim/q1", f"{host}/@evil/p1"
    web.put(_asked(web, victim), story("Rates to stay", prose(sentences("en", 124))))
    head = CLAIMS[claim].format(victim, victim)
    web.put(_asked(web, evil), story(title, prose(sentences("en", 125)), head=head))
    told = [("victim", "Rates to stay", victim), ("evil", title, evil)]
    for name, headline, link in told:
        item = Told(title=headline, link=link, guid=link)
        put_feed(web, "rss", item, at=_asked(web, f"{host}/feed/@{name}"))
    return victim, evil


def _asked(web: Web, url: str) -> str:
    """What the web is asked for at an address: a path, or by proxy the address."""
    return url.removeprefix(web.base)


def _tenants(desk: Desk, host: str) -> None:
    desk.configure(*(toml(name, f"{host}/feed/@{name}") for name in ("evil", "victim")))


@pytest.mark.parametrize("claim", CLAIMS)
@slow
def test_a_claimed_address_that_was_never_asked_is_asked_when_it_is_announced(
    web: Web, desk: Desk, claim: str
) -> None:
    victim, evil = _claim(web, claim, host=web.base, title="Rates to rise")
    _tenants(desk, web.base)
    desk.crawl("evil")
    desk.crawl("victim")
    assert web.paths().count("/@victim/q1") == 1
    assert _texts(desk) == {victim: sentences("en", 124)[0], evil: sentences("en", 125)[0]}


@pytest.mark.parametrize("title", ["Rates to stay", "Rates to rise"])
@pytest.mark.parametrize("claim", CLAIMS)
@slow
def test_a_page_that_claims_to_be_anothers_changes_nothing_of_it(
    web: Web, desk: Desk, claim: str, title: str
) -> None:
    victim, evil = _claim(web, claim, host=web.base, title=title)
    _tenants(desk, web.base)
    desk.crawl("victim")
    before = desk.rows("SELECT * FROM articles")
    desk.crawl("evil")
    assert desk.rows("SELECT * FROM articles WHERE url = ?", victim) == before
    assert _texts(desk) == {victim: sentences("en", 124)[0], evil: sentences("en", 125)[0]}


@slow
def test_on_a_platform_where_tenants_are_paths_neither(web: Web, desk: Desk) -> None:
    _claim(web, "canonical", host="http://medium.com", title="Rates to stay")
    _tenants(desk, "http://medium.com")
    ask_by_proxy(desk, web)
    for names in ("evil", "victim"):
        desk.crawl(names)
    assert set(_texts(desk).values()) == {sentences("en", 124)[0], sentences("en", 125)[0]}
    assert desk.rows("SELECT max(revision) FROM articles") == [(1,)]


def _texts(desk: Desk) -> dict[str, str]:
    """The first sentence of each article, by its address."""
    rows = desk.rows("SELECT url, text FROM articles")
    return {url: text.split("business.")[0] + "business." for url, text in rows}


BRIDGES = {
    "RSSHub": ("http://rss.example.org/wire", "http://wire.example.net", "rss", "en"),
    "a bridge in Chinese": ("http://hub.example.com/stcn", "http://stcn.example.cn", "atom", "zh"),
    "a mail bridge": ("http://mail.example.net/f.json", "http://letter.example.org", "json", "en"),
}


@pytest.mark.parametrize("bridge", BRIDGES)
@slow
def test_a_bridges_feed_fills_what_the_pages_of_an_outlet_of_no_source_leave_open(
    web: Web, desk: Desk, bridge: str
) -> None:
    feed, outlet, kind, lang = BRIDGES[bridge]
    page = f"{outlet}/p/1"
    texts = sentences(lang, 126)
    web.put(page, bare("Nickel rises", prose(texts), lang=lang))
    told = Told(title="Nickel rises", link=page, guid="1", summary="All about it.", tags=["metal"])
    put_feed(web, kind, told, at=feed)
    desk.configure(toml("wire", feed))
    ask_by_proxy(desk, web)
    desk.crawl()
    ((published, tags, summary, text),) = desk.rows(
        "SELECT published, tags, summary, text FROM stories"
    )
    assert published == f"{EARLIER:%Y-%m-%dT%H:%M:%SZ}"
    assert json.loads(tags) == ["metal"]
    assert summary == "All about it."
    assert texts[0] in text


@pytest.mark.parametrize("named", [True, False], ids=["named in hosts", "not named"])
@pytest.mark.parametrize("bridge", BRIDGES)
@slow
def test_its_full_text_stands_in_where_the_outlet_is_named_as_its_host(
    web: Web, desk: Desk, bridge: str, named: bool
) -> None:
    feed, outlet, kind, lang = BRIDGES[bridge]
    page, texts = f"{outlet}/p/1", sentences(lang, 127)
    web.refuse(page, 403)
    told = Told(title="Nickel rises", link=page, guid="1", content=prose(texts))
    put_feed(web, kind, told, at=feed)
    hosts = f'hosts = ["{outlet.removeprefix("http://")}"]'
    desk.configure(toml("wire", feed, *([hosts] if named else [])))
    ask_by_proxy(desk, web)
    desk.crawl()
    assert titles(desk) == (["Nickel rises"] if named else [])


SECOND = {
    "guid and title": {},
    "canonical": {"canonical": True},
    "the feed's text": {"full": True},
}


@pytest.mark.parametrize("shape", SECOND)
@slow
def test_a_source_of_the_same_name_at_another_domain_changes_nothing(
    web: Web, other_web: Web, desk: Desk, shape: str
) -> None:
    link = web.put("/a/1", story("Fed holds rates", prose(sentences("en", 128))))
    put_feed(web, "rss", Told(title="Fed holds rates", link=link, guid="newsml:1"))
    body = prose(sentences("en", 129))
    own = link if "canonical" in SECOND[shape] else ""
    other = other_web.put("/b/1", story("Fed holds rates", body, canonical=own))
    content = body if "full" in SECOND[shape] else ""
    told = Told(title="Fed holds rates", link=other, guid="newsml:1", content=content)
    put_feed(other_web, "rss", told)
    mode = f'full_content = "{"feed" if content else "auto"}"'
    desk.configure(
        toml("first", web.url("/feed"), name="Reuters"),
        toml("second", other_web.url("/feed"), mode, name="Reuters"),
    )
    desk.crawl("first")
    rows, files = desk.rows("SELECT * FROM articles"), [path.read_bytes() for path in desk.files()]
    desk.crawl("second")
    assert desk.rows("SELECT * FROM articles WHERE source_id = 'first'") == rows
    assert desk.files()[0].read_bytes() in files
    assert desk.rows("SELECT url FROM article_urls WHERE article_id = 1") == [(link,)]
