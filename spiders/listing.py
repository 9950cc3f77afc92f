"""`scrapy crawl listing`: visits the sources of kind listing."""

from __future__ import annotations

from spiders.base import LineSpider


class ListingSpider(LineSpider):
    name = "listing"
    kinds = ("listing",)
