"""`scrapy crawl news`: visits every kind of source; what `broadsheet crawl` and the daemon run."""

from __future__ import annotations

from spiders.base import LineSpider


class NewsSpider(LineSpider):
    name = "news"
    kinds = ("feed", "sitemap", "listing", "json")
