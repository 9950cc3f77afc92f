"""Log lines without bodies: an item is named, never printed."""

from __future__ import annotations

import logging
from typing import Any

from scrapy.logformatter import LogFormatter, LogFormatterResult


class Brief(LogFormatter):
    def scraped(self, item: Any, response: Any, spider: Any) -> LogFormatterResult:
        return _line(logging.DEBUG, "Saved %s", item)

    def dropped(self, item: Any, exception: Any, *rest: Any) -> LogFormatterResult:
        return _line(logging.INFO, "Dropped %s", item)

    def item_error(self, item: Any, exception: Any, *rest: Any) -> LogFormatterResult:
        return _line(logging.ERROR, "Could not save %s", item)


def _line(level: int, text: str, item: Any) -> LogFormatterResult:
    return {"level": level, "msg": text, "args": (getattr(item, "url", type(item).__name__),)}
