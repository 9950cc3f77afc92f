"""What a site spider's author writes: links in every form, arguments that are declared."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import pytest
from parsel import Selector
from scrapy.http import HtmlResponse
from scrapy.linkextractors import LinkExtractor
from scrapy.settings import Settings

from archive.errors import UnusableArgument
from crawler.fetch.options import keep_components
from spiders.base import _check_arguments
from spiders.feed import FeedSpider
from spiders.page import PageSpider
from spiders.site import SiteSpider, follow_article
from spiders.warc import WarcSpider

_LIST = HtmlResponse(
    "https://news.example.com/markets/",
    body=b"""<a href="/about">About</a>
<div class=card><h3><a href="/markets/1">One</a></h3></div>
<div class=card><h3><a href=" /markets/2 ">Two</a></h3><a href="/markets/1">again</a></div>
<a rel=next href="?page=2">Next</a>""",
)


class Example(SiteSpider):
    name = "example"
    source = "example"
    start_urls: ClassVar = ["https://news.example.com/markets/"]
    articles = "h3 a"
    lists = "a[rel=next]"
    year: str | None = None


class WithInit(Example):
    def __init__(self, section: str = "markets", **kwargs: str):
        super().__init__(**kwargs)
        self.section = section


def outcome(spider: SiteSpider) -> tuple[list[str], list[str]]:
    """The links to articles, and the requests for further pages, of the list above."""
    yielded = list(spider.parse(_LIST))
    requests = [found for found in yielded if hasattr(found, "callback")]
    return [y.url for y in yielded if y not in requests], [r.url for r in requests]


@pytest.mark.parametrize("articles", ["h3 a", ".card", ".card h3", LinkExtractor(r"/markets/\d")])
def test_css_or_a_link_extractor_says_what_is_an_article(articles: str | LinkExtractor) -> None:
    spider = Example()
    spider.articles = articles
    found, further = outcome(spider)
    assert [url.removeprefix("https://news.example.com") for url in found] == [
        "/markets/1",
        "/markets/2",
    ]
    assert further == ["https://news.example.com/markets/?page=2"]


def test_without_lists_no_further_page_is_asked_for() -> None:
    spider = Example()
    spider.lists = ""
    assert outcome(spider) == (["/markets/1", "/markets/2"], [])


def test_a_spider_that_says_nothing_of_its_articles_is_told_so() -> None:
    spider = Example()
    spider.articles = ""
    with pytest.raises(NotImplementedError, match=r'articles = "CSS"'):
        list(spider.parse(_LIST))


def test_an_element_a_link_and_an_address_are_followed_alike() -> None:
    element = _LIST.css("h3 a")[1]
    attribute = _LIST.css("h3 a::attr(href)")[1]
    link = LinkExtractor(restrict_css="h3").extract_links(_LIST)[1]
    given = [element, attribute, " /markets/2 ", link]
    assert [follow_article(one).url for one in given] == [
        *["/markets/2"] * 3,
        "https://news.example.com/markets/2",
    ]
    assert follow_article(_LIST.css("h3 a")[0], title="One").title == "One"


@pytest.mark.parametrize(
    ("spider", "known"),
    [
        (FeedSpider, {"source", "config", "data"}),
        (PageSpider, {"url", "config", "data"}),
        (WarcSpider, {"path", "config", "data"}),
        (Example, {"source", "articles", "lists", "year", "config", "data"}),
        (WithInit, {"source", "articles", "lists", "year", "section", "config", "data"}),
    ],
)
def test_a_spider_takes_what_it_looks_at(
    spider: type[FeedSpider | PageSpider | WarcSpider | SiteSpider], known: set[str]
) -> None:
    assert set(spider.takes()) == known


def test_another_argument_is_an_error_with_the_near_spelling() -> None:
    with pytest.raises(UnusableArgument) as caught:
        _check_arguments("feed", {"sorce": "wire"}, FeedSpider.takes())
    assert str(caught.value) == (
        "-a sorce: the spider feed has no such argument; did you mean source?"
    )
    with pytest.raises(UnusableArgument, match="it takes url, config, data"):
        _check_arguments("page", {"zz": "1"}, PageSpider.takes())


def test_a_pipeline_of_ones_own_does_not_replace_the_house_s() -> None:
    settings = Settings()
    settings.setmodule("crawler.settings")
    settings.set("ITEM_PIPELINES", {"mine.Pipe": 400}, priority="spider")
    settings.set("DOWNLOADER_MIDDLEWARES", {"mine.Middle": 543}, priority="cmdline")
    keep_components(settings)
    assert settings.getdict("ITEM_PIPELINES") == {
        "crawler.fetch.pipelines.SaveArticle": 300,
        "mine.Pipe": 400,
    }
    middlewares = settings.getdict("DOWNLOADER_MIDDLEWARES")
    assert middlewares["mine.Middle"] == 543
    assert middlewares["crawler.fetch.http.guard.GuardErrors"] == 895


def test_a_date_without_its_zone_and_a_list_of_links_are_told_where_they_are_written() -> None:
    with pytest.raises(ValueError, match="published=2026-11-23 09:30:00 has no time zone"):
        follow_article("https://news.example/1", published=datetime(2026, 11, 23, 9, 30))  # noqa: DTZ001
    links = Selector("<h3><a href='/1'>A</a></h3><h3>B</h3>").css("h3")
    with pytest.raises(ValueError, match="takes one link"):
        follow_article(links)  # type: ignore[arg-type]
    assert follow_article(links[0]).url == "/1"
    assert follow_article(links[1]).url == ""
