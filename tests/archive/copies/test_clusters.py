"""Near copies at other outlets are one story; other numbers, languages and weeks are not."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from archive.copies import clusters, matches
from archive.copies.fingerprints import Likeness, Words, bands
from archive.copies.members import member_of
from archive.files.orders import write_owed
from tests.archive.copies.filing_copies import ADDED, OTHER, STORY, copies, file
from tests.archive.making import HOUR, NOW, cell, make_archive, make_source, rows, save


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    sources = [make_source(name) for name in ("stcn", "wire", "daily")]
    return make_archive(tmp_path, *sources)


def test_the_same_text_at_another_outlet_is_a_copy_of_the_first(conn: sqlite3.Connection) -> None:
    file(conn, "wire", STORY)
    file(conn, "stcn", f"来源：财联社\n\n{STORY}")
    assert copies(conn) == [(1, None), (2, 1)]


def test_a_copy_of_a_copy_refers_to_the_story(conn: sqlite3.Connection) -> None:
    for source in ("wire", "stcn", "daily"):
        file(conn, source, STORY)
    assert copies(conn) == [(1, None), (2, 1), (3, 1)]


def test_traditional_characters_are_the_same_words(conn: sqlite3.Connection) -> None:
    file(conn, "wire", "郑州" + OTHER)
    file(conn, "stcn", "鄭州" + OTHER.replace("交易所", "交易所").replace("结", "結"))
    assert copies(conn) == [(1, None), (2, 1)]


def test_the_same_template_with_other_numbers_is_another_story(conn: sqlite3.Connection) -> None:
    file(conn, "wire", STORY)
    changed = STORY.replace("0.5", "0.25").replace("8.4", "8.1").replace("1.2", "0.6")
    file(conn, "stcn", changed.replace("12月15", "3月25"))
    assert copies(conn) == [(1, None), (2, None)]


def test_a_text_in_another_language_is_no_copy(conn: sqlite3.Connection) -> None:
    file(conn, "wire", STORY)
    save(conn, "https://stcn.example.com/en", "t", STORY, source_id="stcn", language="ja")
    assert copies(conn) == [(1, None), (2, None)]


def test_a_text_of_the_week_after_next_is_no_copy(conn: sqlite3.Connection) -> None:
    file(conn, "wire", STORY)
    conn.execute("UPDATE articles SET published = '2026-11-15T00:00:00Z'")
    conn.execute("UPDATE near_bands SET day = day - 8")
    file(conn, "stcn", STORY)
    assert copies(conn) == [(1, None), (2, None)]


def test_a_short_text_may_recur(conn: sqlite3.Connection) -> None:
    file(conn, "wire", "今日沪深两市休市。")
    file(conn, "stcn", "今日沪深两市休市。")
    assert copies(conn) == [(1, None), (2, None)]


def test_a_copy_has_no_file_and_the_story_s_lists_it(
    conn: sqlite3.Connection, tmp_path: Path
) -> None:
    file(conn, "wire", STORY)
    file(conn, "stcn", STORY)
    write_owed(conn, tmp_path / "md")
    (path,) = (tmp_path / "md").rglob("*.md")
    assert "\nalso:\n - https://stcn.example.com/1\n" in path.read_text("utf-8")


def test_a_revised_copy_that_no_longer_matches_becomes_a_story(
    conn: sqlite3.Connection, tmp_path: Path
) -> None:
    file(conn, "wire", STORY)
    file(conn, "stcn", STORY)
    save(
        conn, "https://stcn.example.com/1", "标题", OTHER, source_id="stcn", now=NOW + HOUR,
        language="zh", announced="标题",
    )  # fmt: skip
    assert copies(conn) == [(1, None), (2, None)]
    assert rows(conn, "SELECT article_id, was, story, reason FROM cluster_changes") == [
        (2, 1, None, "the copy was revised")
    ]
    write_owed(conn, tmp_path / "md")
    texts = [path.read_text("utf-8") for path in sorted((tmp_path / "md").rglob("*.md"))]
    assert ["\nalso: []\n" in text for text in texts] == [True, True]


def test_the_copies_that_a_revised_story_leaves_behind_stay_together(
    conn: sqlite3.Connection,
) -> None:
    for source in ("wire", "stcn", "daily"):
        file(conn, source, STORY)
    save(
        conn, "https://wire.example.com/0", "标题", OTHER, source_id="wire", now=NOW + HOUR,
        language="zh", announced="标题",
    )  # fmt: skip
    assert copies(conn) == [(1, None), (2, None), (3, 2)]


def test_a_revision_that_adds_a_sentence_changes_no_cluster(conn: sqlite3.Connection) -> None:
    file(conn, "wire", STORY)
    file(conn, "stcn", STORY)
    save(
        conn, "https://stcn.example.com/1", "标题", STORY + ADDED, source_id="stcn",
        now=NOW + HOUR, language="zh",
    )  # fmt: skip
    assert copies(conn) == [(1, None), (2, 1)]
    assert cell(conn, "SELECT count(*) FROM cluster_changes") == 0


def test_when_a_story_goes_its_oldest_copy_becomes_the_story(conn: sqlite3.Connection) -> None:
    for source in ("wire", "stcn", "daily"):
        file(conn, source, STORY)
    clusters.dissolve(conn, 1, now=NOW, reason="forgotten")
    conn.execute("DELETE FROM articles WHERE id = 1")
    assert copies(conn) == [(2, None), (3, 2)]
    assert rows(conn, "SELECT DISTINCT article_id FROM near_bands ORDER BY 1") == [(2,), (3,)]


def test_when_a_copy_goes_its_story_no_longer_lists_it(
    conn: sqlite3.Connection, tmp_path: Path
) -> None:
    for source in ("wire", "stcn"):
        file(conn, source, STORY)
    clusters.dissolve(conn, 2, now=NOW, reason="forgotten")
    conn.execute("DELETE FROM articles WHERE id = 2")
    write_owed(conn, tmp_path / "md")
    (path,) = (tmp_path / "md").rglob("*.md")
    assert "\nalso: []\n" in path.read_text("utf-8")
    assert rows(conn, "SELECT DISTINCT article_id FROM near_bands") == [(1,)]


def test_what_is_near_another_copy_only_belongs_to_the_story_too(conn: sqlite3.Connection) -> None:
    first, second, third = (s + "。" for s in STORY.split("。")[:3])
    file(conn, "wire", first + second)
    file(conn, "stcn", first + second + third)
    file(conn, "daily", second + third + ADDED)
    assert copies(conn) == [(1, None), (2, 1), (3, 1)]


def test_the_same_form_about_another_company_is_another_story(conn: sqlite3.Connection) -> None:
    form = (
        "{0}股份有限公司董事会决定召开临时股东大会。会议的召集、召开符合有关法律、行政法规和公司章程的规定。"
        "自然人股东应出示本人身份证，委托代理人应出示授权委托书。特此公告。{0}股份有限公司董事会"
    )
    file(conn, "wire", form.format("凯联医药"), title="凯联医药关于召开股东大会的公告")
    file(conn, "stcn", form.format("启岳电子"), title="启岳电子关于召开股东大会的公告")
    file(conn, "daily", form.format("启岳电子"), title="股东大会公告：启岳电子")
    assert copies(conn) == [(1, None), (2, None), (3, 2)]


def test_the_same_form_on_another_day_is_another_story(conn: sqlite3.Connection) -> None:
    form = (
        "中国人民银行12月{}日公告，为保持银行体系流动性合理充裕，以固定利率、数量招标方式开展1000亿元"
        "7天期逆回购操作，操作利率为1.40%，投标量和中标量与操作量相同。"
    )
    file(conn, "wire", form.format(8))
    file(conn, "stcn", form.format(9))
    assert copies(conn) == [(1, None), (2, None)]


def test_a_copy_is_found_among_a_thousand_that_share_its_form(conn: sqlite3.Connection) -> None:
    file(conn, "wire", STORY)
    stored = str(cell(conn, "SELECT fingerprint FROM articles"))
    day = cell(conn, "SELECT day FROM near_bands LIMIT 1")
    conn.executemany(
        "INSERT INTO near_bands(band, day, article_id) VALUES (?, ?, ?)",
        [(band, day, -n) for n in range(1, 1001) for band in bands(stored)[:11]],
    )
    file(conn, "stcn", STORY)
    assert copies(conn) == [(1, None), (2, 1)]


def test_a_large_cluster_is_not_compared_each_with_each(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for source in ("wire", "stcn", "daily"):
        file(conn, source, STORY)
    read: list[int] = []
    monkeypatch.setattr(clusters, "MOST", 1)
    monkeypatch.setattr(clusters, "is_copy", lambda one, other: read.append(one.id) or one.id == 2)
    assert clusters._left_behind(conn, member_of(conn, 1)) == [3]
    assert read == [2, 3]


def test_candidates_of_one_story_are_compared_by_that_story_alone(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for source in ("wire", "stcn", "daily"):
        file(conn, source, STORY + source * 9)
    compared: list[str] = []
    judged = matches.likeness

    def watched(one: Words, other: Words) -> tuple[Likeness, float]:
        compared.append(other.outlet)
        return judged(one, other)

    monkeypatch.setattr(matches, "likeness", watched)
    file(conn, "stcn", STORY + ADDED)
    assert copies(conn) == [(1, None), (2, 1), (3, 1), (4, 1)]
    assert compared == ["Outlet wire"]


def test_copies_of_a_large_cluster_are_a_cluster_when_its_story_changes(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "MOST", 1)
    for source in ("wire", "stcn", "daily"):
        file(conn, source, STORY)
    path = "https://wire.example.com/0"
    save(conn, path, "标题wire0", OTHER, source_id="wire", language="zh", now=NOW + HOUR)
    assert copies(conn) == [(1, None), (2, None), (3, 2)]
