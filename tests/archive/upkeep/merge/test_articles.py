"""One article of what two archives have of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from archive.database.connect import transaction
from archive.entries.rechecks import withdraw
from archive.files.orders import write_owed
from tests.archive.making import LONG, NOW, cell, rows
from tests.archive.upkeep.merge.two import bring, fetch, owe

STEEL = "钢铁行业协会周二公布上半年产量数据，粗钢产量同比回落，企业库存继续下降。" * 10
POST = b"---\r\ntitle: hello\r\n---\r\n<p>Hello.</p>"
VERSIONS = "SELECT number, substr(seen, 12, 2), kind, text FROM revisions ORDER BY number"


def test_the_versions_of_both_are_numbered_by_the_time_they_were_seen(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(ours, "a", "降准", LONG, 0)
    fetch(ours, "a", "降准", LONG + "三。", 4)
    fetch(theirs, "a", "降准", LONG + "二。", 2)
    fetch(theirs, "a", "降准", LONG + "四。", 6)
    bring(ours, tmp_path / "theirs")
    assert rows(ours, VERSIONS) == [
        (1, "08", "first", LONG),
        (2, "10", "edit", LONG + "二。"),
        (3, "12", "edit", LONG + "三。"),
        (4, "14", "edit", LONG + "四。"),
    ]
    assert rows(ours, "SELECT text, revision FROM articles") == [(LONG + "四。", 4)]


def test_what_both_saw_unchanged_is_one_version(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(ours, "a", "降准", LONG, 1)
    fetch(theirs, "a", "降准", LONG, 0)
    bring(ours, tmp_path / "theirs")
    assert rows(ours, VERSIONS) == [(1, "08", "first", LONG)]
    assert cell(ours, "SELECT fetched FROM articles") == "2026-11-23T08:00:00Z"


def test_what_a_later_extraction_made_of_a_page_is_kept(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(ours, "a", "降准", LONG, 0)
    fetch(theirs, "a", "降准", LONG, 0)
    theirs.execute(
        "UPDATE articles SET markdown = '**降准**', revision = 2,"
        " version_seen = '2026-11-23T09:00:00Z', version_kind = 'extraction'"
    )
    bring(ours, tmp_path / "theirs")
    assert rows(ours, "SELECT number, kind, markdown = '**降准**' FROM revisions") == [
        (1, "first", 0),
        (2, "extraction", 1),
    ]


def test_the_first_archived_says_what_it_is_and_the_newest_what_it_says(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(ours, "a", "降准", LONG, 2, authors=("李华",), section="央行")
    theirs.execute("UPDATE sources SET section = '要闻'")
    fetch(theirs, "a", "降准", LONG + "旧。", 0, authors=("王明",), summary="旧")
    bring(ours, tmp_path / "theirs")
    columns = "section, author, summary, text"
    assert rows(ours, f"SELECT {columns} FROM articles") == [("要闻", "李华", "旧", LONG)]


def test_an_address_that_led_there_in_one_is_the_article_of_the_other(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(ours, "m/a", "降准", LONG, 2)
    fetch(theirs, "a", "降准", LONG + "更正。", 0, aliases=["m/a"])
    bring(ours, tmp_path / "theirs")
    assert rows(ours, "SELECT id, url, revision FROM articles") == [
        (1, "https://stcn.example.com/a", 2)
    ]
    assert rows(ours, "SELECT url, article_id FROM article_urls") == [
        ("https://stcn.example.com/a", 1),
        ("https://stcn.example.com/m/a", 1),
    ]


def test_an_address_that_led_to_two_articles_makes_them_not_one(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(ours, "a", "降准", LONG, 0, aliases=["today"])
    fetch(theirs, "b", "钢铁", STEEL, 1, aliases=["today"])
    bring(ours, tmp_path / "theirs")
    assert rows(
        ours,
        "SELECT a.url, u.url FROM article_urls AS u JOIN articles AS a"
        " ON a.id = u.article_id WHERE u.url LIKE '%today'",
    ) == [("https://stcn.example.com/a", "https://stcn.example.com/today")]
    assert cell(ours, "SELECT count(*) FROM articles") == 2


def test_the_same_text_at_another_address_of_the_outlet_is_the_same_article(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(ours, "a", "降准", LONG, 0)
    fetch(theirs, "b", "降准", LONG, 1)
    bring(ours, tmp_path / "theirs")
    assert rows(ours, "SELECT url FROM articles") == [("https://stcn.example.com/a",)]
    assert rows(ours, "SELECT url, state, article_id FROM entries ORDER BY url") == [
        ("https://stcn.example.com/a", "archived", 1),
        ("https://stcn.example.com/b", "archived", 1),
    ]


def test_two_of_ours_that_theirs_knows_as_one_become_one(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(ours, "a", "降准", LONG, 0)
    fetch(ours, "b", "降准", LONG + "更正。", 2)
    fetch(theirs, "a", "降准", LONG, 1, aliases=["b"])
    merged = bring(ours, tmp_path / "theirs")
    write_owed(ours, tmp_path / "md")
    assert merged.joined == 1
    assert rows(ours, "SELECT id, url, revision FROM articles") == [
        (1, "https://stcn.example.com/a", 2)
    ]
    assert rows(ours, "SELECT DISTINCT article_id FROM entries") == [(1,)]
    assert len(list((tmp_path / "md").rglob("*.md"))) == 1


def test_a_near_copy_of_ours_becomes_its_copy(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(ours, "a", "降准", LONG + STEEL, 0)
    fetch(theirs, "b", "降准了", LONG + STEEL + "本报记者。", 1)
    bring(ours, tmp_path / "theirs")
    assert rows(ours, "SELECT id, copy_of FROM articles") == [(1, None), (2, 1)]


def test_what_theirs_saw_gone_last_is_withdrawn(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(ours, "a", "降准", LONG, 1)
    fetch(theirs, "a", "降准", LONG, 1)
    with transaction(theirs):
        withdraw(theirs, 1, now=NOW.replace(hour=12))
    bring(ours, tmp_path / "theirs")
    assert rows(ours, "SELECT checked, withdrawn FROM articles") == [
        ("2026-11-23T12:00:00Z", "2026-11-23T12:00:00Z")
    ]


def test_what_ours_owed_and_theirs_has_is_owed_no_more(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    owe(ours, "a", "b")
    fetch(theirs, "a", "降准", LONG)
    bring(ours, tmp_path / "theirs")
    assert rows(ours, "SELECT url, state, article_id FROM entries ORDER BY url") == [
        ("https://stcn.example.com/a", "archived", 1),
        ("https://stcn.example.com/b", "owed", None),
    ]


def test_the_securities_that_it_mentions_come_along(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(theirs, "a", "降准", LONG)
    theirs.execute(
        "INSERT INTO instruments VALUES ('300778.XSHE', 'XSHE', '300778', '新城市', 'bracket',"
        " '2026-11-01T00:00:00Z', '2026-11-23T08:00:00Z')"
    )
    theirs.execute("INSERT INTO mentions VALUES (1, '300778.XSHE', '300778', 'bracket', 2)")
    bring(ours, tmp_path / "theirs")
    query = "SELECT article_id, name, count FROM mentions JOIN instruments USING (code)"
    assert rows(ours, query) == [(1, "新城市", 2)]


def test_two_of_theirs_that_ours_knows_as_one_are_one_and_keep_what_was_seen_last(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(ours, "a", "钢铁", LONG, 0)
    fetch(ours, "b", "钢铁", LONG, 2)
    fetch(theirs, "a", "降准", LONG, 1)
    fetch(theirs, "b", "钢铁", LONG, 3)
    bring(ours, tmp_path / "theirs")
    assert rows(ours, "SELECT substr(seen, 12, 2), title FROM revisions ORDER BY number") == [
        ("08", "钢铁"),
        ("09", "降准"),
        ("11", "钢铁"),
    ]


@pytest.mark.parametrize(
    ("taken", "path"), [(False, "old/hello.md"), (True, "2026/11/2026-11-23-1-a.md")]
)
def test_a_post_that_was_imported_there_keeps_its_bytes_and_a_free_path(
    ours: sqlite3.Connection,
    theirs: sqlite3.Connection,
    tmp_path: Path,
    taken: bool,
    path: str,
) -> None:
    fetch(theirs, "a", "降准", LONG)
    theirs.execute("UPDATE articles SET markdown_path = 'old/hello.md'")
    theirs.execute("INSERT INTO verbatim_posts VALUES (1, ?)", (POST,))
    if taken:
        ours.execute("INSERT INTO files VALUES ('old/hello.md', 99, 'x', 'x')")
    bring(ours, tmp_path / "theirs")
    ours.execute("DELETE FROM files WHERE article_id = 99")
    write_owed(ours, tmp_path / "md")
    assert [str(p.relative_to(tmp_path / "md")) for p in (tmp_path / "md").rglob("*.md")] == [path]
    assert (tmp_path / "md" / path).read_bytes() == POST
