"""An article, its versions, its story, its day and its page as received, by a real Datasette."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from archive.database.connect import transaction
from archive.entries.rechecks import withdraw
from archive.model import RawPage
from archive.pages.store import PageStore
from tests.archive.making import LONG, NOW, make_archive, make_source, save
from tests.archive.web.browsing import Browser

HOUR = timedelta(hours=1)
OWN = "其中大型银行降至百分之十，即日起执行。"
ENGLISH = "Castellan Bank said on Monday it would book a charge of $640 million. " * 9
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'\u202egnp"
BODY = f"""{HOSTILE}

# Big

[here](javascript:alert(3)) and ![tower](http://192.168.0.1/a.png) <svg/onload=alert(4)>

| a | b |
|---|---|
| 1 | <iframe src=//evil.example></iframe> |
"""


class LiveParts(HTMLParser):
    """What a browser would run or fetch of a page that isn't ours."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        own = given.get("src", "") == "/-/static-plugins/broadsheet/broadsheet.js"
        if tag in ("script", "img", "iframe", "object", "embed", "style", "base") and not own:
            self.found.append(tag)
        for name, value in given.items():
            if name.startswith("on") or name in ("style", "srcdoc") or "script:" in value:
                self.found.append(f"{tag} {name}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def conn(folder: Path) -> sqlite3.Connection:
    """A story of two outlets, its lead retitled; one withdrawn, one held, one that is hostile."""
    conn = make_archive(folder, make_source("stcn"), make_source("cls"))
    save(conn, "1", "央行降准", LONG)
    save(
        conn,
        "https://cls.example.com/2",
        "央行降准",
        LONG + OWN,
        source_id="cls",
        now=NOW + HOUR,
        published=NOW + HOUR,
    )
    save(conn, "1", "央行降准0.5个百分点", LONG + "释放一万亿元。", now=NOW + 2 * HOUR)
    save(
        conn, "3", "Castellan Bank takes $640m charge", ENGLISH, language="en", published=NOW + HOUR
    )
    withdraw(conn, 3, now=NOW + 3 * HOUR)
    save(conn, "4", HOSTILE, BODY, published=NOW + 2 * HOUR)
    with transaction(conn):
        conn.execute(
            "UPDATE articles SET section = ?1, author = ?1, tags = ?2 WHERE id = 4",
            (HOSTILE, '["<b onclick=1>"]'),
        )
    save(conn, "5", "有疑问的文章", LONG[::-1], published=NOW)
    with transaction(conn):
        conn.execute("UPDATE articles SET held = 'looks like a wall' WHERE id = 5")
    return conn


@pytest.fixture(scope="module")
def browser(conn: sqlite3.Connection) -> Iterator[Browser]:
    with Browser(conn) as browser:
        yield browser


def test_an_article_says_whence_it_came_and_what_became_of_it(browser: Browser) -> None:
    page = browser.get("/-/article/1").text
    assert "央行降准<ins>0.5个百分点</ins></h1>" in page
    assert '<dt>First seen</dt><dd><time datetime="2026-11-23T08:00:00Z"' in page
    assert "Version 2" in page
    assert "<ins>释放一万亿元。</ins>" in page
    assert "In 1 other outlet" in page
    assert "style=" not in page


def test_a_withdrawn_article_and_a_held_one_are_marked(browser: Browser) -> None:
    assert "It was seen to be gone on 23 Nov 2026, 19:00." in browser.get("/-/article/3").text
    held = browser.get("/-/article/5").text
    assert "looks like a wall" in held
    assert "broadsheet held release 5" in held
    assert "withdrawn 19:00" in browser.get("/-/latest?as_of=2026-11-23T12:00Z").text
    assert "有疑问的文章" not in browser.get("/-/latest").text


def test_a_difference_is_shown_in_each_way(browser: Browser) -> None:
    page = browser.get("/-/article/1/diff").text
    assert "the headline, 1 of 1 paragraph" in page
    assert "<ins>释放一万亿元。</ins></p>" in page
    side = browser.get("/-/article/1/diff?from=1&to=2&view=side").text
    assert 'class="side changed"' in side
    assert "… " in browser.get("/-/article/1/diff?view=changes").text
    one = browser.get("/-/article/1/diff?as_of=2026-11-23T09:30Z").text
    assert "There is one version of it." in one


def test_the_old_address_of_differences_leads_to_the_new_one(browser: Browser) -> None:
    moved = browser.get("/-/diff/1?until=2&as_of=2026-11-23T09:30Z")
    assert moved.headers["location"] == "/-/article/1/diff?to=2&as_of=2026-11-23T09%3A30Z"


def test_a_story_says_who_came_when_and_what_each_added(browser: Browser) -> None:
    page = browser.get("/-/story/1").text
    assert "A story of 2 outlets" in page
    assert "+ 1 h 00 min" in page
    assert f'<p class="added" lang="zh-Hans">{OWN}</p>' in page
    assert browser.get("/-/story/2").headers["location"] == "/-/story/1"


def test_a_day_is_a_day_of_the_zone(browser: Browser) -> None:
    page = browser.get("/-/day/2026-11-23")
    assert "Monday, 23 Nov 2026" in page.text
    assert "3 stories" in page.text
    assert "<title>16:00: 1</title>" in page.text
    empty = browser.get("/-/day/2026-11-20")
    assert empty.status_code == 200
    assert 'href="/-/day/2026-11-23"' in empty.text
    assert browser.get("/-/day?day=2026-11-23").headers["location"] == "/-/day/2026-11-23"


def test_an_article_is_markdown_too(browser: Browser) -> None:
    file = browser.get("/-/article/1.md")
    assert file.headers["content-type"] == "text/markdown; charset=utf-8"
    assert file.text.startswith("---\ntitle: '央行降准0.5个百分点'\n")


def test_a_page_as_received_is_text(browser: Browser, folder: Path) -> None:
    assert "no page was kept" in browser.get("/-/page/4").text
    store = PageStore(folder / "pages.db")
    body = f"<script>alert(1)</script>{HOSTILE}".encode("gb18030")
    headers = (("Content-Type", "text/html; charset=GB18030"),)
    raw = RawPage(
        url="https://stcn.example.com/4",
        source_id="stcn",
        fetched=NOW,
        status=200,
        headers=headers,
        body=body,
    )
    store.link(store.save(raw), 4)
    store.close()
    page = browser.get("/-/page/4")
    assert page.headers["content-type"] == "text/plain; charset=utf-8"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.text.startswith("<script>alert(1)</script>")
    assert browser.get("/-/page/4?n=9").status_code == 404


def test_numbers_that_lead_nowhere_say_so(browser: Browser) -> None:
    for path in ("article/99", "article/99.md", "article/99/diff", "story/99", "page/99"):
        page = browser.get(f"/-/{path}")
        assert page.status_code == 404
        assert "There is no such article" in page.text


@pytest.mark.parametrize(
    "path",
    ["/", "/-/latest", "/-/article/4", "/-/article/4/diff", "/-/story/4", "/-/day/2026-11-23"],
)
def test_nothing_that_a_page_says_runs(browser: Browser, path: str) -> None:
    page = browser.get(path).text
    assert "alert(1)" in page
    assert "\u202e" not in page
    assert LiveParts(page).found == []


def test_pictures_are_links_and_headings_begin_below_the_page_s(browser: Browser) -> None:
    page = browser.get("/-/article/4").text
    assert ">Picture: tower</a></span>" in page
    assert "<h2>Big</h2>" in page
    assert '<div class="table-wrap" tabindex="0" role="region" aria-label="Table">' in page


def test_a_text_of_the_feed_alone_is_told_apart(conn: sqlite3.Connection, browser: Browser) -> None:
    page = "/-/article/1"
    assert "From the feed." not in browser.get(page).text
    for given in ("feed", "foreign feed"):
        with transaction(conn):
            conn.execute(
                "UPDATE articles SET evidence = json_object('text', ?) WHERE id = 1", (given,)
            )
        assert "its page was not read." in browser.get(page).text
    with transaction(conn):
        conn.execute("UPDATE articles SET evidence = '{}' WHERE id = 1")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("jsonld", "the page says soon"),
        ("feed", "the feed says soon"),
        ("sitemap", "the sitemap says soon"),
        ("url", "its address says soon"),
        ("announced", "not taken over: soon"),
    ],
)
def test_the_date_of_an_article_names_who_claims_it(
    conn: sqlite3.Connection, browser: Browser, given: str, words: str
) -> None:
    with transaction(conn):
        conn.execute(
            "UPDATE articles SET published_from = ?, published_claimed = 'soon' WHERE id = 1",
            (given,),
        )
    assert f'<span class="meta">{words}</span>' in browser.get("/-/article/1").text
