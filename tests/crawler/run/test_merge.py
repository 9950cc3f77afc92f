"""`broadsheet merge`."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.database.connect import connect
from archive.database.lock import ArchiveLock
from archive.upkeep.forgetting import find_target, forget
from tests.crawler.run.sample import NOW, ZH, Broadsheet


@pytest.fixture
def other(archive: Path, tmp_path: Path) -> Path:
    """A copy of the archive; its articles get other addresses, so that all of them are new."""
    folder = tmp_path / "other"
    folder.mkdir()
    shutil.copy(archive, folder / "archive.db")
    return folder


def readdress(folder: Path) -> None:
    with closing(connect(folder / "archive.db")) as conn:
        conn.execute("UPDATE articles SET url = url || '-other', title = title || '（更新）'")
        conn.execute("UPDATE article_urls SET url = url || '-other'")
        conn.execute("UPDATE superseded SET title = title || '（更新）'")


def test_it_says_what_came_in_and_writes_the_files(
    broadsheet: Broadsheet, data: Path, other: Path
) -> None:
    readdress(other)
    result = broadsheet("merge", str(other))
    assert result.exit_code == 0, result.output
    assert result.output == (
        "New: 2 articles, 0 sources, 0 entries, 0 raw pages, 0 runs.\n"
        "0 articles of ours got versions or addresses of theirs.\n"
        "2 files written, 0 removed, 0 failed.\n"
    )
    assert len(list(data.rglob("*.md"))) == 3  # the Chinese one is a near copy of ours


def test_a_file_is_as_good_as_its_folder(broadsheet: Broadsheet, other: Path) -> None:
    result = broadsheet("merge", str(other / "archive.db"))
    assert result.output.startswith("New: 0 articles, 0 sources, 0 entries, 0 raw pages, 0 runs.\n")


def test_it_asks_before_it_forgets(broadsheet: Broadsheet, other: Path) -> None:
    with closing(connect(other / "archive.db")) as conn:
        forget(conn, find_target(conn, ZH.url, (ZH.url,)), reason="", now=NOW)
    asked = broadsheet("merge", str(other))
    assert asked.exit_code == 1
    assert f"\n1: {ZH.title}\n" in asked.output
    assert broadsheet("show", "1").exit_code == 0
    done = broadsheet("merge", str(other), "--yes")
    assert "1 article is forgotten, as in OTHER.\n" in done.output
    assert broadsheet("show", "1").exit_code == 1


def test_an_id_that_was_changed_is_said(broadsheet: Broadsheet, other: Path) -> None:
    with closing(sqlite3.connect(other / "archive.db")) as conn, conn:
        conn.execute("UPDATE sources SET url = 'https://other.example/rss' WHERE id = 'stcn'")
    result = broadsheet("merge", str(other))
    assert result.output.startswith(
        "Their source stcn has another address than ours: it is stcn-2.\n"
    )


def test_it_waits_for_nobody(broadsheet: Broadsheet, data: Path, other: Path) -> None:
    with ArchiveLock(data, "another"):
        assert broadsheet("merge", str(other)).exit_code == 4


def test_what_is_no_archive_is_named(broadsheet: Broadsheet, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("no database")
    result = broadsheet("merge", str(tmp_path / "notes.db"))
    assert result.exit_code == 1
    assert "can't open" in result.output


def test_what_other_knows_as_a_wall_is_held(
    broadsheet: Broadsheet, archive: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(archive.parent, other)
    with closing(connect(other / "archive.db")) as theirs:
        theirs.execute(
            "INSERT INTO placeholders SELECT source_name, text_hash, fetched, '', 'wall'"
            " FROM articles WHERE id = 1"
        )
        theirs.execute("DELETE FROM articles")
        theirs.execute("UPDATE entries SET state = 'rejected' WHERE state = 'archived'")
    result = broadsheet("merge", str(other))
    assert result.exit_code == 0
    assert "1 wall is held: see `broadsheet held`" in result.stdout
    assert broadsheet("show", "1").exit_code == 0
    assert "placeholder" in broadsheet("held").stdout
