"""`scrapy crawl news`: visits every kind of source; what `broadsheet crawl` and the daemon run."""

from __future__ import annotations

from typing import get_args

from config.model import Kind
from spiders.base import SourceSpider


class NewsSpider(SourceSpider):
    name = "news"
    kinds = get_args(Kind)
