from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discover.read import AN_ARTICLE, read_document
from tests.crawler.discover.documents import read, rss, source
from tests.line.web import article

PIECES = [
    *(b"<?xml version='1.0' encoding='gb2312'?>", b"<rss version='2.0'><channel>", b"<item>"),
    *(b"</item>", b"<link>http://a.com/1</link>", b"<link>http://[", b"<guid>", b"&#xD800;", b"&"),
    *(b"<pubDate>9999-99-99T99:99:99Z", b"<![CDATA[", b"]]>", b"<entry>", b"<content src='x'/>"),
    *(
        b"<feed xmlns='http://www.w3.org/2005/Atom'>",
        b"<urlset>",
        b"<url><loc>",
        b"<html><a href='",
    ),
    *(b"<sitemapindex><sitemap><loc>/x", b"'>text</a>", b"<base href='http://[x'>", b"\x00"),
    *(b"<link rel=next href='//'>", b"{", b'"items":[', b'{"url":', b"1e999,", b"]}", b"cb("),
    *(b"\xff\xfe", b"\xb8\xdf", b"<media:content url='", b"<!DOCTYPE x [<!ENTITY a 'b'>]>"),
    *(b"\x1f\x8b\x08",),
]
KINDS = [None, "feed", "sitemap", "listing", "json", "unheard of"]


@given(
    st.one_of(
        st.binary(max_size=300), st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join)
    ),
    st.sampled_from(KINDS),
    st.sampled_from(["", "text/xml", "text/html; charset=gbk", "x/y; charset=utf-7"]),
)
def test_no_bytes_make_reading_fail(body, kind, content_type):
    found = read(body, kind=kind, content_type=content_type)
    assert found.error or found.found >= len(found.entries)
    for entry in found.entries:
        (entry.title + entry.url + entry.raw_url + entry.guid + entry.content).encode()


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        (rss(""), "text/html", "feed"),
        (
            "<!-- hi --><!DOCTYPE x [<!ENTITY a 'b'>]><feed xmlns='http://www.w3.org/2005/Atom'/>",
            "",
            "feed",
        ),
        ('{"version": "https://jsonfeed.org/version/1", "items": []}', "application/json", "feed"),
        (
            "<x:urlset xmlns:x='http://www.sitemaps.org/schemas/sitemap/0.9'/>",
            "text/xml",
            "sitemap",
        ),
        ("<sitemapindex/>", "text/xml", "sitemap"),
        ("http://x.com/1\nhttp://x.com/2", "text/plain", "sitemap"),
        ('/**/cb1({"data": []});', "text/javascript", "json"),
        ("[]", "text/html", "json"),
        ("<!DOCTYPE html><html><body></body></html>", "application/xml", "listing"),
    ],
)
def test_the_kind_is_told_by_the_bytes(body, content_type, kind):
    assert read(body, content_type=content_type).kind == kind


def test_a_gzipped_document_is_known_by_its_first_bytes():
    assert read(gzip.compress(b"<urlset><url><loc>http://x.com/1</loc></url></urlset>")).found == 1


def test_a_bomb_is_refused_before_it_fills_the_memory():
    found = read(gzip.compress(b"x" * 51 * 1024 * 1024))
    assert found.error == "the document unpacks to more than 50 MB"


@pytest.mark.parametrize(
    ("body", "kind", "error"),
    [
        (b"", "feed", "an empty body"),
        (b"  \n", None, "an empty body"),
        (b"<html><input type=password>", "feed", "a login page where a feed was expected"),
        (b"<html><p>moved", "sitemap", "an HTML page where a sitemap was expected"),
        (b"<html><p>moved", "json", "an HTML page where a JSON answer was expected"),
        (
            b"<html><link rel='alternate' type='application/rss+xml' href='/rss'>",
            "feed",
            "an HTML page where a feed was expected; it names http://news.example.com/rss",
        ),
        (
            b"<rss version='2.0'><channel/></rss>",
            "listing",
            'a feed where a listing was expected: set kind = "feed"',
        ),
        (b"<x></x>", "feed", "not a readable feed: no <rss>, <rdf:RDF> or <feed> in it"),
    ],
)
def test_a_document_that_is_something_else_says_so_in_words(body, kind, error):
    found = read(body, kind=kind)
    assert (found.error, found.entries) == (error, ())


