"""`broadsheet copies`, and what `show` and `stats` say of copies."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive.articles.save import save_article
from archive.database.connect import connect, transaction
from archive.entries.owed import file_entry
from archive.files.orders import write_owed
from archive.model import Entry
from tests.crawler.run.sample import NOW, ZH, Broadsheet

TEXT = (
    "中国人民银行周五宣布，下调金融机构存款准备金率0.5个百分点，释放长期资金约1.2万亿元。"
    "有关负责人表示，稳健货币政策取向没有改变，资金将被金融机构用于归还到期的中期借贷便利。"
)
STORY, COPY = "https://news.stcn.example/a/7", "https://ledger.example/zh/7"


@pytest.fixture
def pair(archive: Path) -> Path:
    """Beside the two articles: a story, number 3, and its copy, number 4."""
    with closing(connect(archive)) as connection:
        with transaction(connection):
            for source, url in (("stcn", STORY), ("ledger", COPY)):
                entry = file_entry(connection, Entry(url=url, raw_url=url), source, now=NOW)
                article = replace(ZH, url=url, title="降准", text=TEXT, markdown=TEXT)
                named = replace(article, origin="新华社") if source == "ledger" else article
                save_article(connection, named, entry=entry, now=NOW)
        write_owed(connection, archive.parent / "articles")
    return archive.parent


def test_stories_with_copies_are_listed(broadsheet: Broadsheet, pair: Path) -> None:
    lines = broadsheet("copies", "list").stdout.splitlines()
    assert lines == broadsheet("copies").stdout.splitlines()
    assert len(lines) == 3
    assert lines[2].split() == [
        *("3", "2026-11-22", "01:30Z", "降准", "archived", "first"),
        *("证券时报网,", "The", "Ledger", "1"),
    ]


def test_the_list_as_json(broadsheet: Broadsheet, pair: Path) -> None:
    assert json.loads(broadsheet("copies", "list", "--json").stdout) == [
        {
            "id": 3,
            "title": "降准",
            "published": "2026-11-22T01:30:00Z",
            "origin": "",
            "lead_reason": "archived first",
            "copies": 1,
            "outlets": ["证券时报网", "The Ledger"],
        }
    ]


def test_an_archive_without_copies_has_none_to_list(broadsheet: Broadsheet, archive: Path) -> None:
    assert broadsheet("copies", "list").stdout == "No story has copies.\n"


def test_a_story_names_its_copies_and_a_copy_its_story_and_origin(
    broadsheet: Broadsheet, pair: Path
) -> None:
    assert f"copy       4, The Ledger: 降准 <{COPY}>" in broadsheet("show", "3").stdout
    shown = broadsheet("show", "4").stdout
    assert f"copy of    3, 证券时报网: 降准 <{STORY}>" in shown
    assert "origin     新华社" in shown


def test_copies_are_counted(broadsheet: Broadsheet, pair: Path) -> None:
    assert "4 articles (3 stories, 1 copy)" in broadsheet("stats").stdout


def test_a_split_copy_gets_a_file(broadsheet: Broadsheet, pair: Path) -> None:
    assert broadsheet("copies", "split", COPY).stdout == "Article 4 is a story of its own.\n"
    assert len(list((pair / "articles").rglob("*.md"))) == 4


def test_a_merged_story_loses_its_file(broadsheet: Broadsheet, pair: Path) -> None:
    said = broadsheet("copies", "merge", "1", "3").stdout
    assert said == "Article 3 is a copy of 1, which has 2 now.\n"
    assert len(list((pair / "articles").rglob("*.md"))) == 2


def test_a_person_says_which_article_leads(broadsheet: Broadsheet, pair: Path) -> None:
    before = sorted(p.name for p in (pair / "articles").rglob("*.md"))
    said = broadsheet("copies", "lead", COPY).stdout
    assert said == "Article 4 leads its story, with 1 copy.\n"
    assert "leads      by hand" in broadsheet("show", "4").stdout
    assert f"copy of    4, The Ledger: 降准 <{COPY}>" in broadsheet("show", "3").stdout
    files = sorted((pair / "articles").rglob("*.md"))
    assert [p.name for p in files] == before
    assert any(f"\nlink: {COPY}\n" in p.read_text("utf-8") for p in files)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("lead", "1"), "article 1 has no copies to lead, and is none"),
        (("split", "3"), "article 3 is a story"),
        (("split", "99"), "no article 99"),
        (("merge", "4", "1"), "article 4 is a copy itself: name its story 3"),
    ],
)
def test_what_can_t_be_done_is_said(
    broadsheet: Broadsheet, pair: Path, command: tuple[str, ...], words: str
) -> None:
    result = broadsheet("copies", *command)
    assert (result.exit_code, words in result.stderr) == (1, True)


def test_data_may_be_named_behind_the_command(
    broadsheet: Broadsheet, archive: Path, tmp_path: Path
) -> None:
    assert broadsheet("copies", "list", "--data", str(archive.parent)).exit_code == 0
