"""`broadsheet show`."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from archive.articles.save import save_article
from archive.database.connect import connect, transaction
from archive.entries.owed import file_entry
from archive.model import Entry
from tests.crawler.run.sample import NOW, ZH, Broadsheet


def test_an_article_is_shown_with_its_metadata_and_text(
    broadsheet: Broadsheet, archive: Path
) -> None:
    lines = broadsheet("show", "1").stdout.splitlines()
    assert lines[0] == "央行宣布下调存款准备金率"
    assert "url        https://news.stcn.example/a/1" in lines
    assert "source     证券时报网 (stcn)" in lines
    assert "published  2026-11-22T01:30:00Z (from jsonld)" in lines
    assert "author     王小明、李华" in lines
    assert lines[-1] == "此次降准释放长期资金。"


def test_an_article_is_found_by_any_spelling_of_its_address(
    broadsheet: Broadsheet, archive: Path
) -> None:
    address = "https://NEWS.stcn.example:443/a/1?utm_source=x#top"
    assert "央行宣布下调存款准备金率" in broadsheet("show", address).stdout


def test_a_title_cannot_command_the_terminal(broadsheet: Broadsheet, archive: Path) -> None:
    with closing(connect(archive)) as conn:  # stored ones have none
        conn.execute("UPDATE articles SET title = title || char(27) || '[2J' WHERE id = 2")
    title = broadsheet("show", "2").stdout.splitlines()[0]
    assert title == "Yields climb as [bold] traders wait\N{REPLACEMENT CHARACTER}[2J"


def test_json_has_the_raw_fields(broadsheet: Broadsheet, archive: Path) -> None:
    article = json.loads(broadsheet("show", "1", "--json").stdout)
    assert article["id"] == 1
    assert article["published"] == "2026-11-22T01:30:00Z"
    assert article["text"] == ZH.text
    assert article["updated"] is None


def test_versions_are_listed(broadsheet: Broadsheet, archive: Path) -> None:
    later = NOW + timedelta(hours=2)
    with closing(connect(archive)) as connection, transaction(connection):
        entry = file_entry(connection, Entry(url=ZH.url, raw_url=ZH.url), "stcn", now=later)
        corrected = replace(ZH, title="央行下调存款准备金率", text=ZH.text + "\n\n更正完毕。")
        save_article(connection, corrected, entry=entry, now=later)
    rows = [line.split() for line in broadsheet("show", "1", "--revisions").stdout.splitlines()]
    assert rows[2][:4] == ["1", "2026-11-23T08:00:00Z", "first", "央行宣布下调存款准备金率"]
    assert rows[3][:4] == ["2", "2026-11-23T10:00:00Z", "edit", "央行下调存款准备金率"]
    assert [" ".join(row) for row in rows[4:]] == [
        "",
        "1 → 2, 2026-11-23T10:00:00Z, edit",
        "央行[-宣布-]下调存款准备金率",
        "中国人民银行周五宣布下调金融机构存款准备金率零点五个百分点。",
        "",
        "此次降准释放长期资金。{+",
        "",
        "更正完毕。+}",
    ]


def test_versions_as_json_have_their_text(broadsheet: Broadsheet, archive: Path) -> None:
    versions = json.loads(broadsheet("show", "1", "--revisions", "--json").stdout)
    assert [(v["number"], v["kind"], v["text"]) for v in versions] == [(1, "first", ZH.text)]


def test_an_address_that_became_no_article_says_why(broadsheet: Broadsheet, archive: Path) -> None:
    result, at = broadsheet("show", "https://news.stcn.example/a/2"), "2026-11-23T08:00:00Z"
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "No article. https://news.stcn.example/a/2 was announced:",
        f"  entry 2 of stcn, announced {at}, rejected at {at}: too short: 57 characters",
    ]


def test_an_owed_address_says_when_it_is_fetched(broadsheet: Broadsheet, archive: Path) -> None:
    result = broadsheet("show", "https://news.stcn.example/a/3")
    assert "is owed; to be fetched from 2026-11-23T08:00:00Z on" in result.stdout


def test_an_unknown_address_is_an_error(broadsheet: Broadsheet, archive: Path) -> None:
    result = broadsheet("show", "https://elsewhere.example/")
    assert result.exit_code == 1
    assert "no article or announced address https://elsewhere.example/" in result.stderr


def test_an_unknown_number_is_an_error(broadsheet: Broadsheet, archive: Path) -> None:
    result = broadsheet("show", "77")
    assert result.exit_code == 1
    assert "no article 77" in result.stderr
