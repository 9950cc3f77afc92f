"""Data files can be read by user and group, whatever the umask, unless the config says else.

Row 22 of the hostile cases.
"""

from __future__ import annotations

import asyncio
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.database.connect import connect
from archive.database.lock import ArchiveLock
from archive.errors import ArchiveError
from archive.folder import DataFolder, private_files
from tests.crawler.run.sample import Broadsheet
from tests.hostile.crawl_cycle import WEB, crawl

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    """What kinds of files there are in a folder, and how they may be used."""
    found = [folder, *folder.rglob("*")]
    return {path.suffix or path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in found}


def test_a_crawl_makes_private_files(tmp_path: Path) -> None:
    data = tmp_path / "data"
    asyncio.run(crawl(data, (f"{WEB}1",), lambda _: None))
    assert modes(data) == {
        "data": "0o750",
        "lock": "0o640",
        ".db": "0o640",
        "articles": "0o750",
        "2026": "0o750",
        "11": "0o750",
        ".md": "0o640",
    }
    assert os.umask(0o022) == 0o022  # it was lent


def test_a_backup_and_what_is_restored_of_it_are_private(
    broadsheet: Broadsheet, archive: Path, tmp_path: Path
) -> None:
    assert broadsheet("backup", str(tmp_path / "b.tar")).exit_code == 0
    result = broadsheet("restore", str(tmp_path / "b.tar"), "--data", str(tmp_path / "new"))
    assert result.exit_code == 0
    assert modes(tmp_path / "new")[".db"] == "0o640"
    assert stat.S_IMODE((tmp_path / "b.tar").stat().st_mode) == 0o640


def test_a_shared_archive_is_made_as_the_umask_says(tmp_path: Path) -> None:
    with ArchiveLock(tmp_path / "data", "crawl", shared=True):
        connect(tmp_path / "data/archive.db").close()
    assert modes(tmp_path / "data") == {"data": "0o755", "lock": "0o644", ".db": "0o644"}


def test_a_stricter_umask_stays(tmp_path: Path) -> None:
    os.umask(0o077)
    with private_files():
        (tmp_path / "a").touch()
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600


def test_a_lock_that_is_refused_gives_the_umask_back(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(ArchiveError, match="can't be locked"), ArchiveLock(tmp_path / "data", "x"):
        raise AssertionError
    assert os.umask(0o022) == 0o022


def test_verify_tells_what_everybody_can_read_and_changes_nothing(
    broadsheet: Broadsheet, archive: Path
) -> None:
    archive.parent.chmod(0o755)
    archive.chmod(0o644)
    (archive.parent / "articles").chmod(0o750)
    result = broadsheet("verify")
    assert f"Every user of this machine can read {archive}" in result.output.replace("\n", "")
    assert stat.S_IMODE(archive.stat().st_mode) == 0o644
    told = json.loads(broadsheet("verify", "--json").stdout)
    assert str(archive) in told["open_to_all"]
    archive.parent.chmod(0o750)
    assert DataFolder(archive.parent).open_to_all() == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_what_may_not_be_read_is_not_called_damaged(tmp_path: Path) -> None:
    os.umask(0o022)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o755)
    connect(tmp_path / "archive.db").close()
    (tmp_path / "archive.db").chmod(0o600)
    script = (
        "import os, sys; sys.path.insert(0, sys.argv[1]); from archive.database.connect import"
        " connect; from archive.errors import ArchiveError; from pathlib import Path\n"
        "os.setuid(65534)\n"
        "try: connect(Path(sys.argv[2]), readonly=True)\n"
        "except ArchiveError as error: print(type(error).__name__, error)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", script, str(ROOT), str(tmp_path / "archive.db")],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    path = tmp_path / "archive.db"
    assert done.stdout.strip() == (
        f"ArchiveError can't open {path}: no permission for {path}: run as the user whose it is"
    )
