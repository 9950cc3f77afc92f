"""README, the how-tos and their siblings stay true: commands, links, config, SQL."""

from __future__ import annotations

import re
import shlex
import sqlite3
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
import yaml
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from archive.database.connect import connect
from archive.migrate import migrate
from config.load import parse_config
from crawler.run.cli import main

ROOT = Path(__file__).resolve().parents[1]
TUTORIALS = [ROOT / "docs" / "tutorial.md", *sorted(ROOT.glob("docs/zh/*.md"))]
HOW_TO = sorted(ROOT.glob("docs/how-to/*.md"))
GUIDES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *TUTORIALS, *HOW_TO]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md"))]

_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"(?:^|[/=\s])broadsheet((?:[ \t]+[^\s>]+)+)", re.MULTILINE)
_LINK = re.compile(r"\]\((?![a-z]+:|#)([^)\s#]+)(?:#([^)\s]*))?\)")


def blocks(*languages: str) -> list[tuple[str, str]]:
    """(file, text) of every fenced block in one of the languages."""
    return [
        (path.name, textwrap.dedent(found[3]))
        for path in GUIDES
        for found in _FENCE.finditer(path.read_text(encoding="utf-8"))
        if found[2] in languages
    ]


def calls() -> Iterator[tuple[str, str]]:
    for name, text in blocks("sh", "crontab", "ini"):
        for found in _COMMAND.finditer(text):
            yield name, found[1].strip()


def unknown_words(call: str) -> list[str]:
    """The commands and options of a call that the program does not have."""
    command: click.Command = main
    context = click.Context(main)
    unknown = []
    words = iter(shlex.split(call))
    for word in words:
        if word == "--":
            break
        if word.startswith("-"):
            option = next((p for p in command.params if word.split("=")[0] in p.opts), None)
            if option is None:
                unknown.append(word)
            elif "=" not in word and not getattr(option, "is_flag", False):
                next(words, None)
        elif isinstance(command, click.Group):
            found = command.get_command(context, word)
            if found is None:
                return [*unknown, word]
            command = found
    return unknown


@pytest.mark.parametrize(("name", "call"), sorted(set(calls())))
def test_every_broadsheet_command_in_a_fenced_block_exists(name: str, call: str) -> None:
    assert unknown_words(call) == []


@pytest.mark.parametrize("call", ["crawl --rety", "sources lst", "statsu", "search --limt 3 steel"])
def test_a_command_that_does_not_exist_would_be_noticed(call: str) -> None:
    assert len(unknown_words(call)) == 1


def test_the_guides_name_the_commands_that_a_beginner_needs() -> None:
    named = {call.split()[0] for name, call in calls() if name == "README.md"}
    needed = {"init", "sources", "crawl", "stats", "show", "daemon", "search", "serve", "status"}
    assert named == needed | {"backup", "coverage", "held", "verify"}


def test_every_spider_in_a_fenced_block_exists() -> None:
    spiders = SpiderLoader.from_settings(Settings({"SPIDER_MODULES": ["spiders"]})).list()
    named = {s for _, text in blocks("sh") for s in re.findall(r"scrapy crawl (\S+)", text)}
    guides = {"northbridge", "northbridge-archive"}  # write-a-spider.md: they are its reader's
    assert named == {"feed", "page", "warc"} | guides
    assert named - guides <= set(spiders)


def test_every_make_target_in_a_fenced_block_exists() -> None:
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = {t for _, text in blocks("sh") for t in re.findall(r"^make (\S+)", text, re.MULTILINE)}
    assert named == {"demo", "test", "test-all", "lint", "coverage"}
    assert named <= set(targets)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file_and_its_heading(page: Path) -> None:
    for target, heading in _LINK.findall(page.read_text(encoding="utf-8")):
        path = page.parent / target
        assert path.exists(), target
        if heading:
            assert heading in anchors(path), f"{target}#{heading}"


def anchors(page: Path) -> set[str]:
    """The headings of a page as GitHub and mkdocs name them in addresses."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize(("name", "text"), blocks("toml"))
def test_every_config_in_a_fenced_block_loads(name: str, text: str) -> None:
    if text.startswith("[source."):  # a part that belongs below a source
        text = f'[[source]]\nid = "a"\nname = "A"\nurl = "https://a.com/"\n{text}'
    assert parse_config(text, name=name)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    conn = connect(tmp_path / "archive.db")
    migrate(conn, datetime(2026, 11, 23, tzinfo=UTC))
    yield conn
    conn.close()


def test_every_sql_statement_in_a_fenced_block_runs(archive: sqlite3.Connection) -> None:
    statements = [s for _, text in blocks("sql") for s in text.split(";") if s.strip()]
    assert len(statements) == 11
    for statement in statements:
        assert archive.execute(statement).fetchall() == []


def test_the_index_leads_to_every_page_of_the_docs() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    named = {target for target, _ in _LINK.findall(index)}
    written = {str(path.relative_to(ROOT / "docs")) for path in ROOT.glob("docs/**/*.md")}
    assert written - named == {"index.md"}


def test_the_navigation_has_every_page_of_the_docs_once() -> None:
    listed = list(leaves(yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]))
    written = [str(path.relative_to(ROOT / "docs")) for path in ROOT.glob("docs/**/*.md")]
    assert sorted(listed) == sorted(written)


def leaves(nav: object) -> Iterator[str]:
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, dict):
        for part in nav.values():
            yield from leaves(part)
    elif isinstance(nav, list):
        for part in nav:
            yield from leaves(part)
