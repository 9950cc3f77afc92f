"""`broadsheet backup` and `restore` as a person calls them."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.database.lock import ArchiveLock
from tests.crawler.run.sample import Broadsheet


def test_a_restored_archive_has_its_files_again(
    broadsheet: Broadsheet, archive: Path, data: Path, tmp_path: Path
) -> None:
    files = {p.relative_to(data): p.read_bytes() for p in data.rglob("*.md")}
    made = broadsheet("backup", str(tmp_path / "b.tar.zst"))
    assert (made.exit_code, "2 articles, 0 raw pages" in made.output) == (0, True)
    elsewhere = tmp_path / "elsewhere"
    result = broadsheet("restore", str(tmp_path / "b.tar.zst"), "--data", str(elsewhere))
    assert result.exit_code == 0, result.output
    assert {p.relative_to(elsewhere): p.read_bytes() for p in elsewhere.rglob("*.md")} == files
    assert len(files) == 2


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("out.zip", ".zip"), ("out.ZIP", ".ZIP"), ("out.tar.bz2", ".bz2"), ("out.db", ".db")],
)
def test_a_name_that_promises_another_format_is_refused(
    broadsheet: Broadsheet, archive: Path, tmp_path: Path, name: str, suffix: str
) -> None:
    out = tmp_path / name
    result = broadsheet("backup", str(out))
    assert (result.exit_code, out.exists()) == (2, False)
    assert result.stderr == (
        f"broadsheet: {out}: a backup is a tar file, not {suffix}: "
        "name it out.tar, out.tar.gz or out.tar.zst\n"
    )


def test_restore_over_an_archive_needs_force(
    broadsheet: Broadsheet, archive: Path, tmp_path: Path
) -> None:
    file = str(tmp_path / "b.tar")
    broadsheet("backup", file)
    refused = broadsheet("restore", file)
    assert (refused.exit_code, "move it aside with --force" in refused.output) == (1, True)
    forced = broadsheet("restore", file, "--force")
    assert forced.exit_code == 0
    (aside,) = archive.parent.glob("before-restore-*")
    assert (aside / "archive.db").is_file()


def test_restore_waits_for_nobody(
    broadsheet: Broadsheet, archive: Path, data: Path, tmp_path: Path
) -> None:
    broadsheet("backup", str(tmp_path / "b.tar"))
    with ArchiveLock(data, "another"):
        assert broadsheet("restore", str(tmp_path / "b.tar"), "--force").exit_code == 4


def test_backup_without_an_archive_says_how_one_comes_to_be(
    broadsheet: Broadsheet, tmp_path: Path
) -> None:
    result = broadsheet("backup", str(tmp_path / "b.tar"))
    assert (result.exit_code, "run `broadsheet crawl` to make one" in result.output) == (1, True)
