from __future__ import annotations

from crawler.discover.autodiscover import feed_links

PAGE = "http://news.example.com/finance/"


def test_declared_feeds_come_before_visible_ones():
    html = (
        b'<html><head><link rel="ALTERNATE" type="application/rss+xml;charset=utf-8"'
        b' href="/rss.xml">'
        b'<link rel="alternate" type="application/atom+xml" href="http://x.com/atom">'
        b'<link rel="alternate" type="application/feed+json" href="feed.json">'
        b'<link rel="alternate" hreflang="en" href="/en"></head>'
        b'<body><a href="/about">About</a><a href="/service/">RSS</a>'
        b'<a href="/feeds/all.xml">x</a></body>'
    )
    assert feed_links(html, url=PAGE, content_type="text/html") == (
        "http://news.example.com/rss.xml",
        "http://x.com/atom",
        "http://news.example.com/finance/feed.json",
        "http://news.example.com/service/",
        "http://news.example.com/feeds/all.xml",
    )


def test_feeds_of_comments_are_left_out():
    html = b'<html><link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
    assert feed_links(html, url=PAGE, content_type="") == ()


def test_the_base_of_the_page_resolves_its_feeds():
    html = b'<html><base href="http://x.com/b/"><a href="rss.xml">RSS</a>'
    assert feed_links(html, url=PAGE, content_type="") == ("http://x.com/b/rss.xml",)


def test_no_bytes_are_a_page_without_feeds():
    assert feed_links(b"", url=PAGE, content_type="") == ()
