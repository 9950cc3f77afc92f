"""Addresses of pictures that break out of where they are written (row 11 of the case list)."""

from __future__ import annotations

import json
from html import escape

import yaml

from archive.model import Article
from crawler.extract import extract_article
from tests.line.conftest import Desk
from tests.line.web import Item, Web, article, rss

ATTACKS = {
    "/one": (
        'http://h.example/x"onerror="alert(1)',
        "http://h.example/x%22onerror=%22alert%281%29",
    ),
    "/two": (
        "http://h.example/a b'><`{{x}}.jpg",
        "http://h.example/a%20b%27%3E%3C%60%7B%7Bx%7D%7D.jpg",
    ),
    "/three": ("http://h.example/\u202egpj.exe.jpg", "http://h.example/%E2%80%AEgpj.exe.jpg"),
}


def _page(number: int, image: str, *, base: str = "", shown: str = "") -> str:
    head = f'{base}<meta property="og:image" content="{escape(image)}">'
    return article(number, head=head).replace("<p>", f"{shown}<p>", 1)


def test_front_matter_and_json_feed_hold_it_percent_encoded(web: Web, desk: Desk) -> None:
    links = [web.put(path, _page(n, image)) for n, (path, (image, _)) in enumerate(ATTACKS.items())]
    web.put("/feed.xml", rss([Item(url=link) for link in links]), "text/xml")
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    right = {web.url(path): image for path, (_, image) in ATTACKS.items()}
    assert dict(desk.rows("SELECT url, image FROM articles")) == right
    heads = [yaml.safe_load(path.read_text("utf-8").split("---\n")[1]) for path in desk.files()]
    assert {head["link"]: head["headimg"] for head in heads} == right
    desk.run("export", "--format", "json", str(desk.folder / "feed.json"))
    items = json.loads((desk.folder / "feed.json").read_text("utf-8"))["items"]
    assert {item["url"]: item["image"] for item in items} == right


def _extracted(page: str) -> Article:
    found = extract_article(page.encode(), url="https://daily.example/a/1")
    assert isinstance(found, Article)
    return found


def test_a_picture_of_the_reader_s_own_network_is_left_out() -> None:
    shown = '<img src="http://192.168.1.1/reboot?now=1" width="800" height="600">'
    found = _extracted(_page(4, "http://127.0.0.1/x.jpg", shown=shown))
    assert (found.image, found.images) == ("", ())
    assert "192.168" not in found.markdown


def test_a_base_in_the_reader_s_own_network_is_not_believed() -> None:
    shown = '<img src="/photo.jpg" width="800" height="600">'
    found = _extracted(_page(5, "", base='<base href="http://127.0.0.1:8080/">', shown=shown))
    assert found.image == "https://daily.example/photo.jpg"
