"""`scrapy crawl listing`: visits the sources of kind listing."""

from __future__ import annotations

from spiders.base import SourceSpider


class ListingSpider(SourceSpider):
    name = "listing"
    kinds = ("listing",)
