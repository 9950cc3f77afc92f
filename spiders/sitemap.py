"""`scrapy crawl sitemap`: visits the sources of kind sitemap."""

from __future__ import annotations

from spiders.base import LineSpider


class SitemapSpider(LineSpider):
    name = "sitemap"
    kinds = ("sitemap",)
