"""`scrapy crawl sitemap`: visits the sources of kind sitemap."""

from __future__ import annotations

from spiders.base import SourceSpider


class SitemapSpider(SourceSpider):
    name = "sitemap"
    kinds = ("sitemap",)
