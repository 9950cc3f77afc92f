"""What a page shows as text stays text in the feeds that we write (row 10 of the case list)."""

from __future__ import annotations

import json
from html import escape
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from tests.line.conftest import Desk
from tests.line.web import Item, Web, article, rss

LIVE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "<svg/onload=alert(3)>",
    '<a href="javascript:alert(4)">here</a>',
    "<iframe src=//evil.example></iframe>",
    "</description><script>alert(5)</script>",
    "]]><script>alert(6)</script>",
    "&lt;script&gt;alert(7)&lt;/script&gt;",
]
TITLE = "How <script>alert(0)</script> works"
ATOM = "{http://www.w3.org/2005/Atom}"


class _Tags(HTMLParser):
    """The elements and attributes that a reader's browser would make of a field."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        harmless = {"p", "a", "em", "strong", "img", "ul", "li", "br"}
        scripted = any(name.startswith("on") or "script:" in (v or "") for name, v in attrs)
        if tag not in harmless or scripted:
            self.found.append(tag)


@pytest.fixture
def desk_with_code(web: Web, desk: Desk) -> Desk:
    """An archive of an article about HTML, which shows its samples as text."""
    samples = "".join(f"<p>The sample {escape(live)} is shown as text here.</p>" for live in LIVE)
    head = f'<meta name="author" content="{escape("Ann <b onclick=alert(8)> Lee")}">'
    page = article(7, TITLE, head=head).replace("<p>", samples + "<p>", 1)
    web.put("/feed.xml", rss([Item(url=web.put("/a/7", page), title=TITLE)]), "text/xml")
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    assert desk.rows("SELECT title FROM articles") == [(TITLE,)]
    return desk


def test_no_field_is_live_after_a_reader_s_one_unescape(desk_with_code: Desk) -> None:
    channel = ElementTree.fromstring(_exported(desk_with_code, "rss"))
    fields = [element.text or "" for element in channel.iter() if element.tag != "link"]
    assert [_Tags(text).found for text in fields if _Tags(text).found] == []
    assert "How &lt;script&gt;alert(0)&lt;/script&gt; works" in fields
    (description,) = [e.text or "" for e in channel.findall("./channel/item/description")]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in description


def test_atom_says_which_fields_are_html(desk_with_code: Desk) -> None:
    feed = ElementTree.fromstring(_exported(desk_with_code, "atom"))
    fields = [element.text or "" for element in feed.iter()]
    assert [_Tags(text).found for text in fields if _Tags(text).found] == []
    (entry,) = feed.findall(f"{ATOM}entry")
    title = entry.find(f"{ATOM}title")
    assert title is not None
    assert (title.get("type"), title.text) == (
        "html",
        "How &lt;script&gt;alert(0)&lt;/script&gt; works",
    )


def test_json_feed_has_html_in_one_field_and_that_is_clean(desk_with_code: Desk) -> None:
    (item,) = json.loads(_exported(desk_with_code, "json"))["items"]
    assert _Tags(item["content_html"]).found == []
    assert item["title"] == TITLE  # by the form's own word plain text


def _exported(desk: Desk, form: str) -> str:
    out = desk.folder / f"out.{form}"
    desk.run("export", "--format", form, str(out))
    return out.read_text("utf-8")
