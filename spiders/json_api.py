"""`scrapy crawl json`: visits the sources of kind json."""

from __future__ import annotations

from spiders.base import LineSpider


class JsonSpider(LineSpider):
    name = "json"
    kinds = ("json",)
