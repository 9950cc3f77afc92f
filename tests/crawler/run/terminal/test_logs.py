"""Log lines of the commands that crawl."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator

import pytest

from crawler.run.terminal.logs import StderrHandler, set_up_logging


@pytest.fixture(autouse=True)
def _own_root_logger() -> Iterator[None]:
    """Leave the root logger as it was found."""
    root = logging.getLogger()
    level = root.level
    yield
    for handler in [h for h in root.handlers if isinstance(h, StderrHandler)]:
        root.removeHandler(handler)
    root.setLevel(level)
    logging.captureWarnings(False)


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines on stderr without their time."""
    return [line.partition(" ")[2] for line in capsys.readouterr().err.splitlines()]


def test_our_lines_are_shown_from_info_on(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging()
    logging.getLogger("crawler.run.daemon.daemon").info("polling %d sources", 3)
    logging.getLogger("crawler.run.daemon.daemon").debug("not shown")
    assert lines(capsys) == ["INFO crawler.run.daemon.daemon: polling 3 sources"]


def test_scrapy_is_heard_from_warning_on_even_when_its_logger_is_at_debug(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logging()
    scrapy = logging.getLogger("scrapy.core.engine")
    scrapy.setLevel(logging.DEBUG)
    scrapy.info("Spider opened")
    scrapy.warning("slow")
    assert lines(capsys) == ["WARNING scrapy.core.engine: slow"]


def test_verbose_shows_one_step_more(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(verbose=True)
    logging.getLogger("spiders.feed").debug("a")
    logging.getLogger("scrapy.extensions").info("b")
    logging.getLogger("scrapy.extensions").debug("c")
    assert lines(capsys) == ["DEBUG spiders.feed: a", "INFO scrapy.extensions: b"]


def test_beside_a_live_table_only_warnings_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(live=True)
    logging.getLogger("crawler.fetch").info("rejected")
    logging.getLogger("crawler.fetch").warning("disk is full")
    assert lines(capsys) == ["WARNING crawler.fetch: disk is full"]


def test_setting_up_twice_does_not_double_the_lines(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging()
    set_up_logging()
    logging.getLogger("crawler").info("once")
    assert lines(capsys) == ["INFO crawler: once"]


def test_a_long_message_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging()
    logging.getLogger("crawler").warning("x" * 2000)
    assert lines(capsys) == [f"WARNING crawler: {'x' * 500}… (2,000 characters)"]


def test_a_message_can_neither_command_the_terminal_nor_fake_a_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logging()
    logging.getLogger("crawler").warning("bad\x1b[2J\nERROR crawler: forged")
    assert lines(capsys) == [
        "WARNING crawler: bad\N{REPLACEMENT CHARACTER}[2J ERROR crawler: forged"
    ]


def test_a_traceback_commands_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging()
    try:
        raise ValueError("bad\x1b[2J")
    except ValueError:
        logging.getLogger("crawler").exception("failed")
    assert capsys.readouterr().err.endswith("ValueError: bad\N{REPLACEMENT CHARACTER}[2J\n")


def test_a_signal_is_answered_even_beside_a_live_table(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(live=True)
    scrapy = logging.getLogger("scrapy.crawler")
    scrapy.info("Overridden settings: %(settings)r", {"settings": {}})
    scrapy.info("Received %(signame)s, shutting down", {"signame": "SIGINT"})
    assert lines(capsys) == ["INFO scrapy.crawler: Received SIGINT, shutting down"]


def test_json_lines_hold_the_same_in_fields(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(form="json")
    logging.getLogger("crawler.run").info("polling %d\nsources", 3)
    entry = json.loads(capsys.readouterr().err)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", entry.pop("at"))
    assert entry == {"level": "INFO", "logger": "crawler.run", "message": "polling 3\nsources"}


def test_a_json_line_is_bounded_and_ends_with_what_happened(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logging(form="json")
    try:
        raise ValueError("x" * 20_000 + " the end")
    except ValueError:
        logging.getLogger("crawler").exception("y" * 2000)
    text = capsys.readouterr().err
    entry = json.loads(text)
    assert text.count("\n") == 1
    assert entry["message"] == f"{'y' * 500}… (2,000 characters)"
    assert len(entry["error"]) == 8000
    assert entry["error"].endswith("the end")
