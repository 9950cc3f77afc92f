from __future__ import annotations

from crawler.discover.autodiscover import named_feeds, named_sitemaps
from crawler.discover.rules import page_selector

PAGE = "http://news.example.com/finance/"


def feeds_of(html: str) -> tuple[str, ...]:
    return named_feeds(page_selector(html), PAGE)


def test_declared_feeds_come_before_visible_ones():
    html = (
        '<html><head><link rel="ALTERNATE" type="application/rss+xml;charset=utf-8"'
        ' href="/rss.xml">'
        '<link rel="alternate" type="application/atom+xml" href="http://x.com/atom">'
        '<link rel="alternate" type="application/feed+json" href="feed.json">'
        '<link rel="alternate" hreflang="en" href="/en"></head>'
        '<body><a href="/about">About</a><a href="/service/">RSS</a>'
        '<a href="/feeds/all.xml">x</a></body>'
    )
    assert feeds_of(html) == (
        "http://news.example.com/rss.xml",
        "http://x.com/atom",
        "http://news.example.com/finance/feed.json",
        "http://news.example.com/service/",
        "http://news.example.com/feeds/all.xml",
    )


def test_feeds_of_comments_are_left_out():
    html = '<html><link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
    assert feeds_of(html) == ()


def test_the_base_of_the_page_resolves_its_feeds():
    html = '<html><base href="http://x.com/b/"><a href="rss.xml">RSS</a>'
    assert feeds_of(html) == ("http://x.com/b/rss.xml",)


def test_an_empty_page_names_no_feeds():
    assert feeds_of("") == ()


def test_a_robots_txt_names_sitemaps_of_its_site_news_first():
    robots = (
        "User-agent: *\nSitemap: https://news.example.com/all.xml\n sitemap:/NEWS.xml # today\n"
        "Sitemap: https://elsewhere.org/news.xml\nSitemap: https://news.example.com/all.xml\n"
        "# Sitemap: /old.xml\nSitemap:\n"
    )
    assert named_sitemaps(robots, "https://news.example.com/robots.txt") == (
        "https://news.example.com/NEWS.xml",
        "https://news.example.com/all.xml",
    )