def test_a_feed_serves_as_a_sitemap():
    found = read(rss("<item><link>http://x.com/1</link></item>"), source(), kind="sitemap")
    assert (found.kind, found.found) == ("sitemap", 1)


URLSET = "<urlset><url><loc>http://x.com/1</loc></url></urlset>"


@pytest.mark.parametrize(
    "before",
    [
        "<br />\n<b>Warning</b>:  Undefined variable in <b>/s.php</b> on line <b>1</b><br />\n",
        "Notice: Undefined index: id in /s.php on line 3\n",
        "<table><tr><td>xdebug</td></tr></table>\n",
        "PHP Deprecated: strlen(): Passing null in /s.php on line 9\n" * 200,
        "<!DOCTYPE html><html><body>Error 17</body></html>\n",
        "\ufeff  OK\n",
    ],
)
@pytest.mark.parametrize("head", ["", "<?xml version='1.0'?>\n<!-- by us -->\n"])
def test_what_a_server_prints_before_a_document_is_cut_off(before, head):
    found = read(before + head + URLSET, content_type="application/xml")
    assert (found.kind, [e.url for e in found.entries]) == ("sitemap", ["https://x.com/1"])


@pytest.mark.parametrize("content_type", ["", "text/html; charset=utf-8", "application/rss+xml"])
@pytest.mark.parametrize(
    "before",
    [
        "<br />\n<b>Warning</b>:  Undefined variable $i in <b>/f.php</b> on line <b>3</b><br />\n",
        "<br>\n<b>Notice</b>: Undefined index: id in <b>/f.php</b> on line <b>3</b><br>\n" * 90,
        "Warning: Cannot modify header information in /f.php on line 3\n",
    ],
)
def test_a_feed_behind_a_warning_of_php_is_a_feed_without_a_kind(before, content_type):
    item = "<item><title>One</title><link>http://x.com/1</link></item>"
    found = read(before + rss(item), content_type=content_type)
    assert (found.kind, [e.url for e in found.entries]) == ("feed", ["https://x.com/1"])
    feed = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "http://x.com/1"}]}'
    found = read(before + feed, content_type=content_type)
    assert (found.kind, [e.url for e in found.entries]) == ("feed", ["https://x.com/1"])


def test_a_json_answer_of_any_dialect_is_json_without_a_kind():
    declared = source(list={"items": "data"})
    text = "try{cb({'data': [{url: 'http://x.com/1', title: 'one\ntwo',},],});}catch(e){};"
    found = read(text, declared, content_type="text/javascript")
    assert (found.kind, [e.title for e in found.entries]) == ("json", ["one two"])


def test_a_page_that_quotes_a_feed_is_a_page():
    body = f"<!DOCTYPE html><html><body><pre>{rss('')}</pre></body></html>"
    assert read(body, kind="feed").error.startswith("an HTML page where a feed was expected")


def test_a_document_behind_a_long_text_is_not_looked_for():
    assert read("x" * 6000 + URLSET, kind="sitemap").error.startswith("no sitemap")


def test_an_article_is_no_list_unless_somebody_says_so() -> None:
    url = "https://news.example.com/2026/11/harrow-plan-draws-scrutiny"
    page, src = article(7), source()
    html = "text/html"
    found = read_document(page.encode(), url=url, content_type=html, source=src, kind=None)
    assert (found.kind, found.error, found.entries) == ("listing", AN_ARTICLE, ())
    asked = read_document(page.encode(), url=url, content_type=html, source=src, kind="listing")
    assert asked.error != AN_ARTICLE
