"""`broadsheet reextract`: a source that was read wrongly is mended from its stored pages."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from tests.line.conftest import Desk
from tests.line.web import Item, Web, article, rss
from tests.site.bulk import article_text

_PROMO = '<div class="promo"><p>Try our new podcast on markets and money today.</p></div>'


def _put(web: Web) -> dict[str, str]:
    """An article, one with a promotion in its body, one of three parts, and two that are refused
    while `div.late` is taken out."""
    first = article(1)
    late = article(2).replace("<p>", '<div class="late"><p>').replace("</p>", "</p></div>")
    thin = "<html><title>Hello</title><body><p>Soon.</p></body></html>"
    pages = {
        "plain": web.put("/plain", article(4)),
        "promo": web.put("/promo", first.replace("<p>", f"{_PROMO}<p>", 1)),
        "late": web.put("/late", late),
        "thin": web.put("/thin", thin),
        "long": _part(web, 10, "/long.html", "/long_2.html"),
    }
    _part(web, 11, "/long_2.html", "/long_3.html")
    _part(web, 12, "/long_3.html", "")
    web.put("/feed.xml", rss([Item(url=url) for url in pages.values()]))
    return pages


def _part(web: Web, number: int, path: str, following: str) -> str:
    link = f'<a rel="next" href="{following}">Next page</a>' if following else ""
    return web.put(path, article(number, "The long read", after=link))


def _reextract(desk: Desk, *arguments: str) -> dict:
    return json.loads(desk.run("reextract", "--json", *arguments))


def _remove(desk: Desk, web: Web, selector: str) -> None:
    desk.configure(web.source("/feed.xml", f'body.remove = ["{selector}"]'))


def _state(desk: Desk) -> list[tuple]:
    return desk.rows("SELECT * FROM articles ORDER BY id") + desk.rows("SELECT * FROM entries")


@pytest.mark.slow
def test_what_was_refused_or_read_wrongly_is_mended_without_a_request(web: Web, desk: Desk) -> None:
    pages = _put(web)
    _remove(desk, web, "div.late")
    desk.crawl()
    assert desk.rows("SELECT raw_url FROM entries WHERE state = 'rejected' ORDER BY id") == [
        (pages["late"],),
        (pages["thin"],),
    ]
    asked, before = len(web.asked), _state(desk)
    _remove(desk, web, "div.promo")
    tried = _reextract(desk, "--dry-run")
    expected = {
        "unchanged": 2,
        "changed": 1,
        "still refused": 1,
        "refused then, an article today": 1,
    }
    assert tried["outcomes"] == expected
    assert tried["changes"] == {"text: paragraphs left out": 1}
    assert _state(desk) == before

    output = desk.run("reextract")
    assert "Try our new podcast" in output
    assert len(web.asked) == asked
    assert desk.rows("SELECT url, revision FROM articles ORDER BY revision, id") == [
        *((pages[name], 1) for name in ("plain", "long", "late")),
        (pages["promo"], 2),
    ]
    assert desk.rows("SELECT kind FROM revisions WHERE number = 2") == [("extraction",)]
    assert desk.rows("SELECT state FROM entries WHERE raw_url = ?", pages["late"]) == [
        ("archived",)
    ]
    assert len(desk.files()) == 4
    assert _reextract(desk)["outcomes"] == {"unchanged": 4, "still refused": 1}
    assert desk.run("verify").startswith("Nothing is wrong.")


def test_what_an_earlier_version_took_for_placeholders_is_recovered(web: Web, desk: Desk) -> None:
    """0.1 deleted rows of retitled stories; entries and raw pages are what it left."""
    links = [web.put(f"/story/{n}", article(n)) for n in (1, 2, 3)]
    items = [Item(url=url, title=article_text(n + 1)[0]) for n, url in enumerate(links)]
    web.put("/feed.xml", rss(items))
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    with closing(sqlite3.connect(desk.data / "archive.db")) as conn, conn:
        conn.execute(
            "INSERT INTO placeholders SELECT source_name, text_hash, fetched, '', 'former'"
            " FROM articles"
        )
        conn.execute("DELETE FROM articles")
        conn.execute("DELETE FROM article_urls")
        conn.execute(
            "UPDATE entries SET state = 'rejected', reason = 'placeholder', article_id = NULL"
        )
    with closing(sqlite3.connect(desk.data / "pages.db")) as pages, pages:
        pages.execute("UPDATE pages SET article_id = NULL")
    said = desk.run("reextract")
    assert desk.one("SELECT count(*) FROM stories") == 3, said
    assert "3" in said
    assert desk.rows("SELECT DISTINCT state FROM entries") == [("archived",)]
