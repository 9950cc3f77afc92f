"""What a person says of a cluster stays, whatever the texts say."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from archive.copies import clusters
from archive.errors import ArchiveError
from archive.files.orders import write_owed
from tests.archive.copies.filing_copies import ADDED, OTHER, STORY, copies, file
from tests.archive.making import DAY, HOUR, NOW, make_archive, make_source, rows, save


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    sources = [make_source(name) for name in ("stcn", "wire", "daily")]
    return make_archive(tmp_path, *sources)


def revise(conn: sqlite3.Connection, source: str, number: int, text: str) -> None:
    """Save another text at the address of an article that `file` made."""
    url = f"https://{source}.example.com/{number - 1}"
    save(conn, url, "标题", text, source_id=source, now=NOW + HOUR, language="zh")


def test_merged_clusters_have_one_story(conn: sqlite3.Connection) -> None:
    file(conn, "wire", STORY)
    file(conn, "stcn", OTHER)
    file(conn, "daily", OTHER)
    clusters.join(conn, 1, 2, now=NOW + DAY, reason="by hand")
    assert copies(conn) == [(1, None), (2, 1), (3, 1)]
    assert rows(conn, "SELECT at, article_id, was, story, reason FROM cluster_changes") == [
        ("2026-11-24T08:00:00Z", 2, None, 1, "by hand"),
        ("2026-11-24T08:00:00Z", 3, 2, 1, "by hand"),
    ]


def test_a_copy_put_to_another_story_leaves_the_first(
    conn: sqlite3.Connection, tmp_path: Path
) -> None:
    for source, text in (("wire", STORY), ("stcn", STORY), ("daily", OTHER)):
        file(conn, source, text)
    clusters.join(conn, 3, 2, now=NOW, reason="by hand")
    write_owed(conn, tmp_path / "md")
    assert copies(conn) == [(1, None), (2, 3), (3, None)]
    first, third = (path.read_text("utf-8") for path in sorted((tmp_path / "md").rglob("*.md")))
    assert ("\nalso: []\n" in first, "/1\n" in third) == (True, True)


def test_a_merged_copy_stays_when_it_is_revised(conn: sqlite3.Connection) -> None:
    file(conn, "wire", STORY)
    file(conn, "stcn", OTHER)
    clusters.join(conn, 1, 2, now=NOW, reason="by hand")
    revise(conn, "stcn", 2, OTHER + ADDED * 2)
    assert copies(conn) == [(1, None), (2, 1)]


def test_a_merged_copy_stays_when_its_story_is_revised(conn: sqlite3.Connection) -> None:
    file(conn, "wire", STORY)
    file(conn, "stcn", OTHER)
    clusters.join(conn, 1, 2, now=NOW, reason="by hand")
    revise(conn, "wire", 1, STORY + ADDED * 2)
    assert copies(conn) == [(1, None), (2, 1)]


def test_a_split_copy_is_a_story_with_a_file(conn: sqlite3.Connection, tmp_path: Path) -> None:
    file(conn, "wire", STORY)
    file(conn, "stcn", STORY)
    assert clusters.part(conn, 2, now=NOW, reason="by hand") is None
    write_owed(conn, tmp_path / "md")
    assert copies(conn) == [(1, None), (2, None)]
    assert len(list((tmp_path / "md").rglob("*.md"))) == 2


def test_a_split_copy_does_not_return_when_it_is_revised(conn: sqlite3.Connection) -> None:
    for source in ("wire", "stcn", "daily"):
        file(conn, source, STORY)
    clusters.part(conn, 2, now=NOW, reason="by hand")
    revise(conn, "stcn", 2, STORY + ADDED)
    assert copies(conn) == [(1, None), (2, None), (3, 1)]


def test_a_split_takes_a_merge_back(conn: sqlite3.Connection) -> None:
    for source, text in (("wire", OTHER), ("stcn", STORY), ("daily", STORY)):
        file(conn, source, text)
    clusters.join(conn, 1, 3, now=NOW, reason="by hand")
    assert clusters.part(conn, 3, now=NOW + HOUR, reason="by hand") == 2
    assert rows(conn, "SELECT was, story, by_hand FROM cluster_changes ORDER BY id") == [
        (2, 1, 1),
        (1, None, 1),
        (None, 2, 0),
    ]


@pytest.mark.parametrize(
    ("story", "other", "reason"),
    [(2, 3, "is a copy itself: name its story 1"), (1, 1, "itself"), (1, 9, "no article 9")],
)
def test_a_merge_that_makes_no_sense_is_refused(
    conn: sqlite3.Connection, story: int, other: int, reason: str
) -> None:
    for source, text in (("wire", STORY), ("stcn", STORY), ("daily", OTHER)):
        file(conn, source, text)
    with pytest.raises(ArchiveError, match=reason):
        clusters.join(conn, story, other, now=NOW, reason="by hand")


def test_a_story_can_t_be_split_off(conn: sqlite3.Connection) -> None:
    file(conn, "wire", STORY)
    with pytest.raises(ArchiveError, match="article 1 is a story"):
        clusters.part(conn, 1, now=NOW, reason="by hand")
