from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.crawler.discover.documents import read, rss, source

QUARTER_TO = datetime(2021, 12, 9, 6, 42, tzinfo=UTC)  # 14:42 in Beijing
ITEM = (
    "<item><title>央行降准 释放长期资金约1.2万亿元</title>"
    "<link>http://news.example.com/a/1.html</link><guid>g1</guid></item>"
)


def only(body, declared=None, **how):
    (entry,) = read(body, declared, **how).entries
    return entry


def test_an_rss_item_gives_all_that_it_carries():
    entry = only(
        rss(
            "<item><title>A &amp;amp; B <![CDATA[<b>up</b>]]></title>"
            "<link>/a/1.html?id=1&amp;utm_source=rss</link>"
            '<guid isPermaLink="false">g1</guid><pubDate>Thu, 09 Dec 2021 14:42:00 +0800</pubDate>'
            "<description>short</description>"
            "<content:encoded><![CDATA[<p>正文</p>]]></content:encoded>"
            "<author>desk@example.com (张三)</author>"
            "<category>宏观</category><category>宏观</category>"
            '<media:content url="/m.jpg" medium="image"/>'
            '<enclosure url="http://i.example.com/e.png" type="image/png"/>'
            '<enclosure url="http://i.example.com/e.mp3" type="audio/mpeg"/></item>'
        )
    )
    assert entry.url == "https://news.example.com/a/1.html?id=1"
    assert entry.raw_url == "http://news.example.com/a/1.html?id=1&utm_source=rss"
    assert entry.guid == "g1"
    assert entry.title == "A & B up"
    assert entry.published == QUARTER_TO
    assert entry.published_raw == "Thu, 09 Dec 2021 14:42:00 +0800"
    assert entry.summary == "short"
    assert entry.content == "<p>正文</p>"
    assert entry.authors == ("张三",)
    assert entry.categories == ("宏观",)
    assert set(entry.images) == {"http://news.example.com/m.jpg", "http://i.example.com/e.png"}


@pytest.mark.parametrize(
    ("declared", "written", "header"),
    [
        ("gb2312", "gb18030", ""),
        ("gb2312", "gb18030", "text/xml; charset=utf-8"),
        ("utf-8", "gb18030", ""),
        ("gb2312", "utf-8", ""),
        ("gbk", "utf-8", "application/rss+xml; charset=gbk"),
        ("utf-8", "big5", ""),
        ("utf-8", "utf-16", ""),
    ],
)
def test_a_title_survives_whatever_encoding_is_declared(declared, written, header):
    title = "中央銀行宣布下調存款準備金率 市場資金面將保持充裕 公司債券發行有望增加"
    item = f"<item><title>{title}</title><link>http://news.example.com/1</link></item>"
    body = rss(item, declared).replace("财经要闻", "財經")
    assert only(body.encode(written), content_type=header).title == title


def test_a_rare_character_of_gb18030_survives_the_label_gb2312():
    item = (
        "<item><title>朱镕基与中国经济的改革</title><link>http://news.example.com/1</link></item>"
    )
    assert only(rss(item, "gb2312").encode("gb18030")).title == "朱镕基与中国经济的改革"


def test_a_bare_ampersand_spoils_neither_title_nor_link():
    entry = only(
        rss("<item><title>S&P 500 & Dow</title><link>http://x.com/a?id=1&b=2</link></item>")
    )
    assert entry.title == "S&P 500 & Dow"
    assert entry.raw_url == "http://x.com/a?id=1&b=2"


def test_an_ampersand_inside_cdata_stays_one():
    assert only(rss("<item><link><![CDATA[http://x.com/a?id=1&b=2]]></link></item>")).raw_url == (
        "http://x.com/a?id=1&b=2"
    )


def test_a_tag_that_never_closes_leaves_the_other_items():
    body = rss("<item><title>a<oops></title><link>http://x.com/1</link></item>" + ITEM)
    assert [e.url for e in read(body).entries] == [
        "https://x.com/1",
        "https://news.example.com/a/1.html",
    ]


def test_a_feed_cut_short_gives_no_address_cut_short():
    body = rss(ITEM + "<item><title>b</title><link>http://x.com/12345</link></item>")
    cut = body[: body.index("12345") + 2]
    assert [e.url for e in read(cut).entries] == ["https://news.example.com/a/1.html"]


@pytest.mark.parametrize(
    "text",
    ["2021年12月9日 14:42", "2021-12-09 14:42:00", "Thu, 09 Dec 2021 14:42:00", "1639032120",
     "Thu, 09 Dec 2021 06:42:00 GMT", "2021-12-09T14:42:00+08"],
)  # fmt: skip
def test_a_date_is_read_in_the_zone_of_the_source_unless_it_names_one(text):
    body = rss(f"<item><link>http://x.com/1</link><pubDate>{text}</pubDate></item>")
    assert only(body).published == QUARTER_TO


def test_a_date_that_nobody_can_read_is_kept_in_its_own_words():
    entry = only(rss("<item><link>http://x.com/1</link><pubDate>3分钟前</pubDate></item>"))
    assert (entry.published, entry.published_raw) == (None, "3分钟前")


def test_an_item_without_link_is_dropped_and_counted():
    found = read(rss(ITEM + "<item><title>快讯</title><guid>flash-2</guid></item>"))
    assert (found.found, len(found.entries)) == (2, 1)


def test_a_permalink_guid_is_the_link():
    assert only(rss("<item><guid>http://x.com/a/3</guid></item>")).url == "https://x.com/a/3"


def test_an_item_that_is_the_article_needs_no_link():
    entry = only(
        rss(
            "<item><title>快讯</title><guid>flash-2</guid><description>降准了</description></item>"
        ),
        source(full_content="feed"),
    )
    assert entry.url == "https://news.example.com/finance/feed.xml#guid=flash-2"
    assert entry.content == "降准了"


