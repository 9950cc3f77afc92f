"""`broadsheet forget`."""

from __future__ import annotations

from pathlib import Path

from archive.database.lock import ArchiveLock
from tests.crawler.run.sample import ZH, Broadsheet


def test_an_article_is_taken_down_with_its_file(
    broadsheet: Broadsheet, archive: Path, data: Path
) -> None:
    result = broadsheet("forget", ZH.url, "--yes")
    assert result.exit_code == 0, result.output
    assert result.output == (
        "Forgotten: 1: 央行宣布下调存款准备金率. 1 address may not return; "
        "1 file and 0 raw pages deleted.\n"
    )
    assert len(list(data.rglob("*.md"))) == 1
    assert broadsheet("show", "1").exit_code == 1


def test_it_asks_first(broadsheet: Broadsheet, archive: Path) -> None:
    assert broadsheet("forget", "1").exit_code == 1
    assert broadsheet("show", "1").exit_code == 0


def test_it_waits_for_nobody(broadsheet: Broadsheet, archive: Path, data: Path) -> None:
    with ArchiveLock(data, "another"):
        assert broadsheet("forget", "1", "--yes").exit_code == 4
