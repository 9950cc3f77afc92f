"""No command, page or loop reads a whole table of those that grow, but for a stated reason; and
saving an article asks for no more than its own keys, whatever statistics say.

A new page or command is a line in PAGES or COMMANDS. What has to read all of something says so in
REASONS, by words of its statement.
"""

from __future__ import annotations

import asyncio
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.database.connect import connect
from benchmarks.speed.writing import store_articles
from crawler.run.cli import main
from tests.archive.making import LONG, NOW, make_archive, make_source, save
from tests.archive.statements import heard_statements, plans, scans
from tests.archive.web.browsing import get_pages

PAGES = (
    *("/", "/-/latest", "/-/changes", "/-/day/2026-11-23", "/-/search?q=央行", "/-/article/1"),
    *("/-/article/1/diff?from=1&to=2", "/-/story/1", "/-/source/stcn", "/-/sources"),
    *("/-/latest.atom", "/-/events.json?since=0", "/-/source/stcn.atom", "/-/securities"),
    *(
        "/-/search?q=央行&order=newest&copies=1",
        "/-/search?q=zzz source:stcn",
        "/-/search.atom?q=央行",
        "/archive/coverage",
    ),
    "/-/search?q=央行&outlet=Outlet stcn&day=2026-11-23&lang=zh&section=x&code=300778",
)
COMMANDS = (
    *("search 央行", "show 1", "show https://stcn.example.com/1", "sources list"),
    *("sources show stcn", "status", "stats", "held list", "copies list", "changes"),
    *("retry https://stcn.example.com/nothing", "coverage"),
)
_COUNTS = "what `stats` and `sources list` count: an index without the texts, 30 MB a million"
REASONS = {
    "count(*) FROM articles": _COUNTS,
    "count(*) FROM superseded": _COUNTS,
    "substr(coalesce(reason, '')": _COUNTS,
}

# What finds many rows, as a scan does: all of an outlet's, all that is owed.
BROAD = ("articles_source (source_id=?)", "articles_author (source_id=?)", "(state=?)")
# As ANALYZE makes them of 400 rows an index, in an archive of 10,000 articles by few outlets.
STATISTICS = (
    ("articles", "articles_author", "5742 401 401 81 81"),
    ("articles", "articles_source", "14577 401 81"),
    ("articles", "articles_text_hash", "5841 1"),
    ("articles", "articles_title", "5742 401 1"),
    ("entries", "entries_article", "11490 1"),
    ("entries", "entries_state", "11100 401 401"),
    ("entries", "entries_url", "5989 1"),
    ("near_bands", "near_bands", "107433 3 3 1"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with an article that was edited, and one that is like it."""
    folder = tmp_path_factory.mktemp("plans")
    conn = make_archive(folder, make_source("stcn"))
    save(conn, "1", "央行降准", LONG)
    save(
        conn,
        "1",
        "央行降准0.5个百分点",
        LONG + "其中大型银行降至10%。",
        now=NOW + timedelta(hours=1),
    )
    save(conn, "2", "Castellan Bank takes a charge", "Castellan Bank said so. " * 30)
    conn.close()
    (folder / "broadsheet.toml").write_text(
        '[[source]]\nid = "stcn"\nname = "stcn"\nurl = "https://stcn.example.com/feed"\n'
    )
    return folder


def unreasoned(folder: Path, statements: set[str]) -> dict[str, str]:
    found = scans(folder / "archive.db", statements)
    return {s: scan for s, scan in found.items() if not any(words in s for words in REASONS)}


def test_what_reads_a_whole_table_is_noticed(folder: Path) -> None:
    by_title = "SELECT id FROM entries AS e WHERE e.title = 'x'"
    asked = {by_title, "SELECT id FROM entries WHERE url = 'x'", "SELECT id FROM articles LIMIT 9"}
    assert scans(folder / "archive.db", asked) == {by_title: "SCAN e"}


def test_no_page_reads_a_whole_table(folder: Path) -> None:
    with heard_statements() as statements:
        answers = get_pages(folder / "archive.db", *PAGES)
    assert {page: a.status_code for page, a in zip(PAGES, answers, strict=True)} == dict.fromkeys(
        PAGES, 200
    )
    assert len(statements) > 50
    assert unreasoned(folder, statements) == {}


def test_no_command_reads_a_whole_table(folder: Path) -> None:
    where = ["--config", str(folder / "broadsheet.toml"), "--data", str(folder)]
    with heard_statements() as statements:
        for command in COMMANDS:
            result = CliRunner().invoke(main, [*command.split(), *where])
            assert result.exit_code in (0, 1), f"{command}: {result.output}{result.exception!r}"
    assert len(statements) > 30
    assert unreasoned(folder, statements) == {}


@pytest.mark.slow
def test_no_loop_of_a_crawl_reads_a_whole_table(folder: Path, tmp_path: Path) -> None:
    make_archive(tmp_path).close()  # what brings an older one to this schema reads all of it
    with heard_statements() as statements:
        asyncio.run(store_articles(3, tmp_path))
    assert len(statements) > 100
    assert unreasoned(folder, statements) == {}
    many = {
        s: broad
        for s, steps in plans(folder / "archive.db", statements).items()
        if (broad := [step for step in steps if step.endswith(BROAD)])
    }
    assert many == {}


def test_statistics_change_no_plan_of_saving_an_article(tmp_path: Path) -> None:
    make_archive(tmp_path).close()
    with heard_statements() as statements, closing(connect(tmp_path / "archive.db")) as conn:
        short = "短讯。"
        for number, text in enumerate((LONG, LONG, short)):
            save(
                conn, f"{number}", "央行降准", text, authors=("王明",), boilerplate=("下载客户端",)
            )
    before = plans(tmp_path / "archive.db", statements)
    assert len(before) > 50
    assert [s for s, steps in before.items() if any(step.endswith(BROAD) for step in steps)] == []
    with closing(connect(tmp_path / "archive.db")) as conn:
        conn.execute("ANALYZE")
        conn.execute("DELETE FROM sqlite_stat1")
        conn.executemany("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", STATISTICS)
    assert plans(tmp_path / "archive.db", statements) == before
