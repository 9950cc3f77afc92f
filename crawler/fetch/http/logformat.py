"""Log lines without bodies: an item is named, never printed."""

from __future__ import annotations

import logging
from typing import Any

from scrapy.logformatter import LogFormatter, LogFormatterResult

from archive.errors import ArchiveError
from crawler.fetch.http.stopping import Stopping

# What the end of a stop cuts off is no error, and an archive that fails the supervisor says, once.
_SAID = (Stopping, ArchiveError)


class Brief(LogFormatter):
    def scraped(self, item: Any, response: Any, spider: Any) -> LogFormatterResult:
        return _line(logging.DEBUG, "Saved %s", item)

    def dropped(self, item: Any, exception: Any, *rest: Any) -> LogFormatterResult:
        level = getattr(exception, "log_level", None) or "INFO"
        return _line(logging.getLevelNamesMapping()[str(level)], "Dropped %s", item)

    def item_error(self, item: Any, exception: Any, *rest: Any) -> LogFormatterResult:
        level = logging.DEBUG if isinstance(exception, _SAID) else logging.ERROR
        return _line(level, "Could not save %s", item)

    def spider_error(self, failure: Any, request: Any, *rest: Any) -> LogFormatterResult:
        level = logging.DEBUG if failure.check(*_SAID) else logging.ERROR
        return _line(level, "Error in the callback of %s", request)


def _line(level: int, text: str, item: Any) -> LogFormatterResult:
    return {"level": level, "msg": text, "args": (getattr(item, "url", type(item).__name__),)}
