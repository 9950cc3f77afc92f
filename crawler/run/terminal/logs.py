"""Logging of the commands that crawl: our own lines at INFO, other libraries' from WARNING on."""

from __future__ import annotations

import json
import logging
import sys
import time
from typing import TextIO

import click

from crawler.run.terminal.terminal import printable

OURS = frozenset({"archive", "config", "crawler", "spiders"})
_SIGNAL = "Received %(signame)s"  # Scrapy's answer to Ctrl-C, while pages in flight end
_LONGEST_MESSAGE = 500  # characters; a library that logs a response must not log its body
_LONGEST_TRACEBACK = 8000  # characters of JSON's "error"; the end says what happened

log_format_option = click.option(
    "--log-format",
    type=click.Choice(["plain", "json"]),
    default="plain",
    envvar="BROADSHEET_LOG_FORMAT",
    show_envvar=True,
    help="Write log lines for people (plain), or as JSON objects.",
)


def set_up_logging(verbose: bool = False, *, live: bool = False, form: str = "plain") -> None:
    """Send log lines to stderr: ours at INFO, Scrapy's at WARNING; one step more if `verbose`.

    `live`: a table shows the counts already, so that ours begin at WARNING too. `form` is that
    of `--log-format`.

    Call it before Scrapy's process is made with `install_root_handler=False`. The levels are
    kept by the handler, since Scrapy's configure_logging sets its own logger to DEBUG.
    """
    root = logging.getLogger()
    for handler in [h for h in root.handlers if isinstance(h, StderrHandler)]:
        root.removeHandler(handler)
    handler = StderrHandler()
    handler.addFilter(LevelByPackage(verbose, live=live))
    handler.setFormatter(JsonFormatter() if form == "json" else LineFormatter())
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    logging.captureWarnings(True)


class StderrHandler(logging.StreamHandler[TextIO]):
    """Write to whatever sys.stderr is now: a live table replaces it while it is shown."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


class LevelByPackage(logging.Filter):
    """Pass our records from INFO on and others from WARNING on; verbose: DEBUG and INFO.

    Always pass that a signal came: the wait for pages in flight may last `timeout_s`.
    """

    def __init__(self, verbose: bool, *, live: bool = False) -> None:
        super().__init__()
        usual = logging.WARNING if live else logging.INFO
        self._ours = logging.DEBUG if verbose else usual
        self._others = logging.INFO if verbose else logging.WARNING

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == "scrapy.crawler" and str(record.msg).startswith(_SIGNAL):
            return True
        ours = record.name.partition(".")[0] in OURS
        return record.levelno >= (self._ours if ours else self._others)


class LineFormatter(logging.Formatter):
    """One line a record, in UTC, of bounded length, safe for a terminal."""

    def __init__(self) -> None:
        super().__init__("%(asctime)sZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
        self.converter = time.gmtime

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = _bounded(printable(record.message)).replace("\n", " ")
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        """The traceback too: an error may quote what was fetched."""
        return printable(super().format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object a line; `error` is the traceback, where there is one."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ"),
            "level": record.levelname,
            "logger": record.name,
            "message": _bounded(printable(record.getMessage())),
        }
        if record.exc_info and record.exc_info[1] is not None:
            entry["error"] = printable(self.formatException(record.exc_info))[-_LONGEST_TRACEBACK:]
        return json.dumps(entry, ensure_ascii=False)


def _bounded(message: str) -> str:
    if len(message) <= _LONGEST_MESSAGE:
        return message
    return f"{message[:_LONGEST_MESSAGE]}… ({len(message):,} characters)"
