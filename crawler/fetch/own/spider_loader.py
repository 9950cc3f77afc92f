"""Which spiders there are, by name: a name that none has is told in a sentence."""

from __future__ import annotations

import difflib

from scrapy import Spider
from scrapy.exceptions import UsageError
from scrapy.spiderloader import SpiderLoader


class UnknownSpider(UsageError, KeyError):
    """Scrapy's commands print the message, and end with exit code 2; a KeyError is what its loader
    promises to those who only ask."""

    __str__ = Exception.__str__  # a KeyError's is the repr


class NamedSpiders(SpiderLoader):
    """Scrapy's loader, in other words where it finds nothing."""

    def load(self, spider_name: str) -> type[Spider]:
        if spider_name in self._spiders:
            return super().load(spider_name)
        near = difflib.get_close_matches(spider_name, self._spiders, n=1)
        hint = f"did you mean {near[0]}?" if near else "`scrapy list` names them"
        raise UnknownSpider(f"there is no spider {spider_name}; {hint}")
