"""`scrapy crawl feed`: visits the sources of kind feed."""

from __future__ import annotations

from spiders.base import LineSpider


class FeedSpider(LineSpider):
    name = "feed"
    kinds = ("feed",)
