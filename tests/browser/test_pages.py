"""Each page in Chromium: usable by all, in every width, still while it loads, and nobody's tool."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.browser.axe import PLACE, axe_findings, find_axe
from tests.browser.chromium import Browser, Loaded, find_chromium, running_chromium
from tests.browser.newsroom import Room, make_newsroom, served_newsroom

PROGRAM, AXE = find_chromium(), find_axe()
# A font that comes late on a machine at work moves a line by a pixel; 0.1 is what a reader notices.
NOISE = 0.005
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(PROGRAM is None, reason="no Chromium here"),
]
WIDTHS = (1440, 768, 390)
MOST_BYTES = 100_000


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with served_newsroom(make_newsroom(tmp_path_factory.mktemp("newsroom"))) as room:
        yield room


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert PROGRAM is not None
    with running_chromium(PROGRAM) as browser:
        yield browser


def test_no_page_moves_overflows_or_asks_elsewhere(room: Room, browser: Browser) -> None:
    wrong: list[str] = []
    for language in ("en", "zh-CN"):
        for scheme in ("light", "dark"):
            for width in (*WIDTHS, 320):
                browser.set_view(width, scheme, language)
                for name, path in room.pages.items():
                    wrong += [
                        f"{name} {width} {scheme} {language}: {what}"
                        for what in faults(browser, room.home, path)
                    ]
    assert wrong == []


def faults(browser: Browser, home: str, path: str) -> Iterator[str]:
    loaded = browser.open(home + path)
    # a page that says 404 is an error to Chromium, and none
    yield from (words for words in loaded.complaints if "status of 4" not in words)
    yield from (f"asked {url}" for url in elsewhere(loaded, home))
    if loaded.received > MOST_BYTES:
        yield f"{loaded.received:,} bytes"
    if (over := browser.overflow()) > 0:
        yield f"{over} px too wide"
    if (moved := browser.shifted()) > NOISE:
        yield f"moved by {moved}"


def elsewhere(loaded: Loaded, home: str) -> list[str]:
    """What was asked of others; a data: URL, such as Chromium's own in a date field, is nobody."""
    return [url for url in loaded.requests if not url.startswith((f"{home}/", "data:"))]


@pytest.mark.skipif(AXE is None, reason=f"no axe-core here: {PLACE} names no axe.min.js")
def test_nobody_is_shut_out(room: Room, browser: Browser) -> None:
    assert AXE is not None
    wrong: list[str] = []
    views = [(w, s, "en") for w in (1440, 390) for s in ("light", "dark")]
    for width, scheme, language in [*views, (1440, "light", "zh-CN"), (390, "dark", "zh-CN")]:
        browser.set_view(width, scheme, language)
        for name, path in room.pages.items():
            browser.open(room.home + path)
            found = axe_findings(browser, AXE)
            wrong += [f"{name} {width} {scheme} {language}: {what}" for what in found]
    assert wrong == []


def test_a_page_s_words_are_of_the_reader_s_language(room: Room, browser: Browser) -> None:
    browser.set_view(1440, "light", "zh-CN,zh;q=0.9,en;q=0.8")
    browser.open(f"{room.home}/")
    assert browser.evaluate("document.documentElement.lang") == "zh-Hans"
    assert browser.evaluate("document.querySelector('.sections a').textContent") == "今日"


def test_from_home_it_is_one_click_to_the_text_to_the_change_and_to_the_others(
    room: Room, browser: Browser
) -> None:
    browser.set_view(1440, "light", "en")
    for selector, there in (
        ("main .headline a[href*='/-/article/']", ".prose"),
        ("main .byline a[href$='/diff']", ".diff, main ins, main del"),
        ("main .byline a[href*='/-/story/']", ".appearances"),
    ):
        browser.open(f"{room.home}/")
        address = browser.evaluate(f'document.querySelector("{selector}")?.href ?? ""')
        assert address, selector
        browser.open(address)
        assert browser.evaluate(f'document.querySelector("{there}") !== null'), address


def test_what_was_read_is_kept_in_the_browser_alone(room: Room, browser: Browser) -> None:
    browser.set_view(1440, "light", "en")
    read = 'document.querySelectorAll("main a.is-read").length'
    browser.open(f"{room.home}/-/latest")
    browser.evaluate("localStorage.clear()")
    browser.open(f"{room.home}/-/latest")
    assert browser.evaluate(read) == 0
    browser.open(room.home + room.pages["article-zh"])
    browser.open(f"{room.home}/-/latest")
    assert browser.evaluate(read) >= 1
    assert browser.shifted() <= NOISE
    browser.evaluate(
        'document.querySelector("main .is-read").focus();'
        'document.dispatchEvent(new KeyboardEvent("keydown", {key: "m"}))'
    )
    assert browser.evaluate(read) == 0


def test_a_visit_is_told_what_came_since_the_last(room: Room, browser: Browser) -> None:
    browser.set_view(390, "light", "en")
    browser.open(f"{room.home}/-/latest")
    assert browser.evaluate("document.querySelector('.since').hidden")
    browser.evaluate(
        "sessionStorage.clear();"
        "localStorage.setItem(`broadsheet ${document.body.dataset.archive} newest`, '3')"
    )
    browser.open(f"{room.home}/-/latest")
    since = (
        "document.querySelector('.since').hidden ? '' : document.querySelector('.since').innerText"
    )
    told = browser.evaluate(f"new Promise(done => setTimeout(() => done({since}), 500))")
    assert re.fullmatch(r"\d+ new since your last visit", told)
    assert browser.shifted() <= NOISE
    browser.evaluate("localStorage.clear(); sessionStorage.clear()")


def test_the_tables_run_nothing_of_an_article_s(room: Room, browser: Browser) -> None:
    browser.set_view(1440, "light", "en")
    hostile = room.pages["article-hostile"].rpartition("/")[2]
    queries = ("/archive/headline_changes", "/archive?sql=select+1")
    for path in ("/archive", "/archive/articles", f"/archive/articles/{hostile}", *queries):
        loaded = browser.open(room.home + path)
        assert loaded.complaints == []
        assert elsewhere(loaded, room.home) == []
        policy = "script-src 'self' 'sha256-"
        assert policy in browser.evaluate(
            "fetch(location).then(a => a.headers.get('content-security-policy'))"
        )
    assert browser.evaluate("document.querySelector('.CodeMirror') !== null")  # its own scripts run
    browser.open(f"{room.home}/archive/articles/{hostile}")
    assert browser.evaluate("document.querySelector('table.record') !== null")
    assert browser.overflow() == 0
