"""The log of a plain `scrapy` command: what happens to the crawl, not what Scrapy is made of."""

from __future__ import annotations

import logging

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

# Lists of settings, middlewares and versions: the same forty lines every time.
_LISTS = ("scrapy.addons", "scrapy.middleware", "scrapy.utils.log", "scrapy.extensions.memusage")
_SETTINGS = ("scrapy.crawler", "Overridden settings")  # that logger tells of signals, too


class QuietLog:
    """A Scrapy add-on. `-L INFO`, as any log level on the command line, brings all lines back."""

    @classmethod
    def update_pre_crawler_settings(cls, settings: BaseSettings) -> None:
        """Called before Scrapy's process says its first word."""
        asked = settings.getpriority("LOG_LEVEL") or 0
        if asked >= SETTINGS_PRIORITIES["cmdline"]:
            return
        # filters, as the level of each of its loggers is reset when Scrapy sets up its log
        for name in _LISTS:
            logging.getLogger(name).addFilter(_is_warning)
        logging.getLogger(_SETTINGS[0]).addFilter(_tells_no_settings)

    def update_settings(self, settings: BaseSettings) -> None:
        """Called when a crawler is made. Records that nobody prints are not made: Scrapy's engine
        has one for each answer."""
        printed = logging.getLogger().level or logging.getLevelName(settings["LOG_LEVEL"])
        if isinstance(printed, int):
            logging.getLogger("scrapy.core").setLevel(min(printed, logging.INFO))


def _is_warning(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


def _tells_no_settings(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith(_SETTINGS[1])
