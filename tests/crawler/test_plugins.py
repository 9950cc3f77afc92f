"""Code of a person's own is told of what was archived, and can't hold or break the crawl."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from archive.errors import UnusablePlugin
from crawler.plugins import Plugins

_WRITES = """
from pathlib import Path

from crawler.plugins import hookimpl

@hookimpl
def article_saved(article, verdict):
    with open(Path(__file__).with_name("told.txt"), "a") as file:
        print(verdict, article["title"], file=file)
"""
_FAILS = """
from crawler.plugins import hookimpl

@hookimpl
def article_saved(verdict):
    raise ValueError("no " + verdict)
"""
_HANGS = """
import threading

from crawler.plugins import hookimpl

@hookimpl
def article_saved():
    threading.Event().wait()
"""


def tell(plugins: Plugins, *articles: tuple[str, str]) -> None:
    async def tell_all() -> None:
        for title, verdict in articles:
            await plugins.article_saved({"title": title}, verdict)

    asyncio.run(tell_all())


def test_a_file_in_the_folder_is_told_of_each_article_with_what_was_done(tmp_path: Path) -> None:
    (tmp_path / "writes.py").write_text(_WRITES)
    (tmp_path / "notes.txt").write_text("no Python")
    plugins = Plugins(tmp_path)
    assert plugins
    tell(plugins, ("Copper falls", "new"), ("Copper falls further", "revised"))
    told = (tmp_path / "told.txt").read_text()
    assert told == "new Copper falls\nrevised Copper falls further\n"


def test_without_a_folder_nothing_is_told() -> None:
    assert not Plugins(None)


def test_a_plugin_that_raises_is_logged_and_the_others_are_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "fails.py").write_text(_FAILS)
    (tmp_path / "writes.py").write_text(_WRITES)
    tell(Plugins(tmp_path), ("A", "new"), ("B", "new"))
    assert (tmp_path / "told.txt").read_text() == "new A\nnew B\n"
    failed = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert [r.getMessage() for r in failed] == ["the plugin fails.py failed in article_saved"] * 2
    assert failed[0].exc_info is not None
    assert str(failed[0].exc_info[1]) == "no new"


def test_a_plugin_that_hangs_is_told_of_nothing_more(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "hangs.py").write_text(_HANGS)
    (tmp_path / "writes.py").write_text(_WRITES)
    tell(Plugins(tmp_path, patience_s=2), ("A", "new"), ("B", "new"))
    assert (tmp_path / "told.txt").read_text() == "new A\nnew B\n"
    (record,) = caplog.records
    assert record.getMessage() == (
        "the plugin hangs.py has not come back from article_saved within 2 s: it is told of"
        " nothing more in this run"
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import nothing_of_that_name\n", "No module named 'nothing_of_that_name'"),
        (_FAILS.replace("verdict)", "artikle)"), "artikle"),
        (_FAILS.replace("def article_saved", "def article_saven"), "article_saven"),
    ],
)
def test_a_file_that_can_t_be_used_is_named_at_the_start(
    tmp_path: Path, text: str, why: str
) -> None:
    (tmp_path / "mine.py").write_text(text)
    with pytest.raises(UnusablePlugin, match=r"mine\.py can't be loaded") as caught:
        Plugins(tmp_path)
    assert why in str(caught.value)


def test_a_file_without_a_hook_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "mine.py").write_text("def article_saved(article, verdict):\n    ...\n")
    assert not Plugins(tmp_path)
    (message,) = caplog.messages
    assert message == (
        f"{tmp_path}/mine.py has no hook, and is told of nothing: write `@hookimpl` before"
        " `def article_saved(article, verdict)`"
    )


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusablePlugin, match=r"\[crawl\] plugins: there is no folder .*/hooks"):
        Plugins(tmp_path / "hooks")
