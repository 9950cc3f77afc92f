"""What a page says of its site."""

from __future__ import annotations

from crawler.discover.site.site_page import MOST_NAMED, SitePage, read_site_page
from tests.line.web import article

HTML = "text/html; charset=utf-8"


def read(text: str, url: str = "https://paper.example/") -> SitePage:
    return read_site_page(text.encode(), url=url, content_type=HTML)


def test_feeds_of_the_head_come_before_those_that_are_linked() -> None:
    page = read(
        '<html lang="en-GB"><head><title>The Paper - News</title>'
        '<meta property="og:site_name" content="The Paper">'
        '<link rel="alternate" type="application/rss+xml" href="/top.xml"></head>'
        '<body><a href="/markets/rss.xml">Markets</a><a href="/help/rss">RSS</a></body></html>'
    )
    assert page.declared == ("https://paper.example/top.xml",)
    assert page.linked == (
        "https://paper.example/markets/rss.xml",
        "https://paper.example/help/rss",
    )
    assert (page.form, page.site_name, page.language) == ("html", "The Paper", "en-GB")
    assert page.title == "The Paper - News"


def test_an_article_is_known_by_its_text_and_its_address() -> None:
    url = "https://paper.example/2026/11/harrow-plan-draws-scrutiny"
    assert read(article(7), url).is_article
    assert not read(article(7), "https://paper.example/").is_article
    assert not read(article(7), "https://paper.example/markets").is_article


def test_a_front_is_no_article_whatever_its_address() -> None:
    row = '<li><a href="/2026/{n}">Copper climbs for day {n} running</a></li>'
    links = "".join(row.format(n=n) for n in range(30))
    front = f"<html><body><h1>Companies</h1><ul>{links}</ul></body></html>"
    assert not read(front, "https://paper.example/2026/11/23").is_article


def test_a_feed_is_no_page() -> None:
    feed = '<rss version="2.0"><channel><title>T</title></channel></rss>'
    assert read(feed) == SitePage(form="feed")


def test_a_head_of_thousands_of_feeds_names_the_first_dozen() -> None:
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="/f{n}.xml">' for n in range(5_000)
    )
    page = read(f"<html><head>{links}</head></html>")
    assert len(page.declared) == MOST_NAMED == 12
    assert page.linked == ()
