from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.model import Document
from tests.crawler.discover.documents import read, source

NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> http://x.com/1?a=1&b=2 </loc><lastmod>2021-12-10</lastmod>
<image:image><image:loc>http://x.com/i.jpg</image:loc></image:image>
<news:news><news:publication><news:name>X</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2021-12-09T06:42:00Z</news:publication_date>
<news:title>Stocks &amp; bonds&nbsp;rise</news:title><news:keywords>Stocks, Bonds</news:keywords>
</news:news></url></urlset>"""


def test_the_news_extension_gives_title_date_keywords_language_and_image():
    (entry,) = read(NEWS, source("en")).entries
    assert entry.raw_url == "http://x.com/1?a=1&b=2"
    assert entry.title == "Stocks & bonds rise"
    assert entry.published == datetime(2021, 12, 9, 6, 42, tzinfo=UTC)
    assert entry.updated == datetime(2021, 12, 10, tzinfo=UTC)
    assert (entry.categories, entry.language) == (("Stocks", "Bonds"), "en")
    assert entry.images == ("http://x.com/i.jpg",)


@pytest.mark.parametrize(
    ("lastmod", "moment"),
    [
        ("2021", datetime(2021, 1, 1, tzinfo=UTC)),
        ("2021-12", datetime(2021, 12, 1, tzinfo=UTC)),
        ("2021-12-09", datetime(2021, 12, 9, tzinfo=UTC)),
        ("2021-12-09T14:42+08:00", datetime(2021, 12, 9, 6, 42, tzinfo=UTC)),
        ("2021-12-09T06:42:00.5Z", datetime(2021, 12, 9, 6, 42, tzinfo=UTC)),
        ("2021-13-09T06:42:00Z", None),
    ],
)
def test_lastmod_of_any_w3c_form_is_when_the_page_changed(lastmod, moment):
    body = f"<urlset><url><loc>http://x.com/1</loc><lastmod>{lastmod}</lastmod></url></urlset>"
    (entry,) = read(body, source("en")).entries
    assert (entry.published, entry.updated) == (None, moment)


def test_the_children_of_an_index_are_documents():
    body = (
        "<sitemapindex><sitemap><loc>http://x.com/s1.xml.gz</loc><lastmod>2021-12-09</lastmod></sitemap>"
        "<sitemap><loc>/s2.xml</loc></sitemap><sitemap><loc>http://x.com/s1.xml.gz</loc></sitemap>"
        "</sitemapindex>"
    )
    assert read(body, source("en")).documents == (
        Document(url="http://x.com/s1.xml.gz", lastmod=datetime(2021, 12, 9, tzinfo=UTC)),
        Document(url="http://news.example.com/s2.xml", lastmod=None),
    )


def test_broken_markup_leaves_the_rest_readable():
    body = "<urlset><url><loc>http://x.com/1</loc><oops></url><url><loc>http://x.com/2</loc></url>"
    assert {e.raw_url for e in read(body).entries} == {"http://x.com/1", "http://x.com/2"}


def test_an_address_cut_by_the_end_of_the_file_is_left_out():
    body = "<urlset><url><loc>http://x.com/1</loc></url><url><loc>http://x.com/art"
    assert [e.raw_url for e in read(body).entries] == ["http://x.com/1"]


def test_an_entity_is_not_followed(tmp_path):
    (tmp_path / "secret").write_text("http://x.com/secret")
    body = (
        f'<!DOCTYPE urlset [<!ENTITY s SYSTEM "file://{tmp_path}/secret">]>'
        "<urlset><url><loc>&s;</loc></url></urlset>"
    )
    assert "secret" not in "".join(e.raw_url for e in read(body, kind="sitemap").entries)


def test_a_list_of_addresses_is_a_sitemap():
    found = read("http://x.com/1\r\n\r\nhttp://x.com/2\n", kind="sitemap")
    assert [e.url for e in found.entries] == ["https://x.com/1", "https://x.com/2"]


def test_an_empty_news_sitemap_is_no_error():
    assert read("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'></urlset>").error == ""


def test_other_xml_is_no_sitemap():
    found = read("<data><row/></data>", kind="sitemap")
    assert found.error == "no sitemap: neither <urlset> nor <sitemapindex>"


@pytest.mark.slow
def test_what_is_beyond_the_fifty_thousand_of_one_file_is_not_read():
    lines = "\n".join(f"https://example.com/{n}" for n in range(50_002))
    assert len(read(lines, kind="sitemap").entries) == 50_000


def test_an_index_may_have_its_addresses_without_loc():
    body = "<sitemapindex><sitemap>\n http://x.com/a.xml </sitemap></sitemapindex>"
    assert read(body).documents == (Document(url="http://x.com/a.xml"),)


def test_so_may_a_urlset():
    (entry,) = read(
        "<urlset><url>http://x.com/1<lastmod>2021-12-09</lastmod></url></urlset>"
    ).entries
    assert (entry.url, entry.updated.day) == ("https://x.com/1", 8)  # midnight in Beijing


def test_what_has_addresses_and_gives_none_is_an_error():
    found = read("<urlset><entry><loc>http://x.com/1</loc></entry></urlset>")
    words = "not a readable sitemap: it has 1 <loc>, but no <url> or <sitemap>"
    assert found.error == words


def test_addresses_that_are_none_are_counted():
    found = read("<urlset><url><loc>mailto:a@x.com</loc></url><url/></urlset>")
    assert (found.found, found.unaddressed) == (2, 2)


@pytest.mark.parametrize("odd", ["<?php 7 ?>", "<!-- 7 -->", "&#xD800;", "&#0;"])
def test_what_is_no_text_of_an_entry_costs_none(odd):
    url = "<loc>http://x.com/1</loc>"
    found = read(f"<urlset><url>{odd}{url}{odd}</url></urlset>", kind="sitemap")
    assert [entry.url for entry in found.entries] == ["https://x.com/1"]
