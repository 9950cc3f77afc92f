"""`scrapy crawl feed`: visits the sources of kind feed."""

from __future__ import annotations

from spiders.base import SourceSpider


class FeedSpider(SourceSpider):
    name = "feed"
    kinds = ("feed",)
