"""The front page, latest and changed headlines, by a real Datasette."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.archive.making import LONG, NOW, make_archive, make_source, save
from tests.archive.web.browsing import Browser, get_pages

HOUR = timedelta(hours=1)
NEWER = LONG + "其中大型银行降至10%，即日起执行。"
OF_THEN = "as_of=2026-11-23T10:00Z"


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    """An article that was retitled, a flash, and one in English."""
    conn = make_archive(tmp_path_factory.mktemp("data"), make_source("stcn"))
    save(conn, "1", "央行降准", LONG)
    save(conn, "1", "央行降准0.5个百分点", NEWER, now=NOW + HOUR)
    save(conn, "2", "快讯", "沪指高开0.32%，报4010.87点。")
    text = "Castellan Bank said on Monday it would book a charge of $640 million. " * 9
    save(conn, "3", "Castellan Bank takes $640m charge", text, language="en")
    return conn


@pytest.fixture(scope="module")
def browser(conn: sqlite3.Connection) -> Iterator[Browser]:
    with Browser(conn) as browser:
        yield browser


def test_the_front_page_leads_with_what_was_changed(browser: Browser) -> None:
    page = browser.get(f"/?{OF_THEN}")
    assert page.status_code == 200
    lead = page.text[page.text.index('class="lead"') :][:600]
    assert "央行降准<ins>0.5个百分点</ins>" in lead
    assert "<del>央行降准</del>" in lead
    assert "3 stories" in page.text
    assert "style=" not in page.text


def test_every_page_says_what_a_browser_may_do_with_it(browser: Browser) -> None:
    pages = (browser.get(path) for path in ("/", "/-/latest", "/-/changes", "/-/latest.atom"))
    for page in pages:
        assert "script-src 'self'; connect-src 'self'" in page.headers["content-security-policy"]
        assert "unsafe" not in page.headers["content-security-policy"]
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["x-content-type-options"] == "nosniff"


def test_the_pages_speak_chinese_to_who_reads_it(browser: Browser) -> None:
    page = browser.get(f"/?{OF_THEN}", language="zh-CN")
    assert '<html lang="zh-Hans">' in page.text
    assert "3 则报道" in page.text
    assert "截至 2026年11月23日 18:00。" in page.text


def test_flash_news_is_shown_whole_in_the_river(browser: Browser) -> None:
    page = browser.get("/-/latest")
    assert '<p class="brief" lang="zh-Hans">快讯 沪指高开0.32%，报4010.87点。</p>' in page.text
    assert "Monday, 23 Nov 2026" in page.text


def test_changed_headlines_show_both(browser: Browser) -> None:
    now, then = (browser.get(path) for path in ("/-/changes", "/-/changes?as_of=2026-11-23T08:30Z"))
    assert "央行降准<ins>0.5个百分点</ins>" in now.text
    assert "/-/article/1/diff?from=1&amp;to=2" in now.text
    assert "No outlet changed a headline so far." in then.text


def test_every_link_keeps_the_moment(browser: Browser) -> None:
    page = browser.get(f"/?{OF_THEN}")
    links = re.findall(r'href="(/-/[^"]*|/\?[^"]*|/)"', page.text)
    ours = [link for link in links if "static" not in link]
    assert len(ours) > 10
    assert [link for link in ours if "as_of=" not in link] == ["/"]  # back to now


def test_a_list_is_a_feed_too(browser: Browser) -> None:
    atom, feed = (browser.get(path) for path in ("/-/front.atom", "/-/latest.feed.json"))
    assert atom.headers["content-type"] == "application/atom+xml; charset=utf-8"
    entries = ElementTree.fromstring(atom.text).findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == 3
    items = json.loads(feed.text)["items"]
    assert items[0]["url"].endswith("/-/article/3")
    assert items[0]["id"] == "https://stcn.example.com/3"


def test_the_field_of_a_moment_leads_to_its_address(browser: Browser) -> None:
    page = browser.get("/-/latest?at=2026-11-23T18:30")
    assert page.headers["location"] == "/-/latest?as_of=2026-11-23T10%3A30%3A00Z"


def test_an_empty_archive_says_what_to_do(tmp_path: Path) -> None:
    conn = make_archive(tmp_path, make_source("stcn"))
    for page in get_pages(conn, "/", "/-/latest"):
        assert page.status_code == 200
        assert "broadsheet crawl" in page.text


def test_where_nothing_came_for_a_day_the_last_day_is_shown(browser: Browser) -> None:
    page = browser.get("/?as_of=2026-11-25T08:00Z")
    assert "Nothing was published in the last 24 hours." in page.text
    assert "3 stories" in page.text


def test_the_lists_may_be_narrowed(browser: Browser) -> None:
    front = browser.get(f"/?{OF_THEN}&lang=en").text
    assert "1 story" in front
    assert "Castellan Bank" in front
    assert "沪指高开" not in front
    assert "English ×" in front
    latest = browser.get(f"/-/latest?{OF_THEN}&lang=en").text
    assert "Castellan Bank" in latest
    assert "沪指高开" not in latest
    feed = browser.get("/-/latest.feed.json?lang=en&outlet=Outlet+stcn")
    assert [item["id"] for item in feed.json()["items"]] == ["https://stcn.example.com/3"]


def test_what_fits_nothing_says_so(browser: Browser) -> None:
    front, latest = (browser.get(f"{path}?outlet=Nobody") for path in ("/", "/-/latest"))
    assert "What fits, by time" in front.text
    assert "Nothing fits in these 30 days." in latest.text
    assert "Nobody ×" in latest.text


def test_a_lead_says_why_it_leads(browser: Browser) -> None:
    page = browser.get(f"/?{OF_THEN}").text
    assert "Leads: first 16:00, headline changed" in page


def test_an_outlet_in_the_river_leads_to_its_page(browser: Browser) -> None:
    page = browser.get("/-/latest").text
    assert '<p class="slug"><a class="outlet" href="/-/source/stcn" lang="en">' in page
    assert '<a href="/-/securities">Securities</a>' in page
