"""`scrapy crawl json`: visits the sources of kind json."""

from __future__ import annotations

from spiders.base import SourceSpider


class JsonSpider(SourceSpider):
    name = "json"
    kinds = ("json",)
