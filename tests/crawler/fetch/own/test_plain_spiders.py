"""Spiders that are none of ours: what is told of a wrong name, and of what only ours can yield."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from scrapy.http import HtmlResponse
from scrapy.settings import Settings

from crawler.fetch.own.site_output import ArchivedPage, PlainOutput
from crawler.fetch.own.spider_loader import NamedSpiders, UnknownSpider
from spiders.site import follow_article

_PAGE = HtmlResponse("https://news.example.com/", body=b"<p>News</p>")


@pytest.mark.parametrize(
    ("name", "hint"),
    [("sitemaps", "did you mean sitemap?"), ("zzz", "`scrapy list` names them")],
)
def test_a_spider_that_is_not_there_is_told_with_a_near_name(name: str, hint: str) -> None:
    with pytest.raises(UnknownSpider) as caught:
        NamedSpiders.from_settings(Settings({"SPIDER_MODULES": ["spiders"]})).load(name)
    assert str(caught.value) == f"there is no spider {name}; {hint}"
    assert isinstance(caught.value, KeyError)


async def _all(outputs: AsyncIterator[Any]) -> list[Any]:
    return [output async for output in outputs]


async def _each(*outputs: Any) -> AsyncIterator[Any]:
    for output in outputs:
        yield output


def test_what_only_a_site_spider_can_yield_is_told_once_and_is_no_item(
    caplog: pytest.LogCaptureFixture,
) -> None:
    plain = PlainOutput("North")
    yielded = _each(follow_article("/a/1"), {"title": "An item"}, ArchivedPage(_PAGE))
    assert asyncio.run(_all(plain.process_spider_output(_PAGE, yielded))) == [{"title": "An item"}]
    assert asyncio.run(_all(plain.process_start(_each(follow_article("/a/2"))))) == []
    (told,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert told.getMessage() == (
        "nothing is archived: North yields follow_article(…) or archive_page(…), which only a"
        " SiteSpider can: write `class North(SiteSpider)`, with `source = ...`"
    )