def test_items_that_share_a_link_stay_apart_when_they_are_the_articles():
    items = "".join(f"<item><link>http://x.com/live</link><guid>f{n}</guid></item>" for n in (1, 2))
    found = read(rss(items), source(full_content="feed"))
    assert [e.url.rpartition("#")[2] for e in found.entries] == ["guid=f1", "guid=f2"]


def test_a_description_as_long_as_an_article_is_its_content():
    text = "&lt;p&gt;" + "央行宣布下调存款准备金率。" * 60 + "&lt;/p&gt;"
    body = rss(f"<item><link>http://x.com/1</link><description>{text}</description></item>")
    assert only(body).content.startswith("<p>央行")


def test_atom_resolves_links_against_its_base_and_keeps_ids_as_they_are():
    entry = only(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="/base/">'
        "<title>Fed</title>"
        '<entry><title type="html">Rates &amp;amp; bonds</title><id>urn:1</id><link href="x.html"/>'
        "<updated>2021-12-09T06:42:00Z</updated><author><name>Jane Doe</name></author>"
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hi</p></div></content>'
        "</entry></feed>"
    )
    assert entry.raw_url == "http://news.example.com/base/x.html"
    assert (entry.guid, entry.title, entry.language) == ("urn:1", "Rates & bonds", "en")
    assert (entry.published, entry.updated) == (QUARTER_TO, QUARTER_TO)
    assert entry.content == "<p>Hi</p>"


def test_rss_1_takes_its_dates_from_dublin_core():
    entry = only(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<channel rdf:about="http://x.com/"><title>B</title>'
        '</channel><item rdf:about="http://x.com/1"><title>Rate</title><link>http://x.com/1</link>'
        "<dc:date>2021-12-09T15:42:00+09:00</dc:date><dc:creator>Bank</dc:creator></item></rdf:RDF>"
    )
    assert (entry.published, entry.authors) == (QUARTER_TO, ("Bank",))


def test_rss_0_91_is_read():
    body = f'<rss version="0.91"><channel><title>T</title>{ITEM}</channel></rss>'
    assert only(body).guid == "g1"


def test_a_json_feed_is_read():
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Desk",
        "items": [
            {"id": 7, "url": "/a/7", "title": "Half \ud800", "content_text": "a < b",
             "date_published": "2021-12-09T14:42:00+08:00", "authors": [{"name": "Jane Doe"}],
             "tags": ["rates"], "image": "/i.png"},
        ],
    }  # fmt: skip
    found = read(json.dumps(feed))
    (entry,) = found.entries
    assert (found.kind, found.title) == ("feed", "Desk")
    assert (entry.guid, entry.url, entry.title) == ("7", "https://news.example.com/a/7", "Half")
    assert (entry.content, entry.published) == ("<p>a &lt; b</p>", QUARTER_TO)
    assert (entry.authors, entry.images) == (("Jane Doe",), ("http://news.example.com/i.png",))


def test_an_empty_feed_is_no_error():
    assert read(rss("")).error == ""


def test_a_plain_title_keeps_what_only_looks_like_a_tag():
    body = rss(
        "<item><title>&lt;Q3&gt; profit &lt;b&gt;up&lt;/b&gt;</title>"
        "<link>http://x.com/1</link></item>"
    )
    assert only(body).title == "<Q3> profit up"


def test_what_one_item_may_say_is_bounded():
    names = "".join(f"<category>c{n}</category>" for n in range(500))
    item = f"<item><title>{'t' * 5000}</title><link>https://x.com/1</link>{names}</item>"
    entry = read(rss(item)).entries[0]
    assert (len(entry.title), len(entry.categories)) == (1000, 100)


def test_two_guids_of_great_length_stay_two():
    items = "".join(
        f"<item><link>https://x.com/{n}</link><guid>{'g' * 5000}{n}</guid></item>" for n in (1, 2)
    )
    one, other = read(rss(items)).entries
    assert one.guid != other.guid
    assert len(one.guid) == len(other.guid) == 64


NAIVE = (
    "<item><title>{}</title><link>http://x.com/1</link><pubDate>2021-12-09 14:42</pubDate></item>"
)
UTC_QUARTER_TO = QUARTER_TO + timedelta(hours=8)  # the same wall clock in UTC


def in_language(language, title="News"):
    body = rss(NAIVE.format(title)).replace("财经要闻</title>", f"X</title>{language}")
    return read(body, source("")).entries[0].published


def test_a_chinese_feed_keeps_beijings_time():
    assert in_language("<language>zh-cn</language>") == QUARTER_TO


def test_so_does_a_feed_whose_titles_are_chinese_and_that_names_no_language():
    assert in_language("", title="央行降准") == QUARTER_TO


def test_a_japanese_title_is_not_chinese():
    assert in_language("", title="日銀が利上げ") == UTC_QUARTER_TO


def test_a_language_that_is_named_goes_before_the_titles():
    assert in_language("<language>en</language>", title="央行降准") == UTC_QUARTER_TO


def test_the_zone_of_the_config_goes_before_all():
    body = rss(NAIVE.format("央行降准"))
    assert read(body, source("", timezone="UTC")).entries[0].published == UTC_QUARTER_TO


def test_a_date_of_1970_is_none_and_keeps_its_words():
    item = "<item><link>http://x.com/1</link><pubDate>{}</pubDate></item>"
    (entry,) = read(rss(item.format("Thu, 01 Jan 1970 00:00:00 GMT"))).entries
    assert (entry.published, entry.published_raw) == (None, "Thu, 01 Jan 1970 00:00:00 GMT")
