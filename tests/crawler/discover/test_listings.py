from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.crawler.discover.documents import read, source

LISTING = "http://news.example.com/stock/"
HEADLINES = (
    "央行宣布下调存款准备金率0.5个百分点",
    "沪指收涨百分之一 两市成交额突破万亿元",
    "证监会就上市公司治理准则公开征求意见",
    "多家银行下调定期存款挂牌利率",
)
ROWS = "".join(
    f'<li><h4><a href="/stock/2021-12-0{n}/doc-iky{n}8732.shtml?from=wap">{headline}</a></h4>'
    f"<span>2021-12-0{n} 14:42</span></li>"
    for n, headline in enumerate(HEADLINES, 1)
)
PORTAL = f"""<html><head><title>要闻_某财经</title></head><body>
<div class="nav"><a href="/">首页</a><a href="/fund/">基金</a><a href="/login">登录</a></div>
<ul class="list">{ROWS}
<li><h4><a href="/stock/2021-12-09/doc-iky98732.shtml">央行降准</a></h4>
<span>12-09 10:00</span></li></ul>
<div class="pager"><a href="list_2.html">2</a><a href="list_2.html">下一页</a></div>
<div><a href="/tag/123456">央行数字货币试点最新进展跟踪报道</a>
<a href="http://other.com/2021-12-09/1234567.html">友情链接网站的一个很长的标题文字</a></div>
<div class="footer"><a href="/info/12345.html">关于我们以及版权声明和联系方式</a></div>
</body></html>"""

CARDS = (
    ("markets", "fed-raises-rates-as-inflation-bites", "Fed raises rates as inflation bites"),
    ("world", "ecb-holds-rates-steady-once-more", "ECB holds rates steady once more"),
    ("tech", "apple-nears-three-trillion-value", "Apple nears $3 trillion value"),
)
FRONT = (
    "<html><head><title>Markets</title></head><body>"
    '<nav><a href="/world-news-and-analysis-today">World news and analysis today</a></nav><main>'
    + "".join(
        f'<article class="card"><a href="/{section}/{slug}"><img src="x.jpg" alt="x"></a>'
        f'<header><h3><a href="/{section}/{slug}">{headline}</a></h3></header><p>What happened.</p>'
        f'<time datetime="2021-12-0{n}T10:00:00Z">Dec {n}</time>'
        '<a href="/author/jane-doe-senior-markets-reporter">By Jane Doe in New York City</a>'
        "</article>"
        for n, (section, slug, headline) in enumerate(CARDS, 1)
    )
    + '</main><a href="/page/2">Next »</a>'
    '<footer><a href="/privacy-policy-and-cookie-notice">Our privacy policy and notice</a></footer>'
    "</body></html>"
)


def rules(**fields):
    return source(list=fields)


def test_a_chinese_portal_gives_its_articles_without_any_rule():
    found = read(PORTAL.encode("gbk"), url=LISTING)
    assert [e.title for e in found.entries] == [*HEADLINES, "央行降准"]
    assert found.entries[0].url == "https://news.example.com/stock/2021-12-01/doc-iky18732.shtml"
    assert found.title == "要闻_某财经"


def test_the_date_beside_a_link_is_its_date():
    found = read(PORTAL, url=LISTING)
    assert found.entries[1].published == datetime(2021, 12, 2, 6, 42, tzinfo=UTC)
    assert found.entries[4].published is None


def test_an_english_section_front_gives_its_cards_across_sections():
    found = read(FRONT, source("en"), url="http://news.example.com/markets")
    assert [e.title for e in found.entries] == [headline for *_, headline in CARDS]
    assert found.entries[0].published == datetime(2021, 12, 1, 10, tzinfo=UTC)


def test_a_page_of_menus_has_no_articles():
    menu = "".join(f'<li><a href="/section-{n}/">Section {n}</a></li>' for n in range(30))
    found = read(f"<html><body><ul>{menu}</ul></body></html>")
    assert found.error == "no article links found: describe them by [source.list] items and link"


@pytest.mark.parametrize(
    ("page", "address"),
    [
        (PORTAL, "http://news.example.com/stock/list_2.html"),
        (FRONT, "http://news.example.com/page/2"),
        ('<html><link rel="next" href="?page=2"><a href="/x">Next</a>', f"{LISTING}?page=2"),
        ('<html><a href="javascript:void(0)">下一页</a>', ""),
        ('<html><a href="http://other.com/2">下一页</a>', ""),
        ('<html><a href="/stock/">下一页</a>', ""),
    ],
)
def test_the_next_page_is_found_by_its_relation_or_its_words(page, address):
    assert read(page, url=LISTING).next_page == address


@pytest.mark.parametrize(
    "list_rules",
    [
        {"items": "ul.list > li", "link": "h4 a", "title": "h4 a", "date": "span"},
        {
            "items": "//ul[@class='list']/li",
            "link": "//a/@href",
            "title": "./h4",
            "date": "span::text",
        },
        {"items": "ul.list li", "link": "a::attr(href)", "date": ".//span/text()"},
        {"items": "ul.list li", "date": "span"},
    ],
)
def test_css_and_xpath_rules_say_the_same(list_rules):
    first = read(PORTAL, rules(**list_rules), url=LISTING).entries[0]
    assert first.raw_url == "http://news.example.com/stock/2021-12-01/doc-iky18732.shtml?from=wap"
    assert (first.title, first.published_raw) == (HEADLINES[0], "2021-12-01 14:42")


def test_a_link_rule_alone_is_enough():
    found = read(PORTAL, rules(link="h4 a"), url=LISTING)
    assert [e.title for e in found.entries] == [*HEADLINES, "央行降准"]


def test_a_rule_gives_author_and_next_page():
    card = '<div class="i"><a href="/1">A</a><b>Jane Doe</b></div>'
    page = f'<html>{card}<a id="more" href="/p2">more</a>'
    found = read(page, rules(items="div.i", author="b", next="#more"))
    assert (found.entries[0].authors, found.next_page) == (
        ("Jane Doe",),
        "http://news.example.com/p2",
    )


def test_the_base_of_the_page_resolves_its_links():
    page = '<html><base href="http://www.example.com/b/"><li><a href="1.html">A</a></li>'
    found = read(page, rules(items="li"))
    assert found.entries[0].raw_url == "http://www.example.com/b/1.html"


@pytest.mark.parametrize(
    ("list_rules", "error"),
    [
        ({"items": "li["}, "[source.list] items = 'li[' is no valid selector: "),
        ({"items": "//li["}, "[source.list] items = '//li[' is no valid selector: "),
        ({"items": "li", "title": "h4:nope()"}, "[source.list] title = 'h4:nope()' is no valid"),
        ({"items": "table"}, "[source.list] items = 'table' matches nothing in the page"),
        ({"items": "li", "link": "b"}, "the [source.list] rules found items, but in none of them"),
    ],
)
def test_a_rule_that_finds_nothing_is_named(list_rules, error):
    assert read(PORTAL, rules(**list_rules), url=LISTING).error.startswith(error)


def test_a_login_page_is_called_one():
    found = read('<html><form><input type="password"></form>', kind="listing")
    assert found.error == "a login page: set the source's cookies or headers"


def test_a_page_made_in_the_browser_is_called_one():
    found = read('<html><div id="app"></div><script src="app.js"></script>', kind="listing")
    assert found.error.endswith("the page is made by JavaScript in the browser")
