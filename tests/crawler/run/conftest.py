"""A config and a filled archive for the commands, and the commands themselves."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.articles.save import save_article
from archive.database.connect import transaction
from archive.entries.announcing import announce
from archive.entries.owed import close_entry, owed
from archive.files.orders import write_owed
from archive.model import Declaration, Entry, EntryState, Visit
from archive.sources.declarations import declare
from crawler.run.cli import main
from tests.archive.empty import empty_archive
from tests.crawler.run.sample import CONFIG, EN, NOW, ZH, Broadsheet


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    path = tmp_path / "broadsheet.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture
def broadsheet(config_file: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> Broadsheet:
    """Run a command on the test's config and data, away from the user's own."""
    monkeypatch.chdir(config_file.parent)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(config_file.parent / "xdg"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(config_file.parent / "cache"))
    for name in ("BROADSHEET_CONFIG", "BROADSHEET_DATA"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(
            main, ["--config", str(config_file), "--data", str(data), *arguments]
        )

    return run


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder without an archive."""
    return tmp_path / "data"


@pytest.fixture
def archive(data: Path) -> Path:
    """An archive of two articles, one refused entry and one that is owed."""
    data.mkdir()
    connection = empty_archive(data / "archive.db", NOW)
    try:
        with transaction(connection):
            _fill(connection)
        write_owed(connection, data / "articles")
    finally:
        connection.close()
    return data / "archive.db"


def _fill(connection: sqlite3.Connection) -> None:
    stcn = Declaration(
        id="stcn",
        name="证券时报网",
        url="https://news.stcn.example/rss",
        kind="feed",
        language="zh",
    )
    ledger = Declaration(id="ledger", name="The Ledger", url="https://ledger.example/feed")
    declare(connection, [stcn, ledger], now=NOW)
    urls = [ZH.url, "https://news.stcn.example/a/2", "https://news.stcn.example/a/3"]
    _announce(connection, "stcn", urls)
    _announce(connection, "ledger", [EN.url])
    for article, source_id, host in (
        (ZH, "stcn", "news.stcn.example"),
        (EN, "ledger", "ledger.example"),
    ):
        waiting = owed(connection, source_id, host, now=None, limit=10)
        entry = next(entry for entry in waiting if entry.url == article.url)
        save_article(connection, article, entry=entry, now=NOW)
    refused = next(
        entry
        for entry in owed(connection, "stcn", "news.stcn.example", now=None, limit=10)
        if entry.url.endswith("/2")
    )
    assert refused.id is not None
    close_entry(connection, refused.id, EntryState.REJECTED, "too short: 57 characters", now=NOW)


def _announce(connection: sqlite3.Connection, source_id: str, urls: list[str]) -> None:
    visit = Visit(source_id=source_id, at=NOW, status=200, found=len(urls), bytes=2000, seconds=0.5)
    entries = [Entry(url=url, raw_url=url) for url in urls]
    announce(connection, visit, entries, now=NOW)
