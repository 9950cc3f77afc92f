"""Pages that only a script fills, by a real Chromium; and what it may not reach."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from tests.line.conftest import Desk
from tests.line.web import Item, Web, article, rss, running_web

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.skipif(
        find_spec("scrapy_playwright") is None, reason="the extra browser is not installed"
    ),
    pytest.mark.skipif(
        not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
        reason="no Chromium here: apt install chromium",
    ),
]

# 127.0.0.1 is allowed for the test's web; 127.0.0.2 is where nobody may go
ALLOWED = 'allow_networks = ["127.0.0.1/32"]'


@pytest.fixture
def forbidden() -> Iterator[Web]:
    with running_web("127.0.0.2") as web:
        web.put("/secret", "the keys of the house")
        yield web


def shell(number: int, more: str = "") -> str:
    """A page without words, whose script fetches the article."""
    return (
        '<!DOCTYPE html><html lang="en"><head><title>Loading</title></head><body>'
        '<noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div>'
        "<script>"
        f"fetch('/api/{number}').then(r => r.json()).then(found => {{"
        " document.title = found.title;"
        " document.getElementById('root').innerHTML = found.body; });"
        f"{more}</script></body></html>"
    )


def put_story(web: Web, number: int, more: str = "") -> str:
    page = article(number)
    title = page[page.index("<h1>") + 4 : page.index("</h1>")]
    body = page[page.index("<article>") : page.index("</article>") + 10]
    web.put(f"/api/{number}", json.dumps({"title": title, "body": body}), "application/json")
    return web.put(f"/story/{number}", shell(number, more))


def framed(url: str) -> str:
    """A script that shows an address in a frame."""
    frame = f"Object.assign(document.createElement('iframe'), {{src: '{url}'}})"
    return f"document.body.append({frame});"


def configure(desk: Desk, web: Web, render: str, *urls: str, source: str = "") -> None:
    web.put("/feed.xml", rss([Item(url=url, title=f"Item {n}") for n, url in enumerate(urls)]))
    desk.configure(web.source("/feed.xml", f'render = "{render}"', source), timeout=20)
    text = desk.config.read_text().replace('allow_networks = ["127.0.0.0/8"]', ALLOWED)
    desk.config.write_text(text)


@pytest.mark.parametrize("render", ["playwright", "auto"])
def test_a_page_that_a_script_fills_is_archived(web: Web, desk: Desk, render: str) -> None:
    configure(desk, web, render, put_story(web, 1), web.put("/plain/2", article(2)))
    desk.crawl()
    assert desk.rows("SELECT state FROM entries") == [("archived",), ("archived",)]
    (text,) = desk.rows("SELECT text FROM articles WHERE url LIKE '%/story/1'")[0]
    assert len(text) > 1000
    asked = web.paths()
    assert asked.count("/story/1") == (1 if render == "playwright" else 2)
    assert asked.count("/api/1") == 1
    assert asked.count("/plain/2") == 1


def test_never_asks_no_browser_and_says_why_there_is_no_article(web: Web, desk: Desk) -> None:
    configure(desk, web, "never", put_story(web, 1))
    desk.crawl()
    ((state, reason),) = desk.rows("SELECT state, reason FROM entries")
    assert state == "rejected"
    assert reason.endswith("a script fills the page, see render")
    assert "/api/1" not in web.paths()


def test_what_is_refused_to_a_crawl_is_refused_to_its_browser(
    web: Web, desk: Desk, forbidden: Web
) -> None:
    """By a script, a frame, a redirect, a WebSocket; and the page itself."""
    secret = forbidden.url("/secret")
    reaching = (
        f"fetch('{secret}', {{mode: 'no-cors'}});"
        f"new WebSocket('{secret.replace('http', 'ws')}');"
        f"{framed(secret)}"
        f"fetch('/away', {{mode: 'no-cors'}});"
        f"fetch('http://localhost:{secret.rsplit(':', 1)[1]}');"
    )
    web.refuse("/away", 302, Location=secret)
    configure(desk, web, "playwright", put_story(web, 1, reaching), secret)
    desk.crawl(exit_code=None)
    states = dict(desk.rows("SELECT url, state FROM entries"))
    assert states[web.url("/story/1")] == "archived"
    assert states[secret] == "forbidden"
    assert forbidden.asked == []


def test_a_page_without_end_is_bounded(web: Web, desk: Desk) -> None:
    flood = (
        "setInterval(() => fetch('/flood?' + Math.random()), 1);"
        "for (;;) document.body.append('more and more '.repeat(1e5));"
    )
    configure(desk, web, "playwright", put_story(web, 1, flood), web.put("/plain/2", article(2)))
    desk.configure(web.source("/feed.xml", 'render = "playwright"'), timeout=6)
    desk.crawl(exit_code=None)
    states = dict(desk.rows("SELECT url, state FROM entries"))
    assert states[web.url("/plain/2")] == "archived"
    assert states[web.url("/story/1")] in ("owed", "rejected", "failed")


def test_a_sources_secrets_go_to_its_own_host_alone(web: Web, desk: Desk) -> None:
    with running_web("127.0.0.3") as other:
        secrets = 'headers = {"X-Key" = "s3cret"}\ncookies = {"session" = "c00kie"}'
        configure(
            desk, web, "playwright", put_story(web, 1, framed(other.url("/frame"))), source=secrets
        )
        desk.config.write_text(
            desk.config.read_text().replace(ALLOWED, 'allow_networks = ["127.0.0.0/8"]')
        )
        desk.crawl()
        sent = [headers for path, headers in web.asked if path == "/story/1"]
        assert [(h["x-key"], h["cookie"]) for h in sent] == [("s3cret", "session=c00kie")]
        assert other.paths() == ["/frame"]
        assert all("s3cret" not in str(h) and "c00kie" not in str(h) for _, h in other.asked)
